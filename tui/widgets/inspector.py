"""The panel at the side: everything about the current annotation."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from tui.describe import Piece
from tui.flow import flowed
from tui.widgets.line import content, seen


class Inspector(Widget):
    """What is suggested, by whom, why, and what became of it; only rows that differ are painted."""

    ALLOW_SELECT = False

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
        super().__init__(id=id)
        self._lines: Sequence[Sequence[Piece]] = ()
        self._rows: list[list[Piece]] = []

    def say(self, lines: Sequence[Sequence[Piece]]) -> None:
        """Show these lines; what is shown already costs nothing."""
        self._lines = [seen(line) for line in lines]
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.content_size.width
        if not width:
            return
        before = self._rows
        self._rows = [row for line in self._lines for row in flowed(line, width, _indent(line))]
        for y in range(max(len(before), len(self._rows))):
            if before[y : y + 1] != self._rows[y : y + 1]:
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        row = self._rows[y] if y < len(self._rows) else []
        strips = Visual.to_strips(self, content(row), width, 1, self.visual_style, pad=True)
        return strips[0].crop(0, width) if strips else Strip.blank(width, self.rich_style)

    @property
    def words(self) -> str:
        """What the panel says, for tests and screen readers."""
        return "\n".join("".join(words for words, _ in line) for line in self._lines)


def _indent(line: Sequence[Piece]) -> int:
    """How far a line's further rows are set in: under the value, behind the name before it."""
    return len(line[0][0]) if len(line) > 1 and line[0][1] == "muted" else 0
