from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import changes
from annotations.errors import ConflictError, CorruptError, RefusedError, UnknownError
from annotations.evidence import AUTHOR
from annotations.layer import Layer, Overlay, fold, take_back
from annotations.records import Action, Annotation, Change, Claim, Decision, Entity, State, Status
from annotations.schema import default
from annotations.span import Span
from annotations.text import Text

TEXT = Text("Ada Bly met Carl Dunn in Eloe and Ada Bly left. No pact is expected there.")
SCHEMA = default()
NESTED = replace(SCHEMA, nested=True)
WORDS = TEXT.words(0)
LABELS = ("PERSON", "ORG", "GPE")


def span_of(first: int, count: int) -> Span:
    last = min(first + count, len(WORDS)) - 1
    return Span(WORDS[first].start, WORDS[last].end)


spans = st.builds(span_of, st.integers(0, len(WORDS) - 1), st.integers(1, 3))


def model(name: str, found: list[tuple[Span, str]]) -> Layer:
    """A model's layer with these suggestions; a label in lower case makes a claim."""
    layer = Layer(name, TEXT.id, model={"version": "1"})
    for number, (span, label) in enumerate(found):
        parts = {"id": f"{name}{number}", "span": span, "text": span.of(TEXT)}
        bare: Annotation = (
            SCHEMA.blank_claim(**parts) if label.islower() else Entity(label=label, **parts)
        )
        layer.annotations[bare.id] = changes.suggested(bare, name)
    return layer


models = st.lists(st.tuples(spans, st.sampled_from((*LABELS, "claim"))), max_size=8)


class Desk:
    """A person at work: the layer, the overlay that follows it, and every decision so far."""

    def __init__(self, suggested: list[Layer], *, nested: bool = False) -> None:
        self.schema = NESTED if nested else SCHEMA
        self.suggested = suggested
        self.layer = Layer("anna", TEXT.id)
        self.overlay = Overlay(self.layer, suggested, nested=nested)
        self.decisions: list[Decision] = []

    def decide(self, action: Action, *made: Change, of: int = 0) -> list[Span]:
        """Take a decision as the project does: checked, stamped, folded, shown."""
        self.layer.check(made, TEXT, self.schema)
        seq = self.layer.seq + 1
        stamped = tuple(change.stamped("anna", f"t{seq}", seq) for change in made)
        decision = Decision(seq, f"t{seq}", "anna", "anna", TEXT.id, action, stamped, of)
        self.layer.apply(decision)
        self.decisions.append(decision)
        return self.overlay.apply(decision)

    def undo(self) -> list[Span]:
        target = self.layer.undoable[-1]
        return self.decide(Action.UNDO, *self._seen(take_back(target)), of=target.seq)

    def redo(self) -> list[Span]:
        target = self.layer.redoable[-1]
        return self.decide(Action.REDO, *self._seen(target.changes), of=target.seq)

    def _seen(self, made: tuple[Change, ...]) -> list[Change]:
        return [Change(self.layer.record(change.id), change.after) for change in made]


def content(layer: Layer) -> object:
    """What a layer says, without when it was said."""
    said = {one.id: replace(one, by="", at="", rev=0) for one in layer}
    return said, layer.state.finished


def shown(overlay: Overlay) -> dict[str, Annotation]:
    return {one.id: one for one in overlay.index}


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    nested = draw(st.booleans())
    return Desk([model("toy", draw(models)), model("big", draw(models))], nested=nested)


