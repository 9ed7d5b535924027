"""The list of documents: what it shows, finds and returns."""

from __future__ import annotations

import re
from time import perf_counter

import pytest
from screen_host import SIZES, Host

from annotations.storage.summary import Summary
from tui.screens.documents import DocumentsScreen

TITLES = [
    "harbour report",
    "[b]council[/b]",
    "diary\x1b[2J",
    "a long evening in the old town hall by the water",
]


def summary(number: int, title: str, **parts: object) -> Summary:
    made: dict[str, object] = {
        "source": f"texts/{number}.txt",
        "added_at": "2025-03-01T10:00:00Z",
        "characters": 12_345 + number,
        "finished": False,
        "decisions": 0,
        "open": 0,
    }
    return Summary(id=f"id{number}", title=title, **(made | parts))  # type: ignore[arg-type]


def four() -> list[Summary]:
    states = [{"finished": True, "decisions": 9}, {"decisions": 3, "open": 21}, {"open": 10}, {}]
    return [
        summary(number, title, **parts)
        for number, (title, parts) in enumerate(zip(TITLES, states, strict=True))
    ]


@pytest.mark.parametrize("size", SIZES)
async def test_each_document_is_a_row_with_glyph_word_title_and_open(size: tuple[int, int]) -> None:
    app = Host(DocumentsScreen(four(), "id1"))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        rows = app.seen()
    assert rows[0].strip().startswith("2 of 4 documents · 1 done · 31 open")
    assert re.match(r" {3}● done +harbour report +0", rows[2])
    assert re.match(r" ▸ ◐ doing +\[b\]council\[/b\] +21", rows[3])
    assert re.match(r" {3}○ to do +diary␛\[2J +10", rows[4])
    assert not any("\x1b" in row for row in rows)
    assert rows[-1].startswith(" enter open  / filter  esc back")
    assert "…" not in rows[-1]


async def test_decisions_and_characters_are_under_their_heads_where_there_is_room() -> None:
    app = Host(DocumentsScreen(four(), "id1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = app.seen()
    for head, number in (("open", "21"), ("decisions", "3"), ("characters", "12,346")):
        end = rows[1].index(head) + len(head)
        assert rows[3][:end].endswith(f" {number}")
    assert "added 2025-03-01 · texts/1.txt" in rows[-2]


async def test_a_narrow_screen_tells_the_numbers_of_the_current_document() -> None:
    app = Host(DocumentsScreen(four(), "id1"))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("up")
        await pilot.pause()
        rows = app.seen()
    assert "9 decisions · 12,345 characters" in rows[-2]
    assert rows[5].count("…") == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("keys", "returned"),
    [
        (["enter"], "id1"),
        (["down", "enter"], "id2"),
        (["up", "up", "up", "enter"], "id0"),
        (["end", "enter"], "id3"),
        (["escape"], None),
        (["q"], None),
        (["j"], None),
        (["slash", *"TO", "space", *"DO", "down", "enter"], "id3"),
        (["slash", *"harb", "enter"], "id0"),
        (["slash", *"harbx", "backspace", "enter"], "id0"),
        (["slash", *"harb", "escape", "escape"], None),
        (["slash", *"harb", "escape", "down", "enter"], "id1"),
    ],
)
async def test_keys_return_a_document_or_nothing(
    size: tuple[int, int], keys: list[str], returned: str | None
) -> None:
    app = Host(DocumentsScreen(four(), "id1"))
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert app.returned == returned


async def test_a_filter_that_finds_nothing_says_so_and_opens_nothing() -> None:
    app = Host(DocumentsScreen(four(), "id1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"zzz", "enter")
        await pilot.pause()
        rows = app.seen()
        assert app.returned is Host.NOTHING
    assert rows[0].startswith(" 0 found · 4 documents")
    assert "no such title or state" in rows[-2]
    assert "title or state: zzz" in rows[-1]


async def test_a_filter_keeps_the_document_one_was_on() -> None:
    app = Host(DocumentsScreen(four(), "id3"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"to", "space", *"do")
        await pilot.pause()
        assert [row[1:2] for row in app.seen()[2:4]] == [" ", "▸"]


async def test_no_document_at_all_is_said() -> None:
    app = Host(DocumentsScreen([], ""))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("down", "enter")
        await pilot.pause()
        rows = app.seen()
        assert app.returned is Host.NOTHING
    assert rows[0].startswith(" 0 documents")
    assert "no documents" in rows[-2]


async def test_a_page_down_and_a_page_up_lead_back() -> None:
    app = Host(DocumentsScreen([summary(number, f"n{number}") for number in range(100)], "id50"))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        before = app.seen()
        await pilot.press("f")
        await pilot.pause()
        assert app.seen() != before
        await pilot.press("b")
        await pilot.pause()
        assert app.seen() == before


async def test_a_hundred_thousand_documents_open_at_once_with_the_current_one_in_view() -> None:
    many = [summary(number, f"document {number}") for number in range(100_000)]
    screen = DocumentsScreen(many, "id54321")
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert any("▸ ○ to do  document 54321" in row for row in app.seen())
        start = perf_counter()
        await app.push_screen(DocumentsScreen(many, "id99999"))
        await pilot.pause()
        assert perf_counter() - start < 2  # about 0.1 s; a row for each would take a minute
        assert any("▸ ○ to do  document 99999" in row for row in app.seen())


async def test_no_key_of_the_list_goes_on_to_the_app() -> None:
    app = Host(DocumentsScreen(four(), "id1"))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("tab", "x", "down", "f", "b", "q")
        assert app.leaked == []
