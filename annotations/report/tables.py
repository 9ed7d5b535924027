"""The figures of a project as HTML tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotations.measure.activity import Activity, Verdicts
from annotations.measure.evaluation import Evaluation
from annotations.measure.progress import Progress
from annotations.records import Plain, Status
from annotations.report.passage import name


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """An HTML table; its cells are HTML already. Empty where there are no rows."""
    lines = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows]
    if not lines:
        return ""
    first = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    return (
        f'<div class="wide"><table><caption>{caption}</caption>'
        f"<thead><tr>{first}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>\n"
    )


def note(text: str) -> str:
    """A quiet line."""
    return f'<p class="note">{name(text)}</p>\n'


def number(value: float | None, digits: int = 3) -> str:
    """A figure, or a dash where it is undefined."""
    return "–" if value is None else f"{value:,.{digits}f}"


def share(value: float | None) -> str:
    """A part of a whole, as per cent with a bar."""
    if value is None:
        return "–"
    return f'<meter min="0" max="1" value="{value:.3f}"></meter> {value:.0%}'


def progress(made: Progress) -> Iterator[str]:
    """How far the project is."""
    total = made.totals
    yield note(
        f"{total.documents} documents, {total.finished} done, {total.open} open suggestions, "
        f"{total.decisions} decisions"
    )
    yield table(
        "By annotator",
        ("annotator", "documents", "done", "decisions"),
        (
            (name(who), str(work.documents), str(work.finished), str(work.decisions))
            for who, work in made.annotators.items()
        ),
    )
    yield table(
        "By label",
        ("label", *(str(status) for status in Status)),
        (
            (name(label), *(str(counts[status]) for status in Status))
            for label, counts in made.labels.items()
        ),
    )


def activity(made: Activity) -> Iterator[str]:
    """How the annotator has worked."""
    if not made.decisions:
        yield note(f"{made.layer} has decided nothing yet")
        return
    quick = made.quick()
    yield table(
        "Pace, breaks left out",
        ("", ""),
        (
            ("decisions", str(made.decisions)),
            ("decisions an hour", number(made.an_hour, 0)),
            ("median seconds a decision", number(made.median_seconds, 1)),
            ("accepted in under half a second", str(len(quick))),
            *_seeded(made.seeded),
        ),
    )
    most = max(made.hours.values())
    yield table(
        "Decisions by hour, UTC",
        ("hour", "decisions", ""),
        (
            (
                name(hour.replace("T", " ")),
                str(count),
                f'<span class="bar" style="width:{8 * count / most:.2f}rem"></span>',
            )
            for hour, count in made.hours.items()
        ),
    )
    yield _verdicts("Accepted as suggested, by the label suggested", made.labels)
    yield _verdicts("Accepted as suggested, by model", made.models)


def _seeded(made: Verdicts) -> Iterator[Sequence[str]]:
    if made.decided:
        accepted = made.count(Status.ACCEPTED)
        yield ("wrong on purpose, and accepted", f"{accepted} of {made.decided}")


def _verdicts(caption: str, made: dict[str, Verdicts]) -> str:
    fates = (Status.ACCEPTED, Status.CORRECTED, Status.REJECTED)
    return table(
        caption,
        ("", *(str(fate) for fate in fates), "accepted"),
        (
            (name(key), *(str(one.count(fate)) for fate in fates), share(one.accept_rate))
            for key, one in made.items()
        ),
    )


def evaluation(made: Evaluation) -> Iterator[str]:
    """How well a model answers to what stands in the annotator's layer."""
    plain = made.plain()
    yield f"<h3>{name(made.predicted)} by {name(made.gold)}</h3>\n"
    yield note(f"{len(made.documents)} finished documents")
    head = ("", "precision", "recall", "F1", "F1, 95 %")
    yield table("Entities", head, _rows(plain["entities"]))
    strict = {label: figures["strict"] for label, figures in plain["labels"].items()}
    yield table("Entities by label, strict", head, _rows(strict))
    yield _confusion("Labels: a row for what stands, - for nothing there", plain["confusion"])
    claims = plain["claims"]
    if made.claims.exact.predicted or made.claims.exact.possible:
        spans = {"same span": claims["span"]["exact"], "overlap": claims["span"]["overlap"]}
        yield table("Claims", head, _rows(spans))
    fields = {key: one for key, one in claims.items() if key != "span" and one["count"]}
    yield table(
        "Fields of claims in both",
        ("field", "accuracy", "kappa", "claims"),
        (
            (key, number(one["accuracy"]), number(one["kappa"]), str(one["count"]))
            for key, one in fields.items()
        ),
    )
    for key in ("stance", "certainty"):
        if key in fields:
            yield _confusion(f"{key}: a row for what stands", fields[key]["confusion"])
    for kind, scores in plain["calibration"].items():
        if scores:
            yield from _calibration(kind, scores)
    for words in made.notes:
        yield note(words)


def _rows(figures: Plain) -> Iterator[Sequence[str]]:
    for key, one in figures.items():
        ends = (one.get("interval") or {}).get("f1")
        interval = f"{ends[0]:.3f} to {ends[1]:.3f}" if ends else "–"
        values = (number(one[figure]) for figure in ("precision", "recall", "f1"))
        yield (name(key), *values, interval)


def _confusion(caption: str, made: dict[str, dict[str, int]]) -> str:
    columns = sorted({predicted for row in made.values() for predicted in row})
    return table(
        caption,
        ("", *map(name, columns)),
        (
            (name(gold), *(str(row.get(column, "")) for column in columns))
            for gold, row in made.items()
        ),
    )


def _calibration(kind: str, made: dict[str, Any]) -> Iterator[str]:
    yield table(
        f"Scores of {made['count']} {kind}: calibration error {made['ece']:.3f}; "
        f"the surest {made['coverage']:.0%} are right {made['target']:.0%} of the time",
        ("score", "how many", "mean score", "right"),
        (
            (
                f"{one['low']:.1f} to {one['high']:.1f}",
                str(one["count"]),
                number(one["score"], 2),
                share(one["right"]),
            )
            for one in made["bins"]
            if one["count"]
        ),
    )
