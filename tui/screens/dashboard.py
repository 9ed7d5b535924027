"""The dashboard: progress, pace and accept rates as bars, each with what stands behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from annotations.measure.activity import Activity, Place, Verdicts, activity
from annotations.project import Project
from annotations.records import Annotation, Entity, Status
from annotations.review.queue import Review
from annotations.review.seeding import caught
from annotations.review.suggestions import Marked
from annotations.storage.summary import Summary
from tui.commands import key_name
from tui.describe import Piece, visible
from tui.flow import legend
from tui.widgets.line import Line, fitted
from tui.widgets.list import List

_NAME: Final = 24
_NUMBERS: Final = 22
_WIDEST_BAR: Final = 40
_HOURS: Final = 12
"""The last hours with decisions in them that are shown."""

_PARTS: Final = " ▏▎▍▌▋▊▉"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: a figure, how much of its bar is full, and the annotations that it counts.

    Attributes:
        name: what is counted.
        words: the figure as it is read.
        share: 0 to 1; None for a heading, and for a figure without a bar.
        places: what stands behind it.
    """

    name: str
    words: str = ""
    share: float | None = None
    places: tuple[Place, ...] = ()
    is_heading: bool = False


def bar(share: float, cells: int) -> str:
    """A bar of eighths of a cell, filled up with dots."""
    eighths = round(max(0.0, min(1.0, share)) * cells * 8)
    full, part = divmod(eighths, 8)
    made = "█" * full + (_PARTS[part] if part else "")
    return made.ljust(cells, "·")


def figures(documents: Iterable[Summary], made: Activity) -> Iterator[Figure]:
    """The rows of the dashboard, in order."""
    every = list(documents)
    done, undecided = sum(one.finished for one in every), sum(one.open for one in every)
    decided = sum(one.decided for one in made.models.values())
    yield Figure("Progress", is_heading=True)
    yield _part("documents done", done, len(every))
    yield _part("suggestions decided", decided, decided + undecided)
    yield Figure("Pace", is_heading=True)
    an_hour = f"{made.an_hour:,.0f}" if made.an_hour else "none yet"
    yield Figure("decisions an hour", f"{an_hour}, of {made.decisions:,} in all")
    seconds = made.median_seconds
    yield Figure("median seconds", "none yet" if seconds is None else f"{seconds:.1f}")
    quick = tuple(one.place for one in made.quick())
    yield Figure("accepted within 0.5 s", f"{len(quick):,}", places=quick)
    hours = sorted(made.hours)[-_HOURS:]
    most = max((made.hours[hour] for hour in hours), default=0)
    for hour in hours:
        count = made.hours[hour]
        yield Figure(f"{hour[5:10]} {hour[11:13]}:00 UTC", f"{count:,}", count / most)
    for title, verdicts in (("by label", made.labels), ("by model", made.models)):
        if verdicts:
            yield Figure(f"Accepted as suggested, {title}", is_heading=True)
        for name, one in sorted(verdicts.items(), key=lambda pair: -pair[1].decided):
            yield _rate(name, one)


def judged(project: Project, made: Activity) -> Iterator[tuple[Place, Annotation]]:
    """What became of each suggestion that was decided on, with the annotation as it is now."""
    for one in made.models.values():
        for place in (place for places in one.places.values() for place in places):
            found = project.layer(place.document).annotations.get(place.annotation)
            if found is not None and found.origin is not None:
                yield place, found


