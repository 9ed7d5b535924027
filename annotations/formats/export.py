"""A project's documents, as one layer has them, to files that others read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from annotations import formats
from annotations.errors import InputError, UnknownError
from annotations.formats import card as cards
from annotations.formats import output
from annotations.formats.documents import Labelled
from annotations.formats.report import Part, Report
from annotations.formats.split import parse, share_out
from annotations.formats.thrift import seldom_collected
from annotations.project import Project
from annotations.schema import nearest

See: TypeAlias = Callable[[Labelled], None]

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
    group_by: str = "",
    stratify: bool = False,
    see: See | None = None,
    agreement: Sequence[str] = (),
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
        group_by: a field of the documents' metadata; those with the same value go into one part.
        stratify: give each part its share of every label.
        see: is called with each document as it is written.
        agreement: how far people agree on these documents, a line each, for the card.

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
    if (group_by or stratify) and not shares:
        raise InputError("--group-by and --stratify share documents out; name the parts: --split.")
    if shares and out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; with --split name a folder.")
    paths = [out / f"{name}{chosen.suffix}" for name in shares] or [out]
    suffixes = (chosen.suffix, *chosen.also) if chosen.suffix else ()
    for path in paths:
        output.check(path, suffixes)
    report = Report(chosen.name)
    if isinstance(source, Project):
        report.schema = source.schema
        ids, fetch = _of_project(source, layer, everything, report)
    else:
        ids, fetch = _of_documents(source, everything, report)
    if not ids:
        raise InputError(_nothing(report))
    # Without a split the documents stay in their order.
    places = {out.stem: ids}
    if shares:
        groups = _groups(ids, fetch, group_by) if group_by else None
        labels = _labels(ids, fetch) if stratify else None
        places = share_out(ids, shares, seed, groups=groups, labels=labels)
    report.parts = [Part(name, path) for name, path in zip(places, paths, strict=True)]
    lost = chosen.lost
    with output.whole(paths) as (drafts, beside), seldom_collected():
        for part, draft in zip(report.parts, drafts, strict=True):
            chosen.write(_counted(places[part.name], fetch, part, report, lost, see), draft, report)
        if chosen.beside is not None:
            for path in paths:
                made = chosen.beside(path, report)
                beside.update({path.parent / name: text for name, text in made.items()})
        place = cards.place(out, chosen, report, parts=bool(shares))
        beside[place] = cards.card(report, chosen, split=split, seed=seed, agreement=agreement)
    return report


def _counted(
    ids: Iterable[str],
    fetch: _Fetch,
    part: Part,
    report: Report,
    lost: frozenset[str],
    see: See | None,
) -> Iterator[Labelled]:
    for one in ids:
        for labelled in fetch(one):
            report.count(labelled, part, lost)
            if see is not None:
                see(labelled)
            yield labelled


def _groups(ids: list[str], fetch: _Fetch, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in ids:
        metadata = fetch(one)[0].document.metadata
        if name in metadata:
            found[one] = str(metadata[name])
    if not found:
        raise InputError(f"No document has {name!r} in its metadata; nothing to group by.")
    return found


def _labels(ids: list[str], fetch: _Fetch) -> dict[str, Counter[str]]:
    return {
        one: Counter(entity.label for labelled in fetch(one) for entity in labelled.entities)
        for one in ids
    }


def _of_project(
    project: Project, layer: str | None, everything: bool, report: Report
) -> tuple[list[str], _Fetch]:
    name = layer or project.annotator
    is_own = name == project.annotator
    catalogue = project.look()
    done = catalogue.finished(name)
    order = catalogue.order()
    if order and not done and not is_own:
        raise UnknownError(f"There is no layer {name!r}; {nearest(name, catalogue.layers())}")
    ids: list[str] = []
    for one in order:
        if project.is_redacted(one):
            report.redacted += 1
        elif done.get(one) or (everything and (is_own or one in done)):
            ids.append(one)
        else:
            report.unfinished += is_own or one in done

    def fetch(document_id: str) -> list[Labelled]:
        return [Labelled.of(project.document(document_id), project.layer(document_id, name))]

    return ids, fetch


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
