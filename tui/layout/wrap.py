"""Breaking one block of text into rows of cells.

Two steps, so that a long block costs little: `breaks` finds where rows start and keeps only that,
`fill` lays out the glyphs of one row when it is painted. Everything is measured in terminal cells.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import regex
from rich.cells import cell_len

from annotations import symbols
from annotations.words import GRAPHEME

NARROWEST: Final = 8
"""The least measure that rows are made for; a smaller screen shows the left part of them."""

SPACES: Final = " \t\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000"
"""What a row may break behind, as the inside of a character class; no-break spaces are not in it."""

# Characters that are one cell, one grapheme and printed as they are: the rest takes the slow path.
_PLAIN_CLASS = (
    r"\x20-\x7e\xa1-\xac\xae-\u02af\u0391-\u0482\u2010-\u2015\u2018-\u2022\u2026\u2039\u203a"
    r"\u20ac"
)
_SPECIAL = regex.compile(rf"[^{_PLAIN_CLASS}]")
_TOKEN = regex.compile(rf"([^{SPACES}]*)([{SPACES}]*)")
_CLUSTER = regex.compile(rf"[{SPACES}]|{GRAPHEME}")
_BLANK = regex.compile(rf"[{SPACES}]*")

_LONGEST_CLUSTER = 32
_WIDEST_CLUSTER = 2
_UNSEEN = "\N{BROKEN BAR}"


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark that stands in the row behind the text it is about.

    Attributes:
        offset: the code point that it stands ahead of: the end of the annotation.
        text: what is shown, with the space that sets it off.
        id: the annotation's id.
    """

    offset: int
    text: str
    id: str


class Glyph(NamedTuple):
    """One grapheme, or one tag, as a row shows it.

    Attributes:
        start: its first code point; a tag's is its offset, and `end` is the same.
        end: the code point behind it.
        shown: what is sent to the terminal; empty for spaces that hang over the row's end.
        column: its first cell, 0 at the row's start.
        width: in cells.
        tag: the id of the annotation that a tag is about; empty for text.
    """

    start: int
    end: int
    shown: str
    column: int
    width: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text: the code points `[start, end)` as glyphs, in order."""

    start: int
    end: int
    glyphs: tuple[Glyph, ...]

    @property
    def width(self) -> int:
        """The cells that the row fills."""
        return self.glyphs[-1].column + self.glyphs[-1].width if self.glyphs else 0

    def column(self, offset: int) -> int:
        """The first cell of the grapheme that holds `offset`; the row's width behind the last."""
        for glyph in self.glyphs:
            if offset < glyph.end:
                return glyph.column
        return self.width

    def offset(self, column: int) -> int:
        """The code point shown at a cell; a tag counts to what it is about, a margin to the end."""
        found = self.start
        for glyph in self.glyphs:
            if glyph.column > column:
                break
            if not glyph.tag and glyph.shown:
                found = glyph.start
        return found


def is_blank(body: str) -> bool:
    """Whether there is nothing in it to see: only spaces and tabs."""
    return _BLANK.fullmatch(body) is not None


def is_plain(body: str) -> bool:
    """Whether each character is one cell and is printed as it is."""
    return _SPECIAL.search(body) is None


@lru_cache(maxsize=8192)
def shown(cluster: str) -> tuple[str, int]:
    """What the terminal gets for a grapheme, and its width in cells, 1 or more.

    Control characters become control pictures, and characters that would turn the direction of
    the line or hide become symbols: what a document holds is seen, never obeyed.
    """
    made = symbols.shown(cluster)
    width = cell_len(made)
    if width == 0:
        made = f"\N{DOTTED CIRCLE}{made}" if unicodedata.category(made[0])[0] == "M" else _UNSEEN
        width = cell_len(made)
    return made, width


def clusters(body: str) -> Iterator[str]:
    """The graphemes of `body`; a cluster too long or too wide for two cells is cut up."""
    if is_plain(body):
        yield from body
        return
    for match in _CLUSTER.finditer(body):
        cluster = match.group()
        if len(cluster) == 1:
            yield cluster
        elif len(cluster) > _LONGEST_CLUSTER:
            for at in range(0, len(cluster), _LONGEST_CLUSTER):
                yield from _narrow(cluster[at : at + _LONGEST_CLUSTER])
        else:
            yield from _narrow(cluster)


