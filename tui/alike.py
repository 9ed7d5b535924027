"""What deciding all the same words at once would do, and to how many places."""

from __future__ import annotations

from typing import Final, TypeAlias

from annotations import changes
from annotations.errors import RefusedError
from annotations.layer import Overlay
from annotations.records import Action, Annotation, Change, Claim, Entity, Status
from annotations.schema import Schema
from annotations.span import Span
from annotations.text import Text
from tui.describe import quoted

Plan: TypeAlias = tuple[Action, tuple[Change, ...]]
"""What a key decides: an action and the changes that it makes."""

_ALIKE: Final = {
    Status.SUGGESTED: Action.ACCEPT,
    Status.ACCEPTED: Action.ACCEPT,
    Status.CORRECTED: Action.RELABEL,
    Status.ADDED: Action.ADD,
    Status.REJECTED: Action.REJECT,
}
"""What deciding all the same as an entity is called in the journal, by that entity's status."""


LONGEST: Final = 2_000
"""Code points of words that are looked for again."""

MOST: Final = 10_000
"""Places that one decision may look at."""

_GLANCE: Final = 2_000
"""Places that are looked at only to say how many there are."""


def count(here: Annotation, overlay: Overlay, text: Text) -> int | None:
    """How many other places `plan` would decide as `here` was decided; None for very many."""
    others = overlay.same(here, text, _GLANCE) if len(here.text) <= LONGEST else []
    if others is None:
        return None
    if here.status is Status.REJECTED:
        return sum(not isinstance(one, Span) for one in others)
    model = changes.accept(here).after if here.status is Status.SUGGESTED else here
    assert isinstance(model, (Entity, Claim))
    return sum(isinstance(one, Span) or not changes.alike(one, model) for one in others)


def plan(
    here: Annotation,
    overlay: Overlay,
    text: Text,
    schema: Schema,
    label: str = "",
    *,
    rejecting: bool = False,
) -> Plan:
    """Decide all the same words as `here` was decided; one decision.

    One that is only suggested is decided with them: as it is, with another label, or rejected.

    Raises:
        RefusedError: nothing would be decided, or no other place as the one in hand is, or there
            are too many places.
    """
    own: Change | None = None
    if rejecting:
        own = changes.reject(here)
    elif label and isinstance(here, Entity):
        own = changes.relabel(here, label, schema)
    elif here.status is Status.SUGGESTED:
        own = changes.accept(here)
    rejecting = rejecting or here.status is Status.REJECTED
    model = own.after if own and not rejecting else here
    assert isinstance(model, (Entity, Claim))
    if len(here.text) > LONGEST:
        raise RefusedError(
            f"“{quoted(here.text, 24)}” is too long to look for again: it has "
            f"{len(here.text):,} characters, and {LONGEST:,} is the most."
        )
    others = overlay.same(here, text, MOST)
    if others is None:
        raise RefusedError(
            f"“{quoted(here.text, 24)}” is in more than {MOST:,} places of this document, "
            "which is too many for one decision."
        )
    made = [own] if own else []
    for one in others:
        if not rejecting:
            made.append(changes.liken(one, model, text, schema))
        elif not isinstance(one, Span):
            made.append(changes.reject(one))
    made = [one for one in made if changes.differs(one)]
    is_alone = made == [own] and not label and not rejecting
    if not made or is_alone:
        raise RefusedError(
            f"There is no other “{quoted(here.text, 24)}” to decide in this document."
        )
    if rejecting:
        action = Action.REJECT
    elif label:
        action = Action.RELABEL
    else:
        action = Action.TAG if isinstance(here, Claim) else _ALIKE[here.status]
    return action, tuple(made)
