"""The guide: definitions and examples, those of the field in hand first."""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from annotations import guide
from annotations.schema import Schema
from annotations.vocabulary import Value
from tui.commands import key_name
from tui.describe import Piece, visible
from tui.flow import MEASURE, flowed, legend
from tui.widgets.line import Line
from tui.widgets.list import List


class GuideScreen(Screen[None]):
    """What each value of a claim's fields and each label means.

    Args:
        schema: the project's schema.
        field: the field in hand, or `labels`; its part comes first.
    """

    CSS_PATH = "guide.tcss"

    def __init__(self, schema: Schema, field: str) -> None:
        super().__init__()
        self._sections = guide.sections(schema, field)

    def compose(self) -> ComposeResult:
        yield Line(id="status")
        yield List()
        yield Line(id="keys")

    def on_mount(self) -> None:
        self._list = self.query_one(List)
        self._list.show(lambda cells: rows(self._sections, cells))

    def on_list_moved(self) -> None:
        place, cells = self._list.place, self._list.content_size.width
        self.query_one("#status", Line).say([("Guide", "strong")], [(place, "muted")])
        self.query_one("#keys", Line).say(
            legend(cells, ("f b", "page"), ("↑↓", "row"), ("esc", "back"))
        )

    def on_key(self, event: events.Key) -> None:
        key = key_name(event.key, event.character)
        event.stop()
        event.prevent_default()
        if not self._list.press(key) and key in ("escape", "q", "g"):
            self.dismiss()


def rows(sections: list[guide.Section], cells: int) -> list[list[Piece]]:
    """The guide as rows of at most so many cells."""
    cells = min(cells, MEASURE)
    made: list[list[Piece]] = []
    for section in sections:
        made += [[]] if made else []
        made += flowed([(section.name, "key"), (f" · {section.about}", "muted")], cells)
        for value in section.values:
            made += _value(value, cells)
    return made


def _value(value: Value, cells: int) -> Iterator[list[Piece]]:
    name = (f"  {visible(value.name).replace('_', ' ')}", "strong")
    yield from flowed([name, (f"  {visible(value.definition)}", "plain")], cells, indent=4)
    if value.example:
        example = [
            (words, "strong" if is_claim else "muted")
            for words, is_claim in guide.parts(visible(value.example))
        ]
        yield from flowed([("    ", "plain"), *example], cells, indent=4)
