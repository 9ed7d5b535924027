"""Hugging Face datasets: parquet with the labels' names in it; the card beside it is the dataset's.

A row is a document: `tokens` and `ner_tags` (ClassLabel, IOB2), and `entities` and `claims` with
their offsets in code points. What those have no column for is JSON in `purport`.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from annotations.formats.dataset import CLAIM_COLUMNS, read
from annotations.formats.documents import Labelled
from annotations.formats.format import Format, missing
from annotations.formats.reading.intake import fields_of, pack
from annotations.formats.writing.report import Report
from annotations.formats.writing.tokens import tokens
from annotations.records import Annotation, Entity, Plain

if TYPE_CHECKING:
    import pyarrow

_GROUP: Final = 20_000
"""Tokens in a row group: what is held in memory."""

OVERLAPPING: Final = "overlaps a longer entity; in the column entities, not in ner_tags"


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write one row a document; the labels' names go into the file's footer."""
    try:
        from pyarrow import parquet
    except ImportError:
        raise missing("pyarrow", "huggingface", "Writing parquet") from None
    tags: dict[str, int] = {"O": 0}
    # Its types are parquet's own. Were Arrow's description stored, too, what is added to the footer
    # would not be read as the schema's.
    with parquet.ParquetWriter(path, _schema(), compression="zstd", store_schema=False) as file:
        for group in _groups(documents):
            file.write_batch(_batch(group, tags, report))
        # The labels are known when the last document has gone by.
        info = {"info": {"features": features(list(tags))}}
        file.add_key_value_metadata({"huggingface": json.dumps(info)})


_Row: TypeAlias = tuple[Labelled, list[tuple[int, int]]]
"""A document with its tokens."""


def _groups(documents: Iterable[Labelled]) -> Iterator[list[_Row]]:
    group: list[_Row] = []
    size = 0
    for one in documents:
        words = tokens(one.document.text, [entity.span for entity in one.entities])
        group.append((one, words))
        size += len(words)
        if size >= _GROUP:
            yield group
            group, size = [], 0
    if group:
        yield group


def _schema() -> pyarrow.Schema:
    import pyarrow as pa

    words, number = pa.string(), pa.int64()
    place = [("start", number), ("end", number), ("text", words)]
    return pa.schema(
        [
            ("id", words),
            ("title", words),
            ("text", words),
            ("tokens", pa.list_(words)),
            ("token_starts", pa.list_(number)),
            ("ner_tags", pa.list_(number)),
            ("entities", pa.list_(pa.struct([*place, ("label", words)]))),
            (
                "claims",
                pa.list_(pa.struct([*place, *((name, words) for name in CLAIM_COLUMNS)])),
            ),
            ("purport", words),
        ]
    )


def features(names: Sequence[str]) -> Plain:
    """The columns as the `datasets` library describes them, with the names of the tags."""

    def value(kind: str) -> Plain:
        return {"dtype": kind, "_type": "Value"}

    def listed(inner: Plain) -> Plain:
        return {"feature": inner, "_type": "Sequence"}

    place = {"start": value("int64"), "end": value("int64"), "text": value("string")}
    return {
        "id": value("string"),
        "title": value("string"),
        "text": value("string"),
        "tokens": listed(value("string")),
        "token_starts": listed(value("int64")),
        "ner_tags": listed({"names": list(names), "_type": "ClassLabel"}),
        "entities": [{**place, "label": value("string")}],
        "claims": [{**place, **{name: value("string") for name in CLAIM_COLUMNS}}],
        "purport": value("string"),
    }


def _batch(rows: Sequence[_Row], tags: dict[str, int], report: Report) -> pyarrow.RecordBatch:
    """The rows by columns: made one by one they take three times as long."""
    import pyarrow as pa

    schema = _schema()

    def column(name: str, values: Iterable[Any]) -> Any:
        return pa.array(list(values), schema.field(name).type)

    def listed(name: str, lists: Sequence[Sequence[Any]]) -> Any:
        inner = schema.field(name).type.value_type
        return _listed(lists, pa.array([*chain.from_iterable(lists)], inner))

    def records(name: str, lists: Sequence[Sequence[Any]], values: Sequence[Sequence[Any]]) -> Any:
        fields = list(schema.field(name).type.value_type)
        columns = [pa.array(each, field.type) for each, field in zip(values, fields, strict=True)]
        return _listed(lists, pa.StructArray.from_arrays(columns, fields=fields))

    documents = [one.document for one, _ in rows]
    letters = [[one.document.text[start:end] for start, end in words] for one, words in rows]
    entities = [each for one, _ in rows for each in one.entities]
    claims = [each for one, _ in rows for each in one.claims]
    labels = [each.label for each in entities]
    said = [fields_of(each) for each in claims]
    fields = [[each[name] for each in said] for name in CLAIM_COLUMNS]
    columns = [
        column("id", (one.id for one in documents)),
        column("title", (one.title for one in documents)),
        column("text", (str(one.text) for one in documents)),
        listed("tokens", letters),
        listed("token_starts", [[start for start, _ in words] for _, words in rows]),
        listed("ner_tags", [_tags(words, one, tags, report) for one, words in rows]),
        records("entities", [one.entities for one, _ in rows], [*_places(entities), labels]),
        records("claims", [one.claims for one, _ in rows], [*_places(claims), *fields]),
        column("purport", (pack(one) for one, _ in rows)),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _listed(lists: Sequence[Sequence[Any]], values: pyarrow.Array) -> pyarrow.ListArray:
    """The values of all lists, behind one another, as those lists."""
    import pyarrow as pa

    ends = accumulate(map(len, lists), initial=0)
    return pa.ListArray.from_arrays(pa.array([*ends], pa.int32()), values)


def _places(annotations: Sequence[Annotation]) -> tuple[list[int], list[int], list[str]]:
    spans = [each.span for each in annotations]
    words = [each.text for each in annotations]
    return [span.start for span in spans], [span.end for span in spans], words


def _tags(
    words: Sequence[tuple[int, int]], one: Labelled, names: dict[str, int], report: Report
) -> list[int]:
    """A number for each token; of entities that overlap, the longer one has it."""
    made = [0] * len(words)
    starts = [start for start, _ in words]
    entities = one.entities
    is_flat = all(ahead.span.end <= behind.span.start for ahead, behind in pairwise(entities))
    for entity in entities if is_flat else sorted(entities, key=_length):
        first = bisect_left(starts, entity.span.start)
        last = bisect_left(starts, entity.span.end, lo=first)
        if not is_flat and any(made[first:last]):
            value = (entity.span, entity.label)
            report.lose(one.document, entity, OVERLAPPING, held=value)
            continue
        begin = names.setdefault(f"B-{entity.label}", len(names))
        inside = names.setdefault(f"I-{entity.label}", len(names))
        made[first] = begin
        for number in range(first + 1, last):
            made[number] = inside
    return made


def _length(one: Entity) -> tuple[int, int]:
    return -len(one.span), one.span.start


FORMAT: Final = Format(
    name="huggingface",
    suffix=".parquet",
    description="Hugging Face datasets: parquet with the labels' names, and the dataset's card",
    cannot_hold="overlapping entities in ner_tags, each named; the column entities has them",
    write=write,
    read=read,
)
