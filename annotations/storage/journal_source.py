"""Decisions read from a journal where one is asked for; the rest of it stays on the disk."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotations import messages
from annotations.errors import CorruptError
from annotations.records import Decision
from annotations.storage import journal, safe_open
from annotations.storage.disk import readable

_CHUNK = 1 << 12
_PART = 1 << 20


class JournalSource:
    """The decisions of a journal that was read before, by where their lines begin.

    Args:
        inode: the file's, so that another file in its place is noticed.
    """

    def __init__(self, path: Path, inode: int) -> None:
        self._path, self._inode = path, inode

    def at(self, offset: int) -> Decision:
        """The decision whose line begins there.

        Raises:
            CorruptError: the file was changed since.
            DiskError: it cannot be read.
        """
        with self._open() as descriptor:
            raw = b""
            while part := os.pread(descriptor, _CHUNK, offset + len(raw)):
                line, end, _ = part.partition(b"\n")
                raw += line
                if end:
                    return journal.decode_alone(raw, self._path)[0]
        raise self._changed()

    def mentioning(self, record_id: str) -> set[int]:
        """Where the lines begin that may change a record."""
        sought = b'"annotation":' + json.dumps(record_id, ensure_ascii=False).encode("utf-8")
        found, offset, left = set[int](), 0, b""
        with self._open() as descriptor:
            while part := os.pread(descriptor, _PART, offset + len(left)):
                data = left + part
                whole = data.rfind(b"\n") + 1
                place = data.find(sought, 0, whole)
                while place >= 0:
                    found.add(offset + data.rfind(b"\n", 0, place) + 1)
                    place = data.find(sought, data.find(b"\n", place), whole)
                offset, left = offset + whole, data[whole:]
        return found

    @contextmanager
    def _open(self) -> Iterator[int]:
        try:
            with readable(self._path):
                descriptor = safe_open.open_file(self._path)
        except FileNotFoundError:
            raise self._changed() from None
        try:
            with readable(self._path):
                if os.fstat(descriptor).st_ino != self._inode:
                    raise self._changed()
                yield descriptor
        finally:
            os.close(descriptor)

    def _changed(self) -> CorruptError:
        return CorruptError(messages.REPLACED.format(path=self._path))
