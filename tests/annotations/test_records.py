from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from types import NoneType

from hypothesis import given
from hypothesis import strategies as st

from annotations import decision_parser, record_parser
from annotations.evidence import AUTHOR, GENERIC, UNNAMED, Cue, Link, Provenance
from annotations.records import (
    Action,
    Change,
    Claim,
    Decision,
    Document,
    Entity,
    State,
    Status,
    suggestion_id,
)
from annotations.span import Span
from annotations.text import Text

words = st.text(st.characters(codec="utf-8"), max_size=12)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
offsets = st.integers(0, 10_000)
spans = st.tuples(offsets, st.integers(1, 40)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))
scores = st.none() | st.floats(0, 1)
plain_values = st.dictionaries(
    names.map("x-{}".format), st.none() | words | st.booleans() | st.lists(words, max_size=2)
)
times = st.just("") | st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31)).map(
    lambda at: at.isoformat(timespec="microseconds") + "Z"
)
origins = st.builds(
    lambda layer, span, values, score, why: Provenance(
        layer, span.start, span.end, values, score, tuple(why)
    ),
    names,
    spans,
    plain_values,
    scores,
    st.lists(words, max_size=3),
)
links = st.sampled_from((AUTHOR, UNNAMED, GENERIC)) | st.builds(
    Link, st.sampled_from(("entity", "span")), names, offsets, words
)
cues = st.builds(
    lambda span, kind, effect: Cue(span.start, span.end, kind, effect), spans, names, words
)
common = {
    "id": names,
    "span": spans,
    "text": st.just(""),
    "status": st.sampled_from(Status),
    "note": words,
    "by": words,
    "at": times,
    "rev": offsets,
    "score": scores,
    "origin": st.none() | origins,
}


def worded(record: Entity | Claim) -> Entity | Claim:
    """The record with as many characters as its span has."""
    return replace(record, text="é" * len(record.span))


entities = st.builds(Entity, label=names, **common).map(worded)
claims = st.builds(
    Claim,
    stance=names,
    certainty=names,
    frame=names,
    time=names,
    quote=names,
    holder=st.lists(links, max_size=3).map(lambda inner: (*inner, AUTHOR)),
    likelihood=st.none() | st.fixed_dictionaries({"scale": names, "band": names, "phrase": names}),
    cues=st.lists(cues, max_size=2).map(tuple),
    target=st.none() | spans,
    doubt=st.booleans(),
    **common,
).map(worded)
states = st.builds(State, st.booleans(), words, times, offsets)
records = st.one_of(entities, claims, states)


@given(records)
def test_a_record_comes_back_from_json_as_it_was(record: Entity | Claim | State) -> None:
    assert record_parser.record(json.loads(json.dumps(record.plain()))) == record


@given(records, st.none() | records)
def test_a_change_comes_back_from_json_as_it_was(
    one: Entity | Claim | State, other: Entity | Claim | State | None
) -> None:
    if type(one) is not type(other):
        other = None
    elif not isinstance(one, State) and not isinstance(other, (State, NoneType)):
        other = replace(other, id=one.id)
    for change in (Change(one, other), Change(other, one)):
        assert decision_parser.change(json.loads(json.dumps(change.plain()))) == change
        assert change.inverse.inverse == change
        assert change.inverse.before == change.after


@given(records, names, names, st.integers(1, 9))
def test_a_stamp_says_who_and_when_in_what_is_left_only(
    record: Entity | Claim | State, by: str, at: str, rev: int
) -> None:
    after = Change(record, record).stamped(by, at, rev).after
    assert after and (after.by, after.at, after.rev) == (by, at, rev)
    assert Change(record, None).stamped(by, at, rev) == Change(record, None)


def test_a_decision_prints_one_row_for_each_record() -> None:
    one = Entity(id="a1", span=Span(0, 5), text="Orlen", label="PERSON", status=Status.ADDED)
    two = Entity(id="a2", span=Span(9, 14), text="Arvel", label="GPE", status=Status.ADDED)
    decision = Decision(
        3, "t", "anna", "anna", "d", Action.UNDO, (Change(one, None), Change(None, two)), of=2
    )
    rows = decision.rows()
    assert [row["annotation"] for row in rows] == ["a1", "a2"]
    assert {(row["seq"], row["of"], row["action"]) for row in rows} == {(3, 2, "undo")}
    assert rows[0]["before"]["text"] == "Orlen" and rows[0]["after"] is None
    assert decision.annotation == "a1"


def test_a_suggestion_keeps_its_id_and_another_gets_another() -> None:
    first = suggestion_id("toy-1.0", "entity", Span(3, 8), "ORG")
    assert first == suggestion_id("toy-1.0", "entity", Span(3, 8), "ORG")
    others = {
        suggestion_id("toy-1.1", "entity", Span(3, 8), "ORG"),
        suggestion_id("toy-1.0", "claim", Span(3, 8), "ORG"),
        suggestion_id("toy-1.0", "entity", Span(3, 9), "ORG"),
        suggestion_id("toy-1.0", "entity", Span(3, 8), "GPE"),
    }
    assert len(others | {first}) == 5


def test_a_holder_is_named_innermost_first_without_the_closing_author() -> None:
    told = Link("span", "Arvel", 1)
    driver = Link("entity", "the driver", 30, "a1")
    claim = Claim(id="a", span=Span(0, 1), text="x", holder=(told, driver, AUTHOR))
    assert claim.holder_name == "Arvel ← the driver"
    assert Claim(id="a", span=Span(0, 1), text="x").holder_name == "author"


def test_what_stands_is_accepted_corrected_or_added() -> None:
    assert {one for one in Status if one.stands} == {
        Status.ACCEPTED,
        Status.CORRECTED,
        Status.ADDED,
    }


def test_documents_of_the_same_text_have_the_same_id() -> None:
    assert Document(Text("same"), "one").id == Document(Text("same"), "two").id
    assert Document(Text("same"), "one").id != Document(Text("same "), "one").id
