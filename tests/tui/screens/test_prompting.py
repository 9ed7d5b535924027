"""What is typed at the foot of the real reader: searches and notes."""

from __future__ import annotations

from driver import of_words, reading
from textual import events
from textual.widgets import Input

from annotations.project import Project
from annotations.records import Action
from tui.widgets.page import Page
from tui.widgets.prompt import MOST_NOTED, MOST_SOUGHT

# Searching


async def test_search_shows_each_place_and_enter_stays_there(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        await reader.type("moscow")
        places = len(reader.reading.text.occurrences("Moscow"))
        assert reader.said == f"“moscow”: 1 of {places}"
        await reader.press("enter")
        assert reader.current.text == "Moscow"
        assert not reader.screen.prompt.is_asking


async def test_enter_on_nothing_goes_to_the_next_place(project: Project) -> None:
    async with reading(project) as reader:
        places = reader.reading.text.occurrences("Moscow")
        await reader.press("/")
        await reader.type("moscow")
        await reader.press("enter")
        for number in (2, 3, 4):
            await reader.press("/", "enter")
            assert reader.reading.cursor == places[number - 1]
            assert reader.said == f"“moscow”: {number} of {len(places)}"
        for _ in places:
            await reader.press("/", "enter")
        assert reader.reading.cursor == places[3], "round the end to the start"


async def test_esc_leaves_the_search_where_one_was(project: Project) -> None:
    async with reading(project) as reader:
        before = (reader.reading.cursor, reader.current, reader.page)
        await reader.press("/")
        await reader.type("Siluanov")
        assert reader.page != before[2], "the place is shown while one types"
        await reader.press("escape")
        assert not reader.screen.prompt.is_asking
        assert (reader.reading.cursor, reader.current) == before[:2]
        assert reader.page == before[2]


async def test_a_search_for_what_is_not_there_says_so(project: Project) -> None:
    async with reading(project) as reader:
        before = reader.reading.cursor
        await reader.press("/")
        await reader.type("[zebra")
        await reader.press("enter")
        assert reader.said == "“[zebra” is not in this document."
        assert reader.reading.cursor == before


# Notes


async def test_a_note_is_kept_and_can_be_changed(project: Project) -> None:
    async with reading(project) as reader:
        here = await reader.go("Moscow")
        await reader.press(";")
        await reader.type("the city?")
        await reader.press("enter")
        assert of_words(project, "Moscow").note == "the city?"
        assert reader.current.id == here.id
        assert "“the city?”" in reader.said
        await reader.press(";", "backspace", "enter")
        assert of_words(project, "Moscow").note == "the city"
        assert [one.action for one in reader.journal()] == [Action.NOTE, Action.NOTE]


async def test_a_note_that_is_left_changes_nothing(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press(";")
        await reader.type("axe")
        await reader.press("escape")
        assert reader.journal() == []
        assert reader.screen.keys.display


async def test_keys_that_are_typed_into_a_prompt_decide_nothing(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        await reader.type("axu1=c")
        assert reader.screen.query_one(Input).value == "axu1=c"
        assert reader.journal() == []


async def test_a_note_without_words_decides_nothing(project: Project) -> None:
    async with reading(project) as reader:
        await reader.go("Moscow")
        await reader.press(";", "enter")
        assert reader.journal() == []
        await reader.press(";", "space", "enter")
        assert reader.journal() == []


async def test_a_note_on_a_suggestion_says_that_it_accepts(project: Project) -> None:
    async with reading(project) as reader:
        await reader.go("Moscow")
        await reader.press(";", *"ok", "enter")
        assert reader.said == "Accepted, with the note “ok”."
        await reader.press(";", "enter")
        assert len(reader.journal()) == 1, "it says that already"
        await reader.press(";", "backspace", "backspace", "enter")
        assert reader.current.note == ""


async def test_a_click_does_not_move_a_note_to_another_annotation(project: Project) -> None:
    async with reading(project) as reader:
        moscow = await reader.go("Moscow")
        await reader.press(";", *"here")
        await reader.pilot.click(Page, offset=(60, 0))
        assert reader.current == moscow
        await reader.press("enter")
        assert (reader.current.text, reader.current.note) == ("Moscow", "here")


async def test_a_search_that_is_left_says_nothing_any_more(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/", *"mos")
        assert "“mos”" in reader.said
        await reader.press("escape")
        assert "“mos”" not in reader.said


# What is too much


async def test_a_paste_without_end_is_taken_as_far_as_there_is_room(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        reader.pilot.app.post_message(events.Paste("Moscow " * 150_000))
        field = reader.screen.query_one(Input)
        await reader.until(lambda: len(field.value) == MOST_SOUGHT)
        assert "1,049,000 characters left out; search:" in reader.text
        await reader.type("x")
        assert len(field.value) == MOST_SOUGHT
        await reader.press("escape", "/")
        await reader.type("Moscow")
        assert reader.said.startswith("“Moscow”: 1 of ")
        assert "left out" not in reader.text


async def test_a_note_takes_more_than_a_search_and_not_everything(project: Project) -> None:
    async with reading(project) as reader:
        await reader.go("Moscow")
        await reader.press(";")
        reader.pilot.app.post_message(events.Paste("so " * 10_000 + "\nnot this"))
        field = reader.screen.query_one(Input)
        await reader.until(lambda: len(field.value) == MOST_NOTED)
        await reader.press("enter")
        assert len(of_words(project, "Moscow").note) == MOST_NOTED


async def test_a_paste_goes_in_the_place_of_what_is_selected(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        await reader.type("Mosel")
        field = reader.screen.query_one(Input)
        field.selection = type(field.selection)(5, 3)
        reader.pilot.app.post_message(events.Paste("cow\nand more"))
        await reader.until(lambda: field.value == "Moscow")
