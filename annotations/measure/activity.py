"""How a person works: decisions an hour, seconds a decision, and how often suggestions are right."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from annotations.project import Project
from annotations.records import Action, Annotation, Decision, Entity, Plain, Status
from annotations.review.seeding import is_seeded

BREAK: Final = 300.0
"""Seconds without a decision that count as a break, and as no time spent on the next one."""

_STEPS_BACK: Final = (Action.UNDO, Action.REDO)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an annotation is, so that a figure can open what stands behind it."""

    document: str
    annotation: str


@dataclass(frozen=True, slots=True)
class Pace:
    """What one decision took.

    Attributes:
        place: the document, and the annotation that was decided on first.
        at: when it was made.
        action: what was done.
        seconds: since the decision before it in the same run of the program.
    """

    place: Place
    at: str
    action: Action
    seconds: float


@dataclass(slots=True)
class Verdicts:
    """What became of suggestions, by status: `accepted`, `corrected` and `rejected`."""

    places: dict[Status, list[Place]] = field(default_factory=dict)

    def take(self, status: Status, place: Place) -> None:
        """Count one suggestion in."""
        self.places.setdefault(status, []).append(place)

    def count(self, status: Status) -> int:
        """How many ended so."""
        return len(self.places.get(status, ()))

    @property
    def decided(self) -> int:
        """How many were decided on."""
        return sum(map(len, self.places.values()))

    @property
    def accept_rate(self) -> float | None:
        """The part that was accepted as it was; None where nothing was decided on."""
        return self.count(Status.ACCEPTED) / self.decided if self.decided else None

    def plain(self) -> Plain:
        """The counts as JSON holds them."""
        fates = (Status.ACCEPTED, Status.CORRECTED, Status.REJECTED)
        made: Plain = {str(fate): self.count(fate) for fate in fates}
        return made | {"accept_rate": self.accept_rate}


@dataclass(slots=True)
class Activity:
    """How one person has worked on a project.

    Attributes:
        layer: whose decisions.
        hours: decisions by clock hour in UTC, such as `2026-03-01T14`, in order; undo and redo
            are no decisions here.
        paces: what each decision took; those behind a break, or first in a run, are left out.
        labels: what became of the suggestions with each label; those of claims under `claim`.
        models: what became of each model's suggestions.
        seeded: what became of suggestions that were wrong on purpose; an accepted one was not read.
    """

    layer: str
    hours: Counter[str] = field(default_factory=Counter)
    paces: list[Pace] = field(default_factory=list)
    labels: dict[str, Verdicts] = field(default_factory=dict)
    models: dict[str, Verdicts] = field(default_factory=dict)
    seeded: Verdicts = field(default_factory=Verdicts)

    @property
    def decisions(self) -> int:
        """How many were made."""
        return self.hours.total()

    @property
    def median_seconds(self) -> float | None:
        """The median seconds a decision; None before there are two in one run."""
        return statistics.median(one.seconds for one in self.paces) if self.paces else None

    @property
    def an_hour(self) -> float | None:
        """Decisions in an hour of work, breaks left out; None where no time is known."""
        spent = sum(one.seconds for one in self.paces)
        return 3600 * len(self.paces) / spent if spent else None

    def quick(self, limit: float = 0.5) -> list[Pace]:
        """Acceptances made in less than `limit` seconds: too soon to have read anything."""
        return [one for one in self.paces if one.action is Action.ACCEPT and one.seconds < limit]

    def plain(self) -> Plain:
        """The figures as JSON holds them."""
        return {
            "layer": self.layer,
            "decisions": self.decisions,
            "an_hour": self.an_hour,
            "median_seconds": self.median_seconds,
            "quick_accepts": len(self.quick()),
            "hours": dict(self.hours),
            "labels": {name: one.plain() for name, one in self.labels.items()},
            "models": {name: one.plain() for name, one in self.models.items()},
            "seeded": self.seeded.plain(),
        }


def activity(project: Project, layer: str | None = None) -> Activity:
    """How a person has worked, from their journals and what their layers hold now.

    Args:
        project: the project.
        layer: the person's name; the annotator's own by default.

    Raises:
        CorruptError, NewerFormatError: a journal or layer cannot be read.
    """
    made = Activity(layer or project.annotator)
    decisions = [one for one in project.log(layer=made.layer) if one.action not in _STEPS_BACK]
    made.hours.update(one.at[:13] for one in decisions)
    made.paces = list(_paces(decisions))
    labels = {one.name: Verdicts() for one in project.schema.labels}
    for document in project.order():
        if made.layer in project.people(document):
            for annotation in project.layer(document, made.layer):
                if is_seeded(annotation):
                    made.seeded.take(annotation.status, Place(document, annotation.id))
                else:
                    _judge(annotation, document, labels, made.models)
    made.labels = {name: one for name, one in labels.items() if one.decided}
    return made


def _judge(
    one: Annotation, document: str, labels: dict[str, Verdicts], models: dict[str, Verdicts]
) -> None:
    """Count what became of the suggestion that an annotation began as, under what it said."""
    if one.origin is None:
        return
    place = Place(document, one.id)
    name = str(one.origin.values.get("label", "")) if isinstance(one, Entity) else one.kind
    labels.setdefault(name, Verdicts()).take(one.status, place)
    models.setdefault(one.origin.layer, Verdicts()).take(one.status, place)


def _paces(decisions: Iterable[Decision]) -> Iterator[Pace]:
    last: dict[str, datetime] = {}
    for one in decisions:
        now = datetime.fromisoformat(one.at)
        before = last.get(one.session)
        last[one.session] = now
        if before is None or not one.session:
            continue
        seconds = (now - before).total_seconds()
        if 0 <= seconds <= BREAK:
            yield Pace(Place(one.document, one.annotation), one.at, one.action, seconds)
