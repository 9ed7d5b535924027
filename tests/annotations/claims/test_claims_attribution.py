"""Who says what as a whole: sources, and all of what they say."""

from __future__ import annotations

import pytest
from spacy.language import Language

from annotations.suggest.claims.attribution import attributions
from annotations.suggest.claims.quotes import quotes
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.suggest import read
from annotations.suggest.claims.tree import Tree


def told(parser: Language, words: str) -> dict[str, str]:
    """Each named source with the widest of what it says, without marks."""
    tree = Tree.of(parser(words))
    made: dict[str, str] = {}
    for one in attributions(tree, Rules(tree)):
        if not isinstance(one.source, tuple):
            continue
        name = tree.text[tree.starts[one.source[0]] : tree.ends[one.source[1] - 1]]
        content = " ".join(
            tree.text[tree.starts[each] : tree.ends[each]]
            for each in one.content
            if tree.deps[each] != "punct"
        )
        made[name] = max(made.get(name, ""), content, key=len)
    return made


@pytest.mark.parametrize(
    ("words", "source", "content"),
    [
        (
            '"The lock gate is stuck; the crews must wait for the tide, which means the barges are late," Warden Hale said on the quay that night.',
            "Warden Hale",
            "The lock gate is stuck the crews must wait for the tide which means the barges are late",
        ),
        (
            '"By what the log tells us they ran aground, and when she lowered the boat we gather he jumped," Ruan told Coast Radio.',
            "Ruan",
            "By what the log tells us they ran aground and when she lowered the boat we gather he jumped",
        ),
        ('"The road is shut." she recalled.', "she", "The road is shut"),
        ("“The mill has closed!” he said.", "he", "The mill has closed"),
        (
            "The harbour board determined in a close vote that the fee was fair.",
            "The harbour board",
            "the fee was fair",
        ),
        (
            "Vane told the sailors before the feast that the cook has hidden the rum.",
            "Vane",
            "the cook has hidden the rum",
        ),
        (
            "The well gives forty litres an hour, according to data compiled by Bellweather.",
            "data compiled by Bellweather",
            "The well gives forty litres an hour",
        ),
        (
            "“We hope the baths will open again,” said Mayor, Ada Vale speaking on the steps.",
            "Ada Vale",
            "We hope the baths will open again",
        ),
        (
            "She was made captain on May 2, the week before her wedding, parish records show.",
            "parish records",
            "She was made captain on May 2 the week before her wedding",
        ),
        (
            "The guild paid Vane in the spring to paint first signs at Orrin Chapel, records show.",
            "records",
            "The guild paid Vane in the spring to paint first signs at Orrin Chapel",
        ),
    ],
)
def test_a_source_is_named_with_all_it_says(
    words: str, source: str, content: str, parser: Language
) -> None:
    assert told(parser, words).get(source) == content


@pytest.mark.parametrize(
    ("words", "claims"),
    [
        ('"The road is shut." she recalled.', {"The road is shut": "she"}),
        ("“The mill has closed!” he said.", {"The mill has closed": "he"}),
        (
            "Vane told the sailors before the feast that the cook has hidden the rum.",
            {"the cook has hidden the rum": "Vane"},
        ),
        (
            "The harbour board determined in a close vote that the fee was fair.",
            {"the fee was fair": "The harbour board"},
        ),
        (
            '"The lock gate is stuck; the harbour is full," Warden Hale said on the quay.',
            {"The lock gate is stuck": "Warden Hale", "the harbour is full": "Warden Hale"},
        ),
        (
            "The council hired Vane in June, records show.",
            {"The council hired Vane in June": "records"},
        ),
    ],
)
def test_who_only_introduces_a_claim_is_its_holder_and_no_claim(
    words: str, claims: dict[str, str], parser: Language
) -> None:
    tree = Tree.of(parser(words))
    found = {}
    for one in read(tree):
        holder = one.value.holder
        assert isinstance(holder, tuple), holder
        text = tree.text[tree.starts[one.candidate.first] : tree.ends[one.candidate.end - 1]]
        found[text] = tree.text[tree.starts[holder[0]] : tree.ends[holder[1] - 1]]
    assert found == claims


@pytest.mark.parametrize(
    "words",
    [
        '"And a song for the road," he said.',
        '"A joy for the whole island," Warden Hale said.',
        "“The dance of the lamps,” the old painter wrote in May.",
    ],
)
def test_to_say_what_is_no_clause_is_no_claim(words: str, parser: Language) -> None:
    assert read(Tree.of(parser(words))) == []


def test_two_apostrophes_close_a_quotation(parser: Language) -> None:
    words = "\"When you stir the tar slowly, it seals the deck,'' he told Vane."
    tree = Tree.of(parser(words))
    assert [words[one.start : one.end] for one in quotes(words)] == [words[: words.index(" he")]]
    assert all(one.value.holder is not None for one in read(tree))


def test_a_quotation_whose_opening_is_not_there_begins_with_its_paragraph() -> None:
    words = 'One.\n\nThe road is shut," she said. “It snowed.”'
    assert [words[max(0, one.start) : one.end].strip() for one in quotes(words)] == [
        'The road is shut,"',
        "“It snowed.”",
    ]


def test_whoever_is_quoted_saying_holds_what_they_say(parser: Language) -> None:
    words = "The Gazette quoted Ivo Lund saying that the road was shut."
    assert told(parser, words).get("Ivo Lund") == "the road was shut"
