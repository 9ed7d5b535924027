"""The one way to print: lines of data and of narration, with symbols for what a terminal obeys.

Nothing else in the program writes to standard output or standard error, and what a library writes
there by itself passes through here as well. Colours and the cursor's ways are added after.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO, cast

from annotations.errors import OutputError
from annotations.symbols import escaped, line, shown, visible

_OFF: Final = "\x1b[0m"
_LONGEST: Final = 2000
"""Characters of a complaint; it may quote a value of any length."""


def put(words: str = "") -> None:
    """Write a line of data to standard output; a line break within it is a symbol.

    Raises:
        OutputError: it cannot be written.
        BrokenPipeError: nobody reads it.
    """
    _write(f"{shown(words)}\n")


def put_rows(rows: Iterable[str]) -> None:
    """`put` for each of very many lines."""
    for words in rows:
        _write(f"{shown(words)}\n")


def put_text(pieces: Iterable[tuple[str, str]]) -> None:
    """Write a text to standard output, which keeps its line breaks, and end its last line.

    Args:
        pieces: its words in parts, each with the SGR code of its colour; empty for none.
    """
    last = ""
    for words, colour in pieces:
        made = visible(words)
        last = made[-1:] or last
        _write(f"\x1b[{colour}m{made}{_OFF}" if colour else made)
    if last != "\n":
        _write("\n")


def put_json(value: Any) -> None:
    """Write a value as a line of JSON that holds nothing hidden."""
    put_json_parts([json.dumps(value, ensure_ascii=False), "\n"])


def put_json_parts(parts: Iterable[str]) -> None:
    """Write JSON that is made already, in parts, none of which ends within a character."""
    encoding = sys.stdout.encoding or "utf-8"
    for part in parts:
        _write(escaped(part, encoding=encoding))


def tell(words: str) -> None:
    """Write a line for the person to standard error, if there is one to write to."""
    _narrate(f"{shown(words)}\n")


def complain(error: object) -> None:
    """Write what went wrong, on one line of standard error."""
    words = line(str(error))
    if len(words) > _LONGEST:
        words = f"{words[: _LONGEST // 2]} … {words[-_LONGEST // 2 :]}"
    tell(f"purport: {words}")


def relate(said: Iterable[object]) -> None:
    """Write what became of decisions, a line each; notes as what `complain` says."""
    for one in said:
        if isinstance(one, str):
            tell(line(one))
        else:
            complain(one)


def confirmed(question: str) -> bool:
    """Whether a person at the terminal answers yes; no, where nobody can be asked."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    tell(f"{line(question)} Type y for yes, then Enter:")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def retell(words: str) -> None:
    """Write a line over the one before it, on a terminal."""
    _narrate(f"\r{shown(words)}")


def bar(length: int, label: str) -> Any:
    """Return a bar on standard error that shows how far something is."""
    import typer

    out = sys.stderr
    raw = out.raw if isinstance(out, _Guarded) else out
    return typer.progressbar(length=length, label=shown(label), file=raw)


def is_watched() -> bool:
    """Whether narration goes to a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def has_colour(stream: TextIO) -> bool:
    """Whether colours may be sent: to a terminal, unless `NO_COLOR` is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def _write(words: str) -> None:
    out = sys.stdout
    out.send(words) if isinstance(out, _Guarded) else out.write(words)


def _narrate(words: str) -> None:
    out = sys.stderr
    out.send(words) if isinstance(out, _Guarded) else out.write(words)


def finish() -> None:
    """Write what the streams still hold back.

    Raises:
        OutputError: standard output cannot be written.
        BrokenPipeError: nobody reads it.
    """
    sys.stdout.flush()
    sys.stderr.flush()


def hush() -> None:
    """Let the interpreter flush what is left to nowhere, so that it says nothing at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, OutputError):
            with suppress(OSError, ValueError, AttributeError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)


class _Guarded:
    """A stream on which symbols stand in what a library writes by itself.

    Args:
        raw: where it goes.
        is_data: whether the command has failed when it cannot be written; else it goes on and
            says no more.
    """

    def __init__(self, raw: TextIO, *, is_data: bool) -> None:
        self.raw = raw
        self._is_data = is_data

    def write(self, words: str) -> int:
        self.send(visible(words))
        return len(words)

    def writelines(self, lines: Iterable[str]) -> None:
        for words in lines:
            self.write(words)

    def send(self, words: str) -> None:
        """Write what is made visible already."""
        with self._refusing():
            self.raw.write(words)

    def flush(self) -> None:
        with self._refusing():
            self.raw.flush()

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            if self._is_data:
                raise OutputError(
                    f"Standard output cannot be written: {error.strerror}. What the command did "
                    "to the project is saved, but its output is not complete."
                ) from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


class _Closed:
    """Stands where a stream was closed before the program began."""

    encoding = "utf-8"

    def write(self, words: str) -> int:
        raise OSError(errno.EBADF, "it is closed")

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


@contextmanager
def guarded() -> Iterator[None]:
    """Guard both streams while a command runs; a closed one is as a full disk, or silent."""
    before = sys.stdout, sys.stderr
    for stream in before:
        if (change := getattr(stream, "reconfigure", None)) is not None:
            # A terminal that lacks a character loses nothing else.
            change(errors="backslashreplace")
    out, narration = (cast(TextIO, one or _Closed()) for one in before)
    sys.stdout = cast(TextIO, _Guarded(out, is_data=True))
    sys.stderr = cast(TextIO, _Guarded(narration, is_data=False))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def settle() -> None:
    """Open nothing in the place of a standard stream that is closed.

    Else the next file that is opened gets its number, and what is printed is written into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
