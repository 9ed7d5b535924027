"""Files of an export: whole, or as they were before."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from stat import S_IFREG, S_ISDIR, S_ISFIFO, S_ISREG, S_ISSOCK
from types import MappingProxyType
from typing import Final

from annotations.errors import DiskError, DiskFullError, InputError, ReadOnlyError
from annotations.formats.writing.earlier import Look, look
from annotations.storage.disk import STALE, TOGETHER, sync

_TEMPORARY: Final = ".tmp"
_ASIDE: Final = ".old"
_SOME: Final = 512
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN: Final = (errno.EROFS, errno.EACCES, errno.EPERM)


def check(path: Path, suffixes: Sequence[str]) -> None:
    """See whether one file may go to `path`, where a file with one of the suffixes is replaced.

    Raises:
        InputError: something else is there.
    """
    if path.is_dir():
        raise InputError(
            f"{path} is a folder; name a file, such as {path / ('data' + suffixes[0])}."
        )
    if path.is_file() and path.suffix not in suffixes:
        raise InputError(
            f"{path} is there already and is no {suffixes[0]} file; it was left alone. "
            "Name another file."
        )


def real(path: Path) -> Path:
    """Where an export to `path` goes: what a link points to, else the path itself.

    Raises:
        InputError: it is no place for a file.
        OSError: it cannot be looked at.
    """
    if str(path) == "-":
        raise InputError(
            "An export is files, whole or not there, and goes to no standard output; name a file."
        )
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = S_IFREG
    except NotADirectoryError:
        return path
    if not (S_ISREG(mode) or S_ISDIR(mode)):
        what = "a pipe" if S_ISFIFO(mode) else "a socket" if S_ISSOCK(mode) else "a device"
        raise InputError(f"{path} is {what}, and an export is files; name a file.")
    return path.resolve() if path.is_symlink() else path


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an `OSError`, or half a character, into one line that says that nothing was changed."""
    try:
        yield
    except OSError as error:
        raise _explained(error, path) from error
    except UnicodeEncodeError as error:
        raise InputError(
            f"Not exported: {path} cannot hold half a character, {error.object[error.start]!a}, in a "
            "title, a label or the like. Nothing was changed. Correct it there."
        ) from error


@contextmanager
def whole(
    paths: Sequence[Path],
    *,
    gone: Iterable[Path] = (),
    looks: Mapping[Path, Look] = MappingProxyType({}),
) -> Iterator[tuple[list[Path], dict[Path, str]]]:
    """New files or folders to write to, which take the places of `paths` when all are complete.

    What is put into the dictionary goes beside them, a text for each path.
    Whatever goes wrong, what stood there stays as it was.

    Args:
        paths: files or folders.
        gone: what is removed when the new files are there.
        looks: what is to stand at each path yet when the new files take their places.

    Raises:
        InputError: something else stands there now.
        DiskFullError, ReadOnlyError, DiskError: the disk refused; nothing was changed.
    """
    mark = secrets.token_hex(4)
    drafts = [_draft(path, mark) for path in paths]
    beside: dict[Path, str] = {}
    more: list[tuple[Path, Path]] = []
    with explained(paths[0]):
        try:
            _sweep({*paths, *looks})
            for path in paths:
                path.parent.mkdir(parents=True, exist_ok=True)
            yield drafts, beside
            for path, text in beside.items():
                if path.parent in paths:  # in a folder that is still a draft
                    place = drafts[list(paths).index(path.parent)] / path.name
                else:
                    place = _draft(path, mark)
                    more.append((place, path))
                data = text.encode("utf-8", "surrogateescape")
                with place.open("xb") as file:  # never through what has that name already
                    file.write(data)
            made = [*zip(drafts, paths, strict=True), *more]
            _sync(draft for draft, _ in made)
            for path, seen in looks.items():
                if look(path) != seen:
                    raise InputError(
                        f"{path} was changed while it was exported; nothing was replaced. "
                        "Export again."
                    )
            _put(made, [*gone], mark)
            for folder in {path.parent for path in (*paths, *looks)}:
                sync(folder)
        finally:
            for draft in (*drafts, *(draft for draft, _ in more)):
                _discard(draft)


