"""The journal: decisions as JSON lines, append-only, each with the hash of the one before.

A line is one JSON object. `body` holds what may have to be erased one day; the chain commits to
it only by `body_sha`, so that it can be, and the chain still verifies. FORMAT.md has it exactly:

    body_sha = SHA-256(salt + canonical(body))
    hash     = SHA-256(canonical(v, seq, at, by, layer, document, action, prev, body_sha))

`canonical` is JSON in UTF-8 with sorted keys and no white space; `prev` is the hash of the line
before, and sixty-four zeros in the first. The first line of format 2 has a member more in its
hash: `text`, the SHA-256 of the text that the journal decides on.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from annotations import decision_parser, messages
from annotations.errors import (
    CorruptError,
    ForkedError,
    NewerFormatError,
    RefusedError,
    StorageError,
)
from annotations.field_checks import RecordError
from annotations.layer import Layer
from annotations.records import Action, Decision, Plain
from annotations.storage import fork, open_folder, safe_open
from annotations.storage.disk import readable
from annotations.storage.fork import Fork, Link

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

VERSION: Final = 2
GENESIS: Final = "0" * 64
MIGRATIONS: Final[dict[int, Callable[[Plain], Plain]]] = {1: lambda line: line | {"v": 2}}
"""For each version before this one, what makes a line of it one of the next, without its hashes.

Journals are never rewritten: an older line is checked as it was written, then read as it would be
written today. Version 2 has the hash of the text in its first line; nothing else is different.
"""
# Made once: json.dumps would make one for each call.
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_HEAD: Final = ("v", "seq", "at", "by", "layer", "document", "action", "prev", "body_sha")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = 1 << 20
"""Bytes that are read at once."""

_BINDS_TEXT: Final = 2
"""From this version on, a journal's first line names the text."""


class Mark(NamedTuple):
    """How far a journal has been read.

    Attributes:
        inode: the file's, so that another file in its place is noticed.
        length: bytes read, all of them complete lines.
        seq: the last decision read.
        head: its hash.
        text: the SHA-256 of the text that the journal names; empty before a line does.
    """

    inode: int = 0
    length: int = 0
    seq: int = 0
    head: str = GENESIS
    text: str = ""

    def behind(self, line: bytes, head: str, text: str = "") -> Mark:
        """The mark behind one more line, of that hash, which names that text if any."""
        length = self.length + len(line)
        return Mark(self.inode, length, self.seq + 1, head, self.text or text)


def canonical(value: Any) -> bytes:
    """The one byte string that stands for a JSON value."""
    return _canonical(value).encode("utf-8")


def encode(decision: Decision, prev: str, text: str = "") -> tuple[bytes, str]:
    """The decision's line, with its line break, and its hash.

    Args:
        decision: what was decided.
        prev: the hash of the line before.
        text: the SHA-256 of the document's text, where no line before names it (`Mark.text`).

    Raises:
        RefusedError: a note or a name holds half a character, which UTF-8 has no bytes for.
    """
    try:
        return _encode(decision, prev, text)
    except UnicodeEncodeError as error:
        raise RefusedError(
            f"Not saved: {error.object[error.start]!r} is half a character. Type it again."
        ) from None


def _encode(decision: Decision, prev: str, text: str) -> tuple[bytes, str]:
    body: Plain = {"changes": [change.plain() for change in decision.changes]}
    for name in ("of", "session", "app", "reason"):
        if value := getattr(decision, name):
            body[name] = value
    salt, body_bytes = secrets.token_hex(16), canonical(body)
    line: Plain = {
        "v": VERSION,
        "seq": decision.seq,
        "at": decision.at,
        "by": decision.by,
        "layer": decision.layer,
        "document": decision.document,
        "action": str(decision.action),
        "prev": prev,
        "body_sha": sha256(salt.encode() + body_bytes).hexdigest(),
    }
    if text:
        line["text"] = text
    line["hash"] = sha256(canonical(line)).hexdigest()
    line["salt"] = salt
    head = _compact(line).encode("utf-8")
    return b'%s,"body":%s}\n' % (head[:-1], body_bytes), line["hash"]  # canonical is JSON, too