def step(desk: Desk, data: st.DataObject) -> list[Span] | None:
    """One decision of a person, chosen by chance; None where the layer refuses it."""
    kinds = ["add", "claim", "finish"]
    kinds += ["undo"] * 2 * bool(desk.layer.undoable) + ["redo"] * 2 * bool(desk.layer.redoable)
    items = list(desk.overlay.index)
    kinds += ["accept", "reject", "relabel", "resize", "note", "both"] * bool(items)
    kind = data.draw(st.sampled_from(kinds), label="kind")
    if kind == "undo":
        return desk.undo()
    if kind == "redo":
        return desk.redo()
    try:
        if kind == "finish":
            return desk.decide(Action.FINISH, changes.finish(desk.layer.state, True))
        if kind in ("add", "claim"):
            span, label = data.draw(spans), data.draw(st.sampled_from(LABELS))
            made = (
                changes.add_claim(span, TEXT, SCHEMA)
                if kind == "claim"
                else changes.add_entity(span, label, TEXT, SCHEMA)
            ).after
            assert isinstance(made, Entity | Claim)
            # Ids of chance would change the order from run to run.
            return desk.decide(Action.ADD, Change(None, replace(made, id=f"a{desk.layer.seq}")))
        one = data.draw(st.sampled_from(items), label="annotation")
        if kind == "relabel" and isinstance(one, Entity):
            label = data.draw(st.sampled_from(LABELS))
            return desk.decide(Action.RELABEL, changes.relabel(one, label, SCHEMA))
        if kind == "resize":
            return desk.decide(Action.RESIZE, changes.resize(one, data.draw(spans), TEXT))
        if kind == "note":
            return desk.decide(Action.NOTE, changes.note(one, data.draw(st.sampled_from("xy"))))
        if kind == "both":
            two = data.draw(st.sampled_from(items))
            chosen = {one.id: one, two.id: two}.values()
            return desk.decide(Action.ACCEPT, *map(changes.accept, chosen))
        act = changes.accept if kind == "accept" else changes.reject
        return desk.decide(Action.ACCEPT, act(one))
    except RefusedError:
        return None


@settings(max_examples=100, deadline=None)
@given(desks(), st.integers(1, 14), st.data())
def test_an_overlay_that_follows_is_the_overlay_built_afresh(
    desk: Desk, steps: int, data: st.DataObject
) -> None:
    for _ in range(steps):
        before = shown(desk.overlay)
        touched = step(desk, data) or []
        after = shown(desk.overlay)
        fresh = Overlay(desk.layer, desk.suggested, nested=desk.overlay._nested)
        assert after == shown(fresh)
        assert list(desk.overlay.index) == list(fresh.index)
        assert desk.overlay.open == fresh.open
        assert desk.overlay.open == sum(
            one.status is Status.SUGGESTED for one in desk.overlay.index
        )
        for item in before.keys() | after.keys():
            if before.get(item) != after.get(item):
                for one in (before.get(item), after.get(item)):
                    assert one is None or one.span in touched


@settings(max_examples=50, deadline=None)
@given(desks(), st.integers(1, 12), st.data())
def test_undo_restores_and_redo_repeats_however_far(
    desk: Desk, steps: int, data: st.DataObject
) -> None:
    for _ in range(steps):
        step(desk, data)
    past = []
    while desk.layer.undoable:
        past.append(content(desk.layer))
        desk.undo()
    assert content(desk.layer) == ({}, False)
    while past:
        desk.redo()
        assert content(desk.layer) == past.pop()


@settings(max_examples=50, deadline=None)
@given(desks(), st.integers(1, 12), st.data())
def test_the_fold_of_the_decisions_is_the_layer(
    desk: Desk, steps: int, data: st.DataObject
) -> None:
    for _ in range(steps):
        step(desk, data)
    again = fold("anna", TEXT.id, desk.decisions)
    assert again == desk.layer
    assert list(again.index) == list(desk.layer.index)


@settings(max_examples=50, deadline=None)
@given(desks(), st.integers(1, 14), st.data())
def test_entities_that_stand_in_a_flat_layer_never_overlap(
    desk: Desk, steps: int, data: st.DataObject
) -> None:
    desk = Desk(desk.suggested)
    for _ in range(steps):
        step(desk, data)
    standing = [one for one in desk.layer.entities if one.status.stands]
    assert not any(
        one.span.overlaps(two.span) for one in standing for two in standing if one is not two
    )


@given(models, models)
def test_suggestions_that_arrive_later_show_as_if_they_had_been_there(
    early: list[tuple[Span, str]], late: list[tuple[Span, str]]
) -> None:
    first, second = model("toy", early), model("big", late)
    own = Layer("anna", TEXT.id)
    growing = Overlay(own, [first])
    growing.extend(second)
    growing.extend(second)
    whole = Overlay(own, [first, second])
    assert shown(growing) == shown(whole)
    assert growing.open == whole.open == len(early) + sum(one not in early for one in late)


