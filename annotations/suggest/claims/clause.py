"""The value that a clause has by its own words alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from annotations.suggest.claims import holders
from annotations.suggest.claims.cues import RANKS, Found, likelihood_at
from annotations.suggest.claims.holders import UNNAMED, Holder
from annotations.suggest.claims.lexicon import likelihoods
from annotations.suggest.claims.tree import Tree
from annotations.suggest.claims.value import Value

_AWAITED: Final = frozenset(
    {"expect", "anticipate", "fear", "predict", "forecast", "suspect", "tip", "presume"}
)
_PLANNED: Final = frozenset({"plan", "schedule", "slate", "intend", "propose"})


def own_value(tree: Tree, place: int, own: Sequence[Found]) -> Value:
    """The sign, certainty, frame and time that a clause's own cues give it."""
    made = Value(time=_time(tree, place))
    sign, rank, frame, time = 1, 3, "assertion", made.time
    holder: Holder | None = None
    cues: list[Found] = []
    likelihood = ""
    for one in own:
        cues.append(one)
        phrase = likelihood_at(tree, one.first, one.end) if one.kind == "hedge" else None
        if phrase:
            likelihood = phrase[2]
            value = likelihoods()[phrase[2]].value
            sign *= -1 if value[0] == "-" else 1
            rank = min(rank, RANKS[value[1:]])
            cues[-1] = Found(phrase[0], phrase[1], "hedge", value)
            continue
        for effect in one.effect.split():
            if effect == "flip":
                sign = -sign
            elif effect in RANKS:
                rank = min(rank, RANKS[effect])
                if one.kind == "modal" and effect != "certain" and time == "past_or_present":
                    time = "unspecified"
            elif effect == "future":
                time = "future"
            elif effect == "unnamed":
                holder = UNNAMED
            elif effect == "directive":
                frame, sign, rank = "directive", 0, 0
            elif effect == "open":
                sign, rank, frame = 0, 0, "condition"
    if rank == 0 or sign == 0:
        sign, rank = 0, 0
    if (
        tree.lemmas[place] in ("go", "be")
        and tree.child(place, "xcomp") is not None
        and tree.words[place] == "going"
    ):
        time = "future"
    lemma = tree.lemmas[place]
    if (
        tree.child(place, "nsubjpass") is not None
        and tree.child(place, "xcomp", "ccomp") is None
        and holder is None
    ):
        if lemma in _AWAITED:
            rank, time = min(rank, 1 if lemma == "fear" else 2), "future"
            cues.append(Found(place, place + 1, "hedge", "probable"))
            holder = UNNAMED if tree.child(place, "agent") is None else holders.of_verb(tree, place)
        elif lemma in _PLANNED:
            rank, time, frame = min(rank, 2), "future", "wish_or_plan"
            cues.append(Found(place, place + 1, "hedge", "probable"))
    if rank == 0 and sign:
        sign = 0
    return replace(
        made,
        sign=sign,
        rank=rank,
        frame=frame,
        time=time,
        holder=holder,
        cues=tuple(cues),
        likelihood=likelihood,
    )


def _time(tree: Tree, place: int) -> str:
    tag = tree.tags[place]
    if tag in ("VBD", "VBZ", "VBP"):
        return "past_or_present"
    for one in tree.children[place]:
        if tree.deps[one] in ("aux", "auxpass") and tree.tags[one] in ("VBD", "VBZ", "VBP"):
            return "past_or_present"
    if any(tree.words[one] == "to" for one in tree.children[place]) and not any(
        tree.words[one] == "have" for one in tree.children[place]
    ):
        return "unspecified"
    if any(tree.tags[one] == "MD" for one in tree.children[place]) and not any(
        tree.words[one] in ("have", "'ve") for one in tree.children[place]
    ):
        return "unspecified"
    if tag == "VBN" or any(
        tree.words[one] in ("have", "having")
        for one in tree.children[place]
        if tree.deps[one] == "aux"
    ):
        return "past_or_present"
    if tree.deps[place] == "conj" and tree.heads[place] != place:
        return _time(tree, tree.heads[place])
    return "unspecified"
