"""Pieces of words broken into rows at their spaces, and rows of keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
    rows: list[list[Piece]] = [[]]
    used = 0
    for space, word in _words(pieces):
        if used + space + _width(word) > cells and _width(rows[-1]) > (indent if rows[1:] else 0):
            rows.append([(" " * indent, "plain")] if indent else [])
            used, space = indent, 0
        if space:
            rows[-1].append((" " * space, "plain"))
            used += space
        for part in _cut(word, max(1, cells - used), max(1, cells - indent)):
            if used and used + _width([part]) > cells:
                rows.append([(" " * indent, "plain")] if indent else [])
                used = indent
            rows[-1].append((part[0].replace(TIE, " "), part[1]))
            used += _width([part])
    return rows


def _words(pieces: Iterable[Piece]) -> Iterator[tuple[int, list[Piece]]]:
    """Each word as the pieces it is made of, with the number of spaces before it."""
    space, word = 0, list[Piece]()
    for words, role in pieces:
        for token in _TOKEN.findall(words):
            if token[0] != " ":
                word.append((token, role))
                continue
            if word:
                yield space, word
                space, word = 0, []
            space += len(token)
    if word:
        yield space, word


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
    return [(f"{key}{TIE}", "key"), (f"{words.replace(' ', TIE)}", "plain"), ("  ", "plain")]


def legend(*keys: tuple[str, str]) -> list[Piece]:
    """Keys and what they do, for the line of keys."""
    return [piece for key, words in keys for piece in ((key, "key"), (f" {words}  ", "plain"))]
