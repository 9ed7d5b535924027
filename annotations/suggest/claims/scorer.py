"""How sure a claim's reading is: a number beside the rules, which name the label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from annotations.suggest.claims import features, own_weights, traits
from annotations.suggest.claims.attribution import Attribution, attributions
from annotations.suggest.claims.logistic import Logistic
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.tree import Tree
from annotations.suggest.claims.value import Value

WEIGHTS: Final = Path(__file__).parent / "weights"
"""Where the shipped weights lie, with their card."""

KEPT: Final = 0.42
"""The score from which what is attributed counts as facts."""

NAMED: Final = 0.42
"""The score from which whom it is attributed to counts as their source."""


@dataclass(frozen=True)
class Scorer:
    """The weights in use.

    Attributes:
        happened: whether what a clause says happened, or is so.
        factuality: the same on a scale, 0 surely not to 1 surely.
        attribution: how much of what is attributed is told as facts.
        source: whether whom it is attributed to is their source.
        own: whether this project's annotators accept the reading; None before any decision.
    """

    happened: Logistic
    factuality: Logistic
    attribution: Logistic
    source: Logistic
    own: Logistic | None = None

    def shipped(self, named: Sequence[str], value: Value) -> float:
        """The probability that the rules' reading agrees with what happened, 0 to 1."""
        score = self.happened.score(named)
        return score if expects(value) else 1 - score

    def score(self, named: Sequence[str], value: Value) -> float:
        """The number to show: by the project's own weights where it has some."""
        score = self.shipped(named, value)
        if self.own is None:
            return round(score, 4)
        return round(self.own.score(with_score(named, score)), 4)

    def scores(self, tree: Tree, rules: Rules, found: Sequence[tuple[int, Value]]) -> list[float]:
        """The number of each clause, given by its predicate's place and its value."""
        return [
            self.score(features.of_clause(tree, rules, place, value), value)
            for place, value in found
        ]

    def sourced(self, tree: Tree, rules: Rules) -> tuple[list[Attribution], list[tuple[int, int]]]:
        """The attributions of facts, and the sources that are named for facts, as tokens."""
        found = attributions(tree, rules)
        rows = traits.of_attributions(tree, rules, found)
        kept, sources = [], []
        for one, named in zip(found, rows, strict=True):
            told = self.attribution.score(named)
            if isinstance(one.source, tuple):
                source = self.source.score(named)
                told = (told + source) / 2  # two views of the same: the mean errs less than one
                if source >= NAMED:
                    sources.append(one.source)
            if told >= KEPT:
                kept.append(one)
        return kept, list(dict.fromkeys(sources))


def expects(value: Value) -> bool:
    """Whether, by the rules, it happened or is so: what is to come, or would come, did not yet."""
    is_open = value.time == "unspecified" and any(one.kind == "modal" for one in value.cues)
    return value.sign > 0 and value.rank >= 2 and value.time != "future" and not is_open


def with_score(named: Sequence[str], score: float) -> list[str]:
    """The features of a clause with the shipped score among them."""
    return [*named, f"score={int(score * 10)}"]


@lru_cache(maxsize=2)
def load(own: Path | None = None) -> Scorer:
    """The shipped weights, with a project's own where it has a file of them.

    Raises:
        InputError: a file is not one of weights.
    """
    names = ("happened", "factuality", "attribution", "source")
    happened, factuality, attribution, source = (
        Logistic.load(WEIGHTS / f"{name}.npz")[0] for name in names
    )
    data = own_weights.read(own) if own is not None else None
    weights = Logistic.load(own, data)[0] if own is not None and data is not None else None
    return Scorer(happened, factuality, attribution, source, weights)
