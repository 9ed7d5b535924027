"""Suggestions that arrive while one reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from annotations.project import Project
from tui.describe import Piece
from tui.reading import Reading
from tui.suggester import Suggested, Suggester, SuggestingNote, SuggestingStopped
from tui.widgets.page import Page

COMING: Final = "Suggestions are still being made here; the first one is gone to when it is there."


class Filling:
    """The part of the reader that takes suggestions in without moving what is being read."""

    project: Project
    page: Page
    reading: Reading | None
    suggester: Suggester | None
    _message: list[Piece]
    _share: float | None
    _awaits: str | None

    if TYPE_CHECKING:

        def moved(self) -> None: ...
        def say(self, words: str, role: str = "plain") -> None: ...
        def update_lines(self) -> None: ...

    @property
    def is_suggesting(self) -> bool:
        """Whether suggestions for the document are still being made."""
        return self._share is not None

    def begin_suggesting(self, document_id: str) -> None:
        """Have the suggestions of the document that is opened made first, if they are to come."""
        self._share = None
        if self.suggester is None:
            return
        is_bare = not self.project.models(document_id)
        if self.suggester.is_due(document_id, is_bare=is_bare):
            self._share = 0.0
        self.suggester.look_at(document_id, self.page.visible_span())

    def await_suggestion(self) -> None:
        """Say that suggestions are being made, and go to the first one when it is there."""
        self._awaits = ""
        self.say(COMING)

    def on_suggested(self, message: Suggested) -> None:
        reading = self.reading
        if reading is None or message.document != reading.document.id:
            return
        self._share = message.share if message.share < 1 else None
        has_come = bool(message.suggestions) or not self.is_suggesting
        if has_come and self._message == [(COMING, "plain")]:
            self._message = []
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
        self._share = self.suggester = None
        if message.reason:
            self.say(f"No suggestions: {message.reason}", "bad")
        else:
            self.update_lines()
