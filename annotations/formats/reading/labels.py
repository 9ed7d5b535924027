"""The labels that an import brings and the project has no key for."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from typing import Final

from annotations import schema as schemas
from annotations.errors import SchemaError, StorageError
from annotations.messages import counted
from annotations.project import MARKER, Project
from annotations.storage import disk, safe_open

_MOST: Final = 26
"""Labels that are put in unasked; more are no set that anybody sets with keys."""
_SHOWN: Final = 12
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def welcome(project: Project, found: Counter[str], *, is_new: bool) -> str:
    """Give the labels of an import keys, or say in a line what to write for that; empty if all have.

    They are put into `purport.toml` where the import made the project and the file is as it was
    made. One that somebody may have thought about is theirs to change.

    Args:
        project: where the import went.
        found: its labels, and how often each stands there.
        is_new: whether there was no document before it.
    """
    new = [name for name, _ in found.most_common() if not project.schema.has_label(name)]
    if not new:
        return ""
    if is_new and len(new) <= _MOST and _put_in(project, new):
        return f"put into {MARKER}, with a key each: {', '.join(new)}"
    shown = ", ".join(new[:_SHOWN]) + (f" and {len(new) - _SHOWN:,} more" * (len(new) > _SHOWN))
    return (
        f"without a key in this project: {counted(len(new), 'label')}, {shown}. To set them with "
        f"one, write under [entities] in {MARKER}: {_lines(project, new[:_SHOWN])}"
    )


def _put_in(project: Project, new: list[str]) -> bool:
    path = project.root / MARKER
    try:
        name = project.schema.name
        if safe_open.read(path).decode("utf-8") != schemas.template(name):
            return False
        words = schemas.template(name, [_key(one) for one in new])
        read = schemas.read(tomllib.loads(words), str(path))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, SchemaError, StorageError):
        return False
    if not all(read.has_label(one) for one in new):
        return False
    disk.replace(path, words.encode("utf-8"))
    project.schema = read
    return True


def _key(label: str) -> str:
    """A label as TOML names it."""
    return label if _BARE.fullmatch(label) else json.dumps(label, ensure_ascii=False)


def _lines(project: Project, new: list[str]) -> str:
    """What to write for these labels, in the way in which the file has the others."""
    try:
        table = tomllib.loads(safe_open.read(project.root / MARKER).decode("utf-8-sig"))
        labels = table.get("entities", {}).get("labels")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, StorageError):
        labels = {}
    if isinstance(labels, dict):
        return ", ".join(f'labels.{_key(one)} = ""' for one in new) + ", a line each"
    known = [one.name for one in project.schema.labels]
    return f"labels = {json.dumps([*known, *new], ensure_ascii=False)}"
