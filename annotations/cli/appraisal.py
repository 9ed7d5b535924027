"""The headless commands that measure layers, and that learn from them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotations import messages
from annotations.cli.app import app
from annotations.cli.console import (
    AnnotatorOption,
    JsonOption,
    ProjectOption,
    Status,
    complain,
    confirmed,
    name_damage,
    opened,
    put,
    put_json,
    tell,
)
from annotations.errors import InputError
from annotations.marked import line

if TYPE_CHECKING:
    from annotations.measure.matching import Counts
    from annotations.project import Project
    from annotations.records import Plain
    from annotations.suggest.training import Lessons, Training


@app.command()
def evaluate(
    context: typer.Context,
    predicted: Annotated[
        str, typer.Option("--predicted", metavar="M", help="The layer to measure.")
    ],
    gold: Annotated[
        str | None,
        typer.Option("--gold", metavar="L", help="The layer to measure it by; else your own."),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="M2", help="Another layer, to compare the first with."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Unfinished documents, too.")] = False,
    as_json: JsonOption = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Print how well one layer answers to another: entities, claims, scores."""
    from annotations.measure.comparison import compare
    from annotations.measure.evaluation import evaluate as measure

    with opened(context, project, annotator) as found:
        if against == predicted:
            raise InputError(f"{predicted} cannot differ from itself. Name two layers.")
        also = [against] if against else []
        one = measure(found, predicted, gold, also=also, everything=everything)
        made = one.plain()
        if against:
            other = measure(found, against, gold, also=[predicted], everything=everything)
            made["against"] = compare(found, one, other).plain()
    if as_json:
        put_json(made)
    for words in () if as_json else _told(made):
        put(words)
    name_damage(one.damage)


@app.command()
def train(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Argument(metavar="OUT", help="A folder for the new pipeline.")
    ] = None,
    claims: Annotated[
        bool, typer.Option("--claims", help="Fit the score of suggested claims instead.")
    ] = False,
    layer: Annotated[
        str | None,
        typer.Option("--layer", metavar="L", help="Whose decisions to learn; else your own."),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="M", help="The pipeline to begin with; else the project's."),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Another one holds other documents back.")
    ] = 0,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Teach the entity model what a person decided in finished documents; writes a new pipeline."""
    from annotations.suggest import training
    from annotations.suggest.model_sums import remark
    from annotations.suggest.run import chosen

    if claims:
        with opened(context, project, annotator) as found:
            _fit_claims(found, base)
        return
    if out is None:
        complain("Name a folder for the new pipeline, or --claims: purport train OUT")
        raise typer.Exit(Status.WRONG)
    with opened(context, project, annotator) as found:
        training.check(out)
        taught = training.lessons(found, layer, seed)
        model = chosen(found, base, confirmed)
        if words := remark(model):
            tell(words)
        tidy = bool(found.schema.settings.get("tidy", True))
    work = training.Training(model, taught, seed=seed, named=base is not None)
    if work.base != model:
        tell(f"{model.layer} was trained here; beginning with its base, {work.base.layer}")
    few = taught.sentences < training.ENOUGH
    tell(
        f"{work.base.layer}: {messages.counted(taught.sentences, 'sentence')} of "
        f"{messages.counted(len(taught.learn), 'document')} to learn from, "
        f"{messages.counted(len(taught.held), 'document')} held back"
        + (f"; with fewer than {training.ENOUGH} it may go either way" if few else "")
    )
    before = _found(work, taught, tidy=tidy)
    work.run(lambda epoch, loss: tell(f"epoch {epoch} of {training.EPOCHS}, loss {loss:.1f}"))
    after = _found(work, taught, tidy=tidy)
    made = work.write(out)
    put(_head("held back, strict").replace("F1, 95 %", "        "))
    put(_row("before", before.plain()))
    put(_row("after", after.plain()))
    if (after.f1 or 0) <= (before.f1 or 0):
        tell("no better on the documents held back: finish more documents before you use it")
    tell(f"{made.layer} is in {out}. Use it: purport suggest --model {shlex.quote(str(out))}")


def _fit_claims(project: Project, base: str | None) -> None:
    from annotations.suggest import models
    from annotations.suggest.claims.learning import learn
    from annotations.suggest.model_sums import remark
    from annotations.suggest.run import chosen

    pipeline = chosen(project, base, confirmed)
    if words := remark(pipeline):
        tell(words)
    change, kept = learn(project, pipeline, models.load(pipeline, parse=True))
    put(f"learnt from {change.learnt} decisions, tried on {change.held} held back")
    put(f"of these, suggested right: {change.base:.2f}")
    put(f"loss: {change.loss[0]:.3f} before, {change.loss[1]:.3f} after")
    put(f"error of the score (ECE): {change.error[0]:.3f} before, {change.error[1]:.3f} after")
    if not kept:
        tell("No better: the weights that are in use stay.")
        raise typer.Exit(Status.FELL_SHORT)
    tell("Kept: purport suggest gives the claims their new scores.")


@app.command()
def report(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help="The file to write.")],
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Write one page for a browser, to be opened offline: progress, figures, the marked texts."""
    from annotations.report.page import write

    with opened(context, project, annotator) as found:
        made = write(found, out)
        damage = found.catalogue.damage()
    tell(f"{messages.counted(made['documents'], 'document')}, {made['bytes']:,} bytes in {out}")
    name_damage(damage)


