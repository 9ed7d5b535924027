"""Annotations in words: what the inspector's history tells."""

from __future__ import annotations

from collections.abc import Iterable

from annotations import changes
from annotations.evidence import AUTHOR, UNNAMED, Link
from annotations.records import Action, Annotation, Change, Claim, Decision, Entity
from annotations.schema import default
from annotations.span import Span
from annotations.text import Text
from tui.describe import full

TEXT = Text("Ms Solvang said that the harbour would close in May.")
SCHEMA = default()


def told(steps: Iterable[tuple[Action, Change]]) -> list[str]:
    """The rows of the history, without their times."""
    made = []
    last: Annotation | None = None
    for number, (action, change) in enumerate(steps, 1):
        at = "2026-03-02T09:00:00Z"
        made.append(Decision(number, at, "anna", "anna", TEXT.id, action, (change,), "purport"))
        if isinstance(change.after, (Entity, Claim)):
            last = change.after
    assert last is not None
    rows = ["".join(words for words, _ in row) for row in full(last, SCHEMA, made)]
    return [row.removeprefix("03-02 09:00 anna ") for row in rows[rows.index("history") + 1 :]]


def test_the_history_of_a_claim_tells_what_each_decision_changed() -> None:
    span = Span(*(TEXT.index("the harbour"), TEXT.index(" in May")))
    blank = SCHEMA.blank_claim(id="m1", span=span, text=span.of(TEXT))
    first = changes.hold(changes.suggested(blank, "toy"), (Link("span", "Ms Solvang", 0), AUTHOR))
    assert isinstance(first.after, Claim)
    second = changes.hold(first.after, (UNNAMED, AUTHOR))
    assert isinstance(second.after, Claim)
    third = changes.tag(second.after, "stance", "denies", SCHEMA)
    assert isinstance(third.after, Claim)
    fourth = changes.tag(third.after, "doubt", True, SCHEMA)
    steps = [(Action.TAG, one) for one in (first, second, third, fourth)]
    assert told(steps) == ["tag by Ms Solvang", "tag by unnamed", "tag denies", "tag in doubt"]


def test_the_history_of_an_entity_tells_labels_and_new_words() -> None:
    one = Entity(id="m1", span=Span(0, 2), text="Ms", label="ORG")
    first = changes.resize(changes.suggested(one, "toy"), Span(0, 10), TEXT)
    assert isinstance(first.after, Entity)
    second = changes.relabel(first.after, "PERSON", SCHEMA)
    assert isinstance(second.after, Entity)
    steps = [
        (Action.RESIZE, first),
        (Action.RELABEL, second),
        (Action.ACCEPT, changes.accept(second.after)),
    ]
    assert told(steps) == ["resize “Ms Solvang”", "relabel PERSON", "accept PERSON"]
