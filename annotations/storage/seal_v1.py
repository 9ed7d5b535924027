"""Seals of format 1, which commit to journals alone. They are checked, and made no more.

    purport-seal 1 TIME JOURNALS DECISIONS ROOT

ROOT is the SHA-256 of a list with one row for each journal, sorted, each row
`document TAB layer TAB seq TAB head LF`. The list is kept in the project, in `seals/`, so that a
journal that was cut or rewritten can be named; without it the list is made again from what the
journals held up to TIME. Journals may grow: what comes after the sealed `seq` is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from annotations.errors import InputError, StorageError
from annotations.messages import counted
from annotations.storage import journal, safe_open
from annotations.storage.finding import Finding
from annotations.storage.ledger import JOURNAL
from annotations.storage.seal_comparison import Comparison, heads_of, history_problem
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


def journals(shelf: Shelf) -> Iterator[tuple[str, str, Path]]:
    """Every journal: its document, its layer and its file, sorted."""
    for document_id in sorted(shelf.ids()):
        for layer in shelf.layers(document_id)[0]:
            yield document_id, layer, shelf.folder(document_id) / f"{layer}{JOURNAL}"


def lists(root: Path) -> list[Path]:
    """The lists of seals that the project keeps, of either format, by name."""
    with suppress(OSError):
        names = sorted(entry.name for entry in safe_open.entries(root / FOLDER))
        return [root / FOLDER / name for name in names if name.endswith(".tsv")]
    return []


def check(root: Path, shelf: Shelf, sealed: Seal) -> Comparison:
    """What is not as it was sealed: a journal that is gone, cut, or has another history."""
    made = Comparison(sealed.at)
    path = sealed.path(root)
    data = b""
    with suppress(OSError, StorageError):
        data = safe_open.read(path)
    if sha256(data).hexdigest() != sealed.root:
        data = _again(shelf, sealed)
    if sha256(data).hexdigest() != sealed.root:
        was, now = (sealed.journals, sealed.decisions), counts(shelf, sealed.at)
        made.findings.append(Finding("", str(path), unlisted(sealed.at, was, now)))
        return made
    rows = data.decode().split("\n")[:-1]
    there = len(rows), sum(int(one.split("\t")[2]) for one in rows)
    if there != (sealed.journals, sealed.decisions):
        problem = f"the line was changed: what was sealed with it is {_words(*there)}"
        made.findings.append(Finding("", str(path), problem))
    for words in rows:
        document_id, layer, seq, head = words.split("\t")
        row = Row(document_id, layer, int(seq), head)
        where = shelf.folder(row.document) / f"{row.layer}{JOURNAL}"
        if problem := _problem(where, row, made):
            made.findings.append(Finding(row.document, str(where), problem))
    return made


def _problem(path: Path, row: Row, made: Comparison) -> str:
    if not safe_open.exists(path):
        return f"it was sealed at decision {row.seq} and is gone"
    heads = heads_of(path)
    if problem := history_problem(heads, row.seq, row.head):
        return problem
    if len(heads) > row.seq:
        made.grown.append(f"{row.document}/{path.name}: from decision {row.seq} to {len(heads)}")
    else:
        made.unchanged.append(f"{row.document}/{path.name}")
    return ""


def _again(shelf: Shelf, sealed: Seal) -> bytes:
    """The list as it must have been, from the times of the decisions."""
    rows = []
    for document_id, layer, path in journals(shelf):
        decisions = [one for one in journal.good(path)[0] if one.at <= sealed.at]
        if decisions:
            seq = decisions[-1].seq
            rows.append(Row(document_id, layer, seq, heads_of(path)[seq - 1]).line())
    return "".join(rows).encode()


def counts(shelf: Shelf, until: str) -> tuple[int, int]:
    """How many journals have decisions up to a time, and how many decisions."""
    found = [0, 0]
    for _, _, path in journals(shelf):
        number = sum(one.at <= until for one in journal.good(path)[0])
        found[0] += number > 0
        found[1] += number
    return found[0], found[1]


def unlisted(at: str, was: tuple[int, int], now: tuple[int, int]) -> str:
    """What can be said where the list of a seal is gone or changed.

    Args:
        at: when it was sealed.
        was: how many journals and decisions were sealed.
        now: how many there are up to that time.
    """
    begun = (
        f"the list of what was sealed at {at} is gone or changed, and what the project has up to "
        f"then ({_words(*now)}) is not what was sealed ({_words(*was)})"
    )
    if now[0] < was[0] or now[1] < was[1]:
        return f"{begun}: something was cut"
    return (
        f"{begun}. Earlier decisions or files may have been merged or changed since, or the "
        "history rewritten: restore the list from a copy to see which"
    )


def _words(journals: int, decisions: int) -> str:
    return f"{counted(journals, 'journal')} with {counted(decisions, 'decision')}"
