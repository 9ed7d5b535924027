from __future__ import annotations

from dataclasses import replace

import pytest

from annotations import changes, record_parser
from annotations.errors import RefusedError, SpanError, UnknownError
from annotations.evidence import AUTHOR, UNNAMED
from annotations.records import Change, Claim, Entity, State, Status
from annotations.schema import default
from annotations.span import Span
from annotations.text import Text

TEXT = Text("No pact is expected, Orlen Vask said.")
SCHEMA = default()
NAME = Span(21, 26)


@pytest.fixture
def entity() -> Entity:
    bare = Entity(id="s1", span=NAME, text="Orlen", label="ORG", score=0.6)
    made = changes.suggested(bare, "toy-1.0")
    assert isinstance(made, Entity)
    return made


@pytest.fixture
def claim() -> Claim:
    bare = SCHEMA.blank_claim(id="s2", span=Span(0, 19), text="No pact is expected")
    made = changes.suggested(bare, "toy-1.0", ("no -> denies",))
    assert isinstance(made, Claim)
    return made


def after(change: Change) -> Entity | Claim:
    assert isinstance(change.after, Entity | Claim)
    return change.after


def test_a_suggestion_remembers_what_it_was(entity: Entity) -> None:
    assert entity.origin is not None
    assert (entity.origin.layer, entity.origin.start, entity.origin.end) == ("toy-1.0", 21, 26)
    assert (entity.origin.values, entity.origin.score) == ({"label": "ORG"}, 0.6)


def test_accepting_a_suggestion_makes_a_first_record_of_it(entity: Entity) -> None:
    change = changes.accept(entity)
    assert change.before is None
    assert after(change) == replace(entity, status=Status.ACCEPTED)


def test_a_suggestion_without_a_model_cannot_be_decided_on(entity: Entity) -> None:
    with pytest.raises(RefusedError, match="without its model's name"):
        changes.accept(replace(entity, origin=None))


def test_another_label_corrects_and_the_old_one_accepts_again(entity: Entity) -> None:
    corrected = after(changes.relabel(entity, "PERSON", SCHEMA))
    assert (corrected.status, corrected.values()) == (Status.CORRECTED, {"label": "PERSON"})
    assert isinstance(corrected, Entity)
    assert after(changes.accept(corrected)).status is Status.CORRECTED
    back = changes.relabel(corrected, "ORG", SCHEMA)
    assert back.before == corrected
    assert after(back).status is Status.ACCEPTED


def test_a_label_that_the_project_lacks_is_refused_with_the_nearest(entity: Entity) -> None:
    with pytest.raises(RefusedError, match=r"'PERSN' is no label.*did you mean 'PERSON'"):
        changes.relabel(entity, "PERSN", SCHEMA)


def test_rejecting_keeps_a_suggestion_and_takes_out_what_a_person_added(entity: Entity) -> None:
    assert after(changes.reject(entity)).status is Status.REJECTED
    added = after(changes.add_entity(NAME, "PERSON", TEXT, SCHEMA))
    assert changes.remove(added) == Change(added, None)
    rejected = after(changes.reject(entity))
    assert after(changes.accept(rejected)).status is Status.ACCEPTED


def test_a_resized_entity_has_the_words_of_its_new_span(entity: Entity) -> None:
    change = changes.resize(entity, Span(21, 31), TEXT)
    assert (after(change).text, after(change).status) == ("Orlen Vask", Status.CORRECTED)


@pytest.mark.parametrize("span", [Span(20, 26), Span(21, 27), Span(21, 21)])
def test_a_span_that_does_not_start_and_end_on_a_word_is_refused(
    entity: Entity, span: Span
) -> None:
    with pytest.raises(RefusedError, match="starts and ends on a word"):
        changes.resize(entity, span, TEXT)


def test_what_a_person_adds_stays_added_when_it_is_changed() -> None:
    added = after(changes.add_entity(NAME, "ORG", TEXT, SCHEMA))
    assert isinstance(added, Entity)
    assert (added.status, added.origin, added.text) == (Status.ADDED, None, "Orlen")
    for change in (
        changes.relabel(added, "PERSON", SCHEMA),
        changes.resize(added, Span(21, 31), TEXT),
        changes.accept(added),
        changes.note(added, "who?"),
    ):
        assert change.before == added
        assert after(change).status is Status.ADDED


def test_adding_outside_the_text_or_on_white_space_is_refused() -> None:
    with pytest.raises(SpanError):
        changes.add_entity(Span(30, 90), "ORG", TEXT, SCHEMA)
    with pytest.raises(RefusedError):
        changes.add_claim(Span(2, 7), TEXT, SCHEMA)


def test_an_added_claim_has_the_defaults_and_what_is_given() -> None:
    claim = after(changes.add_claim(Span(0, 19), TEXT, SCHEMA, holder=(UNNAMED, AUTHOR)))
    assert isinstance(claim, Claim)
    assert (claim.stance, claim.certainty, claim.frame) == ("affirms", "certain", "assertion")
    assert (claim.text, claim.holder_name) == ("No pact is expected", "unnamed")
    assert claim.id != after(changes.add_claim(Span(0, 19), TEXT, SCHEMA)).id


def test_a_tag_that_makes_an_impossible_pair_puts_the_other_right(claim: Claim) -> None:
    opened = after(changes.tag(claim, "stance", "open", SCHEMA))
    assert isinstance(opened, Claim)
    assert (opened.stance, opened.certainty) == ("open", "uncommitted")
    probable = after(changes.tag(opened, "certainty", "probable", SCHEMA))
    assert isinstance(probable, Claim)
    assert (probable.stance, probable.certainty) == ("affirms", "probable")
    assert SCHEMA.problem(probable) == ""


