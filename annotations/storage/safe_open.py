"""The one way to a file of a project: no link is followed, and only plain files are opened.

A project may come from anywhere, so a name in it may be a link to a file of the person's own, a
pipe that blocks, or a device without an end. Each part of a path below the project's folder is
opened from the descriptor of the folder that holds it, and nothing but a regular file that its
owner may have put there is read or written. The project's folder itself may be reached through a
link, because the person named it.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from annotations import messages
from annotations.errors import DiskError
from annotations.storage.open_folder import CREATE, PLAIN, WALK, Folder

_ID: Final = re.compile(r"[0-9a-f]{12,64}")
_SHARD: Final = re.compile(r"[0-9a-f]{2}")
_SINGLE: Final = ("annotators", "seals")
_FOLDERS: Final = ("documents", *_SINGLE)


@lru_cache(maxsize=256)
def split(path: str) -> tuple[str, tuple[str, ...]]:
    """The folder that may be reached through links, and the names below it that may not.

    The names that a project gives to its own folders say how deep a path is in it. Of any other
    path, only the last name is opened without following a link.
    """
    parts = path.rsplit("/", 4)
    depth = _depth(parts)
    base = "/".join(parts[:-depth])
    if not base:
        base = "/" if len(parts) > depth else "."
    return base, tuple(parts[-depth:])


def _depth(parts: list[str]) -> int:
    """How many of the last parts of a path are below the project's folder."""
    for depth in (3, 4):
        if len(parts) >= depth and parts[-depth] == "documents":
            shard, folder = parts[1 - depth], parts[2 - depth]
            if _ID.fullmatch(folder) and folder.startswith(shard):
                return depth
    if len(parts) >= 2 and parts[-2] == "documents" and _SHARD.fullmatch(parts[-1]):
        return 2
    is_single = len(parts) >= 2 and parts[-2] in _SINGLE and parts[-1].endswith((".json", ".tsv"))
    return 2 if is_single and parts[-1] != "project.json" else 1


@contextmanager
def readable(path: Path | str) -> Iterator[None]:
    """Turn an `OSError` while reading, except that there is no file, into one line.

    Raises:
        DiskError: the file is there and cannot be read.
        FileNotFoundError: it is not there, which the caller has an answer to.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        words = messages.UNREADABLE.format(path=path, reason=error.strerror)
        raise DiskError(words) from error


class _Kept(threading.local):
    """The folders that stay open for a while in this thread.

    Attributes:
        folders: by what `split` makes of their paths; None where none stay open.
        opened: all of them, to close at the end.
        depth: how deep in a project they may be.
    """

    folders: dict[tuple[str, tuple[str, ...]], Folder] | None = None
    opened: list[Folder]
    depth: int


_kept: Final = _Kept()


@contextmanager
def kept(depth: int = 3) -> Iterator[None]:
    """Walk to a folder once while the block lasts; `renew` sees whether it has been replaced.

    Args:
        depth: how deep in a project a folder may be to be kept; documents' own are 3 deep.
    """
    if _kept.folders is not None:
        yield
        return
    _kept.folders, _kept.opened, _kept.depth = {}, [], depth
    try:
        yield
    finally:
        _kept.folders = None
        for folder in _kept.opened:
            folder.close()


def renew(path: Path | str) -> None:
    """Walk again to what is kept open, where the path of a file no longer leads to its folder."""
    base, names = split(str(path))
    known = (_kept.folders or {}).get((base, names[:-1]))
    # A link on the way changes nothing where the folder that it leads to is the one kept open.
    if known is not None and not _is_same("/".join((base, *names[:-1])), known):
        _kept.folders = {}


def folder(path: Path | str) -> Folder:
    """A folder of a project, open until the end of a `with` block; or the project's own.

    Raises:
        UnsafeFileError: a name below the project's folder is a link, not a folder, or a stranger's.
        OSError: it is not there or cannot be entered.
    """
    base, names = split(str(path))
    if len(names) == 1 and names[0] not in _FOLDERS:
        return _walk(str(path), ())
    return _walk(base, names)


def holder(path: Path | str) -> tuple[Folder, str]:
    """The folder that holds a file, as `folder` opens it, and the file's name in it."""
    base, names = split(str(path))
    return _walk(base, names[:-1]), names[-1]


