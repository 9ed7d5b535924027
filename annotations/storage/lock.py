"""An exclusive lock on an open file, queued by the kernel, held for one write."""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from annotations import messages
from annotations.errors import LockedError
from annotations.storage import safe_open
from annotations.storage.disk import explained

PATIENCE: Final = 5.0
"""Seconds that a write waits for another process's."""


@contextmanager
def exclusive(descriptor: int, path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of an open file; the kernel frees it when the process dies.

    Raises:
        LockedError: another process held it for all of `patience` seconds.
        DiskError: the file system has no locks.
    """
    if not take(descriptor, path):
        _queue(descriptor, path, patience)
    try:
        yield
    finally:
        with suppress(OSError):  # it goes when the file is closed
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def take(descriptor: int, path: Path) -> bool:
    """Take the lock if nobody holds it; says whether it was taken.

    Raises:
        DiskError: the file system has no locks.
    """
    with explained(path):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _queue(descriptor: int, path: Path, patience: float) -> None:
    """Wait in the kernel's queue, which is fair, in a thread, which can be left behind."""
    own = os.dup(descriptor)
    settled = threading.Lock()
    state = {"held": False, "left": False}

    def wait() -> None:
        try:
            fcntl.flock(own, fcntl.LOCK_EX)
            with settled:
                state["held"] = True
                if state["left"]:
                    fcntl.flock(own, fcntl.LOCK_UN)
        finally:
            os.close(own)

    waiter = threading.Thread(target=wait, name="lock", daemon=True)
    waiter.start()
    waiter.join(patience)
    with settled:
        if state["held"]:
            return
        state["left"] = True
    words = messages.LOCKED.format(holder=holder(path), name=path.name, seconds=patience)
    raise LockedError(words)


def holder(path: Path) -> str:
    """Who holds the lock of a file, as far as the system tells."""
    try:
        inode = safe_open.stat(path).st_ino
        for line in Path("/proc/locks").read_text(encoding="ascii").split("\n"):
            parts = line.split()
            if "->" in parts or len(parts) < 6 or not parts[5].endswith(f":{inode}"):
                continue
            if int(parts[4]) > 0:  # 0 where the process lives in another container
                return f"process {parts[4]}"
    except (OSError, ValueError):
        pass
    return "another process"


_TRY: Final = """
import fcntl, sys
try:
    fcntl.flock(0, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    sys.exit(3)
"""


def works(root: Path) -> bool:
    """Whether a lock on a file in a folder keeps another process out; that is tried.

    Raises:
        DiskError: a file there cannot be made or locked.
    """
    import subprocess
    import sys

    place = Path(root, f".{secrets.token_hex(4)}.lock.tmp")
    with explained(place):
        descriptor = safe_open.open_or_create(place, os.O_RDWR)
        try:
            with exclusive(descriptor, place, 1.0):
                again = safe_open.open_file(place, os.O_RDWR)
                try:
                    run = [sys.executable, "-I", "-c", _TRY]
                    other = subprocess.run(run, stdin=again, capture_output=True, check=False)
                finally:
                    os.close(again)
        finally:
            os.close(descriptor)
            safe_open.remove(place)
    return other.returncode == 3
