"""The words of a clause that change its sign, its certainty, its time or its frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from annotations.suggest.claims.lexicon import Mark, likelihoods, marks
from annotations.suggest.claims.tree import Tree

RANKS: Final = {"certain": 3, "probable": 2, "possible": 1, "uncommitted": 0}
SUBJECTS: Final = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
WHO_ASKS: Final = frozenset({"WDT", "WP", "WP$", "WRB"})

_ARGUMENTS = frozenset(
    {"nsubj", "nsubjpass", "dobj", "attr", "oprd", "npadvmod", "dative", "agent", "dep"}
)
_DETERMINERS = frozenset({"no", "neither", "few"})
_ALONE = frozenset({"nobody", "none", "nothing", "nowhere", "neither", "few", "little"})
_STATIVE = frozenset({"be", "know", "have", "seem", "exist", "belong", "contain", "mean", "feel"})
_ONLY = frozenset({"more than", "less than", "other than", "short of"})
_IDIOMS = frozenset({"doubt", "wonder", "matter", "sooner", "question"})


@dataclass(frozen=True, slots=True)
class Found:
    """A cue at its tokens: `[first, end)`, its kind and its effect."""

    first: int
    end: int
    kind: str
    effect: str


def found_in(tree: Tree, place: int) -> list[Found]:
    """The cues of the clause whose predicate is at `place`, in the order of the text."""
    words, deps, children = tree.words, tree.deps, tree.children
    known = marks()
    made: list[Found] = []
    modal = -1
    for one in children[place]:
        word, dep = words[one], deps[one]
        if dep == "neg" or word in ("not", "n't", "never"):
            if one + 1 < len(words) and words[one + 1] in ("only", "just", "merely", "least"):
                continue
            made.append(Found(one, one + 1, "negation", "flip"))
        elif dep in ("aux", "auxpass"):
            mark = known.get(word)
            if mark and mark.kind in ("modal", "tense"):
                modal = one
                made.append(Found(one, one + 1, mark.kind, mark.effect))
        elif dep in ("acomp", "oprd") and _stands_over(tree, place, one):
            made += [
                cue for each in children[one] if deps[each] in ("advmod", "neg") and words[each] in ("not", "no", "never")
                for cue in _adverb(tree, each, known)
            ]  # fmt: skip
        elif dep in ("advmod", "acomp", "intj", "dep", "npadvmod", "cc", "preconj", "prep", "oprd"):
            made += _adverb(tree, one, known)
            if dep in ("acomp", "oprd"):
                made += [
                    cue for each in children[one] if deps[each] in ("advmod", "neg")
                    for cue in _adverb(tree, each, known)
                ]  # fmt: skip
        if word == "neither" and dep not in _ARGUMENTS:
            made.append(Found(one, one + 1, "negation", "flip"))
        if dep in _ARGUMENTS:
            made += _quantifier(tree, one)
        elif dep in ("prep", "agent"):
            for each in children[one]:
                if (deps[each] == "pobj" and words[one] not in ("without", "in")) or (
                    deps[each] == "pobj" and tree.lemmas[each] in ("way", "circumstance", "case")
                ):
                    made += _quantifier(tree, each)
    alone = known.get(words[place])
    if alone and alone.kind == "modal" and tree.child(place, "xcomp") is not None:
        made.append(Found(place, place + 1, alone.kind, alone.effect))  # "ought to"
    if words[place] == "going" and tree.child(place, "xcomp") is not None:
        made.append(Found(place, place + 2, "tense", "future"))
    if modal >= 0:
        made = list(_modal(tree, place, modal, made))
    # "Neither … nor" may be met twice, at the verb and at its subject: it denies once.
    neither = [one for one in made if words[one.first] in ("neither", "nor")]
    made = [one for one in made if one not in neither[1:]]
    made.sort(key=lambda one: one.first)
    return made


def _stands_over(tree: Tree, place: int, adjective: int) -> bool:
    """Whether an adjective turns a clause of its own: then the rules ask it, not this clause."""
    clausal = ("ccomp", "xcomp", "csubj", "advcl")
    return any(
        tree.deps[one] in clausal for one in (*tree.children[adjective], *tree.children[place])
    )


def _adverb(tree: Tree, one: int, known: dict[str, Mark]) -> Iterator[Found]:
    words = tree.words
    word = words[one]
    if word in ("longer", "more") and one and words[one - 1] == "no":
        yield Found(one - 1, one + 1, "negation", "flip")
        return
    if word == "nor":
        yield Found(one, one + 1, "negation", "flip")
        return
    mark = known.get(word)
    if mark is None or mark.kind in ("modal", "tense", "quantifier"):
        return
    # "almost died", and not "almost a hundred" or "almost certain".
    is_near = tree.heads[one] == one + 1 and tree.tags[one + 1].startswith("VB")
    if word in ("almost", "nearly") and tree.deps[one] == "advmod" and not is_near:
        return
    first, end = one, one + 1
    if one and words[one - 1] in ("most", "very", "quite", "highly"):
        first -= 1
    yield Found(first, end, mark.kind, mark.effect)


def _quantifier(tree: Tree, noun: int) -> Iterator[Found]:
    words = tree.words
    if words[noun] in _ALONE:
        if " ".join(words[noun + 1 : noun + 3]) in _ONLY or words[noun + 1 : noun + 2] == ["but"]:
            return
        if words[noun] == "little" and tree.children[noun]:
            return
        several = any(words[one] in ("a", "the", "quite") for one in tree.children[noun])
        if not several:
            first = noun
            effect = marks()[words[noun]].effect
            yield Found(first, noun + 1, "quantifier", effect)
        return
    if words[noun] == "one" and noun and words[noun - 1] == "no":
        yield Found(noun - 1, noun + 1, "quantifier", "flip")
        return
    under = tree.children[noun]
    first = tree.below(noun)[0] if tree.deps[noun] in SUBJECTS else noun
    if words[first] == "neither" and first not in under and first != noun:
        yield Found(first, first + 1, "quantifier", "flip")
        return
    for one in under:
        if words[one] in _DETERMINERS and tree.deps[one] in (
            "det",
            "amod",
            "preconj",
            "cc",
            "neg",
            "advmod",
            "nummod",
        ):
            if (
                words[one + 1 : one + 2] in (["more"], ["less"], ["fewer"], ["later"], ["other"])
                and words[one] == "no"
            ):
                continue
            if tree.lemmas[noun] in _IDIOMS or (
                words[one] == "few"
                and any(
                    words[each] in ("a", "the", "last", "first", "these", "those") for each in under
                )
            ):
                continue
            yield Found(one, one + 1, "quantifier", marks()[words[one]].effect)


def _modal(tree: Tree, place: int, modal: int, cues: list[Found]) -> Iterator[Found]:
    """The cues, with the modal's effect settled by what stands beside it."""
    word = tree.words[modal]
    denied = [one for one in cues if one.effect.startswith("flip")]
    negated = any(one.kind == "negation" for one in denied)
    auxiliaries = {
        tree.words[one] for one in tree.children[place] if tree.deps[one] in ("aux", "auxpass")
    }
    perfect = "have" in auxiliaries or "'ve" in auxiliaries
    for one in cues:
        if one.first != modal or one.kind != "modal":
            yield one
            continue
        effect = one.effect
        if word in ("can", "could") and denied and not perfect:
            effect = "certain"
        elif word in ("can", "could", "ca") and effect == "possible":
            effect = "possible"
        elif word == "must":
            effect = "probable" if perfect or _is_stative(tree, place) else "directive"
        elif word in ("should", "ought"):
            if perfect:
                effect = "open"
            elif negated or _is_addressed(tree, place):
                effect = "directive"
        elif word == "would" and perfect:
            effect = "open"
        yield Found(one.first, one.end, one.kind, effect)


