"""The page: written piece by piece, one document in memory at a time, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from annotations.errors import InputError, StorageError
from annotations.formats.writing import output
from annotations.measure.activity import activity
from annotations.measure.evaluation import evaluate
from annotations.measure.progress import Progress, progress
from annotations.project import Project
from annotations.records import Plain
from annotations.report import tables
from annotations.report.passage import SIGNS, Palette, name, passage
from annotations.review.seeding import is_seeded

SUFFIX = ".html"

# The page asks for nothing and runs nothing, whatever a text says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write(project: Project, out: Path) -> Plain:
    """Write the page, in the place of an earlier one.

    Returns:
        `{documents, bytes}`: how much is in it.

    Raises:
        InputError: something else than a page is there.
        StorageError: the disk said no, or a layer cannot be read; nothing was changed.
    """
    output.check(out, (SUFFIX,))
    with output.whole([out]) as ((draft,), _), draft.open("w", encoding="utf-8") as file:
        for part in _parts(project):
            # Half a character has no bytes; it is shown as a question mark.
            file.write(part.encode("utf-8", "replace").decode("utf-8"))
    return {"documents": len(project.order()), "bytes": out.stat().st_size}


def _parts(project: Project) -> Iterator[str]:
    style = resources.files("annotations.report").joinpath("report.css").read_text("utf-8")
    title = f"{name(project.schema.name)}, as {name(project.annotator)} has it"
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    )
    now = datetime.now(UTC)
    yield tables.note(f"Made by purport on {now:%Y-%m-%d at %H:%M} UTC.")
    yield "<h2>Progress</h2>\n"
    made = progress(project, thorough=True)
    yield from tables.progress(made)
    for one in made.damage:
        yield tables.note(f"Left out: {one.problem}")
    yield "<h2>Decisions</h2>\n"
    done = activity(project)
    yield from tables.activity(done)
    yield from tables.guards(done)
    yield "<h2>Models</h2>\n"
    yield from _models(project)
    yield "<h2>Documents</h2>\n"
    yield from _documents(project, made)
    yield "</body>\n</html>\n"


def _models(project: Project) -> Iterator[str]:
    names = dict.fromkeys(model for one in project.order() for model in project.models(one))
    told = ""
    for model in names:
        try:
            made = evaluate(project, model)
        except InputError:
            told = f"A model is measured on finished documents; {project.annotator} has none yet."
            continue
        yield from tables.evaluation(made)
    if told or not names:
        yield tables.note(told or "No model has suggested anything yet.")


def _documents(project: Project, made: Progress) -> Iterator[str]:
    palette = Palette(label.name for label in project.schema.labels)
    signs = "".join(f"<span>{sign} {status}</span>" for status, sign in SIGNS.items())
    yield f'<p class="note key">{signs}</p>\n'
    for document_id, title, state, still_open, _ in made.documents:
        try:
            if words := project.redacted(document_id):
                yield tables.note(words)
                continue
            document = project.document(document_id)
            overlay = project.overlay(document_id)
        except StorageError:
            continue  # it is among what is left out
        shown = [each for each in overlay.index if not is_seeded(each)]
        marked = passage(document.text, shown, palette)
        yield (
            f'<details id="d{document_id}"><summary>{name(title)} '
            f'<span class="note">{state}, {still_open} open</span></summary>\n'
            f'<div class="text" dir="auto">{marked}</div></details>\n'
        )
