"""The real reader with its keys under one's fingers: pressed, counted, and read from the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, Final

import scenes
from textual.pilot import Pilot

from annotations.project import Project
from annotations.records import Annotation, Decision
from tui.reading import Reading
from tui.screens.reader import ReaderScreen

DEADLINE: Final = 10.0
"""Seconds until something that was to happen has failed to."""


class Reader:
    """A running reader.

    Attributes:
        keys: how many keys were pressed.
    """

    def __init__(self, project: Project, pilot: Pilot[None]) -> None:
        self.project = project
        self.pilot = pilot
        self.keys = 0

    # Doing

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, and wait until each is worked off."""
        for key in keys:
            self.keys += 1
            await self.pilot.press(key)
        await self.pilot.pause()

    async def type(self, words: str) -> None:
        """Press the keys of these words."""
        await self.press(*("space" if letter == " " else letter for letter in words))

    async def until(self, happens: Callable[[], bool]) -> None:
        """Wait for something that no key waits for, such as a timer."""
        deadline = monotonic() + DEADLINE
        while not happens():
            assert monotonic() < deadline, f"it never happened; the screen was\n{self.text}"
            await self.pilot.pause(0.01)

    async def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(columns, rows)
        await self.pilot.pause()

    async def go(self, words: str, number: int = 0) -> Annotation:
        """Stand on the annotation of these words, by no key."""
        screen = self.screen
        reading = self.reading
        span = reading.text.occurrences(words)[number]
        marked = reading.overlay.index.between(span.start, span.end)
        found = next(one for one in marked if one.span == span)
        reading.go(found)
        screen.moved()
        await self.pilot.pause()
        return found

    async def point(self, words: str, number: int = 0) -> None:
        """Put the cursor on the first of these words, by no key."""
        self.reading.let_go()
        self.reading.point(self.reading.text.occurrences(words)[number].start)
        self.screen.moved()
        await self.pilot.pause()

    # Seeing

    @property
    def screen(self) -> ReaderScreen:
        """The reader's own screen, whatever is open over it."""
        app: Any = self.pilot.app
        assert isinstance(app.reader, ReaderScreen)
        return app.reader

    @property
    def reading(self) -> Reading:
        """Where one is."""
        assert self.screen.reading is not None
        return self.screen.reading

    @property
    def current(self) -> Annotation:
        """The current annotation."""
        found = self.reading.annotation
        assert found is not None, f"no annotation is current; the screen is\n{self.text}"
        return found

    @property
    def text(self) -> str:
        """What the terminal shows now, row by row, whichever screen is open."""
        strips = self.pilot.app.screen._compositor.render_strips()
        return "\n".join("".join(part.text for part in row).rstrip() for row in strips)

    @property
    def page(self) -> str:
        """The page of the document as shown."""
        page = self.screen.page
        rows = (page.render_line(y).text.rstrip() for y in range(page.size.height))
        return "\n".join(rows)

    @property
    def status(self) -> str:
        """The status line."""
        return self.screen.status.words

    @property
    def said(self) -> str:
        """The line under the text."""
        return self.screen.detail.words

    @property
    def foot(self) -> str:
        """The line of keys."""
        return self.screen.keys.words

    def journal(self) -> list[Decision]:
        """Every decision that is on the disk, as another process finds it."""
        other = Project.open(self.project.root, annotator=self.project.annotator)
        try:
            return list(other.log())
        finally:
            other.close()


@asynccontextmanager
async def reading(
    project: Project, size: tuple[int, int] = (80, 24), **settings: Any
) -> AsyncIterator[Reader]:
    """The reader on a project, in a terminal of this size; it is closed when the block ends."""
    app = scenes.app(project, **settings)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Reader(project, pilot)


def another(project: Project) -> Project:
    """The same project as another terminal has it open."""
    return Project.open(project.root, annotator=project.annotator)


def of_words(project: Project, words: str, title: str = scenes.SUMMIT) -> Annotation:
    """What a fresh look at the project finds on the first of these words."""
    document = another(project).document(title)
    span = document.text.occurrences(words)[0]
    found = another(project).overlay(document.id).index.between(span.start, span.end)
    return next(one for one in found if one.span == span)
