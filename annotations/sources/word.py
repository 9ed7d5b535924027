"""A Word file (.docx) to one document: its paragraphs and tables, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources.outcome import LIMIT, Outcome, missing, too_large
from annotations.sources.plain import title
from annotations.text import Text

UNPACKED: Final = 4 * LIMIT
"""Bytes that its parts may have when they are unpacked: a small file can hold a very large one."""


def read(stream: BinaryIO, source: str) -> Iterator[Outcome]:
    """The text in the order in which it stands, the cells of a row between tabs.

    Raises:
        SourceError: it is no such file, too large or blank, or the reader is not installed.
    """
    try:
        from docx import Document as Word
        from docx.table import Table
    except ImportError:
        raise missing("python-docx", "docx", source) from None
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise too_large(source)
    rows: list[str] = []
    try:
        with ZipFile(BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise too_large(source)
        for block in Word(BytesIO(data)).iter_inner_content():
            if isinstance(block, Table):
                rows += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
            else:
                rows.append(block.text)
    except SourceError:
        raise
    except BadZipFile:
        raise SourceError(f"{source}: is no .docx file.") from None
    except Exception as error:  # a damaged file fails in any of its parts
        words = " ".join(str(error).split())[:120]
        raise SourceError(f"{source}: is no .docx file that can be read ({words}).") from None
    text = "\n".join(rows)
    if not text.strip():
        raise SourceError(f"{source}: is blank. There is nothing to read.")
    yield Document(Text(text), title(text, source), source)
