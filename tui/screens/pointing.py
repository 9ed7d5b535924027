"""What the mouse does in the reader: it points at a word, or drags over some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.describe import Piece
from tui.reading import Reading
from tui.screens.modes import Mode
from tui.widgets.page import Page
from tui.widgets.prompt import Prompt


class Pointing:
    """The part of the reader that follows the mouse, unless the keys are for something else."""

    reading: Reading | None
    mode: Mode | None
    prompt: Prompt
    _awaits: str | None
    _asked: str
    _message: list[Piece]

    if TYPE_CHECKING:

        def moved(self) -> None: ...

    def on_page_pointed(self, message: Page.Pointed) -> None:
        if (reading := self._free()) is not None:
            reading.let_go()
            reading.point(message.offset)
            self.moved()

    def on_page_dragged(self, message: Page.Dragged) -> None:
        if (reading := self._free()) is not None:
            reading.select(message.span)
            self.moved()

    def _free(self) -> Reading | None:
        """Where one is; None while a mode or a prompt is about what is current now."""
        if self.mode is not None or self.prompt.is_asking:
            return None
        self._message, self._asked = [], ""
        self._awaits = None
        return self.reading
