"""The real reader in terminals of every size, and under the mouse."""

from __future__ import annotations

import pytest
import scenes
from driver import of_words, reading
from textual.widgets import Input

from annotations.project import Project
from annotations.records import Status

# Sizes

SIZES = [(40, 12), (20, 5), (1, 1), (80, 24), (120, 40)]


async def test_no_size_takes_what_one_is_typing(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        typed = ""
        for letter, size in zip("mosco", SIZES, strict=True):
            await reader.type(letter)
            typed += letter
            await reader.resize(*size)
            assert reader.screen.query_one(Input).value == typed
            assert reader.screen.prompt.is_asking
        await reader.type("w")
        await reader.press("enter")
        assert reader.current.text == "Moscow"
        assert "Moscow GPE?" in reader.page


async def test_the_current_annotation_stays_in_view_in_every_size(project: Project) -> None:
    async with reading(project) as reader:
        zelensky = await reader.go("Zelensky", 1)
        for size in [*SIZES, (80, 24)]:
            await reader.resize(*size)
            seen = reader.screen.page.visible_span()
            if min(size) > 5:
                assert seen.start <= zelensky.span.start < seen.end
        assert "Zelensky PER?" in reader.page


@pytest.mark.parametrize("size", [(40, 12), (20, 5), (1, 1), (3, 2)])
async def test_every_key_can_be_pressed_in_any_size(
    project: Project, size: tuple[int, int]
) -> None:
    async with reading(project, size) as reader:
        for one in reader.screen.commands:
            if one.key and one.id not in ("app.quit", "palette.open"):
                await reader.press(one.key, "escape")
        assert reader.screen.reading is not None
        await reader.resize(80, 24)
        assert reader.status.startswith(reader.reading.document.title)


async def test_the_inspector_shows_from_110_columns_on(begun: Project) -> None:
    async with reading(begun, (109, 30)) as reader:
        assert not reader.screen.inspector.display
        await reader.press("i")
        assert "by model en_core_web_md-3.7.1" in reader.said
        assert not reader.screen.inspector.display
        await reader.press("escape", "n")
        await reader.resize(110, 30)
        assert reader.screen.inspector.display
        assert "by model  en_core_web_md-3.7.1" in reader.screen.inspector.words
        await reader.press("i")
        assert not reader.screen.inspector.display


async def test_the_inspector_tells_what_became_of_a_suggestion(begun: Project) -> None:
    async with reading(begun, (120, 40)) as reader:
        await reader.go("Trump")
        words = reader.screen.inspector.words
        assert "status    corrected" in words
        assert "suggested ORG" in words
        assert "anna relabel PERSON" in words


async def test_all_of_an_annotation_is_told_over_the_foot_where_the_inspector_has_no_room(
    begun: Project,
) -> None:
    for size in ((80, 24), (40, 12)):
        async with reading(begun, size) as reader:
            await reader.go(scenes.CLAIM)
            line = reader.said
            await reader.press("i")
            told = " ".join(reader.text.split())
            for words in ("stance denies", "certainty probable", "holder unnamed", "status added"):
                assert words in told
            await reader.press("i")
            assert reader.said == line


# The mouse


async def test_a_click_goes_to_the_word_and_its_annotation(project: Project) -> None:
    async with reading(project) as reader:
        rows = reader.page.split("\n")
        y, row = next((y, row) for y, row in enumerate(rows) if "Washington GPE?" in row)
        await reader.pilot.click("#page", offset=(row.index("Washington") + 2, y))
        await reader.pilot.pause()
        assert reader.current.text == "Washington"


async def test_a_drag_selects_whole_words_either_way(project: Project) -> None:
    async with reading(project) as reader:
        rows = reader.page.split("\n")
        y, row = next((y, row) for y, row in enumerate(rows) if "back to power" in row)
        first, last = (row.index("back") + 1, y), (row.index("power") + 1, y)
        for start, end in ((first, last), (last, first)):
            await reader.pilot.mouse_down("#page", offset=start)
            await reader.pilot.hover("#page", offset=end)
            await reader.pilot.mouse_up("#page", offset=end)
            await reader.pilot.pause()
            assert reader.said == "selected: back to power"
            await reader.press("escape")
        assert reader.reading.selection is None


async def test_a_drag_and_a_label_make_an_entity(project: Project) -> None:
    async with reading(project) as reader:
        rows = reader.page.split("\n")
        y, row = next((y, row) for y, row in enumerate(rows) if "Bering Strait" in row)
        await reader.pilot.mouse_down("#page", offset=(row.index("Bering"), y))
        await reader.pilot.hover("#page", offset=(row.index("Strait"), y))
        await reader.pilot.mouse_up("#page", offset=(row.index("Strait"), y))
        await reader.press("4")
        assert of_words(project, "Bering Strait").status is Status.ADDED
