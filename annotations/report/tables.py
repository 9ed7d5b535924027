"""The figures of a project as HTML tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from annotations.measure.activity import QUICK, Activity, quartiles
from annotations.measure.entities import NOTHING
from annotations.measure.evaluation import Evaluation
from annotations.measure.matching import Scheme
from annotations.measure.progress import Progress
from annotations.measure.verdicts import CLAIM_VALUES, REJECTED, Verdicts
from annotations.messages import counted
from annotations.records import Plain, Status
from annotations.report.drawings import bar, heat, reliability, table
from annotations.report.passage import name


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
    return f"{bar(value)} {value:.0%}"


def progress(made: Progress) -> Iterator[str]:
    """How far the project is."""
    total = made.totals
    yield note(
        f"{counted(total.documents, 'document')}, {total.finished:,} done, {total.open} open suggestions, "
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
    yield table(
        "Pace, breaks left out",
        ("", ""),
        [
            ("decisions", f"{made.decisions:,}"),
            ("decisions an hour", number(made.an_hour, 0)),
            ("median seconds a decision", number(made.median_seconds, 1)),
        ],
    )
    yield table(
        "Seconds a decision, by what was done",
        ("", "how many", "a quarter under", "median", "three quarters under"),
        [
            (str(action), str(len(found)), *(number(one, 1) for one in quartiles(found)))
            for action, found in made.actions().items()
        ],
    )
    most = max(map(len, made.hours.values()))
    yield table(
        "Decisions by hour, UTC",
        ("hour", "decisions", ""),
        [
            (name(hour.replace("T", " ")), str(len(places)), bar(len(places) / most))
            for hour, places in made.hours.items()
        ],
    )
    yield _verdicts("Accepted as suggested, by the label suggested", made.labels)
    yield _verdicts("Accepted as suggested, by model", made.models)
    for model, found in made.models.items():
        yield from _became(model, found)


def guards(made: Activity) -> Iterator[str]:
    """What shows whether suggestions were read before they were accepted."""
    if not made.decisions:
        return
    accepted = sum(one.count(Status.ACCEPTED) for one in made.models.values())
    yield "<h3>Were suggestions read before they were accepted?</h3>\n"
    rows = [(f"accepted in under {QUICK:g} s", f"{len(made.quick())} of {accepted}")]
    if made.traps:
        rows.append(("wrong on purpose, and caught", f"{made.caught} of {len(made.traps)}"))
    yield table("", ("", ""), rows)
    if not made.traps:
        yield note("None were made wrong on purpose: purport review --layer M --seeded 0.05.")
    blind = {model: one for model, one in made.blindness.items() if one.blind.counts.predicted}
    yield table(
        "Agreement with the model (strict F1), its suggestions hidden and in view",
        ("", "hidden", "documents", "in view", "documents"),
        [
            (
                name(model),
                number(one.blind.counts.f1, 2),
                str(one.blind.documents),
                number(one.seen.counts.f1, 2),
                str(one.seen.documents),
            )
            for model, one in blind.items()
        ],
    )
    if blind:
        yield note("Far more agreement in view than hidden: what is suggested is taken over.")
    else:
        yield note("No document was read with its suggestions hidden: purport read --blind.")


def _became(model: str, found: Verdicts) -> Iterator[str]:
    """What was taken for what, as the person decided."""
    for field in ("label", *CLAIM_VALUES):
        made: dict[str, dict[str, int]] = {}
        for (was, now), behind in found.confusion(field).items():
            made.setdefault(was, {})[now] = len(behind)
        yield heat(
            f"{field.capitalize()} suggested by {name(model)}, and what it became", made, REJECTED
        )


def _verdicts(caption: str, made: dict[str, Verdicts]) -> str:
    fates = (Status.ACCEPTED, Status.CORRECTED, Status.REJECTED)
    return table(
        caption,
        ("", *(str(fate) for fate in fates), "accepted"),
        [
            (name(key), *(str(one.count(fate)) for fate in fates), share(one.accept_rate))
            for key, one in made.items()
        ],
    )


def evaluation(made: Evaluation) -> Iterator[str]:
    """How well a model answers to what stands in the annotator's layer."""
    plain = made.plain()
    yield f"<h3>{name(made.predicted)} by {name(made.gold)}</h3>\n"
    yield note(f"{len(made.documents)} finished documents")
    head = ("", "precision", "recall", "F1", "F1, 95 %")
    if made.entities.counts(Scheme.STRICT).predicted:
        yield table("Entities", head, _rows(plain["entities"]))
        strict = {label: figures["strict"] for label, figures in plain["labels"].items()}
        yield table("Entities by label, strict", head, _rows(strict))
        yield heat(
            f"Label: a row for what stands, {NOTHING} is nothing", plain["confusion"], NOTHING
        )
    claims = plain["claims"]
    if made.claims.exact.predicted:
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
            yield heat(
                f"{key.capitalize()}: a row for what stands", fields[key]["confusion"], NOTHING
            )
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


def _calibration(kind: str, made: dict[str, Any]) -> Iterator[str]:
    yield f"<figure><figcaption>Scores of {made['count']} {kind}, and the part that is right; "
    yield f"the dashed line is where a probability would be</figcaption>{reliability(made['bins'])}</figure>\n"
    surest = f"the surest {made['coverage']:.0%} are" if made["coverage"] else "no part is"
    yield table(
        f"Calibration error {made['ece']:.3f}; {surest} right {made['target']:.0%} of the time",
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