def _found(work: Training, taught: Lessons, *, tidy: bool) -> Counts:
    """How the pipeline, as it is now, does on the documents that are held back."""
    from annotations.measure.matching import Counts, Scheme, counted, matched

    suggested = work.suggest(taught.held, tidy=tidy)
    return sum(
        (
            counted(matched(ours, one.entities, Scheme.STRICT))
            for one, ours in zip(taught.held, suggested, strict=True)
        ),
        Counts(),
    )


def _told(made: Plain) -> Iterator[str]:
    yield f"{made['predicted']} by {made['gold']}: {messages.counted(made['documents'], 'document')}"
    for reason, count in made["left_out"].items():
        yield f"  {count} left out: {reason}"
    if _predicted(made):
        yield ""
        yield _head("entities")
        for scheme, figures in made["entities"].items():
            yield _row(scheme, figures)
        yield ""
        yield _head("label (strict)")
        for label, figures in made["labels"].items():
            yield _row(line(label), figures["strict"])
        yield from _confused("taken for another, most often first", made["confusion"])
    yield from _claims(made["claims"])
    for kind, figures in made["calibration"].items():
        if figures:
            yield from _calibrated(kind, figures)
    if "against" in made:
        yield from _compared(made["against"])
    for note in made["notes"]:
        yield ""
        yield note


def _predicted(made: Plain) -> int:
    """How many entities were predicted; a layer of claims alone has none to be measured by."""
    strict = made["entities"]["strict"]
    return sum(int(strict[one]) for one in ("correct", "incorrect", "partial", "spurious"))


def _head(name: str) -> str:
    return (
        f"{name:<16}{'precision':>10}{'recall':>8}{'F1':>8}   {'F1, 95 %':<15}{'right':>7}{'of':>7}"
    )


def _row(name: str, figures: Plain) -> str:
    interval = (figures.get("interval") or {}).get("f1")
    ends = _ends(interval)
    possible = sum(figures[one] for one in ("correct", "incorrect", "partial", "missed"))
    return (
        f"{name:<16}{_number(figures['precision']):>10}{_number(figures['recall']):>8}"
        f"{_number(figures['f1']):>8}   {ends:<15}{figures['correct']:>7}{possible:>7}"
    )


def _ends(interval: list[float] | None) -> str:
    return f"{interval[0]:.3f} to {interval[1]:.3f}" if interval else "-"


def _number(value: Any) -> str:
    return "-" if value is None else f"{value:.3f}"


