"""Other programs' files into a project: documents, and a model's layer on each."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from annotations import formats, messages
from annotations.errors import CorruptError, InputError, SourceError
from annotations.evidence import Holder
from annotations.formats.documents import Labelled
from annotations.formats.reading.backlog import PARTS
from annotations.formats.reading.intake import Intake
from annotations.formats.reading.keeping import Keeping
from annotations.formats.reading.labels import welcome
from annotations.formats.reading.offsets import Unit
from annotations.formats.reading.omissions import Omissions
from annotations.formats.reading.soundness import plain, readable
from annotations.formats.thrift import seldom_collected
from annotations.formats.writing.earlier import altered
from annotations.messages import counted
from annotations.project import Project
from annotations.records import Annotation, Claim, Document, Entity, Plain, suggestion_id
from annotations.storage.recent import Recent
from annotations.storage.shelf import Shelf, layer_name
from annotations.storage.view import Sheaf

_CHUNK: Final = 1024 * 1024
_HELD: Final = 16
"""Documents found last, which may be asked for again at once."""


@dataclass(slots=True)
class Taken:
    """What an import did.

    Attributes:
        documents: how many it read; one that comes several times is one.
        added: how many of them were new to the project.
        skipped: how many had this very layer from an earlier run.
        entities: how many are in the layer now, of those read.
        claims: the same of claims.
        rejected: annotations left out, because the file says that they are wrong.
        unplaced: one line for each annotation that did not fit its text, or the schema.
        notes: one line for each that was placed otherwise than the file says.
        omissions: what the file has that is no annotation here.
        labels: those of the entities that were read, and how often each came.
        keys: what became of the labels that the project had no key for; empty if there were none.
    """

    documents: int = 0
    added: int = 0
    skipped: int = 0
    entities: int = 0
    claims: int = 0
    rejected: int = 0
    unplaced: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    omissions: Omissions = field(default_factory=Omissions)
    labels: Counter[str] = field(default_factory=Counter)
    keys: str = ""

    def lines(self) -> Iterator[str]:
        """The import for a person, a line at a time."""
        yield from self.notes
        yield from self.unplaced
        yield from self.omissions.lines()
        if self.keys:
            yield self.keys
        had = f", {self.skipped} had the layer already" if self.skipped else ""
        out = f", {self.rejected} rejected ones left out" if self.rejected else ""
        yield (
            f"{counted(self.documents, 'document')}, {self.added:,} new{had}: "
            f"{counted(self.entities, 'entity', 'entities')}, {counted(self.claims, 'claim')}{out}, "
            f"{len(self.unplaced):,} without a place"
        )


def take_in(
    project: Project,
    path: Path,
    format: str,
    layer: str,
    *,
    unit: Unit | None = None,
    force: bool = False,
    progress: Callable[[Taken], None] | None = None,
) -> Taken:
    """Read a file's documents into the project, and what it says of them into a model's layer.

    Documents go in one after another. Interrupted and given again, it passes over what a layer of
    this very file has already; where a document comes several times, over as many of them.

    Args:
        project: where to.
        path: a file, or a folder where the format is one.
        format: a name of `annotations.formats.FORMATS`.
        layer: the layer's name; no person's.
        unit: what the file's offsets count; None for what the format usually does.
        force: make layers anew that are there.
        progress: is called after each document.

    Raises:
        InputError: the file is broken, its offsets are plainly in another unit, or the layer is a
            person's or of another file or model, and not to be made anew. What was read ahead of that place is in the project.
        UnknownError: there is no such format.
        StorageError: in all its kinds.
    """
    chosen = formats.get(format)
    if chosen.read is None:
        raise InputError(f"{format} can be written, not read; `purport formats` lists what can.")
    if not path.exists():
        raise InputError(f"{path}: is not there. Check the path.")
    if not path.is_file() and not path.is_dir():
        raise InputError(f"{path}: is no file. Write what it holds into one and import that.")
    name = layer_name(layer)
    taken = Taken()
    is_new = not project.order()
    intake = Intake(
        unit=unit,
        find=_finder(project),
        documents=lambda: (
            project.document(one) for one in project.order() if not project.is_redacted(one)
        ),
        schema=project.schema,
        unplaced=taken.unplaced,
        notes=taken.notes,
        omissions=taken.omissions,
        suggests=True,
    )
    model: Plain = {
        "imported": readable(path.name),
        "format": chosen.name,
        "sha256": _digest(path),
    }
    model["unit"] = str(unit or chosen.unit)
    card = altered(path, model["sha256"]) if path.is_file() else None
    if card is not None:
        taken.notes.append(
            f"{path} is not as purport wrote it: it was changed or cut short since {card.name}."
        )
    tally = _Tally(project, name, model, taken, force=force)
    try:
        with seldom_collected(), Keeping(project) as keeping:
            for one in chosen.read(path, intake):
                tally.take(one, keeping)
                if progress:
                    progress(taken)
    except RecursionError:
        raise InputError(
            f"{path}: a value behind document {taken.documents} is nested too deeply to be kept. "
            "Take it out."
        ) from None
    taken.notes += intake.evidence.lines()
    taken.keys = welcome(project, taken.labels, is_new=is_new)
    taken.added = keeping.added
    taken.entities -= keeping.repeated[Entity.kind]
    taken.claims -= keeping.repeated[Claim.kind]
    return taken


class _Tally:
    """Which part of a document's layer is read, and which is there from a run that was cut short.

    A document may come twice, such as once for each annotator: the second adds to the first. Its
    layer says how many are in it, so that a later run goes on behind those.
    """

    def __init__(
        self, project: Project, name: str, model: Plain, taken: Taken, *, force: bool
    ) -> None:
        self._project, self._name, self._model, self._taken = project, name, model, taken
        self._force = force
        self._left_out: set[str] = set()
        self._texts: dict[str, bytes] = {}
        """The hash of the text of each document: two texts may have one id."""
        self._seen: dict[str, int] = {}
        self._there: dict[str, int] = {}
        """How many parts the layer of a document had when this run began, if over none."""

    def take(self, one: Labelled, keeping: Keeping) -> None:
        """Keep what a document brings, unless it is there."""
        document_id, taken = one.document.id, self._taken
        number = self._seen.get(document_id, 0) + 1
        if document_id in self._left_out or not self._is_of_its_id(one.document):
            return
        if number == 1 and not self._begin(document_id):
            return
        self._seen[document_id] = number
        there = self._there.get(document_id, 0)
        if number <= there:
            taken.skipped += number == 1
        else:
            taken.skipped -= number == there + 1 > 1
            self._keep(one, number, keeping)
        taken.documents += number == 1

    def _keep(self, one: Labelled, number: int, keeping: Keeping) -> None:
        parts = {PARTS: number} if number > 1 else {}
        made = _layer(self._project, one, self._name, {**self._model, **parts}, self._taken)
        if number == 1:
            keeping.keep(_bare(one.document, self._taken), made)
        else:
            keeping.add(one.document, made)

    def _is_of_its_id(self, document: Document) -> bool:
        """Whether no other text, of the project or of this import, has the document's id."""
        digest = bytes.fromhex(document.text.sha256)
        try:
            if document.id not in self._texts:
                Shelf(self._project.root).has_text(document)
            elif self._texts[document.id] != digest:
                title = readable(document.title)
                words = messages.SAME_ID.format(title=title, document=document.id, other="")
                raise SourceError(words)
        except SourceError as error:
            self._taken.notes.append(str(error))
            return False
        self._texts[document.id] = digest
        return True

    def _begin(self, document_id: str) -> bool:
        """Look at what is there of a document that comes for the first time; False if it was erased."""
        project = self._project
        if not project.has(document_id):
            return True
        if project.is_redacted(document_id):
            self._taken.notes.append(f"{project.redacted(document_id)} It is left out.")
            self._left_out.add(document_id)
            return False
        model = None if self._force else _earlier(project, document_id, self._name)
        if model is not None:
            parts = model.pop(PARTS, 1)
            if model != self._model:
                raise InputError(
                    f"Document {document_id} has a layer {self._name} already, from "
                    f"{_origin(model)}. Name another --layer, or make it anew with --force."
                )
            self._there[document_id] = parts if type(parts) is int else 0
        return True


