"""The commands that take documents in, suggest, show, count and find."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotations.cli.app import app
from annotations.cli.console import (
    AnnotatorOption,
    DocumentArgument,
    JsonOption,
    LayerOption,
    ProjectOption,
    Status,
    complain,
    confirmed,
    has_colour,
    name_damage,
    opened,
    put,
    put_json,
    put_text,
    relate,
    tell,
)
from annotations.cli.streams import bar as progress_bar
from annotations.cli.streams import is_watched, put_json_parts, put_rows
from annotations.marked import line, pieces
from annotations.messages import counted

if TYPE_CHECKING:
    from annotations.project import Project
    from annotations.suggest.run import Progress as Filling

ThoroughOption = Annotated[
    bool,
    typer.Option(
        "--thorough", help="Look at every file first: behind a git pull, in a very large project."
    ),
]


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH…", help="Files and folders; - is standard input.")
    ],
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Add documents to the project, which is made if there is none."""
    from annotations import sources
    from annotations.errors import SourceError
    from annotations.records import Document
    from annotations.sources.succession import Succession

    refused = 0
    found: Project | None = None
    taken: Succession | None = None
    with ExitStack() as stack:
        for outcome in sources.read(paths):
            if not isinstance(outcome, Document):
                refused += isinstance(outcome, SourceError)
                complain(outcome)
                continue
            if found is None or taken is None:  # made for a document, and not for a mistyped path
                found = stack.enter_context(opened(context, project, annotator, paths, create=True))
                taken = Succession(found)
            if Path(outcome.source).resolve().is_relative_to(found.root.resolve() / "documents"):
                continue  # the project's own copies are no new documents
            try:
                is_new = taken.add(outcome)
            except SourceError as error:  # the others are added all the same
                refused += 1
                complain(error)
                continue
            put(f"{outcome.id}  {'added' if is_new else 'there already'}  {line(outcome.title)}")
            relate(taken.lines())
        if taken is not None:
            relate(taken.finish())
    if refused or found is None:
        raise typer.Exit(Status.WRONG)