def _narrow(cluster: str) -> Iterator[str]:
    """The cluster, or its code points with the marks behind them where it is too wide."""
    if shown(cluster)[1] <= _WIDEST_CLUSTER:
        yield cluster
        return
    start = 0
    seen = symbols.shown(cluster)
    for at in range(1, len(cluster)):
        if cell_len(seen[at]):
            yield cluster[start:at]
            start = at
    yield cluster[start:]


def whole(text: str, offset: int) -> int:
    """The last boundary between graphemes at or a little ahead of `offset`."""
    found = max(0, offset - 2 * _LONGEST_CLUSTER)
    for match in _CLUSTER.finditer(text, found, offset + _LONGEST_CLUSTER):
        if match.end() > offset:
            break
        found = match.end()
    return found


@lru_cache(maxsize=32768)
def _width(word: str) -> int:
    return sum(shown(cluster)[1] for cluster in clusters(word))


def fit(tags: Iterable[Tag], width: int) -> tuple[Tag, ...]:
    """The tags in order, without those that would leave no room for the text they follow."""
    kept: list[Tag] = []
    offset, room = -1, 0
    for tag in sorted(tags, key=lambda tag: tag.offset):
        if tag.offset != offset:
            offset, room = tag.offset, width - _WIDEST_CLUSTER
        cells = cell_len(tag.text)
        if cells <= room:
            kept.append(tag)
            room -= cells
    return tuple(kept)


def breaks(body: str, tags: Sequence[Tag], width: int, start: int = 0) -> list[int]:
    """Where the rows of `body` start, in order; the first is `start`.

    A row breaks behind spaces, which hang over its end and take no cell there, else between
    graphemes. A tag stays with the grapheme that it follows.

    Args:
        body: a block of text without line breaks.
        tags: as `fit` leaves them, with offsets in `(start, start + len(body)]`.
        width: the measure in cells, at least `NARROWEST`.
        start: the offset of the body's first code point.
    """
    plain = is_plain(body)
    if plain and not tags:
        return _plain_breaks(body, width, start)
    rows, column, place = [start], 0, 0
    offsets = [tag.offset for tag in tags]
    for match in _TOKEN.finditer(body):
        word, spaces = match.groups()
        at = start + match.start()
        behind = bisect_right(offsets, at + len(word), place)
        inside, place = tags[place:behind], behind
        cells = (len(word) if plain else _width(word)) + _cells(inside)
        if word and column and column + cells > width:
            rows.append(at)
            column = 0
        column = _cut(word, at, inside, width, rows) if cells > width else column + cells
        behind = bisect_right(offsets, start + match.end(), place)
        column += (len(spaces) if plain else _width(spaces)) + _cells(tags[place:behind])
        place = behind
    return rows


def _cells(tags: Iterable[Tag]) -> int:
    return sum(cell_len(tag.text) for tag in tags)


def _cut(word: str, at: int, tags: Sequence[Tag], width: int, rows: list[int]) -> int:
    """Cut a word that no row can hold, from a row's start; returns the cells of its last row."""
    column = place = 0
    for cluster in clusters(word):
        cells = shown(cluster)[1]
        while place < len(tags) and tags[place].offset <= at + len(cluster):
            cells += cell_len(tags[place].text)
            place += 1
        if column and column + cells > width:
            rows.append(at)
            column = 0
        column += cells
        at += len(cluster)
    return column


def _plain_breaks(body: str, width: int, start: int) -> list[int]:
    rows, at, length = [start], 0, len(body)
    while length - at > width:
        space = body.rfind(" ", at, at + width + 1)
        at = at + width if space < 0 else space + 1
        while at < length and body[at] == " ":
            at += 1
        if at < length:
            rows.append(start + at)
    return rows


def fill(body: str, tags: Sequence[Tag], width: int, start: int = 0) -> Row:
    """The glyphs of one row, as `breaks` cut it.

    Args:
        body: the row's text, with the spaces that hang over its end.
        tags: as `fit` leaves them, with offsets in `(start, start + len(body)]`.
        width: the measure in cells.
        start: the offset of the body's first code point.
    """
    glyphs: list[Glyph] = []
    at, column, place = start, 0, 0
    for cluster in clusters(body):
        text, cells = shown(cluster)
        end = at + len(cluster)
        if column + cells > width:
            text, cells = "", 0
        glyphs.append(Glyph(at, end, text, column, cells))
        column += cells
        while place < len(tags) and tags[place].offset <= end:
            tag = tags[place]
            cells = cell_len(tag.text)
            if column + cells <= width:
                glyphs.append(Glyph(tag.offset, tag.offset, tag.text, column, cells, tag.id))
                column += cells
            place += 1
        at = end
    return Row(start, at, tuple(glyphs))
