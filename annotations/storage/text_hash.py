"""The full SHA-256 of a document's text, as `document.json` says it and as the text itself has it.

A document's id is the first 12 digits. Two texts can be made that share those, so whatever decides
on a text names all 64.
"""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from annotations import messages
from annotations.errors import CorruptError, StorageError
from annotations.storage import disk, safe_open, view

TEXT: Final = "text.txt"
ABOUT: Final = "document.json"
_LENGTH: Final = 64
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def is_hash(value: object) -> bool:
    """Whether the value is a SHA-256 as purport writes it."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def recorded(folder: Path) -> str:
    """What `document.json` in a document's folder says; empty where it does not say it.

    Raises:
        CorruptError, DiskError: the file cannot be read.
    """
    tables = view.read(folder / ABOUT) or {}
    try:
        found = tables["document"]["1"]["sha256"]
    except (KeyError, TypeError):
        return ""
    return found if is_hash(found) else ""


def measured(folder: Path) -> str:
    """The hash of the text in a document's folder, for a journal to bind.

    Raises:
        CorruptError: it is not the text that the document was made of.
        DiskError: it cannot be read.
    """
    path = folder / TEXT
    try:
        with disk.readable(path):
            found = sha256(safe_open.read(path)).hexdigest()
    except FileNotFoundError:
        raise CorruptError(messages.NO_TEXT.format(path=path)) from None
    if not found.startswith(folder.name) or found != (recorded(folder) or found):
        raise CorruptError(messages.CHANGED_TEXT.format(path=path))
    return found


def mismatch(folder: Path, named: str) -> str:
    """What is wrong where a journal names this text; empty if nothing is, or it names none."""
    known = ""
    with suppress(StorageError):  # what cannot be read there is reported where it is opened
        known = recorded(folder)
    if not named or not known or named in (known, unknown(folder.name)):
        return ""
    return messages.OTHER_TEXT.format(named=named, known=known)


def unknown(document_id: str) -> str:
    """What a redaction binds where the text was gone before it: the id, then zeros."""
    return document_id.ljust(_LENGTH, "0")
