"""TinyDB files that are replaced as a whole: JSON, one record a line, never half written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

from tinydb import TinyDB
from tinydb.storages import Storage

from annotations import file_header, messages, record_parser
from annotations.errors import CorruptError, NewerFormatError
from annotations.evidence import Holder
from annotations.field_checks import RecordError, is_id
from annotations.layer import Layer, check_words
from annotations.records import (
    Annotation,
    Claim,
    Entity,
    Plain,
    State,
    suggestion_id,
)
from annotations.span import in_order
from annotations.storage import disk, safe_open
from annotations.storage.decoder import decoded
from annotations.storage.notation import PLAIN
from annotations.text import Text

VERSION: Final = 1
_encode = json.JSONEncoder(ensure_ascii=False).encode  # made once, not for each record

Tables = Mapping[str, Mapping[Any, Mapping[str, Any]]]


class AtomicStorage(Storage):
    """A storage for TinyDB that replaces the file in one step, on the disk itself.

    A process that reads sees the file before or after a change, and a kill leaves one of the two.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The tables, or None where there is no file yet."""
        return read(self._path)

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Put these tables in the file's place."""
        disk.replace(self._path, dump(data))


def database(path: Path) -> TinyDB:
    """The TinyDB at `path`, opened so that each change of it is atomic."""
    return TinyDB(path, storage=AtomicStorage)


def read(path: Path) -> dict[str, dict[str, Any]] | None:
    """The tables of a TinyDB file; None where there is none.

    Raises:
        CorruptError: it is no TinyDB file.
        DiskError: it is there and cannot be read.
    """
    try:
        with disk.readable(path):
            data = safe_open.read(path)
        tables = decoded(data)
        if not data.isascii():
            data.decode("utf-8")
        if _HALF.search(data):
            _encode(tables).encode("utf-8")
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise CorruptError(
            f"{path}: not readable as JSON ({error}). Restore it from a copy."
        ) from None
    if type(tables) is not dict or any(type(table) is not dict for table in tables.values()):
        raise CorruptError(f"{path}: no TinyDB file. Restore it from a copy.")
    return tables


_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")
"""Half a character as JSON can write it, which nothing here can store."""


def dump(tables: Tables) -> bytes:
    """Tables as TinyDB reads them, one record a line."""
    return assemble(
        (name, (row(number, record) for number, record in table.items()))
        for name, table in tables.items()
    )


def row(number: int | str, record: Mapping[str, Any]) -> str:
    """One record's line, without the comma."""
    return f'"{number}": {_encode(record)}'


def annotation_row(number: int, annotation: Annotation) -> str:
    """One annotation's line, without the comma."""
    return f'"{number}": {PLAIN.of(annotation)}'


