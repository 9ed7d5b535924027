"""What is known of every document at a glance, kept in SQLite, derived, deletable at any time."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import platformdirs

from annotations.errors import CorruptError, PurportError, StorageError
from annotations.layer import Layer
from annotations.records import Plain
from annotations.storage import view
from annotations.storage.ledger import JOURNAL, VIEW
from annotations.storage.shelf import Shelf

_SCHEMA: Final = """
create table if not exists documents (
    annotator text, id text, signature text, title text, source text, added_at text,
    characters integer, finished integer, decisions integer, at text, made_at text, undo_at text,
    undone_at text, open integer, primary key (annotator, id)
) without rowid;
create index if not exists by_time on documents (annotator, added_at, id);
"""
_VERSION: Final = 2
"""Of the tables above; an index of any other is made anew."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A document at a glance, for one annotator.

    Attributes:
        characters: the length of the text in code points.
        finished: whether the annotator has marked it done.
        decisions: how many the annotator's journal holds.
        at: when the last of them was; empty if there is none.
        made_at: when the last was made that is neither undo nor redo.
        undo_at: when the decision was made that an undo would take back; empty if there is none.
        undone_at: when the decision was undone that a redo would repeat; empty if there is none.
        open: suggestions without a decision.
    """

    id: str
    title: str
    source: str
    added_at: str
    characters: int
    finished: bool
    decisions: int
    at: str
    made_at: str
    undo_at: str
    undone_at: str
    open: int

    @property
    def state(self) -> str:
        """`done`, `doing` or `to do`."""
        if self.finished:
            return "done"
        return "doing" if self.decisions else "to do"


class Catalogue:
    """Summaries of all documents, brought up to date by what changed on the disk."""

    def __init__(
        self,
        shelf: Shelf,
        annotator: str,
        fold: Callable[[str], Layer],
        count_open: Callable[[str], int],
    ) -> None:
        self._shelf = shelf
        self._annotator = annotator
        self._fold = fold
        self._count_open = count_open
        self._database = self._closing(_open(shelf.root))

    def refresh(self) -> None:
        """Look at every document's files and take in those that changed."""
        try:
            self._refresh()
        except sqlite3.Error:
            # A full disk, or a damaged file, takes nothing away: all of it can be derived again.
            self._database.close()
            self._database = self._closing(_connect(":memory:"))
            self._refresh()

    def _refresh(self) -> None:
        rows = self._database.execute(
            "select id, signature from documents where annotator = ?", (self._annotator,)
        )
        known = dict(rows)
        with self._database:
            for document_id in self._shelf.ids():
                try:
                    signature = self._shelf.signature(document_id)
                    if known.get(document_id) != signature:
                        self._take_in(document_id, signature)
                except (OSError, PurportError, LookupError):
                    continue  # half added, or just gone; `verify` names what is broken
                known.pop(document_id, None)
            for gone in known:
                self._database.execute(
                    "delete from documents where annotator = ? and id = ?", (self._annotator, gone)
                )

    def _take_in(self, document_id: str, signature: str) -> None:
        about = self._shelf.about(document_id)
        try:
            meta = self._standing(document_id)
        except StorageError:
            meta = {}  # the document can be read; `verify` names what is broken
        self._database.execute(
            "insert or replace into documents values (?,?,?,?,?,?,?,?,?,?,?,?,?,null)",
            (
                self._annotator,
                document_id,
                signature,
                about["title"],
                about["source"],
                about["added_at"],
                about["characters"],
                bool(meta.get("state", {}).get("finished")),
                meta.get("seq", 0),
                meta.get("at", ""),
                meta.get("made_at", ""),
                meta.get("undo_at", ""),
                meta.get("undone_at", ""),
            ),
        )

    def _standing(self, document_id: str) -> Plain:
        """What the annotator's view says of itself, if it is there and in step; else the journal."""
        stem = self._shelf.folder(document_id) / self._annotator
        try:
            length = stem.with_name(stem.name + JOURNAL).stat().st_size
        except FileNotFoundError:
            length = 0
        about = None
        with suppress(CorruptError):
            about = view.meta(stem.with_name(stem.name + VIEW))
            if about is None and not length:
                return {}
        if about and about.get("length") == length and "undone_at" in about:
            return about
        return view.standing(self._fold(document_id))

    def order(self) -> list[str]:
        """Every document's id, in the order of adding; call `refresh` before."""
        rows = self._database.execute(
            "select id from documents where annotator = ? order by added_at, id", (self._annotator,)
        )
        return [document_id for (document_id,) in rows]

    def finished(self) -> set[str]:
        """The ids of the documents that the annotator has marked done; call `refresh` before."""
        rows = self._database.execute(
            "select id from documents where annotator = ? and finished", (self._annotator,)
        )
        return {document_id for (document_id,) in rows}

    def open(self, document_id: str) -> int:
        """How many suggestions of a document are without a decision; call `refresh` before."""
        row = self._database.execute(
            "select open from documents where annotator = ? and id = ?",
            (self._annotator, document_id),
        ).fetchone()
        if row is None:
            return 0
        if row[0] is None:
            with self._database:
                return self._count(document_id)
        return int(row[0])

    def _count(self, document_id: str) -> int:
        try:
            count = self._count_open(document_id)
        except StorageError:
            return 0
        with suppress(sqlite3.Error):  # it is counted again when it could not be kept
            self._database.execute(
                "update documents set open = ? where annotator = ? and id = ?",
                (count, self._annotator, document_id),
            )
        return count

    def summaries(self) -> list[Summary]:
        """Every document, in the order of adding; call `refresh` before."""
        with suppress(sqlite3.Error), self._database:
            for (document_id,) in self._database.execute(
                "select id from documents where annotator = ? and open is null", (self._annotator,)
            ).fetchall():
                self._count(document_id)
        rows = self._database.execute(
            "select id, title, source, added_at, characters, finished, decisions, at, made_at, "
            "undo_at, undone_at, coalesce(open, 0) from documents where annotator = ? order by added_at, id",
            (self._annotator,),
        )
        return [
            Summary(one, title, source, added_at, characters, bool(finished), *rest)
            for one, title, source, added_at, characters, finished, *rest in rows
        ]

    def undo(self) -> str | None:
        """The document whose last decision is the last of all; call `refresh` before."""
        row = self._database.execute(
            "select id from documents where annotator = ? and undo_at > '' "
            "order by undo_at desc limit 1",
            (self._annotator,),
        ).fetchone()
        return row[0] if row else None

    def redo(self) -> str | None:
        """The document whose decision was undone last, unless one was made since."""
        row = self._database.execute(
            "select id from documents where annotator = ?1 and undone_at > "
            "(select coalesce(max(made_at), '') from documents where annotator = ?1) "
            "order by undone_at desc limit 1",
            (self._annotator,),
        ).fetchone()
        return row[0] if row else None

    def last(self) -> str:
        """When the annotator last decided anything; empty if never."""
        row = self._database.execute(
            "select max(at) from documents where annotator = ?", (self._annotator,)
        ).fetchone()
        return row[0] or ""

    def _closing(self, database: sqlite3.Connection) -> sqlite3.Connection:
        """The same, closed at the latest when the catalogue is gone: Python 3.13 warns if not."""
        weakref.finalize(self, database.close)
        return database

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _open(root: Path) -> sqlite3.Connection:
    """The cache for the project at `root`; one in memory where no file can be had."""
    name = sha256(str(root.resolve()).encode()).hexdigest()[:16]
    path = Path(platformdirs.user_cache_dir("purport")) / name / "index.sqlite"
    with suppress(OSError, sqlite3.Error):
        path.parent.mkdir(parents=True, exist_ok=True)
        return _connect(str(path))
    with suppress(OSError, sqlite3.Error):
        path.unlink()
        return _connect(str(path))
    return _connect(":memory:")


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5, check_same_thread=False)
    try:
        # Derived data needs no durability, and one file less when nothing is being written.
        connection.execute("pragma synchronous = off")
        (version,) = connection.execute("pragma user_version").fetchone()
        if version != _VERSION:
            connection.executescript(
                f"drop table if exists documents; {_SCHEMA} pragma user_version = {_VERSION};"
            )
    except sqlite3.Error:
        connection.close()
        raise
    return connection
