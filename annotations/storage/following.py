"""The index as it follows the disk, and does without its file where it has to."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Final, TypeVar

from annotations.storage import safe_open
from annotations.storage.index import Index, is_busy
from annotations.storage.intake import Intake, ReadLayer
from annotations.storage.reader_queues import enlist
from annotations.storage.shelf import Shelf
from annotations.storage.sweep import Sweep

THOROUGH: Final = 0.02
"""Seconds that a look at the disk may take beyond what purport's own changes need."""

RECENT: Final = 1.0
"""Seconds for which a key may rely on the last look."""

_PORTION: Final = 0.4
"""Seconds of writing after which others get their turn."""

_GAP: Final = 0.02
"""Seconds of that turn."""

_TRIES: Final = 12
"""How often one waits for another process that writes all the while."""

Found = TypeVar("Found")


class Following:
    """The index of one project, brought up to date with the disk.

    Args:
        shelf: where the documents are.
        annotator: who asks.
        layer: reads a layer that cannot be read at a glance.
        nested: whether entities may overlap, which settles other suggestions.
    """

    def __init__(
        self, shelf: Shelf, annotator: str, layer: ReadLayer, *, nested: bool = False
    ) -> None:
        self._shelf = shelf
        self._annotator = annotator
        self._layer = layer
        self._nested = nested
        self._looked = 0.0
        self.index = Index(shelf.root)
        self._set_up()

    def _set_up(self) -> None:
        self._intake = Intake(self.index, self._shelf, self._layer, nested=self._nested)
        self._sweep = Sweep(self.index, self._shelf, self._intake)
        self._is_enlisted = False

    def close(self) -> None:
        """Let go of the file."""
        self.index.close()

    # Following the disk

    def safely(self, work: Callable[[], Found], busy: Found | None = None) -> Found:
        """Do it, if need be without the file: all of it can be derived again.

        Args:
            work: reads or writes the index.
            busy: the answer while another process writes, which then brings it up to date; None
                to wait for that process.
        """
        for _ in range(_TRIES):
            try:
                self._enlist()
                return work()
            except sqlite3.Error as error:
                self._intake.reset()
                if not is_busy(error):
                    break
                if busy is not None:
                    return busy
        self.index.to_memory()
        self._set_up()
        self._enlist()
        self._sweep.look(0)
        self._fill(None)
        return work()

    def _enlist(self) -> None:
        if not self._is_enlisted:
            is_new = self.index.one("select value from facts where name = 'nested'") != str(
                self._nested
            )
            if is_new:
                with self.index.writing():
                    self.index.run("update documents set taken = 0")
                    self.index.run(
                        "insert or replace into facts values ('nested', ?)", str(self._nested)
                    )
            enlist(self.index, self._annotator)
            self._is_enlisted = True

    def refresh(self, seconds: float = THOROUGH) -> bool:
        """Take in what changed on the disk: at once what purport did, in any process.

        What other programs did without a trace on the folders around is found by and by: each
        call looks for so many seconds, which is enough for some thousand documents.

        Returns:
            Whether every document was looked at.
        """
        is_all = self.safely(lambda: self._sweep.look(seconds), busy=False)
        self._looked = time.monotonic()
        return is_all

    def fill(self, seconds: float | None = None) -> bool:
        """Look into the documents that changed; call `refresh` before.

        Args:
            seconds: after which to stop; None for when all is done.

        Returns:
            Whether all is done.
        """
        end = None if seconds is None else time.monotonic() + seconds
        return self.safely(lambda: self._fill(end), busy=False)

    def _fill(self, end: float | None) -> bool:
        while rows := self.index.run(
            "select number, id from documents where taken = 0 limit 1000"
        ).fetchall():
            try:
                with self.index.writing():
                    is_done = self._take(rows, end)
                    self._intake.flush()
            finally:
                self._intake.reset()
            if end is not None and time.monotonic() > end:
                return False
            if not is_done:
                time.sleep(_GAP)
        return True

    def _take(self, rows: list[tuple[int, str]], end: float | None) -> bool:
        stop = time.monotonic() + _PORTION
        for number, document_id in rows:
            # While this one waited for its turn, another process may have done it.
            if self.index.one("select taken = 0 from documents where number = ?", number):
                with safe_open.kept():
                    self._intake.take_contents(number, document_id)
            if time.monotonic() > min(stop, end or stop):
                return False
        return True

    def _look_again(self) -> None:
        """Look at the disk, unless that was a moment ago."""
        if time.monotonic() - self._looked > RECENT:
            self.refresh(0)
