"""A claim with other values chosen for some fields, before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from annotations import changes, guide
from annotations.records import Claim
from annotations.schema import Schema
from tui.describe import likelihood

LIKELIHOOD: Final = "likelihood"
NONE: Final = "none"
"""What the likelihood of a claim is called that has none."""

_OTHER: Final = {"stance": "certainty", "certainty": "stance"}


class Draft:
    """A claim as it would be kept. What was chosen is laid on the claim as it was, each time anew.

    So what had to go with a value comes back as it was when the value does.

    Attributes:
        before: the claim as it is kept now.
    """

    def __init__(self, before: Claim, schema: Schema) -> None:
        self.before = before
        self._schema = schema
        self._chosen: dict[str, str] = {}
        self._claim = before

    @property
    def claim(self) -> Claim:
        """The claim with what was chosen."""
        return self._claim

    @property
    def is_changed(self) -> bool:
        """Whether keeping it would change anything."""
        return self._claim.values() != self.before.values()

    def values(self, field: str) -> Sequence[str]:
        """The values that a field may take, in order."""
        if field != LIKELIHOOD:
            return [one.name for one in guide.values(self._schema, field)]
        fits = self._paired().likelihood
        return [likelihood(self.before), NONE] if fits else [NONE]

    def value(self, field: str) -> str:
        """The value that a field has, as chosen."""
        return _value(self._claim, field)

    def was(self, field: str) -> str:
        """The value that a field has in what is kept now."""
        return _value(self.before, field)

    def is_chosen(self, field: str) -> bool:
        """Whether a value was chosen for the field, rather than put right with another's."""
        return field in self._chosen

    def choose(self, field: str, value: str) -> None:
        """Give a field another value; of stance and certainty, the one chosen last wins."""
        if value == self.value(field):
            return
        self._chosen.pop(field, None)
        self._chosen[field] = value
        made = self._paired()
        for one, chosen in self._chosen.items():
            if one in _OTHER:
                continue
            if one == LIKELIHOOD:
                made = self._tagged(made, one, None) if chosen == NONE else made
            elif chosen != self.was(one):
                made = self._tagged(made, one, chosen == "yes" if one == "doubt" else chosen)
        self._claim = self.before if made.values() == self.before.values() else made

    def _paired(self) -> Claim:
        """The claim as it was, with the stance and the certainty that were chosen."""
        last = next((one for one in reversed(self._chosen) if one in _OTHER), None)
        if last is None:
            return self.before
        value, other = self._chosen[last], _OTHER[last]
        pair = {last: value, other: self._chosen.get(other, self.was(other))}
        begun = self.before
        if (pair["stance"], pair["certainty"]) in self._schema.pairs:
            parts: dict[str, Any] = {other: pair[other]}
            begun = replace(begun, **parts)
        made = self._tagged(begun, last, value)
        # The likelihood is judged by where the claim began, not by a step on the way.
        fitting = changes.fitting(self.before, made.stance, made.certainty)
        return self._tagged(made, LIKELIHOOD, fitting)

    def _tagged(self, claim: Claim, field: str, value: Any) -> Claim:
        after = changes.tag(claim, field, value, self._schema).after
        assert isinstance(after, Claim)
        return after


def _value(claim: Claim, field: str) -> str:
    if field == LIKELIHOOD:
        return likelihood(claim) or NONE
    value = getattr(claim, field)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
