"""The files that a seal commits to, each with its hash: a row of the seal's list.

    KIND TAB PATH TAB BYTES TAB SHA256                       any file
    journal TAB PATH TAB BYTES TAB SHA256 TAB SEQ TAB HEAD   a journal, up to its last complete line

A person's `.json` is not among them: it follows from the journal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Self

from annotations import guide, messages
from annotations import schema as schemas
from annotations.errors import CorruptError
from annotations.records import Plain
from annotations.storage import disk, journal, safe_open, text_hash, view
from annotations.storage.ledger import JOURNAL, VIEW
from annotations.storage.roster import settings
from annotations.storage.shelf import ABOUT, TEXT, Shelf, is_layer_name


class Kind(StrEnum):
    """What a sealed file holds."""

    ANNOTATOR = "annotator"
    DOCUMENT = "document"
    GUIDE = "guide"
    JOURNAL = "journal"
    LAYER = "layer"
    PROJECT = "project"
    SCHEMA = "schema"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One file as it was sealed.

    Attributes:
        path: from the project's folder, with `/`.
        size: how many bytes were sealed; a journal may have more after them.
        sha256: of those bytes.
        seq: a journal's last decision, and `head` its hash; 0 and empty for other files.
    """

    kind: Kind
    path: str
    size: int
    sha256: str
    seq: int = 0
    head: str = ""

    @property
    def document(self) -> str:
        """The id of the document it belongs to; empty where it belongs to none."""
        parts = self.path.split("/")
        return parts[2] if parts[0] == "documents" else ""

    def row(self) -> str:
        """The row of the list, without its line feed."""
        own = [self.kind, self.path, str(self.size), self.sha256]
        return "\t".join([*own, str(self.seq), self.head] if self.kind is Kind.JOURNAL else own)

    @classmethod
    def parse(cls, row: str) -> Self:
        """The file of a row.

        Raises:
            ValueError: it is not a row of a list.
        """
        kind, path, size, digest, *more = row.split("\t")
        seq, head = (int(more[0]), more[1]) if more else (0, "")
        return cls(Kind(kind), path, int(size), digest, seq, head)


Place = tuple[Kind, str]
"""What a file is, and its path from the project's folder."""


def places(root: Path, shelf: Shelf) -> Iterator[Place]:
    """The files of a project that a seal commits to, without a look into them, in no settled order."""
    yield Kind.SCHEMA, "purport.toml"
    yield Kind.GUIDE, "guide"
    if safe_open.exists(root / "project.json"):
        yield Kind.PROJECT, "project.json"
    if safe_open.exists(root / "annotators"):
        for entry in safe_open.entries(root / "annotators"):
            name = entry.name.removesuffix(VIEW)
            if entry.name.endswith(VIEW) and is_layer_name(name):
                yield Kind.ANNOTATOR, f"annotators/{entry.name}"
    for document_id in shelf.ids():
        yield from _of_document(shelf, document_id)


def _of_document(shelf: Shelf, document_id: str) -> Iterator[Place]:
    folder = f"documents/{document_id[:2]}/{document_id}"
    there = shelf.files(document_id)
    people, models = shelf.sorted_layers(there)
    if not people and ABOUT not in there:
        return  # an adding that was interrupted
    if ABOUT in there:
        yield Kind.DOCUMENT, f"{folder}/{ABOUT}"
    if TEXT in there:
        yield Kind.TEXT, f"{folder}/{TEXT}"
    for name in people:
        yield Kind.JOURNAL, f"{folder}/{name}{JOURNAL}"
    for name in models:
        yield Kind.LAYER, f"{folder}/{name}{VIEW}"


def files(root: Path, shelf: Shelf, until: str = "") -> Iterator[SealedFile]:
    """The files as they are now, in the order of their paths.

    Args:
        root: the project's folder.
        shelf: its documents.
        until: leave out the decisions, documents and annotators that came after this time.

    Raises:
        CorruptError, NewerFormatError, DiskError: one does not hold; only what is whole is sealed.
    """
    for kind, path in sorted(places(root, shelf), key=lambda place: place[1]):
        match kind:
            case Kind.JOURNAL:
                made = _journal(root, path, until)
            case Kind.GUIDE:
                made = _file(kind, path, guide_of(root))
            case _:
                made = _plain(root, kind, path, until)
        if made is not None:
            yield made


def guide_of(root: Path) -> bytes:
    """The guide that annotators see for the project's schema, as JSON."""
    marker = root / "purport.toml"
    sections = guide.sections(schemas.load(marker, settings(marker)))
    said = [
        [one.name, one.about, [[each.name, each.definition, each.example] for each in one.values]]
        for one in sections
    ]
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _journal(root: Path, path: str, until: str) -> SealedFile | None:
    decisions, lines, mark, problem = journal.good(root / path)
    if problem is not None:
        raise problem
    if until and decisions and decisions[-1].at > until:
        lines = [
            raw for one, raw in zip(decisions, lines, strict=True) if one.at <= until
        ]  # a time never falls
        mark = journal.Mark()
        for raw in lines:
            _, mark = journal.decode(raw, mark, root / path)
    if not lines:
        return None
    digest = sha256(b"".join(raw + b"\n" for raw in lines)).hexdigest()
    return SealedFile(Kind.JOURNAL, path, mark.length, digest, mark.seq, mark.head)


def _plain(root: Path, kind: Kind, path: str, until: str) -> SealedFile | None:
    full = root / path
    if until and kind in (Kind.DOCUMENT, Kind.TEXT, Kind.LAYER):
        about = _record(full.parent / ABOUT, "document")
        if str(about.get("added_at", "")) > until:
            return None
    if until and kind is Kind.ANNOTATOR and _record(full, "annotator").get("since", "") > until:
        return None
    if kind is Kind.TEXT:
        text_hash.measured(full.parent)
    if kind is Kind.LAYER and view.is_persons(view.meta(full) or {}):
        words = messages.NO_JOURNAL.format(path=full, journal=full.with_suffix(JOURNAL).name)
        raise CorruptError(words)
    with disk.readable(full):
        return _file(kind, path, safe_open.read(full))


def _record(path: Path, table: str) -> Plain:
    found = (view.read(path) or {}).get(table, {}).get("1", {})
    return found if isinstance(found, dict) else {}


def _file(kind: Kind, path: str, data: bytes) -> SealedFile:
    return SealedFile(kind, path, len(data), sha256(data).hexdigest())