def _is_stative(tree: Tree, place: int) -> bool:
    """Whether "must" means a conclusion here: "must be ill", "must be closed by now"."""
    near = tree.words[place : place + 6]
    if "now" in near or "already" in near:
        return True
    if tree.tags[place] == "VBG":
        return True
    return tree.lemmas[place] in _STATIVE and not tree.child(place, "auxpass")


def _is_addressed(tree: Tree, place: int) -> bool:
    """Whether "should" tells somebody to do it: people in the plural, pronouns, the passive."""
    subject = tree.child(place, "nsubj", "nsubjpass")
    if subject is None:
        return False
    if tree.deps[subject] == "nsubjpass":
        return True
    return tree.words[subject] in (
        "you",
        "we",
        "they",
        "he",
        "she",
        "i",
        "everyone",
        "people",
        "one",
    ) or tree.tags[subject] in ("NNS", "NNP", "NNPS")


def likelihood_at(tree: Tree, first: int, end: int) -> tuple[int, int, str] | None:
    """The longest likelihood phrase that overlaps these tokens: its tokens and its text."""
    known = likelihoods()
    best: tuple[int, int, str] | None = None
    for start in range(max(0, first - 3), end):
        for stop in range(max(start + 1, first + 1), min(len(tree), start + 4) + 1):
            phrase = " ".join(tree.words[start:stop])
            if phrase in known and (best is None or stop - start > best[1] - best[0]):
                best = (start, stop, phrase)
    return best
