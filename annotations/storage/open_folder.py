"""A folder of a project that is open: every name in it is opened from its descriptor, as a plain file."""

from __future__ import annotations

import errno
import os
import stat as modes
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from annotations import messages
from annotations.errors import UnsafeFileError
from annotations.storage.ownership import is_member, may_own, user

MEGABYTE: Final = 1 << 20

LIMITS: Final = {
    "text.txt": 512 * MEGABYTE,  # a source may have 64 MB; decoding takes up to four times as much
    "document.json": 64 * MEGABYTE,  # metadata of one row of a source, which may have 64 MB
    "project.json": MEGABYTE,  # a few numbers
    "purport.toml": 16 * MEGABYTE,  # 200,000 labels with descriptions take about 10
    ".log": 4096 * MEGABYTE,  # a decision takes about 700 bytes: some six million of them
    ".json": 2048 * MEGABYTE,  # an annotation takes about 350 bytes: some six million of them
    ".tsv": 1024 * MEGABYTE,  # a sealed journal takes about 100 bytes: some ten million of them
}
"""The most bytes of a project's file, by its name or its ending; a larger one is not read."""

_DEFAULT_LIMIT: Final = 64 * MEGABYTE
_CHUNK: Final = 1 << 20

# A folder that may be entered but not listed is walked through, too, where the system can.
WALK: Final = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
# A pipe without a writer would block; a regular file takes no notice of O_NONBLOCK.
PLAIN: Final = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
CREATE: Final = os.O_CREAT | os.O_EXCL

_KINDS: Final = (
    (modes.S_ISLNK, "a symbolic link"),
    (modes.S_ISDIR, "a folder"),
    (modes.S_ISREG, "a file"),
    (modes.S_ISFIFO, "a named pipe"),
    (modes.S_ISSOCK, "a socket"),
    (modes.S_ISCHR, "a device"),
    (modes.S_ISBLK, "a device"),
)


