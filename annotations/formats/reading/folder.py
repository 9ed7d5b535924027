"""The files of a folder that is read: regular ones, below it, and nothing that leads out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG

from annotations.errors import InputError


def files(folder: Path, pattern: str = "*") -> Iterator[Path]:
    """Each regular file below the folder whose name matches, in the order of their paths.

    Hidden ones, and what stands in hidden folders, are left out, and so are pipes and devices. A
    link to a file is taken where that stands below the folder, too; linked folders are not gone
    into.

    Args:
        folder: where to look.
        pattern: as `Path.match` has it, such as `*.txt` or `xmi/*.xmi`.

    Raises:
        InputError: a link of that name, or one to a folder, leads out of the folder or to nothing,
            or a folder cannot be read.
    """
    home = os.path.realpath(folder)
    yield from sorted(
        path
        for path, is_link in _walk(folder)
        if (not is_link or _is_inside(path, home, pattern)) and path.match(pattern)
    )


def _walk(folder: Path) -> Iterator[tuple[Path, bool]]:
    """The regular files below a folder, and the links, with whether each is one."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_symlink():
                        yield here / entry.name, True
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(here / entry.name)
                    elif entry.is_file(follow_symlinks=False):
                        yield here / entry.name, False
        except OSError as error:
            raise InputError(f"{here}: not readable ({error.strerror}).") from None


def _is_inside(link: Path, home: str, pattern: str) -> bool:
    """Whether a link is to be read: it leads to a regular file below the folder."""
    try:
        real = os.path.realpath(link, strict=True)
        mode = Path(real).stat().st_mode
    except OSError:  # to nothing, or in a circle
        if not link.match(pattern):
            return False
        raise InputError(
            f"{link}: a link to nothing. Take it out and import the folder again."
        ) from None
    if real != home and not real.startswith(home.rstrip(os.sep) + os.sep):
        if S_ISREG(mode) and not link.match(pattern):
            return False
        raise InputError(
            f"{link}: a link that leads out of the folder. Put what it leads to in its place."
        )
    return S_ISREG(mode)
