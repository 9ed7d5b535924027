"""A parsed text to claim suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from annotations.changes import suggested
from annotations.evidence import AUTHOR, Cue, Holder, Link
from annotations.records import Claim, Entity, suggestion_id
from annotations.span import Span
from annotations.suggest.claims.candidates import Candidate, candidates
from annotations.suggest.claims.cues import Found
from annotations.suggest.claims.lexicon import likelihoods
from annotations.suggest.claims.pronouns import antecedent, is_pronoun, nearest
from annotations.suggest.claims.quotes import Quote, quotes
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.tree import Tree
from annotations.suggest.claims.value import Value
from annotations.text import Text

if TYPE_CHECKING:
    from annotations.suggest.claims.scorer import Scorer

MOST: Final = 4
"""The claims of a sentence that are shown at most, the surest first."""

DOUBT: Final = 0.4
"""The score under which rules and scorer disagree, which is shown as doubt."""

_HOLDERS: Final = ("PERSON", "ORG", "GPE", "NORP")


@dataclass(frozen=True, slots=True)
class Reading:
    """One claim as the rules read it, still in tokens."""

    candidate: Candidate
    value: Value
    quote: str
    doubt: bool
    why: tuple[str, ...]
    score: float | None


def read(tree: Tree, scorer: Scorer | None = None, threshold: float = 0.0) -> list[Reading]:
    """The claims of a tree, in its order."""
    rules = Rules(tree)
    found = candidates(tree, rules)
    marked = quotes(tree.text)
    scores = scorer.scores(tree, rules, [(one.place, one.value) for one in found]) if scorer else []
    made: list[Reading] = []
    by_quote = _speakers(tree, found, marked)
    for number, one in enumerate(found):
        value = one.value
        start, end = tree.starts[one.first], tree.ends[one.end - 1]
        quote, scare = _quotation(start, end, tree.starts[one.place], marked, value)
        if value.holder is None and quote == "direct" and number in by_quote:
            speaker = by_quote[number]
            value = replace(
                value,
                holder=speaker.holder,
                beyond=speaker.beyond,
                over=speaker.over,
                cues=(*value.cues, *(cue for cue in speaker.cues if cue.kind == "report")),
            )
        if value.holder is None and quote == "mixed":
            scare = True
        score = scores[number] if scores else None
        doubt = value.doubt or scare or (score is not None and score < DOUBT)
        if score is not None and score < threshold:
            continue
        made.append(Reading(one, value, quote, doubt, _why(tree, value), score))
    return _few(tree, made)


def _few(tree: Tree, found: list[Reading]) -> list[Reading]:
    """At most `MOST` of a sentence, and never two on the same words."""
    made: list[Reading] = []
    by_sentence: dict[int, list[Reading]] = {}
    for one in found:
        by_sentence.setdefault(tree.sentence_of[one.candidate.place], []).append(one)
    for group in by_sentence.values():
        spans: set[tuple[int, int]] = set()
        order = sorted(group, key=lambda one: -(one.score or 0))[:MOST]
        for one in group:
            span = (one.candidate.first, one.candidate.end)
            if one in order and span not in spans:
                spans.add(span)
                made.append(one)
    return made


def _speakers(tree: Tree, found: list[Candidate], marked: Sequence[Quote]) -> dict[int, Value]:
    """For clauses in quotation marks without a holder: the value of one that has, nearest."""
    if not marked:
        return {}
    held: list[tuple[int, Value]] = []
    for one in found:
        if isinstance(one.value.holder, tuple) and any(
            mark.holds(tree.starts[one.place]) for mark in marked
        ):
            first, _ = one.value.holder
            if not any(mark.holds(tree.starts[first]) for mark in marked):
                held.append((one.place, one.value))
    made: dict[int, Value] = {}
    for number, one in enumerate(found):
        at = tree.starts[one.place]
        if one.value.holder is not None or not any(mark.holds(at) for mark in marked):
            continue
        mine = next(mark for mark in marked if mark.holds(at))
        for place, value in held:
            other = tree.starts[place]
            same = mine.holds(other)
            gap = tree.text[min(at, other) : max(at, other)]
            if same or ("\n\n" not in gap and len(gap) < 500):
                made[number] = value
                if same or place < one.place:
                    break
    return made


def _quotation(
    start: int, end: int, at: int, marked: Sequence[Quote], value: Value
) -> tuple[str, bool]:
    """Whose words a claim is in, and whether a word of it is in scare quotes."""
    inside = any(mark.holds(at) for mark in marked)
    touched = [mark for mark in marked if mark.start < end and start < mark.end]
    if inside and any(mark.start < start + 1 and end <= mark.end for mark in touched):
        return "direct", False
    if touched:
        return "mixed", value.holder is None
    return ("indirect" if value.holder is not None else "none"), False


def _why(tree: Tree, value: Value) -> tuple[str, ...]:
    made: list[str] = []
    for cue in sorted(set(value.cues), key=lambda one: one.first):
        words = " ".join(tree.words[cue.first : cue.end]).replace(" n't", "n't")
        made.append(f"{words} → {_effect(cue)}")
    if value.holder == "unnamed" and not any("unnamed" in one for one in made):
        made.append("passive without agent → holder unnamed")
    if isinstance(value.beyond, tuple) and isinstance(value.holder, tuple):
        inner, outer = (" ".join(tree.words[slice(*one)]) for one in (value.holder, value.beyond))
        if inner not in ("i", outer):
            made.append(f"{inner} → told of by {outer}")
    if value.likelihood:
        bands = likelihoods()[value.likelihood].bands
        if bands:
            made.append(f"{value.likelihood} [{bands[0][2]} %]")
    return tuple(made)


def _effect(cue: Found) -> str:
    effect = cue.effect
    if effect.startswith("flip"):
        return ", ".join(["denies", *effect.split()[1:]])
    if effect == "unnamed":
        return "holder unnamed"
    if effect[:1] in "+-":
        stance = "affirms" if effect[0] == "+" else "denies"
        return f"{cue.kind}: {stance} {effect[1:]}"
    return (
        effect
        if cue.kind in ("hedge", "tense")
        else f"{cue.kind}: {effect}"
        if effect != cue.kind
        else effect
    )


def suggest_claims(
    tree: Tree,
    text: Text,
    *,
    layer: str,
    shift: int = 0,
    entities: Iterable[Entity] = (),
    scorer: Scorer | None = None,
    threshold: float = 0.0,
) -> list[Claim]:
    """The claims of a parsed part of a text, as suggestions.

    Args:
        tree: the part.
        text: the whole text.
        layer: the name of the claims' layer.
        shift: where the part starts in the text, in code points.
        entities: the entities suggested so far, in order; holders are linked to them.
        scorer: gives each claim its score; without it they have none.
        threshold: claims with a lower score are left out.
    """
    known = list(entities)
    made: list[Claim] = []
    seen: set[str] = set()
    for one in read(tree, scorer, threshold):
        span = text.trimmed(tree.starts[one.candidate.first] + shift, _end(tree, one) + shift)
        if not span:
            continue
        holder, resolved = _holder(tree, one.value, shift, text, known)
        place = one.candidate.place
        cues = tuple(
            Cue(
                tree.starts[cue.first] + shift,
                tree.ends[cue.end - 1] + shift,
                cue.kind,
                _effect(cue),
            )
            for cue in dict.fromkeys(sorted(one.value.cues, key=lambda cue: cue.first))
        )
        claim = Claim(
            id=suggestion_id(
                layer, Claim.kind, span, str(tree.starts[place] - tree.starts[one.candidate.first])
            ),
            span=span,
            text=span.of(text),
            stance=one.value.stance,
            certainty=one.value.certainty,
            holder=holder,
            frame=one.value.frame,
            time=one.value.time,
            likelihood=_likelihood(one.value.likelihood),
            quote=one.quote,
            cues=cues,
            target=Span(tree.starts[place] + shift, tree.ends[place] + shift),
            doubt=one.doubt or bool(resolved),
            score=one.score,
        )
        if claim.id in seen:
            continue
        seen.add(claim.id)
        result = suggested(claim, layer, (*one.why, *((resolved,) if resolved else ())))
        assert isinstance(result, Claim)
        made.append(result)
    return made


def _end(tree: Tree, one: Reading) -> int:
    """Where a claim ends, ahead of a full stop that is one token with what it follows: "🦭."."""
    last = one.candidate.end - 1
    word = tree.text[tree.starts[last] : tree.ends[last]]
    bare = word.rstrip(".,;:!?")
    is_sign = bare and not any(char.isalnum() for char in bare)
    return tree.starts[last] + (len(bare) if is_sign else len(word))


def _likelihood(words: str) -> dict[str, str] | None:
    """The likelihood of a phrase of the list, as a record has it."""
    if not words or not likelihoods()[words].bands:
        return None
    scale, band, per_cent = likelihoods()[words].bands[0]
    return {"scale": scale, "band": band, "phrase": words, "range": per_cent}


def _holder(
    tree: Tree, value: Value, shift: int, text: Text, known: Sequence[Entity]
) -> tuple[Holder, str]:
    """The chain of a value's holder, and in words how a pronoun was resolved."""
    if value.beyond is not None and value.holder is not None:
        inner, why = _holder(tree, replace(value, beyond=None), shift, text, known)
        outer, why_outer = _holder(
            tree, replace(value, holder=value.beyond, beyond=None), shift, text, known
        )
        first, end = value.holder if isinstance(value.holder, tuple) else (0, 0)
        if end - first == 1 and tree.words[first] == "i":
            return outer, f"i → {outer[0].name}, who speaks"
        told = "; ".join(each for each in (why, why_outer) if each)
        if inner[0].name.lower() == outer[0].name.lower():
            return outer, told
        return (*inner[:-1], *outer), told
    holder = value.holder
    if holder is None:
        return (AUTHOR,), ""
    if isinstance(holder, str):
        return (Link(holder), AUTHOR), ""
    first, end = holder
    start, stop = tree.starts[first] + shift, tree.ends[end - 1] + shift
    if end - first == 1 and is_pronoun(tree, first):
        meant = antecedent(tree, first)
        if meant is not None:
            links, _ = _holder(tree, replace(value, holder=meant), shift, text, known)
            return links, f"{tree.words[first]} → {links[0].text}, who speaks"
        who = nearest(tree, first, known, shift, text)
        if isinstance(who, tuple):
            links, _ = _holder(tree, replace(value, holder=who), shift, text, known)
            return links, f"{tree.words[first]} → {links[0].text}, who spoke before"
        if who is not None:
            link = Link("entity", who.text, who.span.start, who.id)
            return (link, AUTHOR), f"{tree.words[first]} → {who.text}, the nearest person before"
        return (Link("span", text[start:stop], start), AUTHOR), ""
    is_several = any(tree.deps[one] == "conj" for one in range(first, end))
    for one in () if is_several else known:
        if (
            start <= one.span.start
            and one.span.end <= stop
            and one.label in _HOLDERS
            and stop - one.span.end <= 2
        ):
            return (Link("entity", one.text, one.span.start, one.id), AUTHOR), ""
    return (Link("span", text[start:stop], start), AUTHOR), ""
