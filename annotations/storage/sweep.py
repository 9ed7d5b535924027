"""What changed on the disk since the index last looked, without a look at every document.

A file that is replaced leaves a new time on its document's folder, and whoever replaces it leaves
one on the shard, the folder around that (`Shelf.touch`). So a look at the shards finds all that
purport did, in whatever process. What other programs do leaves no mark on the shard: each look
also goes through some shards from top to bottom, the one that was left alone longest first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, Protocol

from annotations.errors import PurportError, UnsafeFileError
from annotations.storage import safe_open
from annotations.storage.index import Index
from annotations.storage.shelf import Shelf

_SECOND: Final = 1_000_000_000
_TICK: Final = _SECOND // 40
"""Nanoseconds in which two changes may get the same time; the kernel's clock ticks in 1 to 10 ms."""


_SHARD: Final = 2
"""How deep in a project the folders around documents are, which are walked to once."""


class Taker(Protocol):
    """What keeps the rows of documents."""

    def take_in(self, document_id: str, shard: str, stamp: int) -> None:
        """Bring the row of one document up to date."""

    def begin(self, shard: str) -> None:
        """Look at a shard's documents from now on."""

    def drop(self, number: int) -> None:
        """Take the row of a document out that is gone."""

    def flush(self) -> None:
        """Write down what is held back till then."""


def settled(stamp: int, now: int) -> int:
    """A folder's time, if any later change will leave another one; else 0, to look again."""
    granularity = _TICK if stamp % _SECOND else 2 * _SECOND + _TICK
    return stamp if now - stamp - granularity >= 0 else 0


class Sweep:
    """Looks at the folders of one project."""

    def __init__(self, index: Index, shelf: Shelf, taker: Taker) -> None:
        self._index, self._shelf, self._taker = index, shelf, taker

    def look(self, seconds: float) -> bool:
        """Take in what changed.

        Args:
            seconds: how long to look for what left no mark on a shard.

        Returns:
            Whether every document has been looked at in that time.
        """
        known = dict(self._index.run("select name, stamp from folders"))
        present = dict(self._shards())
        for name in known.keys() - present:
            self._scan(name)
        # A shard whose time is too young to be relied on stays 0 and is seen again next time.
        changed = [name for name, stamp in present.items() if known.get(name) != stamp]
        for name in changed:
            self._scan(name)
        end, seen, well = time.monotonic() + seconds, set(changed), list[tuple[int, str]]()
        if seconds:
            for (name,) in self._index.run("select name from folders order by looked").fetchall():
                if name not in seen:
                    if time.monotonic() > end:
                        break
                    seen.add(name)
                    if self._differs(name):
                        self._scan(name, deep=True)
                    else:
                        well.append((time.time_ns(), name))
        if well and len(seen) < len(present):
            with self._index.writing():
                self._index.many("update folders set looked = ? where name = ?", well)
        return seen >= present.keys()

    def _shards(self) -> Iterator[tuple[str, int]]:
        for entry in self._shelf.shards():
            with suppress(FileNotFoundError):  # it went between two looks
                yield entry.name, entry.stat(follow_symlinks=False).st_ctime_ns

    def _documents(self, shard: str) -> Iterator[tuple[str, int]]:
        for entry in self._shelf.folders(shard):
            with suppress(FileNotFoundError):  # it went between two looks
                yield entry.name, entry.stat(follow_symlinks=False).st_ctime_ns

    def _scan(self, name: str, *, deep: bool = False) -> None:
        """Look at the folders of one shard; with `deep`, at the files in each."""
        with self._index.writing(), safe_open.kept(_SHARD):
            self._take(name, deep)

    def _differs(self, name: str) -> bool:
        """Whether a file of a shard is not as its row says; only reads, so that nobody waits."""
        known = dict(self._index.run("select id, signature from documents where shard = ?", name))
        try:
            with safe_open.kept(_SHARD):
                for entry in self._shelf.folders(name):
                    if known.pop(entry.name, "") != self._shelf.signature(entry.name):
                        return True
        except (OSError, UnsafeFileError):
            return True
        return bool(known)

    def _take(self, name: str, deep: bool) -> None:
        rows = self._index.run("select id, number, stamp from documents where shard = ?", name)
        known = {one: (number, stamp) for one, number, stamp in rows}
        now = time.time_ns()
        try:
            stamp = safe_open.stat(self._shelf.root / name).st_ctime_ns
            entries = list(self._documents(name))
        except (FileNotFoundError, UnsafeFileError):
            stamp, entries = None, []
        self._taker.begin(name)
        for document_id, its in entries:
            try:
                if deep or document_id not in known or known[document_id][1] != its:
                    self._taker.take_in(document_id, name, settled(its, now))
            except (OSError, PurportError, LookupError):
                continue  # half added, or just gone; `verify` names what is broken
            known.pop(document_id, None)
        for number, _ in known.values():
            self._taker.drop(number)
        self._taker.flush()
        if stamp is None:
            self._index.run("delete from folders where name = ?", name)
        else:
            self._index.run(
                "insert or replace into folders values (?,?,?)", name, settled(stamp, now), now
            )
