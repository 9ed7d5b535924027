"""When an annotator decided last, over all documents; what undo and redo are about.

A time that lies years ahead comes from a clock that was wrong. It counts as earlier than all
others: whatever was decided since, with a clock that is right, is taken back first.
"""

from __future__ import annotations

from annotations.storage import clock
from annotations.storage.index import Index


def undo(index: Index, annotator: str) -> str | None:
    """The document whose last decision is the last of all."""
    query = (
        "select document from layers where name = ? and undo_at > '' and undo_at {} ? "
        "order by undo_at desc limit 1"
    )
    return _first(index, query, annotator)


def redo(index: Index, annotator: str) -> str | None:
    """The document whose decision was undone last, unless one was made since."""
    query = (
        "select document from layers where name = ?1 and undone_at > '' and undone_at {0} ?2 "
        "and undone_at > (select coalesce(max(made_at), '') from layers where name = ?1 "
        "and made_at > '' and (made_at {0} ?2 or made_at <= ?2)) order by undone_at desc limit 1"
    )
    return _first(index, query, annotator)


def last(index: Index, annotator: str) -> str:
    """When the annotator decided last, by a clock that is right; empty if never."""
    query = "select max(at) from layers where name = ? and at > '' and at <= ?"
    return index.one(query, annotator, clock.horizon()) or ""


def ahead(index: Index, annotator: str) -> str:
    """The annotator's last time that lies in the future; empty if none does."""
    query = "select max(at) from layers where name = ? and at > ?"
    return index.one(query, annotator, clock.latest()) or ""


def _first(index: Index, query: str, annotator: str) -> str | None:
    """The document that a query finds up to the horizon, else beyond it."""
    now = clock.horizon()
    for side in ("<=", ">"):
        number = index.one(query.format(side), annotator, now)
        if number is not None:
            found: str | None = index.one("select id from documents where number = ?", number)
            return found
    return None
