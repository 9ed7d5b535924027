"""Two layers side by side, both measured by a third: what got better, what got worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from annotations.measure.bootstrap import difference, mcnemar
from annotations.measure.claims import FIELDS, OVERLAP, SPANS, value
from annotations.measure.evaluation import Coverage, Evaluation
from annotations.measure.matching import Pair, Scheme, matched, paired
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
    """How one layer compares with another: entities by the strict scheme, and claims.

    Attributes:
        other: the layer that is compared with.
        new: the mistakes that the first layer makes and the other does not.
        gone: those that the other makes and the first does not.
        shared: how many both make.
        only_one: entities that the first layer alone has right.
        only_two: entities that the other alone has right.
        gain: the difference of F1, its interval and p value, as `bootstrap.difference` gives it.
        claims: the same for the claims' spans, and for the accuracy of each of their fields on the
            claims that each layer shares with gold.
        paired: for the overlap of spans and for each field, how many claims of gold the first layer
            alone has right, and the other alone; of fields on claims that both have found.
    """

    other: Evaluation
    new: list[Mistake] = field(default_factory=list)
    gone: list[Mistake] = field(default_factory=list)
    shared: int = 0
    only_one: int = 0
    only_two: int = 0
    gain: Plain = field(default_factory=dict)
    claims: dict[str, Plain] = field(default_factory=dict)
    paired: dict[str, list[int]] = field(default_factory=dict)

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
            "claims": {
                name: one
                | {
                    "mcnemar": {
                        "only_predicted": self.paired[name][0],
                        "only_against": self.paired[name][1],
                        "p": mcnemar(*self.paired[name]),
                    }
                    if name in self.paired
                    else None
                }
                for name, one in self.claims.items()
            },
            "new": [one.plain() for one in self.new],
            "gone": [one.plain() for one in self.gone],
            "shared": self.shared,
        }


def compare(project: Project, one: Evaluation, two: Evaluation) -> Comparison:
    """Set two evaluations by the same layer on the same documents side by side."""
    assert (one.gold, one.documents) == (two.gold, two.documents)
    made = Comparison(two, paired={name: [0, 0] for name in (OVERLAP, *FIELDS)})
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
        _pair_claims(coverage, document, one, two, made.paired)
    made.only_one = sum(mistake.kind == "missed" for mistake in made.gone)
    made.only_two = sum(mistake.kind == "missed" for mistake in made.new)
    made.gain = difference(
        one.entities.by_document(Scheme.STRICT), two.entities.by_document(Scheme.STRICT)
    )
    made.claims = {
        name: difference(one.claims.by_document(name), two.claims.by_document(name))
        for name in (*SPANS, *FIELDS)
    }
    return made


def _pair_claims(
    coverage: Coverage, document: str, one: Evaluation, two: Evaluation, made: dict[str, list[int]]
) -> None:
    """Count which claims of gold only one of the two has, and which field only one has right."""
    gold = coverage.claims(document, one.gold)
    left, right = (
        {
            pair.gold.id: pair.predicted
            for pair in paired(coverage.claims(document, side.predicted), gold)
            if pair.gold and pair.predicted
        }
        for side in (one, two)
    )
    for claim in gold:
        ours, theirs = left.get(claim.id), right.get(claim.id)
        _differ(made[OVERLAP], ours is not None, theirs is not None)
        if ours and theirs:
            for name in FIELDS:
                meant = value(claim, name)
                _differ(made[name], value(ours, name) == meant, value(theirs, name) == meant)


def _differ(made: list[int], ours: bool, theirs: bool) -> None:
    made[0] += ours and not theirs
    made[1] += theirs and not ours


def _mistakes(document: str, pairs: list[Pair[Entity]]) -> Iterator[Mistake]:
    for pair in pairs:
        if pair.outcome != "correct":
            if pair.gold:
                yield Mistake(document, "missed", pair.gold)
            if pair.predicted:
                yield Mistake(document, "wrong", pair.predicted)
