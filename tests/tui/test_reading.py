"""Where a person is in a document, and what a key would decide there; no app."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import scenes
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import RefusedError
from annotations.evidence import AUTHOR, UNNAMED, Link
from annotations.layer import Layer, Overlay, take_back
from annotations.records import (
    Action,
    Annotation,
    Change,
    Claim,
    Decision,
    Document,
    Entity,
    Status,
)
from annotations.schema import default
from annotations.span import Span
from annotations.text import Text
from tui import alike
from tui.alike import Plan
from tui.reading import Reading, chain

SCHEMA = default()
TEXT = (
    "Trump flew to Alaska. The envoy of the White House said that Putin might not come.\n"
    "\n"
    "Trump was late, but Putin waited in Alaska. Nobody knows why."
)


class Desk:
    """A reading and the layer that its decisions go into, without a disk."""

    def __init__(self, words: str = TEXT) -> None:
        text = Text(words)
        self.layer = Layer("anna", text.id)
        overlay = Overlay(self.layer, [scenes.suggestions(text)])
        self.reading = Reading(Document(text, "a text"), overlay, SCHEMA)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reading, name)

    def at(self, words: str, number: int = 0) -> None:
        """Put the cursor on the first of these words."""
        self.reading.let_go()
        self.reading.point(self.reading.text.occurrences(words)[number].start)

    def decide(self, plan: Plan | None, action: Action | None = None, of: int = 0) -> Decision:
        """Keep what a key decided, and stand where the reader would."""
        assert plan is not None
        self.layer.check(plan[1], self.reading.text, SCHEMA)
        seq, at = self.layer.seq + 1, f"2026-01-01T00:00:{self.layer.seq:02}.000000Z"
        decision = Decision(
            seq=seq,
            at=at,
            by="anna",
            layer="anna",
            document=self.layer.document,
            action=action or plan[0],
            changes=tuple(one.stamped("anna", at, seq) for one in plan[1]),
            of=of,
        )
        self.layer.apply(decision)
        self.touched = self.reading.follow(decision)
        self.reading.settle_on(decision.changes)
        return decision

    def undo(self) -> Decision:
        """Take the last decision back."""
        last = self.layer.undoable[-1]
        back = tuple(Change(self.layer.record(one.id), one.after) for one in take_back(last))
        return self.decide((Action.UNDO, back), of=last.seq)

    @property
    def here(self) -> Annotation:
        found = self.reading.annotation
        assert found is not None
        return found

    @property
    def words(self) -> str:
        """What is selected."""
        assert self.reading.selection is not None
        return self.reading.selection.of(self.reading.text)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def values(claim: Annotation | None) -> tuple[str, str]:
    assert isinstance(claim, Claim)
    return claim.stance, claim.certainty


def blank_desk(words: str) -> Desk:
    desk = Desk(words)
    desk.reading.current = None
    return desk


# Where one is


def test_the_cursor_is_always_on_a_word(desk: Desk) -> None:
    assert desk.cursor.of(desk.text) == "Trump"
    desk.point(5)
    assert desk.cursor.of(desk.text) == "flew"
    desk.point(len(desk.text))
    assert desk.cursor.of(desk.text) == "."


def test_between_paragraphs_the_cursor_goes_to_the_word_behind(desk: Desk) -> None:
    desk.point(desk.text.index("\n") + 1)
    assert desk.cursor == desk.text.occurrences("Trump")[1]


def test_a_blank_text_has_a_cursor_and_nothing_to_decide() -> None:
    desk = Desk(" \n\n ")
    assert desk.cursor == Span(0, 0)
    desk.word_right()
    desk.word_left()
    desk.start_selection()
    assert desk.selection is None
    for decide in (lambda: desk.label("ORG"), desk.add_claim, desk.accept):
        with pytest.raises(RefusedError):
            decide()
    assert desk.nearest_open() is None


def test_pointing_at_an_annotation_makes_it_the_current_one(desk: Desk) -> None:
    desk.at("House")
    assert desk.here.text == "White House"
    desk.at("flew")
    assert desk.annotation is None


def test_a_claim_s_keys_mean_the_claim_around_an_entity(desk: Desk) -> None:
    desk.at("waited")
    claim = desk.decide(desk.add_claim()).changes[0].after
    desk.at("Putin", 1)
    assert isinstance(desk.here, Entity)
    assert desk.claim == claim
    desk.at("late")
    assert desk.claim is None


def test_a_rejected_claim_takes_no_claim_s_keys(desk: Desk) -> None:
    desk.at("waited")
    added = desk.decide(desk.add_claim())
    desk.decide(desk.reject())
    assert added.changes[0].id not in desk.overlay.index
    desk.at("waited")
    with pytest.raises(RefusedError, match="no claim here"):
        desk.tag("stance", "denies")


@given(st.text(alphabet="ab .,\n\r\t\u0301\u200d👩🔬שא-’'", max_size=60), st.data())
def test_moving_by_words_meets_every_word_once_each_way(words: str, data: st.DataObject) -> None:
    desk = blank_desk(words)
    text = desk.text
    every = [one for number in range(len(text.paragraphs)) for one in text.words(number)]
    if not every:
        return
    there = [desk.cursor]
    for _ in every[1:]:
        desk.word_right()
        there.append(desk.cursor)
    assert there == every
    desk.word_right()
    assert desk.cursor == every[-1]
    back = [desk.cursor]
    for _ in every[1:]:
        desk.word_left()
        back.append(desk.cursor)
    assert back == every[::-1]
    desk.point(data.draw(st.integers(0, len(text))))
    assert desk.cursor in every


# Selecting


def test_a_selection_grows_and_shrinks_with_the_cursor_and_never_loses_its_first_word(
    desk: Desk,
) -> None:
    desk.at("envoy")
    desk.start_selection()
    desk.word_right()
    desk.word_right()
    assert desk.words == "envoy of the"
    for _ in range(3):
        desk.word_left()
    assert desk.words == "The envoy"
    assert desk.annotation is None


def test_letting_go_drops_the_selection_first_and_then_the_annotation(desk: Desk) -> None:
    desk.at("Putin")
    desk.start_selection()
    desk.let_go()
    assert desk.selection is None
    desk.at("Putin")
    assert desk.annotation is not None
    desk.let_go()
    assert desk.annotation is None


def test_a_selection_of_the_mouse_can_be_extended_by_keys(desk: Desk) -> None:
    start = desk.text.index("White")
    desk.select(Span(start, start + len("White House")))
    assert desk.words == "White House"
    desk.resize("end", forward=True)
    assert desk.words == "White House said"


def test_going_to_an_annotation_lets_the_selection_go(desk: Desk) -> None:
    desk.at("envoy")
    desk.start_selection()
    first = next(iter(desk.overlay.index))
    desk.go(first)
    assert (desk.selection, desk.annotation) == (None, first)


# Going on


def test_next_meets_every_annotation_in_order_and_previous_the_same_way_back(desk: Desk) -> None:
    order = list(desk.overlay.index)
    desk.point(0)
    met = [desk.annotation]
    while found := desk.next():
        desk.go(found)
        met.append(found)
    assert met == order
    while found := desk.next(forward=False):
        desk.go(found)
        met.append(found)
    assert met[len(order) :] == order[-2::-1]


def test_next_open_leaves_out_what_is_decided(desk: Desk) -> None:
    desk.point(0)
    second = desk.next()
    desk.go(second)
    desk.decide(desk.accept())
    desk.point(0)
    assert desk.next(only_open=True) != second
    assert desk.next().id == second.id


def test_the_nearest_open_suggestion_is_looked_for_from_the_start_again(desk: Desk) -> None:
    desk.at("why")
    assert desk.next(only_open=True) is None
    assert desk.nearest_open() == next(iter(desk.overlay.index))


# Deciding


def test_labelling_means_the_current_entity_first(desk: Desk) -> None:
    desk.at("Trump")
    suggestion = desk.here
    decision = desk.decide(desk.label("PERSON"))
    assert decision.action is Action.RELABEL
    assert (desk.here.id, desk.here.status) == (suggestion.id, Status.CORRECTED)


def test_labelling_means_the_selection_else_the_word(desk: Desk) -> None:
    desk.at("envoy")
    desk.start_selection()
    desk.word_right()
    assert desk.decide(desk.label("PERSON")).action is Action.ADD
    assert desk.here.text == "envoy of"
    desk.at("late")
    desk.decide(desk.label("TIME"))
    assert (desk.here.text, desk.here.status) == ("late", Status.ADDED)


def test_labelling_the_very_words_of_an_entity_relabels_it(desk: Desk) -> None:
    desk.at("White House")
    house = desk.here
    desk.select(house.span)
    decision = desk.decide(desk.label("FAC"))
    assert decision.action is Action.RELABEL
    assert decision.changes[0].id == house.id


def test_a_rejected_suggestion_can_be_labelled_after_all(desk: Desk) -> None:
    desk.at("Trump")
    desk.decide(desk.reject())
    assert desk.here.status is Status.REJECTED
    desk.decide(desk.label("PERSON"))
    assert desk.here.status is Status.CORRECTED


def test_nothing_can_be_decided_where_nothing_is(desk: Desk) -> None:
    desk.at("flew")
    for plan in (desk.accept, desk.reject, desk.remove, lambda: desk.note("x"), desk.apply_same):
        with pytest.raises(RefusedError, match="no annotation under the cursor"):
            plan()


@pytest.mark.parametrize(
    ("side", "forward", "words"),
    [
        ("start", False, "the White House"),
        ("start", True, "House"),
        ("end", False, "White"),
        ("end", True, "White House said"),
    ],
)
def test_either_end_moves_by_a_word_either_way(
    desk: Desk, side: str, forward: bool, words: str
) -> None:
    desk.at("White House")
    decision = desk.decide(desk.resize(side, forward=forward))
    assert decision.action is Action.RESIZE
    assert desk.here.text == words
    assert desk.here.span.of(desk.text) == words
    desk.decide(desk.resize(side, forward=not forward))
    assert (desk.here.text, desk.here.status) == ("White House", Status.ACCEPTED)


@pytest.mark.parametrize(("side", "forward"), [("start", True), ("end", False)])
def test_no_end_passes_the_other(desk: Desk, side: str, forward: bool) -> None:
    desk.at("Putin")
    with pytest.raises(RefusedError, match="no word to move that edge to"):
        desk.resize(side, forward=forward)


def test_no_end_leaves_the_text() -> None:
    desk = Desk("Putin")
    for side, forward in (("start", False), ("end", True)):
        with pytest.raises(RefusedError):
            desk.resize(side, forward=forward)


def test_an_end_inside_a_word_goes_to_the_word_s_end_first(desk: Desk) -> None:
    """As where a model's suggestion cuts a word in two."""
    start = desk.text.index("White House")
    desk.select(Span(start, start + len("White Hou")))
    assert desk.resized("end", True).of(desk.text) == "White House"
    assert desk.resized("end", False).of(desk.text) == "White"
    desk.select(Span(start + 2, start + len("White House")))
    assert desk.resized("start", False).of(desk.text) == "White House"
    assert desk.resized("start", True).of(desk.text) == "House"


