"""How well claims are found, and how well their fields agree where both layers have the claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from annotations.measure.bootstrap import FIGURES, intervals
from annotations.measure.matching import Counts, Outcome, Pair
from annotations.records import Claim, Plain

FIELDS: Final = ("stance", "certainty", "holder", "frame", "time", "quote")

EXACT: Final = "exact"
OVERLAP: Final = "overlap"
SPANS: Final = (EXACT, OVERLAP)
"""What may make two claims' spans one: the same ends, or any character that they share."""

_ARTICLES: Final = ("the ", "a ", "an ")


@dataclass(slots=True)
class Agreement:
    """How often two layers give one field of the same claim the same value.

    Attributes:
        confusion: how often the second layer has the first value where the first has the second:
            `(gold, predicted)`.
    """

    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """On how many claims."""
        return self.confusion.total()

    @property
    def accuracy(self) -> float | None:
        """The part on which they agree; None where there is no claim in both."""
        same = sum(count for (one, two), count in self.confusion.items() if one == two)
        return same / self.count if self.count else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: agreement beyond what the two would have by chance.

        None where there is no claim in both, or where both use one same value throughout, so that
        nothing but agreement was possible.
        """
        if not self.count or self.accuracy is None:
            return None
        gold: Counter[str] = Counter()
        predicted: Counter[str] = Counter()
        for (one, two), count in self.confusion.items():
            gold[one] += count
            predicted[two] += count
        chance = sum(gold[value] * predicted[value] for value in gold) / self.count**2
        return (self.accuracy - chance) / (1 - chance) if chance < 1 else None

    def plain(self) -> Plain:
        """The figures as JSON holds them; the table is gold value to predicted value to count."""
        table: dict[str, dict[str, int]] = {}
        for (one, two), count in sorted(self.confusion.items()):
            table.setdefault(one, {})[two] = count
        return {
            "accuracy": self.accuracy,
            "kappa": self.kappa,
            "count": self.count,
            "confusion": table,
        }


@dataclass(slots=True)
class ClaimFigures:
    """How well claims are found: their spans, and the fields of those in both layers.

    Attributes:
        exact: spans that are the same.
        overlap: spans that share at least one character, each in one pair at most.
        fields: agreement on each field, on the claims that overlap.
        documents: for each document the counts of `SPANS` and of each field; a field is correct or
            incorrect, so that its precision and its F1 both are the accuracy.
    """

    exact: Counts = field(default_factory=Counts)
    overlap: Counts = field(default_factory=Counts)
    fields: dict[str, Agreement] = field(
        default_factory=lambda: {name: Agreement() for name in FIELDS}
    )
    documents: list[dict[str, Counts]] = field(default_factory=list)

    def take(self, pairs: Iterable[Pair[Claim]]) -> None:
        """Count one document's pairs in."""
        row = {name: Counts() for name in (*SPANS, *FIELDS)}
        for pair in pairs:
            row[EXACT] += _counted(pair, only_same=True)
            row[OVERLAP] += _counted(pair, only_same=False)
            if pair.predicted and pair.gold:
                for name, agreement in self.fields.items():
                    values = value(pair.gold, name), value(pair.predicted, name)
                    agreement.confusion[values] += 1
                    is_same = values[0] == values[1]
                    row[name] += Counts(correct=is_same, incorrect=not is_same)
        self.documents.append(row)
        self.exact += row[EXACT]
        self.overlap += row[OVERLAP]

    def by_document(self, name: str) -> list[Counts]:
        """The counts of each document: of one of `SPANS`, or of a field."""
        return [row[name] for row in self.documents]

    def plain(self) -> Plain:
        """The figures as JSON holds them; those of `span` itself are of the same spans.

        Each has the ends of its 95 % interval; a field's is of its accuracy.
        """
        names = (*SPANS, *FIELDS)
        ranges = intervals([[row[name] for name in names] for row in self.documents])
        found = dict(zip(names, ranges or [dict.fromkeys(FIGURES) for _ in names], strict=True))
        exact = self.exact.plain() | {"interval": found[EXACT]}
        overlap = self.overlap.plain() | {"interval": found[OVERLAP]}
        made: Plain = {"span": exact | {"exact": exact, "overlap": overlap}}
        for name, one in self.fields.items():
            made[name] = one.plain() | {"interval": found[name]["precision"]}
        return made


def _counted(pair: Pair[Claim], *, only_same: bool) -> Counts:
    match pair.outcome:
        case Outcome.MISSED:
            return Counts(missed=1)
        case Outcome.SPURIOUS:
            return Counts(spurious=1)
        case Outcome.PARTIAL if only_same:
            return Counts(incorrect=1)
        case _:
            return Counts(correct=1)


def value(claim: Claim, name: str) -> str:
    """One field of a claim as a word; of a holder, its innermost link."""
    if name != "holder":
        return str(getattr(claim, name))
    link = claim.holder[0]
    words = " ".join(link.text.casefold().split())
    for article in _ARTICLES:
        words = words.removeprefix(article)
    # Two who mean the same words agree, whether or not these are an entity for both.
    return words or link.kind
