"""The guide on the screen: the field in hand first, claims in brackets, nothing as markup."""

from __future__ import annotations

import pytest
from screen_host import SIZES, Host

from annotations import guide, schema
from tui.screens.guide import GuideScreen, rows

FIELDS = ["stance", "certainty", "holder", "frame", "time", "quote", "doubt", "labels"]
SCHEMA = schema.default()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("field", FIELDS)
async def test_the_field_in_hand_comes_first(size: tuple[int, int], field: str) -> None:
    app = Host(GuideScreen(SCHEMA, field, "g"))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        seen = app.seen()
    assert seen[0].startswith(" Guide")
    assert seen[1].startswith(f" {field} · ")
    first = guide.values(SCHEMA, field)[0].name
    assert any(row.startswith(f"   {first}  ") for row in seen[2:4])


async def test_an_example_keeps_the_brackets_and_its_claim_is_bold() -> None:
    app = Host(GuideScreen(SCHEMA, "stance", "g"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "     Delegates [left the hall at noon]." in app.seen()
        row, *_ = [
            strip
            for strip in app.screen._compositor.render_strips()
            if "Delegates [left" in strip.text
        ]
    bold = "".join(text for text, style, _ in row if style and style.bold)
    assert bold == "[left the hall at noon]"


@pytest.mark.parametrize("cells", [20, 38, 78, 198])
def test_all_sections_are_told_in_rows_that_fit(cells: int) -> None:
    sections = guide.sections(SCHEMA, "labels")
    told = ["".join(words for words, _ in row) for row in rows(sections, cells)]
    assert max(map(len, told)) <= min(cells, 88)
    words = " ".join(" ".join(told).split())
    for section in sections:
        for value in section.values:
            assert value.name.replace("_", " ") in words
            assert value.definition in words
            assert value.example in words


def test_a_projects_own_labels_are_shown_as_they_are_written() -> None:
    table = {"entities": {"labels": {"[b]X": "a\x1b[2J [red]thing[/red]"}}}
    sections = guide.sections(schema.read(table, "purport.toml"), "labels")
    told = ["".join(words for words, _ in row) for row in rows(sections, 60)]
    assert told[1] == "  [b]X  a␛[2J [red]thing[/red]"


@pytest.mark.parametrize("key", ["escape", "q", "g"])
@pytest.mark.parametrize("size", SIZES)
async def test_it_scrolls_and_closes(size: tuple[int, int], key: str) -> None:
    app = Host(GuideScreen(SCHEMA, "stance", "g"))
    async with app.run_test(size=size) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert any("7 Torn between two?" in row for row in app.seen())
        await pilot.press("tab", "x", key)
        await pilot.pause()
        assert app.returned is None
        assert app.leaked == []
