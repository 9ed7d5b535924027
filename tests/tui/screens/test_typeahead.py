"""Keys that come all at once, as they do over a slow line, go where each was meant to go."""

from __future__ import annotations

import scenes
from driver import Reader, reading
from textual import events
from textual.widgets import Input

from annotations.project import Project
from annotations.records import Action
from tui.screens.documents import DocumentsScreen


def burst(reader: Reader, *keys: str) -> None:
    """Send keys without waiting for anything between them."""
    for key in keys:
        reader.pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_what_is_typed_behind_a_prompt_s_key_is_the_prompt_s(project: Project) -> None:
    async with reading(project) as reader:
        burst(reader, "/", *"xanadu")
        await reader.until(lambda: reader.screen.query_one(Input).value == "xanadu")
        await reader.until(lambda: "“xanadu” is not in this document." in reader.said)
        assert reader.journal() == []


async def test_what_is_typed_behind_a_screen_s_key_is_the_screen_s(project: Project) -> None:
    async with reading(project) as reader:
        await reader.go("Moscow")
        burst(reader, "j", "x", "a", "/", *"axe")
        await reader.until(lambda: isinstance(reader.pilot.app.screen, DocumentsScreen))
        field = reader.pilot.app.screen.query_one(Input)
        await reader.until(lambda: field.value == "axe")
        assert reader.journal() == []


async def test_what_is_typed_behind_the_key_that_leaves_is_the_reader_s(project: Project) -> None:
    async with reading(project) as reader:
        burst(reader, "j", "/", *"minutes", "enter", "a", "x", "/", *"ax", "escape", "u")
        await reader.until(lambda: len(reader.journal()) == 3)
        assert [one.action for one in reader.journal()] == [
            Action.ACCEPT,
            Action.REJECT,
            Action.UNDO,
        ]
        assert reader.reading.document.title == scenes.MINUTES


async def test_no_key_is_lost_or_done_twice(project: Project) -> None:
    async with reading(project) as reader:
        open_ = reader.reading.overlay.open
        burst(reader, *"axa" * 5)
        await reader.until(lambda: len(reader.journal()) == 15)
        await reader.pilot.pause()
        assert len(reader.journal()) == 15
        assert reader.reading.overlay.open == open_ - 15