def test_an_edge_of_nothing_is_an_edge_of_the_selection_that_begins(desk: Desk) -> None:
    desk.at("envoy")
    assert desk.resize("start", forward=False) is None
    assert desk.words == "The envoy"
    assert not desk.layer.seq


@given(st.lists(st.tuples(st.sampled_from(["start", "end"]), st.booleans()), max_size=12))
def test_a_span_starts_and_ends_on_a_word_however_its_ends_are_moved(
    moves: list[tuple[str, bool]],
) -> None:
    desk = Desk()
    desk.at("White House")
    for side, forward in moves:
        try:
            span = desk.resized(side, forward)
        except RefusedError:
            continue
        assert desk.text.trimmed(span.start, span.end) == span
        assert desk.text.word_at(span.start).start == span.start
        assert desk.text.word_at(span.end - 1).end == span.end
        desk.decide(desk.resize(side, forward=forward))
        assert desk.here.span == span


# Claims


def test_a_claim_is_made_of_the_clause_or_of_the_selection(desk: Desk) -> None:
    desk.at("waited")
    desk.decide(desk.add_claim())
    assert desk.here.text == "Putin waited in Alaska"
    desk.at("Nobody")
    desk.start_selection()
    desk.word_right()
    desk.decide(desk.add_claim())
    assert desk.here.text == "Nobody knows"