def test_what_two_models_say_shows_once_and_is_decided_once() -> None:
    said = [(span_of(0, 2), "ORG"), (span_of(0, 2), "claim")]
    other = [*said, (span_of(0, 2), "PERSON")]
    desk = Desk([model("toy", said), model("big", other)])
    assert set(shown(desk.overlay)) == {"toy0", "toy1", "big2"}
    assert desk.overlay.open == 3
    first = desk.overlay.index.get("toy0")
    assert first is not None
    desk.decide(Action.ACCEPT, changes.accept(first))
    assert (set(shown(desk.overlay)), desk.overlay.open) == ({"toy0", "toy1"}, 1)


def test_a_suggestion_gives_way_to_what_a_person_decided_on_its_words() -> None:
    whole, part = span_of(0, 2), span_of(1, 1)
    found = [(whole, "PERSON"), (part, "ORG"), (whole, "claim")]
    for nested, left in ((False, {"toy2"}), (True, {"toy1", "toy2"})):
        desk = Desk([model("toy", found)], nested=nested)
        assert desk.overlay.open == 3
        desk.decide(Action.ADD, changes.add_entity(whole, "GPE", TEXT, SCHEMA))
        assert {item for item in shown(desk.overlay) if item.startswith("toy")} == left
    claimed = Desk([model("toy", found)])
    claimed.decide(Action.ADD, changes.add_claim(whole, TEXT, SCHEMA))
    assert {item for item in shown(claimed.overlay) if item.startswith("toy")} == {"toy0", "toy1"}


def test_a_rejection_hides_the_same_suggestion_of_another_model_and_no_other() -> None:
    span = span_of(0, 2)
    desk = Desk([model("toy", [(span, "ORG")]), model("big", [(span, "ORG"), (span, "PERSON")])])
    first = desk.overlay.index.get("toy0")
    assert first is not None
    desk.decide(Action.REJECT, changes.reject(first))
    assert set(shown(desk.overlay)) == {"toy0", "big1"}
    assert desk.overlay.open == 1
    desk.undo()
    assert desk.overlay.open == 2


def test_finish_can_be_taken_back_and_made_again() -> None:
    desk = Desk([])
    desk.decide(Action.FINISH, changes.finish(desk.layer.state))
    assert desk.layer.state.finished
    desk.undo()
    assert not desk.layer.state.finished
    desk.decide(Action.FINISH, changes.finish(desk.layer.state))
    assert desk.layer.state.finished
    desk.decide(Action.FINISH, changes.finish(desk.layer.state, False))
    assert not desk.layer.state.finished
    desk.undo()
    assert desk.layer.state.finished


def test_a_decision_on_what_changed_since_is_refused_and_says_who_changed_it() -> None:
    desk = Desk([model("toy", [(span_of(0, 2), "ORG")])])
    seen = desk.overlay.index.get("toy0")
    assert isinstance(seen, Entity)
    desk.decide(Action.ACCEPT, changes.accept(seen))
    with pytest.raises(ConflictError, match="changed by anna at t1"):
        desk.decide(Action.RELABEL, changes.relabel(seen, "PERSON", SCHEMA))
    now = desk.overlay.index.get("toy0")
    assert isinstance(now, Entity) and (now.label, desk.layer.seq) == ("ORG", 1)


def test_words_that_are_not_at_the_span_are_refused() -> None:
    wrong = Entity(id="a", span=Span(0, 3), text="Bob", label="ORG", status=Status.ADDED)
    with pytest.raises(RefusedError, match="not those of the document"):
        Desk([]).decide(Action.ADD, Change(None, wrong))


def test_a_claim_that_the_schema_forbids_is_refused() -> None:
    wrong = Claim(
        id="a", span=Span(0, 3), text="Ada", stance="open", certainty="probable", holder=(AUTHOR,)
    )
    with pytest.raises(RefusedError, match="open does not go with probable"):
        Desk([]).decide(Action.ADD, Change(None, wrong))