def assemble(tables: Iterable[tuple[str, Iterable[str]]]) -> bytes:
    """A TinyDB file from rows that are written already."""
    parts = []
    for name, rows in tables:
        body = ",\n".join(rows)
        parts.append(f"{_encode(name)}: {{\n{body}\n}}" if body else f"{_encode(name)}: {{}}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode("utf-8")


def differing(held: Layer, layer: Layer) -> list[str]:
    """The ids of the records that a layer's file has otherwise than the layer."""
    found = [
        one
        for one in {**held.annotations, **layer.annotations}
        if held.annotations.get(one) != layer.annotations.get(one)
    ]
    return found + ([State.id] if held.state != layer.state else [])


def standing(layer: Layer) -> Plain:
    """Where a person's layer stands, as the meta record of its file says it."""
    return {
        "seq": layer.seq,
        "at": layer.at,
        "made_at": layer.made_at,
        "undo_at": layer.undoable[-1].at if layer.undoable else "",
        "undone_at": layer.undone_at[-1] if layer.undone_at else "",
        "state": layer.state.plain(),
    }


def head(layer: Layer | Sheaf) -> Plain:
    """What the meta record of every layer's file begins with."""
    return {"format": VERSION, "layer": layer.name, "document": layer.document}


class Sheaf:
    """A model's layer on its way to the disk: its rows are made as they come, and not looked at.

    Attributes:
        name: the layer's name.
        document: the document's id.
        model: what made it.
    """

    def __init__(self, name: str, document: str, model: dict[str, object]) -> None:
        self.name, self.document, self.model = name, document, model
        self._rows: dict[str, dict[str, tuple[int, int, str, str]]] = {
            Entity.kind: {},
            Claim.kind: {},
        }
        self._given: list[Annotation] = []

    def suggest(self, entity: Entity) -> str:
        """Take in an entity as a suggestion of this layer; returns its id in it.

        Raises:
            UnicodeEncodeError: half a character is in it, which no file can hold.
        """
        span = entity.span
        own = suggestion_id(self.name, Entity.kind, span, entity.label)
        written = PLAIN.suggestion(entity, own, self.name)
        if not written.isascii():
            written.encode("utf-8")
        self._rows[Entity.kind][own] = (span.start, -span.end, own, written)
        self._given.append(entity)
        return own

    def suggest_claim(self, claim: Claim, own: str, holder: Holder) -> None:
        """Take in a claim as a suggestion of this layer, under this id and with this holder.

        Raises:
            UnicodeEncodeError: as `suggest`.
        """
        written = PLAIN.suggested_claim(claim, own, self.name, holder)
        written.encode("utf-8")
        self._rows[Claim.kind][own] = (claim.span.start, -claim.span.end, own, written)
        self._given.append(claim)

    def put(self, one: Annotation) -> None:
        """Take in a record of the layer as it is."""
        self._rows[one.kind][one.id] = (*in_order(one), PLAIN.of(one))
        self._given.append(one)

    def rows(self) -> Iterator[tuple[str, int, int, str, str]]:
        """Its rows as they are written, for `lay`."""
        for kind, table in self._rows.items():
            for made in table.values():
                yield (kind, *made)

    def lay(self, kind: str, start: int, back: int, own: str, written: str) -> None:
        """Take in one of `rows`, whose words were checked; of two of an id the later one stays."""
        self._rows[kind][own] = (start, back, own, written)

    def update(self, later: Sheaf) -> None:
        """Take in what the same layer says further; of two of an id the later one stays."""
        for kind, table in later._rows.items():
            self._rows[kind].update(table)
        self._given += later._given
        self.model = {**self.model, **later.model}

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))

    def count(self, kind: str) -> int:
        """How many of a kind there are."""
        return len(self._rows[kind])

    def check_words(self, text: Text) -> None:
        """See whether each annotation's words are those of the text.

        Raises:
            SpanError: one's are not.
        """
        end = len(text)
        doubtful = [
            one
            for one in self._given
            if one.text != text[one.span.start : one.span.end] or one.span.end > end or not one.text
        ]
        check_words(self.name, doubtful, text)

    def data(self) -> bytes:
        """The file's bytes, in document order."""
        tables = [
            (name, [f'"{number}": {one[3]}' for number, one in enumerate(sorted(rows.values()), 1)])
            for name, rows in zip(("entities", "claims"), self._rows.values(), strict=True)
        ]
        return assemble([("meta", [row(1, head(self) | {"model": self.model})]), *tables])


def model_layer(layer: Layer | Sheaf) -> bytes:
    """The bytes of a model's layer: tables meta, entities and claims."""
    if isinstance(layer, Sheaf):
        return layer.data()
    ordered = sorted(layer, key=in_order)
    entities = [one for one in ordered if isinstance(one, Entity)]
    claims = [one for one in ordered if isinstance(one, Claim)]
    return assemble(
        [
            ("meta", [row(1, head(layer) | {"model": layer.model})]),
            ("entities", list(map(annotation_row, count(1), entities))),
            ("claims", list(map(annotation_row, count(1), claims))),
        ]
    )


_META_FIRST: Final = b'{\n"meta": {\n"1": '
_LONGEST: Final = 10_000_000
"""Bytes of the longest meta record that is read without the rest of the file."""


