"""The figures of a person's work as rows of plots, each with the annotations that it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from annotations.measure.activity import QUICK, Activity
from annotations.measure.progress import Progress
from annotations.measure.verdicts import CLAIM_VALUES, REJECTED, Place, Verdict, Verdicts
from annotations.project import Project
from annotations.records import Status
from annotations.review.seeding import Trap
from annotations.schema import Schema
from tui.describe import visible

HOURS: Final = 12
"""The last hours with decisions in them that are shown."""

_EVERYTHING_ELSE: Final = "other words"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table of what was taken for what.

    Attributes:
        count: how many.
        share: the part of the row that it is.
        is_same: whether what was suggested is what it became.
    """

    column: str
    count: int = 0
    share: float = 0.0
    is_same: bool = False
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: a heading, a figure with its bar, or a row of a table.

    Attributes:
        name: what is counted.
        words: the figure as it is read; what stands behind two blanks can be left out.
        share: how much of its bar is full, 0 to 1; None for a row without a bar.
        mark: where on the bar a mark stands, such as the score that the share should equal.
        places: what stands behind it.
        about: what there is to know of it, said at the foot.
        cells: the row of a table.
        columns: the names over the cells of the rows that follow.
    """

    name: str
    words: str = ""
    share: float | None = None
    mark: float | None = None
    places: tuple[Place, ...] = ()
    about: str = ""
    cells: tuple[Cell, ...] = ()
    columns: tuple[str, ...] = ()
    is_heading: bool = False

    @property
    def is_above(self) -> bool:
        """Whether it stands over the rows of a plot, and counts nothing itself."""
        return self.is_heading or bool(self.columns)


def figures(project: Project, progress: Progress, made: Activity) -> list[Figure]:
    """All rows, in order; each heading begins a plot.

    Args:
        project: where what was taken out is looked for again.
    """
    every = (
        _progress(progress, made),
        _pace(made),
        _guards(project, made),
        _rates("Accepted as suggested, by label", made.labels),
        _rates("Accepted as suggested, by model", made.models),
        *(_model(name, one, project.schema) for name, one in made.models.items()),
        _mistakes(made.verdicts),
    )
    return [one for rows in every for one in rows]


def _heading(name: str, about: str = "") -> Figure:
    return Figure(name, about=about, is_heading=True)


def _progress(progress: Progress, made: Activity) -> Iterator[Figure]:
    total, decided = progress.totals, made.verdicts.places
    yield _heading("Progress")
    yield _part("documents done", total.finished, total.documents, tuple(made.finished))
    yield _part("suggestions decided", len(decided), len(decided) + total.open, decided)


def _pace(made: Activity) -> Iterator[Figure]:
    yield _heading("Pace")
    every = _there(made, (place for places in made.hours.values() for place in places))
    an_hour = f"{made.an_hour:,.0f}" if made.an_hour else "none yet"
    yield Figure("decisions an hour", f"{an_hour} · {made.decisions:,} in all", places=every)
    slowest = sorted(made.paces, key=lambda one: -one.seconds)
    seconds = made.median_seconds
    yield Figure(
        "median seconds",
        "none yet" if seconds is None else f"{seconds:.1f}",
        places=_there(made, (one.place for one in slowest)),
        about="the slowest first",
    )
    hours = sorted(made.hours)[-HOURS:]
    most = max((len(made.hours[hour]) for hour in hours), default=0)
    for hour in hours:
        places = made.hours[hour]
        yield Figure(
            f"{hour[5:10]} {hour[11:13]}:00 UTC",
            f"{len(places):,}",
            len(places) / most,
            places=_there(made, places),
        )


def _guards(project: Project, made: Activity) -> Iterator[Figure]:
    """What shows whether suggestions are read before they are accepted."""
    yield _heading("Read before accepted?")
    quick = _there(made, (one.place for one in made.quick()))
    yield Figure(f"accepted within {QUICK:g} s", f"{len(made.quick()):,}", places=quick)
    if made.traps:
        worst = sorted(made.traps, key=lambda one: one.is_caught)
        behind = _there(made, (_behind(project, made, one) for one in worst))
        yield _part("wrong on purpose, caught", made.caught, len(made.traps), behind)
    for name, one in made.blindness.items():
        if not one.blind.documents or not one.blind.counts.predicted:
            continue
        for side, how in ((one.blind, "hidden"), (one.seen, "in view")):
            f1, many = side.counts.f1, side.documents
            yield Figure(
                f"agreement, {how}",
                "none yet" if f1 is None else f"F1 {f1:.2f}  {many:,} done",
                f1,
                places=_there(made, side.places),
                about=f"you and {visible(name)}, its suggestions {how}",
            )


def _behind(project: Project, made: Activity, trap: Trap) -> Place:
    """Where a suggestion that was wrong on purpose is, or what stands now where it was."""
    place = Place(trap.document, trap.shown.id)
    if place not in made.there:
        span = trap.shown.span
        for one in project.layer(trap.document, made.layer).index.between(span.start, span.end):
            return Place(trap.document, one.id)
    return place


def _there(made: Activity, places: Iterable[Place]) -> tuple[Place, ...]:
    """The places that can still be opened, each once."""
    return tuple(one for one in dict.fromkeys(places) if one in made.there)


def _rates(title: str, found: dict[str, Verdicts]) -> Iterator[Figure]:
    if found:
        yield _heading(title)
    for name, one in sorted(found.items(), key=lambda pair: -len(pair[1])):
        yield _rate(name, one)


def _model(name: str, found: Verdicts, schema: Schema) -> Iterator[Figure]:
    """What was taken for what, and what the scores are worth, of one model."""
    for field in ("label", *CLAIM_VALUES):
        yield from _confusion(field, name, found, schema)
    scores, bands = found.calibration()
    if scores is None:
        return
    yield _heading(
        f"Scores of {visible(name)}",
        f"the bar is the part accepted, ┃ the score itself; off by {scores.ece:.2f} on average (ECE)",
    )
    for band, behind in zip(scores.bins, bands, strict=True):
        if behind:
            high = "1" if band.high == 1 else f"{band.high:.1f}"[1:]
            yield _rate(f"{band.low:.1f}"[1:] + f" to {high}", behind, band.score)


def _confusion(field: str, model: str, found: Verdicts, schema: Schema) -> Iterator[Figure]:
    table = found.confusion(field)
    if not table:
        return
    rows = Verdicts(one for cell in table.values() for one in cell).by(
        lambda one: one.values[field]
    )
    totals: defaultdict[str, int] = defaultdict(int)
    for (was, _), cell in rows.items():
        totals[was] += len(cell)
    names = sorted(totals, key=lambda name: -totals[name])
    columns = [REJECTED, *names, *sorted({now for _, now in table} - {*names, REJECTED})]
    about = f"a row for each {field} suggested, a column for what you made it; {REJECTED} rejected"
    yield _heading(f"{field.capitalize()} suggested by {visible(model)}, and what it became", about)
    heads = columns
    if field == "label":
        heads = [one if one == REJECTED else schema.label(one).short for one in columns]
    yield Figure("", about=about, columns=tuple(map(visible, heads)))
    for was in names:
        cells = []
        for now in columns:
            one = table.get((was, now), Verdicts())
            share = len(one) / totals[was]
            cells.append(Cell(visible(now), len(one), share, was == now, one.places))
        yield Figure(visible(was), cells=tuple(cells))


def _mistakes(found: Verdicts) -> Iterator[Figure]:
    """What was suggested and what it was made, the most frequent first."""
    wrong = Verdicts(
        one for one in found if one.status is not Status.ACCEPTED and "label" in one.values
    ).by(_mistake)
    if wrong:
        yield _heading("Mistakes")
    most = max(map(len, wrong.values()), default=0)
    for name, some in sorted(wrong.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield Figure(visible(name), f"{len(some):,}", len(some) / most, places=some.places)


def _mistake(one: Verdict) -> str:
    was, now = one.values["label"]
    if one.status is Status.REJECTED:
        return f"{was} → rejected"
    return f"{was} → {now if now != was else _EVERYTHING_ELSE}"


def _part(name: str, count: int, of: int, places: tuple[Place, ...]) -> Figure:
    share = count / of if of else 0.0
    return Figure(name, f"{share:4.0%}  {count:,} of {of:,}", share, places=places)


def _rate(name: str, one: Verdicts, mark: float | None = None) -> Figure:
    rate = one.accept_rate or 0.0
    words = f"{rate:4.0%}  {one.count(Status.ACCEPTED):,} of {len(one):,}"
    return Figure(visible(name), words, rate, mark, one.places)
