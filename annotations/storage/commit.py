"""The commit of a decision: its line is on the disk, or it is gone, or the error leaves it open."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from annotations import messages
from annotations.errors import ForkedError, UnsettledError
from annotations.storage import disk, safe_open
from annotations.storage.disk import explained, sync, write_all


class Doubt(NamedTuple):
    """A line of which nobody knows whether it is on the disk.

    Attributes:
        offset: where in the journal it begins, in bytes.
        line: with its line feed.
        at: when it was decided.
    """

    offset: int
    line: bytes
    at: str


def append(descriptor: int, path: Path, length: int, line: bytes) -> None:
    """Write one line after the first `length` bytes, on the disk itself, under the caller's lock.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: the journal is as it was.
        UnsettledError: the line may be there.
        ForkedError: the line is there, and so is another process's; locks do nothing here.
    """
    with explained(path):
        try:
            write_all(descriptor, line)
            os.fsync(descriptor)
            if not length:
                sync(path)
            is_in_place = _is_in_place(descriptor, length, line)
        except OSError as error:
            if not _take_back(descriptor, length, len(line)):
                words = messages.UNSETTLED.format(reason=error.strerror, path=path)
                raise UnsettledError(words) from error
            raise
    if not is_in_place:
        # Nothing is cut: what is after `length` may be a decision that somebody was told is saved.
        fork = ForkedError(messages.LOCKLESS.format(path=path))
        fork.saved = None
        raise fork


def _is_in_place(descriptor: int, length: int, line: bytes) -> bool:
    """Whether the line follows what was read; where locks do nothing, another may be in between."""
    end = os.lseek(descriptor, 0, os.SEEK_CUR)
    return end == length + len(line) and os.pread(descriptor, len(line), length) == line


def _take_back(descriptor: int, length: int, size: int) -> bool:
    """Cut off what was written of a line of `size` bytes; whether the line can never come back.

    A part of a line has no line feed, so it is no decision even if it cannot be cut.
    """
    try:
        is_whole = os.fstat(descriptor).st_size >= length + size
    except OSError:
        is_whole = True
    try:
        os.ftruncate(descriptor, length)
        os.fsync(descriptor)  # or a power cut could bring the line back
    except OSError:
        return not is_whole
    return True


def settle(descriptor: int, path: Path, doubt: Doubt) -> bool:
    """Make durable what a journal has of a doubtful line, under the caller's lock; whether it is there.

    A failed `fsync` marks what it could not write as written, so that is written again.

    Args:
        descriptor: of the journal, not opened to append.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: the doubt is as it was.
    """
    with explained(path):
        size = os.fstat(descriptor).st_size
        there = os.pread(descriptor, len(doubt.line), doubt.offset)
        if there == doubt.line:
            os.pwrite(descriptor, there, doubt.offset)
            os.fsync(descriptor)
            if not doubt.offset:
                sync(path)
            return True
        if b"\0" in there and size == doubt.offset + len(doubt.line):
            set_aside(descriptor, path, doubt.offset, there)  # a part of it that was never written
        else:
            if size == doubt.offset:
                os.ftruncate(descriptor, size + 1)  # a change, so that there is a size to write
                os.ftruncate(descriptor, size)
            os.fsync(descriptor)
    return False


def set_aside(descriptor: int, path: Path, length: int, torn: bytes) -> None:
    """Cut an unterminated last line, which nobody was told is saved, and keep a copy beside it.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: the line is still there, or it is gone and the
            copy is there.
    """
    with explained(path):
        copy, kept = safe_open.create_beside(path.with_name(path.name + ".torn"))
        try:
            try:
                write_all(kept, torn + b"\n")
                os.fsync(kept)
            finally:
                _close(kept)
            sync(copy)
            os.ftruncate(descriptor, length)
        except OSError:
            disk.discard(copy)  # or each further attempt would leave one
            raise
        os.fsync(descriptor)


def _close(descriptor: int) -> None:
    """Close a file; what had to be durable is."""
    with suppress(OSError):
        os.close(descriptor)
