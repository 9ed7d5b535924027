"""Which documents each reader still has to do, in the order of adding, kept in the index."""

from __future__ import annotations

from typing import Final

from annotations.storage.index import Index

READERS: Final = (
    "from readers r cross join documents d "
    "left join layers l on l.document = d.number and l.name = r.name"
)
QUEUES: Final = {
    "open": "(not d.taken or d.suggested > coalesce(l.settled, 0))",
    "unfinished": "not coalesce(l.finished, 0)",
}
"""What stands in each queue of a reader; a document that has not been looked into may be open."""


def enlist(index: Index, name: str) -> None:
    """Keep queues for this reader from now on."""
    if index.one("select 1 from readers where name = ?", name):
        return
    with index.writing():
        index.run("insert or ignore into readers values (?)", name)
        for kind, condition in QUEUES.items():
            index.run(
                f"insert or ignore into queue select r.name, '{kind}', d.added_at, d.id {READERS} "
                f"where r.name = ? and {condition}",
                name,
            )
