"""Entities, claims, or both; and the words that led to a claim."""

from __future__ import annotations

import scenes

from annotations.changes import suggested
from annotations.evidence import Cue
from annotations.layer import Layer, Overlay
from annotations.records import Claim, Document, Entity, Status, suggestion_id
from annotations.schema import default
from annotations.text import Text
from tui.describe import brief, full
from tui.reading import Reading
from tui.theme import DARK, MONO, palette

WORDS = "Putin said that the treaty is very likely to fail. Trump flew to Alaska."
LAYER = "en_core_web_md-3.7.1+claims-1"


def claim(text: Text) -> Claim:
    span = text.occurrences("the treaty is very likely to fail")[0]
    cue = text.occurrences("very likely")[0]
    one = Claim(
        id=suggestion_id(LAYER, "claim", span),
        span=span,
        text=span.of(text),
        certainty="probable",
        likelihood={"scale": "icd203", "band": "very likely", "phrase": "very likely", "range": "80-95"},
        cues=(Cue(cue.start, cue.end, "hedge", "probable"),),
        score=0.8,
    )  # fmt: skip
    made = suggested(one, LAYER, ("very likely → probable", "very likely [80-95 %]"))
    assert isinstance(made, Claim)
    return made


def reading() -> Reading:
    text = Text(WORDS)
    layer = Layer(LAYER, text.id, {claim(text).id: claim(text)})
    overlay = Overlay(Layer("anna", text.id), [scenes.suggestions(text), layer])
    return Reading(Document(text, "a text"), overlay, default())


def test_one_key_shows_entities_then_claims_then_both() -> None:
    one = reading()
    assert {each.kind for each in one.index} == {"entity", "claim"}
    assert one.turn_kinds() == "entities"
    assert {type(each) for each in one.index} == {Entity}
    assert one.turn_kinds() == "claims"
    assert {type(each) for each in one.index} == {Claim}
    assert one.turn_kinds() == "entities and claims"
    assert len(one.index) == len(one.overlay.index)


def test_going_on_passes_over_what_is_not_shown() -> None:
    one = reading()
    one.turn_kinds()
    one.turn_kinds()
    found = one.nearest_open()
    assert isinstance(found, Claim)
    one.go(found)
    assert one.next() is None
    assert one.index.between(0, len(one.text)) == [found]
    assert list(one.index.before(found)) == []
    assert next(one.index.from_offset(0)) == found
    assert found.id in one.index


def test_the_current_annotation_is_let_go_where_it_is_not_shown() -> None:
    one = reading()
    entity = next(each for each in one.index if isinstance(each, Entity))
    one.go(entity)
    one.turn_kinds()
    assert one.annotation == entity
    one.turn_kinds()
    assert one.annotation is None


def test_holders_are_offered_though_entities_are_not_shown() -> None:
    one = reading()
    one.turn_kinds()
    one.turn_kinds()
    found = one.nearest_open()
    assert found is not None
    one.go(found)
    assert one.holders()[0].text == "Putin"


def test_line_and_inspector_say_cues_and_the_range_of_a_likelihood_word() -> None:
    made = claim(Text(WORDS))
    assert made.status is Status.SUGGESTED
    line = "".join(words for words, _ in brief(made, default(), 0, 120))
    assert "very likely [80-95 %]" in line
    assert "very likely → probable" in line
    lines = ["".join(words for words, _ in row) for row in full(made, default(), ())]
    assert any(row.startswith("likelihood") and "[80-95 %]" in row for row in lines)


def test_cue_words_differ_from_the_rest_of_the_claim_on_every_palette() -> None:
    for name in (DARK, MONO):
        made = palette(name)
        plain = made.claim(Status.SUGGESTED, current=True)
        assert plain + made.cue != plain
