"""Pieces of words broken into rows at their spaces, and rows of keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from rich.cells import cell_len, chop_cells

from tui.describe import Piece

MEASURE: Final = 88
"""Cells. The widest that running words are set."""

TIE: Final = "\N{NO-BREAK SPACE}"
"""Between words that stay together; shown as a space."""

_TOKEN: Final = re.compile(r" +|[^ ]+")


def flowed(pieces: Iterable[Piece], cells: int, indent: int = 0) -> list[list[Piece]]:
    """The pieces as rows of at most so many cells, broken at spaces.

    Args:
        pieces: words and their roles; where two pieces meet without a space they stay together.
        cells: the width of a row, 1 or more; a longer word is cut.
        indent: the cells that each row but the first is set in.
    """
    indent = indent if indent < cells else 0
    margin: list[Piece] = [(" " * indent, "plain")] if indent else []
    rows: list[list[Piece]] = [[]]
    start = 0
    for space, word in _words(pieces):
        used = _width(rows[-1])
        if used > start and used + _width(space) + _width(word) > cells:
            rows.append([*margin])
            used, start, space = indent, indent, []
        rows[-1] += space
        for part in _cut(word, cells - used - _width(space), cells - indent):
            if _width([*rows[-1], part]) > cells:
                rows.append([*margin])
                start = indent
            rows[-1].append(part)
    return [_joined(row) for row in rows]


def _words(pieces: Iterable[Piece]) -> Iterator[tuple[list[Piece], list[Piece]]]:
    """Each word as the pieces it is made of, behind the spaces before it."""
    space, word = list[Piece](), list[Piece]()
    for words, role in pieces:
        for token in _TOKEN.findall(words):
            if token[0] != " ":
                word.append((token, role))
                continue
            if word:
                yield space, word
                space, word = [], []
            space.append((token, role))
    if word:
        yield space, word


def _joined(row: Iterable[Piece]) -> list[Piece]:
    """A row with the neighbours of one role in one piece."""
    return [
        ("".join(words for words, _ in run).replace(TIE, " "), role)
        for role, run in groupby(row, key=itemgetter(1))
    ]


def _cut(word: Sequence[Piece], room: int, cells: int) -> Iterator[Piece]:
    """The word's pieces; where it is wider than a row, in parts that fit."""
    if _width(word) <= room:
        yield from word
        return
    for words, role in word:
        yield from ((part, role) for part in chop_cells(words, cells))


def _width(pieces: Iterable[Piece]) -> int:
    return sum(cell_len(words) for words, _ in pieces)


def tied(key: str, words: str) -> list[Piece]:
    """A key and what it does, which stay together, and a gap."""
    if words == key:
        return [(key, "key"), ("  ", "plain")]
    return [(f"{key}{TIE}", "key"), (words.replace(" ", TIE), "plain"), ("  ", "plain")]


def legend(cells: int, *keys: tuple[str, str]) -> list[Piece]:
    """The line of keys: as many keys, with what they do, as there is room for."""
    made: list[Piece] = []
    for key, words in keys:
        one: list[Piece] = [("  " if made else "", "plain"), (key, "key"), (f" {words}", "plain")]
        if _width([*made, *one]) > cells:
            break
        made += one
    return made
