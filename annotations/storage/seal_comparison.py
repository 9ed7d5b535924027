"""A project against the list of a seal: what is as it was, what grew, what changed, what is missing.

A journal may grow: the bytes that were sealed must still be its beginning. Documents, journals and
layers that came since are growth, whenever their decisions were made. A redaction changes bytes and
no hash, and is named as what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from annotations.errors import PurportError, StorageError
from annotations.messages import counted
from annotations.storage import journal, safe_open
from annotations.storage.finding import Finding
from annotations.storage.sealed_files import Kind, SealedFile, guide_of, places
from annotations.storage.shelf import Shelf

_MOST: Final = 50
"""Names that are listed of one group; the list in `seals/` has all."""

_DERIVED: Final = (Kind.GUIDE, Kind.SCHEMA, Kind.PROJECT, Kind.ANNOTATOR, Kind.LAYER)
"""What changes without a decision being lost."""


@dataclass(slots=True)
class Comparison:
    """What became of what was sealed.

    Attributes:
        at: when that was.
        unchanged: the paths of files that are as they were.
        grown: the journals that have more decisions than were sealed, and how many.
        added: the paths of files that came since.
        redacted: the paths of files that a redaction changed or took away.
        notes: what else is to be said.
        findings: what does not hold.
    """

    at: str
    unchanged: list[str] = field(default_factory=list)
    grown: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    redacted: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """What to print of it beside the findings."""
        yield f"since {self.at}:"
        yield from _listed("unchanged", self.unchanged)
        yield from _listed("grew", self.grown)
        yield from _listed("new", self.added)
        yield from _listed("redacted", self.redacted)
        yield from self.notes


def _listed(name: str, paths: Iterable[str]) -> Iterator[str]:
    """A line for each file of a group, up to a number of them, and one for all others."""
    paths = sorted(paths)
    yield from (f"{name}: {path}" for path in paths[:_MOST])
    if len(paths) > _MOST:
        yield f"{name}: {counted(len(paths) - _MOST, 'file')} more"


def compare(root: Path, shelf: Shelf, sealed: Iterable[SealedFile], at: str) -> Comparison:
    """Compare the project with the files of a seal, made at this time."""
    made, sealed = Comparison(at), list(sealed)
    check = _Check(root, shelf, made, {one.document for one in sealed if one.kind is Kind.TEXT})
    for one in sealed:
        check.look(one)
    seen = {one.path for one in sealed}
    made.added += sorted(path for _, path in places(root, shelf) if path not in seen)
    return made


class _Check:
    """Looks at one sealed file after the other.

    Args:
        root: the project's folder.
        shelf: its documents.
        made: where to put what is found.
        with_text: the documents whose text was sealed, and may have been redacted since.
    """

    def __init__(self, root: Path, shelf: Shelf, made: Comparison, with_text: set[str]) -> None:
        self._root, self._shelf, self._made, self._with_text = root, shelf, made, with_text
        self._is_redacted = cache(self._ask_redacted)

    def look(self, one: SealedFile) -> None:
        try:
            data = self._bytes(one)
        except FileNotFoundError:
            self._gone(one)
        except (OSError, PurportError) as error:
            self._found(one, f"it cannot be read ({error})")
        else:
            self._compare(one, data)

    def _bytes(self, one: SealedFile) -> bytes:
        if one.kind is Kind.GUIDE:
            return guide_of(self._root)
        return safe_open.read(self._root / one.path)

    def _compare(self, one: SealedFile, data: bytes) -> None:
        is_same = sha256(data[: one.size]).hexdigest() == one.sha256
        if one.kind is Kind.JOURNAL:
            self._journal(one, data, is_same=is_same)
        elif is_same and len(data) == one.size:
            self._made.unchanged.append(one.path)
        elif one.kind is Kind.DOCUMENT and self._is_redacted(one.document):
            self._made.redacted.append(one.path)
        elif one.kind is Kind.GUIDE:
            # It comes with the program and the schema, which is sealed by itself.
            self._made.notes.append(f"the guide is another than at {self._made.at}")
        else:
            self._found(one, f"it is not what was sealed at {self._made.at}")

    def _journal(self, one: SealedFile, data: bytes, *, is_same: bool) -> None:
        if is_same:
            more = data[one.size :].count(b"\n")
            if more:
                self._made.grown.append(f"{one.path}: from decision {one.seq} to {one.seq + more}")
            else:
                self._made.unchanged.append(one.path)
            return
        heads = heads_of(self._root / one.path)
        if problem := history_problem(heads, one.seq, one.head):
            self._found(one, problem)
        elif self._is_redacted(one.document):
            self._made.redacted.append(one.path)
        else:
            problem = "its hashes are those that were sealed, its bytes are not"
            self._found(one, problem)

    def _gone(self, one: SealedFile) -> None:
        if one.kind in (Kind.TEXT, Kind.LAYER) and self._is_redacted(one.document):
            self._made.redacted.append(one.path)
        elif one.kind is Kind.JOURNAL:
            self._found(one, f"it was sealed at decision {one.seq} and is gone")
        else:
            self._found(one, f"it was sealed at {self._made.at} and is gone")

    def _found(self, one: SealedFile, problem: str) -> None:
        path = str(self._root / one.path)
        lost = one.kind not in _DERIVED
        self._made.findings.append(Finding(one.document, path, problem, lost=lost))

    def _ask_redacted(self, document_id: str) -> bool:
        """Whether a document was redacted since it was sealed."""
        try:
            return document_id in self._with_text and self._shelf.is_redacted(document_id)
        except (PurportError, OSError):
            return False


def heads_of(path: Path) -> list[str]:
    """The hash of each decision of a journal, as far as it is good."""
    mark, heads = journal.Mark(), list[str]()
    try:
        lines = journal.good(path)[1]
    except StorageError:
        return heads
    for raw in lines:
        _, mark = journal.decode(raw, mark, path)
        heads.append(mark.head)
    return heads


def history_problem(heads: list[str], seq: int, head: str) -> str:
    """What is wrong with a journal that was sealed at this decision; empty if nothing is."""
    if len(heads) < seq:
        return (
            f"it is good up to decision {len(heads)} and was sealed at {seq}: "
            f"{seq - len(heads)} decisions were cut from its end or damaged"
        )
    if heads[seq - 1] != head:
        return f"decision {seq} is not the one that was sealed: the history was rewritten"
    return ""


def between(earlier: Iterable[SealedFile], later: Iterable[SealedFile]) -> Iterator[str]:
    """What two lists say of each other, a line for each group of files.

    A row that is in both commits to the same bytes. That a longer journal begins with the shorter
    one is not in the lists: the journal itself shows it, compared with each of the two seals.
    """
    before, after = ({one.path: one for one in each} for each in (earlier, later))
    both = before.keys() & after.keys()
    groups = {
        "the same in both seals": [path for path in both if before[path] == after[path]],
        "longer in the later seal": [
            path for path in both if after[path].seq > before[path].seq > 0
        ],
        "only in the earlier seal": list(before.keys() - after.keys()),
        "only in the later seal": list(after.keys() - before.keys()),
    }
    known = set().union(*groups.values())
    groups["not the same in both"] = list((before.keys() | after.keys()) - known)
    for name, paths in groups.items():
        yield from _listed(name, paths)