def meta(path: Path) -> Plain | None:
    """The meta record of a layer's file; None where there is none.

    It stands in the third line of a file that purport wrote, so the rest is not read.

    Raises:
        CorruptError: it is no layer's file.
        NewerFormatError: a later version of purport wrote it.
    """
    try:
        with disk.readable(path), safe_open.stream(path) as file:
            if file.read(len(_META_FIRST)) == _META_FIRST:
                line = file.readline(_LONGEST)
                with suppress(ValueError, RecursionError):
                    if not _HALF.search(line):
                        found = json.loads(line.rstrip(b",\n").decode("utf-8"))
                        return _checked({"meta": {"1": found}}, path)
    except FileNotFoundError:
        return None
    tables = read(path)
    return None if tables is None else _checked(tables, path)


def is_persons(about: Plain) -> bool:
    """Whether the meta record of a layer's file says that it is the fold of a journal."""
    return any(name in about for name in ("seq", "head", "state"))


def _checked(tables: dict[str, dict[str, Any]], path: Path) -> Plain:
    found = tables.get("meta", {}).get("1")
    version = found.get("format") if isinstance(found, dict) else None
    if type(version) is not int:
        raise CorruptError(f"{path}: no layer's file. Restore it from a copy.")
    if version > VERSION:
        words = messages.NEWER_VIEW.format(path=path, found=version, known=VERSION)
        raise NewerFormatError(words)
    try:
        return file_header.meta(found)
    except RecordError as error:
        raise _malformed(path, f"meta.{error}") from None


def _malformed(path: Path, problem: str) -> CorruptError:
    return CorruptError(messages.MALFORMED_FILE.format(path=path, problem=problem))


def rows(path: Path) -> list[Plain]:
    """The annotations in a layer's file, as `plain()` made them; none where there is no file.

    Raises:
        CorruptError: it is no layer's file.
    """
    return rows_of(read(path) or {}, path)


def rows_of(tables: dict[str, dict[str, Any]], path: Path) -> list[Plain]:
    """The annotations that a file's tables hold, as `plain()` made them.

    Raises:
        CorruptError: what an index or a queue takes of one is not valid.
    """
    found: list[Plain] = []
    for table in ("entities", "claims"):
        for number, plain in tables.get(table, {}).items():
            if not record_parser.is_row(plain):
                _parsed(table, number, plain, path)
            found.append(plain)
    if len({plain["id"] for plain in found}) < len(found):
        raise _malformed(path, "two records have the same id")
    return found


def _parsed(table: str, number: str, plain: Any, path: Path) -> Annotation:
    try:
        return record_parser.annotation(plain)
    except RecordError as error:
        own = plain.get("id") if isinstance(plain, dict) else None
        named = f" ({own})" if is_id(own) else ""
        raise _malformed(path, f"record {number:.20} of {table}{named}: {error}") from None


def load(path: Path) -> Layer | None:
    """A layer from its TinyDB file alone, without undo; None where there is none.

    Raises:
        CorruptError: it is no layer's file.
        NewerFormatError: a later version of purport wrote it.
    """
    tables = read(path)
    return None if tables is None else layer_of(tables, path)


def layer_of(tables: dict[str, dict[str, Any]], path: Path) -> Layer:
    """The layer that a file's tables hold.

    Raises:
        CorruptError, NewerFormatError: as `load`.
    """
    about = _checked(tables, path)
    layer = Layer(about["layer"], about["document"], model=about.get("model", {}))
    for table in ("entities", "claims"):
        for number, plain in tables.get(table, {}).items():
            record = _parsed(table, number, plain, path)
            if record.id in layer.annotations:
                raise _malformed(path, f"two records have the id {record.id}")
            layer.annotations[record.id] = record
    layer.state = record_parser.state(about["state"]) if "state" in about else State()
    layer.seq, layer.at = about.get("seq", 0), about.get("at", "")
    return layer
