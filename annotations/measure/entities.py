"""How well entities are found: by each scheme, as a whole and by label, and what is taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from annotations.measure.bootstrap import FIGURES, intervals
from annotations.measure.matching import Counts, Pair, Scheme, counted, matched, paired
from annotations.records import Entity, Plain

ALL: Final = ""
"""The column of all labels together."""

NOTHING: Final = "-"
"""What stands in the confusion table for no entity."""

Column: TypeAlias = tuple[str, Scheme]
"""A label, or `ALL`, and a scheme."""


@dataclass(slots=True)
class EntityFigures:
    """How well one layer's entities answer to another's.

    Attributes:
        labels: those that either layer uses, in the order of their first use.
        documents: for each document, the counts of every column that has any.
        confusion: how often the second layer's label was given the first's: `(gold, predicted)`;
            `NOTHING` where one of the two has no entity there.
        wrong: for each cell of the confusion off the diagonal, where it happened:
            the document and the pair.
    """

    labels: list[str] = field(default_factory=list)
    documents: list[dict[Column, Counts]] = field(default_factory=list)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: dict[tuple[str, str], list[tuple[str, Pair[Entity]]]] = field(default_factory=dict)

    def take(self, document: str, predicted: Sequence[Entity], gold: Sequence[Entity]) -> None:
        """Count one document in."""
        row = {(ALL, scheme): counted(matched(predicted, gold, scheme)) for scheme in Scheme}
        for label in dict.fromkeys(one.label for one in (*gold, *predicted)):
            if label not in self.labels:
                self.labels.append(label)
            ours = [one for one in predicted if one.label == label]
            theirs = [one for one in gold if one.label == label]
            for scheme in Scheme:
                row[label, scheme] = counted(matched(ours, theirs, scheme))
        self.documents.append(row)
        for pair in paired(predicted, gold):
            cell = (_label(pair.gold), _label(pair.predicted))
            self.confusion[cell] += 1
            if cell[0] != cell[1]:
                self.wrong.setdefault(cell, []).append((document, pair))

    def counts(self, scheme: Scheme, label: str = ALL) -> Counts:
        """How the entities came out by one scheme: all of them, or those of one label."""
        return sum((row.get((label, scheme), Counts()) for row in self.documents), Counts())

    def by_document(self, scheme: Scheme) -> list[Counts]:
        """How the entities of each document came out by one scheme."""
        return [row[ALL, scheme] for row in self.documents]

    def plain(self, order: Iterable[str] = ()) -> tuple[Plain, Plain]:
        """The figures of all labels, and those by label, as JSON holds them, with intervals.

        Args:
            order: the labels that come first, such as the project's.
        """
        names = [*dict.fromkeys(one for one in order if one in self.labels)]
        names += [one for one in self.labels if one not in names]
        columns: list[Column] = [(label, scheme) for label in (ALL, *names) for scheme in Scheme]
        table = [[row.get(one, Counts()) for one in columns] for row in self.documents]
        ranges = intervals(table) or [dict[str, Any]() for _ in columns]
        made: dict[str, Plain] = {label: {} for label in (ALL, *names)}
        for (label, scheme), interval in zip(columns, ranges, strict=True):
            figures = self.counts(scheme, label).plain() | {"interval": interval}
            if label != ALL and scheme is Scheme.STRICT:
                made[label] |= {name: figures[name] for name in (*FIGURES, "interval")}
            made[label][str(scheme)] = figures
        return made.pop(ALL), made

    def plain_confusion(self) -> Plain:
        """The table as JSON holds it: gold label to predicted label to count."""
        table: Plain = {}
        for (gold, predicted), count in sorted(self.confusion.items()):
            table.setdefault(gold, {})[predicted] = count
        return table


def _label(entity: Entity | None) -> str:
    return entity.label if entity else NOTHING
