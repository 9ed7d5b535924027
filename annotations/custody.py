"""What is done with a project's history: sealing, replaying, erasing, saving what is good."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from annotations import changes, messages
from annotations.errors import (
    ForkedError,
    InputError,
    PurportError,
    RefusedError,
    StorageError,
    UnknownError,
)
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Change, Decision, State, Status
from annotations.storage import disk, journal, mount, redaction, safe_open, text_hash, view
from annotations.storage import seal as seals
from annotations.storage.join import Joined
from annotations.storage.join import join as join_journal
from annotations.storage.layer_view import LayerView
from annotations.storage.ledger import JOURNAL, VIEW, Ledger
from annotations.storage.roster import app_name
from annotations.storage.seal_comparison import Comparison
from annotations.storage.shelf import Shelf, layer_name

# Seals


def seal(project: Project) -> str:
    """The line that commits to the project as it is now: texts, records, journals, models' layers.

    Raises:
        CorruptError: a journal does not hold.
        DiskFullError, ReadOnlyError, DiskError: the list could not be kept beside it.
    """
    return str(seals.make(project.root, Shelf(project.root)))


def check(project: Project, line: str) -> Comparison:
    """What became of what was sealed when the line was made; its findings do not hold.

    Raises:
        InputError: it is not a seal.
    """
    return seals.check(project.root, Shelf(project.root), line)


def between(project: Project, line: str, other: str) -> list[str]:
    """What two seals of format 2 say of each other, from their lists.

    Raises:
        InputError: one is not a seal of format 2.
    """
    return seals.statement(project.root, line, other)


# Replay


@dataclass(frozen=True, slots=True)
class Replay:
    """A layer as it was.

    Attributes:
        layer: as the decisions up to then left it.
        data: the TinyDB file that stood on the disk then, byte for byte.
    """

    layer: Layer
    data: bytes


def replayed(
    project: Project, document_id: str, until: str | int, name: str | None = None
) -> Replay:
    """A person's layer as it was at a time (ISO 8601, UTC), or after so many decisions.

    Raises:
        UnknownError: nobody of that name has decided anything on the document.
        CorruptError: its journal fails its hashes.
    """
    name = layer_name(name or project.annotator)
    path = Shelf(project.root).folder(document_id) / f"{name}{JOURNAL}"
    if not safe_open.exists(path):
        people = ", ".join(project.people(document_id)) or "nobody yet"
        raise UnknownError(
            f"{name!r} has decided nothing on document {document_id}; who has: {people}."
        )
    layer, rows, mark = Layer(name, document_id), LayerView(), journal.Mark()
    decisions, _, _ = journal.read(path)
    for decision, raw in zip(decisions, safe_open.read(path).split(b"\n"), strict=False):
        if decision.seq > until if isinstance(until, int) else decision.at > until:
            break
        layer.apply(decision)
        rows.follow(decision)
        _, mark = journal.decode(raw, mark, path)
    return Replay(layer, rows.data(layer, mark))


def keep_replay(project: Project, made: Replay, name: str) -> int:
    """Keep what stood in a replay as a layer to compare with; returns how many annotations.

    Raises:
        InputError: the name belongs to a person.
    """
    standing = {one.id: changes.suggested(one, name) for one in made.layer if one.status.stands}
    about: dict[str, object] = {"replay": made.layer.name, "seq": made.layer.seq}
    about["at"] = made.layer.at
    project.replace_layer(
        made.layer.document, Layer(name, made.layer.document, dict(standing), model=about)
    )
    return len(standing)


# Erasing


def redact(project: Project, document_id: str, reason: str) -> Iterator[str]:
    """Erase a document's words and tell what was erased, file by file.

    Raises:
        InputError: there is no reason given.
        StorageError: give the command again to go on.
    """
    if not reason.strip():
        raise InputError("A redaction needs a reason: --reason WORDS. It is kept for good.")
    if project.readonly:
        raise InputError(project.readonly)
    made = redaction.Redaction(project.annotator, reason.strip(), secrets.token_hex(4), app_name())
    yield from redaction.redact(Shelf(project.root), document_id, made)
    Shelf(project.root).touch(document_id)
    project.look().index.scrub()


def redacted(project: Project, document_id: str | None = None) -> Iterator[str]:
    """A line for each document that was redacted."""
    shelf = Shelf(project.root)
    for one in [document_id] if document_id else sorted(shelf.ids()):
        with suppress(PurportError):
            if words := shelf.redacted(one):
                yield words


# Saving what is good


def salvage(project: Project, document_id: str, source: str, name: str) -> int:
    """Copy the good decisions of a damaged journal into a layer of another name; how many.

    The damaged journal stays as it is.

    Raises:
        InputError: the name is taken, or nothing is damaged.
    """
    shelf = Shelf(project.root)
    folder = shelf.folder(document_id)
    path, target = (
        folder / f"{layer_name(source)}{JOURNAL}",
        folder / f"{layer_name(name)}{JOURNAL}",
    )
    if safe_open.exists(target) or safe_open.exists(target.with_suffix(VIEW)):
        raise InputError(f"There is a layer {name!r} already. Choose another name.")
    if not safe_open.exists(path):
        raise UnknownError(f"{source!r} has decided nothing on document {document_id}.")
    decisions, _, mark, problem = journal.good(path)
    if problem is None:
        raise InputError(f"{path}: every decision is good; there is nothing to salvage.")
    lines, head, text = [], journal.GENESIS, mark.text or text_hash.measured(folder)
    for decision in decisions:
        line, head = journal.encode(replace(decision, layer=name), head, text)
        lines.append(line)
        text = ""
    disk.replace(target, b"".join(lines))
    Ledger(folder, document_id, name).layer()
    return len(decisions)


def forked(project: Project, name: str) -> list[str]:
    """The documents on which a person's journal went on in two ways."""
    shelf = Shelf(project.root)
    found = []
    for one in sorted(shelf.ids()):
        try:
            journal.read(shelf.folder(one) / f"{layer_name(name)}{JOURNAL}")
        except ForkedError:
            found.append(one)
        except StorageError:
            continue  # `verify` names it
    return found


