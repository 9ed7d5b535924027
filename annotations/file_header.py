"""What a file of a project says of itself, checked: a layer's meta record, and `document.json`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from annotations.evidence import Plain
from annotations.field_checks import (
    Check,
    RecordError,
    each,
    is_count,
    is_document_id,
    is_json,
    is_name,
    is_note,
    is_text,
    is_time_or_empty,
    object_of,
    problem,
    refuse,
    within,
)
from annotations.record_parser import state

METADATA_DEPTH: Final = 100
"""How deeply a document's metadata may be nested; JSON of a source is a few levels deep."""

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_META: Final[Mapping[str, Check]] = {
    "format": is_count,
    "layer": is_name,
    "document": is_document_id,
}
_META_MORE: Final[Mapping[str, Check]] = {
    "seq": is_count,
    "length": is_count,
    "at": is_time_or_empty,
    "made_at": is_time_or_empty,
    "undo_at": is_time_or_empty,
    "undone_at": is_time_or_empty,
}


def meta(plain: Any) -> Plain:
    """The meta record of a layer's file.

    Raises:
        RecordError: it is not valid.
    """
    found = object_of(plain)
    refuse(found, _META, _META_MORE)
    if "head" in found and not _is_hash(found["head"]):
        raise RecordError(f"head: {problem(found['head'], 'a SHA-256 in hex digits')}")
    model = found.get("model", {})
    if type(model) is not dict or not is_json(model):
        raise RecordError(f"model: {problem(model, 'an object that says what made the layer')}")
    if "state" in found:
        try:
            state(found["state"])
        except RecordError as error:
            raise within("state", error) from None
    return found


def _is_hash(value: Any) -> bool:
    return type(value) is str and _HASH.fullmatch(value) is not None


def _name(value: Any) -> str:
    if not is_name(value):
        raise RecordError(f": {problem(value, 'a name')}")
    return str(value)


_DOCUMENT: Final[Mapping[str, Check]] = {
    "format": is_count,
    "id": is_document_id,
    "title": is_note,
    "source": is_note,
    "added_at": is_text,
    "characters": is_count,
}
_REDACTED: Final[Mapping[str, Check]] = {"by": is_name, "at": is_time_or_empty, "reason": is_note}


def document(plain: Any, document_id: str) -> Plain:
    """The record of a `document.json`.

    Raises:
        RecordError: it is not valid, or is of another document.
    """
    found = object_of(plain)
    refuse(found, _DOCUMENT, {"session": is_text})
    if found["id"] != document_id:
        raise RecordError(f"id: {problem(found['id'], f'{document_id}, as its folder is called')}")
    if "sha256" in found and not _is_hash(found["sha256"]):
        raise RecordError(f"sha256: {problem(found['sha256'], 'a SHA-256 in hex digits')}")
    metadata = found.get("metadata")
    if type(metadata) is not dict:
        raise RecordError(f"metadata: {problem(metadata, 'an object')}")
    if not is_json(metadata, METADATA_DEPTH):
        raise RecordError(
            f"metadata: it is nested more than {METADATA_DEPTH} levels deep, or holds a value that "
            "JSON does not have"
        )
    if "redacted" in found:
        try:
            refuse(object_of(found["redacted"]), _REDACTED, {})
            each("with", found["redacted"].get("with", ()), _name)
        except RecordError as error:
            raise within("redacted", error) from None
    return found
