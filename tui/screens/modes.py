"""What the keys mean for a moment: choosing a holder, looking before all the same is decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from annotations.evidence import AUTHOR, GENERIC, UNNAMED, Link
from annotations.messages import counted
from annotations.span import Span
from tui.describe import Piece, quoted
from tui.flow import tied
from tui.reading import Plan, Reading, chain


class Mode(Protocol):
    """Takes the keys until it is done."""

    @property
    def spans(self) -> Sequence[Span]:
        """What the page marks meanwhile, in the order of the text."""

    def line(self) -> list[Piece]:
        """What the foot of the screen says meanwhile."""

    def press(self, key: str) -> Plan | bool:
        """A key: what is decided, or whether to stay in the mode."""


class HolderMode:
    """One key chooses who holds the claim here."""

    _FIXED = ((AUTHOR, "a"), (UNNAMED, "u"), (GENERIC, "g"))

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        named = [link for link in reading.holders() if link.kind == "entity"]
        self._choices: dict[str, Link] = {
            str(number): link for number, link in enumerate(named, 1)
        } | {key: link for link, key in self._FIXED}
        self.spans: Sequence[Span] = sorted(
            Span(link.start, link.start + len(link.text)) for link in named
        )

    def line(self) -> list[Piece]:
        """The choices, each behind its key."""
        made: list[Piece] = [("holder: ", "plain")]
        for key in dict.fromkeys([*(key for _, key in self._FIXED), *self._choices]):
            made += tied(key, quoted(self._choices[key].name, 16))
        return made[:-1]

    def press(self, key: str) -> Plan | bool:
        """The holder behind the key; any other key leaves things as they are."""
        link = self._choices.get(key)
        return self._reading.hold(chain(link)) if link else False


class SameMode:
    """Shows what a decision for all the same words would touch; Enter makes it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._plan = reading.apply_same()
        found = reading.same()
        self.spans: Sequence[Span] = sorted(
            one if isinstance(one, Span) else one.span for one in found
        )

    def line(self) -> list[Piece]:
        """How many places, and the two keys."""
        here = self._reading.annotation
        assert here is not None
        action, changes = self._plan
        label = getattr(here, "label", "claim")
        what = f"reject {label}" if action == "reject" else label
        places = counted(len(changes), "place")
        return [
            ("enter", "key"),
            (f" {quoted(here.text, 20)} → {what} in {places}, marked in the text  ", "plain"),
            *tied("esc", "leave")[:-1],
        ]

    def press(self, key: str) -> Plan | bool:
        """Enter decides; Esc, and any other key, leaves things as they are."""
        return self._plan if key == "enter" else False