def mistakes(verdicts: Iterable[tuple[Place, Annotation]]) -> Iterator[Figure]:
    """What was suggested and what it was made, the most frequent first."""
    places: defaultdict[str, list[Place]] = defaultdict(list)
    for place, one in verdicts:
        if one.status is Status.ACCEPTED or one.origin is None or not isinstance(one, Entity):
            continue
        was = str(one.origin.values.get("label", ""))
        now = "rejected" if one.status is Status.REJECTED else one.label
        places[f"{was} → {now if now != was else 'other boundary'}"].append(place)
    if places:
        yield Figure("Mistakes", is_heading=True)
    most = max(map(len, places.values()), default=0)
    for name, some in sorted(places.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield Figure(visible(name), f"{len(some):,}", len(some) / most, tuple(some))


def bands(verdicts: Iterable[tuple[Place, Annotation]]) -> Iterator[Figure]:
    """How often suggestions of each tenth of the score were right: as often, if it is calibrated."""
    found: defaultdict[int, Verdicts] = defaultdict(Verdicts)
    for place, one in verdicts:
        score = one.origin.score if one.origin else None
        if score is not None and 0 <= score <= 1:
            found[min(9, int(score * 10))].take(one.status, place)
    if found:
        yield Figure("Accepted as suggested, by score", is_heading=True)
    for band in sorted(found):
        yield _rate(f".{band} to {'1' if band == 9 else f'.{band + 1}'}", found[band])


def _part(name: str, count: int, of: int) -> Figure:
    return Figure(name, f"{count:,} of {of:,}", count / of if of else 0.0)


def _rate(name: str, one: Verdicts) -> Figure:
    fates = (Status.REJECTED, Status.CORRECTED, Status.ACCEPTED)
    places = tuple(place for fate in fates for place in one.places.get(fate, ()))
    rate = one.accept_rate or 0.0
    words = f"{rate:4.0%}  {one.count(Status.ACCEPTED):,} of {one.decided:,}"
    return Figure(visible(name), words, rate, places)


class DashboardScreen(Screen[Review | None]):
    """Figures of one person's work; returns what stands behind the one that is chosen, or None.

    Args:
        project: whose annotator's work it is.
    """

    CSS_PATH = "dashboard.tcss"
    AUTO_FOCUS = ""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project

    def compose(self) -> ComposeResult:
        yield Line(id="status")
        yield List()
        yield Line(id="detail")
        yield Line(id="keys")

    def on_mount(self) -> None:
        self._list = self.query_one(List)
        self._figures = [Figure("Counting …", is_heading=True)]
        self._list.show(self._lay_out, 0)
        self.call_after_refresh(self._count)

    def _count(self) -> None:
        """Count the project through, once the screen is there."""
        project = self._project
        made = activity(project)
        verdicts = list(judged(project, made))
        rows = [*figures(project.documents(), made), *mistakes(verdicts), *bands(verdicts)]
        not_taken, of = caught(project.log(layer=project.annotator))
        if of:
            rows += [
                Figure("Wrong on purpose", is_heading=True),
                _part("not accepted", not_taken, of),
            ]
        self._figures = rows
        self._list.show(self._lay_out, 1)

    def _lay_out(self, cells: int) -> list[list[Piece]]:
        return [self._row(place, one, cells) for place, one in enumerate(self._figures)]

    def _row(self, place: int, one: Figure, cells: int) -> list[Piece]:
        is_current = place == self._list.current
        mark: Piece = ("▸ " if is_current else "  ", "key")
        if one.is_heading:
            return [mark, (one.name, "strong")]
        room = min(_WIDEST_BAR, cells - _NAME - _NUMBERS - 4)
        name = fitted([(one.name, "strong" if is_current else "plain")], _NAME)
        gap = _NAME - sum(len(words) for words, _ in name)
        made: list[Piece] = [mark, *name, (" " * (gap + 1), "plain")]
        if one.share is not None and room >= 4:
            made += [(bar(one.share, room), "good"), ("  ", "plain")]
        made.append((one.words, "plain"))
        return fitted(made, cells)

    @property
    def _figure(self) -> Figure:
        return self._figures[self._list.current or 0]

    def on_list_moved(self) -> None:
        cells = self._list.content_size.width
        who = self._project.annotator
        self.query_one("#status", Line).say(
            [("Figures", "strong"), (f" · {who}", "plain")], [(self._list.place, "muted")]
        )
        count = len(self._figure.places)
        behind = f"enter opens the {count:,} behind it, rejected and corrected ones first"
        self.query_one("#detail", Line).say([(behind if count else "", "muted")])
        keys = [("enter", "open"), ("↑↓", "row"), ("f b", "page"), ("esc", "back")]
        self.query_one("#keys", Line).say(legend(cells, *(keys if count else keys[1:])))

    def on_key(self, event: events.Key) -> None:
        key = key_name(event.key, event.character)
        event.stop()
        event.prevent_default()
        if self._list.press(key):
            self._list.renew()
        elif key == "enter" and self._figure.places:
            one = self._figure
            places = ((place.document, place.annotation) for place in one.places)
            self.dismiss(Marked(self._project, one.name, places))
        elif key in ("escape", "q", "%"):
            self.dismiss(None)
