"""How a project begins: `project.json`, the format of what it keeps, and `annotators/`, who works in it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from annotations import messages
from annotations.errors import (
    DiskError,
    DiskFullError,
    LockedError,
    NewerFormatError,
    ReadOnlyError,
    SchemaError,
    StorageError,
    UnsafeFileError,
)
from annotations.storage import disk, safe_open, view
from annotations.storage.ledger import after
from annotations.storage.lock import exclusive

VERSION: Final = 2
"""Of the project as a whole: a program that knows less reads it and writes nothing."""


@cache
def app_name() -> str:
    """The program and its version, as the journal keeps them."""
    try:
        return f"purport {version('purport')}"
    except PackageNotFoundError:
        return "purport"


def user_name() -> str:
    """`PURPORT_ANNOTATOR`, else the system user's name, with what no layer's name may hold left out."""
    name = os.environ.get("PURPORT_ANNOTATOR")
    if name:
        return name
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = "annotator"
    kept = "".join(one for one in name if one.isascii() and (one.isalnum() or one in "._-"))
    return kept.lstrip("._-") or "annotator"


def begin(marker: Path, said: str) -> None:
    """Make a project's folder, and the `purport.toml` in it that makes it one.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: there is no project.
    """
    root = marker.parent
    with disk.explained(root):
        root.mkdir(parents=True, exist_ok=True)
    disk.replace(marker, said.encode("utf-8"))
    with disk.explained(root):
        disk.sync(root.resolve())


def settings(marker: Path) -> bytes:
    """What a project's `purport.toml` holds.

    Raises:
        SchemaError: it cannot be read.
        UnsafeFileError: it is a link, a pipe, or another user's.
    """
    try:
        return safe_open.read(marker)
    except OSError as error:
        raise SchemaError(f"{marker}: not readable ({error}). Mend it and try again.") from None


def enrol(root: Path, marker: Path, annotator: str) -> StorageError | None:
    """Keep the annotator's name in `annotators/`; returns the reason not to write, if there is one.

    Each has a file of their own, so that two who join in two clones are in nobody's way.

    Reading needs neither space nor the right to write: a name that cannot be kept now is kept the
    next time.

    Args:
        root: the project's folder.
        marker: its `purport.toml`, which is locked while `project.json` is replaced.
        annotator: who opens the project.

    Raises:
        SchemaError, CorruptError: `project.json` is not what purport wrote.
    """
    path = root / "project.json"
    tables = view.read(path) or {}
    try:
        found = tables.get("meta", {}).get("1", {}).get("format", VERSION)
        is_newer = found > VERSION
    except (AttributeError, KeyError, TypeError):
        raise SchemaError(f"{path}: no project's file. Restore it from a copy.") from None
    if is_newer:
        words = messages.NEWER_PROJECT.format(found=found, known=VERSION)
        return NewerFormatError(words)
    if not os.access(root, os.W_OK):
        return ReadOnlyError(messages.READ_ONLY.format(folder=root))
    with suppress(DiskError, DiskFullError, LockedError, ReadOnlyError, UnsafeFileError):
        if not tables:
            _begin(path, marker)
        _sign(root / "annotators" / f"{annotator}.json", annotator)
    return None


def _begin(path: Path, marker: Path) -> None:
    """Write `project.json`, once, whoever comes first."""
    with _locked(marker):
        if not safe_open.exists(path):
            meta = {"format": VERSION, "made": after("")}
            disk.replace(path, view.dump({"meta": {1: meta}}))


@contextmanager
def _locked(marker: Path) -> Iterator[None]:
    with disk.explained(marker):
        descriptor = safe_open.open_file(marker, os.O_RDWR)  # NFS locks no file that is only read
    try:
        with exclusive(descriptor, marker):
            yield
    finally:
        os.close(descriptor)


def upgrade(root: Path, marker: Path) -> None:
    """Write the present format into `project.json`, before anything of that format is written.

    Raises:
        CorruptError: the file is not what purport wrote.
        LockedError, DiskFullError, ReadOnlyError, DiskError: it is as it was.
    """
    path = root / "project.json"
    if _format(view.read(path)) == VERSION:
        return
    with _locked(marker):
        tables = view.read(path) or {}
        if _format(tables) < VERSION:
            meta = tables["meta"]["1"] | {"format": VERSION}
            disk.replace(path, view.dump(tables | {"meta": {1: meta}}))


def _format(tables: dict[str, dict[str, Any]] | None) -> int:
    """The format that `project.json` names; the present one where it names none."""
    found = (tables or {}).get("meta", {}).get("1", {}).get("format", VERSION)
    return found if isinstance(found, int) else VERSION


def _sign(path: Path, annotator: str) -> None:
    """Write the annotator's own file, unless it is there."""
    if safe_open.exists(path):
        return
    with disk.explained(path):
        safe_open.make_folder(path.parent)
    disk.replace(path, view.dump({"annotator": {1: {"name": annotator, "since": after("")}}}))