def test_the_same_words_are_not_claimed_twice(desk: Desk) -> None:
    desk.at("waited")
    claim = desk.decide(desk.add_claim()).changes[0].id
    desk.at("Alaska", 1)
    with pytest.raises(RefusedError, match="are a claim already"):
        desk.add_claim()
    assert desk.here.id == claim, "and one stands on the claim"


def test_an_impossible_pair_is_put_right_and_the_key_that_was_pressed_wins(desk: Desk) -> None:
    desk.at("waited")
    desk.decide(desk.add_claim())
    assert values(desk.here) == ("affirms", "certain")
    desk.decide(desk.tag("certainty", "uncommitted"))
    assert desk.here.certainty == "uncommitted"
    assert values(desk.here) in SCHEMA.pairs
    desk.decide(desk.tag("stance", "denies"))
    assert desk.here.stance == "denies"
    assert values(desk.here) in SCHEMA.pairs


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("stance"), st.sampled_from(SCHEMA.names("stance"))),
            st.tuples(st.just("certainty"), st.sampled_from(SCHEMA.names("certainty"))),
        ),
        max_size=8,
    )
)
def test_no_order_of_keys_makes_an_impossible_pair(keys: list[tuple[str, str]]) -> None:
    desk = Desk()
    desk.at("waited")
    desk.decide(desk.add_claim())
    for field, value in keys:
        desk.decide(desk.tag(field, value))
        assert values(desk.here) in SCHEMA.pairs
        assert getattr(desk.here, field) == value