@app.command()
def suggest(
    context: typer.Context,
    documents: Annotated[
        list[str] | None, typer.Argument(metavar="DOC…", help="All of them, if none is named.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="M", help="An installed spaCy pipeline, or a path to one."),
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", metavar="N", min=1, help="Processes; each holds the pipeline.")
    ] = 1,
    force: Annotated[
        bool, typer.Option("--force", help="Make layers that are there anew.")
    ] = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Fill the model's layer of documents that lack it; goes on where it was interrupted."""
    from annotations.suggest.model_sums import remark
    from annotations.suggest.run import chosen, fill, suggests_claims

    with opened(context, project, annotator) as found:
        ids = [found.resolve(one) for one in documents] if documents else None
        pipeline = chosen(found, model, confirmed)
        if words := remark(pipeline):
            tell(words)
        with _narrated(pipeline.layer) as narrate:
            end = fill(found, pipeline, ids, force=force, jobs=jobs, progress=narrate)
        made = [counted(end.done, "document"), counted(end.entities, "entity", "entities")]
        if suggests_claims(found, pipeline):
            made.append(counted(end.claims, "claim"))
        if end.skipped:
            made.append(f"{end.skipped:,} had it already")
        tell(f"{pipeline.layer}: {', '.join(made)}")


@contextmanager
def _narrated(layer: str) -> Iterator[Callable[[Filling], None]]:
    """What shows how far the filling is: a bar on a terminal, else a line for each tenth."""
    seen: list[Filling] = []
    bar = None

    def narrate(now: Filling) -> None:
        nonlocal bar
        step = now.done - (seen[-1].done if seen else 0)
        seen.append(now)
        del seen[:-1]
        if is_watched():
            if bar is None and now.of:
                bar = progress_bar(now.of, layer)
                bar.__enter__()
            if bar is not None:
                bar.update(step)
        elif step and now.done * 10 // now.of != (now.done - step) * 10 // now.of:
            tell(f"{layer}: {now.done} of {now.of}")

    try:
        yield narrate
    except KeyboardInterrupt:
        done, of = (seen[-1].done, seen[-1].of) if seen else (0, 0)
        raise KeyboardInterrupt(
            f"interrupted; {done:,} of {counted(of, 'document')} done and saved. "
            "Give the command again to go on."
        ) from None
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)


@app.command()
def show(
    context: typer.Context,
    document: DocumentArgument,
    layer: LayerOption = None,
    plain: Annotated[bool, typer.Option("--plain", help="The text alone.")] = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Print a document's text with what is marked in it."""
    from annotations.readable_layers import fitting

    with opened(context, project, annotator) as found:
        one = found.document(document)
        if plain:
            put_text([(one.text, "")])
            return
        if layer:
            voice, problem = fitting(found.layer(one.id, layer), one.text)
            index, problems = voice.index, [problem] if problem else []
        else:
            overlay = found.overlay(one.id)
            index, problems = overlay.index, list(overlay.problems)
        is_coloured = has_colour(sys.stdout)
        put_text(
            (words, colour if is_coloured else "") for words, colour in pieces(one.text, index)
        )
    name_damage(problems)


@app.command()
def status(
    context: typer.Context,
    as_json: JsonOption = False,
    thorough: ThoroughOption = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Print how far the project is: by document, by label, by annotator."""
    from annotations.measure.progress import progress
    from annotations.records import Status as Fate

    with opened(context, project, annotator) as found:
        made = progress(found, thorough=thorough)
        if as_json:
            put_json_parts(made.json())
            put()
            name_damage(made.damage)
            return
        total = made.totals
        put(
            f"{counted(total.documents, 'document')}, {total.finished:,} done, "
            f"{counted(total.open, 'open suggestion')}, {counted(total.decisions, 'decision')}"
        )
        if total.documents:
            put()
            put(f"{'document':<14}{'state':<7}{'open':>7}{'decisions':>11}  title")
        put_rows(
            f"{document}  {_columns(state, still_open, decisions)}  {line(title)}"
            for document, title, state, still_open, decisions in made.documents
        )
    if made.labels:
        put()
        put(f"{'label':<14}{''.join(f'{fate:>11}' for fate in Fate)}")
    for label, counts in made.labels.items():
        put(f"{line(label):<14}{''.join(f'{counts[fate]:>11}' for fate in Fate)}")
    put()
    put(f"{'annotator':<14}{'documents':>11}{'done':>11}{'decisions':>11}")
    for name, work in made.annotators.items():
        put(f"{line(name):<14}{work.documents:>11}{work.finished:>11}{work.decisions:>11}")
    name_damage(made.damage)


@cache
def _columns(state: str, still_open: int, decisions: int) -> str:
    # Of very many documents, most have the same.
    return f"{state:<7}{still_open:>7}{decisions:>11}"


@app.command()
def search(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORDS…", help="One after the other; the last may go on. label:ORG works, too."
        ),
    ] = None,
    label: Annotated[str | None, typer.Option("--label", metavar="L", help="Of entities.")] = None,
    stance: Annotated[str | None, typer.Option("--stance", metavar="S")] = None,
    certainty: Annotated[str | None, typer.Option("--certainty", metavar="C")] = None,
    holder: Annotated[
        str | None, typer.Option("--holder", metavar="H", help="Words of who holds the claim.")
    ] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="S", help="Such as suggested or corrected.")
    ] = None,
    as_json: JsonOption = False,
    thorough: ThoroughOption = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Find words in all texts or, with a label and the like, in all annotations."""
    from annotations.errors import InputError
    from annotations.search import exactly, known, parse
    from annotations.search import search as look

    hits = 0
    with opened(context, project, annotator) as found:
        found.look(thorough=thorough)
        values = known(found)
        query = parse(" ".join(words or ()), values)
        fields = exactly(values, label=label, stance=stance, certainty=certainty, status=status)
        query = replace(query, fields={**query.fields, **fields}, holder=holder or query.holder)
        if not query.words.strip() and not query.asks_for_marks:
            raise InputError("Nothing to look for. Give words, or --label, --stance, --status.")
        for hit in look(found, query):
            hits += 1
            if as_json:
                put_json(hit.plain())
            else:
                about = f"  [{hit.about}]" if hit.mark else ""
                here = f"{hit.before}«{hit.text}»{hit.after}{about}"
                put(f"{hit.document}  {hit.span.start:>7}  {here}")
        damage = found.catalogue.damage()
    tell(counted(hits, "place"))
    name_damage(damage)