def decode(raw: bytes, mark: Mark, path: Path) -> tuple[Decision, Mark]:
    """The decision of one complete line, and the mark behind it.

    Raises:
        CorruptError: it is not the line that was written there.
        NewerFormatError: a later version of purport wrote it.
    """
    seq = mark.seq + 1
    try:
        line = json.loads(raw)
        if line["v"] > VERSION:
            words = messages.NEWER_DECISION.format(
                path=path, seq=seq, found=line["v"], known=VERSION
            )
            raise NewerFormatError(words)
        head = {name: line[name] for name in _HEAD}
        if (line["seq"], line["prev"]) != (seq, mark.head):
            raise ValueError("it does not follow the one before")
        if text := _bound(line, mark):
            head["text"] = text
        if line["hash"] != sha256(canonical(head)).hexdigest():
            raise ValueError("who, when or which was changed")
        is_erased = line.keys() == {*head, "hash"}
        if not is_erased:
            body_sha = sha256(line["salt"].encode() + canonical(line["body"])).hexdigest()
            if line["body_sha"] != body_sha:
                raise ValueError("what was decided was changed")
        digest = line["hash"]
        for version in range(line["v"], VERSION):
            line = MIGRATIONS[version](line)
        body = {} if is_erased else line["body"]
        decision = decision_parser.decision(line, body, is_erased=is_erased)
    except RecordError as error:
        raise _corrupt(path, seq, str(error), mark.seq, messages.MALFORMED) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _corrupt(path, seq, str(error), mark.seq) from None
    return decision, mark.behind(raw + b"\n", digest, text)


def _bound(line: Plain, mark: Mark) -> str:
    """The hash of the text that a line has to name; empty where it need not.

    Raises:
        ValueError: it does not, or does so out of place.
    """
    if line["v"] < _BINDS_TEXT:
        if mark.text:
            raise ValueError("it has an older format than the one before")
        return ""
    if mark.text:
        if "text" in line:
            raise ValueError("it names a text, and a line before it does already")
        return ""
    text = line["text"]
    if not _HASH.fullmatch(text) or not text.startswith(line["document"]):
        raise ValueError("the SHA-256 in it is not one of the document's text")
    return str(text)


def _corrupt(
    path: Path, seq: int, reason: str, last: int, words: str = messages.CORRUPT
) -> CorruptError:
    layer = path.name.removesuffix(".log")
    return CorruptError(words.format(path=path, seq=seq, reason=reason, last=last, layer=layer))


def erased(raw: bytes) -> bytes:
    """A complete line, without its line break, as it is when its body and salt are erased."""
    line = json.loads(raw)
    names = (*_HEAD, "text") if "text" in line else _HEAD
    kept = {name: line[name] for name in (*names, "hash")}
    return _compact(kept).encode("utf-8")


def good(path: Path) -> tuple[list[Decision], list[bytes], Mark, StorageError | None]:
    """As far as a journal is whole: decisions, their lines, the mark, and what is wrong behind it.

    Raises:
        DiskError: it cannot be read.
    """
    try:
        with readable(path):
            *lines, _ = safe_open.read(path).split(b"\n")
    except FileNotFoundError:
        lines = []
    decisions: list[Decision] = []
    mark, problem = Mark(), None
    for raw in lines:
        try:
            decision, mark = decode(raw, mark, path)
        except StorageError as error:
            problem = error
            break
        decisions.append(decision)
    whole, reason = _followed(decisions, path)
    if reason is not None:
        problem = reason  # what could not be read comes after it
        decisions, mark = decisions[:whole], Mark()
        for raw in lines[:whole]:
            _, mark = decode(raw, mark, path)
    return decisions, lines[: len(decisions)], mark, problem


def _followed(decisions: list[Decision], path: Path) -> tuple[int, CorruptError | None]:
    """How many decisions follow from each other, and what is wrong with the next one."""
    end, reason = len(decisions), None
    unaccounted = _unaccounted(decisions)
    if unaccounted is not None:
        end, reason = unaccounted, _corrupt(path, unaccounted + 1, _MISSING, unaccounted)
    layer = Layer(path.name.removesuffix(".log"), decisions[0].document if decisions else "")
    try:
        for decision in decisions[:end]:
            layer.apply(decision)
    except CorruptError as error:
        end, reason = layer.seq, error
    return end, reason


_MISSING: Final = "what was decided is gone, and no redaction says why"


def _unaccounted(decisions: list[Decision]) -> int | None:
    """The place of the first erased decision that no later redaction accounts for."""
    last = max(
        (
            at
            for at, one in enumerate(decisions)
            if one.action is Action.REDACT and not one.is_erased
        ),
        default=-1,
    )
    return next((at for at, one in enumerate(decisions) if one.is_erased and at > last), None)


