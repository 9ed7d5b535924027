"""The decisions of which it is not known yet whether they are on the disk, until that is settled.

They are kept in the person's cache folder, because the project's disk is the one that failed.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import platformdirs

from annotations.storage.commit import Doubt

_MOST: Final = 64 << 20
"""Bytes of the largest file that is read."""


def place(journal: Path) -> str:
    """Where the doubt about a journal's last line is kept, if there is one."""
    name = sha256(os.path.abspath(journal).encode("utf-8", "surrogateescape")).hexdigest()[:32]  # noqa: PTH100 - links stay
    return f"{platformdirs.user_cache_dir('purport')}/unsettled/{name}.json"


def keep(path: str, doubt: Doubt) -> None:
    """Remember a doubt, also for the processes after this one, where there is a disk for it."""
    with suppress(OSError):
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
            json.dump(doubt._asdict() | {"line": doubt.line.decode("utf-8")}, file)


def load(path: str) -> Doubt | None:
    """The doubt that is kept there; None where there is none."""
    try:
        if os.stat(path).st_size > _MOST:  # noqa: PTH116 - each decision asks
            return None
        said = json.loads(Path(path).read_bytes())
        doubt = Doubt(said["offset"], said["line"].encode("utf-8"), said["at"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    is_one = type(doubt.offset) is int and doubt.offset >= 0 and isinstance(doubt.at, str)
    return doubt if is_one and doubt.line.endswith(b"\n") else None


def forget(path: str) -> None:
    """The doubt is settled."""
    with suppress(OSError):
        Path(path).unlink()
