"""A Hugging Face dataset, as this program or anyone wrote it: rows of parquet or of JSON.

A row is a document: its `text`, or `tokens`. Its entities stand in `entities` or `spans`, by
offsets, or else in a tag for each token: `ner_tags`, or what else such a column is called. Tags that
are numbers have their names in the file, or in the `dataset_info.json` beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.format import missing
from annotations.formats.parquet import rows
from annotations.formats.reading.folder import files
from annotations.formats.reading.intake import FIELDS, Intake
from annotations.formats.reading.offsets import Mark, Unit, measure, whole
from annotations.formats.reading.stream import elements
from annotations.formats.writing.tokens import chunks, joined, tag_parts
from annotations.records import Claim, Document, Entity, Plain
from annotations.storage.decoder import decoded
from annotations.text import Text

CLAIM_COLUMNS: Final = (*FIELDS, "holder")

_INFO: Final = "dataset_info.json"
_JSON: Final = (".json", ".jsonl", ".ndjson")
_ENTITIES: Final = ("entities", "spans")
_TAGS: Final = ("ner_tags", "ner", "ner_labels", "tags", "labels")
_SURE: Final = _TAGS[:3]
"""Columns of tags that can be of nothing else, so that one without O and prefix is an entity."""
_LABELS: Final = ("label", "type", "category", "entity_group")
_NO_LABEL: Final = "tokens without a label (a negative number)"
_REACH: Final = 100
"""Characters of a text in which a token is looked for, behind the one before."""
_BROKEN: Final = (
    *(KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError),
    InputError,
)


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a file of parquet or JSON, or of all in a folder; where it has both, the parquet.

    Raises:
        InputError: it is no such file; the message has the file and the row's number.
    """
    found = [path]
    if path.is_dir():
        found = [*files(path, "*.[pP][aA][rR][qQ][uU][eE][tT]")] or [
            one
            for one in files(path)
            if one.suffix.lower() in _JSON
            and one.name not in (_INFO, "dataset_infos.json", "state.json")
        ]
    if not found:
        raise InputError(f"{path}: no .parquet or .jsonl file in it.")
    for one in found:
        is_json = one.suffix.lower() in _JSON
        yield from _of_json(one, intake) if is_json else _of_parquet(one, intake)


def _of_parquet(path: Path, intake: Intake) -> Iterator[Labelled]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise missing("pyarrow", "huggingface", "Reading parquet") from None
    try:
        # Opened here: pyarrow takes no name that is not UTF-8.
        with path.open("rb") as raw, parquet.ParquetFile(raw) as file:
            schema = file.schema_arrow
            features = _features((schema.metadata or {}).get(b"huggingface", b""), "info")
            shape = _Shape.of(schema.names, features)
            shape.tell(schema.names, str(path), intake)
            for number, row in enumerate(rows(file, shape.columns, path), 1):
                yield _labelled(row, shape, path, f"{path}:{number}", number, intake)
    except (OSError, pyarrow.ArrowException) as error:
        words = " ".join(str(error).split())[:200]
        raise InputError(f"{path}: no parquet file that can be read ({words}).") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: the name of a column in it is not UTF-8.") from None


def _of_json(path: Path, intake: Intake) -> Iterator[Labelled]:
    beside = path.with_name(_INFO)
    features = _features(beside.read_bytes() if beside.is_file() else b"")
    shapes: dict[tuple[str, ...], _Shape] = {}
    told: set[str] = set()
    for number, (where, row) in enumerate(elements(path), 1):
        if not isinstance(row, dict):
            raise InputError(f"{where}: no row of a dataset; it is no object.")
        names = tuple(row)
        if names not in shapes:
            shapes[names] = _Shape.of(names, features)
            shapes[names].tell([one for one in names if one not in told], where, intake)
            told.update(names)
        yield _labelled(row, shapes[names], path, where, number, intake)


def _features(described: bytes, *way: str) -> Plain:
    """The columns as the `datasets` library describes them, by their names; none where it does not."""
    try:
        found = json.loads(described)
        for step in (*way, "features"):
            found = found[step]
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _names(feature: Any) -> tuple[str, ...]:
    """The names of a ClassLabel, or of what a list has of them."""
    feature = _single(feature)
    names = feature.get("names") if isinstance(feature, dict) else None
    return tuple(map(str, names)) if isinstance(names, list) else ()


