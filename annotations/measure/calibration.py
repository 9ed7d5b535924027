"""Whether a model's score says how often it is right.

Guo et al. 2017 for the expected calibration error: ten bins of equal width, and the mean of how far
the score in each is from the part that is right, weighted by how many fall into it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from annotations.records import Plain

BINS: Final = 10
TARGET: Final = 0.9
"""The precision that `coverage` asks for."""

Scored: TypeAlias = tuple[float, bool]
"""A score, and whether the prediction was right."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions whose score lies in `[low, high)`; the last one takes 1 in.

    Attributes:
        count: how many there are.
        score: their mean score; None where there are none.
        right: the part of them that is right; None where there are none.
    """

    low: float
    high: float
    count: int
    score: float | None
    right: float | None

    def plain(self) -> Plain:
        """The bin as JSON holds it."""
        return {
            "low": self.low,
            "high": self.high,
            "count": self.count,
            "score": self.score,
            "right": self.right,
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a model's scores are worth.

    Attributes:
        count: how many predictions have a score.
        bins: ten of them, from the lowest scores up.
        ece: the expected calibration error.
        auc: how often a right prediction has a higher score than a wrong one, equal ones counting
            half; None where all are right or all wrong.
        coverage: the greatest part of the predictions that can be taken, from the highest score
            down, with at least `TARGET` of them right; 0 where no part has that.
        threshold: the lowest score among those; None where there are none.
    """

    count: int
    bins: tuple[Bin, ...]
    ece: float
    auc: float | None
    coverage: float
    threshold: float | None

    def plain(self) -> Plain:
        """The figures as JSON holds them."""
        return {
            "count": self.count,
            "ece": self.ece,
            "auc": self.auc,
            "target": TARGET,
            "coverage": self.coverage,
            "threshold": self.threshold,
            "bins": [one.plain() for one in self.bins],
        }


def calibration(scored: Sequence[Scored]) -> Calibration | None:
    """What these scores are worth; None where there are none. Scores lie between 0 and 1."""
    if not scored:
        return None
    bins = tuple(_bin(scored, number) for number in range(BINS))
    ece = sum(
        one.count / len(scored) * abs(one.score - one.right)
        for one in bins
        if one.score is not None and one.right is not None
    )
    coverage, threshold = _coverage(scored)
    return Calibration(len(scored), bins, ece, _auc(scored), coverage, threshold)


def place_of(score: float) -> int:
    """The bin that a score between 0 and 1 falls into, from 0."""
    return min(int(score * BINS), BINS - 1)


def _bin(scored: Sequence[Scored], number: int) -> Bin:
    inside = [one for one in scored if place_of(one[0]) == number]
    count = len(inside)
    score = sum(one[0] for one in inside) / count if count else None
    right = sum(one[1] for one in inside) / count if count else None
    return Bin(number / BINS, (number + 1) / BINS, count, score, right)


def _auc(scored: Sequence[Scored]) -> float | None:
    right = [score for score, is_right in scored if is_right]
    wrong = sorted(score for score, is_right in scored if not is_right)
    if not right or not wrong:
        return None
    wins = sum(bisect_left(wrong, one) + bisect_right(wrong, one) for one in right)
    return wins / (2 * len(right) * len(wrong))


def _coverage(scored: Sequence[Scored]) -> tuple[float, float | None]:
    """The largest part that is right often enough; equal scores are taken together."""
    ordered = sorted(scored, key=lambda one: -one[0])
    right, best, threshold = 0, 0, None
    for number, (score, is_right) in enumerate(ordered, 1):
        right += is_right
        is_last_of_score = number == len(ordered) or ordered[number][0] != score
        if is_last_of_score and right >= TARGET * number:
            best, threshold = number, score
    return best / len(scored), threshold
