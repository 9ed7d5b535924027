"""Two layers compared: symmetric, complete, and decided into a third."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import changes
from annotations.errors import RefusedError
from annotations.evidence import AUTHOR, Link
from annotations.layer import Layer
from annotations.records import Action, Annotation, Claim, Decision, Entity, Status, suggestion_id
from annotations.review.comparison import (
    BOUNDARY,
    EXTRA,
    MISSING,
    Choice,
    Difference,
    allows_both,
    compare,
    differences,
    settle,
)
from annotations.review.sides import side_id, suggestions
from annotations.schema import default
from annotations.span import Span
from annotations.text import Text

TEXT = Text("Ana met Bo Li in Oslo and he did not say when they would meet again")
SCHEMA = default()


def entity(start: int, end: int, label: str, layer: str = "m", number: int = 0) -> Annotation:
    span = Span(start, end)
    key = suggestion_id(f"{layer}{number}", Entity.kind, span, label)
    return changes.suggested(Entity(id=key, span=span, text=span.of(TEXT), label=label), layer)


def claim(start: int, end: int, layer: str = "m", number: int = 0, **parts: object) -> Annotation:
    span = Span(start, end)
    key = suggestion_id(f"{layer}{number}", Claim.kind, span, str(sorted(parts.items(), key=str)))
    made = SCHEMA.blank_claim(id=key, span=span, text=span.of(TEXT), **parts)
    return changes.suggested(made, layer)


edges = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda at: (at[0], at[0] + at[1]))
numbers = st.integers(0, 3)


def marked(layer: str) -> st.SearchStrategy[Annotation]:
    entities = st.builds(
        lambda at, label, number: entity(*at, label, layer, number),
        edges,
        st.sampled_from(["PERSON", "GPE"]),
        numbers,
    )
    claims = st.builds(
        lambda at, stance, holder, number: claim(*at, layer, number, stance=stance, holder=holder),
        edges,
        st.sampled_from(["affirms", "denies"]),
        st.sampled_from([(AUTHOR,), (Link("entity", "Ana", 0, "x"), AUTHOR)]),
        numbers,
    )
    return st.one_of(entities, claims)


def layers(name: str) -> st.SearchStrategy[list[Annotation]]:
    return st.lists(marked(name), max_size=12, unique_by=lambda one: one.id)


def ids(found: Iterable[Annotation | None]) -> Counter[str]:
    return Counter(one.id for one in found if one is not None)


@given(layers("a"), layers("b"))
def test_every_annotation_is_accounted_for_once(
    left: list[Annotation], right: list[Annotation]
) -> None:
    made = compare(left, right)
    assert ids(one.left for one in made) == ids(left)
    assert ids(one.right for one in made) == ids(right)


@given(layers("a"), layers("b"))
def test_exchanging_the_layers_exchanges_the_sides_and_nothing_else(
    left: list[Annotation], right: list[Annotation]
) -> None:
    mirrored = {EXTRA: MISSING, MISSING: EXTRA}

    def key(one: Difference, *, swap: bool) -> tuple[object, ...]:
        sides = (one.right, one.left) if swap else (one.left, one.right)
        kinds = tuple(mirrored.get(kind, kind) for kind in one.kinds) if swap else one.kinds
        return (*(side and side.id for side in sides), kinds)

    there = Counter(key(one, swap=False) for one in compare(left, right))
    back = Counter(key(one, swap=True) for one in compare(right, left))
    assert there == back


@given(layers("a"))
def test_a_layer_does_not_differ_from_itself(one: list[Annotation]) -> None:
    assert differences(one, one) == []


@given(layers("a"), layers("b"))
def test_pairs_are_of_one_kind_and_overlap(left: list[Annotation], right: list[Annotation]) -> None:
    for one in compare(left, right):
        if one.left and one.right:
            assert one.left.kind == one.right.kind
            assert one.left.span.overlaps(one.right.span)


def test_what_differs_is_named() -> None:
    oslo = TEXT.index("Oslo")
    left = [entity(0, 3, "PERSON", "a"), entity(8, 13, "PERSON", "a"), claim(26, 44, "a")]
    right = [
        entity(0, 3, "ORG", "b"),
        entity(8, 10, "GPE", "b"),
        entity(oslo, oslo + 4, "GPE", "b"),
        claim(26, 44, "b", stance="denies", certainty="probable", holder=(Link("unnamed"), AUTHOR)),
    ]
    assert [one.kinds for one in differences(left, right)] == [
        ("label",),
        (BOUNDARY, "label"),
        (MISSING,),
        ("stance", "certainty", "holder"),
    ]


def test_what_is_rejected_is_not_there() -> None:
    one = changes.reject(entity(0, 3, "PERSON")).after
    assert isinstance(one, Entity)
    assert compare([one], []) == []


# Deciding


def own() -> Layer:
    return Layer("anna", TEXT.id)


def after(layer: Layer, difference: Difference, choice: Choice) -> Layer:
    made = settle(difference, choice, layer, SCHEMA)
    layer.check(made, TEXT, SCHEMA)
    seq = layer.seq + 1
    stamped = tuple(one.stamped("anna", "2026-01-01T00:00:00.000000Z", seq) for one in made)
    layer.apply(
        Decision(
            seq, "2026-01-01T00:00:00.000000Z", "anna", "anna", TEXT.id, Action.ACCEPT, stamped
        )
    )
    return layer


@pytest.mark.parametrize(
    ("choice", "left", "right"),
    [
        (Choice.LEFT, Status.ACCEPTED, Status.REJECTED),
        (Choice.RIGHT, Status.REJECTED, Status.ACCEPTED),
        (Choice.NEITHER, Status.REJECTED, Status.REJECTED),
    ],
)
def test_what_is_taken_stands_and_the_rest_is_rejected(
    choice: Choice, left: Status, right: Status
) -> None:
    (one,) = differences([entity(0, 3, "PERSON", "a")], [entity(0, 3, "ORG", "b")])
    made = after(own(), one, choice)
    assert one.left
    assert one.right
    assert (made.get(one.left.id).status, made.get(one.right.id).status) == (left, right)


def test_both_stand_where_the_schema_allows_it() -> None:
    (two,) = differences([claim(26, 44, "a")], [claim(26, 44, "b", stance="denies")])
    assert allows_both(two, SCHEMA)
    assert all(one.status.stands for one in after(own(), two, Choice.BOTH))
    (flat,) = differences([entity(8, 13, "PERSON", "a")], [entity(8, 10, "GPE", "b")])
    assert not allows_both(flat, SCHEMA)
    with pytest.raises(RefusedError, match="both cannot stand"):
        settle(flat, Choice.BOTH, own(), SCHEMA)


def test_another_persons_layer_is_taken_as_suggestions_of_theirs() -> None:
    theirs = Layer("bert", TEXT.id)
    added = changes.add_entity(Span(0, 3), "PERSON", TEXT, SCHEMA).after
    assert isinstance(added, Entity)
    theirs.annotations[added.id] = added
    (one,) = differences(suggestions(theirs), [])
    made = after(own(), one, Choice.LEFT).get(side_id("bert", added.id))
    assert made.origin is not None
    assert (made.origin.layer, made.status) == ("bert", Status.ACCEPTED)


def test_taking_ones_own_side_changes_nothing_where_nothing_stands_against_it() -> None:
    mine = own()
    added = changes.add_entity(Span(0, 3), "PERSON", TEXT, SCHEMA).after
    assert isinstance(added, Entity)
    mine.annotations[added.id] = added
    (one,) = differences(mine, [])
    assert settle(one, Choice.LEFT, mine, SCHEMA) == ()
    (gone,) = settle(one, Choice.NEITHER, mine, SCHEMA)
    assert gone.after is None
