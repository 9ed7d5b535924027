"""Sends only the cells that differ from what the terminal shows.

Textual paints a whole row for one changed cell and a whole page for a scroll, and compares nothing
with the frame before. `ThriftyApp` remembers each cell of the terminal and writes only the runs
that changed. It stands on names that Textual keeps to itself, so everything that does is here: for
any Textual but 8.2, on Windows, in a browser, inline, or with `PURPORT_THRIFT=0`, Textual's own
output is used.
"""

from __future__ import annotations

import os
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import textual
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events
from textual.app import App, ReturnType
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from tui.ink import UNKNOWN, Cell, Pen, Writer, bare, cells, has_doubtful, pen_of

try:
    from textual._compositor import ChopsUpdate, LayoutUpdate

    KNOWN = textual.__version__.startswith("8.2.") and sys.platform != "win32"
except ImportError:  # pragma: no cover - another Textual than the one pinned
    KNOWN = False


_SHORTEST_ERASURE: Final = 4
"""From this many blanks on, erasing to the end of the row is shorter than writing them."""


class Shown:
    """What the terminal shows, cell by cell.

    Args:
        erases: whether the terminal erases with the current background colour (terminfo's `bce`).
    """

    def __init__(self, *, erases: bool = False) -> None:
        self.erases = erases
        self.rows: list[list[Cell]] = []
        self.size = Size(0, 0)
        self._doubtful: set[int] = set()

    def forget(self) -> None:
        """Take every cell as unknown, so that the next frame is written in full."""
        self.resize(self.size)

    def resize(self, size: Size) -> None:
        """Take the terminal to have another size, and every cell as unknown."""
        self.size = size
        self.rows = [[UNKNOWN] * size.width for _ in range(size.height)]
        self._doubtful.clear()

    def update(self, strips: Iterable[tuple[int, int, Strip]], system: ColorSystem) -> str:
        """The shortest sequences found that make the terminal show these strips as well.

        Args:
            strips: row, column and what is painted there; where two overlap, the later stays.
            system: how many colours the terminal has.
        """
        wanted: dict[int, list[Cell]] = {}
        for y, x, strip in strips:
            if 0 <= y < self.size.height and 0 <= x < self.size.width:
                _paint(wanted.setdefault(y, self.rows[y].copy()), x, strip, system)
        writer = Writer()
        for y, row in sorted(wanted.items()):
            self._write(writer, y, row)
            self.rows[y] = row
        return writer.finish()

    def _write(self, writer: Writer, y: int, row: list[Cell]) -> None:
        old = self.rows[y]
        if row == old:
            return
        changed = [
            x
            for x, (cell, before) in enumerate(zip(row, old, strict=True))
            if cell != before and cell is not UNKNOWN
        ]
        if not changed:
            return
        doubtful = y in self._doubtful
        if has_doubtful(row):
            doubtful = True
            self._doubtful.add(y)
        else:
            self._doubtful.discard(y)
        tail = self._tail(row)
        cut = bisect_left(changed, tail)
        erased = len(changed) - cut >= _SHORTEST_ERASURE
        if doubtful:
            writer.put_doubtful(row, y, tail if erased else len(row))
        else:
            for start, end in _runs(changed[:cut] if erased else changed, row):
                if writer.can_run_on(row, y, start):
                    start = writer.x
                writer.move(y, start)
                writer.put(row, start, end)
        if erased:
            writer.erase(row, y, tail if doubtful else changed[cut])

    def _tail(self, row: list[Cell]) -> int:
        """Where the blanks begin that end the row and that an erasure would leave the same."""
        last = row[-1]
        if last[0] != " " or last[1] != Pen(bg=last[1].bg) or (last[1].bg and not self.erases):
            return len(row)
        start = len(row)
        while start and row[start - 1] == last:
            start -= 1
        return start


def _paint(row: list[Cell], x: int, strip: Strip, system: ColorSystem) -> None:
    """Lay a strip over a row as a terminal would."""
    width = len(row)
    if x and not row[x][0] and cell_len(row[x - 1][0]) > 1:
        row[x - 1] = UNKNOWN
    for text, style, _ in strip:
        made = cells(text, pen_of(style, system))
        end = x + len(made)
        if end > width:
            cut = max(width - x, 0)
            if cut and made[cut : cut + 1] and not made[cut][0]:
                made = (*made[: cut - 1], (" ", bare(made[cut][1])))
            made, end = made[:cut], width
        row[x:end] = made
        x = end
    if x < width and not row[x][0]:
        row[x] = UNKNOWN


def _runs(changed: Sequence[int], row: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Neighbouring columns as half-open runs that never split a wide cluster."""
    start = end = -1
    for x in changed:
        if x < end:
            continue
        first = x
        while first and not row[first][0]:
            first -= 1
        if first > end:
            if end > start:
                yield start, end
            start = first
        end = x + 1
        while end < len(row) and not row[end][0]:
            end += 1
    if end > start:
        yield start, end


def painted(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """What one of Textual's updates paints: row, column and strip, in its order."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, first, last in update.spans:
        for end, (x, part) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if part is None or x > last or end <= first:
                continue
            whole = first <= x < last and end <= last
            yield y, x, part if whole else part.crop(0, min(end, last) - x)


def erases_with_colour() -> bool:
    """Whether terminfo says that this terminal erases with the background colour."""
    import curses

    try:
        curses.setupterm(os.environ.get("TERM") or "dumb", 1)
        return curses.tigetflag("bce") > 0
    except (curses.error, ValueError):  # TERM may hold what is no name at all
        return False


class ThriftyApp(App[ReturnType]):
    """A Textual app that sends only the cells that changed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._thrifty = KNOWN and os.environ.get("PURPORT_THRIFT") != "0"
        self._shown = Shown(erases=self._thrifty and erases_with_colour())
        self._session: object = None

    def action_repaint(self) -> None:
        """Write the whole screen again, for when something else has written on it."""
        self._shown.forget()
        self.screen.refresh(layout=True)

    async def _on_resize(self, event: events.Resize) -> None:
        # Textual's own handler runs as well. A terminal that was made smaller and larger again
        # between two frames has lost cells, and so has one that we come back to after ctrl+z.
        if self._shown.size == event.size:
            self.action_repaint()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write what differs between a renderable and the terminal; see `App._display`."""
        if not (self._thrifty and self._is_live() and _is_known(renderable)):
            super()._display(screen, renderable)
            return
        assert isinstance(renderable, LayoutUpdate | ChopsUpdate)
        driver = self._driver
        assert driver is not None
        size = screen.outer_size
        session = getattr(driver, "_writer_thread", None)
        if self._session is not session or self._shown.size != size:
            # Each start of application mode has a writer of its own, and an empty screen.
            self._session = session
            self._shown.resize(size)
        system = self.console._color_system or ColorSystem.TRUECOLOR
        text = self._shown.update(painted(renderable), system)
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        if text or cursor != self._previous_cursor_position:
            self._previous_cursor_position = cursor
            self._begin_update()
            driver.write(f"{text}\x1b[{cursor.y + 1};{cursor.x + 1}H")
            self._end_update()
            driver.flush()
        self.post_display_hook()

    def _is_live(self) -> bool:
        """Whether a frame goes to a terminal of our own, and now."""
        driver = self._driver
        return (
            self._running
            and not self._closed
            and not self._batch_count
            and driver is not None
            and not (driver.is_headless or driver.is_inline or driver.is_web)
            and getattr(driver, "_writer_thread", None) is not None
        )


def _is_known(renderable: RenderableType | None) -> bool:
    return isinstance(renderable, LayoutUpdate | ChopsUpdate)