def _origin(model: Plain) -> str:
    """What made a layer, in a few words: the file that it was imported from, or a model."""
    found = model.get("imported") or model.get("package")
    return readable(str(found)) if found else "elsewhere"


def _finder(project: Project) -> Callable[[str], Document | None]:
    """What finds a document by its id, or by its title; the titles are those of before the import."""
    titles: dict[str, str] = {}
    is_read = False
    held: Recent[str, Document] = Recent(_HELD)  # rows of a few documents may take turns

    def find(reference: str) -> Document | None:
        found = held.get(reference) or look_up(reference)
        if found is not None:
            held.put(reference, found)
        return found

    def look_up(reference: str) -> Document | None:
        nonlocal is_read
        if project.has(reference):
            return project.document(reference)
        if not is_read:
            is_read = True
            for one in project.documents():
                titles.setdefault(one.title, one.id)
                titles.setdefault(Path(one.source).stem, one.id)
        return project.document(titles[reference]) if reference in titles else None

    return find


def _bare(document: Document, taken: Taken) -> Document:
    """The document as it may go in: when it was added is for this project to say."""
    title = " ".join(readable(document.title).split()) or document.id
    source, meta = readable(document.source), plain(dict(document.metadata))
    if meta != document.metadata:
        what = "values of metadata that are no finite number or have half a character"
        taken.omissions.add(what, title)
    return replace(document, title=title, source=source, added_at="", metadata=meta)


