"""The file of a project's own weights: read and written as every file of a project, through no link."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from annotations.storage import disk, safe_open

NAME: Final = "claims-scorer.npz"
"""The file in a project's folder that holds the weights of its own decisions."""


def read(path: Path) -> bytes | None:
    """What the file holds; None if it is not there.

    Raises:
        UnsafeFileError: it is not a plain file.
        DiskError: it cannot be read.
    """
    try:
        with disk.readable(path):
            return safe_open.read(path)
    except FileNotFoundError:
        return None


def write(path: Path, data: bytes) -> None:
    """Put new weights in the place of the old ones, whole.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: the old ones are as they were.
    """
    disk.replace(path, data)
