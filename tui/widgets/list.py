"""Rows to look through, of which only those that can be seen are made and painted."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from tui.widgets.line import content
from tui.widgets.rows import Rows


class List(Widget):
    """A page of rows, one of which may be the current one. It has no focus; a screen tells it keys.

    It scrolls by turning pages, because a line that moves costs a whole screen of bytes.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    List { width: 1fr; height: 1fr; padding: 0 1; text-wrap: nowrap; }
    """

    class Moved(Message):
        """Other rows are in view, or another one is current."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, List.Moved)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lay_out: Callable[[int], Rows] = lambda _: ()
        self._rows: Rows = ()
        self._top = 0
        self.current: int | None = None

    def show(self, lay_out: Callable[[int], Rows], current: int | None = None) -> None:
        """Show other rows, with the current one in view.

        Args:
            lay_out: the rows for a width in cells.
            current: the place of the current row; None for rows that are only read.
        """
        self._lay_out, self.current, self._top = lay_out, current, 0
        self._make()

    def renew(self) -> None:
        """Lay the same rows out anew, since what they say has changed."""
        self._make()

    def point(self, place: int) -> None:
        """Make another row the current one, with as much as fits of what follows it in view."""
        self.current = place
        self._make(max(0, place - 2))

    def on_resize(self) -> None:
        self._make()

    def _make(self, top: int | None = None) -> None:
        width = self.content_size.width
        if not width:
            return
        before, self._rows = len(self._rows), self._lay_out(width)
        if self.current is None and before and before != len(self._rows):
            # Narrower rows are more of them: stay by the same words.
            self._top = self._top * len(self._rows) // before
        self._go(self._top if top is None else top, self.current)
        self.refresh()

    @property
    def place(self) -> str:
        """The current row's number, or those in view, of how many; empty where all are in view."""
        count = len(self._rows)
        if self.current is not None:
            return f"{self.current + 1:,} of {count:,}" if count else ""
        last = min(count, self._top + self.content_size.height)
        return f"{self._top + 1:,}–{last:,} of {count:,}" if count > last - self._top else ""

    @property
    def words(self) -> str:
        """What the rows in view say, for tests and screen readers."""
        rows = self._rows[self._top : self._top + self.content_size.height]
        return "\n".join("".join(words for words, _ in row) for row in rows)

    def press(self, key: str) -> bool:
        """Do what a key means in a list; returns whether it means anything."""
        page = max(1, self.content_size.height - 1)
        steps = {"up": -1, "down": 1, "b": -page, "pageup": -page, "f": page, "pagedown": page}
        steps |= {"home": -len(self._rows), "end": len(self._rows)}
        step = steps.get(key)
        if step is None:
            return False
        current = None if self.current is None else self.current + step
        self._go(self._top if current is not None and abs(step) == 1 else self._top + step, current)
        return True

    def _go(self, top: int, current: int | None) -> None:
        """Put a row at the top, another one first in mind, and both where they can be."""
        count, height = len(self._rows), self.content_size.height
        old_top, old = self._top, self.current
        if current is not None:
            current = min(max(0, current), max(0, count - 1))
            if not top <= current < top + height:
                top = current - height // 2
        self._top, self.current = min(max(0, top), max(0, count - height)), current
        if self._top != old_top:
            self.refresh()
        elif current != old:
            for row in (current, old):
                if row is not None:
                    self.refresh(Region(0, row - self._top, self.size.width, 1))
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        width, place = self.content_size.width, self._top + y
        row = self._rows[place] if place < len(self._rows) else ()
        (strip,) = Visual.to_strips(self, content(row), width, 1, self.visual_style, pad=True) or [
            Strip.blank(width, self.rich_style)
        ]
        return strip.crop(0, width)
