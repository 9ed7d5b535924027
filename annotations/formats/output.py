"""Files of an export: whole, or as they were before."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from annotations.errors import DiskError, DiskFullError, InputError, ReadOnlyError

_TEMPORARY: Final = ".tmp"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN: Final = (errno.EROFS, errno.EACCES, errno.EPERM)


def check(path: Path, suffix: str) -> None:
    """See whether an export may go to `path`: an earlier export is replaced, nothing else is.

    Raises:
        InputError: something else is there.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file, such as {path / ('data' + suffix)}.")
    if path.exists() and path.suffix != suffix:
        raise InputError(
            f"{path} is there already and is no {suffix} file; it was left alone. "
            "Name another file."
        )


@contextmanager
def whole(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """New files to write to, which take the places of `paths` together when all are complete.

    Whatever goes wrong while they are written, what stood at `paths` stays as it was.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: the disk refused; nothing was changed.
    """
    mark = secrets.token_hex(4)
    drafts = [path.with_name(f".{path.name}.{mark}{_TEMPORARY}") for path in paths]
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
        yield drafts
        for draft in drafts:
            _sync(draft)
        for draft, path in zip(drafts, paths, strict=True):
            draft.replace(path)
        for folder in {path.parent for path in paths}:
            _sync(folder)
    except OSError as error:
        raise _explained(error, paths[0]) from error
    finally:
        for draft in drafts:
            with suppress(OSError):
                draft.unlink()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _explained(error: OSError, path: Path) -> DiskFullError | ReadOnlyError | DiskError:
    if error.errno in _FULL:
        return DiskFullError(
            f"Not exported: no space left for {path}. Nothing was changed. "
            "Free some space and export again."
        )
    if error.errno in _FORBIDDEN:
        return ReadOnlyError(
            f"Not exported: no right to write {path}. Nothing was changed. Name another place."
        )
    return DiskError(f"Not exported: {path} ({error.strerror}). Check the place and export again.")
