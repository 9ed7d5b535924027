"""Which annotation of one layer answers to which of another, and how well.

The four schemes are those of SemEval-2013 task 9.1, as the library nervaluate counts them; a test
holds the two together. They differ in what makes a pair correct:

- strict: the same span and the same label;
- exact: the same span, whatever the label;
- partial: the same span; another that overlaps counts half, whatever the label;
- type: the same label, on spans that overlap.

What overlaps without being correct is incorrect; what overlaps nothing is spurious where it was
predicted, missed where it was not. An annotation is in one pair at most. Pairs with the same span
are found ahead of all others, so that nested annotations take nothing from each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from annotations.records import Annotation, Claim, Entity, Plain
from annotations.span import Span, SpanIndex

Marked = TypeVar("Marked", Entity, Claim)


class Scheme(StrEnum):
    """What makes a predicted entity right."""

    STRICT = "strict"
    EXACT = "exact"
    PARTIAL = "partial"
    TYPE = "type"


class Outcome(StrEnum):
    """What a pair, or what has no pair, counts as."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    PARTIAL = "partial"
    MISSED = "missed"
    SPURIOUS = "spurious"


OUTCOMES: Final = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pairs came out how, and the figures that follow.

    A figure is None where it would divide by nothing: precision without predictions, recall
    without anything to find.
    """

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(one + two for one, two in zip(self.row, other.row, strict=True)))

    @property
    def row(self) -> tuple[int, int, int, int, int]:
        """The counts in the order of `OUTCOMES`."""
        return (self.correct, self.incorrect, self.partial, self.missed, self.spurious)

    @property
    def right(self) -> float:
        """The correct ones, with each partial one as half."""
        return self.correct + self.partial / 2

    @property
    def predicted(self) -> int:
        """How many were predicted."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def possible(self) -> int:
        """How many were there to find."""
        return self.correct + self.incorrect + self.partial + self.missed

    @property
    def precision(self) -> float | None:
        """The part of the predicted that is right."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The part of what was there that was found."""
        return self.right / self.possible if self.possible else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; 0 where only one of them is defined."""
        both = self.predicted + self.possible
        return 2 * self.right / both if both else None

    def plain(self) -> Plain:
        """Figures and counts as JSON holds them."""
        made: Plain = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return made | {str(name): count for name, count in zip(OUTCOMES, self.row, strict=True)}


@dataclass(frozen=True, slots=True)
class Pair(Generic[Marked]):
    """A predicted annotation and the one it answers to; None on the side that has none."""

    predicted: Marked | None
    gold: Marked | None
    outcome: Outcome

    @property
    def words(self) -> str:
        """The words of the annotation; those of the prediction where both sides have one."""
        one: Annotation | None = self.predicted or self.gold
        return one.text if one else ""


def counted(pairs: Iterable[Pair[Marked]]) -> Counts:
    """How the pairs came out."""
    made = dict.fromkeys(OUTCOMES, 0)
    for pair in pairs:
        made[pair.outcome] += 1
    return Counts(*made.values())


def matched(
    predicted: Iterable[Entity], gold: Iterable[Entity], scheme: Scheme
) -> list[Pair[Entity]]:
    """The entities of two layers in pairs, each judged by the scheme."""
    left, right = SpanIndex(predicted), SpanIndex(gold)
    free = {one.id for one in right}
    waiting = list(left)
    pairs: list[Pair[Entity]] = []

    def take(one: Entity, two: Entity, outcome: Outcome) -> None:
        free.discard(two.id)
        pairs.append(Pair(one, two, outcome))

    def near(one: Entity) -> list[Entity]:
        return [two for two in right.between(one.span.start, one.span.end) if two.id in free]

    def take_same(is_label_free: bool) -> None:
        left_over = []
        for one in waiting:
            for two in near(one):
                if two.span == one.span and (is_label_free or two.label == one.label):
                    take(one, two, Outcome.CORRECT)
                    break
            else:
                left_over.append(one)
        waiting[:] = left_over

    take_same(is_label_free=False)
    if scheme in (Scheme.EXACT, Scheme.PARTIAL):
        take_same(is_label_free=True)
    for one in waiting:
        others = near(one)
        alike = [two for two in others if two.label == one.label]
        if scheme is Scheme.TYPE and alike:
            take(one, min(alike, key=lambda two: _distance(one.span, two.span)), Outcome.CORRECT)
        elif others:
            same = [two for two in others if two.span == one.span]
            outcome = Outcome.PARTIAL if scheme is Scheme.PARTIAL else Outcome.INCORRECT
            take(one, (same or others)[0], outcome)
        else:
            pairs.append(Pair(one, None, Outcome.SPURIOUS))
    pairs += [Pair(None, two, Outcome.MISSED) for two in right if two.id in free]
    return pairs


def _distance(one: Span, two: Span) -> int:
    return abs(one.start - two.start) + abs(one.end - two.end)


def paired(predicted: Iterable[Marked], gold: Iterable[Marked]) -> list[Pair[Marked]]:
    """The annotations of two layers in pairs by their spans alone.

    The same span is correct and any overlap partial; what overlaps most, as a part of what the two
    cover together, is paired first.
    """
    left, right = list(predicted), SpanIndex(gold)
    order = {one.id: number for number, one in enumerate(right)}
    by_id = {one.id: one for one in left}
    offers = sorted(
        (-_common(one.span, two.span), one.span, one.id, order[two.id], two.id)
        for one in left
        for two in right.between(one.span.start, one.span.end)
    )
    taken: set[str] = set()
    answered: set[str] = set()
    pairs: list[Pair[Marked]] = []
    for _, _, one_id, _, two_id in offers:
        if one_id in answered or two_id in taken:
            continue
        answered.add(one_id)
        taken.add(two_id)
        one, two = by_id[one_id], right.get(two_id)
        is_same = two is not None and one.span == two.span
        pairs.append(Pair(one, two, Outcome.CORRECT if is_same else Outcome.PARTIAL))
    pairs += [Pair(one, None, Outcome.SPURIOUS) for one in left if one.id not in answered]
    pairs += [Pair(None, two, Outcome.MISSED) for two in right if two.id not in taken]
    return pairs


def _common(one: Span, two: Span) -> float:
    """What two overlapping spans share, as a part of what they cover together."""
    shared = min(one.end, two.end) - max(one.start, two.start)
    return shared / (len(one) + len(two) - shared)
