"""Suggestions that arrive while one reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.project import Project
from tui.reading import Reading
from tui.suggester import Suggested, SuggestingNote, SuggestingStopped
from tui.widgets.page import Page


class Filling:
    """The part of the reader that takes suggestions in without moving what is being read."""

    project: Project
    page: Page
    reading: Reading | None
    _share: float | None
    _awaits: str | None

    if TYPE_CHECKING:

        def moved(self) -> None: ...
        def say(self, words: str, role: str = "plain") -> None: ...
        def update_lines(self) -> None: ...

    def on_suggested(self, message: Suggested) -> None:
        reading = self.reading
        if reading is None or message.document != reading.document.id:
            return
        self._share = message.share if message.share < 1 else None
        if message.suggestions and not self.project.blind:
            reading.overlay.extend(message.suggestions)
            self.page.changed(one.span for one in message.suggestions)
        if (awaited := self._awaits) is not None:
            found = reading.index.get(awaited) if awaited else reading.nearest_open()
            if found is not None:
                self._awaits = None
                reading.go(found)
                self.moved()
        self.update_lines()

    def on_suggesting_note(self, message: SuggestingNote) -> None:
        self.say(message.words)

    def on_suggesting_stopped(self, message: SuggestingStopped) -> None:
        self._share = None
        if message.reason:
            self.say(f"No suggestions: {message.reason}", "bad")
        else:
            self.update_lines()
