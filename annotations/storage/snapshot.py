"""What a long journal left, kept in the cache folder, so that only its last lines are read.

A snapshot counts only while the SHA-256 of the journal's bytes up to it is the one that it names:
the journal proves it. It may be deleted at any time.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import platformdirs

from annotations import record_parser
from annotations.layer import Layer
from annotations.records import Plain
from annotations.storage.journal import Mark
from annotations.storage.layer_view import LayerView
from annotations.undo_stack import UndoStack

if TYPE_CHECKING:
    from hashlib import _Hash

VERSION: Final = 1
"""Of what follows, and of what decisions leave: another one is not read."""

WORTH: Final = 1 << 20
"""Bytes of a journal from which on it has a snapshot; reading so many takes about 0.1 s."""
_MOST: Final = 512 << 20
_PART: Final = 1 << 20


class Snapshot(NamedTuple):
    """What a journal left up to a mark."""

    layer: Layer
    rows: LayerView
    mark: Mark


Proven = tuple[Snapshot, "_Hash"]
"""A snapshot, and the hash of the journal's bytes up to it, to go on with."""


def place(journal: Path) -> str:
    """Where the snapshot of a journal is kept, if there is one."""
    name = sha256(os.path.abspath(journal).encode("utf-8", "surrogateescape")).hexdigest()[:32]  # noqa: PTH100 - links stay
    return f"{platformdirs.user_cache_dir('purport')}/snapshots/{name}.json"


def keep(journal: Path, layer: Layer, rows: LayerView, mark: Mark, digest: str) -> None:
    """Keep what a journal left, where there is a disk for it.

    Args:
        digest: the SHA-256 of the journal's bytes up to the mark.
    """
    undoable, redoable = layer.undoable.offsets(), layer.redoable.offsets()
    if undoable is None or redoable is None:
        return
    said = {
        "version": VERSION,
        "layer": layer.name,
        "document": layer.document,
        "sha256": digest,
        "mark": [mark.length, mark.seq, mark.head, mark.text],
        "at": layer.at,
        "made_at": layer.made_at,
        "is_redacted": layer.is_redacted,
        "state": layer.state.plain(),
        "annotations": [one.plain() for one in layer.annotations.values()],
        "revisions": layer.revisions,
        "undoable": undoable,
        "redoable": redoable,
        "undone_at": layer.undone_at,
        "view": rows.plain(),
    }
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    path = place(journal)
    with suppress(OSError):
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = f"{path}.{secrets.token_hex(4)}.tmp"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
                file.write(sha256(body).hexdigest().encode() + b"\n" + body)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise


def forget(journal: Path) -> None:
    """Delete the snapshot of a journal."""
    with suppress(OSError):
        Path(place(journal)).unlink()


def load(journal: Path, descriptor: int, name: str, document: str) -> Proven | None:
    """The snapshot of a journal, if there is one that the open journal proves.

    Raises:
        OSError: the journal cannot be read.
    """
    said = _said(place(journal))
    if said is None:
        return None
    try:
        if said["version"] != VERSION:
            return None
        if (said["layer"], said["document"]) != (name, document):
            return None
        length = _number(said["mark"][0])
        if not WORTH // 2 <= length <= os.fstat(descriptor).st_size:
            return None
        digest = _digest(descriptor, length)
        if digest.hexdigest() != said["sha256"]:
            return None
        return _parsed(said, length, os.fstat(descriptor).st_ino), digest
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None


def _said(path: str) -> Plain | None:
    """What a snapshot says, if it is whole."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        with os.fdopen(descriptor, "rb") as file:
            if os.fstat(file.fileno()).st_size > _MOST:
                return None
            head, _, body = file.read().partition(b"\n")
        said = json.loads(body) if sha256(body).hexdigest().encode() == head else None
    except (OSError, ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _digest(descriptor: int, length: int) -> _Hash:
    """The SHA-256 of the first bytes of an open file."""
    digest, offset = sha256(), 0
    while offset < length and (part := os.pread(descriptor, min(_PART, length - offset), offset)):
        digest.update(part)
        offset += len(part)
    return digest


def _parsed(said: Plain, length: int, inode: int) -> Snapshot:
    layer = Layer(said["layer"], said["document"])
    for plain in said["annotations"]:
        record = record_parser.annotation(plain)
        layer.annotations[record.id] = record
    layer.state = record_parser.state(said["state"])
    _, seq, head, text = said["mark"]
    layer.seq, layer.at, layer.made_at = _number(seq), _text(said["at"]), _text(said["made_at"])
    layer.is_redacted = bool(said["is_redacted"])
    layer.revisions = {str(own): _number(rev) for own, rev in said["revisions"].items()}
    layer.undoable = _stack(said["undoable"], length)
    layer.redoable = _stack(said["redoable"], length)
    layer.undone_at = [_text(one) for one in said["undone_at"]]
    if len(layer.undone_at) != len(layer.redoable):
        raise ValueError("not as many times as decisions")
    rows = LayerView.of(said["view"], layer)
    return Snapshot(layer, rows, Mark(inode, length, layer.seq, _text(head), _text(text)))


def _stack(offsets: list[Any], length: int) -> UndoStack:
    stack = UndoStack()
    for offset in offsets:
        if not 0 <= _number(offset) < length:
            raise ValueError("not a place in the journal")
        stack.push(None, offset)
    return stack


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("not a number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
