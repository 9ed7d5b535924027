"""Files to documents: one module a kind of file.

A new kind is a module with a `Reader`, and a line in `READERS`.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from annotations.errors import SourceError
from annotations.sources import jsonl, packed, page, pdf, plain, table, word
from annotations.sources.outcome import LIMIT, Note, Outcome, Reader, named, too_large
from annotations.sources.walk import walk

__all__ = ["LIMIT", "READERS", "STDIN", "Note", "Outcome", "Reader", "read"]

READERS: Final[dict[str, Reader]] = {
    ".txt": plain.read,
    ".md": plain.read,
    ".jsonl": jsonl.read,
    ".html": page.read,
    ".htm": page.read,
    ".pdf": pdf.read,
    ".docx": word.read,
    ".csv": table.read,
    ".tsv": table.read,
}
"""Suffix, in lower case, to what reads it, also where it is packed as `.gz`. A file that is named and
has another suffix is tried as plain text."""

FOLDER: Final = frozenset(READERS) - {".csv", ".tsv"}
"""What a folder gives. A table in it may be anything, such as an export, and is read if it is named."""

PACKED: Final = ".gz"

# Read line by line, so that a line of theirs can be too large but never the file.
_BY_LINE: Final[tuple[Reader, ...]] = (jsonl.read, table.read)

STDIN: Final = "-"
"""The path that stands for the standard input."""


def read(
    paths: Iterable[str | os.PathLike[str]], *, stdin: BinaryIO | None = None
) -> Iterator[Outcome]:
    """What comes of files, folders and `-`: documents, notes on them, and refusals, in order.

    Nothing is raised for a source that is bad: a `SourceError` is yielded in its place and the
    rest go in. `str()` of a note or a refusal is one line for a person. Files are opened one at
    a time, when the iterator reaches them. A document's `source` is the path as given, or `-`.

    Args:
        paths: files, folders, or `-`.
        stdin: the bytes that `-` stands for; the process's own standard input if None.
    """
    for path in paths:
        if os.fspath(path) == STDIN:
            yield from _read_stream(stdin or sys.stdin.buffer, STDIN, plain.read)
        else:
            yield from _read_path(Path(path))


def _read_path(path: Path) -> Iterator[Outcome]:
    try:
        is_folder = path.is_dir()
    except OSError as error:
        yield _unreadable(named(path), error)
        return
    if not is_folder:
        yield from _read_file(path)
        return
    for found in walk(path, FOLDER, PACKED):
        if isinstance(found, Path):
            yield from _read_file(found)
        else:
            yield found


def _read_file(path: Path) -> Iterator[Outcome]:
    source = named(path)
    is_packed = path.suffix.lower() == PACKED
    inner = Path(path.stem) if is_packed else path
    reader = READERS.get(inner.suffix.lower(), plain.read)
    try:
        stream = path.open("rb")
    except (OSError, ValueError) as error:
        yield _unreadable(source, error)
        return
    with stream:
        status = os.fstat(stream.fileno())
        is_large = stat.S_ISREG(status.st_mode) and status.st_size > LIMIT
        if is_large and reader not in _BY_LINE:
            yield too_large(source, status.st_size)
        else:
            made = partial(packed.read, reader=reader) if is_packed else reader
            yield from _read_stream(stream, source, made)


def _read_stream(stream: BinaryIO, source: str, reader: Reader) -> Iterator[Outcome]:
    try:
        yield from reader(stream, source)
    except SourceError as refused:
        yield refused
    except OSError as error:
        yield _unreadable(source, error)


def _unreadable(source: str, error: OSError | ValueError) -> SourceError:
    match error:
        case FileNotFoundError():
            reason = "is not there. Check the path."
        case PermissionError():
            reason = "may not be read. Check its permissions."
        case OSError(strerror=str(words)):
            reason = f"cannot be read ({words})."
        case _:
            reason = f"cannot be read ({error})."
    return SourceError(f"{source}: {reason}")
