"""The scorers fitted on published data, and on a project's own decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from annotations.errors import InputError
from annotations.suggest.claims import features, traits
from annotations.suggest.claims.attribution import attributions
from annotations.suggest.claims.corpora import Judged, Sourced, factappeal, uds
from annotations.suggest.claims.logistic import Logistic, calibration_error, fit
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.scorer import with_score

if TYPE_CHECKING:
    from spacy.language import Language

LEAST: Final = 40
"""The decisions on claims from which a project can fit weights of its own."""

_HELD_BACK: Final = 5
"""One document in so many is not learnt from."""


def rows_of(found: Iterable[Judged]) -> tuple[list[list[str]], list[float], list[bool]]:
    """The features and labels of judged predicates, and which are denied in their own clause."""
    rows, labels, denied = [], [], []
    for one in found:
        rules = Rules(one.tree)
        for place, label in one.targets:
            rows.append(features.of_clause(one.tree, rules, place))
            labels.append(label)
            value = rules.value(features.clause_of(one.tree, place))
            own = any(cue.kind in ("negation", "quantifier") for cue in value.cues)
            denied.append(own and value.sign < 0)
    return rows, labels, denied


def fit_published(
    nlp: Language, judged: Path, sourced: Path
) -> dict[str, tuple[Logistic, dict[str, Any]]]:
    """The shipped scorers, by name, each with what it was fitted on.

    Args:
        nlp: the pipeline, with its parser.
        judged: a training file in the format of UDS-IH2.
        sourced: a training file in the format of FactAppeal.
    """
    rows, labels, denied = rows_of(uds(nlp, judged))
    marks = np.array(labels)
    # Asked whether "did not sign" happened, many judges said yes: it is so that nobody signed.
    meant = [not (no and label > 1) for no, label in zip(denied, labels, strict=True)]
    clear = [row for row, keep in zip(rows, meant, strict=True) if keep]
    truth = [float(label > 0) for label, keep in zip(labels, meant, strict=True) if keep]
    about = {"data": "UDS-IH2 train", "licence": "CC BY-SA 4.0", "examples": len(rows)}
    made = {
        "factuality": (fit(rows, ((marks + 3) / 6).tolist(), strength=6), about),
        "happened": (fit(clear, truth, strength=12), about | {"examples": len(clear)}),
    }
    rows, shares, overlaps = sourced_rows(factappeal(nlp, sourced))
    about = {"data": "FactAppeal train", "licence": "CC BY 4.0", "examples": len(rows)}
    made["attribution"] = (fit(rows, shares, strength=30), about)
    named = [row for row, overlap in zip(rows, overlaps, strict=True) if overlap is not None]
    hits = [float(overlap) for overlap in overlaps if overlap is not None]
    made["source"] = (fit(named, hits, strength=15), about | {"examples": len(named)})
    return made


def sourced_rows(
    found: Iterable[Sourced],
) -> tuple[list[list[str]], list[float], list[bool | None]]:
    """The features of every attribution, and two labels of it.

    Returns:
        The features; the share of each content's tokens that was tagged as a fact with a source,
        0 to 1; and whether its own source was tagged as one, None where it names nobody.
    """
    rows, shares, overlaps = [], [], []
    for one in found:
        rules = Rules(one.tree)
        attributed = attributions(one.tree, rules)
        rows += traits.of_attributions(one.tree, rules, attributed)
        for each in attributed:
            content = {place for place in each.content if one.tree.deps[place] != "punct"}
            shares.append(len(content & one.content) / max(1, len(content)))
            own = set(range(*each.source)) if isinstance(each.source, tuple) else None
            overlaps.append(None if own is None else any(own & source for source in one.sources))
    return rows, shares, overlaps


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim that was suggested and decided on.

    Attributes:
        document: its document's id; a document is learnt from or held back as a whole.
        named: its features.
        score: the shipped score.
        right: whether stance and certainty stood as they were suggested.
    """

    document: str
    named: Sequence[str]
    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What fitting changed on the decisions held back: loss and calibration, before and after."""

    learnt: int
    held: int
    base: float
    loss: tuple[float, float]
    error: tuple[float, float]

    @property
    def is_better(self) -> bool:
        """Whether the new weights foretell the decisions better."""
        return self.loss[1] < self.loss[0]


def fit_decisions(decided: Sequence[Decided]) -> tuple[Logistic, Change]:
    """Weights from a project's decisions, and what they change on a fifth of its documents.

    Raises:
        InputError: there are too few decisions, or all say the same.
    """
    if len(decided) < LEAST:
        raise InputError(
            f"{len(decided)} decisions on suggested claims; {LEAST} are needed to learn. Decide more first."
        )
    if len({one.right for one in decided}) < 2:
        raise InputError("All decisions say the same, so there is nothing to learn from.")
    held = [one for one in decided if _is_held(one, decided)]
    learnt = [one for one in decided if not _is_held(one, decided)]
    trial = _fit(learnt)
    before = [one.score for one in held]
    after = [trial.score(with_score(one.named, one.score)) for one in held]
    right = [one.right for one in held]
    change = Change(
        learnt=len(learnt),
        held=len(held),
        base=float(np.mean(right)) if right else 0.0,
        loss=(_loss(before, right), _loss(after, right)),
        error=(calibration_error(before, right), calibration_error(after, right)),
    )
    return trial, change


def _fit(decided: Sequence[Decided]) -> Logistic:
    rows = [with_score(one.named, one.score) for one in decided]
    return fit(rows, [float(one.right) for one in decided], strength=8, least=3)


def _is_held(one: Decided, decided: Sequence[Decided]) -> bool:
    """Whether a decision is held back: by document where there are several, else by its words."""
    several = len({each.document for each in decided}) >= 2 * _HELD_BACK
    seed = one.document if several else one.document + "|".join(one.named)
    return int(sha256(seed.encode()).hexdigest(), 16) % _HELD_BACK == 0


def _loss(scores: Sequence[float], right: Sequence[bool]) -> float:
    """The mean surprise, in nats, at what was decided."""
    if not scores:
        return 0.0
    found = np.clip(np.array(scores), 0.01, 0.99)
    were = np.array(right, dtype=np.float64)
    return float(-np.mean(were * np.log(found) + (1 - were) * np.log(1 - found)))
