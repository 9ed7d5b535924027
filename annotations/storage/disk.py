"""Files that are whole or not there: atomic replacement, and the disk's errors in words."""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotations import messages
from annotations.errors import DiskError, DiskFullError, ReadOnlyError, UnsafeFileError
from annotations.storage import safe_open
from annotations.storage.open_folder import Folder
from annotations.storage.safe_open import readable

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = [
    "STALE", "TEMPORARY", "TOGETHER", "discard", "explained", "prepare", "put", "readable", "replace",
    "replace_all", "sweep", "sync", "write_all",
]  # fmt: skip

TEMPORARY: Final = ".tmp"
"""The ending of a file that is being written; one that is left over may be deleted."""

STALE: Final = 3600.0
"""Seconds after which nobody can still be writing a temporary file: a write takes milliseconds."""

TOGETHER: Final = 8
"""Files that are waited for at the same time: a disk keeps several promises in the time of one."""

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READ_ONLY: Final = (errno.EROFS, errno.EACCES, errno.EPERM)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an `OSError` into the storage error that says whether the work is saved.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: nothing was changed, for the reason it says.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            words = messages.DISK_FULL.format(name=path.name, folder=path.parent)
            raise DiskFullError(words) from error
        if error.errno in _READ_ONLY:
            words = messages.NO_RIGHT.format(name=path.name, folder=path.parent)
            raise ReadOnlyError(words) from error
        words = messages.DISK_ERROR.format(reason=error.strerror, path=path)
        raise DiskError(words) from error


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte, however many calls it takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def prepare(path: Path, data: bytes, *, durable: bool) -> str:
    """Write `data` to a new temporary file beside `path`; with `durable`, to the disk itself.

    Returns:
        The file's path, for `put`. It is plain: a `Path` takes its time, and decisions wait for it.
    """
    folder, name = safe_open.holder(path)
    with folder:
        temporary, descriptor = _written(folder, name, data)
        try:
            if durable:
                os.fsync(descriptor)
        except BaseException:
            _discard(folder, temporary)
            raise
        finally:
            os.close(descriptor)
    return f"{folder.path}/{temporary}"


def _written(folder: Folder, name: str, data: bytes) -> tuple[str, int]:
    """A new temporary file beside `name` that has the data, and its descriptor, still open."""
    temporary = f".{name}.{secrets.token_hex(4)}{TEMPORARY}"
    descriptor = folder.create(temporary)
    try:
        write_all(descriptor, data)
    except BaseException:
        os.close(descriptor)
        _discard(folder, temporary)
        raise
    return temporary, descriptor


def put(temporary: str, path: Path) -> None:
    """Put a prepared file in the place of `path`, in the same folder."""
    folder, name = safe_open.holder(path)
    with folder:
        folder.rename(temporary.rpartition("/")[2], name)


def replace(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put `data` in the place of `path`, so that a reader sees the old file or the new, whole.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: the old file is as it was.
    """
    with explained(path):
        folder, name = safe_open.holder(path)
        with folder:
            temporary, descriptor = _written(folder, name, data)
            try:
                if durable:
                    os.fsync(descriptor)
                folder.rename(temporary, name)
            except BaseException:
                _discard(folder, temporary)
                raise
            finally:
                os.close(descriptor)
            if durable:
                folder.sync()


def replace_all(
    files: Iterable[tuple[Path, bytes]],
    *,
    around: Iterable[Path] = (),
    threads: Executor | None = None,
) -> None:
    """Put each of the `files` in its place as `replace` does, and wait for the disk but twice.

    Args:
        files: paths and what is to stand there.
        around: folders, new perhaps, whose own names are to be durable, too.
        threads: wait for several at once on these.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: each file is as it was, or new and whole.
    """
    made: list[tuple[str, Path]] = []
    waiting: list[tuple[int, Path]] = []
    try:
        for path, data in files:
            with explained(path):
                folder, name = safe_open.holder(path)
                with folder:
                    temporary, descriptor = _written(folder, name, data)
            made.append((f"{folder.path}/{temporary}", path))
            waiting.append((descriptor, path))
        _sync_all(waiting, threads)
        for temporary, path in made:
            with explained(path):
                put(temporary, path)
    except BaseException:
        for temporary, _ in made:
            discard(temporary)
        raise
    finally:
        _close(waiting)
    names = {path.parent: path for path in [path for _, path in made] + [*around]}
    waiting = []
    try:
        for path in names.values():
            with explained(path):
                folder, _ = safe_open.holder(path)
                with folder:
                    waiting.append((folder.listable(), path.parent))
        _sync_all(waiting, threads)
    finally:
        _close(waiting)


def _sync_all(waiting: Sequence[tuple[int, Path]], threads: Executor | None) -> None:
    if threads is None or len(waiting) == 1:
        _sync(waiting)
    else:
        portions = [waiting[first::TOGETHER] for first in range(min(TOGETHER, len(waiting)))]
        list(threads.map(_sync, portions))


def _sync(waiting: Iterable[tuple[int, Path]]) -> None:
    for descriptor, path in waiting:
        with explained(path):
            os.fsync(descriptor)


def _close(waiting: Iterable[tuple[int, Path]]) -> None:
    for descriptor, _ in waiting:
        os.close(descriptor)


def sync(path: Path | str) -> None:
    """Make the name of a file or a folder durable, in the folder that has it."""
    folder, _ = safe_open.holder(path)
    with folder:
        folder.sync()


def discard(path: Path | str) -> None:
    """Delete a file that may be gone already."""
    with suppress(OSError, UnsafeFileError):
        safe_open.remove(path)


def _discard(folder: Folder, name: str) -> None:
    with suppress(OSError):
        folder.remove(name)


def sweep(place: Path) -> None:
    """Delete the temporary files that an interrupted write left in a folder.

    A young one may be another process's, which is about to put it in its place.
    """
    with suppress(OSError, UnsafeFileError), safe_open.folder(place) as folder:
        for entry in folder.entries():
            if entry.name.startswith(".") and entry.name.endswith(TEMPORARY):
                with suppress(OSError):
                    if time.time() - folder.stat(entry.name).st_mtime > STALE:
                        folder.remove(entry.name)