def test_an_overlapping_entity_is_refused_by_name_unless_the_project_nests() -> None:
    whole, part = span_of(0, 2), span_of(1, 1)
    for nested in (False, True):
        desk = Desk([], nested=nested)
        desk.decide(Action.ADD, changes.add_entity(whole, "PERSON", TEXT, SCHEMA))
        inner = changes.add_entity(part, "GPE", TEXT, SCHEMA)
        if nested:
            desk.decide(Action.ADD, inner)
            assert [one.text for one in desk.layer.entities] == ["Ada Bly", "Bly"]
        else:
            with pytest.raises(RefusedError, match="overlap 'Ada Bly' PERSON"):
                desk.decide(Action.ADD, inner)


def test_two_overlapping_entities_in_one_decision_are_refused() -> None:
    made = [changes.add_entity(span_of(0, count), "ORG", TEXT, SCHEMA) for count in (1, 2)]
    desk = Desk([])
    with pytest.raises(RefusedError, match="overlap"):
        desk.decide(Action.ADD, *made)
    assert not desk.layer.annotations


def test_the_same_words_elsewhere_are_found_marked_or_not() -> None:
    first, second = TEXT.occurrences("Ada Bly")
    desk = Desk([model("toy", [(first, "ORG")])])
    one = desk.overlay.index.get("toy0")
    assert one and desk.overlay.same(one, TEXT, 10) == [second]
    both = Desk([model("toy", [(first, "ORG"), (second, "GPE")])])
    one, two = both.overlay.index
    assert both.overlay.same(one, TEXT, 10) == [two]
    both.decide(Action.REJECT, changes.reject(two))
    assert both.overlay.same(one, TEXT, 10) == [second]


def test_words_are_the_same_in_every_spelling() -> None:
    text = Text("Jos\u00e9 and Jose\u0301 and Jose")
    layer = Layer("toy", text.id)
    for number, span in enumerate((Span(0, 4), Span(9, 14), Span(19, 23))):
        one = Entity(id=f"toy{number}", span=span, text=span.of(text), label="ORG")
        layer.annotations[one.id] = changes.suggested(one, "toy")
    overlay = Overlay(Layer("anna", text.id), [layer])
    composed, apart, other = overlay.index
    assert [overlay.alike(one) for one in (composed, apart, other)] == [1, 1, 0]
    assert overlay.same(composed, text, 10) == [apart]
    assert overlay.same(apart, text, 10) == [composed]


def test_an_annotation_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownError, match="Layer anna has no annotation 'a9'"):
        Layer("anna", TEXT.id).get("a9")


def test_a_new_document_has_no_state_on_record() -> None:
    layer = Layer("anna", TEXT.id)
    assert layer.record(State.id) is None
    assert layer.record("a9") is None


@pytest.mark.parametrize("parts", [{"note": "x" * 100_001}, {"label": "x" * 1_001}])
def test_what_could_not_be_read_again_is_refused(parts: dict[str, str]) -> None:
    one = Entity(id="a1", span=Span(0, 3), text="Ada", label="PERSON", status=Status.ADDED)
    with pytest.raises(RefusedError, match="at most"):
        Layer("anna", TEXT.id).check([Change(None, replace(one, **parts))], TEXT, SCHEMA)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", [Action.UNDO, Action.REDO])
def test_a_step_without_a_decision_to_step_over_cannot_be_followed(action: Action) -> None:
    layer = Layer("anna", TEXT.id)
    with pytest.raises(CorruptError, match=f"nothing to {action}"):
        layer.apply(Decision(1, "t1", "anna", "anna", TEXT.id, action, ()))
    assert layer == Layer("anna", TEXT.id)


def test_a_record_cannot_become_one_of_another_kind() -> None:
    entity = Entity(id="a1", span=Span(0, 3), text="Ada", label="PERSON", status=Status.ADDED)
    claim = Claim(id="a1", span=Span(0, 3), text="Ada", status=Status.ADDED)
    layer = Layer("anna", TEXT.id)
    layer.apply(Decision(1, "t1", "anna", "anna", TEXT.id, Action.ADD, (Change(None, entity),)))
    with pytest.raises(CorruptError, match="entity and cannot become claim"):
        layer.apply(Decision(2, "t2", "anna", "anna", TEXT.id, Action.ADD, (Change(None, claim),)))