def _draft(path: Path, mark: str) -> Path:
    # The ending stays: a writer may go by it.
    return path.with_name(f".{path.stem}.{mark}{_TEMPORARY}{path.suffix}")


def _aside(path: Path, mark: str) -> Path | None:
    """Where what stands at `path` is kept meanwhile; None where nothing does."""
    kept = path.with_name(f".{path.name}.{mark}{_ASIDE}")
    return kept if os.path.lexists(path) else None


def _put(made: Sequence[tuple[Path, Path]], gone: Sequence[Path], mark: str) -> None:
    """Put all drafts in their places, and take away what is gone; or nothing of it."""
    kept: list[tuple[Path, Path | None]] = []
    try:
        for draft, path in made:
            # Said before it is done: who stops it in between finds what to put back.
            kept.append((path, earlier := _aside(path, mark)))
            if earlier is not None:
                _set_aside(path, earlier, is_replaced=not draft.is_dir())
            draft.replace(path)
        for path in gone:
            kept.append((path, earlier := _aside(path, mark)))
            if earlier is not None:
                _set_aside(path, earlier)
    except BaseException:
        for path, earlier in reversed(kept):
            with suppress(OSError):
                _put_back(path, earlier)
        raise
    for _, earlier in kept:
        if earlier is not None:
            _discard(earlier)


def _put_back(path: Path, earlier: Path | None) -> None:
    if earlier is None:
        _discard(path)
    elif os.path.lexists(earlier):
        if earlier.is_dir() or path.is_dir():
            _discard(path)
        earlier.replace(path)
        _discard(earlier)  # two names of one file are not replaced by one another


def _set_aside(path: Path, earlier: Path, *, is_replaced: bool = False) -> None:
    """Keep what stands at `path` under another name; a file that a file replaces stays there, too."""
    if is_replaced and path.is_file():
        with suppress(OSError):  # not every file system has two names for a file
            earlier.hardlink_to(path)
            return
    path.rename(earlier)


def _sweep(paths: Iterable[Path]) -> None:
    """Delete what an export that was killed left beside these, once nobody can be at it yet."""
    by_folder: dict[Path, list[str]] = {}
    for path in paths:
        stem, name, suffix = map(re.escape, (path.stem, path.name, path.suffix))
        hidden = rf"\.{stem}\.[0-9a-f]{{8}}\{_TEMPORARY}{suffix}(\.first)?"
        if os.path.lexists(path):  # else what was set aside is all that there is
            hidden += rf"|\.{name}\.[0-9a-f]{{8}}\{_ASIDE}"
        by_folder.setdefault(path.parent, []).append(hidden)
    for folder, names in by_folder.items():
        with suppress(OSError):
            fitting = re.compile("|".join(names))
            for one in os.scandir(folder):
                if one.name.startswith(".") and fitting.fullmatch(one.name):
                    with suppress(OSError):
                        if time.time() - _last(Path(one)) > STALE:
                            _discard(Path(one))


def _last(path: Path) -> float:
    """When a draft was last written to, or what was set aside got its name."""
    if path.name.endswith(_ASIDE):
        return path.lstat().st_ctime
    inner = [one for one in path.iterdir() if one.is_dir()] if path.is_dir() else []
    return max(one.lstat().st_mtime for one in (path, *inner))


def _discard(draft: Path) -> None:
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    with suppress(OSError):
        draft.unlink()


def _sync(drafts: Iterable[Path]) -> None:
    """Have the drafts on the disk, with all that is in them; several files are waited for at once."""
    found = (inner for draft in drafts for inner in _within(draft))
    with ThreadPoolExecutor(TOGETHER) as threads:
        while some := list(islice(found, _SOME)):  # a million files are not held at a time
            for _ in threads.map(sync, some):
                pass


def _within(path: Path) -> Iterator[str]:
    """All that is in a folder, the folder itself at last; a file alone."""
    for folder, _, names in os.walk(path, topdown=False):
        yield from (os.path.join(folder, name) for name in names)  # noqa: PTH118 - there are many
        yield folder
    if not path.is_dir():
        yield str(path)


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