def read(path: Path, mark: Mark | None = None) -> tuple[list[Decision], Mark, bytes]:
    """What came since `mark`: decisions, the new mark, and an unterminated last line, if any.

    A journal that is not there is an empty one.

    Raises:
        CorruptError: a complete line fails its hash, or the file is shorter than it was.
        NewerFormatError: a later version of purport wrote in it.
    """
    try:
        with readable(path):
            descriptor = safe_open.open_file(path)
    except FileNotFoundError:
        return [], Mark(), b""
    try:
        with readable(path):
            return read_open(descriptor, path, mark)
    finally:
        os.close(descriptor)


def read_open(
    descriptor: int, path: Path, mark: Mark | None = None
) -> tuple[list[Decision], Mark, bytes]:
    """`read`, of a file that is open already."""
    reader = Reader(descriptor, path, resumed(descriptor, path, mark or Mark()))
    decisions = [one for one, _ in reader.decisions(os.fstat(descriptor).st_size)]
    return decisions, reader.mark, reader.torn


def resumed(descriptor: int, path: Path, mark: Mark) -> Mark:
    """Where reading goes on in an open journal: at the mark, or at the start of another file.

    Raises:
        CorruptError: the file is shorter than it was.
    """
    about = os.fstat(descriptor)
    if mark.inode and mark.inode != about.st_ino:
        mark = Mark()
    if about.st_size < mark.length:
        words = messages.CUT.format(path=path, count=mark.length - about.st_size)
        raise CorruptError(words)
    return mark._replace(inode=about.st_ino)


class Reader:
    """Reads the lines of an open journal from a mark on.

    Attributes:
        mark: behind what was read so far.
        torn: an unterminated last line, if there is any, once all was read.
    """

    def __init__(self, descriptor: int, path: Path, mark: Mark) -> None:
        self._descriptor, self._path = descriptor, path
        self.mark, self.torn = mark, b""

    def decisions(self, size: int, digest: Hash | None = None) -> Iterator[tuple[Decision, int]]:
        """The decisions, each with the place where its line begins, in bytes.

        Args:
            size: of the file, as far as it is known.
            digest: takes in the lines that are read.

        Raises:
            CorruptError, NewerFormatError: as `decode`.
            ForkedError: it went on in two ways.
            UnsafeFileError: it is larger than a journal may be.
        """
        missing = 0  # the first erased decision that no redaction accounts for so far
        for raw in self._lines(size, digest):
            offset = self.mark.length
            try:
                decision, self.mark = decode(raw, self.mark, self._path)
            except CorruptError:
                if fork := forked(open_folder.read_open(self._descriptor, self._path), self._path):
                    raise ForkedError(fork.words(self._path)) from None
                raise
            if decision.is_erased:
                missing = missing or decision.seq
            elif decision.action is Action.REDACT:
                missing = 0
            yield decision, offset
        if missing:
            raise _corrupt(self._path, missing, _MISSING, missing - 1)

    def _lines(self, size: int, digest: Hash | None) -> Iterator[bytes]:
        left, offset = b"", self.mark.length
        while part := os.pread(self._descriptor, min(max(size - offset, 0) + 1, _PART), offset):
            offset += len(part)
            size = max(size, offset)
            open_folder.check_size(self._path, size)
            *lines, left_now = (left + part if left else part).split(b"\n")
            if digest is not None and lines:
                digest.update((left + part)[: len(left) + len(part) - len(left_now)])
            left = left_now
            yield from lines
        self.torn = left


def forked(data: bytes, path: Path) -> Fork | None:
    """The ways on which a journal went on; None where it is whole, or wrong in another way."""
    return fork.found(data.split(b"\n")[:-1], GENESIS, lambda raw: _link(raw, path))


def decode_alone(raw: bytes, path: Path) -> tuple[Decision, Mark]:
    """`decode`, of a line of which it is not known what comes before it.

    Raises:
        CorruptError, NewerFormatError: as `decode`; any line before it is right.
    """
    try:
        line = json.loads(raw)
        seq, prev, version = line["seq"], line["prev"], line["v"]
        text = "" if version < _BINDS_TEXT or "text" in line else _UNKNOWN
        mark = Mark(seq=seq - 1, head=prev, text=text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _corrupt(path, 0, str(error), 0) from None
    return decode(raw, mark, path)


_UNKNOWN: Final = "?"
"""The text of a line before, which names one."""


def _link(raw: bytes, path: Path) -> Link | None:
    try:
        decision, mark = decode_alone(raw, path)
    except (CorruptError, NewerFormatError):
        return None
    return Link(raw, mark.head, json.loads(raw)["prev"], decision.at)
