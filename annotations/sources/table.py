"""A table, CSV or TSV, with a column of texts: a document for each row, the rest its metadata."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO, Final

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources.outcome import LIMIT, Outcome, too_many
from annotations.sources.plain import heading
from annotations.text import Text

COLUMNS: Final = ("text", "content", "body", "document", "article", "message")
"""What the column of the texts may be called, in any case, the first of them that is there."""

ROW: Final = LIMIT // 4
"""Bytes that one row may have: reading one takes many times its size."""

CELLS: Final = 1_000_000
"""Signs between cells that one row may have."""

_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_SIGNS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(slots=True)
class _Lines:
    """The lines of a file as text, none longer than a row may be.

    Attributes:
        first: the number of the line that the row in hand begins with.
        number: that of the line that was read last.
    """

    stream: BinaryIO
    source: str
    between: str = ","
    first: int = 1
    number: int = 0
    size: int = 0
    cells: int = 0

    def __iter__(self) -> Iterator[str]:
        while data := self.stream.readline(ROW + 1):
            # One file in a thousand ends its lines as the first Macs did.
            for line in _LINE.finditer(data):
                self.number += 1
                yield self._checked(line.group())

    def begin(self, first: int | None = None) -> None:
        """A row begins: with the next line, if none is given."""
        self.first, self.size, self.cells = first or self.number + 1, 0, 0

    def place(self) -> str:
        return f"{self.source}:{self.first}"

    def _checked(self, line: bytes) -> str:
        self.size += len(line)
        if self.size > ROW:
            raise SourceError(
                f"{self.place()}: this row is over {ROW // 1024**2} MB, or a quote in it is not "
                "closed. Mend it; nothing behind it was read."
            )
        if self.number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            raise SourceError(
                f"{self.source}:{self.number}: is a table, and not in UTF-8. Save it as UTF-8."
            ) from None
        self.cells += text.count(self.between)
        if self.cells > CELLS:
            raise too_many(self.place(), CELLS, "cells")
        return text


def read(stream: BinaryIO, source: str) -> Iterator[Outcome]:
    """A document for each row with a text; the file may have any size, a row up to `ROW` bytes.

    What is between the cells is found by the first line: a comma, a semicolon or a tab.

    Raises:
        SourceError: it is not in UTF-8, no table, has no such column, or a quote is not closed.
    """
    csv.field_size_limit(LIMIT)
    lines = _Lines(stream, source)
    names, column, rows = _header(lines)
    found = 0
    for row in _rows(rows, lines):
        text = row[column] if column < len(row) else ""
        if any(cell.strip() for cell in row[len(names) :]):
            yield SourceError(
                f"{lines.place()}: has {len(row)} cells, and the first line names {len(names)}. "
                f"Put quotes around a text with {_SIGNS.get(lines.between, lines.between)} in it."
            )
        elif not text.strip():
            yield SourceError(f"{lines.place()}: its text is blank. There is nothing to read.")
        else:
            found += 1
            cells = zip(names, row, strict=False)
            rest = {name: cell for name, cell in cells if cell and name != names[column]}
            title = heading(rest.get("title", "")) or f"{PurePath(source).stem}:{lines.first}"
            yield Document(Text(text), title, source, metadata=rest)
    if not found:
        raise SourceError(f"{source}: has no row with a text. There is nothing to read.")


def _header(lines: _Lines) -> tuple[list[str], int, Iterator[list[str]]]:
    """The names of the columns, which of them has the texts, and the rows below."""
    is_tabbed = any(suffix.lower() == ".tsv" for suffix in PurePath(lines.source).suffixes)
    signs, first = "\t" if is_tabbed else "".join(_SIGNS), ""
    coming = iter(lines)
    for line in coming:
        told = line.rstrip("\r\n").strip('"')
        if told[:-1].lower() == "sep=":  # how a spreadsheet says what is between its cells
            signs = told[-1]
        elif line.strip():
            first = line
            break
        lines.begin()
    if not first:
        raise SourceError(f"{lines.source}: is empty. There is nothing to read.")
    for lines.between in signs:
        if _wanted(next(csv.reader([first], delimiter=lines.between), [])):
            break
    else:
        lines.between = signs[0]
    rows = csv.reader(chain([first], coming), delimiter=lines.between, strict=True)
    names = [name.strip() for name in next(_rows(rows, lines, lines.first), [])]
    wanted = _wanted(names)
    if not wanted:
        raise SourceError(
            f"{lines.source}: no column of it is called {' or '.join(COLUMNS[:3])}. Name the one "
            "with the texts so in the first line."
        )
    if len(wanted) > 1:
        which = " and ".join(f"{column + 1} ({names[column]})" for column in wanted[:2])
        raise SourceError(
            f"{lines.place()}: its columns {which} have the same name. Rename the one without texts."
        )
    seen = Counter(names)
    named = [f"{name} {number}" if seen[name] > 1 else name for number, name in enumerate(names, 1)]
    return named, wanted[0], rows


def _wanted(names: list[str]) -> list[int]:
    """The columns that are called what a column of texts is, all by the same word."""
    plain = [name.strip().lower() for name in names]
    word = next((word for word in COLUMNS if word in plain), None)
    return [column for column, name in enumerate(plain) if name == word]


def _rows(
    rows: Iterator[list[str]], lines: _Lines, first: int | None = None
) -> Iterator[list[str]]:
    while True:
        lines.begin(first)
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise SourceError(
                f"{lines.place()}: a quote in this row is not closed, or not doubled inside a text "
                f"({error}). Mend it; nothing from here on was read."
            ) from None
        if row is None:
            return
        if row:
            yield row
