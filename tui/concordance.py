"""What a search found as rows: the words one under the other, with what stands around them."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len, set_cell_size

from annotations.search import Hit
from tui.describe import Piece, visible
from tui.widgets.rows import LazyRows

WIDE: Final = 60
"""From this many cells on, a row names its document."""

_TITLE: Final = 18


class Concordance(LazyRows[Hit]):
    """The rows of places that were found."""

    def row(self, one: Hit, *, current: bool) -> list[Piece]:
        """The words, what stands around them, and what is marked there."""
        made: list[Piece] = [("▸ " if current else "  ", "key")]
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
