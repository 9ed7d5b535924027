"""A project's documents, as one layer has them, to files that others read."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

from annotations import formats
from annotations.errors import CorruptError, InputError, StorageError, UnknownError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.thrift import seldom_collected
from annotations.formats.writing import card as cards
from annotations.formats.writing import earlier, output, sums
from annotations.formats.writing.report import Part, Report
from annotations.formats.writing.split import parse, share_out
from annotations.formats.writing.stamp import HERE, Kind
from annotations.layer import Layer
from annotations.messages import counted
from annotations.project import DEFAULT_FOLDER, MARKER, Project
from annotations.readable_layers import fitting
from annotations.schema import nearest

See: TypeAlias = Callable[[Labelled], None]

_OWN: Final = frozenset(
    (MARKER, "project.json", "documents", "annotators", "seals", "seal.txt", "index.sqlite")
)
"""What a project keeps in its folder."""

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
    force: bool = False,
    see: See | None = None,
    agreement: Sequence[str] = (),
) -> Report:
    """Write the finished documents to `out`, or to one file a part in the folder `out`.

    Documents are taken one after another. The files appear when all of them are complete. An
    earlier export to `out` is replaced, with all its parts, where it is as its card says; any
    other file is left alone.

    Args:
        source: a project, or documents with their annotations.
        out: a file; with a split a folder, which gets `train.jsonl` and so on.
        format: a name of `annotations.formats.FORMATS`.
        layer: whose annotations of the project; the annotator's own by default.
        split: such as `train=0.8,dev=0.1,test=0.1`; empty for one file.
        seed: another one splits otherwise.
        everything: the documents that are not done, too.
        group_by: a field of the documents' metadata; those with the same value go into one part.
        stratify: give each part its share of every label, and of the claims of every stance.
        force: replace what is at `out` even if it is not what its card says.
        see: is called with each document as it is written.
        agreement: how far people agree on these documents, a line each, for the card.

    Returns:
        What was written, and what the format could not hold.

    Raises:
        InputError: nothing to export, a bad split, or something else than an export as its card
            says stands at `out`.
        UnknownError: there is no such format or layer.
        DiskFullError, ReadOnlyError, DiskError: nothing was changed.
    """
    chosen = formats.get(format)
    if chosen.write is None:
        raise InputError(f"{format} can be read, not written; `purport formats` lists what can.")
    shares = parse(split) if split else {}
    if (group_by or stratify) and not shares:
        raise InputError("--group-by and --stratify share documents out; name the parts: --split.")
    with output.explained(out):
        out = output.real(out)
        if shares and out.exists() and not out.is_dir():
            raise InputError(f"{out} is a file; with --split name a folder.")
    if isinstance(source, Project) and is_within(source.root, out):
        raise InputError(f"{out} belongs to the project itself. Name a place beside it.")
    kind = Kind.PARTS if shares else Kind.FOLDER if chosen.is_folder else Kind.FILE
    if kind is Kind.FOLDER and out.name in ("", ".."):
        out = out.resolve()  # a draft is named after it
    paths = [out / f"{name}{chosen.suffix}" for name in shares] or [out]
    report = Report(chosen.name)
    sides = [one for path in paths for one in _beside(chosen, path, report)]
    with output.explained(out):
        plan = earlier.plan(
            out,
            kind,
            paths,
            sides,
            suffix=chosen.suffix,
            is_dataset=chosen.name == "huggingface",
            force=force,
        )
    options = ["--format", chosen.name]
    if isinstance(source, Project):
        report.schema = source.schema
        ids, fetch = _of_project(source, layer, everything, report)
        name = layer or source.annotator
        options += ["--annotator" if name == source.annotator else "--layer", name]
    else:
        ids, fetch = _of_documents(source, everything, report)
    if not ids:
        raise InputError(_nothing(report, source, layer))
    # Without a split the documents stay in their order.
    places = {out.stem: ids}
    if shares:
        groups = _groups(ids, fetch, group_by) if group_by else None
        labels = _labels(ids, fetch) if stratify else None
        places = share_out(ids, shares, seed, groups=groups, labels=labels)
        options += ["--split", split, "--seed", str(seed)]
        options += ["--group-by", group_by] if group_by else []
        options += ["--stratify"] if stratify else []
    options += ["--all"] if everything else []
    report.parts = [Part(name, path) for name, path in zip(places, paths, strict=True)]
    lost = chosen.lost
    with (
        output.whole(paths, gone=plan.gone, looks=plan.looks) as (drafts, beside),
        seldom_collected(),
    ):
        for part, draft in zip(report.parts, drafts, strict=True):
            chosen.write(_counted(places[part.name], fetch, part, report, lost, see), draft, report)
        for path in paths:
            beside.update(_beside(chosen, path, report))
        files = {
            HERE if kind is Kind.FOLDER else f"{path.name}{'/' * draft.is_dir()}": sums.of(draft)
            for path, draft in zip(paths, drafts, strict=True)
        }
        files |= {path.name: sha256(text.encode()).hexdigest() for path, text in beside.items()}
        report.notes += plan.notes
        command = shlex.join(["purport", "export", out.name, *options])
        beside[plan.card] = cards.card(
            report, chosen, kind, files, command=command, agreement=agreement
        )
    report.notes += [f"{path}: removed; it was of the export before" for path in plan.gone]
    return report


def _beside(chosen: Format, path: Path, report: Report) -> dict[Path, str]:
    """What else a format has beside its data."""
    made = chosen.beside(path, report) if chosen.beside is not None else {}
    return {path.parent / name: text for name, text in made.items()}


def is_within(root: Path, out: Path) -> bool:
    """Whether a place is one of the project's own: its folder itself, or what a project keeps in it."""
    root, out = root.resolve(), out.resolve()
    if not out.is_relative_to(root):
        return False
    parts = out.relative_to(root).parts
    return not parts or root.name == DEFAULT_FOLDER or parts[0] in _OWN


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
        for labelled in fetch(one)[:1]:
            if labelled.document.metadata.get(name) not in (None, ""):
                found[one] = str(labelled.document.metadata[name])
    if not found:
        raise InputError(f"No document has {name!r} in its metadata; nothing to group by.")
    return found


