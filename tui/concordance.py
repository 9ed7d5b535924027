"""What a search found as rows: the words one under the other, with what stands around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, overload

from rich.cells import cell_len, set_cell_size

from annotations.search import Hit
from tui.describe import Piece, visible

WIDE: Final = 60
"""From this many cells on, a row names its document."""

_TITLE: Final = 18


class Concordance(Sequence[Sequence[Piece]]):
    """The rows of places, each made when it is asked for.

    Args:
        found: the places.
        cells: the width of a row.
        is_current: whether the row at a place is the current one.
    """

    def __init__(self, found: Sequence[Hit], cells: int, is_current: Callable[[int], bool]) -> None:
        self._found, self._cells, self._is_current = found, cells, is_current

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> Sequence[Piece]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sequence[Piece]]: ...
    def __getitem__(self, place: int | slice) -> Sequence[Piece] | Sequence[Sequence[Piece]]:
        if isinstance(place, slice):
            return [self._row(one) for one in range(*place.indices(len(self)))]
        return self._row(place)

    def _row(self, place: int) -> list[Piece]:
        one = self._found[place]
        made: list[Piece] = [("▸ " if self._is_current(place) else "  ", "key")]
        room = self._cells - 2
        if self._cells >= WIDE:
            made.append((f"{_left(visible(one.title), _TITLE - 2)}  ", "muted"))
            room -= _TITLE
        about = f"  {visible(one.about)}" if one.mark else ""
        room -= cell_len(about)
        words = visible(one.text)
        before = _right(visible(one.before), max(0, room // 3), ends=one.before.endswith(" "))
        made += [(before, "muted"), (words, "strong")]
        rest = room - cell_len(before) - cell_len(words)
        gap = " " if one.after[:1].isspace() else ""
        made.append((_left(gap + visible(one.after), max(0, rest)), "muted"))
        if about:
            made.append((about, "plain"))
        return made


def _left(words: str, cells: int) -> str:
    """The beginning of words, in so many cells."""
    if cell_len(words) > cells:
        words = f"{set_cell_size(words, max(0, cells - 1))}…"
    return set_cell_size(words, cells)


def _right(words: str, cells: int, *, ends: bool) -> str:
    """The end of words, in so many cells."""
    words += " " if ends else ""
    while words and cell_len(words) > cells:
        words = words[1:]
    return " " * (cells - cell_len(words)) + words