def join(project: Project, document_id: str, name: str) -> Joined:
    """Let the decisions of all sides of a forked journal follow each other.

    Raises:
        InputError: it is not forked, or one side redacted the document; nothing was changed.
        StorageError: nothing was changed.
    """
    if project.readonly:
        raise InputError(project.readonly)
    shelf = Shelf(project.root)
    folder, name = shelf.folder(document_id), layer_name(name)
    path = folder / f"{name}{JOURNAL}"
    if not safe_open.exists(path):
        raise UnknownError(f"{name!r} has decided nothing on document {document_id}.")
    joined = join_journal(path, project.document(document_id).text, project.schema)
    Ledger(folder, document_id, name).layer()
    shelf.touch(document_id)
    return joined


def adopt(project: Project, document_id: str) -> Decision:
    """Keep what somebody changed in the annotator's TinyDB file as a decision of the annotator.

    Raises:
        InputError: nothing was changed there.
        RefusedError, SpanError: the schema or the text does not allow it; the file is as it was.
    """
    path, wanted = _edited(project, document_id)
    found = safe_open.read(path)
    copy = path.with_name(f"{path.name}.edited")
    disk.replace(copy, found)
    _renew(project, document_id)
    try:
        decision = project.decide(document_id, Action.ADOPT, wanted)
    except PurportError:
        disk.replace(path, found)
        raise
    finally:
        disk.discard(copy)
    return decision


def discard(project: Project, document_id: str) -> int:
    """Make the annotator's TinyDB file anew from the journal; how many records were changed in it.

    Raises:
        InputError: nothing was changed there.
    """
    wanted = _edited(project, document_id)[1]
    _renew(project, document_id)
    return len(wanted)


def _edited(project: Project, document_id: str) -> tuple[Path, list[Change]]:
    path = Shelf(project.root).folder(document_id) / f"{project.annotator}{VIEW}"
    held, layer = view.load(path), project.layer(document_id)
    if held is None or not (ids := view.differing(held, layer)):
        raise InputError(f"{path}: it is what the journal says; nothing was changed in it.")
    return path, [_change(layer, held, one) for one in ids]


def _change(layer: Layer, held: Layer, record_id: str) -> Change:
    before = layer.record(record_id)
    if record_id == State.id:
        return Change(before, held.state)
    after = held.annotations.get(record_id)
    if after is None or after.status is not Status.ACCEPTED or before is None:
        if after is not None and after.status is Status.SUGGESTED:
            raise RefusedError(
                f"Not saved: {record_id} is a suggestion; a person's layer has none."
            )
        return Change(before, after)
    # What was accepted as suggested, and is something else now, is a correction.
    return Change(before, changes.accept(replace(after, status=Status.CORRECTED)).after)


def _renew(project: Project, document_id: str) -> None:
    folder = Shelf(project.root).folder(document_id)
    disk.discard(folder / f"{project.annotator}{VIEW}")
    Ledger(folder, document_id, project.annotator).layer()


def warnings(project: Project, document_id: str) -> list[str]:
    """What a person should know before deciding on a document: damage, edits by hand, the disk."""
    standing = project.standing(document_id)
    found = [standing.words] if standing.words else []
    if disk_kind := mount.network(project.root):
        found.append(messages.NETWORK.format(folder=project.root, kind=disk_kind))
    return found
