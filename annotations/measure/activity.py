"""How a person works: decisions an hour, seconds a decision, and how often suggestions are right."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from annotations.errors import StorageError
from annotations.layer import Layer
from annotations.measure.blindness import Blindness, is_blind, take
from annotations.measure.verdicts import Place, Verdict, Verdicts
from annotations.project import Project
from annotations.records import Action, Decision, Plain
from annotations.review.seeding import Trap, is_seeded, traps

BREAK: Final = 300.0
"""Seconds without a decision that count as a break, and as no time spent on the next one."""

QUICK: Final = 0.5
"""Seconds under which nobody has read what they accept."""

_STEPS_BACK: Final = (Action.UNDO, Action.REDO)


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
class Activity:
    """How one person has worked on a project.

    Attributes:
        layer: whose decisions.
        hours: what was decided on, by clock hour in UTC such as `2026-03-01T14`, in order; undo and
            redo are no decisions here.
        paces: what each decision took; those behind a break, or first in a run, are left out.
        verdicts: what became of the suggestions that were decided on.
        there: what the person's layers hold now, of whatever status.
        finished: what stands in documents that are done.
        traps: suggestions that were wrong on purpose; one that was accepted was not read.
        blindness: by model, whether seeing its suggestions changes what is marked.
    """

    layer: str
    hours: dict[str, list[Place]] = field(default_factory=dict)
    paces: list[Pace] = field(default_factory=list)
    verdicts: Verdicts = field(default_factory=Verdicts)
    there: set[Place] = field(default_factory=set)
    finished: list[Place] = field(default_factory=list)
    traps: list[Trap] = field(default_factory=list)
    blindness: dict[str, Blindness] = field(default_factory=dict)
    _labels: tuple[str, ...] = ()

    def take(self, own: Layer) -> None:
        """Count one document's layer in."""
        for one in own:
            place = Place(own.document, one.id)
            self.there.add(place)
            if is_seeded(one):
                continue
            if verdict := Verdict.of(own.document, one):
                self.verdicts.add(verdict)
            if own.state.finished and one.status.stands:
                self.finished.append(place)

    @property
    def decisions(self) -> int:
        """How many were made."""
        return sum(map(len, self.hours.values()))

    @property
    def labels(self) -> dict[str, Verdicts]:
        """The verdicts by the label suggested, in the project's order; claims under `claim`."""
        found = self.verdicts.by(lambda one: one.suggested)
        return {
            name: found[name] for name in dict.fromkeys((*self._labels, *found)) if name in found
        }

    @property
    def models(self) -> dict[str, Verdicts]:
        """The verdicts by the model that suggested."""
        return self.verdicts.by(lambda one: one.model)

    @property
    def median_seconds(self) -> float | None:
        """The median seconds a decision; None before there are two in one run."""
        return statistics.median(one.seconds for one in self.paces) if self.paces else None

    @property
    def an_hour(self) -> float | None:
        """Decisions in an hour of work, breaks left out; None where no time is known."""
        spent = sum(one.seconds for one in self.paces)
        return 3600 * len(self.paces) / spent if spent else None

    def actions(self) -> dict[Action, list[float]]:
        """The seconds that decisions took, by what was done, the most frequent first."""
        found: dict[Action, list[float]] = {}
        for one in self.paces:
            found.setdefault(one.action, []).append(one.seconds)
        return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))

    def quick(self, limit: float = QUICK) -> list[Pace]:
        """Acceptances made in less than `limit` seconds: too soon to have read anything."""
        return [one for one in self.paces if one.action is Action.ACCEPT and one.seconds < limit]

    @property
    def caught(self) -> int:
        """How many suggestions that were wrong on purpose were not accepted."""
        return sum(one.is_caught for one in self.traps)

    def plain(self) -> Plain:
        """The figures as JSON holds them."""
        return {
            "layer": self.layer,
            "decisions": self.decisions,
            "an_hour": self.an_hour,
            "median_seconds": self.median_seconds,
            "seconds": {
                str(action): statistics.median(found) for action, found in self.actions().items()
            },
            "quick_accepts": len(self.quick()),
            "hours": {hour: len(places) for hour, places in self.hours.items()},
            "labels": {name: one.plain() for name, one in self.labels.items()},
            "models": {name: one.plain() for name, one in self.models.items()},
            "seeded": {"caught": self.caught, "of": len(self.traps)},
            "blindness": {name: one.plain() for name, one in self.blindness.items()},
        }


def activity(
    project: Project, layer: str | None = None, go_on: Callable[[int], bool] = lambda _: True
) -> Activity:
    """How a person has worked, from their journals and what their layers hold now.

    Args:
        project: the project.
        layer: the person's name; the annotator's own by default.
        go_on: is told how many documents were looked at, and says whether to look at more.
    """
    made = Activity(layer or project.annotator)
    made._labels = tuple(one.name for one in project.schema.labels)
    decisions = [
        one for one in project.log(layer=made.layer, damage=[]) if one.action not in _STEPS_BACK
    ]
    blind = {one.document for one in decisions if is_blind(one)}
    for number, document in enumerate(project.order()):
        if not go_on(number):
            return made
        with suppress(StorageError):  # what cannot be read is named beside the figures
            if made.layer in project.people(document):
                own = project.layer(document, made.layer)
                made.take(own)
                take(made.blindness, project, own, began_blind=document in blind)
    for one in decisions:
        made.hours.setdefault(one.at[:13], []).append(Place(one.document, one.annotation))
    made.paces = list(_paces(decisions))
    made.traps = traps(decisions)
    return made


def _paces(decisions: Iterable[Decision]) -> Iterator[Pace]:
    last: dict[str, datetime] = {}
    for one in decisions:
        now = _moment(one.at)
        if now is None:
            continue
        before = last.get(one.session)
        last[one.session] = now
        if before is None or not one.session:
            continue
        seconds = (now - before).total_seconds()
        if 0 <= seconds <= BREAK:
            yield Pace(Place(one.document, one.annotation), one.at, one.action, seconds)


def _moment(at: str) -> datetime | None:
    """A decision's time; None where it is not one, for which verify has the words."""
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def quartiles(seconds: Sequence[float]) -> tuple[float, float, float]:
    """What a quarter, a half and three quarters of these take at most; one alone is all three."""
    if len(seconds) < 2:
        return (seconds[0], seconds[0], seconds[0])
    low, middle, high = statistics.quantiles(seconds, n=4, method="inclusive")
    return low, middle, high
