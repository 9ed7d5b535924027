"""A program in a pseudo-terminal, with a screen to look at, for tests and benches.

    with Terminal([sys.executable, "-m", "tui", "seeds"], size=(80, 24)) as terminal:
        terminal.wait_for("saved")
        terminal.send("tab")
        terminal.wait_for(lambda screen: "ORG" in screen.text)

Waiting is for output, never for a while: each wait ends with the bytes that fulfil it, or fails
with the screen in the message.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeAlias

import pyte
from rich.cells import cell_len

KEYS: Final = {
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "enter": "\r",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "page_up": "\x1b[5~",
    "page_down": "\x1b[6~",
    "space": " ",
    "ctrl+c": "\x03",
    "ctrl+z": "\x1a",
}
"""What a terminal sends for the keys that have a name; any other text is sent as it is."""

DROPPED: Final = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]")
"""Keyboard protocol sequences, of which pyte would show the last letter."""

Look: TypeAlias = tuple[str, str, str, bool, bool, bool, bool, bool]
"""A cell: text, colour, background, bold, italic, underlined, struck, reversed."""

Seen: TypeAlias = "str | Callable[[Terminal], bool]"


class Terminal:
    """A child process whose controlling terminal is ours.

    Args:
        command: the program and its arguments.
        size: columns and rows.
        env: variables set on top of this process's; None takes one away.
        cwd: where the program starts.
        synchronized: whether to say that frames may be bracketed (mode 2026); without, the
            question stays unanswered, as tmux leaves it.

    Attributes:
        received: how many bytes the program has written.
        log: those bytes, while `recording` is true.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str | None] | None = None,
        cwd: Path | None = None,
        synchronized: bool = False,
    ) -> None:
        self.screen = pyte.Screen(*size)
        self.received = 0
        self.recording = False
        self.log = bytearray()
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self._synchronized = synchronized
        self._open = True
        self._master, slave = pty.openpty()
        self._set_size(*size)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=_environment(env or {}),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def fileno(self) -> int:
        """Our end, for `select`."""
        return self._master

    @property
    def lines(self) -> list[str]:
        """The rows of the screen."""
        return ["".join(cell[0] for cell in row) for row in self.looks()]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(line.rstrip() for line in self.lines)

    def looks(self) -> list[list[Look]]:
        """Every cell as a person sees it: a blank has no colour unless something is drawn there."""
        width = self.screen.columns
        return [looks_of(self.screen.buffer[y], width) for y in range(self.screen.lines)]

    def send(self, *keys: str) -> None:
        """Press keys, by name or as text."""
        data = "".join(KEYS.get(key, key) for key in keys).encode()
        while data:
            data = data[os.write(self._master, data) :]

    def pump(self, timeout: float = 0.0) -> bool:
        """Take in what the program has written; whether there was anything within the time."""
        if not self._open or not select.select([self._master], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            # Linux says EIO when the last process has closed its end.
            data = b""
        if not data:
            self._open = False
            return False
        self.received += len(data)
        if self.recording:
            self.log += data
        self._answer(data)
        self._show(data)
        return True

    def wait_for(self, seen: Seen, timeout: float = 20.0) -> None:
        """Take in output until a text is on the screen or a condition holds.

        Raises:
            TimeoutError: it did not come about in time, or the program ended before.
        """
        holds = seen if callable(seen) else lambda terminal: seen in terminal.text
        limit = time.monotonic() + timeout
        while not holds(self):
            if not self.pump(max(limit - time.monotonic(), 0.0)):
                why = "in time" if self._open else "before the program ended"
                raise TimeoutError(f"Not seen {why}: {seen!r}. The screen:\n{self.text}")

    def settle(self, quiet: float = 0.05, timeout: float = 20.0) -> float:
        """Take in output until there is none for a while (for benches: a test waits for a sight).

        Returns:
            When the last byte came, by `time.perf_counter`.
        """
        limit = time.monotonic() + timeout
        last = time.perf_counter()
        while time.monotonic() < limit and self.pump(quiet):
            last = time.perf_counter()
        return last

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size; the program gets SIGWINCH."""
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Drop the line: the kernel sends SIGHUP to the program."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
            self._open = False

    def wait(self, timeout: float = 20.0) -> int:
        """Take in output until the program has ended; its exit status, negative for a signal."""
        limit = time.monotonic() + timeout
        while self._open and time.monotonic() < limit:
            self.pump(max(limit - time.monotonic(), 0.0))
        return self.process.wait(max(limit - time.monotonic(), 0.1))

    def close(self) -> None:
        """End the program, if it still runs, and give the terminal back."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _answer(self, data: bytes) -> None:
        if self._synchronized and b"\x1b[?2026$p" in data:
            self.send("\x1b[?2026;2$y")

    def _show(self, data: bytes) -> None:
        data = self._held + data
        # A sequence may be cut by the read; its head waits for the rest.
        cut = data.rfind(b"\x1b", max(len(data) - 16, 0))
        unfinished = cut >= 0 and re.fullmatch(rb"\x1b(\[[<>=]?[0-9;]*)?", data[cut:])
        self._held = data[cut:] if unfinished else b""
        self._stream.feed(DROPPED.sub(b"", data[:cut] if unfinished else data))


def _environment(env: Mapping[str, str | None]) -> dict[str, str]:
    own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    merged: dict[str, str | None] = {**os.environ, **own, "TMUX": None, **env}
    return {name: value for name, value in merged.items() if value is not None}


def _take_terminal() -> None:
    """Make standard input the controlling terminal of the new session."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def looks_of(row: Mapping[int, pyte.screens.Char], width: int) -> list[Look]:
    """A row of cells as a person sees it."""
    made: list[Look] = []
    for x in range(width):
        char = row[x]
        # pyte leaves half of a wide character that was written over; terminals blank it.
        is_half = not char.data and (not made or cell_len(made[-1][0]) < 2)
        made.append(_look(char._replace(data=" ") if is_half else char))
    return made


def _look(char: pyte.screens.Char) -> Look:
    drawn = char.underscore or char.strikethrough or char.reverse
    if char.data == " " and not drawn:
        return (" ", "", char.bg, False, False, False, False, False)
    return (
        char.data,
        char.fg,
        char.bg,
        char.bold,
        char.italics,
        char.underscore,
        char.strikethrough,
        char.reverse,
    )
