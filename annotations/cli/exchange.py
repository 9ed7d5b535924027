"""The commands that take annotations out of a project and into it: export, import, formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Final

import typer

from annotations.cli.app import app
from annotations.cli.console import (
    AnnotatorOption,
    LayerOption,
    ProjectOption,
    Status,
    name_damage,
    opened,
    put,
    tell,
)
from annotations.cli.streams import is_watched, retell
from annotations.errors import InputError
from annotations.marked import line
from annotations.messages import counted

if TYPE_CHECKING:
    from annotations.formats.documents import Labelled
    from annotations.formats.importing import Taken
    from annotations.project import Project

_MANY: Final = 10_000
_LONG: Final = 30.0
"""Documents, and seconds, between two lines that tell how far it is, where there is no terminal."""

FormatOption = Annotated[
    str, typer.Option("--format", metavar="F", help="A name that purport formats lists.")
]


@app.command()
def export(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="A file, or a folder; with --split always a folder."),
    ],
    format: FormatOption,
    layer: LayerOption = None,
    split: Annotated[
        str, typer.Option("--split", metavar="PARTS", help="Such as train=0.8,dev=0.1,test=0.1.")
    ] = "",
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Another one splits otherwise.")
    ] = 0,
    group_by: Annotated[
        str,
        typer.Option(
            "--group-by", metavar="FIELD", help="Keep together what has the same value there."
        ),
    ] = "",
    stratify: Annotated[
        bool,
        typer.Option("--stratify", help="Give each part its share of every label and stance."),
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Unfinished documents, too.")] = False,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Read it again with the format's own reader, and compare."),
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace what is at OUT though it is no export, or changed."),
    ] = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Write the finished documents and their annotations to files that other programs read."""
    from annotations import formats as known
    from annotations.formats.export import export as write
    from annotations.formats.verify import Verifier

    verifier = Verifier(known.get(format)) if verify else None
    documents = annotations = 0
    with (
        opened(context, project, annotator) as found,
        _narrated("nothing was written. Give the command again.") as narrate,
    ):

        def see(one: Labelled) -> None:
            nonlocal documents, annotations
            documents += 1
            annotations += len(one.standing)
            if verifier is not None:
                verifier.see(one)
            narrate(documents, annotations)

        report = write(
            found,
            out,
            format,
            layer=layer,
            split=split,
            seed=seed,
            everything=everything,
            group_by=group_by,
            stratify=stratify,
            force=force,
            see=see,
            agreement=list(_agreement(found, layer or found.annotator)),
        )
    for words in report.lines():
        tell(line(words))
    if verifier is not None:
        verdict = verifier.verdict(report)
        for words in verdict.lines():
            tell(line(words))
        if verdict.differences:
            raise typer.Exit(Status.FELL_SHORT)
    name_damage(report.damaged.values())


def _agreement(project: Project, layer: str) -> Iterator[str]:
    """How far a person's layer agrees with each other person's, for the card beside an export."""
    from annotations.measure.evaluation import evaluate
    from annotations.measure.matching import Scheme

    done = {name for name, (_, finished, _) in project.look().work().items() if finished}
    for other in sorted(done - {layer}) if layer in done else ():
        try:
            made = evaluate(project, other, layer)
        except InputError:  # no document is done by both
            continue
        figures = [("entities", made.entities.counts(Scheme.STRICT).f1)]
        figures.append(("claims", made.claims.exact.f1))
        told = [f"F1 of {name} {value:.3f}" for name, value in figures if value is not None]
        told += [
            f"kappa of {name} {one.kappa:.3f}"
            for name, one in made.claims.fields.items()
            if one.kappa is not None
        ]
        yield f"{layer} and {other}, {counted(len(made.documents), 'document')}: {', '.join(told)}"


@app.command(name="import")
def take_in(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file; a folder where the format is one.")
    ],
    format: FormatOption,
    layer: Annotated[
        str,
        typer.Option("--layer", metavar="L", help="The layer to make: a model's, or a rival's."),
    ],
    offset_unit: Annotated[
        str,
        typer.Option(
            "--offset-unit", metavar="U", help="code-point, utf-16 or byte; else the format's own."
        ),
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Make layers that are there anew.")
    ] = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Read documents and annotations of other programs; goes on where it was interrupted."""
    from annotations.formats.importing import take_in as read
    from annotations.formats.reading.offsets import Unit

    if offset_unit and offset_unit not in set(Unit):
        raise InputError(f"--offset-unit {offset_unit}: it is {', '.join(Unit)}.")
    unit = Unit(offset_unit) if offset_unit else None
    with (
        opened(context, project, annotator, [str(file.parent)], create=True) as found,
        _narrated("all of it is saved. Give the command again to go on.") as narrate,
    ):

        def progress(now: Taken) -> None:
            narrate(now.documents, now.entities + now.claims)

        taken = read(found, file, format, layer, unit=unit, force=force, progress=progress)
    for words in taken.lines():
        tell(line(words))
    if taken.unplaced:
        raise typer.Exit(Status.FELL_SHORT)


@contextmanager
def _narrated(saved: str) -> Iterator[Callable[[int, int], None]]:
    """What shows how far it is: on a terminal one line that changes, else one now and then.

    Args:
        saved: what is true of the documents that were done when it is interrupted.
    """
    done = told = 0
    since = monotonic()

    def narrate(documents: int, annotations: int) -> None:
        nonlocal done, told, since
        done = documents
        words = f"{counted(documents, 'document')}, {counted(annotations, 'annotation')}"
        if is_watched():
            retell(words)
        elif done >= told + _MANY and monotonic() >= since + _LONG:
            tell(words)
            told, since = done, monotonic()

    try:
        yield narrate
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"interrupted after {counted(done, 'document')}; {saved}") from None
    finally:
        if done and is_watched():
            tell("")


@app.command()
def formats() -> None:
    """List what can be read and written, and what each format cannot hold."""
    from annotations.formats import FORMATS

    for one in FORMATS.values():
        ways = " ".join(way for way, can in (("read", one.reads), ("write", one.writes)) if can)
        loses = f" Cannot hold: {one.cannot_hold}" if one.cannot_hold else ""
        put(f"{one.name:<14}{ways:<12}{one.description}{loses}")
