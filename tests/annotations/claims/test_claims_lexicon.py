"""Each entry's example shows the entry, as written and as the rules read it."""

from __future__ import annotations

from itertools import chain

import pytest
from spacy.language import Language

from annotations.suggest.claims import lexicon
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.tree import Tree

VALUES = {"open", "wish", "plan", "directive", "question"} | {
    f"{sign}{certainty}" for sign in "+-" for certainty in ("certain", "probable", "possible")
}


@pytest.mark.parametrize("table", lexicon.PREDICATES)
def test_every_entry_has_a_known_kind_and_effect(table: str) -> None:
    entries = lexicon.predicates(table)
    assert len(entries) > 30
    for one in entries.values():
        assert one.kind in lexicon.KINDS
        assert {one.said, one.denied} <= VALUES
        assert one.author in {"", *VALUES}
        assert one.example.endswith(".")


@pytest.mark.parametrize("table", lexicon.PREDICATES)
def test_nearly_every_entry_is_found_in_its_example(table: str, parser: Language) -> None:
    entries = list(lexicon.predicates(table).values())
    missed = []
    for one, doc in zip(entries, parser.pipe([one.example for one in entries]), strict=True):
        tree = Tree.of(doc)
        rules = Rules(tree)
        over = (rules.over(place) for place in range(len(tree)))
        found = {each[1].lemma for each in over if each}
        if one.lemma not in found | set(tree.lemmas) and one.lemma not in one.example.lower():
            missed.append(one.lemma)
    assert len(missed) <= len(entries) // 20, missed


def test_marks_and_likelihood_words_stand_in_their_examples() -> None:
    known = chain(lexicon.marks().values(), lexicon.marks("openers").values())
    for one in known:
        assert one.kind in lexicon.KINDS
        assert " ".join(one.words) in one.example.lower()
    for words, likelihood in lexicon.likelihoods().items():
        assert words in likelihood.example.lower()
        assert likelihood.value in VALUES


@pytest.mark.parametrize("mark", lexicon.marks().values(), ids=lambda one: " ".join(one.words))
def test_a_mark_in_its_example_is_a_cue(mark: lexicon.Mark, parser: Language) -> None:
    tree = Tree.of(parser(mark.example))
    rules = Rules(tree)
    places = [place for place in range(len(tree)) if tree.tags[place][:2] in ("VB", "MD")]
    words = " ".join(
        " ".join(tree.words[cue.first : cue.end])
        for place in places
        for cue in rules.value(place).cues
    )
    rare = {"no more", "wo", "shall", "going to", "nowhere", "nor", "ought", "rumoredly"}
    if " ".join(mark.words) not in rare:
        assert " ".join(mark.words) in words
