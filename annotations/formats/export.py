"""A project's documents, as one layer has them, to files that others read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from annotations import formats
from annotations.errors import InputError, UnknownError
from annotations.formats import output
from annotations.formats.documents import Labelled
from annotations.formats.report import Part, Report
from annotations.formats.split import parse, share_out
from annotations.project import Project
from annotations.schema import nearest

_Fetch: TypeAlias = Callable[[str], list[Labelled]]
"""What there is of a document, by its id: one layer of a project, or all that were given."""


def export(
    source: Project | Iterable[Labelled],
    out: Path,
    format: str,
    *,
    layer: str | None = None,
    split: str = "",
    seed: int = 0,
    everything: bool = False,
) -> Report:
    """Write the finished documents to `out`, or to one file a part in the folder `out`.

    Documents are taken one after another. The files appear when all of them are complete; an
    earlier export of the same name is replaced, and any other file is left alone.

    Args:
        source: a project, or documents with their annotations.
        out: a file; with a split a folder, which gets `train.jsonl` and so on.
        format: a name of `annotations.formats.FORMATS`.
        layer: whose annotations of the project; the annotator's own by default.
        split: such as `train=0.8,dev=0.1,test=0.1`; empty for one file.
        seed: another one splits otherwise.
        everything: the documents that are not done, too.

    Returns:
        What was written, and what the format could not hold.

    Raises:
        InputError: nothing to export, a bad split, or something else stands at `out`.
        UnknownError: there is no such format or layer.
        DiskFullError, ReadOnlyError, DiskError: nothing was changed.
    """
    chosen = formats.get(format)
    if chosen.write is None:
        raise InputError(f"{format} can be read, not written; `purport formats` lists what can.")
    shares = parse(split) if split else {}
    if shares and out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; with --split name a folder.")
    paths = [out / f"{name}{chosen.suffix}" for name in shares] or [out]
    for path in paths:
        output.check(path, chosen.suffix)
    report = Report(chosen.name)
    if isinstance(source, Project):
        ids, fetch = _of_project(source, layer, everything, report)
    else:
        ids, fetch = _of_documents(source, everything, report)
    if not ids:
        raise InputError(_nothing(report))
    # Without a split the documents stay in their order.
    places = share_out(ids, shares, seed) if shares else {out.stem: ids}
    report.parts = [Part(name, path) for name, path in zip(places, paths, strict=True)]
    with output.whole(paths) as drafts:
        for part, draft in zip(report.parts, drafts, strict=True):
            chosen.write(_counted(places[part.name], fetch, part), draft, report)
    return report


def _counted(ids: Iterable[str], fetch: _Fetch, part: Part) -> Iterator[Labelled]:
    for one in ids:
        for labelled in fetch(one):
            part.count(labelled)
            yield labelled


def _of_project(
    project: Project, layer: str | None, everything: bool, report: Report
) -> tuple[list[str], _Fetch]:
    name = layer or project.annotator
    ids: list[str] = []
    known: set[str] = set()
    summaries = project.documents()
    for one in summaries:
        if project.is_redacted(one.id):
            report.redacted += 1
            continue
        if name == project.annotator:
            has, finished = True, one.finished
        else:
            layers = project.layers(one.id)
            known.update(layers)
            has = name in layers
            finished = has and (everything or _is_finished(project, one.id, name))
        if has and (finished or everything):
            ids.append(one.id)
        else:
            report.unfinished += has
    if summaries and name != project.annotator and name not in known:
        raise UnknownError(f"There is no layer {name!r}; {nearest(name, sorted(known))}")

    def fetch(document_id: str) -> list[Labelled]:
        return [Labelled.of(project.document(document_id), project.layer(document_id, name))]

    return ids, fetch


def _is_finished(project: Project, document_id: str, name: str) -> bool:
    layer = project.layer(document_id, name)
    return layer.is_model or layer.state.finished


def _of_documents(
    documents: Iterable[Labelled], everything: bool, report: Report
) -> tuple[list[str], _Fetch]:
    by_id: dict[str, list[Labelled]] = {}
    for one in documents:
        if one.finished or everything:
            by_id.setdefault(one.document.id, []).append(one)
        else:
            report.unfinished += 1
    return list(by_id), by_id.__getitem__


def _nothing(report: Report) -> str:
    if report.unfinished:
        return (
            f"Nothing to export: none of {report.unfinished} documents is done. "
            "Mark them done in the reader, or take them all with --all."
        )
    return "Nothing to export: there is no document. Add some: purport add PATH."
