from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotations.errors import DiskError, DiskFullError, ReadOnlyError, StorageError
from annotations.storage import disk


def failing(number: int) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_replacement_leaves_the_new_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    disk.replace(path, b"one")
    disk.replace(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, DiskFullError, "no space left"),
        (errno.EDQUOT, DiskFullError, "no space left"),
        (errno.EFBIG, DiskFullError, "no space left"),
        (errno.EROFS, ReadOnlyError, "no right to write"),
        (errno.EACCES, ReadOnlyError, "no right to write"),
        (errno.EIO, DiskError, "the disk reported an error"),
    ],
)
def test_a_replacement_that_fails_leaves_the_old_file_and_says_why(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    number: int,
    kind: type[StorageError],
    words: str,
) -> None:
    path = tmp_path / "file"
    disk.replace(path, b"old")
    monkeypatch.setattr(os, call, failing(number))
    with pytest.raises(kind, match=f"Not saved: {words}"):
        disk.replace(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_every_byte_is_written_however_few_a_call_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:3]))
    disk.replace(tmp_path / "file", bytes(range(100)))
    assert (tmp_path / "file").read_bytes() == bytes(range(100))


def test_a_sweep_takes_what_was_left_over_and_not_what_is_being_written(tmp_path: Path) -> None:
    young = Path(disk.prepare(tmp_path / "young", b"", durable=False))
    old = Path(disk.prepare(tmp_path / "old", b"", durable=False))
    kept = tmp_path / ".hidden"
    kept.touch()
    long_ago = young.stat().st_mtime - disk.STALE - 60
    for path in (old, kept):
        os.utime(path, (long_ago, long_ago))
    disk.sweep(tmp_path)
    assert set(tmp_path.iterdir()) == {young, kept}


def test_a_folder_that_is_gone_needs_no_sweep(tmp_path: Path) -> None:
    disk.sweep(tmp_path / "gone")


def test_what_cannot_be_read_is_one_line_with_the_path(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="cannot be read"), disk.readable(tmp_path):
        tmp_path.read_bytes()
    with pytest.raises(FileNotFoundError), disk.readable(tmp_path):
        (tmp_path / "gone").read_bytes()
