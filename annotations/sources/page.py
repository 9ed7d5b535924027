"""An HTML page to one document: its main text, without menus, scripts and footers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources.encoding import decode
from annotations.sources.outcome import LIMIT, Outcome, missing, too_large
from annotations.sources.plain import heading
from annotations.text import Text


def read(stream: BinaryIO, source: str) -> Iterator[Outcome]:
    """The page's main text as one document; nothing that it links to is fetched.

    Raises:
        SourceError: it is too large, has no text, or the reader is not installed.
    """
    try:
        from trafilatura import bare_extraction
    except ImportError:
        raise missing("trafilatura", "html", source) from None
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise too_large(source)
    try:
        found = bare_extraction(
            decode(data, source).text, include_comments=False, with_metadata=True
        )
    except (RecursionError, ValueError) as error:
        raise SourceError(f"{source}: its HTML cannot be read ({error}).") from None
    text = (found.text or "") if found is not None else ""
    if not text.strip():
        raise SourceError(f"{source}: no main text was found in the page.")
    facts = {name: getattr(found, name, None) for name in ("author", "date", "sitename", "url")}
    title = heading(str(getattr(found, "title", "") or "")) or PurePath(source).stem
    metadata = {name: str(value) for name, value in facts.items() if value}
    yield Document(Text(text), title, source, metadata=metadata)
