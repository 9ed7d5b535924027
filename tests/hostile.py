"""What somebody may put where a project's file belongs, and a limit to how long that may take."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Fail, rather than wait for ever, where a file blocks or has no end."""

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def link(path: Path) -> None:
    """A link to a file that has what was there."""
    there = path.with_name("elsewhere") if path.exists() else path.with_name("nowhere")
    if path.exists():
        path.rename(there)
    path.symlink_to(there)


def broken_link(path: Path) -> None:
    """A link to a file that is not there."""
    gone(path)
    path.symlink_to(path.with_name("nowhere"))


def device_link(path: Path) -> None:
    """A link to a file without an end."""
    gone(path)
    path.symlink_to("/dev/zero")


def pipe(path: Path) -> None:
    """A pipe that nobody writes to."""
    gone(path)
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    """A socket that nobody listens to."""
    gone(path)
    here = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{here}/{path.name}")  # a socket's path is short
    os.close(here)


def folder(path: Path) -> None:
    """A folder."""
    gone(path)
    path.mkdir()


def gone(path: Path) -> None:
    """Nothing at all."""
    path.unlink(missing_ok=True)


KINDS: Final[list[Callable[[Path], None]]] = [
    link,
    broken_link,
    device_link,
    pipe,
    unix_socket,
    folder,
]
