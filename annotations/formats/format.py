"""What a format is to the rest of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from annotations.formats.documents import Labelled
from annotations.formats.report import Report

Write: TypeAlias = Callable[[Iterable[Labelled], Path, Report], None]
"""Write the documents, taken one after another, to a new file; name in the report what is lost."""

Read: TypeAlias = Callable[[Path], Iterator[Labelled]]
"""The documents of a file, one after another; `InputError` with the place where it is broken."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that layers go to or come from.

    Attributes:
        name: what `--format` takes.
        suffix: the ending of its files, with the dot.
        description: what it is for, in a line.
        cannot_hold: what is lost in it, in a line; empty if nothing is.
        write: None where it is only read.
        read: None where it is only written.
    """

    name: str
    suffix: str
    description: str
    cannot_hold: str = ""
    write: Write | None = None
    read: Read | None = None

    @property
    def writes(self) -> bool:
        """Whether `purport export` can write it."""
        return self.write is not None

    @property
    def reads(self) -> bool:
        """Whether `purport import` can read it."""
        return self.read is not None
