"""From a parsed text to claims that a layer holds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from annotations.records import Claim, Entity
from annotations.span import Span
from annotations.suggest.claims.breaks import broken
from annotations.suggest.claims.language import is_english
from annotations.suggest.claims.quotes import quotes
from annotations.suggest.claims.suggest import suggest_claims
from annotations.suggest.claims.tree import Tree
from annotations.text import Text

LAYER = "toy-1.0.0+claims-1"


def claims(parser: Language, words: str, *entities: Entity) -> list[Claim]:
    text = Text(words)
    tree = Tree.of(parser(broken(parser.make_doc(words))))
    return suggest_claims(tree, text, layer=LAYER, entities=entities)


def person(words: str, name: str) -> Entity:
    start = words.index(name)
    return Entity(id=name, span=Span(start, start + len(name)), text=name, label="PERSON")


def test_the_holder_is_linked_to_its_entity(parser: Language) -> None:
    words = "Mara Oake said that the ferry was late."
    (one,) = claims(parser, words, person(words, "Mara Oake"))
    assert one.text == "the ferry was late"
    assert (one.holder[0].kind, one.holder[0].entity) == ("entity", "Mara Oake")
    assert one.quote == "indirect"


def test_a_pronoun_goes_to_the_nearest_person_and_is_flagged(parser: Language) -> None:
    words = "Mara Oake left early. She said that the ferry was late."
    one = claims(parser, words, person(words, "Mara Oake"))[-1]
    assert one.holder_name == "Mara Oake"
    assert one.doubt
    assert one.origin is not None
    assert "nearest" in one.origin.why[-1]


def test_a_quotation_of_two_sentences_has_one_holder(parser: Language) -> None:
    words = "“The ferry was late. The harbour was empty,” said Mara Oake."
    made = claims(parser, words, person(words, "Mara Oake"))
    assert {one.holder_name for one in made} == {"Mara Oake"}
    assert {one.quote for one in made} == {"direct"}


def test_why_names_the_cues_in_the_order_of_the_text(parser: Language) -> None:
    (one,) = claims(parser, "No formal agreements are expected to be signed.")
    assert one.origin is not None
    first, second, third = one.origin.why
    assert first.startswith("no →")
    assert second.startswith("expected →")
    assert "unnamed" in third
    assert [cue.start for cue in one.cues] == sorted(cue.start for cue in one.cues)


def test_a_likelihood_word_brings_its_band(parser: Language) -> None:
    (one,) = claims(parser, "It is very likely that the union will strike.")
    assert one.likelihood is not None
    assert one.likelihood["phrase"] == "very likely"
    assert one.likelihood["range"] == "80-95"


@pytest.mark.parametrize(
    "words", ["Minutes of the council", "Good morning!", "", "\n\n", "Dear Ivo,"]
)
def test_headings_and_greetings_are_no_claims(words: str, parser: Language) -> None:
    assert claims(parser, words) == []


def test_a_heading_does_not_run_into_the_sentence_under_it(parser: Language) -> None:
    made = claims(parser, "The bridge at Mill Lane\n\nThe clerk read the survey.")
    assert [one.text for one in made] == ["The clerk read the survey"]


@given(st.text(alphabet="ab “”\"'‘’\n.,é\u2028", max_size=60))
def test_any_text_has_quotations_in_order_and_apart(words: str) -> None:
    found = quotes(words)
    assert all(one.start < one.end <= len(words) for one in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


def test_the_same_text_gives_the_same_claims(parser: Language) -> None:
    words = "Orlen may sign, but the clerk doubts that the fund is empty."
    assert claims(parser, words) == claims(parser, words)


def test_every_claims_words_are_those_at_its_span(parser: Language) -> None:
    words = "🏝️ “Été,” said Zoë: the ferry — they say — never came… Will it? If so, we go."
    for one in claims(parser, words):
        assert words[one.span.start : one.span.end] == one.text


def test_english_is_told_by_its_small_words() -> None:
    assert is_english(
        Text("The clerk said that the vote of the council was not to be counted again.")
    )
    german = "Der Rat hat am Montag beschlossen, dass die Brücke bis zum Herbst gesperrt bleibt."
    assert not is_english(Text(german))


@pytest.mark.parametrize(
    ("words", "holder"),
    [
        ("The two guilds announced their intention to share the mill.", "The two guilds"),
        ("The bakers said that they do not plan to close.", "The bakers"),
        ("The board said that it plans to build a weir.", "The board"),
        ("Mr. Lund doubted it: the ink, he said, is too new.", "Mr. Lund"),
        ("Ms. Vale met Mr. Lund. He said that the dam leaks badly.", "Mr. Lund"),
    ],
)
def test_a_pronoun_means_who_speaks_in_its_sentence(
    words: str, holder: str, parser: Language
) -> None:
    doc = parser(words)
    known = [
        Entity(
            id=f"e{number}",
            span=Span(one.start_char, one.end_char),
            text=one.text,
            label=one.label_,
        )
        for number, one in enumerate(doc.ents)
    ]
    made = suggest_claims(Tree.of(doc), Text(words), layer=LAYER, entities=known)
    assert holder.endswith(made[-1].holder_name)
    assert made[-1].doubt


def test_a_heading_is_a_line_apart_without_a_full_stop(parser: Language) -> None:
    words = "Lamp at the point goes dark\n\nThe lamp went out.\n\n# The board agrees\nIt was old."
    assert [one.text for one in claims(parser, words)] == ["The lamp went out", "It was old"]


def test_a_claim_ends_ahead_of_a_full_stop_that_hangs_on_a_sign(parser: Language) -> None:
    (one,) = claims(parser, "We saw seventeen seals 🦭.")
    assert one.text == "We saw seventeen seals 🦭"


def test_a_mark_opened_in_a_claim_is_closed_in_it(parser: Language) -> None:
    (one,) = claims(parser, "The town compared two groups (19 against 11).")
    assert one.text.endswith("11)")
