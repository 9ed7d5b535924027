"""A line that commits to a project as it is, to be kept where nobody here can change it.

    purport-seal 2 TIME JOURNALS DECISIONS DOCUMENTS FILES PREVIOUS ROOT

ROOT is the root of a Merkle tree (RFC 6962). Its first leaf is the line itself up to PREVIOUS, so
that format, time and counts are sealed, too, and the seal before. The others are the rows of
`sealed_files`, a file each. The list of all leaves is kept in the project, in `seals/`: with it,
each file that is not as it was can be named. `seal_v1` checks lines of format 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from annotations.errors import InputError, PurportError
from annotations.storage import disk, merkle, safe_open, seal_v1
from annotations.storage.finding import Finding
from annotations.storage.ledger import after
from annotations.storage.seal_comparison import Comparison, between, compare
from annotations.storage.sealed_files import Kind, SealedFile, files
from annotations.storage.shelf import Shelf

FOLDER: Final = seal_v1.FOLDER
FIRST: Final = "0" * 64
"""What the first seal of a project has in the place of the one before."""

_LINE: Final = re.compile(
    r"purport-seal 2 (\S+) (\d+) (\d+) (\d+) (\d+) ([0-9a-f]{64}) ([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Seal:
    """What a line says.

    Attributes:
        at: ISO 8601 in UTC; no sealed decision is younger.
        journals: how many there were.
        decisions: how many they held together.
        documents: how many there were.
        files: how many were sealed, journals and documents among them.
        previous: the root of the seal before; `FIRST` where there was none.
        root: of the tree.
    """

    at: str
    journals: int
    decisions: int
    documents: int
    files: int
    previous: str
    root: str = ""

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
        at, *counts, previous, root = found.groups()
        journals, decisions, documents, count = map(int, counts)
        return cls(at, journals, decisions, documents, count, previous, root)

    @classmethod
    def of(cls, at: str, sealed: Iterable[SealedFile], previous: str) -> Seal:
        """The seal of these files."""
        sealed = list(sealed)
        journals = [one.seq for one in sealed if one.kind is Kind.JOURNAL]
        documents = sum(one.kind is Kind.DOCUMENT for one in sealed)
        made = cls(at, len(journals), sum(journals), documents, len(sealed), previous)
        rows = (row.encode() for row in [made.head(), *(one.row() for one in sealed)])
        return cls(
            at, len(journals), sum(journals), documents, len(sealed), previous, merkle.root(rows)
        )

    def head(self) -> str:
        """The line without its root: the first leaf of the tree."""
        counts = f"{self.journals} {self.decisions} {self.documents} {self.files}"
        return f"purport-seal 2 {self.at} {counts} {self.previous}"

    def __str__(self) -> str:
        return f"{self.head()} {self.root}"

    def path(self, root: Path) -> Path:
        """Where the project keeps the list."""
        return _path(root, self.root)


def _path(root: Path, digest: str) -> Path:
    return root / FOLDER / f"{digest[:16]}.tsv"


def make(root: Path, shelf: Shelf) -> Seal:
    """Seal the project and keep the list.

    Raises:
        CorruptError, NewerFormatError: a file does not hold; only what is whole is sealed.
        DiskFullError, ReadOnlyError, DiskError: the list could not be kept.
    """
    sealed = list(files(root, shelf))
    latest = max((_last(root, one) for one in sealed if one.seq), default="")
    newest = max(_kept(root), key=lambda one: one.at, default=None)
    at = after(max(latest, newest.at if newest else ""))
    made = Seal.of(at, sealed, newest.root if newest else FIRST)
    path = made.path(root)
    with disk.explained(path):
        safe_open.make_folder(path.parent)
    rows = [made.head(), *(one.row() for one in sealed)]
    disk.replace(path, "".join(f"{row}\n" for row in rows).encode())
    return made


def check(root: Path, shelf: Shelf, line: str) -> Comparison:
    """What became of what a line of either format commits to.

    Raises:
        InputError: it is not a seal.
    """
    if " ".join(line.split()).startswith("purport-seal 1 "):
        return seal_v1.check(root, shelf, seal_v1.Seal.parse(line))
    sealed = Seal.parse(line)
    rows = _listed(root, sealed)
    if rows is None:
        with suppress(PurportError):
            now = list(files(root, shelf, until=sealed.at))
            if Seal.of(sealed.at, now, sealed.previous) == sealed:
                rows = now
    if rows is None:
        return _without_list(root, shelf, sealed)
    made = compare(root, shelf, rows, sealed.at)
    made.findings += _before(root, sealed)
    return made


def statement(root: Path, one: str, other: str) -> list[str]:
    """What the lists of two seals of format 2 say of each other, the earlier one first."""
    seals = sorted((Seal.parse(one), Seal.parse(other)), key=lambda each: each.at)
    rows = [_listed(root, each) for each in seals]
    earlier, later = rows
    if earlier is None or later is None:
        return ["the list of one of the two seals is gone or changed: they cannot be compared"]
    return list(between(earlier, later))


def _listed(root: Path, sealed: Seal) -> list[SealedFile] | None:
    """The files that a seal's list has; None where it is gone or not the one that was sealed."""
    found = _read(sealed.path(root))
    return found[1] if found is not None and found[0] == sealed else None


def _read(path: Path) -> tuple[Seal, list[SealedFile]] | None:
    """The seal and the files of a list of format 2; None where it is none."""
    try:
        head, *rows, end = safe_open.read(path).decode().split("\n")
        sealed = [SealedFile.parse(row) for row in rows]
    except (OSError, PurportError, ValueError):
        return None
    found = _LINE.fullmatch(f"{head} {FIRST}")
    if not found or end:
        return None
    made = Seal.of(found[1], sealed, found[6])
    return (made, sealed) if made.head() == head else None


def _kept(root: Path) -> Iterator[Seal]:
    """The seals of format 2 whose lists are in the project."""
    for path in seal_v1.lists(root):
        found = _read(path)
        if found is not None and found[0].path(root) == path:
            yield found[0]


def _before(root: Path, sealed: Seal) -> Iterator[Finding]:
    """Which of the seals before this one are not in the project any more."""
    digest = sealed.previous
    while digest != FIRST:
        path = _path(root, digest)
        found = _read(path)
        if found is None or found[0].root != digest:
            problem = f"the list of an earlier seal, {digest}, is gone or changed"
            yield Finding("", str(path), problem, lost=False)
            return
        digest = found[0].previous


def _without_list(root: Path, shelf: Shelf, sealed: Seal) -> Comparison:
    made, found = Comparison(sealed.at), _read(sealed.path(root))
    if found is not None and found[0].root == sealed.root:
        problem = f"the line was changed: what this list was sealed with is {found[0]}"
        made.findings.append(Finding("", str(sealed.path(root)), problem))
        return made
    now = seal_v1.counts(shelf, sealed.at)
    problem = seal_v1.unlisted(sealed.at, (sealed.journals, sealed.decisions), now)
    made.findings.append(Finding("", str(sealed.path(root)), problem))
    return made


def _last(root: Path, sealed: SealedFile) -> str:
    """When the last sealed decision of a journal was made."""
    lines = safe_open.read(root / sealed.path)[: sealed.size].split(b"\n")
    return str(json.loads(lines[-2])["at"])
