"""What the reader says in the lines around the text and in the panel at the side."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Size

from annotations.errors import RefusedError
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Annotation, Decision
from tui.commands import Commands, Needs
from tui.describe import Piece, brief, facts, full, quoted, visible
from tui.hints import hints
from tui.reading import Reading
from tui.screens.modes import Mode
from tui.status import NARROW, status
from tui.widgets.inspector import Inspector
from tui.widgets.line import Line


class Telling:
    """The part of the reader that keeps the lines around the text up to date."""

    WIDE: ClassVar = 110
    """Columns from which the inspector has room at the side."""

    commands: Commands
    project: Project
    reading: Reading | None
    mode: Mode | None
    inspecting: bool
    inspector: Inspector
    status: Line
    detail: Line
    keys: Line
    _asked: str
    _is_again: bool
    _layer: Layer | None
    _message: list[Piece]
    _place: tuple[int, int]
    _saved: str
    _share: float | None

    if TYPE_CHECKING:

        @property
        def is_suggesting(self) -> bool: ...
        @property
        def offers(self) -> Collection[Needs]: ...
        @property
        def size(self) -> Size: ...
        def empty(self) -> str: ...
        def who_else(self, here: Annotation) -> list[str]: ...

    def say(self, words: str, role: str = "plain") -> None:
        """Say something in the line under the text, until the next key."""
        self._asked = ""
        self._message = [(words, role)]
        self.update_lines()

    @property
    def room(self) -> int:
        """The cells of a line under the text."""
        return self.keys.content_size.width or max(0, self.size.width - 2)

    def update_lines(self) -> None:
        """Bring the lines around the text up to date."""
        reading = self.reading
        room = self.room
        keys = hints(self.commands, reading, room, self.offers)
        self.keys.say(self.mode.line() if self.mode else keys, whole=self.mode is not None)
        if reading is None:
            self.detail.say(self._message or [(self.empty(), "bad")], whole=True)
            return
        self.status.say(
            [(visible(reading.document.title), "strong")],
            status(
                self.number(),
                None if self.project.blind else reading.overlay.open,
                self._layer,
                self._share,
                self.project,
                self._saved,
                self.size.width,
            ),
        )
        here = reading.annotation
        if self.inspecting and self.size.width >= self.WIDE:
            self.inspector.display = True
            self.inspector.say(self.told(here) if here else ())
        else:
            self.inspector.display = False
        if self._message:
            self.detail.say(self._message, whole=True)
        elif here is not None:
            self.detail.say(self.summed_up(here))
        elif reading.selection:
            words = quoted(reading.selection.of(reading.text), room - len("selected: "))
            self.detail.say([(f"selected: {words}", "plain")])
        else:
            coming = self.is_suggesting and not self.project.blind
            words = "suggestions are being made" if coming else "no annotation here"
            self.detail.say([(words, "muted")])

    def number(self) -> str:
        """Which document of how many, in words; a narrow screen has no room for it."""
        if self.size.width < NARROW:
            return ""
        number, count = self._place
        return f"{number} of {count}"

    def summed_up(self, here: Annotation) -> list[Piece]:
        """The current annotation in a line."""
        assert self.reading is not None
        made = brief(here, self.project.schema, self.reading.more_like() or 0, self.room)
        flags = self._layer.state.flags if self._layer else ()
        return [*made, (" · flagged", "bad")] if here.id in flags else made

    def tell_facts(self) -> None:
        """Tell all of the current annotation in a few lines at the foot, until the next key.

        The second time they are gone: a key takes away what was said.
        """
        if self._is_again:
            return
        here = self.reading.annotation if self.reading else None
        if here is None:
            raise RefusedError("There is no annotation under the cursor to tell of.")
        lines = self.told(here)
        lines = lines if self.size.width >= NARROW else lines[1:]  # the words are in the text
        self._message, self._asked = facts(lines), "inspector.toggle"
        self.update_lines()

    def told(self, here: Annotation) -> list[list[Piece]]:
        """The current annotation in as many lines as it takes."""
        return full(here, self.project.schema, self._history(here.id), self.who_else(here))

    def _history(self, annotation_id: str) -> list[Decision]:
        return self._layer.undoable.of(annotation_id) if self._layer else []
