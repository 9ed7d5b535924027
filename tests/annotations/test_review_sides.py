"""Two layers that began as the same suggestions: each side is what its own layer says."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations import changes
from annotations.evidence import AUTHOR, Link
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Annotation, Claim, Document, Entity, Status, suggestion_id
from annotations.review.comparison import Choice, Difference, settle
from annotations.review.differences import Differences
from annotations.review.sides import at_home, pair, side_id, suggestions
from annotations.span import Span
from annotations.text import Text

TEXT = Text("Angela Merkel met Emmanuel Macron in Berlin. She said the deal was likely.")
MODEL = "m-1"
PLACES = (("Angela Merkel", "PERSON"), ("Macron", "PERSON"), ("Berlin", "GPE"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project in which anna accepted all of a model's suggestions, and bob changed two."""
    project = Project.create(tmp_path / "p", annotator="anna")
    project.add(Document(TEXT, "one"))
    made: dict[str, Annotation] = {}
    for words, label in PLACES:
        span = TEXT.occurrences(words)[0]
        key = suggestion_id(MODEL, Entity.kind, span, label)
        one = Entity(id=key, span=span, text=words, label=label)
        made[key] = changes.suggested(one, MODEL)
    project.replace_layer(TEXT.id, Layer(MODEL, TEXT.id, made, model={"package": "m"}))
    merkel, macron, berlin = made.values()
    assert isinstance(merkel, Entity)
    wider = Span(macron.span.start - len("Emmanuel "), macron.span.end)
    project.decide(TEXT.id, Action.ACCEPT, [changes.accept(one) for one in made.values()])
    bob = Project.open(tmp_path / "p", annotator="bob")
    bob.decide(TEXT.id, Action.RELABEL, [changes.relabel(merkel, "ORG", bob.schema)])
    bob.decide(TEXT.id, Action.RESIZE, [changes.resize(macron, wider, TEXT)])
    bob.decide(TEXT.id, Action.ACCEPT, [changes.accept(berlin)])
    return tmp_path / "p"


def found(project: Project, left: str, right: str) -> list[Difference]:
    items = [one for batch in Differences(project, left, right).batches() for one in batch]
    return [one.difference for one in items if one.difference]


def take(project: Project, difference: Difference, choice: Choice) -> None:
    own = project.layer(TEXT.id)
    project.decide(TEXT.id, Action.ACCEPT, settle(difference, choice, own, project.schema))


def labels(one: Difference) -> list[str]:
    return [side.label for side in one.sides if isinstance(side, Entity)]


def standing(project: Project) -> list[tuple[str, str, str]]:
    return [
        (one.text, one.label, one.origin.layer if one.origin else "")
        for one in project.layer(TEXT.id).entities
        if one.status.stands
    ]


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("anna", "bob", ["PERSON", "ORG"]),
        ("bob", "anna", ["ORG", "PERSON"]),
        (MODEL, "bob", ["PERSON", "ORG"]),
        ("bob", MODEL, ["ORG", "PERSON"]),
    ],
)
@pytest.mark.parametrize("choice", [Choice.LEFT, Choice.RIGHT])
def test_the_side_that_is_taken_is_what_its_own_layer_says(
    root: Path, left: str, right: str, words: list[str], choice: Choice
) -> None:
    carl = Project.open(root, annotator="carl")
    label, boundary = found(carl, left, right)
    assert labels(label) == words
    shown = Differences(carl, left, right).overlay(TEXT.id).index
    for one in (label, boundary):
        assert one.as_in(shown) == one
        assert all(shown.get(side.id) == side for side in one.sides), "both show in the text"
    take(carl, label, choice)
    place = 0 if choice is Choice.LEFT else 1
    assert standing(carl) == [("Angela Merkel", words[place], (left, right)[place])]
    assert found(carl, left, right) == [boundary]