def _digest(path: Path) -> str:
    """A hash of the file, or of a folder's names and sizes, that tells one import from another."""
    found = sha256()
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            about = inner.lstat()  # what links lead to is nothing of it, and may be anywhere
            name = os.fsencode(inner.relative_to(path))
            found.update(name + f"|{about.st_size}|{about.st_mtime_ns}\n".encode())
        return found.hexdigest()
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            found.update(data)
    return found.hexdigest()


def _earlier(project: Project, document_id: str, name: str) -> Plain | None:
    """What made the layer that is there; None where there is none that can be read."""
    if name not in project.models(document_id):
        return None
    try:
        return dict(project.layer(document_id, name).model)
    except CorruptError:
        return None


def _layer(
    project: Project,
    one: Labelled,
    name: str,
    model: Plain,
    taken: Taken,
) -> Sheaf:
    """A model's layer of what stands in the file; ids are the same when it is imported again."""
    layer = Sheaf(name, one.document.id, model)
    own = [each for each in one.entities if _fits(project, one, each, taken)]
    ids: dict[str, str] = {}
    for entity in own:
        try:
            ids[entity.id] = layer.suggest(entity)
        except UnicodeEncodeError:
            taken.unplaced.append(_halved(one, entity))
    claims = [claim for claim in one.claims if _fits(project, one, claim, taken)]
    for claim in claims:
        value = f"{claim.stance} {claim.certainty}"
        ids[claim.id] = suggestion_id(name, Claim.kind, claim.span, value)
    for claim in claims:
        try:
            layer.suggest_claim(claim, ids[claim.id], _held(claim.holder, ids))
        except UnicodeEncodeError:
            taken.unplaced.append(_halved(one, claim))
    taken.labels.update([entity.label for entity in own if entity.id in ids])
    taken.entities += layer.count(Entity.kind)
    taken.claims += layer.count(Claim.kind)
    taken.rejected += len(one.rejected)
    return layer


def _fits(project: Project, one: Labelled, each: Annotation, taken: Taken) -> bool:
    """Whether the schema lets a layer hold it; where not, that is said."""
    problem = project.schema.problem(each)
    if problem:
        words = " ".join(each.text.split())[:60]
        taken.unplaced.append(f"{one.document.title}: {words!r} is left out: {problem}")
    return not problem


def _halved(one: Labelled, each: Annotation) -> str:
    return (
        f"{one.document.title}: {each.text[:60]!r} is left out: half a character is in its values"
    )


def _held(holder: Holder, ids: dict[str, str]) -> Holder:
    """The chain with its entities by their new ids; one that is not there is but words."""
    return tuple(
        link
        if not link.entity
        else replace(link, entity=ids[link.entity])
        if link.entity in ids
        else replace(link, entity="", kind="span")
        for link in holder
    )
