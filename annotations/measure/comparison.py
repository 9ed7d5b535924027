"""Two layers side by side, both measured by a third: what got better, what got worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from annotations.measure.bootstrap import difference, mcnemar
from annotations.measure.evaluation import Coverage, Evaluation
from annotations.measure.matching import Pair, Scheme, matched
from annotations.project import Project
from annotations.records import Entity, Plain

_Key: TypeAlias = tuple[str, str, int, int, str]


@dataclass(frozen=True, slots=True)
class Mistake:
    """An entity that a layer has wrong: one that it lacks, or one that should not be there so.

    Attributes:
        document: where.
        kind: `missed` or `wrong`.
        entity: the one that is missed, or the one that is wrong.
    """

    document: str
    kind: str
    entity: Entity

    @property
    def key(self) -> _Key:
        """What makes two layers' mistakes the same one."""
        span = self.entity.span
        return (self.document, self.kind, span.start, span.end, self.entity.label)

    def plain(self) -> Plain:
        """The mistake as JSON holds it."""
        one = self.entity
        return {
            "document": self.document,
            "kind": self.kind,
            "start": one.span.start,
            "end": one.span.end,
            "text": one.text,
            "label": one.label,
        }


@dataclass(slots=True)
class Comparison:
    """How one layer's entities compare with another's, both by the strict scheme.

    Attributes:
        other: the layer that is compared with.
        new: the mistakes that the first layer makes and the other does not.
        gone: those that the other makes and the first does not.
        shared: how many both make.
        only_one: entities that the first layer alone has right.
        only_two: entities that the other alone has right.
        gain: the difference of F1, its interval and p value, as `bootstrap.difference` gives it.
    """

    other: Evaluation
    new: list[Mistake] = field(default_factory=list)
    gone: list[Mistake] = field(default_factory=list)
    shared: int = 0
    only_one: int = 0
    only_two: int = 0
    gain: Plain = field(default_factory=dict)

    @property
    def mcnemar(self) -> float | None:
        """The p value of the two having equally many entities right; None if they never differ."""
        return mcnemar(self.only_one, self.only_two)

    def plain(self) -> Plain:
        """The comparison as JSON holds it."""
        return {
            "layer": self.other.predicted,
            "entities": self.other.plain()["entities"],
            "difference": self.gain,
            "mcnemar": {
                "only_predicted": self.only_one,
                "only_against": self.only_two,
                "p": self.mcnemar,
            },
            "new": [one.plain() for one in self.new],
            "gone": [one.plain() for one in self.gone],
            "shared": self.shared,
        }


def compare(project: Project, one: Evaluation, two: Evaluation) -> Comparison:
    """Set two evaluations by the same layer on the same documents side by side."""
    assert (one.gold, one.documents) == (two.gold, two.documents)
    made = Comparison(two)
    coverage = Coverage(project)
    for document in one.documents:
        gold = coverage.entities(document, one.gold)
        left, right = (
            {
                mistake.key: mistake
                for mistake in _mistakes(
                    document,
                    matched(coverage.entities(document, side.predicted), gold, Scheme.STRICT),
                )
            }
            for side in (one, two)
        )
        made.new += [mistake for key, mistake in left.items() if key not in right]
        made.gone += [mistake for key, mistake in right.items() if key not in left]
        made.shared += len(left.keys() & right.keys())
    made.only_one = sum(mistake.kind == "missed" for mistake in made.gone)
    made.only_two = sum(mistake.kind == "missed" for mistake in made.new)
    made.gain = difference(
        one.entities.by_document(Scheme.STRICT), two.entities.by_document(Scheme.STRICT)
    )
    return made


def _mistakes(document: str, pairs: list[Pair[Entity]]) -> Iterator[Mistake]:
    for pair in pairs:
        if pair.outcome != "correct":
            if pair.gold:
                yield Mistake(document, "missed", pair.gold)
            if pair.predicted:
                yield Mistake(document, "wrong", pair.predicted)
