"""An annotation's text is the JSON of its `plain()`, whatever it holds."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf

from hypothesis import given
from labelled import documents, example

from annotations.changes import suggested
from annotations.evidence import AUTHOR, Provenance
from annotations.formats.documents import Labelled
from annotations.records import Entity, suggestion_id
from annotations.span import Span
from annotations.storage.notation import ASCII, PACKED, PLAIN, Notation


@given(documents())
def test_it_is_the_text_that_the_encoder_makes(many: list[Labelled]) -> None:
    for one in many:
        for annotation in one:
            plain = annotation.plain()
            assert PLAIN.of(annotation) == json.dumps(plain, ensure_ascii=False)
            assert ASCII.of(annotation) == json.dumps(plain)
        assert ASCII.list(one.standing) == json.dumps([each.plain() for each in one.standing])


def test_odd_numbers_and_values_are_written_as_the_encoder_writes_them() -> None:
    for score in (1, True, inf, 1e-9, 12345678901234567890.0):
        for values in ({}, {"label": None}, {"label": "ORG", "more": [1]}):
            origin = Provenance("en", 0, 1, values, score, ("why",))
            one = Entity(id="a", span=Span(0, 1), text="x", label="ORG", score=score, origin=origin)
            assert PLAIN.of(one) == json.dumps(one.plain())


def test_every_key_is_there_under_its_own_name_where_that_is_wanted() -> None:
    whole = Notation(names={"by": "decided_by"}, is_whole=True)
    entity, _, claim = (json.loads(whole.of(one)) for one in example())
    assert entity["decided_by"] == claim["decided_by"] == ""
    for one in (entity, claim):
        assert one["note"] == one["at"] == ""
        assert one["rev"] == 0
        assert one["score"] is one["origin"] is None
        assert "by" not in one
    assert claim["target"] is None


@given(documents())
def test_a_suggestion_is_written_as_the_record_that_says_so(many: list[Labelled]) -> None:
    for one in many:
        for entity in one.entities:
            own = suggestion_id("theirs", entity.kind, entity.span, entity.label)
            bare = replace(entity, id=own, by="", at="", rev=0)
            written = PLAIN.suggestion(entity, own, "theirs")
            assert written == PLAIN.of(suggested(bare, "theirs"))
        for claim in one.claims:
            own = suggestion_id("theirs", claim.kind, claim.span, claim.stance)
            holder = (*claim.holder[1:], AUTHOR)
            bare = replace(claim, id=own, by="", at="", rev=0, holder=holder)
            written = PLAIN.suggested_claim(claim, own, "theirs", holder)
            assert written == PLAIN.of(suggested(bare, "theirs"))


def test_an_origin_that_says_nothing_new_is_packed_as_its_layer() -> None:
    for one in example():
        began = suggested(one, "theirs").origin
        assert began is not None
        stands = replace(one, score=began.score, origin=began)
        assert json.loads(PACKED.of(stands))["origin"] == "theirs"
        other = {**began.values, "more": 1}
        for changed in (
            replace(began, start=began.start + 1),
            replace(began, end=began.end + 1),
            replace(began, values=other),
            replace(began, score=0.125),
            replace(began, score=None),
            replace(began, why=("seen",)),
        ):
            differs = replace(one, score=1.0, origin=changed)
            assert json.loads(PACKED.of(differs))["origin"] == changed.plain()
        number = replace(one, score=1.0, origin=replace(began, score=1))
        assert json.loads(PACKED.of(number))["origin"]["score"] == 1
