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


@pytest.mark.parametrize(
    ("words", "chain"),
    [
        ("Mara Oake said that Ivo Lund denied that the fund was empty.", ["Ivo Lund", "Mara Oake"]),
        ("According to the clerk, the mayor denied that the fund was empty.", ["the mayor", "the clerk"]),
        ("“The mayor thinks the bridge is safe,” the clerk said.", ["The mayor", "the clerk"]),
        ("The envoy said that the minister had told him that the talks failed.", ["the minister", "The envoy"]),
        ("“I think the bridge is safe,” the clerk said.", ["the clerk"]),
        ("The clerk said that she believed that the bridge was safe.", ["The clerk"]),
        ("The clerk did not say that the mayor denied that the fund was empty.", ["the mayor"]),
        ("The clerk said that the bridge seems to be safe.", ["The clerk"]),
    ],
)  # fmt: skip
def test_a_holder_that_another_tells_of_is_followed_by_who_tells(
    words: str, chain: list[str], parser: Language
) -> None:
    made = claims(parser, words)[-1]
    assert [link.name for link in made.holder] == [*chain, "author"]


def test_a_pronoun_goes_to_the_name_beside_the_subject_before_a_name_further_on(
    parser: Language,
) -> None:
    words = "Zoë Quist waited. The cook, Trần Văn Nam, met Ivo Lund at the gate. He said that the road was shut."
    known = [person(words, name) for name in ("Zoë Quist", "Trần Văn Nam", "Ivo Lund")]
    assert claims(parser, words, *known)[-1].holder_name == "Trần Văn Nam"


def test_a_pronoun_goes_to_somebody_without_a_name_who_spoke_last(parser: Language) -> None:
    words = "Zoë Quist praised the letters. A visitor doubted that they were real. He said that the ink was new."
    assert claims(parser, words, person(words, "Zoë Quist"))[-1].holder_name == "A visitor"


@pytest.mark.parametrize(
    ("words", "holder"),
    [
        (
            "The paper answers two questions that the council put to us: whether the dam is safe, and whether the mill will close.",
            "the council",
        ),
        ("The question that the union asked, whether the fund was empty, stayed open.", "the union"),
    ],
)  # fmt: skip
def test_a_question_is_held_by_whoever_put_it(words: str, holder: str, parser: Language) -> None:
    held = [one.holder_name for one in claims(parser, words) if one.frame == "question"]
    assert held
    assert set(held) == {holder}


def test_a_pronoun_goes_to_a_name_that_is_no_entity_where_it_spoke_last(parser: Language) -> None:
    words = "Zoë Quist waited on the quay. Hương comes from Salt Bay and says that trade is slow. She denied that the roof leaked."
    assert claims(parser, words, person(words, "Zoë Quist"))[-1].holder_name == "Hương"


def test_two_who_speak_as_one_are_not_linked_to_one_of_them(parser: Language) -> None:
    words = "Ivo Lund and Mara Oake said that the ferry was late."
    (one,) = claims(parser, words, *(person(words, name) for name in ("Ivo Lund", "Mara Oake")))
    assert [link.name for link in one.holder] == ["Ivo Lund and Mara Oake", "author"]


def test_what_is_asked_of_the_future_stays_to_come(parser: Language) -> None:
    made = claims(parser, "The clerk asked whether the crews will strike.")
    assert (made[-1].frame, made[-1].time) == ("question", "future")


def test_a_pronoun_does_not_go_to_a_title_of_the_other_sex(parser: Language) -> None:
    words = "Mara Oake left. Mr Lund said that trade is slow. She denied that the roof leaked."
    known = [person(words, name) for name in ("Mara Oake", "Lund")]
    assert claims(parser, words, *known)[-1].holder_name == "Mara Oake"


def test_who_tells_of_themselves_is_named_once(parser: Language) -> None:
    words = "She says she thinks the bridge is safe."
    assert claims(parser, words)[-1].holder_name.lower() == "she"


@pytest.mark.parametrize(
    "words",
    [
        '"The herring will come back," Orlen said, Reuters reported.',
        "The herring will come back, Orlen said, Reuters reported.",
    ],
)
def test_of_two_who_speak_one_behind_the_other_the_second_tells_of_the_first(
    words: str, parser: Language
) -> None:
    (one,) = claims(parser, words)
    assert one.text.strip('"') == "The herring will come back"
    assert [link.name for link in one.holder] == ["Orlen", "Reuters", "author"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "A report that pilots from the harbour offered forged maps to Vane drew laughter.",
            {"pilots from the harbour offered forged maps to Vane": "unnamed"},
        ),
        (
            "“Most of the bakers have not changed their ways, such as rising late and selling old bread,” he said.",
            {"Most of the bakers have not changed their ways, such as rising late and selling old bread": "he"},
        ),
    ],
)  # fmt: skip
def test_claims_begin_behind_their_that_and_are_finite(
    words: str, expected: dict[str, str], parser: Language
) -> None:
    found = {one.text: one.holder_name for one in claims(parser, words)}
    assert expected.items() <= found.items()
    assert len(found) - len(expected) <= ("drew" in words)


def test_a_spokesman_for_a_person_is_not_that_person(parser: Language) -> None:
    words = "A spokesman for Harbour Minister, Petra Hald told the Gazette the road was shut."
    holder = claims(parser, words)[-1].holder_name
    assert holder.startswith("A spokesman"), holder


def test_why_names_who_tells_of_the_holder(parser: Language) -> None:
    one = claims(parser, "Mara Oake said that Ivo Lund denied that the fund was empty.")[-1]
    assert one.origin is not None
    assert "ivo lund → told of by mara oake" in one.origin.why
