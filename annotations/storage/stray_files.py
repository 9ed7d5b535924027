"""Files in a project's own folders that purport did not put there: they are never read.

A file manager, an editor or a program that copies folders leaves such files: `.DS_Store`,
`anna.log~`, `anna (conflicted copy).log`. One of them may hold decisions that are nowhere else, so
`verify` and `doctor` name each.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from annotations.errors import StorageError
from annotations.storage import safe_open
from annotations.storage.shelf import ABOUT, TEXT, Shelf, is_document_id, is_layer_name

_LAYER_FILE: Final = re.compile(r"(.+?)(\.log|\.json|\.log\.(torn|forked)(\.\S+)?|\.json\.edited)")
_TEMPORARY: Final = re.compile(r"\..+\.[0-9a-f]{8}\.tmp")
_SEAL_FILE: Final = re.compile(r"[0-9a-f]{16}\.tsv|[0-9a-f]{64}\.(tsv|json)")

PROBLEM: Final = (
    "not a file of purport's, so it is not read. "
    "If it holds decisions, restore it under its right name; else move it away"
)


def in_document(shelf: Shelf, document_id: str) -> Iterator[Path]:
    """The stray files in one document's folder, sorted by name."""
    folder = shelf.folder(document_id)
    yield from (folder / name for name in _names(folder) if not _is_documents_own(name))


def in_project(root: Path, shelf: Shelf) -> Iterator[Path]:
    """The stray files beside the documents' folders, in `annotators/` and in `seals/`."""
    for name in _names(shelf.root):
        folder = shelf.root / name
        if not re.fullmatch(r"[0-9a-f]{2}", name) or _is_file(folder):
            yield folder
            continue
        for inner in _names(folder):
            if not is_document_id(inner) or inner[:2] != name or _is_file(folder / inner):
                yield folder / inner
    for name in _names(root / "annotators"):
        stem, _, ending = name.rpartition(".")
        is_annotators = ending == "json" and is_layer_name(stem)
        if not is_annotators and not _TEMPORARY.fullmatch(name):
            yield root / "annotators" / name
    for name in _names(root / "seals"):
        if not _SEAL_FILE.fullmatch(name) and not _TEMPORARY.fullmatch(name):
            yield root / "seals" / name


def _names(folder: Path) -> list[str]:
    """What is in a folder; nothing where it cannot be listed, which others report."""
    with suppress(OSError, StorageError):
        return sorted(entry.name for entry in safe_open.entries(folder))
    return []


def _is_file(path: Path) -> bool:
    with suppress(OSError, StorageError):
        return stat.S_ISREG(safe_open.stat(path).st_mode)
    return False


def _is_documents_own(name: str) -> bool:
    if name in (TEXT, ABOUT) or _TEMPORARY.fullmatch(name):
        return True
    match = _LAYER_FILE.fullmatch(name)
    return match is not None and is_layer_name(match[1])
