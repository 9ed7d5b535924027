"""Documents as rows: state, title and numbers, in as many columns as there is room for."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len, set_cell_size

from annotations.storage.summary import Summary
from tui.describe import Piece, visible
from tui.widgets.rows import LazyRows

STATES: Final = {"to do": ("○", "muted"), "doing": ("◐", "plain"), "done": ("●", "good")}
"""How each state looks: a glyph beside its word, and a role."""

WIDE: Final = 60
"""From this many cells on, a row has all the columns."""

_BEFORE_TITLE: Final = 11
_LONGEST: Final = 400
"""Characters of a title that are looked at; a row never shows more."""


class Overview(LazyRows[Summary]):
    """The rows of documents."""

    def row(self, one: Summary, *, current: bool) -> list[Piece]:
        """What is known of it at a glance, in as many columns as there is room for."""
        glyph, role = STATES[one.state]
        counts = (f"{number:,}" for number in (one.open, one.decisions, one.characters))
        numbers = _numbers(self._cells, *counts)
        return [
            ("▸ " if current else "  ", "key"),
            (f"{glyph} {one.state:<{_BEFORE_TITLE - 4}}", role),
            (_title(one.title, self._cells - _BEFORE_TITLE - len(numbers)), _loud(current)),
            (numbers, "plain" if one.open else "muted"),
        ]


def head(cells: int) -> list[Piece]:
    """The names of the columns."""
    numbers = _numbers(cells, "open", "decisions", "characters")
    words = f"    {'state':<{_BEFORE_TITLE - 4}}title"
    return [(words.ljust(cells - len(numbers)) + numbers, "muted")]


def _loud(current: bool) -> str:
    return "strong" if current else "plain"


def _title(title: str, cells: int) -> str:
    """As much of a title as fits, filled up with blanks."""
    words = visible(title[:_LONGEST])
    if cell_len(words) >= cells:
        words = f"{set_cell_size(words, max(0, cells - 2))}…"
    return set_cell_size(words, max(0, cells))


def _numbers(cells: int, open_count: str, decisions: str, characters: str) -> str:
    """The columns at the right, as many as there is room for."""
    if cells < WIDE:
        return f"{open_count:>7}"
    return f"{open_count:>7}{decisions:>11}{characters:>12}"
