"""Rows that are drawn: bars, and tables in which a cell is the darker the more it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size

from tui.describe import Piece
from tui.figures import Cell, Figure
from tui.widgets.line import fitted

_NAME: Final = 24
_NUMBERS: Final = 22
_NARROW: Final = 60
_NARROW_NAME: Final = 14
_NARROW_NUMBERS: Final = 8
_WIDEST_BAR: Final = 40

GAP: Final = "  "
"""Between a figure and the numbers it comes from, which a narrow row leaves out."""

_CELL: Final = 7
_ROW_NAME: Final = 12
_SHADES: Final = " ░▒▓█"


def bar(share: float, cells: int, mark: float | None = None) -> str:
    """A bar of half cells, filled up with dots.

    Args:
        mark: where a mark stands, 0 to 1; it takes one cell.
    """
    halves = round(max(0.0, min(1.0, share)) * cells * 2)
    made = ("━" * (halves // 2) + "╸" * (halves % 2)).ljust(cells, "·")
    if mark is None:
        return made
    at = min(cells - 1, round(max(0.0, min(1.0, mark)) * (cells - 1)))
    return f"{made[:at]}┃{made[at + 1 :]}"


def row(one: Figure, cells: int, *, is_current: bool = False, column: int = 0) -> list[Piece]:
    """A figure in so many cells.

    Args:
        is_current: whether it is the row in hand.
        column: the cell in hand, of a table's row; a table that is too wide shows those around it.
    """
    mark: Piece = ("▸ " if is_current else "  ", "key")
    loud = "strong" if is_current or one.is_heading else "plain"
    if one.cells or one.columns:
        return [mark, *_table_row(one, cells - 2, loud, column, is_current=is_current)]
    if one.is_heading:
        return fitted([mark, (one.name, "strong")], cells)
    is_narrow = cells < _NARROW
    name, numbers = (_NARROW_NAME, _NARROW_NUMBERS) if is_narrow else (_NAME, _NUMBERS)
    made = [mark, *_name(one.name, name, loud)]
    room = min(_WIDEST_BAR, cells - name - numbers - 5)
    said = one.words.lstrip() if is_narrow else one.words
    if one.share is not None and room >= 4:
        made += [(bar(one.share, room, one.mark), "good"), ("  ", "plain")]
        said = f"{said.split(GAP)[0]:>4}" if is_narrow else said
    return fitted([*made, (said, "plain")], cells)


def _name(name: str, cells: int, role: str) -> list[Piece]:
    """A name in just so many cells, and one more."""
    made = fitted([(name, role)], cells)
    return [*made, (" " * (cells + 1 - sum(cell_len(words) for words, _ in made)), "plain")]


def _shown(count: int, cells: int, column: int) -> range:
    """Which columns of a table there is room for, with the one in hand among them."""
    room = max(1, (cells - _ROW_NAME - 2) // _CELL)
    first = min(max(0, column - room + 1), max(0, count - room))
    return range(first, min(count, first + room))


def _table_row(
    one: Figure, cells: int, loud: str, column: int, *, is_current: bool
) -> Sequence[Piece]:
    count = max(len(one.cells), len(one.columns))
    column = min(column, count - 1)
    shown = _shown(count, cells, column)
    made = _name(one.name, _ROW_NAME, loud)
    for place in shown:
        if one.columns:
            made.append((f"{_cut(one.columns[place], _CELL - 1)} ", "muted"))
        else:
            made += _cell(one.cells[place], is_current=is_current and place == column)
    if shown.stop < count:
        made.append(("…", "muted"))
    return made


def _cut(name: str, cells: int) -> str:
    """As much of a name as fits into so many cells, at their right."""
    shown = name if cell_len(name) <= cells else set_cell_size(name, cells)
    return " " * (cells - cell_len(shown)) + shown


def _cell(one: Cell, *, is_current: bool) -> list[Piece]:
    """A count with a shade: even the smallest is seen, and only a whole row is the darkest."""
    mark: Piece = ("▸" if is_current else " ", "key")
    if not one.count:
        return [mark, (f"{'·':>{_CELL - 3}}  ", "muted")]
    shade = _SHADES[max(1, min(4, int(one.share * 4 + 0.5)))]
    role = "good" if one.is_same else "plain"
    return [
        mark,
        (f"{one.count:>{_CELL - 3}}", "strong" if is_current else role),
        (f"{shade} ", role),
    ]
