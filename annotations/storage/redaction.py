"""Erasing on request: the words go, the chain stays, and a decision says who did it and why.

Each step is whole or not there, and all of it can be done again after an interruption: first
`document.json` says that the document is redacted, then each journal is replaced by one without
bodies and salts that ends in the decision, then text, models' layers and leftovers go.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from annotations.errors import CorruptError, PurportError, StorageError
from annotations.records import Action, Decision, Plain
from annotations.storage import disk, journal, safe_open, snapshot, text_hash, unsettled, view
from annotations.storage.ledger import JOURNAL, VIEW, Ledger, after
from annotations.storage.lock import exclusive
from annotations.storage.shelf import ABOUT, Shelf

TITLE: Final = "(redacted)"
_KEPT: Final = ("format", "id", "added_at", "characters", "sha256")


@dataclass(frozen=True, slots=True)
class Redaction:
    """Who erases, why, and in which run of which program."""

    by: str
    reason: str
    session: str = ""
    app: str = ""


def redact(shelf: Shelf, document_id: str, made: Redaction) -> Iterator[str]:
    """Erase a document; tells what was erased, a line for each file.

    Raises:
        UnknownError: there is no such document.
        LockedError: another process held a journal.
        DiskFullError, ReadOnlyError, DiskError: give the command again to go on.
    """
    folder = shelf.folder(document_id)
    _mark(shelf, document_id, made)
    for name in sorted({*shelf.layers(document_id)[0], made.by}):
        path = folder / f"{name}{JOURNAL}"
        snapshot.forget(path)  # both have words of the text
        unsettled.forget(unsettled.place(path))
        if not is_done(path):
            erased, lost = _erase(path, document_id, name, made)
            yield f"{name}: what {erased} decisions changed is erased" + (
                f"; {lost} bytes that could not be read are gone" if lost else ""
            )
            disk.discard(folder / f"{name}{VIEW}")
        Ledger(folder, document_id, name).layer()  # which makes the view
    for path in leftovers(shelf, document_id):
        with disk.explained(path), suppress(FileNotFoundError):
            safe_open.remove(path)
        yield f"{path.name}: deleted"
    with disk.explained(folder):
        disk.sync(folder / ABOUT)


def redactors(about: Plain) -> set[str]:
    """Who redacted a document, by its `document.json`: who began, and who went on."""
    said = about.get("redacted") or {}
    return {said["by"], *said.get("with", ())} if "by" in said else set()


def is_done(path: Path) -> bool:
    """Whether a journal ends in a redaction and no line before it has a body."""
    decisions, _, _, problem = journal.good(path)
    return bool(
        not problem
        and decisions
        and decisions[-1].action is Action.REDACT
        and all(one.is_erased or one.action is Action.REDACT for one in decisions)
    )


def leftovers(shelf: Shelf, document_id: str) -> list[Path]:
    """What of a redacted document's folder still holds its words."""
    folder, (people, _) = shelf.folder(document_id), shelf.layers(document_id)
    kept = {ABOUT, *(f"{name}{ending}" for name in people for ending in (JOURNAL, VIEW))}
    names = sorted(entry.name for entry in safe_open.entries(folder))
    return [folder / name for name in names if name not in kept]


def _mark(shelf: Shelf, document_id: str, made: Redaction) -> None:
    about: Plain = {"format": view.VERSION, "id": document_id, "characters": 0}
    about["added_at"] = after("")
    with suppress(CorruptError):  # damage is no reason to keep the words
        about = shelf.about(document_id)
    path = shelf.folder(document_id) / ABOUT
    if "redacted" in about:
        if made.by not in redactors(about):
            with_others = sorted({*about["redacted"].get("with", ()), made.by})
            said = about | {"redacted": about["redacted"] | {"with": with_others}}
            disk.replace(path, view.dump({"document": {1: said}}))
        return
    kept: Plain = {name: about[name] for name in _KEPT if name in about}
    kept |= {"title": TITLE, "source": "", "metadata": {}}
    kept["redacted"] = {"by": made.by, "at": after(""), "reason": made.reason}
    disk.replace(path, view.dump({"document": {1: kept}}))


def _erase(path: Path, document_id: str, name: str, made: Redaction) -> tuple[int, int]:
    """Put a journal without bodies in the place of one; how many lines and stray bytes it had."""
    with disk.explained(path):
        descriptor = safe_open.open_or_create(path, os.O_RDWR)
    try:
        with exclusive(descriptor, path):
            decisions, lines, mark, _ = journal.good(path)
            lost = os.fstat(descriptor).st_size - mark.length
            last = decisions[-1].at if decisions else ""
            decision = Decision(
                seq=mark.seq + 1,
                at=after(last),
                by=made.by,
                layer=name,
                document=document_id,
                action=Action.REDACT,
                changes=(),
                session=made.session,
                app=made.app,
                reason=made.reason,
            )
            text = "" if mark.text else _text(path.parent)
            line, _ = journal.encode(decision, mark.head, text)
            kept = [
                raw if one.action is Action.REDACT else journal.erased(raw)
                for one, raw in zip(decisions, lines, strict=True)
            ]
            disk.replace(path, b"".join(raw + b"\n" for raw in kept) + line)
    finally:
        os.close(descriptor)
    return len(decisions), lost


def _text(folder: Path) -> str:
    """The hash that a journal binds: the text may be damaged, or gone from an earlier attempt."""
    with suppress(StorageError):
        return text_hash.measured(folder)
    with suppress(StorageError):
        if (known := text_hash.recorded(folder)).startswith(folder.name):
            return known
    return text_hash.unknown(folder.name)


def unfinished(shelf: Shelf, document_id: str) -> Iterator[tuple[Path, str]]:
    """What a redaction that was interrupted has left: the file, and what to do."""
    hint = "the redaction was interrupted; give purport redact again"
    for path in leftovers(shelf, document_id):
        if not path.name.endswith(disk.TEMPORARY):
            yield path, f"it is still there: {hint}"
    for name in shelf.layers(document_id)[0]:
        path = shelf.folder(document_id) / f"{name}{JOURNAL}"
        with suppress(PurportError):
            if not is_done(path):
                yield path, f"it still holds words: {hint}"
