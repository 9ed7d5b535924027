"""Whom a pronoun means that holds a claim: told from the sentence, else the nearest matching person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotations.records import Entity
from annotations.suggest.claims import holders
from annotations.suggest.claims.cues import SUBJECTS
from annotations.suggest.claims.lexicon import predicates, sorts
from annotations.suggest.claims.tree import Tree

_PERSONS: Final = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
_OTHERS: Final = frozenset({"they", "their", "it", "its"})
_TITLES: Final = {
    "mr": "m", "sir": "m", "lord": "m", "king": "m", "prince": "m",
    "ms": "f", "mrs": "f", "miss": "f", "lady": "f", "dame": "f", "queen": "f", "princess": "f",
}  # fmt: skip
_AGENTS: Final = ("er", "or", "ist", "ian", "ant", "man", "woman")
"""How words for people end, as "visitor" and "chemist" do."""

_GROUPS: Final = frozenset({"ORG", "GPE", "NORP", "DATE", "WORK_OF_ART", "EVENT"})
"""Names of these are no person that a pipeline missed."""

_BACK: Final = 600
"""How many characters back a pronoun looks for a person."""


def is_pronoun(tree: Tree, place: int) -> bool:
    """Whether a token is a pronoun of the third person."""
    return tree.words[place] in _PERSONS or tree.words[place] in _OTHERS


def antecedent(tree: Tree, place: int) -> tuple[int, int] | None:
    """Whom a pronoun means by its own sentence: the tokens `[first, end)`, or None.

    "Announced their intention" means the subject's; "the board said that it plans" means the
    board, which is who speaks of itself most often.
    """
    under = -1
    for verb in tree.above(place):
        if not tree.tags[verb].startswith(("VB", "MD")):
            continue
        if under >= 0 and tree.deps[under] not in ("ccomp", "xcomp"):
            return None  # "the ink, he said, is new": he is not the ink
        under = verb
        subject = tree.child(verb, *SUBJECTS)
        if subject is None or subject == place or place in tree.below(subject):
            continue
        if subject > place or is_pronoun(tree, subject) or not _agrees(tree, place, subject):
            return None
        return holders.phrase(tree, subject)
    return None


def nearest(
    tree: Tree, place: int, known: Sequence[Entity], shift: int, text: str
) -> Entity | tuple[int, int] | None:
    """The person before a pronoun who is likeliest meant: a subject first, then the nearest.

    Somebody without a name who spoke behind all who have one, "a visitor doubted it", is given as
    tokens.

    Args:
        tree: the part of the text.
        place: the pronoun.
        known: the entities suggested so far, in order.
        shift: where the part starts in the text, in code points.
        text: the whole text.
    """
    sort = _PERSONS.get(tree.words[place])
    start = tree.starts[place] + shift
    near = [
        one
        for one in known
        if one.label == "PERSON"
        and start - _BACK < one.span.end <= start
        and _title(text, one) in (None, sort)
    ]
    if sort is None or not near:
        return None
    subjects = [
        one
        for one in range(place)
        if tree.deps[one] in ("nsubj", "nsubjpass")
        and tree.starts[one] + shift > start - _BACK // 2
    ]
    named = {tree.starts[holders.named(tree, one)] + shift for one in subjects}
    leading = [one for one in near if any(one.span.start <= at < one.span.end for at in named)]
    found = (leading or near)[-1]
    for one in reversed(subjects):
        at = tree.starts[one] + shift
        if at < found.span.end:
            break
        is_known = any(
            each.span.start <= at < each.span.end and each.label == "PERSON" for each in known
        )
        if not is_known and _is_speaking(tree, one):
            return holders.phrase(tree, one)
    return found


def _is_speaking(tree: Tree, subject: int) -> bool:
    """Whether a subject that is no known person is one who says or thinks something."""
    verb = tree.heads[subject]
    verbs = (verb, *(one for one in tree.children[verb] if tree.deps[one] == "conj"))
    found = (predicates("clauses").get(tree.lemmas[one]) for one in verbs)
    if not any(one and one.kind in ("report", "belief", "denial") for one in found):
        return False
    if holders.named(tree, subject) != subject or tree.child(subject, "conj") is not None:
        return False
    label = next((name for first, end, name in tree.names if first <= subject < end), "")
    if tree.tags[subject] == "NNP" or label == "PERSON":
        return label not in _GROUPS
    word = tree.words[subject]
    sort = sorts("source").get(word)
    is_person = sort in ("person", "expert") or (sort is None and word.endswith(_AGENTS))
    return tree.tags[subject] == "NN" and is_person


def _agrees(tree: Tree, place: int, subject: int) -> bool:
    """Whether number and kind of a pronoun allow this subject."""
    word = tree.words[place]
    several = tree.tags[subject] in ("NNS", "NNPS") or tree.child(subject, "conj") is not None
    label = next((name for first, end, name in tree.names if first <= subject < end), "")
    if word in ("they", "their"):
        return several or label in ("ORG", "NORP") or tree.words[subject] in ("both", "some", "all")
    if word in ("it", "its"):
        return not several and label != "PERSON" and tree.tags[subject][:2] == "NN"
    title = _TITLES.get(tree.words[holders.phrase(tree, subject)[0]].rstrip("."))
    is_person = label == "PERSON" or (not label and tree.tags[subject][:2] == "NN")
    return is_person and not several and title in (None, _PERSONS[word])


def _title(text: str, one: Entity) -> str | None:
    """The sex that a title in or before a name tells: m, f, or None."""
    before = text[max(0, one.span.start - 10) : one.span.start].split()
    words = [*before[-1:], *one.text.split()[:1]]
    for word in words:
        sort = _TITLES.get(word.lower().rstrip("."))
        if sort:
            return sort
    return None
