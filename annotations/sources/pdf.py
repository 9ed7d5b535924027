"""A PDF to one document: its pages' text, a blank line between two pages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources.outcome import LIMIT, Note, Outcome, missing, too_large
from annotations.sources.plain import title
from annotations.text import Text

PAGES: Final = 5000
"""Pages that one document may have."""


def read(stream: BinaryIO, source: str) -> Iterator[Outcome]:
    """The text of all pages as one document, with a note of the pages that have none.

    Raises:
        SourceError: it is no PDF, locked, too large or without text, or the reader is missing.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError
    except ImportError:
        raise missing("pypdf", "pdf", source) from None
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise too_large(source)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells every flaw of a file
    pages: list[str] = []
    size = 0
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise SourceError(f"{source}: is locked with a password. Unlock it and add it again.")
        if len(reader.pages) > PAGES:
            raise SourceError(f"{source}: has over {PAGES} pages. Split it and add it again.")
        for page in reader.pages:
            pages.append(page.extract_text().encode("utf-8", "replace").decode("utf-8").strip())
            size += len(pages[-1])
            if size > LIMIT:
                raise too_large(source)
    except SourceError:
        raise
    except DependencyError:  # it is locked by AES, if with no password, too
        raise missing("cryptography", "pdf", source) from None
    except Exception as error:  # a damaged file fails in any of its parts
        words = " ".join(str(error).split())[:120]
        raise SourceError(f"{source}: is no PDF that can be read ({words}).") from None
    text = "\n\n".join(page for page in pages if page)
    if not text.strip():
        raise SourceError(
            f"{source}: no text was found in its {len(pages)} pages; they may be pictures. "
            "Recognize it first."
        )
    if empty := sum(not page for page in pages):
        yield Note(source, f"{empty} of its {len(pages)} pages have no text.")
    yield Document(Text(text), title(text, source), source, metadata={"pages": len(pages)})
