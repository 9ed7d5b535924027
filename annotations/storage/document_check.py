"""Does a document's own record hold: its id, the hash and length of its text, when it was added?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from annotations.errors import StorageError
from annotations.records import Plain
from annotations.storage import safe_open, text_hash
from annotations.storage.decision_check import time_problem
from annotations.storage.line_check import DuplicateError, unique
from annotations.text import Text


def problems(about: Plain, document_id: str, text: Text | None, until: str) -> Iterator[str]:
    """What is wrong with what `document.json` says.

    Args:
        about: the record.
        document_id: the name of the document's folder.
        text: the text; None where it was redacted.
        until: the last time that it may have.
    """
    if about.get("id") != document_id:
        yield f"it is of document {about.get('id')!r}"
    if words := time_problem(about.get("added_at"), until):
        yield words
    if text is None:
        return
    if not text_hash.is_hash(about.get("sha256")):
        yield "it does not say the SHA-256 of the text"
    if about.get("characters") != len(text):
        yield f"it says {about.get('characters')!r} characters, and the text has {len(text)}"


def duplicate(path: Path) -> str:
    """Which member a JSON file has twice in one object; empty where none, or where it is broken."""
    try:
        json.loads(safe_open.read(path), object_pairs_hook=unique)
    except DuplicateError as error:
        return str(error)
    except (OSError, StorageError, ValueError, RecursionError):
        return ""
    return ""
