"""The SQLite file of what can be derived from a project: where it lies, its tables, its mending."""

from __future__ import annotations

import os
import platform
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import platformdirs

from annotations.errors import UnsafeFileError
from annotations.storage import safe_open

VERSION: Final = 7
"""Of the tables below; an index of any other is made anew."""

PATIENCE: Final = 5.0
"""Seconds that one waits for another process that writes to the index."""

_TABLES: Final = """
create table folders (name text primary key, stamp integer, looked integer) without rowid;
create index by_look on folders (looked);
create table documents (
    number integer primary key, id text unique, shard text, stamp integer, signature text,
    text_stamp text, added_at text, title text, source text, characters integer,
    suggested integer default 0, taken integer default 0
);
create index by_time on documents (added_at, id, number, suggested, title);
create index by_shard on documents (shard);
create index untaken on documents (number) where taken = 0;
create table layers (
    document integer, name text, is_model integer, recipe integer, finished integer, decisions integer,
    at text, made_at text, undo_at text, undone_at text, settled integer default 0,
    primary key (document, name)
) without rowid;
create index work on layers (name, document, is_model, finished, decisions, settled);
create table recipes (number integer primary key, recipe text unique);
create index by_at on layers (name, at) where at > '';
create index by_made_at on layers (name, made_at) where made_at > '';
create index by_undo_at on layers (name, undo_at) where undo_at > '';
create index by_undone_at on layers (name, undone_at) where undone_at > '';
create table annotations (
    document integer, layer text, is_model integer, id text, kind text, start integer, end integer,
    label text, stance text, certainty text, holder text, status text, words text, note text,
    primary key (document, layer, id)
) without rowid;
create index by_label on annotations (label, layer);
create index by_stance on annotations (stance, certainty, layer) where kind = 'claim';
create index by_status on annotations (layer, status) where not is_model;
create table settled (
    document integer, name text, id text, label text, primary key (document, name, id)
) without rowid;
create table tally (
    layer text, label text, status text, count integer, primary key (layer, label, status)
) without rowid;
create table readers (name text primary key) without rowid;
create table queue (
    reader text, kind text, added_at text, id text, primary key (reader, kind, added_at, id)
) without rowid;
create index queued on queue (id);
create table damage (
    id text, layer text, shard text, problem text, primary key (id, layer)
) without rowid;
create table facts (name text primary key, value text) without rowid;
"""
_TEXTS: Final = (
    'create virtual table texts using fts5(words, tokenize="unicode61 remove_diacritics 0")'
)
_PLAIN_TEXTS: Final = "create table texts (words text)"


def place(root: Path) -> Path:
    """Where the index of the project at `root` lies, on this machine."""
    # Two machines may share a home, and SQLite's locks do not reach from one to the other.
    name = sha256(os.fsencode(f"{platform.node()}|{root.resolve()}")).hexdigest()[:16]
    return Path(platformdirs.user_cache_dir("purport")) / name / "index.sqlite"


class Index:
    """A connection to the index of a project; one in memory where no file can be had.

    Attributes:
        path: the file; None for an index in memory.
        has_words: whether texts are found by their words; else by looking at each.
    """

    def __init__(self, root: Path) -> None:
        self.path: Path | None = place(root)
        self._connection = self._open()
        self._depth = 0

    def _open(self) -> sqlite3.Connection:
        assert self.path is not None
        with suppress(OSError, sqlite3.Error, UnsafeFileError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_own(self.path)
            return self._connect(str(self.path))
        with suppress(OSError, sqlite3.Error, UnsafeFileError):
            for ending in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            self._make_own(self.path)
            return self._connect(str(self.path))
        self.path = None
        return self._connect(":memory:")

    @staticmethod
    def _make_own(path: Path) -> None:
        """Make the file for the person alone: it has the words of the texts.

        Raises:
            UnsafeFileError: a link, or something else than a file, has its name.
        """
        folder, name = safe_open.holder(path)
        with folder:
            try:
                # It is not opened: closing it would take the locks of this process's connections.
                folder.check(name, folder.stat(name))
            except FileNotFoundError:
                with suppress(FileExistsError):
                    os.close(folder.create(name, 0o600))

    def _connect(self, path: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, timeout=PATIENCE, check_same_thread=False, isolation_level=None
        )
        try:
            for pragma in (
                "journal_mode = wal",
                "synchronous = normal",
                "cache_size = -48000",
                "wal_autocheckpoint = 8000",
            ):
                connection.execute(f"pragma {pragma}")
            connection.execute("pragma secure_delete = on")  # an erased text leaves no words here
            self._make(connection)
            self.has_words = "fts5" in str(
                connection.execute("select sql from sqlite_master where name = 'texts'").fetchone()
            )
        except BaseException:
            connection.close()
            raise
        weakref.finalize(self, connection.close)  # Python 3.13 warns of one left open
        return connection

    def _make(self, connection: sqlite3.Connection) -> None:
        if connection.execute("pragma user_version").fetchone() == (VERSION,):
            return
        connection.execute("begin immediate")
        if connection.execute("pragma user_version").fetchone() != (VERSION,):
            tables = connection.execute(
                "select name from sqlite_master where type = 'table' and sql > '' "
                "and name not glob 'sqlite_*' and name not glob 'texts_*'"
            ).fetchall()
            for (name,) in tables:
                connection.execute(f'drop table "{name}"')
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            try:
                connection.execute(_TEXTS)
            except sqlite3.OperationalError:  # built without it
                connection.execute(_PLAIN_TEXTS)
            connection.execute(f"pragma user_version = {VERSION}")
        connection.execute("commit")

    def to_memory(self) -> None:
        """Go on without the file, which is full, damaged or not to be written to."""
        with suppress(sqlite3.Error):
            self._connection.close()
        self.path = None
        self._connection = self._connect(":memory:")
        self._depth = 0

    def run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Run one statement."""
        return self._connection.execute(sql, values)

    def many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Run one statement for each row."""
        self._connection.executemany(sql, rows)

    def one(self, sql: str, *values: Any) -> Any:
        """The first value of the first row; None where there is none."""
        row = self._connection.execute(sql, values).fetchone()
        return row[0] if row else None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written is there at the end, or nothing; nobody else writes meanwhile."""
        if self._depth:
            yield
            return
        self._connection.execute("begin immediate")
        self._depth = 1
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("rollback")
            raise
        else:
            self._connection.execute("commit")
        finally:
            self._depth = 0

    def scrub(self) -> None:
        """Let nothing of what was deleted linger: in old parts of the word index, or in the log."""
        with suppress(sqlite3.Error):  # another process has it open; its last one to close will
            if self.has_words:
                self._connection.execute("insert into texts (texts) values ('optimize')")
            self._connection.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another process was writing all the while, and nothing else is wrong."""
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
