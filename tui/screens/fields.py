"""All the fields of a claim, each a row: choose with up and down, change with left and right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from annotations import guide
from annotations.records import Claim
from annotations.schema import Schema
from tui.commands import key_name
from tui.describe import Piece, quoted, visible
from tui.flow import MEASURE, flowed, legend
from tui.widgets.line import Line, width
from tui.widgets.list import List

FIELDS: Final = ("stance", "certainty", "frame", "time", "quote", "doubt")

_NAMES: Final = {"quote": "quotation"}
"""Fields that the screen calls otherwise than the files do."""

SetField = Callable[[str, object], Claim | None]
"""Decides one field of the claim; returns the claim as it is now, or None when refused."""


class FieldsScreen(Screen[None]):
    """Sets the fields of one claim; each change is decided at once.

    Args:
        claim: the claim as it is.
        schema: the project's schema.
        set_field: decides a field's value, durably.
    """

    CSS_PATH = "fields.tcss"

    def __init__(self, claim: Claim, schema: Schema, set_field: SetField) -> None:
        super().__init__()
        self._claim = claim
        self._schema = schema
        self._set_field = set_field

    def compose(self) -> ComposeResult:
        yield Line(id="status")
        yield List(id="fields")
        yield List(id="meaning")
        yield Line(id="said")
        yield Line(id="keys")

    def on_mount(self) -> None:
        self._list = self.query_one("#fields", List)
        self._meaning = self.query_one("#meaning", List)
        self._meaning.show(self._define)
        self._list.show(self._lay_out, 0)

    @property
    def _field(self) -> str:
        return FIELDS[self._list.current or 0]

    def _lay_out(self, cells: int) -> list[list[Piece]]:
        return [self._row(field, cells) for field in FIELDS]

    def _row(self, field: str, cells: int) -> list[Piece]:
        is_current = field == self._field
        start: list[Piece] = [
            ("▸ " if is_current else "  ", "key"),
            (f"{_NAMES.get(field, field):<11}", "strong" if is_current else "plain"),
        ]
        now, known = value_of(self._claim, field), self._values(field)
        chosen: Piece = (f"‹{_shown(now)}›", "strong")
        every = [chosen if one == now else (f" {_shown(one)} ", "muted") for one in known]
        if chosen in every and width([*start, *every]) <= cells:
            return [*start, *every]
        return [*start, chosen]

    def _values(self, field: str) -> Sequence[str]:
        return [one.name for one in guide.values(self._schema, field)]

    def _define(self, cells: int) -> list[list[Piece]]:
        """What the guide says of the value that the current field has."""
        now = value_of(self._claim, self._field)
        for one in guide.values(self._schema, self._field):
            if one.name == now and one.definition:
                name, meaning = f"{_shown(now)}: ", visible(one.definition)
                return flowed([(name, "plain"), (meaning, "muted")], min(cells, MEASURE))
        return []

    def on_list_moved(self) -> None:
        cells = self._list.content_size.width
        words = quoted(self._claim.text, max(16, cells - 8))
        self.query_one("#status", Line).say([("Claim ", "muted"), (f"“{words}”", "strong")])
        self.query_one("#keys", Line).say(
            legend(cells, ("↑↓", "field"), ("←→", "value"), ("esc", "back"))
        )

    def on_key(self, event: events.Key) -> None:
        key = key_name(event.key, event.character)
        event.stop()
        event.prevent_default()
        if key in ("escape", "enter", "w"):
            self.dismiss()
        elif key in ("left", "right"):
            self._turn(1 if key == "right" else -1)
        elif self._list.press(key):
            self._renew()

    def _turn(self, step: int) -> None:
        """Give the current field the value beside the one it has, around the end to the start."""
        field, known = self._field, self._values(self._field)
        now = value_of(self._claim, field)
        place = known.index(now) + step if now in known else min(step, 0)
        value = known[place % len(known)]
        if value == now:
            return
        before = self._claim
        after = self._set_field(field, value == "yes" if field == "doubt" else value)
        if after is None or value_of(after, field) != value:
            told: list[Piece] = [
                (f"not set: {_NAMES.get(field, field)} stays {_shown(now)}", "bad")
            ]
        else:
            told = _told(before, after, field)
        self._claim = after or before
        self.query_one("#said", Line).say(told)
        self._renew()

    def _renew(self) -> None:
        self._list.renew()
        self._meaning.renew()


def value_of(claim: Claim, field: str) -> str:
    """The name of the value that a claim has in a field."""
    value = getattr(claim, field)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _told(before: Claim, after: Claim, field: str) -> list[Piece]:
    """What was set, and what had to change with it."""
    value = _shown(value_of(after, field))
    mended = [
        f"{_NAMES.get(one, one)} → {_shown(value_of(after, one))}, goes with {value}"
        for one in FIELDS
        if one != field and value_of(after, one) != value_of(before, one)
    ]
    return (
        [("; ".join(mended), "key")]
        if mended
        else [(f"{_NAMES.get(field, field)}: {value}, saved", "good")]
    )


def _shown(value: str) -> str:
    return visible(value).replace("_", " ")