def test_holders_near_come_nearest_first_and_nobody_in_person_last(desk: Desk) -> None:
    desk.at("come")
    desk.select(desk.text.occurrences("Putin might not come")[0])
    desk.decide(desk.add_claim())
    named = [link for link in desk.holders() if link.kind == "entity"]
    assert [link.name for link in named] == ["White House", "Alaska", "Trump"]
    assert [link.kind for link in desk.holders()[-3:]] == ["author", "unnamed", "generic"]
    assert all(desk.text[link.start : link.start + len(link.text)] == link.text for link in named)


def test_only_who_can_hold_a_claim_is_offered_and_its_own_sentence_comes_first() -> None:
    words = "Vask met Orsk on Monday. In May, Solvang said that the port was shut, as Reyk knew."
    desk = Desk(words)
    for name, label in (
        ("Vask", "PERSON"), ("Orsk", "PERSON"), ("Monday", "DATE"), ("May", "DATE"),
        ("Solvang", "PERSON"), ("Reyk", "PERSON"),
    ):  # fmt: skip
        desk.at(name)
        desk.decide(desk.label(label))
        desk.let_go()
    desk.select(desk.text.occurrences("the port was shut")[0])
    desk.decide(desk.add_claim())
    named = [link.name for link in desk.holders() if link.kind == "entity"]
    assert named == ["Solvang", "Reyk", "Orsk", "Vask"]


