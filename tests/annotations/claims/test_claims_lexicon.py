"""Each entry's example shows the entry, as written and as the rules read it."""

from __future__ import annotations

import pytest
from spacy.language import Language

from annotations.suggest.claims import lexicon, traits
from annotations.suggest.claims.attribution import attributions
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.suggest import read
from annotations.suggest.claims.tree import Tree
from annotations.suggest.claims.value import HOLDING, Value

FRAMES = {
    "wish": ("open", "uncommitted", "wish_or_plan"),
    "plan": ("affirms", "probable", "wish_or_plan"),
    "directive": ("open", "uncommitted", "directive"),
    "question": ("open", "uncommitted", "question"),
}
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


def expected(value: str) -> tuple[str, str, str]:
    """Stance, certainty and frame of a clause that is certain of itself under such an entry."""
    if value in FRAMES:
        return FRAMES[value]
    return "affirms" if value[0] == "+" else "denies", value[1:], "assertion"


def holder_of(tree: Tree, value: Value) -> str:
    if value.holder is None or isinstance(value.holder, str):
        return value.holder or "author"
    return " ".join(tree.words[slice(*value.holder)])


ENTRIES = [one for table in lexicon.PREDICATES for one in lexicon.predicates(table).values()]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda one: f"{one.table}-{one.lemma}")
def test_an_entrys_example_shows_its_cue_its_effect_and_its_holder(
    entry: lexicon.Predicate, parser: Language
) -> None:
    tree = Tree.of(parser(entry.example))
    rules = Rules(tree)
    places = {place: rules.over(place) for place in range(len(tree))}
    ((place, head),) = [
        (place, over[0]) for place, over in places.items() if over and over[1] == entry
    ][:1]
    value = rules.value(place)
    cues = [cue for cue in value.cues if cue.kind == entry.kind and cue.first <= head < cue.end]
    assert cues, "no cue"
    if entry.said == "open":
        assert (value.stance, value.certainty) == ("open", "uncommitted")
    else:
        assert (value.stance, value.certainty, value.frame) == expected(entry.said)
    assert value.author == (entry.author if entry.kind in ("factive", "denial") else "")
    holder = holder_of(tree, value)
    if entry.table == "clauses" and entry.kind in HOLDING and tree.words[0] != "it":
        subject = tree.child(head, "nsubj")
        assert subject is not None
        assert tree.words[subject] in holder.split()
    elif entry.table in ("states",) or entry.kind in ("implicative", "hedge"):
        assert holder == "author"
    elif entry.table == "nouns":
        assert holder in ("unnamed", "author") or holder == tree.words[0]


def shown(mark: lexicon.Mark, parser: Language) -> list[Value]:
    """The values of the example's clauses that have the mark among their cues."""
    tree = Tree.of(parser(mark.example))
    rules = Rules(tree)
    values = [
        rules.value(place)
        for place in range(len(tree))
        if tree.tags[place][:2] in ("VB", "MD") and tree.deps[place] not in ("aux", "auxpass")
    ]
    return [
        value
        for value in values
        for cue in value.cues
        if cue.kind == mark.kind and set(mark.words) & set(tree.words[cue.first : cue.end])
    ]


def holds(part: str, value: Value) -> bool:
    """Whether a value shows one part of a mark's effect."""
    if part in ("condition", "question", "directive"):
        return value.frame == part and value.stance == "open"
    return {
        "flip": value.stance == "denies",
        "future": value.time == "future",
        "unnamed": value.holder == "unnamed",
        "open": value.stance == "open",
    }.get(part, value.certainty == part)


MARKS = [*lexicon.marks().values(), *lexicon.marks("openers").values()]


@pytest.mark.parametrize("mark", MARKS, ids=lambda one: " ".join(one.words))
def test_a_marks_example_shows_its_cue_and_its_effect(mark: lexicon.Mark, parser: Language) -> None:
    assert mark.kind in lexicon.KINDS
    found = shown(mark, parser)
    assert found, "no cue"
    assert any(all(holds(part, value) for part in mark.effect.split()) for value in found)


@pytest.mark.parametrize("words", lexicon.likelihoods())
def test_a_likelihood_words_example_shows_its_value_and_its_bands(
    words: str, parser: Language
) -> None:
    entry = lexicon.likelihoods()[words]
    (one,) = read(Tree.of(parser(entry.example)))
    assert one.value.likelihood == words
    assert (one.value.stance, one.value.certainty) == expected(entry.value)[:2]
    assert entry.bands
    assert any(f"[{entry.bands[0][2]} %]" in line for line in one.why)


def test_a_sorts_example_shows_its_word_and_the_sort_is_seen(parser: Language) -> None:
    entries = list(lexicon._rows("sorts"))
    trees = [Tree.of(doc) for doc in parser.pipe([example for _, _, _, example in entries])]
    unseen = []
    for (word, sort, place, _), tree in zip(entries, trees, strict=True):
        rules = Rules(tree)
        found = attributions(tree, rules)
        named = [name for row in traits.of_attributions(tree, rules, found) for name in row]
        wanted = f"role={sort}" if place == "source" else "feelings=1"
        if word not in (*tree.words, *tree.lemmas) or wanted not in named:
            unseen.append(word)
    assert unseen == []
