"""Where the project of a folder is: upward from it, or in `.purport/`; never a stranger's unasked.

In a folder that everybody may write to, anybody can put a `purport.toml` that would take in what
another person adds from a folder below it. So only what is one's own, or the system's, is found;
any other project has to be named.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from annotations.errors import InputError
from annotations.storage.ownership import user

MARKER: Final = "purport.toml"
HIDDEN: Final = ".purport"


def trusted() -> set[int]:
    """The users whose projects are found without being named: the one at work, and root.

    Under sudo, that is also the user who called it.
    """
    found = {os.geteuid(), 0}
    caller = os.environ.get("SUDO_UID", "")
    if os.geteuid() == 0 and caller.isascii() and caller.isdigit():
        found.add(int(caller))
    return found


def upward(start: Path) -> Path | None:
    """The nearest folder with a `purport.toml`, from `start` up to the first that is a stranger's.

    Args:
        start: a folder, without links in its path.

    Raises:
        InputError: a stranger owns the folder or its `purport.toml`.
    """
    known = trusted()
    for folder in (start, *start.parents):
        if _has_project(folder, known):
            return folder
        if _owner(folder) not in known:
            return None
    return None


def inside(folder: Path) -> Path | None:
    """The project in the hidden folder of a folder, if there is one.

    Raises:
        InputError: a stranger owns it, or it is a link.
    """
    hidden = folder / HIDDEN
    if not _has_project(hidden, trusted()):
        return None
    if hidden.is_symlink():
        raise InputError(f"{hidden} is a symbolic link, so it was not used. {_hint(hidden)}")
    return hidden


def named(folder: Path) -> Path:
    """The project that a person named: the folder, or the hidden one in it if only that has one."""
    if (folder / MARKER).is_symlink() or (folder / MARKER).exists():
        return folder
    return inside(folder) or folder


def _has_project(folder: Path, known: set[int]) -> bool:
    try:
        about = (folder / MARKER).lstat()
    except OSError:
        return False
    if stat.S_ISDIR(about.st_mode):
        return False
    for path, owner in ((folder, _owner(folder)), (folder / MARKER, about.st_uid)):
        if owner not in known:
            raise InputError(
                f"{path} belongs to another user ({user(owner)}), so that project was not used. "
                f"{_hint(folder)}"
            )
    return True


def _owner(folder: Path) -> int:
    try:
        return folder.stat().st_uid
    except OSError:
        return -1


def _hint(folder: Path) -> str:
    return f"To use it all the same, name it: --project {folder}; else name another folder."
