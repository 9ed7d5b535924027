"""All the fields of a claim, each a row: choose with up and down, change with left and right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual import events
from textual.app import ComposeResult

from annotations import guide
from annotations.records import Claim
from annotations.schema import Schema
from tui.commands import key_name
from tui.describe import Piece, quoted, visible
from tui.draft import LIKELIHOOD, Draft
from tui.faults import GuardedScreen
from tui.flow import MEASURE, flowed, legend
from tui.widgets.line import Line, width
from tui.widgets.list import List

FIELDS: Final = ("stance", "certainty", "frame", "time", "quote", "doubt")

_NAMES: Final = {"quote": "quotation"}
"""Fields that the screen calls otherwise than the files do."""

Keep = Callable[[Claim], str]
"""Decides the claim as it is now, in one decision; says why not, or nothing when it is kept."""


class FieldsScreen(GuardedScreen[bool]):
    """Chooses the fields of one claim; what was chosen is kept as one decision, or left.

    It returns whether anything was kept.

    Args:
        claim: the claim as it is.
        schema: the project's schema.
        keep: decides the claim with what was chosen, durably.
    """

    CSS_PATH = "fields.tcss"

    def __init__(self, claim: Claim, schema: Schema, keep: Keep) -> None:
        super().__init__()
        self._draft = Draft(claim, schema)
        self._schema = schema
        self._keep = keep
        self._fields = (*FIELDS, LIKELIHOOD) if claim.likelihood else FIELDS

    def compose(self) -> ComposeResult:
        yield Line(id="status")
        yield List(id="fields")
        yield List(id="meaning")
        yield Line(id="said")
        yield Line(id="keys")

    def on_mount(self) -> None:
        self._list = self.query_one("#fields", List)
        self._list.styles.height = len(self._fields)
        self._meaning = self.query_one("#meaning", List)
        self._meaning.show(self._define)
        self._list.show(self._lay_out, 0)

    @property
    def _field(self) -> str:
        return self._fields[self._list.current or 0]

    def _lay_out(self, cells: int) -> list[list[Piece]]:
        return [self._row(field, cells) for field in self._fields]

    def _row(self, field: str, cells: int) -> list[Piece]:
        is_current = field == self._field
        start: list[Piece] = [
            ("▸ " if is_current else "  ", "key"),
            (f"{_name(field):<11}", "strong" if is_current else "plain"),
        ]
        draft = self._draft
        now, known = draft.value(field), draft.values(field)
        chosen: Piece = (f"‹{_shown(now)}›", "strong" if now == draft.was(field) else "key")
        every = [chosen if one == now else (f" {_shown(one)} ", "muted") for one in known]
        if chosen in every and width([*start, *every]) <= cells:
            return [*start, *every]
        return [*start, chosen]

    def _define(self, cells: int) -> list[list[Piece]]:
        """What the guide says of the value that the current field has."""
        now = self._draft.value(self._field)
        for one in guide.values(self._schema, self._field):
            if one.name == now and one.definition:
                name, meaning = f"{_shown(now)}: ", visible(one.definition)
                return flowed([(name, "plain"), (meaning, "muted")], min(cells, MEASURE))
        return []

    def on_list_moved(self) -> None:
        cells = self._list.content_size.width
        words = quoted(self._draft.before.text, max(16, cells - 8))
        self.query_one("#status", Line).say([("Claim ", "muted"), (f"“{words}”", "strong")])
        self._tell_keys()

    def _tell_keys(self) -> None:
        """The keys; what enter and esc do depends on whether anything was chosen."""
        leave = ("esc", "drop") if self._draft.is_changed else ("esc", "back")
        keep = [("enter", "keep")] if self._draft.is_changed else []
        keys = legend(self._list.content_size.width, *keep, leave, ("←→", "value"), ("↑↓", "field"))
        self.query_one("#keys", Line).say(keys)

    def on_key(self, event: events.Key) -> None:
        key = key_name(event.key, event.character)
        event.stop()
        event.prevent_default()
        if key == "escape":
            self.dismiss(False)
        elif key in ("enter", "w"):
            self._decide()
        elif key in ("left", "right"):
            self._turn(1 if key == "right" else -1)
        elif self._list.press(self._around(key)):
            self._renew()

    def _around(self, key: str) -> str:
        """The key that goes round at the ends: up from the first row, down from the last."""
        ends = {("up", self._fields[0]): "end", ("down", self._fields[-1]): "home"}
        return ends.get((key, self._field), key)

    def _decide(self) -> None:
        """Keep what was chosen, if it is anything; what cannot be kept is said and stays chosen."""
        if not self._draft.is_changed:
            self.dismiss(False)
        elif why := self._keep(self._draft.claim):
            self._say([(why, "bad")])
        else:
            self.dismiss(True)

    def _turn(self, step: int) -> None:
        """Choose the value beside the one that the current field has, around the end."""
        field, known = self._field, self._draft.values(self._field)
        now = self._draft.value(field)
        place = known.index(now) + step if now in known else min(step, 0)
        self._draft.choose(field, known[place % len(known)])
        self._say(self._told(field))
        self._renew()

    def _told(self, field: str) -> list[Piece]:
        """What would be kept: first what goes with what was chosen, and the field in hand last."""
        draft = self._draft
        if not draft.is_changed:
            return [("as it was", "muted")]
        changed = [one for one in self._fields if draft.value(one) != draft.was(one)]
        changed.sort(key=lambda one: (draft.is_chosen(one), one == field))
        made = [f"{_name(one)} → {_shown(draft.value(one))}" for one in changed]
        return [("not kept yet: ", "muted"), (", ".join(made), "key")]

    def _say(self, told: list[Piece]) -> None:
        self.query_one("#said", Line).say(told, whole=told[0][1] == "bad")

    def _renew(self) -> None:
        self._list.renew()
        self._meaning.renew()
        self._tell_keys()


def _name(field: str) -> str:
    return _NAMES.get(field, field)


def _shown(value: str) -> str:
    return visible(value).replace("_", " ")