@pytest.mark.parametrize("other", ["bob", MODEL])
@pytest.mark.parametrize("is_left", [True, False])
def test_ones_own_layer_as_a_side_shows_all_and_is_settled_by_either(
    root: Path, other: str, is_left: bool
) -> None:
    name = "anna" if other == "bob" else "bob"
    me = Project.open(root, annotator=name)
    names = (name, other) if is_left else (other, name)
    mine = Choice.LEFT if is_left else Choice.RIGHT
    theirs = Choice.RIGHT if is_left else Choice.LEFT
    label, boundary = found(me, *names)
    assert sorted(labels(label)) == ["ORG", "PERSON"]
    shown = Differences(me, *names).overlay(TEXT.id).index
    assert all(side.id in shown for one in (label, boundary) for side in one.sides)
    before = standing(me)
    take(me, label, mine)
    assert standing(me) == before
    assert found(me, *names) == [boundary]
    index = Differences(me, *names).overlay(TEXT.id).index
    open_ones = [one.id for one in index if one.status is Status.SUGGESTED]
    assert not {one.id for one in label.sides} & set(open_ones)
    me.undo()
    back = found(me, *names)
    assert [one.words for one in back] == [label.words, boundary.words]
    take(me, back[0], theirs)
    assert found(me, *names) == [boundary]
    (wanted,) = {"ORG", "PERSON"} - {before[0][1]}
    assert standing(me)[0] == ("Angela Merkel", wanted, other)
    take(me, boundary, Choice.NEITHER)
    assert found(me, *names) == []
    assert "Macron" not in str(standing(me))


def test_going_back_to_a_models_suggestion_leaves_one_record_of_it(root: Path) -> None:
    bob = Project.open(root, annotator="bob")
    before = set(bob.layer(TEXT.id).annotations)
    label, _ = found(bob, MODEL, "bob")
    take(bob, label, Choice.RIGHT)
    take(bob, label, Choice.LEFT)
    assert set(bob.layer(TEXT.id).annotations) == before
    assert bob.layer(TEXT.id).get(label.sides[1].id).status is Status.ACCEPTED


def test_what_was_taken_from_another_and_changed_since_differs_from_theirs_again(
    root: Path,
) -> None:
    carl = Project.open(root, annotator="carl")
    take(carl, found(carl, "anna", "bob")[0], Choice.RIGHT)
    (taken,) = (one for one in carl.layer(TEXT.id).entities if one.status.stands)
    carl.decide(TEXT.id, Action.RELABEL, [changes.relabel(taken, "LOC", carl.schema)])
    again = found(carl, "carl", "bob")[0]
    assert labels(again) == ["LOC", "ORG"]
    take(carl, again, Choice.RIGHT)
    assert standing(carl) == [("Angela Merkel", "ORG", "bob")]


def test_a_holder_follows_its_entity_to_its_new_id() -> None:
    entity = Entity(id="s1", span=Span(0, 13), text="Angela Merkel", label="PERSON")
    said = Claim(
        id="c1",
        span=Span(45, 74),
        text=TEXT[45:74],
        holder=(Link("entity", "Angela Merkel", 0, "s1"), AUTHOR),
    )
    standing = {
        one.id: changes.accept(changes.suggested(one, MODEL)).after for one in (entity, said)
    }
    layer = suggestions(Layer("anna", TEXT.id, standing))  # type: ignore[arg-type]
    held = layer.claims[0].holder[0]
    assert held.entity == layer.entities[0].id == side_id("anna", "s1")


def test_two_models_with_one_id_are_told_apart() -> None:
    one = Entity(id="s1", span=Span(0, 13), text="Angela Merkel", label="PERSON")
    layers = [
        Layer(name, TEXT.id, {"s1": changes.suggested(one, name)}, model={"package": name})
        for name in ("m", "n")
    ]
    left, right = pair(layers[0], layers[1], Layer("carl", TEXT.id))
    assert left.annotations.keys().isdisjoint(right.annotations)


def test_a_claim_that_is_taken_is_held_by_ones_own_entity_of_the_same_words() -> None:
    own = Layer("carl", TEXT.id)
    entity = Entity(id="e1", span=Span(0, 13), text="Angela Merkel", label="PERSON")
    own.annotations["e1"] = changes.accept(changes.suggested(entity, "anna")).after  # type: ignore[assignment]
    link = Link("entity", "Angela Merkel", 0, "elsewhere")
    said = Claim(id="c1", span=Span(45, 74), text=TEXT[45:74], holder=(link, AUTHOR))
    taken = at_home(changes.suggested(said, "bob"), own)
    assert isinstance(taken, Claim)
    assert taken.holder[0].entity == "e1"
    after = changes.accept(taken).after
    assert isinstance(after, Claim)
    assert after.status is Status.ACCEPTED