def _labels(ids: list[str], fetch: _Fetch) -> dict[str, Counter[str]]:
    """How often each document has each label of entities, and each stance of claims."""
    found: dict[str, Counter[str]] = {}
    for one in ids:
        found[one] = Counter()
        for labelled in fetch(one):
            found[one].update(f"entity {entity.label}" for entity in labelled.entities)
            found[one].update(f"claim {claim.stance}" for claim in labelled.claims)
    return found


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
    damaged = {
        one.document: one.problem for one in catalogue.damage() if one.part == name or one.is_whole
    }
    report.damaged |= {one: damaged[one] for one in damaged if is_own or one in done}
    ids: list[str] = []
    for one in order:
        if one in damaged:
            continue
        if project.is_redacted(one):
            report.redacted += 1
        elif done.get(one) or (everything and (is_own or one in done)):
            ids.append(one)
        else:
            report.unfinished += is_own or one in done

    known: set[str] = set()

    def fetch(document_id: str) -> list[Labelled]:
        try:
            document = project.document(document_id)
            said, problem = fitting(project.layer(document_id, name), document.text)
            if problem:
                raise CorruptError(problem)
        except StorageError as error:
            report.damaged[document_id] = str(error)
            return []
        made = Labelled.of(document, said)
        _tell_maker(said, report)
        for model in {one.origin.layer for one in made if one.origin is not None} - known:
            known.add(model)
            with suppress(UnknownError, StorageError, FileNotFoundError):  # it may be gone by now
                _tell_maker(project.layer(document_id, model), report)
        return [made]

    return ids, fetch


def _tell_maker(layer: Layer, report: Report) -> None:
    if layer.model:
        said = ", ".join(f"{key} {value}" for key, value in layer.model.items() if value != "")
        report.makers[f"{layer.name}: {said}"] = None


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


def _nothing(report: Report, source: object, layer: str | None) -> str:
    if report.damaged:
        count, first = counted(len(report.damaged), "document"), next(iter(report.damaged.values()))
        return f"Nothing to export: {count} cannot be read, such as this one: {first}"
    if not report.unfinished:
        return "Nothing to export: there is no document. Add some: purport add PATH."
    none = f"none of {report.unfinished:,} documents is done"
    other = ""
    if isinstance(source, Project):
        name = layer or source.annotator
        none += f" in the layer of {name}"
        done = {who: n for who, (_, n, _) in source.look().work().items() if n and who != name}
        if done:
            told = " and ".join(f"{who} has done {n:,}" for who, n in done.items())
            other = f", while {told}; take theirs with --layer {next(iter(done))}"
    return (
        f"Nothing to export: {none}{other}. "
        "Mark documents done in the reader, or take them all with --all."
    )