def test_a_claim_is_rewritten_in_one_decision_and_no_other_in_its_place(desk: Desk) -> None:
    desk.at("waited")
    desk.decide(desk.add_claim())
    claim = desk.here
    assert isinstance(claim, Claim)
    plan = desk.rewrite(replace(claim, stance="denies", frame="question", doubt=True))
    assert len(desk.decide(plan).changes) == 1
    assert isinstance(desk.here, Claim)
    assert (desk.here.stance, desk.here.frame, desk.here.doubt) == ("denies", "question", True)
    with pytest.raises(RefusedError, match="no longer there"):
        desk.rewrite(replace(claim, id="another"))


def test_what_is_hidden_for_a_moment_stays_in_hand(desk: Desk) -> None:
    desk.at("waited")
    desk.decide(desk.add_claim())
    claim = desk.here
    desk.turn_kinds()
    assert desk.annotation is None
    desk.turn_kinds()
    assert desk.annotation == claim
    desk.turn_kinds()
    assert desk.annotation == claim
    desk.turn_kinds()
    desk.move(desk.cursor.start)
    desk.turn_kinds()
    assert desk.annotation is None, "one has moved since"


def test_what_is_rejected_or_said_within_the_claim_holds_nothing(desk: Desk) -> None:
    desk.at("White House")
    desk.decide(desk.reject())
    desk.select(desk.text.occurrences("Putin might not come")[0])
    desk.decide(desk.add_claim())
    assert [link.name for link in desk.holders() if link.kind == "entity"] == ["Alaska", "Trump"]


def test_the_nearest_holder_s_chain_ends_in_the_author(desk: Desk) -> None:
    desk.select(desk.text.occurrences("Putin might not come")[0])
    desk.decide(desk.add_claim())
    desk.decide(desk.hold(desk.nearest_holder()))
    holder = desk.here.holder
    assert [link.name for link in holder] == ["White House", "author"]
    assert holder[0].entity in desk.overlay.index
    desk.decide(desk.hold(chain(UNNAMED)))
    assert desk.here.holder == (UNNAMED, AUTHOR)
    desk.decide(desk.hold(chain(AUTHOR)))
    assert desk.here.holder == (AUTHOR,)


def test_where_nobody_is_near_nobody_is_taken() -> None:
    desk = Desk("It rained all day.")
    desk.decide(desk.add_claim())
    with pytest.raises(RefusedError, match="no entity near"):
        desk.nearest_holder()


def test_a_holder_needs_a_claim(desk: Desk) -> None:
    desk.at("flew")
    for plan in (desk.holders, desk.nearest_holder, lambda: desk.hold((AUTHOR,))):
        with pytest.raises(RefusedError, match="no claim here"):
            plan()


# All the same


def test_all_the_same_touches_what_it_showed(desk: Desk) -> None:
    desk.at("Trump")
    desk.decide(desk.label("PERSON"))
    _, planned = desk.apply_same()
    assert [one.before is None for one in planned] == [True], "the other is only suggested"
    decision = desk.decide(desk.apply_same())
    assert [change.after.text for change in decision.changes] == ["Trump"]
    assert {one.label for one in desk.overlay.index if one.text == "Trump"} == {"PERSON"}
    with pytest.raises(RefusedError, match="no other “Trump”"):
        desk.apply_same()


def test_all_the_same_marks_words_that_nobody_marked(desk: Desk) -> None:
    desk.at("Trump")
    desk.decide(desk.remove())
    desk.at("Alaska")
    desk.decide(desk.remove())
    assert desk.here.status is Status.REJECTED
    desk.at("Alaska", 1)
    desk.decide(desk.label("LOC"))
    decision = desk.decide(desk.apply_same())
    (change,) = decision.changes
    assert change.after.text == "Alaska"
    assert change.after.label == "LOC"