def _single(feature: Any) -> Any:
    """What a list's items are, as one is described."""
    for _ in range(8):
        if isinstance(feature, list) and feature:
            feature = feature[0]
        elif isinstance(feature, dict) and "feature" in feature:
            feature = feature["feature"]
    return feature


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which columns of a dataset are read.

    Attributes:
        columns: all of them.
        entities: the one with entities by offsets; empty where there is none.
        tags: the one with a tag a token; empty where there is none, or no need of it.
        names: what the tags' numbers stand for.
        labels: what the numbers of the entities' labels stand for.
    """

    columns: tuple[str, ...]
    entities: str = ""
    tags: str = ""
    names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @classmethod
    def of(cls, names: Sequence[str], features: Plain) -> Self:
        """That of a dataset with columns of these names.

        Args:
            names: those that it has.
            features: how it describes them, where it does.
        """
        entities = next((one for one in _ENTITIES if one in names), "")
        tags = next((one for one in _TAGS if one in names), "")
        if "tokens" not in names or ("text" in names and entities):
            tags = ""  # where the text and its spans are, the tokens tell nothing more
        wanted = (
            "title",
            "text",
            "claims",
            "purport",
            entities,
            *(("tokens", tags) if tags else ()),
        )
        if "text" not in names:
            wanted += ("tokens",)
        described = _single(features.get(entities))
        inner = described if isinstance(described, dict) else {}
        labels = next((found for one in _LABELS if (found := _names(inner.get(one)))), ())
        columns = tuple(one for one in names if one in wanted)
        return cls(columns, entities, tags, _names(features.get(tags)), labels)

    def tell(self, names: Iterable[str], where: str, intake: Intake) -> None:
        """Say which columns are passed over; our own say nothing more."""
        if "purport" not in self.columns:
            for name in names:
                if name not in self.columns and name != "id":
                    intake.omissions.add("columns of the dataset", f"{where}: {name[:60]}")


def _labelled(
    row: Plain, shape: _Shape, path: Path, where: str, number: int, intake: Intake
) -> Labelled:
    try:
        said = row.get("text")
        has_text = isinstance(said, str)
        marks = [*_marks(row, shape, where, intake)] if has_text or not shape.tags else []
        text, places = (str(said), []) if has_text else _joined(_tokens(row))
        if shape.tags:
            places = _found(text, _tokens(row)) if has_text else places
            marks += _tagged(Text(text), places, row, shape, where, intake)
        carried = decoded(row["purport"].encode()) if row.get("purport") else None
    except _BROKEN as error:
        words = str(error)
        raise InputError(
            words
            if words.startswith(where)
            else f"{where}: no document with a text ({words[:200]})."
        ) from None
    title = str(row.get("title") or f"{path.stem}:{number}")
    return intake.labelled(Document(Text(text), title, str(path)), marks, where, pack=carried)


def _tokens(row: Plain) -> list[str]:
    return ["" if word is None else str(word) for word in row["tokens"]]


def _marks(row: Plain, shape: _Shape, where: str, intake: Intake) -> Iterator[Mark]:
    """The entities and claims that have offsets."""
    for one in _records(row.get(shape.entities)):
        start, end = whole(one["start"], "the start"), whole(one["end"], "the end")
        label = one.get("label")
        if not isinstance(label, str) or not label:
            said = next((one[name] for name in _LABELS if one.get(name) not in (None, "")), "")
            label = _named(said, shape.labels, "its entities' labels", where)
        if label:
            yield Mark(Entity.kind, start, end, label, one.get("text"))
        else:
            intake.unplaced.append(f"{where}: entity {start}-{end} has no label")
    for one in _records(row.get("claims")):
        fields = {name: one[name] for name in CLAIM_COLUMNS if one.get(name)}
        start, end = whole(one["start"], "the start"), whole(one["end"], "the end")
        yield Mark(Claim.kind, start, end, words=one.get("text"), fields=fields)


def _records(value: Any) -> Sequence[Plain]:
    """A list of records, also where it is one record of lists, as older datasets have it."""
    if isinstance(value, Mapping):
        return [dict(zip(value, each, strict=True)) for each in zip(*value.values(), strict=True)]
    return value or ()


def _joined(words: Sequence[str]) -> tuple[str, list[tuple[int, int] | None]]:
    text, found = joined(words)
    places = iter(found)
    return text, [next(places) if word else None for word in words]


def _found(text: str, words: Iterable[str]) -> list[tuple[int, int] | None]:
    """Where each token stands in the text, one behind the other; None where it does not."""
    places: list[tuple[int, int] | None] = []
    at = missed = 0
    for word in words:
        reach = at + len(word) + missed + _REACH
        start = text.find(word, at, reach) if word else -1
        # Behind a token that has its place no word is passed over.
        if start < 0 or (not missed and any(map(str.isalnum, text[at:start]))):
            places.append(None)
            missed += len(word) + 1
            continue
        at, missed = start + len(word), 0
        places.append((start, at))
    return places


def _tagged(
    text: Text,
    places: Sequence[tuple[int, int] | None],
    row: Plain,
    shape: _Shape,
    where: str,
    intake: Intake,
) -> Iterator[Mark]:
    """The entities that the tokens' tags mark."""
    tags = row[shape.tags]
    if not isinstance(tags, list) or len(tags) != len(places):
        count = len(tags) if isinstance(tags, list) else "no list of"
        raise InputError(f"{where}: {len(places)} tokens and {count} {shape.tags}.")
    units = measure(text, intake.unit or Unit.CODE_POINT)
    for low, high, label in chunks(_tags(tags, shape, where, intake)):
        first, last = places[low], places[high - 1]
        if first is None or last is None:
            words = " ".join(map(str, row["tokens"][low:high]))[:60]
            intake.unplaced.append(f"{where}: {label} {words!r} does not stand in the text")
            continue
        start, end = first[0], last[1]
        yield Mark(Entity.kind, units(start), units(end), label, text[start:end])


def _tags(tags: Sequence[Any], shape: _Shape, where: str, intake: Intake) -> list[str]:
    """The tags by their names, each with a prefix: one without is inside of an entity."""
    found: list[str] = []
    for tag in tags:
        name = "O" if tag is None else _named(tag, shape.names, f"its {shape.tags}", where)
        if not name and tag != "":
            intake.omissions.add(_NO_LABEL, where)
        found.append(name or "O")
    bare = {name for name in found if tag_parts(name) is None}
    if bare and shape.tags not in _SURE and "O" not in (*shape.names, *found):
        raise InputError(
            f"{where}: {min(bare)[:60]!r} in {shape.tags} is no tag of an entity, such as B-PER or "
            "O. Rename the column to read the rest."
        )
    return [f"I-{name}" if name in bare else name for name in found]


def _named(value: Any, names: Sequence[str], what: str, where: str) -> str:
    """A label in words; empty for a number below 0, which stands for none."""
    if not isinstance(value, int):
        return str(value)
    if value < 0:
        return ""
    if not names:
        raise InputError(f"{where}: {what} are numbers, and the file does not name them.")
    if value >= len(names):
        raise InputError(f"{where}: {value} in {what} has no name in the file.")
    return names[value]
