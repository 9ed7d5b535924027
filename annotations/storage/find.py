"""Documents by the words of their texts, and annotations by what they say, from the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from annotations.records import Status
from annotations.spelling import composed
from annotations.storage.catalogue import Catalogue
from annotations.storage.intake import SETTLED

FIELDS: Final = ("label", "stance", "certainty", "status")
"""What an annotation is found by, beside its words and its holder."""

_COLUMNS: Final = (
    "d.id, d.title, a.start, a.end, a.words, a.id, a.layer, a.kind, a.label, a.stance, "
    "a.certainty, a.holder, a.status, a.note"
)
_MANY: Final = 20_000
"""Annotations from which on it is sooner to go through the documents than to sort what is found."""


class Mark(NamedTuple):
    """An annotation and the document that it is in."""

    document: str
    title: str
    start: int
    end: int
    text: str
    id: str
    layer: str
    kind: str
    label: str
    stance: str
    certainty: str
    holder: str
    status: str
    note: str


def texts(catalogue: Catalogue, parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The id and title of each document that may hold these words one after the other.

    Args:
        catalogue: filled.
        parts: words in small letters, one or more; the last may be the beginning of one.
    """
    if catalogue.index.has_words:
        catalogue.safely(lambda: _purge(catalogue), busy=False)
        phrase = " ".join(parts).replace('"', '""')
        condition, sought = "texts match ?", f'"{phrase}" *'
    else:
        condition, sought = "t.words like ? escape '!'", f"%{_escaped(parts[0])}%"
    rows = catalogue.safely(
        lambda: catalogue.index.run(
            "select d.id, d.title from texts t cross join documents d on d.number = t.rowid "  # noqa: S608 - our own
            f"where {condition} order by d.added_at, d.id",
            sought,
        ).fetchall()
    )
    yield from rows


def _purge(catalogue: Catalogue) -> bool:
    """Put the index of words in order, so that those of an erased text are nowhere in it."""
    index = catalogue.index
    if index.one("select 1 from facts where name = 'erased'"):
        with index.writing():
            index.run("insert into texts (texts) values ('optimize')")
            index.run("delete from facts where name = 'erased'")
        index.run("pragma wal_checkpoint(truncate)")
    return True


def marks(
    catalogue: Catalogue,
    annotator: str,
    fields: Mapping[str, Sequence[str]],
    *,
    words: str = "",
    holder: str = "",
) -> Iterator[Mark]:
    """What an annotator sees marked that fits, in the order of the documents.

    Args:
        catalogue: filled.
        annotator: whose annotations, with the suggestions open to them; a model's name for its own.
        fields: for each of `FIELDS` that matters, the values that will do.
        words: what stands in the annotation, or in the note on it.
        holder: what stands in the name of who holds the claim.
    """
    own, others = (
        "(a.layer = ? and not a.is_model)",
        (
            "(a.is_model and not exists (select 1 from settled s where "
            "s.document = a.document and s.name in (?, '') and s.id = a.id))"
        ),
    )
    conditions, values = [f"({own} or {others})"], [annotator, annotator]
    statuses = fields.get("status", ())
    if _is_model(catalogue, annotator):
        conditions, values = ["a.layer = ?"], [annotator]
    elif statuses and Status.SUGGESTED not in statuses:
        conditions, values = [own], [annotator]
    elif statuses and all(one == Status.SUGGESTED for one in statuses):
        conditions, values = [others], [annotator]
    for name, wanted in fields.items():
        assert name in FIELDS
        conditions.append(f"a.{name} in ({','.join('?' * len(wanted))})")
        values += wanted
    for column, sought in (("a.words || char(10) || a.note", words), ("a.holder", holder)):
        if sought:
            conditions.append(f"{column} like ? escape '!'")
            values.append(f"%{_escaped(composed(sought))}%")
    if _estimate(catalogue, annotator, fields) > _MANY:
        tables = "documents d indexed by by_time cross join annotations a on a.document = d.number"
    else:
        tables = "annotations a cross join documents d on d.number = a.document"
    rows = catalogue.safely(
        lambda: catalogue.index.run(
            f"select {_COLUMNS} from {tables} where {' and '.join(conditions)} "  # noqa: S608 - our own
            "order by d.added_at, d.id, a.start, a.end desc, a.layer, a.id",
            *values,
        )
    )
    return map(Mark._make, rows)


def _is_model(catalogue: Catalogue, name: str) -> bool:
    return catalogue.safely(
        lambda: bool(
            catalogue.index.one("select max(is_model) = 1 from layers where name = ?", name)
        )
    )


def _estimate(catalogue: Catalogue, annotator: str, fields: Mapping[str, Sequence[str]]) -> int:
    """How many annotations there are at most that fit."""
    labels = fields.get("label", ())
    if "stance" in fields or "certainty" in fields:
        labels = ("claim",)
    statuses = fields.get("status", ())
    return sum(
        count
        for layer, label, status, count in catalogue.safely(
            lambda: catalogue.index.run("select * from tally where count > 0").fetchall()
        )
        if (not labels or label in labels)
        and (not statuses or status in statuses)
        and status != SETTLED
        and (layer == annotator or status == "suggested")
    )


def _escaped(words: str) -> str:
    for sign in "!%_":
        words = words.replace(sign, f"!{sign}")
    return words
