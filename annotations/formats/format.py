"""What a format is to the rest of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.reading.intake import Intake
from annotations.formats.reading.offsets import Unit
from annotations.formats.writing.report import Report

Write: TypeAlias = Callable[[Iterable[Labelled], Path, Report], None]
"""Write the documents, taken one after another, to a new file; name in the report what is lost."""

Read: TypeAlias = Callable[[Path, Intake], Iterator[Labelled]]
"""The documents of a file, one after another; `InputError` with the place where it is broken."""

Beside: TypeAlias = Callable[[Path, Report], Mapping[str, str]]
"""What else stands beside the data, by file name, once all of it is written."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that layers go to or come from.

    Attributes:
        name: what `--format` takes.
        suffix: the ending of its files, with the dot; empty where it is a folder.
        description: what it is for, in a line.
        cannot_hold: what is lost in it, in a line; empty if nothing is.
        lost: the same as the names of `annotations.formats.writing.losses`, to count what is lost.
        also: other endings that it may have.
        unit: what its offsets count on the disk.
        write: None where it is only read.
        read: None where it is only written.
        beside: None where nothing else belongs to it.
    """

    name: str
    suffix: str
    description: str
    cannot_hold: str = ""
    lost: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()
    unit: Unit = Unit.CODE_POINT
    write: Write | None = None
    read: Read | None = None
    beside: Beside | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files and not one file."""
        return not self.suffix

    @property
    def writes(self) -> bool:
        """Whether `purport export` can write it."""
        return self.write is not None

    @property
    def reads(self) -> bool:
        """Whether `purport import` can read it."""
        return self.read is not None


def missing(package: str, extra: str, need: str) -> InputError:
    """The refusal of what needs a package that is not installed."""
    return InputError(f'{need} needs {package}. Install it: pip install "purport[{extra}]"')
