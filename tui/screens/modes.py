"""What the keys mean for a moment: choosing a holder, looking before all the same is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from annotations.evidence import AUTHOR, GENERIC, UNNAMED, Link
from annotations.messages import counted
from annotations.records import Change, Claim, Entity
from annotations.review.comparison import Choice, Difference
from annotations.span import Span
from tui.alike import Plan
from tui.commands import Commands
from tui.describe import Piece, quoted
from tui.flow import tied
from tui.hints import label_keys
from tui.reading import Reading, chain


class Mode(Protocol):
    """Takes the keys until it is done."""

    @property
    def spans(self) -> Sequence[Span]:
        """What the page marks meanwhile, in the order of the text."""

    @property
    def settles(self) -> Sequence[str]:
        """What a review's queue is done with when the mode has decided, by the annotations' ids."""

    def line(self) -> list[Piece]:
        """What the foot of the screen says meanwhile."""

    def press(self, key: str) -> Plan | bool:
        """A key: what is decided, or whether to stay in the mode."""


class HolderMode:
    """One key chooses who holds the claim here."""

    _FIXED = ((AUTHOR, "a"), (UNNAMED, "u"), (GENERIC, "g"))
    settles: Sequence[str] = ()

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        claim = reading.claim
        self._now = claim.holder_name if claim else ""
        named = [link for link in reading.holders() if link.kind == "entity"]
        self._choices: dict[str, Link] = {
            str(number): link for number, link in enumerate(named, 1)
        } | {key: link for link, key in self._FIXED}
        self.spans: Sequence[Span] = sorted(
            Span(link.start, link.start + len(link.text)) for link in named
        )

    def line(self) -> list[Piece]:
        """The choices, each behind its key."""
        made: list[Piece] = [(f"holder, now {quoted(self._now, 32)}: ", "plain")]
        for key in dict.fromkeys([*(key for _, key in self._FIXED), *self._choices]):
            made += tied(key, quoted(self._choices[key].name, 16))
        return made[:-1]

    def press(self, key: str) -> Plan | bool:
        """The holder behind the key; any other key leaves things as they are."""
        link = self._choices.get(key)
        return self._reading.hold(chain(link)) if link else False


class SameMode:
    """Shows what a decision for all the same words would touch; one key makes it."""

    def __init__(self, reading: Reading, commands: Commands) -> None:
        self._reading = reading
        self._commands = commands
        self._plan = reading.apply_same()
        changes = self._plan[1]
        self.spans: Sequence[Span] = sorted({_place(one) for one in changes})
        self.settles = tuple(one.id for one in changes)

    def line(self) -> list[Piece]:
        """How many places, and the keys."""
        here = self._reading.annotation
        assert here is not None
        action, changes = self._plan
        label = getattr(here, "label", "claim")
        what = f"reject {label}" if action == "reject" else label
        new = sum(isinstance(one.after, Entity) and one.after.origin is None for one in changes)
        unmarked = f", {new} unmarked" if new and new < len(changes) else ""
        made: list[Piece] = [
            ("enter", "key"),
            (f" {quoted(here.text, 20)} → {what} in {counted(len(changes), 'place')}", "plain"),
            (f"{unmarked}  ", "plain"),
        ]
        if action != "reject":
            made += tied(self._commands["suggestion.reject"].shown_key, "reject")
        if isinstance(here, Entity):
            made += tied(label_keys(self._commands), "label")
        if len(self.spans) > 1:
            made += tied("↑↓", "look")
        return [*made, *tied("esc", "leave")[:-1]]

    def press(self, key: str) -> Plan | bool:
        """Decide as the key says; only Esc leaves, with things as they are."""
        if key == "enter":
            return self._plan
        command = self._commands.for_key(key)
        name = command.id if command else ""
        if name == "suggestion.reject":
            return self._reading.apply_same(rejecting=True)
        if name.startswith("label.") and isinstance(self._reading.annotation, Entity):
            return self._reading.apply_same(name.removeprefix("label."))
        return key != "escape"


class SidesMode:
    """Shows which other differences are as the one in hand; the key of a side decides them all.

    Args:
        found: the differences, the one in hand among them.
        plans: what each side's key decides.
        commands: the keys.
    """

    def __init__(
        self, found: Sequence[Difference], plans: Mapping[Choice, Plan], commands: Commands
    ) -> None:
        self._plans = {commands[f"difference.{choice}"].key: choice for choice in plans}
        self._choices = plans
        self._commands = commands
        self._count = len(found)
        self.spans: Sequence[Span] = sorted({one.span for each in found for one in each.sides})
        self.settles = tuple(one.first.id for one in found)

    def line(self) -> list[Piece]:
        """How many places, and the keys."""
        where = f"all {self._count:,} like it: " if self._count > 1 else "none other like it: "
        made: list[Piece] = [(where, "plain")]
        for choice in self._choices:
            command = self._commands[f"difference.{choice}"]
            made += tied(command.shown_key, command.label)
        return [*made, *tied("esc", "leave")[:-1]]

    def press(self, key: str) -> Plan | bool:
        """Decide as the key says; only Esc leaves, with things as they are."""
        choice = self._plans.get(key)
        return self._choices[choice] if choice else key != "escape"


def _place(change: Change) -> Span:
    one = change.after or change.before
    assert isinstance(one, (Entity, Claim))
    return one.span
