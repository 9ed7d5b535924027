"""A screen that is only read: a title, rows to turn through, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult

from tui.commands import key_name
from tui.faults import GuardedScreen
from tui.flow import legend
from tui.widgets.line import Line
from tui.widgets.list import List
from tui.widgets.rows import Rows


class Leaflet(GuardedScreen[None]):
    """Rows that are laid out for the width there is.

    Args:
        title: what stands above them.
        lay_out: the rows for a width in cells.
        opened_by: the keys that open it, which go back as well.
    """

    CSS_PATH = "leaflet.tcss"

    def __init__(self, title: str, lay_out: Callable[[int], Rows], *opened_by: str) -> None:
        super().__init__()
        self._title = title
        self._rows = lay_out
        self._leave = {"escape", "q", *opened_by}

    def compose(self) -> ComposeResult:
        yield Line(id="status")
        yield List()
        yield Line(id="keys")

    def on_mount(self) -> None:
        self._list = self.query_one(List)
        self._list.show(self._rows)

    def on_list_moved(self) -> None:
        place, cells = self._list.place, self._list.content_size.width
        self.query_one("#status", Line).say([(self._title, "strong")], [(place, "muted")])
        self.query_one("#keys", Line).say(
            legend(cells, ("f b", "page"), ("↑↓", "row"), ("esc", "back"))
        )

    def on_key(self, event: events.Key) -> None:
        key = key_name(event.key, event.character)
        event.stop()
        event.prevent_default()
        if not self._list.press(key) and key in self._leave:
            self.dismiss()
