"""Nothing that comes from outside ends the real reader or takes its keys: mouse, sizes, bad files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from driver import Reader, another, reading
from textual import events
from textual.command import CommandList
from textual.geometry import Size
from textual.widgets import Input

from annotations.project import Project
from annotations.records import Action
from tui.screens.help import HelpScreen
from tui.screens.palette import Palette


def burst(reader: Reader, *keys: str) -> None:
    """Send keys without waiting for anything between them."""
    for key in keys:
        reader.pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))


def press_outside(reader: Reader) -> None:
    """Press a button of the mouse under the last row, as when the window has become smaller."""
    x, y = 5.0, float(reader.pilot.app.size.height + 3)
    for kind in (events.MouseDown, events.MouseUp):
        event = kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y)
        reader.pilot.app.post_message(event)


def shrink(reader: Reader, columns: int, rows: int) -> None:
    """Give the terminal another size and wait for nothing."""
    size = Size(columns, rows)
    reader.pilot.app.post_message(events.Resize(size, size))


async def is_alive(reader: Reader) -> None:
    """Leave whatever is open and look at the help, as a person would."""
    await reader.press("escape", "escape", "escape", "?")
    await reader.until(lambda: isinstance(reader.pilot.app.screen, HelpScreen))
    await reader.press("escape")


@pytest.mark.parametrize("opening", ["/", ";", "S", ":"])
async def test_a_mouse_outside_the_window_leaves_the_keys_to_what_asks(
    project: Project, opening: str
) -> None:
    async with reading(project) as reader:
        await reader.go("Moscow")
        await reader.press(opening)
        press_outside(reader)
        await reader.pilot.pause()
        await reader.type("axe")
        assert reader.pilot.app.screen.query_one(Input).value == "axe"
        await is_alive(reader)
        assert reader.journal() == []


async def test_what_is_pasted_behind_a_mouse_outside_the_window_is_kept(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        press_outside(reader)
        await reader.pilot.pause()
        reader.pilot.app.post_message(events.Paste("Moscow"))
        await reader.until(lambda: reader.screen.query_one(Input).value == "Moscow")


async def test_a_prompt_has_the_keys_when_the_terminal_lost_and_got_the_focus(
    project: Project,
) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        reader.pilot.app.post_message(events.AppBlur())
        await reader.pilot.pause()
        await reader.type("mos")
        reader.pilot.app.post_message(events.AppFocus())
        await reader.pilot.pause()
        await reader.type("cow")
        assert reader.screen.query_one(Input).value == "moscow"


@pytest.mark.parametrize("keys", [("n",), ("tab", "f"), ("a", "x", "n")])
async def test_a_smaller_window_together_with_keys_ends_nothing(
    project: Project, keys: Iterable[str]
) -> None:
    async with reading(project, (80, 40)) as reader:
        for rows in (38, 12, 5, 30, 2, 1, 24, 3, 40):
            shrink(reader, 80, rows)
            burst(reader, *keys)
            shrink(reader, 80, max(1, rows // 2))
            burst(reader, *keys)
            await reader.pilot.pause()
        await is_alive(reader)


@pytest.mark.parametrize("key", ["pageup", "pagedown", "up", "down", "home", "end", "enter"])
async def test_keys_typed_behind_the_palette_s_key_end_nothing(project: Project, key: str) -> None:
    async with reading(project) as reader:
        burst(reader, ":", key)
        await reader.pilot.pause()
        burst(reader, key, key)
        await reader.pilot.pause()
        await is_alive(reader)


async def test_a_palette_without_a_layout_takes_keys_that_turn_its_pages(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press(":")
        palette = reader.pilot.app.screen
        assert isinstance(palette, Palette)
        commands = palette.query_one(CommandList)
        await reader.until(lambda: commands.highlighted == 0)
        # As between the arrival of the commands and the first layout: options, and no lines yet.
        commands._index_to_line.clear()
        await reader.press("pagedown", "pageup")
        await is_alive(reader)


async def test_the_palette_still_turns_its_pages(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press(":")
        palette = reader.pilot.app.screen
        assert isinstance(palette, Palette)
        commands = palette.query_one(CommandList)
        await reader.until(lambda: commands.highlighted == 0)
        await reader.press("pagedown")
        assert commands.highlighted


# Files that change under the open reader


def cut(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes()[: journal.stat().st_size // 2])


def empty(journal: Path) -> None:
    journal.write_bytes(b"")


def replace(journal: Path) -> None:
    journal.write_bytes(b"<<<<<<< HEAD\nnot a decision\n=======\n>>>>>>> other\n")


def turn_into_a_folder(journal: Path) -> None:
    journal.unlink()
    journal.mkdir()


KEYS = [
    "a",
    "x",
    "=",
    "-",
    ";",
    "u",
    "r",
    "1",
    "v",
    "[",
    "]",
    "{",
    "}",
    "c",
    "h",
    "@",
    "*",
    '"',
    "w",
    "g",
    "n",
    "p",
    "tab",
    "e",
    "E",
    ">",
    "<",
    "j",
    "+",
    "#",
    "%",
    "k",
    ".",
    ",",
    "f",
    "b",
    "i",
    "t",
    "H",
    "/",
]
DAMAGE = [cut, empty, replace, turn_into_a_folder]


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_journal_damaged_under_the_reader_ends_no_key(
    project: Project, damage: object
) -> None:
    async with reading(project, (120, 40)) as reader:
        await reader.press("a", "a", "x")
        assert len(reader.journal()) == 3
        (journal,) = project.root.rglob("anna.log")
        damage(journal)  # type: ignore[operator]
        for key in KEYS:
            await reader.press(key, "escape")
        await is_alive(reader)


async def test_done_on_a_damaged_journal_says_what_is_wrong(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("a", "a", "x")
        (journal,) = project.root.rglob("anna.log")
        replace(journal)
        await reader.press("e", "e")
        assert "restore the file from a copy" in reader.said
        await is_alive(reader)


async def test_decisions_go_on_in_other_documents(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("a")
        (journal,) = project.root.rglob("anna.log")
        replace(journal)
        await reader.press("a", ">", "a")
    other = another(project)
    actions = [
        one.action
        for document in other.order()[1:]
        for one in other.log(document, project.annotator)
    ]
    assert Action.ACCEPT in actions