class Folder:
    """An open folder of a project, reached without a link; every name in it is opened from here.

    Attributes:
        path: how it was named.
        descriptor: of the folder; it can only be walked through.
        about: what the system says of the folder.
    """

    __slots__ = ("_is_kept", "_root", "about", "descriptor", "path")

    def __init__(self, path: str, descriptor: int, root: Folder | None = None) -> None:
        self.path = path
        self.descriptor = descriptor
        self.about = os.fstat(descriptor)
        self._root = root or self
        self._is_kept = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_kept:
            os.close(self.descriptor)

    def folder(self, name: str) -> Folder:
        """A folder in this one.

        Raises:
            UnsafeFileError: it is a link or not a folder, or a stranger owns it.
            OSError: it cannot be opened.
        """
        flags = WALK | os.O_NOFOLLOW
        try:
            descriptor = os.open(name, flags, dir_fd=self.descriptor)
        except OSError as error:
            raise self._explained(name, error, is_folder=True) from None
        try:
            found = Folder(f"{self.path}/{name}", descriptor, self._root)
            self._check_owner(name, found.about)
        except BaseException:
            os.close(descriptor)
            raise
        return found

    def open(self, name: str, flags: int = os.O_RDONLY) -> int:
        """The descriptor of a plain file in this folder.

        A file that has several names (hard links) may be read: a backup made with links has such
        files, and reading changes none of them. It may not be written to in place, because a file
        elsewhere would change as well.

        Raises:
            UnsafeFileError: it is something else than a file that purport may open.
            OSError: it cannot be opened.
        """
        try:
            descriptor = os.open(name, flags | PLAIN, dir_fd=self.descriptor)
        except OSError as error:
            raise self._explained(name, error) from None
        try:
            self.check(name, os.fstat(descriptor), is_written=flags & os.O_ACCMODE != os.O_RDONLY)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def check(self, name: str, about: os.stat_result, *, is_written: bool = False) -> None:
        """See whether a file of this folder may be opened.

        Raises:
            UnsafeFileError: it may not.
        """
        if not modes.S_ISREG(about.st_mode):
            raise _unsafe(f"{self.path}/{name}", f"{_kind(about)}, not a plain file", _REPLACE)
        if is_written and about.st_nlink > 1:
            raise _unsafe(f"{self.path}/{name}", several_names(about), _SEPARATE)
        self._check_owner(name, about)

    def _check_owner(self, name: str, about: os.stat_result) -> None:
        if about.st_uid in (os.geteuid(), 0, self._root.about.st_uid):
            return
        trusted = set[int]()
        with suppress(OSError):
            trusted.add(Path(self._root.path, "purport.toml").lstat().st_uid)
        gid = self.about.st_gid

        def is_in_group() -> bool:
            return about.st_gid == gid or is_member(about.st_uid, gid)

        if not may_own(about.st_uid, trusted, self.about.st_mode, is_in_group):
            owner = f"owned by another user ({user(about.st_uid)})"
            raise _unsafe(f"{self.path}/{name}", owner, _OWN)

    def _explained(self, name: str, error: OSError, *, is_folder: bool = False) -> Exception:
        """An error of `open`; another one where the name is not that of a plain file or folder."""
        if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.EISDIR, errno.ENODEV):
            try:
                about = self.stat(name)
            except OSError:
                return error
            is_right = modes.S_ISDIR if is_folder else modes.S_ISREG
            if not is_right(about.st_mode):
                wanted = "a folder of the project" if is_folder else "a plain file"
                problem = f"{_kind(about)}, not {wanted}"
                return _unsafe(f"{self.path}/{name}", problem, _REPLACE)
        return error

    def read(self, name: str, limit: int | None = None) -> bytes:
        """All bytes of a file.

        Args:
            limit: the most that it may have, in bytes; what `LIMITS` says, if left out.

        Raises:
            UnsafeFileError: it is not a plain file, or larger than that.
            OSError: it cannot be read.
        """
        descriptor = self.open(name)
        try:
            return read_open(descriptor, f"{self.path}/{name}", limit)
        finally:
            os.close(descriptor)

    def create(self, name: str, mode: int = 0o666) -> int:
        """The descriptor of a new file, to write to.

        Raises:
            FileExistsError: there is something of that name.
            OSError: it cannot be made.
        """
        flags = os.O_WRONLY | CREATE | PLAIN
        return os.open(name, flags, mode, dir_fd=self.descriptor)

    def stat(self, name: str) -> os.stat_result:
        """What the system says of a name itself; of a link, not of what it leads to."""
        return os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)

    def entries(self) -> Iterator[os.DirEntry[str]]:
        """What is in the folder; ask an entry before the next one, with `follow_symlinks=False`."""
        descriptor = self.listable()
        try:
            with os.scandir(descriptor) as entries:
                yield from entries
        finally:
            os.close(descriptor)

    def sync(self) -> None:
        """Make the names in the folder durable."""
        descriptor = self.listable()
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def listable(self) -> int:
        """A descriptor of the folder that its names can be read and made durable with."""
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=self.descriptor)

    def rename(self, name: str, new: str) -> None:
        """Give a file of this folder another name, in the place of what has it."""
        os.replace(name, new, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def remove(self, name: str) -> None:
        """Delete a name in this folder; a link itself, not what it leads to."""
        os.unlink(name, dir_fd=self.descriptor)

    def keep(self) -> Self:
        """Leave the folder open when its block ends; `close` closes it."""
        self._is_kept = True
        return self

    def close(self) -> None:
        """Close the folder."""
        os.close(self.descriptor)


_REPLACE: Final = "Move it away, or put a copy of what belongs there in its place."
_SEPARATE: Final = "Make it a file of its own: copy it, and move the copy into its place."
_OWN: Final = "Find out who put it there; then move it away, or make it yours with chown."
_SHORTEN: Final = "Move it away, or restore the file from a copy."


def _kind(about: os.stat_result) -> str:
    return next((words for fits, words in _KINDS if fits(about.st_mode)), "something unknown")


def several_names(about: os.stat_result) -> str:
    """What is said of a file with hard links."""
    return f"a file with {about.st_nlink} names (hard links), and a change would change them all"


def _unsafe(path: str, problem: str, remedy: str) -> UnsafeFileError:
    return UnsafeFileError(messages.UNSAFE.format(path=path, problem=problem, remedy=remedy))


@lru_cache(maxsize=256)
def limit_of(name: str) -> int:
    """The most bytes that a project's file of this name may have."""
    return LIMITS.get(name) or LIMITS.get(Path(name).suffix, _DEFAULT_LIMIT)


def read_open(
    descriptor: int, path: Path | str, limit: int | None = None, offset: int = 0
) -> bytes:
    """What an open file has from `offset` on; it stops when the file grows over its limit.

    Raises:
        UnsafeFileError: the file is larger than `limit` bytes; what `LIMITS` says, if left out.
    """
    if limit is None:
        limit = limit_of(str(path).rpartition("/")[2])
    size = os.fstat(descriptor).st_size
    parts: list[bytes] = []
    while size <= limit:
        part = os.pread(descriptor, min(max(size - offset, 0) + 1, _CHUNK), offset)
        if not part:
            return parts[0] if len(parts) == 1 else b"".join(parts)
        parts.append(part)
        offset += len(part)
        size = max(size, offset)
    raise _unsafe(str(path), f"larger than {limit:,} bytes, the most it may have", _SHORTEN)


def check_size(path: Path | str, size: int) -> None:
    """See whether a file of this size may be read.

    Raises:
        UnsafeFileError: `LIMITS` has less for a file of this name.
    """
    if size > (limit := limit_of(Path(path).name)):
        raise _unsafe(str(path), f"larger than {limit:,} bytes, the most it may have", _SHORTEN)
