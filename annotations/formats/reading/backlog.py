"""What a file says of documents that went in before: it waits on the disk, for one addition to each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from annotations.storage.view import Sheaf

_TABLE: Final = """
create table pieces (number integer primary key, document text, layer text, parts integer);
create table rows (piece integer, kind text, start integer, back integer, id text, written text);
"""


class Backlog:
    """Later pieces of layers, in the order in which they came.

    They stand in a file of its own that goes when this is closed, so that memory does not grow.
    """

    def __init__(self) -> None:
        self._base: sqlite3.Connection | None = None

    def add(self, piece: Sheaf) -> None:
        """Put a piece aside; its words have been checked."""
        if self._base is None:
            self._base = sqlite3.connect("", isolation_level=None)  # a file without a name
            self._base.executescript(_TABLE + "begin;")
        made = self._base.execute(
            "insert into pieces (document, layer, parts) values (?, ?, ?)",
            (piece.document, piece.name, piece.model.get(PARTS, 1)),
        )
        self._base.executemany(
            "insert into rows values (?, ?, ?, ?, ?, ?)",
            [(made.lastrowid, *row) for row in piece.rows()],
        )

    def pieces(self) -> Iterator[Sheaf]:
        """For each document all that waits for it, in the order in which they were named first."""
        if self._base is None:
            return
        self._base.execute("create index by_document on pieces (document)")
        self._base.execute("create index by_piece on rows (piece)")
        heads = self._base.execute(
            "select document, layer, max(parts) from pieces group by document order by min(number)"
        )
        for document, layer, parts in heads:
            whole = Sheaf(layer, document, {PARTS: parts})
            for row in self._base.execute(
                "select kind, start, back, id, written from pieces join rows on piece = number "
                "where document = ? order by number, rows.rowid",
                (document,),
            ):
                whole.lay(*row)
            yield whole

    def close(self) -> None:
        """Let go of what waits."""
        if self._base is not None:
            self._base.close()
            self._base = None


PARTS: Final = "parts"
"""In what made a layer: how often its document had come in the file; left out where once."""
