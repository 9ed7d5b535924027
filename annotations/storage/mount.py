"""What kind of disk a folder is on: locks and durable writes on a network disk are the server's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

NETWORK: Final = (
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "beegfs",
    "gpfs", "ncpfs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone",
)  # fmt: skip
"""File system types, as the kernel names them, that another machine serves."""

_MOUNTS: Final = Path("/proc/self/mountinfo")


def kind(folder: Path, mounts: Path = _MOUNTS) -> str:
    """The type of the file system that holds a folder; empty where the system does not tell.

    Args:
        folder: one that is there.
        mounts: the kernel's table of mounts (proc(5), mountinfo).
    """
    try:
        device = os.stat(folder).st_dev  # noqa: PTH116 - the number alone is wanted
        rows = mounts.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    number = f"{os.major(device)}:{os.minor(device)}"
    for row in reversed(rows):
        place, _, source = row.partition(" - ")
        if number in place.split(" ")[2:3]:
            return source.split(" ")[0]
    return ""


def network(folder: Path, mounts: Path = _MOUNTS) -> str:
    """The type of the network disk that a folder is on; empty where it is on none."""
    found = kind(folder, mounts)
    return found if found in NETWORK else ""
