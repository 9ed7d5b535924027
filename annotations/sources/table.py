"""A table, CSV or TSV, with a column of texts: a document for each row, the rest its metadata."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO, Final

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources.outcome import LIMIT, Outcome
from annotations.sources.plain import heading
from annotations.text import Text

COLUMNS: Final = ("text", "content", "body", "document", "article", "message")
"""What the column of the texts may be called, the first of them that is there."""


def read(stream: BinaryIO, source: str) -> Iterator[Outcome]:
    """A document for each row with a text; the file may have any size.

    Raises:
        SourceError: it is not in UTF-8, no table, or has no such column.
    """
    csv.field_size_limit(LIMIT)
    file = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        yield from _rows(file, source)
    except UnicodeDecodeError:
        raise SourceError(f"{source}: is a table, and not in UTF-8. Save it as UTF-8.") from None
    except csv.Error as error:
        raise SourceError(f"{source}: is no table that can be read ({error}).") from None
    finally:
        file.detach()


def _rows(file: io.TextIOWrapper, source: str) -> Iterator[Outcome]:
    is_tabbed = ".tsv" in PurePath(source).suffixes
    rows = csv.DictReader(file, dialect=csv.excel_tab if is_tabbed else csv.excel)
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    column = next((names[name] for name in COLUMNS if name in names), None)
    if column is None:
        raise SourceError(
            f"{source}: no column of it is called {' or '.join(COLUMNS[:3])}. Name the one with "
            "the texts so in the first line."
        )
    found = 0
    for number, row in enumerate(rows, 1):
        text = row.get(column) or ""
        if not text.strip():
            yield SourceError(f"{source}:{number}: its text is blank. There is nothing to read.")
            continue
        found += 1
        rest = {
            str(name): value
            for name, value in row.items()
            if name is not None and name != column and isinstance(value, str) and value
        }
        title = heading(rest.get("title", "")) or f"{PurePath(source).stem}:{number}"
        yield Document(Text(text), title, source, metadata=rest)
    if not found:
        raise SourceError(f"{source}: has no row with a text. There is nothing to read.")
