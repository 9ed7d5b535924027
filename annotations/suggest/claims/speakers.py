"""Who speaks beside a quotation: the saying verb next to its marks, however the sentence is parsed.

Parsers lose the speaker of a long quotation: of several clauses, with a semicolon, or where a
sentence ends at the closing mark. The marks and the words beside them are surer.
"""

from __future__ import annotations

from typing import Final

from annotations.suggest.claims.lexicon import Predicate, predicates
from annotations.suggest.claims.quotes import Quote, quotes
from annotations.suggest.claims.tree import Tree

_MARKS: Final = "\"“”„«»‘'’"
_GOING_ON: Final = ",?!…—"
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP"})
_NEAR: Final = 30
"""The tokens behind a quotation among which its verb stands, a long name between them."""


def speakers(tree: Tree) -> dict[int, int]:
    """For each token of a quotation with a speaker behind it: the place of the saying verb."""
    made: dict[int, int] = {}
    if not any(mark in tree.text for mark in "\"”»’'"):
        return made
    starts = tree.starts
    place = 0
    for mark in quotes(tree.text):
        while place < len(starts) and starts[place] <= mark.start:
            place += 1
        first = place
        while place < len(starts) and starts[place] < mark.end:
            place += 1
        end = place - 1 if tree.ends[place - 1] >= mark.end else place
        verb = _behind(tree, mark, place)
        if verb is not None:
            made.update((one, verb) for one in range(first, end))
    return made


def _behind(tree: Tree, mark: Quote, place: int) -> int | None:
    """The saying verb behind a quotation that goes on with it: '…," she said', '…!" said she'."""
    text = tree.text
    inner = text[mark.start + 1 : mark.end].rstrip(_MARKS)[-1:]
    while place < len(tree) and (tree.words[place] == "," or not tree.words[place].strip()):
        inner = "," if tree.words[place] == "," else inner
        place += 1
    if place >= len(tree) or "\n" in text[mark.end : tree.starts[place]]:
        return None
    if inner not in _GOING_ON and not (inner == "." and text[tree.starts[place]].islower()):
        return None
    for verb in range(place, min(len(tree), place + _NEAR)):
        if tree.words[verb] in ('"', "“", "«", ";", "."):
            return None
        if tree.tags[verb] not in _FINITE or not _says(tree, verb):
            continue
        subject = tree.child(verb, "nsubj")
        if subject is None:
            continue
        starts = tree.below(subject)[0] == place if subject < verb else verb == place
        return verb if starts else None
    return None


def _says(tree: Tree, verb: int) -> bool:
    """Whether a verb reports, and what it reports is not told behind it."""
    known = predicates("clauses").get(tree.lemmas[verb])
    return (
        known is not None
        and known.kind == "report"
        and all(
            tree.deps[one] not in ("ccomp", "mark") or (one < verb and tree.deps[one] == "ccomp")
            for one in tree.children[verb]
        )
    )


def inserted(tree: Tree, place: int) -> tuple[int, Predicate] | None:
    """The verb of an attribution set into its own content: "the road, she said, was shut"."""
    for one in tree.children[place]:
        if tree.deps[one] not in ("parataxis", "ccomp", "advcl") or tree.tags[one] not in (
            "VBD",
            "VBZ",
            "VBP",
            "VBN",
        ):
            continue
        known = predicates("clauses").get(tree.lemmas[one])
        if (
            known is None
            or known.kind not in ("report", "belief")
            or (known.lemma in ("agree", "show", "find") and tree.deps[one] != "parataxis")
        ):
            continue
        under = [tree.deps[each] for each in tree.children[one]]
        if (
            "as" in [tree.words[each] for each in tree.children[one]]
            or "ccomp" in under
            or "mark" in under
            or "dobj" in under
            or not {"nsubj", "nsubjpass"} & set(under)
        ):
            continue
        tokens = tree.below(one)
        before, behind = tokens[0] - 1, tokens[-1] + 1
        near = [each for each in (before, behind) if 0 <= each < len(tree)]
        near += [tokens[0], tokens[-1]]
        if any(tree.deps[each] == "punct" for each in near) and len(tokens) < 30:
            return one, known
    return None


def passed_on(tree: Tree, place: int, verb: int) -> tuple[int, Predicate] | None:
    """The nearer verb over a clause of two that speak behind it: "…, she said, Reuters reported".

    Args:
        tree: the text.
        place: the clause's predicate, or the nearer verb itself.
        verb: the verb that the parser puts over it, or -1.
    """
    head = tree.heads[place]
    if tree.deps[place] == "parataxis" and _is_bare(tree, place) and place < head:
        return (head, predicates("clauses")[tree.lemmas[head]]) if _is_bare(tree, head) else None
    if verb < place or not _is_bare(tree, verb):
        return None
    for one in tree.children[verb]:
        if place < one < verb and tree.deps[one] == "parataxis" and _is_bare(tree, one):
            return one, predicates("clauses")[tree.lemmas[one]]
    return None


def _is_bare(tree: Tree, verb: int) -> bool:
    """Whether a verb only says who speaks: a subject, and nothing told behind it."""
    known = predicates("clauses").get(tree.lemmas[verb])
    return (
        known is not None
        and known.kind == "report"
        and tree.tags[verb] in _FINITE
        and tree.child(verb, "nsubj") is not None
        and all(
            one < verb or tree.deps[one] not in ("ccomp", "dobj", "xcomp")
            for one in tree.children[verb]
        )
    )
