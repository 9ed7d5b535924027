"""Who says what: each attribution with its source, its cue and the whole of its content.

A claim is the smallest clause; what is attributed may be several of them. This is the larger view,
for sources and content as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from annotations.suggest.claims import holders
from annotations.suggest.claims.cues import SUBJECTS
from annotations.suggest.claims.holders import Holder
from annotations.suggest.claims.lexicon import predicates
from annotations.suggest.claims.quotes import Quote, quotes
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.tree import Tree

_SAYING: Final = frozenset({"report", "belief", "denial", "factive"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """One source and what it is said to say.

    Attributes:
        cue: the tokens of the word that attributes.
        source: the source's tokens, or `unnamed` or `generic`.
        content: the content's tokens, in order.
        kind: `clause`, `phrase` or `noun`: how it is attributed.
        quote: `direct`, `mixed` or `indirect`.
    """

    cue: tuple[int, int]
    source: Holder | None
    content: tuple[int, ...]
    kind: str
    quote: str


def attributions(tree: Tree, rules: Rules) -> list[Attribution]:
    """The attributions of a tree, outermost first; content inside content is left out."""
    marked = quotes(tree.text)
    made: list[Attribution] = []
    for first, end in tree.sentences:
        for one in rules.phrases(first):
            widest = one.clause(tree)
            whole = tree.heads[widest] == widest
            content = tuple(
                each
                for each in (range(first, end) if whole else tree.below(widest))
                if not one.first <= each < one.end and tree.deps[each] != "punct"
            )
            made.append(_made(tree, one.cue, one.holder, content, "phrase", marked))
        for place in range(first, end):
            if tree.tags[place][:2] not in ("VB", "MD") and tree.deps[place] not in ("ccomp",):
                continue
            if tree.deps[place] in ("aux", "auxpass"):
                continue
            over = rules.over(place)
            if over is None or over[1].kind not in _SAYING or over[1].table == "states":
                continue
            head, known = over
            source: Holder | None
            if known.table == "nouns":
                source = holders.of_noun(tree, head)
            else:
                verb = head
                if not tree.tags[head].startswith("VB"):
                    verb = next(
                        (each for each in tree.above(head) if tree.tags[each].startswith("VB")),
                        head,
                    )
                source = holders.of_verb(tree, verb)
            if tree.deps[place] == "conj" and rules.over(tree.heads[place]) == over:
                continue
            content = tuple(_content(rules, place, head, marked))
            kind = "noun" if known.table == "nouns" else "clause"
            found = _made(tree, (head, head + 1), source, content, kind, marked)
            if not any(one.cue == found.cue and one.content == found.content for one in made):
                made.append(found)
        made += _without_clause(tree, first, end, {one.cue[0] for one in made}, marked)
    return made


def _without_clause(
    tree: Tree, first: int, end: int, known: set[int], marked: list[Quote]
) -> list[Attribution]:
    """Attributions whose content is no clause under the verb: a thing, the rest, a bare quotation."""
    made: list[Attribution] = []
    reporting = predicates("clauses")
    for verb in range(first, end):
        found = reporting.get(tree.lemmas[verb])
        if (
            verb in known
            or found is None
            or found.kind not in ("report", "belief", "factive")
            or tree.tags[verb][:2] != "VB"
            or tree.deps[verb] == "amod"
        ):
            continue
        source = holders.of_verb(tree, verb)
        if not isinstance(source, tuple):
            continue
        thing = tree.child(verb, "dobj", "oprd", "ccomp")
        if thing is not None and thing > verb and tree.tags[thing][:2] != "PR":
            tokens = set(tree.below(thing))
            for one in tree.children[verb]:
                if tree.deps[one] in ("oprd", "xcomp", "ccomp") or (
                    tree.deps[one] == "prep" and tree.words[one] == "as"
                ):
                    tokens.update(tree.below(one))
            content = tuple(sorted(tokens - _attributing(tree, verb, -1)))
            made.append(_made(tree, (verb, verb + 1), source, content, "thing", marked))
        elif thing is None and source[0] > first and source[1] <= verb + 3:
            start = min(source[0], verb)
            if tree.deps[start - 1] == "punct":
                own = set(range(start, max(verb + 1, source[1])))
                for one in tree.children[verb]:
                    if one > verb and tree.deps[one] in (
                        "npadvmod",
                        "prep",
                        "advmod",
                        "dobj",
                        "dative",
                    ):
                        own.update(tree.below(one))
                content = tuple(
                    one for one in range(first, end) if one not in own and tree.deps[one] != "punct"
                )
                made.append(_made(tree, (verb, verb + 1), source, content, "rest", marked))
    if not made and not known & set(range(first, end)):
        for mark in marked:
            inside = [one for one in range(first, end) if mark.holds(tree.starts[one])]
            if len(inside) > 3:
                place = next((one for one in inside if tree.tags[one][:2] == "VB"), inside[0])
                made.append(_made(tree, (place, place + 1), None, tuple(inside), "quoted", marked))
        first_word = tree.words[first]
        if not made and first_word in ('"', "“") and end - first > 5:
            made.append(
                _made(
                    tree, (first, first + 1), None, tuple(range(first + 1, end)), "quoted", marked
                )
            )
    return made


def _content(rules: Rules, place: int, head: int, marked: list[Quote]) -> list[int]:
    """The content's tokens: the clause, what is quoted with it, without "that" and the source."""
    tree = rules.tree
    if rules.speaks(place) == head:
        first, end = place, place + 1
        while first and rules.speaks(first - 1) == head:
            first -= 1
        while end < len(tree) and rules.speaks(end) == head:
            end += 1
        return list(range(first, end))
    drop = {head} if head in tree.children[place] else set()
    found = set(tree.below(place, drop))
    attributing = _attributing(tree, head, place)
    for one in tree.children[head]:
        if tree.deps[one] == "conj" and one > max(found):
            # "found that it fell, but it rose again": what goes on without another speaker.
            subject = tree.child(one, "nsubj", "nsubjpass", "expl")
            speaks = subject is not None and tree.words[subject] in ("he", "she", "i", "we")
            if subject is not None and not speaks and tree.child(one, "ccomp") is None:
                found.update(tree.below(one))
    first, end = tree.sentences[tree.sentence_of[place]]
    for mark in marked:
        inside = [
            one
            for one in range(max(0, first - 120), min(len(tree), end + 120))
            if mark.holds(tree.starts[one])
        ]
        if head not in inside and any(one in found for one in inside):
            found.update(inside)
    for beside in rules.phrases(place):
        found.difference_update(range(beside.first, beside.end))
    tokens = sorted(found - attributing)
    while tokens and (
        (tree.words[tokens[0]] == "that" and tree.deps[tokens[0]] == "mark")
        or tree.deps[tokens[0]] == "punct"
    ):
        tokens = tokens[1:]
    while tokens and tree.deps[tokens[-1]] == "punct":
        tokens = tokens[:-1]
    return tokens


def _attributing(tree: Tree, head: int, place: int) -> set[int]:
    """The tokens of the cue and its subject, which are no content."""
    made = {head}
    for one in tree.children[head]:
        if (
            tree.deps[one] in SUBJECTS | {"aux", "auxpass", "neg", "agent"}
            and one != place
            and place not in tree.below(one)
        ):
            made.update(tree.below(one))
    return made


def _made(
    tree: Tree,
    cue: tuple[int, int],
    source: Holder | None,
    content: tuple[int, ...],
    kind: str,
    marked: list[Quote],
) -> Attribution:
    content = tuple(one for one in content if tree.words[one].strip())
    while content and tree.deps[content[-1]] in ("cc", "punct"):
        content = content[:-1]
    inside = sum(any(mark.holds(tree.starts[one]) for mark in marked) for one in content)
    quote = "indirect" if not inside else "direct" if inside >= 0.8 * len(content) else "mixed"
    return Attribution(cue, source, content, kind, quote)
