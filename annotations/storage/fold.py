"""A journal as far as it was read: its layer, the rows of its view, and where reading goes on."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from annotations.errors import CorruptError
from annotations.layer import Layer
from annotations.records import Decision
from annotations.storage import journal, snapshot, text_hash
from annotations.storage.journal import Mark
from annotations.storage.journal_source import JournalSource
from annotations.storage.layer_view import LayerView

IN_MEMORY: Final = 500
"""How many of the last decisions stay in memory; an undo of an older one reads its line."""

OFTEN: Final = 2_000
"""How many decisions after a snapshot make another one worth its time."""


class Fold:
    """Follows a journal.

    Attributes:
        layer: what the decisions leave.
        rows: the layer's view.
        mark: how far the journal was read.
        torn: an unterminated last line, if there is any.
    """

    def __init__(self, path: Path, name: str, document: str) -> None:
        self._path, self._name, self._document = path, name, document
        self.forget()

    def forget(self) -> None:
        """Begin at the journal's start again."""
        self.layer = Layer(self._name, self._document)
        self.rows = LayerView()
        self.mark, self.torn = Mark(), b""

    def read(self, descriptor: int) -> bool:
        """Take in what the open journal has more; says whether there was anything.

        Raises:
            CorruptError: a complete line fails its hash, the file is shorter than it was, or it
                decides on another text.
            NewerFormatError: a later version of purport wrote in it.
            OSError: it cannot be read; nothing was taken in.
        """
        mark = journal.resumed(descriptor, self._path, self.mark)
        if self.mark.seq and not mark.seq:
            self.forget()
        before = self.mark
        size = os.fstat(descriptor).st_size
        digest = sha256() if not before.seq and size >= snapshot.WORTH else None
        try:
            if digest is not None and (kept := self._kept(descriptor)):
                (self.layer, self.rows, mark), digest = kept
            if mark.inode != before.inode:
                source = JournalSource(self._path, mark.inode)
                self.layer.undoable.source = self.layer.redoable.source = source
            begun = mark.seq
            reader = journal.Reader(descriptor, self._path, mark)
            for decision, offset in reader.decisions(size, digest):
                self.layer.apply(decision, offset)
                self.rows.follow(decision)
                self._leave(decision.seq)
            if reader.mark.text != before.text:
                problem = text_hash.mismatch(self._path.parent, reader.mark.text)
                if problem:
                    raise CorruptError(f"{self._path}: {problem}")
        except BaseException:
            self.forget()  # what was taken in may not be all
            raise
        self.mark, self.torn = reader.mark, reader.torn
        if digest is not None and self.mark.seq - begun >= OFTEN:
            snapshot.keep(self._path, self.layer, self.rows, self.mark, digest.hexdigest())
        return self.mark.seq > before.seq

    def data(self, mark: Mark | None = None) -> bytes:
        """The bytes of the view's file, for what was taken in.

        Args:
            mark: where the journal will end; where it was read to, if left out.
        """
        return self.rows.data(self.layer, mark or self.mark)

    def apply(self, decision: Decision) -> None:
        """Take in a decision that is about to follow; `mark` stays until it is written."""
        self.layer.apply(decision, self.mark.length)
        self.rows.follow(decision)
        self._leave(decision.seq)

    def _kept(self, descriptor: int) -> snapshot.Proven | None:
        return snapshot.load(self._path, descriptor, self._name, self._document)

    def _leave(self, seq: int) -> None:
        if seq % IN_MEMORY == 0:
            self.layer.undoable.leave(IN_MEMORY)
            self.layer.redoable.leave(IN_MEMORY)
