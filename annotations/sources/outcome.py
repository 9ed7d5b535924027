"""What comes of a source: a document, a note on how it was read, or why it was refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeAlias
from unicodedata import category

from annotations.errors import SourceError
from annotations.records import Document

LIMIT: Final = 64 * 1024 * 1024
"""Bytes that one document may have in its source: a plain file, or a line of JSON."""

# Control characters, line and paragraph separators.
_BREAKING: Final = ("Cc", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Note:
    """One line for a person about a source that was read, such as a guessed encoding."""

    source: str
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


Outcome: TypeAlias = Document | Note | SourceError
"""A `SourceError` is yielded, not raised, so that the rest go in."""

Reader: TypeAlias = Callable[[BinaryIO, str], Iterator[Outcome]]
"""Reads one open file; the second argument is its name. It may raise `SourceError` or `OSError`."""


def named(path: str | os.PathLike[str]) -> str:
    """A path as it can be stored and shown on one line: what is no text in it stands escaped."""
    written = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(
        letter.encode("unicode_escape").decode() if category(letter) in _BREAKING else letter
        for letter in written
    )


def too_large(source: str, size: int | None = None, limit: int = LIMIT) -> SourceError:
    """The refusal of what is over a limit in bytes; `size`, where it is known."""
    found = f"is {size / 1024**2:,.0f} MB" if size else "is too large"
    what = "a document" if limit == LIMIT else "one of its kind"
    return SourceError(
        f"{source}: {found}; {what} holds up to {limit // 1024**2} MB. Split it and try again."
    )


def too_many(source: str, many: int, parts: str) -> SourceError:
    """The refusal of what has more parts than could be held, such as tags, whatever its size."""
    return SourceError(f"{source}: has over {many:,} {parts}. Split it and try again.")


def missing(package: str, extra: str, source: str) -> SourceError:
    """The refusal of a source whose reader is not installed."""
    return SourceError(
        f'{source}: reading it needs {package}. Install it: pip install "purport[{extra}]"'
    )
