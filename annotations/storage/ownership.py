"""Who may own a file of a project: nobody whom its owner did not let in."""

from __future__ import annotations

import os
import stat as modes
from collections.abc import Callable, Collection


def may_own(
    owner: int, trusted: Collection[int], folder_mode: int, is_member: Callable[[], bool]
) -> bool:
    """Whether a user may own a file of a project.

    Args:
        owner: the file's.
        trusted: the person at work, root, and the owners of the project's folder and settings.
        folder_mode: of the folder that holds the file.
        is_member: whether the owner is in the folder's group; asked only where it matters.
    """
    if owner in trusted:
        return True
    # Where everybody may put files, a stranger may have; where the group may, a member has.
    is_group_only = folder_mode & modes.S_IWGRP and not folder_mode & modes.S_IWOTH
    return bool(is_group_only) and is_member()


def user(uid: int) -> str:
    """A user's name, or the number where there is none."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def is_member(uid: int, gid: int) -> bool:
    """Whether a user is in a group, as far as the system knows the two."""
    import pwd

    try:
        entry = pwd.getpwuid(uid)
        return gid in os.getgrouplist(entry.pw_name, entry.pw_gid)
    except (KeyError, OSError):
        return False
