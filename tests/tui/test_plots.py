from __future__ import annotations

import pytest
from rich.cells import cell_len

from tui.figures import Cell, Figure
from tui.plots import bar, row


def words(one: Figure, cells: int, *, is_current: bool = False, column: int = 0) -> str:
    return "".join(piece for piece, _ in row(one, cells, is_current=is_current, column=column))


def test_a_bar_is_as_long_as_its_share() -> None:
    assert bar(0, 4) == "····"
    assert bar(0.5, 4) == "━━··"
    assert bar(1, 4) == "━━━━"
    assert bar(1 / 8, 4) == "╸···"
    assert len(bar(1 / 3, 7)) == 7


def test_a_mark_stands_where_the_bar_should_end() -> None:
    assert bar(0.5, 5, 0.0) == "┃━╸··"
    assert bar(0.5, 5, 0.75) == "━━╸┃·"
    assert bar(0.5, 5, 1.0) == "━━╸·┃"


TABLE = Figure("PERSON", cells=tuple(Cell(str(place), place, place / 9) for place in range(10)))


@pytest.mark.parametrize("cells", [28, 38, 78, 118])
@pytest.mark.parametrize("column", [0, 4, 9, 30])
def test_a_table_shows_the_cell_in_hand_at_any_width(cells: int, column: int) -> None:
    shown = words(TABLE, cells, is_current=True, column=column)
    assert cell_len(shown) <= cells
    assert shown.startswith("▸ PERSON")
    here = min(column, 9)
    assert f"▸{f'{here}' if here else '·':>4}" in shown


def test_a_table_says_that_there_are_more_columns() -> None:
    assert words(TABLE, 40).endswith("…")
    assert not words(TABLE, 40, column=9).endswith("…")
    heads = Figure("", columns=("×", "PERSON", "人物" * 4))
    assert words(heads, 40).split() == ["×", "PERSON", "人物人"]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 1.0])
def test_the_darker_a_cell_the_greater_its_part(share: float) -> None:
    shade = words(Figure("GPE", cells=(Cell("GPE", 1, share),)), 40).split()[-1][-1]
    assert shade == {0.01: "░", 0.3: "░", 0.6: "▒", 1.0: "█"}[share]


@pytest.mark.parametrize("cells", [38, 60, 78, 118])
def test_no_row_is_wider_than_its_room(cells: int) -> None:
    one = Figure(
        "a name that is much longer than any room for it", "84%  1,286 of 1,702", 0.84, 0.5
    )
    assert cell_len(words(one, cells)) <= cells
    assert "┃" in words(one, cells)


@pytest.mark.parametrize("share", [0.0, 0.07, 0.6, 1.0])
def test_a_narrow_row_keeps_the_per_cent_and_leaves_out_what_it_comes_from(share: float) -> None:
    one = Figure("documents done", f"{share:4.0%}  3 of 1,000", share)
    assert words(one, 38).endswith(f"  {share:4.0%}")
    assert words(one, 78).endswith(f"{share:4.0%}  3 of 1,000")
