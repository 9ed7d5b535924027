"""How sure a figure is: intervals by drawing documents again, and tests of two models in pairs.

Documents are drawn with replacement, since what stands in one document is not independent; the
method is the percentile bootstrap (Efron 1979; for such scores Berg-Kirkpatrick et al. 2012). The
seed is fixed: the same layers give the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from annotations.measure.matching import Counts

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[numpy.float64]

ROUNDS: Final = 1000
SEED: Final = 20130614
FIGURES: Final = ("precision", "recall", "f1")

# How many numbers are drawn at once, to bound the memory.
_AT_ONCE: Final = 4_000_000


def intervals(documents: Sequence[Sequence[Counts]]) -> list[dict[str, list[float] | None]]:
    """A 95 % interval for each figure of each column of counts.

    Args:
        documents: for each document, the counts of every column; all rows of one length.

    Returns:
        For each column `{precision, recall, f1}`: the two ends, or None where there are fewer than
        two documents, or where half of the draws leave the figure undefined.
    """
    import numpy

    width = len(documents[0]) if documents else 0
    if len(documents) < 2:
        return [dict.fromkeys(FIGURES) for _ in range(width)]
    made = []
    for drawn in _columns(documents):
        row: dict[str, list[float] | None] = {}
        for name, values in zip(FIGURES, _figures(drawn), strict=True):
            known = values[~numpy.isnan(values)]
            is_known = len(known) > len(values) / 2
            ends = numpy.percentile(known, [2.5, 97.5]) if is_known else None
            row[name] = None if ends is None else [float(end) for end in ends]
        made.append(row)
    return made


def difference(one: Sequence[Counts], two: Sequence[Counts]) -> dict[str, Any]:
    """How far the F1 of `one` is above that of `two`, on the same documents in the same order.

    Returns:
        `{f1, interval, p}`: the difference, its 95 % interval, and the two-sided p value of its
        being none, by the same draws for both; None where it is undefined.
    """
    import numpy

    whole = [sum(side, Counts()).f1 for side in (one, two)]
    if whole[0] is None or whole[1] is None:
        return {"f1": None, "interval": None, "p": None}
    gain = whole[0] - whole[1]
    if len(one) < 2:
        return {"f1": gain, "interval": None, "p": None}
    left, right = _columns([list(pair) for pair in zip(one, two, strict=True)])
    gains = _figures(left)[2] - _figures(right)[2]
    gains = gains[~numpy.isnan(gains)]
    if not len(gains):
        return {"f1": gain, "interval": None, "p": None}
    ends = numpy.percentile(gains, [2.5, 97.5])
    # With so many draws no p value can be said to be smaller than one of them.
    tail = (min(int((gains <= 0).sum()), int((gains >= 0).sum())) + 1) / (len(gains) + 1)
    return {"f1": gain, "interval": [float(end) for end in ends], "p": min(1.0, 2 * tail)}


def mcnemar(only_one: int, only_two: int) -> float | None:
    """The exact two-sided p value of McNemar's test: of what one alone and two alone got right.

    None where the two never differ.
    """
    trials = only_one + only_two
    if not trials:
        return None
    low = min(only_one, only_two)
    # In whole numbers as far as may be, since 2**-trials is nothing soon.
    below = sum(comb(trials, number) for number in range(low + 1))
    return min(1.0, float(2 * below / (1 << trials)))


def _columns(documents: Sequence[Sequence[Counts]]) -> list[Numbers]:
    """For each column, `(ROUNDS, 5)`: its counts in every draw of the documents."""
    import numpy

    rows = numpy.array([[one.row for one in row] for row in documents], dtype=numpy.float64)
    height, width, kinds = rows.shape
    flat = rows.reshape(height, width * kinds)
    source = numpy.random.default_rng(SEED)
    step = max(1, _AT_ONCE // height)
    parts = []
    for start in range(0, ROUNDS, step):
        rounds = min(step, ROUNDS - start)
        times = source.multinomial(height, numpy.full(height, 1 / height), size=rounds)
        parts.append(times @ flat)
    drawn = numpy.concatenate(parts).reshape(ROUNDS, width, kinds)
    return [drawn[:, column] for column in range(width)]


def _figures(drawn: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Precision, recall and F1 of each draw; not a number where undefined."""
    import numpy

    correct, incorrect, partial, missed, spurious = drawn.T
    right = correct + partial / 2
    judged = correct + incorrect + partial
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return (
            right / (judged + spurious),
            right / (judged + missed),
            2 * right / (2 * judged + spurious + missed),
        )
