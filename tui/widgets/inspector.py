"""The panel at the side: everything about the current annotation."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from tui.describe import Piece
from tui.widgets.line import content


class Inspector(Static):
    """What is suggested, by whom, why, and what became of it."""

    DEFAULT_CSS = """
    Inspector {
        width: 38;
        height: 1fr;
        padding: 1 1 0 2;
        border-left: solid $panel;
        display: none;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", markup=False, id=id)
        self._lines: Sequence[Sequence[Piece]] = ()

    def say(self, lines: Sequence[Sequence[Piece]]) -> None:
        """Show these lines; what is shown already costs nothing."""
        if lines != self._lines:
            self._lines = lines
            self.update(Content("\n").join(content(one) for one in lines), layout=False)

    @property
    def words(self) -> str:
        """What the panel says, for tests and screen readers."""
        return "\n".join("".join(words for words, _ in line) for line in self._lines)
