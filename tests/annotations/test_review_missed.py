"""What no layer marks: repeats, capitalised runs, sentences with cues where claims exist."""

from __future__ import annotations

from annotations import changes
from annotations.layer import Layer
from annotations.records import Annotation, Claim, Entity, Status
from annotations.review.missed import NAME, missed
from annotations.schema import default
from annotations.text import Text

SCHEMA = default()


def layer(text: Text, name: str, *marked: tuple[str, str], number: int = 0) -> Layer:
    made = Layer(name, text.id)
    for words, label in marked:
        span = text.occurrences(words)[number]
        one = changes.add_entity(span, label, text, SCHEMA).after
        assert isinstance(one, Entity)
        made.annotations[one.id] = one
    return made


def found(text: Text, own: Layer, *models: Layer) -> list[Annotation]:
    return list(missed(text, models, own, SCHEMA).index)


def names(text: Text, own: Layer, *models: Layer) -> list[tuple[str, str]]:
    return [(one.text, one.label) for one in found(text, own, *models) if isinstance(one, Entity)]


def test_the_words_of_what_stands_are_found_again_with_its_label() -> None:
    text = Text("the union met in May. Later the union met Orlen. Orlen left.")
    own = layer(text, "anna", ("union", "ORG"), ("May", "DATE"), ("Orlen", "PERSON"))
    assert names(text, own) == [("union", "ORG"), ("Orlen", "PERSON")]


def test_what_was_rejected_is_not_looked_for() -> None:
    text = Text("He saw a lynx. The lynx saw him.")
    own = layer(text, "anna", ("lynx", "ORG"))
    (one,) = own
    gone = changes.reject(changes.suggested(one, "m")).after
    assert isinstance(gone, Entity)
    own.annotations[one.id] = gone
    assert gone.status is Status.REJECTED
    assert names(text, own) == []


def test_capitalised_runs_that_no_layer_marks() -> None:
    text = Text(
        "Yesterday Mr. Colin Dace met Ana in the Ministry of Tides. The boats left in June."
    )
    own = Layer("anna", text.id)
    model = layer(text, "m", ("Ana", "PERSON"))
    assert names(text, own, model) == [
        ("Colin Dace", "PERSON"),
        ("Ministry of Tides", "PERSON"),
        ("June", "DATE"),
    ]


def test_a_word_that_only_starts_a_sentence_is_no_name() -> None:
    text = Text("Nobody came. Boats left. “Stay,” they said. The Arvel Strait froze.")
    assert names(text, Layer("anna", text.id)) == [("Arvel Strait", "PERSON")]


def test_claims_are_looked_for_only_where_there_are_some() -> None:
    text = Text("Nobody came. The boats will leave. The tide is high, he said.")
    own = Layer("anna", text.id)
    assert not [one for one in found(text, own) if isinstance(one, Claim)]
    span = text.clause_at(text.index("boats"))
    assert span is not None
    one = changes.add_claim(span, text, SCHEMA).after
    assert isinstance(one, Claim)
    own.annotations[one.id] = one
    (claim,) = [one for one in found(text, own) if isinstance(one, Claim)]
    assert claim.text == "The tide is high, he said"
    assert claim.origin is not None
    assert claim.origin.layer == NAME
    assert "said" in claim.origin.why[0]


def test_they_are_suggestions_with_the_same_ids_each_time() -> None:
    text = Text("Then Ana Orlen met Bo Li.")
    first, again = (found(text, Layer("anna", text.id)) for _ in range(2))
    assert [one.id for one in first] == [one.id for one in again]
    assert all(one.status is Status.SUGGESTED and one.score is None for one in first)
