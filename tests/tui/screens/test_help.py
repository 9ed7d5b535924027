"""The help: what is valid now first, then everything, and every way out."""

from __future__ import annotations

import pytest
from screen_host import SIZES, Host

from annotations import schema
from tui.commands import commands
from tui.screens.help import HelpScreen, rows

ALL = commands(schema.default())
SOME = {"suggestion.accept", "span.start_left", "help.open", "cursor.up"}


def text(cells: int, valid: set[str]) -> list[str]:
    return ["".join(words for words, _ in row) for row in rows(ALL, valid, cells)]


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_valid_now_stands_first(size: tuple[int, int]) -> None:
    app = Host(HelpScreen(ALL, SOME))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        seen = app.seen()
    assert seen[0].startswith(" All keys")
    assert seen[1] == " Valid now"
    together = "  ".join(row.strip() for row in seen[2 : seen.index("", 2)])
    assert together == "a accept  [ start ←  ↑  ? all keys"
    assert seen[seen.index("", 2) + 1] == " Decide"


@pytest.mark.parametrize("cells", [38, 78, 118, 198])
def test_every_command_is_told_and_no_row_is_too_long(cells: int) -> None:
    told = text(cells, set())
    assert max(map(len, told)) <= min(cells, 120)
    words = " ".join(told).split()
    for one in ALL:
        assert {one.shown_key, *one.label.split(), *one.about.split()} <= {
            *words,
            *(word.strip("(),") for word in words),
        }


def test_two_columns_from_80_cells_on_and_one_at_40() -> None:
    wide, narrow = text(78, SOME), text(38, SOME)
    assert any(row.startswith("a     accept") and "note" in row[40:] for row in wide)
    assert any(row.startswith(";     note") for row in narrow)
    assert len(wide) < len(narrow)


def test_a_long_entry_is_set_in_under_its_words() -> None:
    told = text(38, SOME)
    place = next(at for at, row in enumerate(told) if row.startswith("a     accept"))
    assert told[place + 1].startswith("      ")
    assert told[place + 1].strip()


def test_what_a_command_lacks_is_named() -> None:
    assert "(needs a claim)" in " ".join(" ".join(text(118, set())).split())
    every = {one.id for one in ALL}
    assert "needs" not in " ".join(text(118, every))


def test_a_command_without_a_key_shows_that_it_has_none() -> None:
    without = commands(schema.default(), {"page.down": ""})
    told = ["".join(words for words, _ in row) for row in rows(without, {"page.down"}, 38)]
    assert "—     page ↓  one page down" in told
    assert "page" not in told[1]


@pytest.mark.parametrize("size", SIZES)
async def test_arrows_and_pages_scroll_to_the_end_and_back(size: tuple[int, int]) -> None:
    app = Host(HelpScreen(ALL, SOME))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        first = app.seen()
        await pilot.press("down")
        await pilot.pause()
        assert app.seen()[1:-2] == first[2:-1]
        await pilot.press("up", *"f" * 30)
        await pilot.pause()
        last = app.seen()
        assert any("quit" in row for row in last)
        total = last[0].split()[-1]
        assert last[0].split()[-3].endswith(f"–{total}")
        await pilot.press(*"b" * 30)
        await pilot.pause()
        assert app.seen() == first


@pytest.mark.parametrize("key", ["escape", "question_mark", "q", "H"])
async def test_it_closes_by_its_own_key_too_and_lets_no_key_through(key: str) -> None:
    app = Host(HelpScreen(commands(schema.default(), {"help.open": "H"}), SOME))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("tab", "x", "enter")
        await pilot.pause()
        assert app.returned is Host.NOTHING
        await pilot.press(key)
        await pilot.pause()
        assert app.returned is None
        assert app.leaked == []
