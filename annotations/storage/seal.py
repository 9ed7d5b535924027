"""A line that commits to all journals as they are, to be kept where nobody here can change it.

    purport-seal 1 TIME JOURNALS DECISIONS ROOT

ROOT is the SHA-256 of a list with one row for each journal, sorted, each row
`document TAB layer TAB seq TAB head LF`. The list is kept in the project, in `seals/`, so that a
journal that was cut or rewritten can be named; without it the list is made again from what the
journals held up to TIME. Journals may grow: they are held to the sealed `seq` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from annotations.errors import InputError
from annotations.storage import disk, journal, safe_open
from annotations.storage.audit import Finding
from annotations.storage.ledger import JOURNAL, after
from annotations.storage.shelf import Shelf

FOLDER: Final = "seals"
_LINE: Final = re.compile(r"purport-seal 1 (\S+) (\d+) (\d+) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Row:
    """One journal as it was sealed."""

    document: str
    layer: str
    seq: int
    head: str

    def line(self) -> str:
        """The row as the list has it."""
        return f"{self.document}\t{self.layer}\t{self.seq}\t{self.head}\n"


@dataclass(frozen=True, slots=True)
class Seal:
    """What a line says.

    Attributes:
        at: ISO 8601 in UTC; no sealed decision is younger.
        journals: how many there were.
        decisions: how many they held together.
        root: the SHA-256 of the list.
    """

    at: str
    journals: int
    decisions: int
    root: str

    @classmethod
    def parse(cls, line: str) -> Seal:
        """The seal of a line.

        Raises:
            InputError: it is none.
        """
        found = _LINE.fullmatch(" ".join(line.split()))
        if not found:
            raise InputError(
                f"{line[:40]!r} is no seal. Give the whole line that purport seal printed."
            )
        return cls(found[1], int(found[2]), int(found[3]), found[4])

    def __str__(self) -> str:
        return f"purport-seal 1 {self.at} {self.journals} {self.decisions} {self.root}"

    def path(self, root: Path) -> Path:
        """Where the project keeps the list."""
        return root / FOLDER / f"{self.root[:16]}.tsv"


def make(root: Path, shelf: Shelf) -> Seal:
    """Seal all journals and keep the list.

    Raises:
        CorruptError, NewerFormatError: a journal does not hold; only what is whole is sealed.
        DiskFullError, ReadOnlyError, DiskError: the list could not be kept.
    """
    at, rows = after(""), []
    for document_id, layer, path in journals(shelf):
        decisions, mark, _ = journal.read(path)
        if decisions:
            rows.append(Row(document_id, layer, mark.seq, mark.head))
            at = max(at, decisions[-1].at)
    data = "".join(row.line() for row in rows).encode()
    sealed = Seal(at, len(rows), sum(row.seq for row in rows), sha256(data).hexdigest())
    path = sealed.path(root)
    with disk.explained(path):
        safe_open.make_folder(path.parent)
    disk.replace(path, data)
    return sealed


def journals(shelf: Shelf) -> Iterator[tuple[str, str, Path]]:
    """Every journal: its document, its layer and its file, sorted."""
    for document_id in sorted(shelf.ids()):
        for layer in shelf.layers(document_id)[0]:
            yield document_id, layer, shelf.folder(document_id) / f"{layer}{JOURNAL}"


def check(root: Path, shelf: Shelf, sealed: Seal) -> Iterator[Finding]:
    """What is not as it was sealed: a journal that is gone, cut, or has another history."""
    path = sealed.path(root)
    try:
        data = safe_open.read(path)
    except OSError:
        data = b""
    if sha256(data).hexdigest() != sealed.root:
        data = _again(shelf, sealed)
        if sha256(data).hexdigest() != sealed.root:
            problem = (
                f"the list of what was sealed at {sealed.at} is gone or changed, and the journals "
                f"up to then ({_count(data)}) are not those {sealed.journals} with "
                f"{sealed.decisions} decisions: something was cut or rewritten"
            )
            yield Finding("", str(path), problem)
        return
    for words in data.decode().split("\n")[:-1]:
        document_id, layer, seq, head = words.split("\t")
        yield from _held(shelf, Row(document_id, layer, int(seq), head))


def _held(shelf: Shelf, row: Row) -> Iterator[Finding]:
    path = shelf.folder(row.document) / f"{row.layer}{JOURNAL}"
    heads = _heads(path)
    problem = ""
    if not safe_open.exists(path):
        problem = f"it was sealed at decision {row.seq} and is gone"
    elif len(heads) < row.seq:
        problem = (
            f"it is good up to decision {len(heads)} and was sealed at {row.seq}: "
            f"{row.seq - len(heads)} decisions were cut from its end or damaged"
        )
    elif heads[row.seq - 1] != row.head:
        problem = f"decision {row.seq} is not the one that was sealed: the history was rewritten"
    if problem:
        yield Finding(row.document, str(path), problem)


def _heads(path: Path) -> list[str]:
    """The hash of each decision, as far as the journal is good."""
    mark, heads = journal.Mark(), []
    for raw in journal.good(path)[1]:
        _, mark = journal.decode(raw, mark, path)
        heads.append(mark.head)
    return heads


def _again(shelf: Shelf, sealed: Seal) -> bytes:
    """The list as it must have been, from the times of the decisions."""
    rows = []
    for document_id, layer, path in journals(shelf):
        decisions = [one for one in journal.good(path)[0] if one.at <= sealed.at]
        if decisions:
            seq = decisions[-1].seq
            rows.append(Row(document_id, layer, seq, _heads(path)[seq - 1]).line())
    return "".join(rows).encode()


def _count(data: bytes) -> str:
    rows = data.decode().split("\n")[:-1]
    return f"{len(rows)} journals with {sum(int(row.split(chr(9))[2]) for row in rows)} decisions"