def tagged(claim: Claim, *steps: tuple[str, object]) -> Claim:
    """The claim behind these tags, one after the other."""
    for field, value in steps:
        made = after(changes.tag(claim, field, value, SCHEMA))
        assert isinstance(made, Claim)
        claim = made
    return claim


def test_an_open_claim_is_uncommitted_and_keeps_certain_where_it_was_said(claim: Claim) -> None:
    said = tagged(claim, ("stance", "open"), ("certainty", "certain"))
    assert (said.stance, said.certainty) == ("open", "certain")
    assert tagged(said, ("stance", "open")).certainty == "certain"
    assert tagged(claim, ("certainty", "possible"), ("stance", "denies")).certainty == "possible"


VERY_LIKELY = {"scale": "icd203", "band": "very likely", "phrase": "very likely", "range": "80-95"}
EVEN = VERY_LIKELY | {"phrase": "even chance", "range": "45-55"}


@pytest.mark.parametrize(
    ("likelihood", "field", "value", "stays"),
    [
        (VERY_LIKELY, "stance", "denies", False),
        (VERY_LIKELY, "stance", "open", False),
        (VERY_LIKELY, "certainty", "possible", False),
        (VERY_LIKELY, "certainty", "certain", False),
        (VERY_LIKELY, "certainty", "probable", True),
        (VERY_LIKELY, "time", "future", True),
        (EVEN, "certainty", "possible", True),
        ({"phrase": "likely"}, "stance", "denies", False),
    ],
)
def test_a_likelihood_that_the_new_values_gainsay_goes(
    claim: Claim, likelihood: dict[str, str], field: str, value: str, stays: bool
) -> None:
    one = replace(claim, certainty="probable", likelihood=likelihood, origin=None)
    one = replace(one, status=Status.ADDED)
    assert tagged(one, (field, value)).likelihood == (likelihood if stays else None)


def test_a_likelihood_comes_back_with_the_values_that_it_was_suggested_with(claim: Claim) -> None:
    bare = replace(claim, certainty="probable", likelihood=VERY_LIKELY)
    one = changes.suggested(bare, "toy-1.0")
    assert isinstance(one, Claim)
    denied = tagged(one, ("stance", "denies"))
    assert (denied.likelihood, denied.status) == (None, Status.CORRECTED)
    again = tagged(denied, ("stance", "affirms"))
    assert (again.likelihood, again.status) == (VERY_LIKELY, Status.ACCEPTED)
    assert tagged(one, ("likelihood", None)).values()["likelihood"] is None


def test_other_fields_the_holder_and_doubt_can_be_tagged(claim: Claim) -> None:
    assert after(changes.tag(claim, "time", "future", SCHEMA)).values()["time"] == "future"
    assert after(changes.tag(claim, "doubt", True, SCHEMA)).values()["doubt"] is True
    held = after(changes.hold(claim, (UNNAMED, AUTHOR)))
    assert held.values()["holder"] == [{"kind": "unnamed"}, {"kind": "author"}]
    assert held.status is Status.CORRECTED


def test_a_value_or_a_field_that_is_not_there_is_refused(claim: Claim) -> None:
    with pytest.raises(RefusedError, match="'denys' is no stance; did you mean 'denies'"):
        changes.tag(claim, "stance", "denys", SCHEMA)
    with pytest.raises(UnknownError, match="no claim field 'stanc'"):
        changes.tag(claim, "stanc", "denies", SCHEMA)


def test_a_note_accepts_a_suggestion_and_leaves_a_decision_as_it_is(entity: Entity) -> None:
    noted = changes.note(entity, " a firm? ")
    assert noted.before is None
    assert (after(noted).note, after(noted).status) == ("a firm?", Status.ACCEPTED)
    rejected = after(changes.reject(entity))
    assert after(changes.note(rejected, "no")).status is Status.REJECTED


def test_a_document_is_finished_and_opened_again() -> None:
    first = changes.finish(State())
    assert first == Change(None, State(finished=True))
    kept = State(finished=True, by="anna", at="t", rev=4)
    assert changes.finish(kept, False) == Change(kept, replace(kept, finished=False))


def test_a_change_differs_only_by_what_it_says(entity: Entity) -> None:
    accepted = after(changes.accept(entity))
    again = Change(accepted, replace(accepted, by="anna", at="later", rev=9))
    assert not changes.differs(again)
    assert changes.differs(Change(accepted, replace(accepted, note="x")))
    assert changes.differs(Change(None, accepted))
    assert not changes.differs(Change(None, None))


def test_a_flag_is_put_on_and_taken_off() -> None:
    once = changes.flag(State(), "s1").after
    assert isinstance(once, State)
    twice = changes.flag(once, "s2").after
    assert isinstance(twice, State)
    assert twice.flags == ("s1", "s2")
    assert record_parser.state(twice.plain()) == twice
    off = changes.flag(twice, "s1").after
    assert isinstance(off, State)
    assert off.flags == ("s2",)


def test_what_is_revealed_is_kept_beside_what_else_was_decided() -> None:
    made = changes.reveal(State(finished=True, rev=3)).after
    assert isinstance(made, State)
    assert (made.finished, made.revealed) == (True, True)
    assert record_parser.state(made.plain()) == made
    assert "revealed" not in State().plain()
