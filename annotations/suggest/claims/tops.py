"""Clauses that no predicate stands over: questions, orders, conditions, and whoever a phrase names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from annotations.suggest.claims.cues import RANKS, WHO_ASKS, Found
from annotations.suggest.claims.lexicon import predicates
from annotations.suggest.claims.value import HOLDING, Value

if TYPE_CHECKING:
    from annotations.suggest.claims.phrases import Phrase
    from annotations.suggest.claims.rules import Rules


def at_top(rules: Rules, place: int, own: Value, opener: tuple[int, int, str] | None) -> Value:
    """The value of a clause under no predicate."""
    tree = rules.tree
    dep, head = tree.deps[place], tree.heads[place]
    if opener:
        first, end, effect = opener
        cues = (*own.cues, Found(first, end, effect, effect))
        outer = _outer(rules, place)
        return replace(
            own,
            sign=0,
            rank=0,
            frame=effect,
            cues=cues,
            holder=outer.holder,
            beyond=outer.beyond,
            over=outer.over,
        )
    if dep == "advcl":
        if is_inverted(rules, place):
            first = tree.below(place)[0]
            cues = (*own.cues, Found(first, first + 1, "condition", "condition"))
            return replace(own, sign=0, rank=0, frame="condition", cues=cues)
        if tree.tags[place] == "VB" and any(
            tree.words[one] == "to" for one in tree.children[place]
        ):
            return replace(own, sign=0, rank=0, frame="wish_or_plan")
    if dep in ("advcl", "relcl", "acl", "conj", "ccomp", "parataxis", "pcomp") and head != place:
        outer = _outer(rules, place)
        beyond = None if own.holder else outer.beyond
        own = replace(own, holder=own.holder or outer.holder, beyond=beyond, over=outer.over)
        if tree.words[head] and dep == "conj" and tree.deps[head] in ("ROOT", "advcl"):
            top = _sentence_frame(rules, head, own) if tree.deps[head] == "ROOT" else own
            if top.frame == "question":
                return top
    elif dep == "ROOT":
        own = _sentence_frame(rules, place, own)
    own = _by_phrase(rules, place, own)
    return on_condition(rules, place, own)


def _outer(rules: Rules, place: int) -> Value:
    """The value of the clause that this one is only part of."""
    tree = rules.tree
    for one in tree.above(place):
        if tree.tags[one].startswith("VB") or tree.tags[one] == "MD":
            return rules.value(one)
    return Value()


def is_inverted(rules: Rules, place: int) -> bool:
    """Whether a condition is said by its order: "had the valve been closed"."""
    tree = rules.tree
    tokens = tree.below(place)
    subject = tree.child(place, "nsubj", "nsubjpass")
    return (
        subject is not None
        and tokens[0] < subject
        and tree.words[tokens[0]] in ("had", "should", "were")
        and tree.heads[tokens[0]] == place
    )


def _sentence_frame(rules: Rules, place: int, own: Value) -> Value:
    tree = rules.tree
    first, end = tree.sentences[tree.sentence_of[place]]
    last = end - 1
    while last > first and (
        tree.words[last] in ('"', "”", "’", "'", ")", "''") or not tree.words[last].strip()
    ):
        last -= 1
    if tree.words[last] == "?":
        asked = [
            one
            for one in tree.below(place)
            if tree.tags[one] in WHO_ASKS and one < place and _near(rules, one, place)
        ]
        if asked:
            cue = Found(asked[0], asked[0] + 1, "question", "presupposed")
            return replace(own, cues=(*own.cues, cue))
        cue = Found(last, last + 1, "question", "question")
        return replace(own, sign=0, rank=0, frame="question", cues=(*own.cues, cue))
    if is_order(rules, place):
        cue = Found(place, place + 1, "directive", "directive")
        return replace(own, sign=0, rank=0, frame="directive", cues=(*own.cues, cue))
    return own


def is_order(rules: Rules, place: int) -> bool:
    """Whether it is an imperative: a bare verb without a subject."""
    tree = rules.tree
    if tree.tags[place] != "VB" or tree.deps[place] not in ("ROOT", "ccomp"):
        return False
    auxiliaries = {
        tree.words[one] for one in tree.children[place] if tree.deps[one] in ("aux", "mark")
    }
    return tree.child(place, "nsubj", "nsubjpass", "expl") is None and auxiliaries <= {
        "do",
        "please",
    }


def _near(rules: Rules, one: int, place: int) -> bool:
    """Whether a question word asks in this clause, and not in one under it."""
    tree = rules.tree
    for each in tree.above(one):
        if each == place:
            return True
        if tree.tags[each].startswith("VB"):
            return False
    return False


def _by_phrase(rules: Rules, place: int, own: Value) -> Value:
    """The holder that "according to" or "in her view" gives a clause without another."""
    if own.holder is not None:
        return own
    for one in rules.phrases(place):
        if rules.filled(one) is None and _reaches(rules, one, place):
            cue = Found(*one.cue, "report", one.certainty)
            return replace(
                own,
                holder=one.holder,
                rank=min(own.rank, RANKS[one.certainty]),
                cues=(*own.cues, cue),
                over=one.root,
            )
    return own


def _reaches(rules: Rules, phrase: Phrase, place: int) -> bool:
    """Whether a phrase that names a holder is not that of a clause with a holder of its own."""
    tree = rules.tree
    widest = phrase.clause(tree)
    if phrase.is_joined(tree):
        over = rules.over(place)
        return place > phrase.first and (over is None or over[1].kind not in HOLDING)
    for one in tree.above(phrase.root):
        if one == place:
            return True
        if one == widest:
            return False
        if tree.tags[one].startswith("VB"):
            over = rules.over(one)
            if over is not None and over[1].kind in HOLDING:
                return False
    return False


def on_condition(rules: Rules, place: int, own: Value) -> Value:
    """A clause that hangs on an if is open with it."""
    tree = rules.tree
    named = {one.root for one in rules.phrases(place)}
    # "As long as it lasts" hangs on its "long".
    below = [
        one
        for each in tree.children[place]
        if tree.words[each] == "long"
        for one in tree.children[each]
    ]
    for one in (*tree.children[place], *below):
        if tree.deps[one] != "advcl" or one in named:
            continue
        opener = rules.opener(tree.child(one, "ccomp") or one)
        if (
            opener
            and opener[2] == "condition"
            and tree.words[opener[0]] not in ("lest", "in")
            and tree.words[opener[0] : opener[1]] not in (["as", "if"], ["as", "though"])
        ):
            cue = Found(*opener[:2], "condition", "condition")
        elif is_inverted(rules, one):
            first = tree.below(one)[0]
            cue = Found(first, first + 1, "condition", "condition")
        else:
            continue
        return replace(own, sign=0, rank=0, frame="condition", cues=(*own.cues, cue))
    would = next(
        (
            one
            for one in own.cues
            if one.kind == "modal" and tree.words[one.first] in ("would", "'d")
        ),
        None,
    )
    if would and own.holder is not None and own.rank == 2:
        over = own.over
        if over >= 0 and tree.tags[over] == "VBD" and predicates("clauses").get(tree.lemmas[over]):
            # "said that it would": the future of what was said.
            known = predicates("clauses")[tree.lemmas[over]]
            rank = RANKS.get(known.said[1:], own.rank)
            return replace(own, rank=rank, time="future")
    return own