def test_all_the_same_of_a_suggestion_accepts_it_too_and_is_one_undo(desk: Desk) -> None:
    before = [(one.id, one.status) for one in desk.overlay.index]
    desk.at("Alaska")
    decision = desk.decide(desk.apply_same())
    assert decision.action is Action.ACCEPT
    assert len(decision.changes) == 2
    assert {one.status for one in desk.overlay.index if one.text == "Alaska"} == {Status.ACCEPTED}
    desk.undo()
    assert [(one.id, one.status) for one in desk.overlay.index] == before


def test_all_the_same_of_a_rejected_one_rejects_what_is_marked_and_no_bare_words(
    desk: Desk,
) -> None:
    desk.at("Alaska")
    desk.decide(desk.reject())
    decision = desk.decide(desk.apply_same())
    assert decision.action is Action.REJECT
    (change,) = decision.changes
    assert change.after.status is Status.REJECTED
    with pytest.raises(RefusedError):
        desk.apply_same()


def test_all_the_same_gets_another_label_or_is_rejected_from_a_suggestion(desk: Desk) -> None:
    desk.at("Alaska")
    decision = desk.decide(desk.apply_same("LOC"))
    assert decision.action is Action.RELABEL
    found = {(one.label, one.status) for one in desk.overlay.index if one.text == "Alaska"}
    assert found == {("LOC", Status.CORRECTED)}
    desk.undo()
    desk.at("Alaska")
    decision = desk.decide(desk.apply_same(rejecting=True))
    assert decision.action is Action.REJECT
    assert {one.status for one in desk.overlay.index if one.text == "Alaska"} == {Status.REJECTED}


# Following


def test_after_an_undo_one_stands_on_what_was_undone(desk: Desk) -> None:
    desk.at("White House")
    house = desk.here
    desk.decide(desk.resize("start", forward=False))
    desk.at("Trump")
    desk.undo()
    assert desk.here == house
    assert desk.cursor.start == house.span.start
    assert house.span in desk.touched


def test_after_the_undo_of_an_addition_nothing_is_current(desk: Desk) -> None:
    desk.at("late")
    desk.decide(desk.label("TIME"))
    desk.undo()
    assert desk.annotation is None
    assert desk.current is None
    assert desk.cursor.of(desk.text) == "late"


def test_the_count_of_open_suggestions_follows_every_decision(desk: Desk) -> None:
    def still_open() -> int:
        return sum(one.status is Status.SUGGESTED for one in desk.overlay.index)

    assert desk.overlay.open == still_open() == 7
    for decide in (desk.accept, desk.reject, lambda: desk.label("GPE"), desk.remove):
        desk.go(desk.nearest_open())
        desk.decide(decide())
        assert desk.overlay.open == still_open()
    while desk.layer.undoable:
        desk.undo()
        assert desk.overlay.open == still_open()
    assert desk.overlay.open == 7


def test_a_link_to_an_entity_keeps_its_place(desk: Desk) -> None:
    desk.select(desk.text.occurrences("Putin might not come")[0])
    desk.decide(desk.add_claim())
    house = next(one for one in desk.overlay.index if one.text == "White House")
    assert desk.holders()[0] == Link("entity", "White House", house.span.start, house.id)


def test_the_same_words_in_very_many_places_are_not_counted_and_not_decided() -> None:
    text = Text("Aa " * (alike.MOST + 2))
    desk = Desk(text)
    desk.decide(desk.reading.label("PERSON"))
    desk.reading.point(0)
    assert desk.reading.more_like() is None
    with pytest.raises(RefusedError, match="in more than 10,000 places"):
        desk.reading.apply_same()


def test_words_that_are_very_long_are_not_looked_for_again() -> None:
    text = Text(("a" * (alike.LONGEST + 1) + " ") * 3)
    desk = Desk(text)
    desk.decide(desk.reading.label("PERSON"))
    desk.reading.point(0)
    assert desk.reading.more_like() == 0
    with pytest.raises(RefusedError, match="is too long to look for again: it has 2,001"):
        desk.reading.apply_same()