def _confused(title: str, table: Plain, most: int = 8) -> Iterator[str]:
    cells = [
        (count, gold, predicted)
        for gold, row in table.items()
        for predicted, count in row.items()
        if gold != predicted
    ]
    if cells:
        yield ""
        yield title
    for count, gold, predicted in sorted(cells, key=lambda cell: (-cell[0], *cell[1:]))[:most]:
        yield f"{count:>7}  {line(gold)} → {line(predicted)}"


def _claims(made: Plain) -> Iterator[str]:
    span = made["span"]
    if not any(span["overlap"][name] for name in ("correct", "missed", "spurious")):
        return
    yield ""
    yield _head("claims")
    yield _row("same span", span["exact"])
    yield _row("overlap", span["overlap"])
    yield ""
    yield f"{'field':<16}{'accuracy':>10}{'kappa':>8}{'claims':>8}   {'accuracy, 95 %':<15}"
    for name, figures in made.items():
        if name != "span":
            yield (
                f"{name:<16}{_number(figures['accuracy']):>10}{_number(figures['kappa']):>8}"
                f"{figures['count']:>8}   {_ends(figures['interval'])}"
            )
    for name in ("stance", "certainty"):
        yield from _confused(f"{name} taken for another", made[name]["confusion"])


def _calibrated(kind: str, made: Plain) -> Iterator[str]:
    yield ""
    yield (
        f"scores of {made['count']} {kind}: calibration error {made['ece']:.3f}, "
        f"AUC {_number(made['auc'])}"
    )
    yield (
        f"the surest {made['coverage']:.0%} are right {made['target']:.0%} of the time"
        if made["coverage"]
        else f"no part is right {made['target']:.0%} of the time"
    ) + (f" (score {made['threshold']:.4f} and up)" if made["threshold"] is not None else "")
    for one in made["bins"]:
        if one["count"]:
            bar = "█" * round(20 * one["right"])
            yield (
                f"  {one['low']:.1f} to {one['high']:.1f}{one['count']:>7}  score "
                f"{one['score']:.2f}  right {one['right']:.2f} {bar}"
            )


def _compared(made: Plain) -> Iterator[str]:
    gain, test = made["difference"], made["mcnemar"]
    yield ""
    yield f"beside {made['layer']}"
    if _predicted(made):
        yield _head("entities")
        for scheme, figures in made["entities"].items():
            yield _row(scheme, figures)
        if gain["f1"] is not None:
            ends = gain["interval"]
            known = f", 95 % {ends[0]:+.3f} to {ends[1]:+.3f}, p {gain['p']:.3g}" if ends else ""
            yield f"strict F1 {gain['f1']:+.3f}{known}"
        if test["p"] is not None:
            yield (
                f"right here alone {test['only_predicted']}, there alone {test['only_against']}: "
                f"McNemar p {test['p']:.3g}"
            )
    yield from _claims_compared(made["claims"])
    yield f"mistakes with entities: in both {made['shared']}, new {len(made['new'])}, gone {len(made['gone'])}"
    for name in ("new", "gone"):
        for one in made[name]:
            where = f"{one['document']} {one['start']}-{one['end']}"
            yield f"  {name:<5}{one['kind']:<7}{where:<26}{line(one['text'])} {line(one['label'])}"


def _claims_compared(made: Plain) -> Iterator[str]:
    if made["overlap"]["f1"] is None:
        return
    yield ""
    yield f"{'claims':<16}{'more by':>10}   {'95 %':<17}{'p':>7}{'alone':>7}{'other':>7}{'p':>7}"
    for name, one in made.items():
        if one["f1"] is None:
            continue
        ends = f"{one['interval'][0]:+.3f} to {one['interval'][1]:+.3f}" if one["interval"] else "-"
        test = one["mcnemar"]
        alone = (
            f"{test['only_predicted']:>7}{test['only_against']:>7}{_small(test['p']):>7}"
            if test
            else ""
        )
        yield f"{name:<16}{one['f1']:>+10.3f}   {ends:<17}{_small(one['p']):>7}{alone}"


def _small(value: float | None) -> str:
    return "-" if value is None else f"{value:.2g}"
