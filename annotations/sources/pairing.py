"""Which things of a sequence are which of another: held together from the ends and by what is once."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

_DEEPEST: Final = 12
"""How often what is between two pairs is looked into again: so that no text takes for ever."""

Run = tuple[int, int, int]
"""Where a run starts in the one, where in the other, and how long it is."""


def heaviest(runs: Sequence[Run]) -> list[Run]:
    """Of runs in the order of the one sequence, those in the order of both that are longest in all.

    In the time of sorting them: for each end that was reached, the way with the most behind it.
    """
    ends: list[int] = []  # where the ways end in the other sequence, and what is behind them
    weights: list[int] = []
    tips: list[int] = []
    before: list[int] = []
    for number, (_, other, size) in enumerate(runs):
        at = bisect_left(ends, other)
        weight = size + (weights[at - 1] if at else 0)
        before.append(tips[at - 1] if at else -1)
        stop = at
        while stop < len(ends) and weights[stop] <= weight:
            stop += 1
        ends[at:stop], weights[at:stop], tips[at:stop] = [other], [weight], [number]
    found = []
    at = tips[-1] if tips else -1
    while at >= 0:
        found.append(runs[at])
        at = before[at]
    return found[::-1]


def paired(
    one: Sequence[str], other: Sequence[str], *, is_strict: bool = False
) -> Iterator[tuple[int, int]]:
    """Pairs of places with the same thing, in the order of both sequences.

    Args:
        one: the things of the one.
        other: the things of the other.
        is_strict: leave out what is beside a change and stands in what changed as well.
    """
    waiting = [(0, len(one), 0, len(other), _DEEPEST)]
    while waiting:
        low, high, start, end, deep = waiting.pop()
        head, tail = _ends(one[low:high], other[start:end], is_strict)
        yield from ((low + step, start + step) for step in range(head))
        yield from ((high - step, end - step) for step in range(1, tail + 1))
        low, start, high, end = low + head, start + head, high - tail, end - tail
        if low == high or start == end or not deep:
            continue
        once = _once(one[low:high], other[start:end])
        anchors = [(low + mine, start + theirs) for mine, theirs in once]
        yield from anchors
        if anchors:
            around = [(low - 1, start - 1), *anchors, (high, end)]
            waiting += [
                (before[0] + 1, behind[0], before[1] + 1, behind[1], deep - 1)
                for before, behind in pairwise(around)
                if before[0] + 1 < behind[0] and before[1] + 1 < behind[1]
            ]


def _ends(one: Sequence[str], other: Sequence[str], is_strict: bool) -> tuple[int, int]:
    """How many things at the head and at the tail are the same, and could be no others."""
    least = min(len(one), len(other))
    head = next((step for step in range(least) if one[step] != other[step]), least)
    if head == len(one) == len(other):
        return head, 0
    tail = next((step for step in range(least) if one[-1 - step] != other[-1 - step]), least)
    if head + tail > least:  # of several that are the same, some were put in or taken out
        spare = (len(one) - tail, len(other) - tail), (len(one) - head, len(other) - head)
        head, tail = max(0, min(head, *spare[0])), max(0, min(tail, *spare[1]))
    if is_strict:
        changed = {*one[head : len(one) - tail], *other[head : len(other) - tail]}
        while head and one[head - 1] in changed:
            head -= 1
        while tail and one[-tail] in changed:
            tail -= 1
    return head, tail


def _once(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """The places of what stands once in each, as far as it is in the order of both."""
    mine, theirs = Counter(one), Counter(other)
    places = {thing: place for place, thing in enumerate(other) if theirs[thing] == 1}
    both = [
        (place, places[thing], 1)
        for place, thing in enumerate(one)
        if mine[thing] == 1 and thing in places
    ]
    return [(old, new) for old, new, _ in heaviest(both)]
