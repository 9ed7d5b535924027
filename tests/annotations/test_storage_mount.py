"""Whether a disk is another machine's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from annotations.storage import mount


@pytest.mark.parametrize(
    ("kind", "network"),
    [("ext4", ""), ("nfs4", "nfs4"), ("cifs", "cifs"), ("fuse.sshfs", "fuse.sshfs"), ("btrfs", "")],
)
def test_the_kernel_says_what_a_folder_is_on(tmp_path: Path, kind: str, network: str) -> None:
    device = tmp_path.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    table = tmp_path / "mountinfo"
    table.write_text(
        "22 1 0:5 / /dev rw - devtmpfs udev rw\n"
        f"36 35 {number} / /srv rw,noatime master:1 - {kind} server:/srv rw\n"
    )
    assert mount.kind(tmp_path, table) == kind
    assert mount.network(tmp_path, table) == network


def test_where_the_kernel_does_not_say_nothing_is_said(tmp_path: Path) -> None:
    assert mount.kind(tmp_path, tmp_path / "none") == ""
    assert mount.kind(tmp_path / "none") == ""
    assert mount.network(tmp_path, tmp_path / "none") == ""
