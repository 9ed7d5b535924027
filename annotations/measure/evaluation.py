"""One layer measured by another: a model's by a person's, or any two of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from annotations.errors import InputError, StorageError, UnknownError
from annotations.layer import Layer
from annotations.measure.calibration import Calibration, Scored, calibration
from annotations.measure.claims import ClaimFigures
from annotations.measure.entities import EntityFigures
from annotations.measure.matching import Outcome, Scheme, matched, paired
from annotations.project import Project
from annotations.records import Claim, Entity, Plain, Status
from annotations.review.seeding import is_seeded
from annotations.schema import nearest


@dataclass(slots=True)
class Evaluation:
    """How well one layer answers to another, on the documents that both cover.

    Attributes:
        predicted: the layer that is measured.
        gold: the layer that it is measured by.
        documents: the ids of those that count, in the order of adding.
        left_out: how many do not, by the reason.
        entities: how well the entities are found.
        claims: how well the claims are, and their fields.
        scores: what the scores of the predicted entities and claims are worth; None without any.
        damage: why each layer that cannot be read is left out.
        learned: how many of the documents the predicted layer's model learned from.
    """

    predicted: str
    gold: str
    documents: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    entities: EntityFigures = field(default_factory=EntityFigures)
    claims: ClaimFigures = field(default_factory=ClaimFigures)
    scores: dict[str, Calibration | None] = field(default_factory=dict)
    learned: int = 0
    damage: list[str] = field(default_factory=list)
    _labels: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        """What is to be known of the figures: which are undefined, and why."""
        notes = []
        both = self.entities.counts(Scheme.STRICT)
        if not both.predicted + both.possible:
            notes.append("entities: neither layer has any, so that nothing is defined")
        elif not both.predicted:
            notes.append(f"entities: {self.predicted} has none, so that precision is undefined")
        elif not both.possible:
            notes.append(f"entities: {self.gold} has none, so that recall is undefined")
        span = self.claims.exact
        if not span.predicted or not span.possible:
            lacks = " and ".join(
                name
                for name, count in ((self.predicted, span.predicted), (self.gold, span.possible))
                if not count
            )
            notes.append(f"claims: none in {lacks}, so that agreement on fields is undefined")
        else:
            notes += [
                f"claims: all have the same {name} in both layers, so that kappa is undefined"
                for name, one in self.claims.fields.items()
                if one.count and one.kappa is None
            ]
        if self.learned:
            notes.append(
                f"documents: {self.predicted} learned from {self.learned} of them, so that the "
                "figures are better than on others"
            )
        if len(self.documents) < 2:
            notes.append("intervals: one document alone has none; they are drawn from documents")
        if self.scores.get("entities") is None and both.predicted:
            notes.append(f"calibration: the entities of {self.predicted} have no scores")
        return notes

    def plain(self) -> Plain:
        """The figures as `purport evaluate --json` prints them; what is undefined is None."""
        overall, labels = self.entities.plain(self._labels)
        return {
            "predicted": self.predicted,
            "gold": self.gold,
            "documents": len(self.documents),
            "left_out": self.left_out,
            "entities": overall,
            "labels": labels,
            "confusion": self.entities.plain_confusion(),
            "claims": self.claims.plain(),
            "calibration": {
                name: one.plain() if one else None for name, one in self.scores.items()
            },
            "notes": self.notes,
        }


def evaluate(
    project: Project,
    predicted: str,
    gold: str | None = None,
    *,
    also: Iterable[str] = (),
    everything: bool = False,
) -> Evaluation:
    """Measure one layer by another.

    A person's layer counts what stands in it, and covers the documents that the person has
    finished; a model's covers those that it has been run on.

    Args:
        project: where the layers are.
        predicted: the layer to measure.
        gold: the layer to measure it by; the annotator's own by default.
        also: layers that must cover a document, too, for it to count.
        everything: a person's layer covers every document with a decision of theirs.

    Raises:
        UnknownError: no document has one of the layers.
        InputError: no document is covered by all of them.
    """
    made = Evaluation(predicted, gold or project.annotator)
    made._labels = tuple(one.name for one in project.schema.labels)
    coverage = Coverage(project, everything=everything)
    names = (made.gold, made.predicted, *also)
    scored: dict[str, list[Scored]] = {"entities": [], "claims": []}
    for document in project.order():
        try:
            reason = next((why for name in names if (why := coverage.gap(document, name))), "")
        except StorageError as error:
            made.damage.append(str(error))
            reason = "that cannot be read"
        if reason:
            made.left_out[reason] = made.left_out.get(reason, 0) + 1
            continue
        made.documents.append(document)
        made.learned += bool(project.layer(document, predicted).model.get("learned"))
        ours, theirs = (coverage.entities(document, one) for one in (predicted, made.gold))
        made.entities.take(document, ours, theirs)
        scored["entities"] += _scored_entities(ours, theirs)
        pairs = paired(*(coverage.claims(document, one) for one in (predicted, made.gold)))
        made.claims.take(pairs)
        scored["claims"] += [
            (pair.predicted.score, pair.gold is not None)
            for pair in pairs
            if pair.predicted and pair.predicted.score is not None
        ]
    coverage.check(names, made.documents)
    made.scores = {name: calibration(values) for name, values in scored.items()}
    return made


class Coverage:
    """Which documents a layer speaks of, and what it says there."""

    def __init__(self, project: Project, *, everything: bool = False) -> None:
        self._project = project
        self._everything = everything

    def gap(self, document: str, name: str) -> str:
        """Why a layer does not cover a document, in words; empty if it does.

        Raises:
            StorageError: it cannot be read.
        """
        if name not in self._project.layers(document):
            return f"without {name}"
        layer = self._project.layer(document, name)
        if name not in self._project.people(document):
            return ""
        if layer.state.finished or (self._everything and layer.seq):
            return ""
        return f"not decided on by {name}" if self._everything else f"not finished by {name}"

    def entities(self, document: str, name: str) -> list[Entity]:
        """The layer's entities: of a person's layer those that stand."""
        layer = self._project.layer(document, name)
        return [one for one in layer.entities if _counts(one, layer)]

    def claims(self, document: str, name: str) -> list[Claim]:
        """The layer's claims: of a person's layer those that stand."""
        layer = self._project.layer(document, name)
        return [one for one in layer.claims if _counts(one, layer)]

    def check(self, names: Iterable[str], documents: Iterable[str]) -> None:
        """See that there is something to measure.

        Raises:
            UnknownError: no document has one of the layers.
            InputError: no document is covered by all of them.
        """
        if any(True for _ in documents):
            return
        known = {self._project.annotator: None}
        for document in self._project.order():
            known |= dict.fromkeys(self._project.layers(document))
        for name in names:
            if name not in known:
                raise UnknownError(f"No document has a layer {name!r}; {nearest(name, known)}")
        raise InputError(
            f"No finished document has the layers {', '.join(names)}. Mark documents as done in "
            "the reader, or give --all."
        )


def _counts(one: Entity | Claim, layer: Layer) -> bool:
    if layer.is_model:
        return one.status is not Status.REJECTED
    # What was suggested wrong on purpose says how the person reads, not what the text says.
    return one.status.stands and not is_seeded(one)


def _scored_entities(predicted: list[Entity], gold: list[Entity]) -> list[Scored]:
    return [
        (pair.predicted.score, pair.outcome is Outcome.CORRECT)
        for pair in matched(predicted, gold, Scheme.STRICT)
        if pair.predicted and pair.predicted.score is not None
    ]