def _walk(base: str, names: tuple[str, ...]) -> Folder:
    folders = _kept.folders
    if folders is not None and (known := folders.get((base, names))):
        return known
    if names:
        with _walk(base, names[:-1]) as around:
            here = around.folder(names[-1])
    else:
        here = Folder(base, os.open(base, WALK))
    if folders is not None and len(names) <= _kept.depth:
        folders[base, names] = here.keep()
        _kept.opened.append(here)
    return here


def _is_same(path: str, known: Folder) -> bool:
    try:
        about = os.stat(path)  # noqa: PTH116 - it is asked for each time
    except OSError:
        return False
    return os.path.samestat(about, known.about)


def read(path: Path | str, limit: int | None = None) -> bytes:
    """All bytes of a file of a project; see `Folder.read`."""
    place, name = holder(path)
    with place:
        return place.read(name, limit)


def open_file(path: Path | str, flags: int = os.O_RDONLY) -> int:
    """The descriptor of a file of a project; see `Folder.open`."""
    place, name = holder(path)
    with place:
        return place.open(name, flags)


def stream(path: Path | str) -> BinaryIO:
    """A file of a project to read from; see `Folder.open`."""
    return os.fdopen(open_file(path), "rb")


def open_or_create(path: Path | str, flags: int) -> int:
    """The descriptor of a file of a project, which is made if there is none."""
    place, name = holder(path)
    with place:
        while True:
            try:
                return place.open(name, flags)
            except FileNotFoundError:
                pass
            try:
                return os.open(name, flags | CREATE | PLAIN, 0o666, dir_fd=place.descriptor)
            except FileExistsError:
                continue  # another process made it meanwhile; a link of that name is refused above


def create_beside(path: Path | str) -> tuple[Path, int]:
    """A new file of this name, or with a number behind it where there is one; and its descriptor."""
    place, name = holder(path)
    number = 0
    with place:
        while True:
            fresh = f"{name}.{number}" if number else name
            try:
                return Path(path).with_name(fresh), place.create(fresh)
            except FileExistsError:
                number += 1


def stat(path: Path | str) -> os.stat_result:
    """What the system says of a name in a project itself; see `Folder.stat`."""
    place, name = holder(path)
    with place:
        return place.stat(name)


def exists(path: Path | str) -> bool:
    """Whether there is anything of that name.

    Raises:
        UnsafeFileError: a folder on the way is a link, not a folder, or a stranger's.
        DiskError: it cannot be seen.
    """
    try:
        with readable(path):
            stat(path)
    except FileNotFoundError:
        return False
    except DiskError as error:
        if isinstance(error.__cause__, NotADirectoryError):
            return False  # what is to hold the project is a file
        raise
    return True


def entries(path: Path | str) -> Iterator[os.DirEntry[str]]:
    """What is in a folder of a project; see `Folder.entries`.

    Raises:
        DiskError: it is there and cannot be read.
        FileNotFoundError: it is not there.
    """
    with readable(path), folder(path) as place:
        yield from place.entries()


def remove(path: Path | str) -> None:
    """Delete a name in a project; a link itself, not what it leads to."""
    place, name = holder(path)
    with place:
        place.remove(name)


def touch(path: Path | str) -> None:
    """Give a folder of a project the time of now."""
    place, name = holder(path)
    with place:
        os.utime(name, dir_fd=place.descriptor, follow_symlinks=False)


def make_folder(path: Path | str) -> None:
    """Make a folder in a project, with those around it; one that is there stays.

    Raises:
        UnsafeFileError: something else has its name.
        OSError: it cannot be made.
    """
    base, names = split(str(path))
    here = Folder(base, os.open(base, WALK))
    for name in names:
        with here:
            try:
                here = here.folder(name)
            except FileNotFoundError:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=here.descriptor)
                here = here.folder(name)
    here.close()
