"""What the keys do while a mode has them: it decides, or one looks at what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from annotations.errors import PurportError, RefusedError
from tui.alike import Plan
from tui.commands import NAMED, Commands
from tui.describe import Piece
from tui.reading import Reading
from tui.screens.modes import Mode
from tui.widgets.page import Page

_FORWARD: Final = {"cursor.down", "cursor.right", "cursor.word_right", "annotation.next"}
_BACK: Final = {"cursor.up", "cursor.left", "cursor.word_left", "annotation.previous"}


class Looking:
    """The part of the reader that gives its keys to a mode, and lets one look around in it."""

    commands: Commands
    page: Page
    reading: Reading | None
    mode: Mode | None
    _message: list[Piece]
    _looked_at: int

    if TYPE_CHECKING:

        def carry_out(self, plan: Plan, settles: Sequence[str]) -> None: ...
        def moved(self) -> None: ...
        def say(self, words: str, role: str = "plain") -> None: ...
        def update_lines(self) -> None: ...

    def enter(self, mode: Mode | None) -> None:
        """Give the keys to a mode, or back to the commands."""
        self.mode = mode
        self._looked_at = self.reading.cursor.start if self.reading else 0
        self.page.preview(tuple(mode.spans) if mode else ())
        self.update_lines()

    def press_in(self, mode: Mode, key: str) -> None:
        """Do what a key means in a mode; one that means nothing there stays or leaves, as it says."""
        self._message = []
        try:
            answer = mode.press(key)
        except RefusedError as error:
            self.enter(None)
            self.moved()
            self.say(str(error))
            return
        except PurportError as error:
            self.enter(None)
            self.say(str(error), "bad")
            return
        if isinstance(answer, bool) and self._look(mode, key):
            return
        if answer is True:
            self.say(f"{NAMED.get(key, key)} does nothing here; esc leaves.")
            return
        self.enter(None)
        if isinstance(answer, tuple):
            self.carry_out(answer, mode.settles)
        else:
            self.moved()

    def _look(self, mode: Mode, key: str) -> bool:
        """Turn the page, or go to the next place that the mode marks; nothing else changes."""
        command, reading = self.commands.for_key(key), self.reading
        if command is None or reading is None:
            return False
        if command.id in ("page.down", "page.up"):
            turn = self.page.page_down if command.id == "page.down" else self.page.page_up
            self._looked_at = turn()
            self.update_lines()
            return True
        if not mode.spans or command.id not in _FORWARD | _BACK:
            return False
        starts = [one.start for one in mode.spans]
        if command.id in _FORWARD:
            found = [one for one in starts if one > self._looked_at] or starts
            self._looked_at = found[0]
        else:
            found = [one for one in starts if one < self._looked_at] or starts
            self._looked_at = found[-1]
        self.page.point(self._looked_at, reading.current)
        self.say(f"place {starts.index(self._looked_at) + 1:,} of {len(starts):,}")
        return True
