"""SHA-256 of what an export wrote, as lines that `sha256sum` prints and checks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

_PORTION: Final = 1024 * 1024
_ROW: Final = re.compile(r"(\\?)([0-9a-f]{64})  (.+)")
_ESCAPED: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_MEANT: Final = {escaped: sign for sign, escaped in _ESCAPED.items()}


def of(path: Path, *, without: str = "") -> str:
    """64 hex digits for a file's bytes, or for a folder's names and files.

    A folder's are those of the lines that `sha256sum` prints of its files, sorted by name. They
    are empty for what no export writes: a link, a device, a folder with nothing in it.

    Args:
        path: a file or a folder.
        without: the name of a file in the folder that does not count.
    """
    if path.is_symlink():
        return ""
    if path.is_file():
        return _file(path)
    names = sorted(_names(path), key=os.fsencode) if path.is_dir() else []
    if "" in names or not names:
        return ""
    found = sha256()
    for name in names:
        if name != without:
            found.update(os.fsencode(f"{row(_file(path / name), name)}\n"))
    return found.hexdigest()


def row(digest: str, name: str) -> str:
    """The line that `sha256sum` prints of a file."""
    escaped = re.sub(r"[\\\n\r]", lambda match: _ESCAPED[match[0]], name)
    return f"{'' if escaped == name else chr(92)}{digest}  {escaped}"


def parse(words: str) -> dict[str, str]:
    """The digests by name that lines of `row` say; lines that are none are passed over."""
    found = {}
    for match in map(_ROW.fullmatch, words.split("\n")):
        if match is not None:
            name = match[3]
            if match[1]:
                name = re.sub(r"\\[\\nr]", lambda each: _MEANT[each[0]], name)
            found[name] = match[2]
    return found


def rows(files: Mapping[str, str]) -> list[str]:
    """A line for each file, as `parse` reads them."""
    return [row(digest, name) for name, digest in files.items()]


def _file(path: Path) -> str:
    found = sha256()
    with path.open("rb", buffering=0) as file:
        while data := file.read(_PORTION):
            found.update(data)
    return found.hexdigest()


def _names(folder: Path) -> Iterator[str]:
    """The files below a folder, by their names in it; an empty name for what no export has."""
    waiting = [""]
    while waiting:
        inner = waiting.pop()
        with os.scandir(folder / inner) as entries:
            is_empty = True
            for entry in entries:
                is_empty = False
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{inner}{entry.name}/")
                else:
                    is_plain = entry.is_file(follow_symlinks=False)
                    yield f"{inner}{entry.name}" if is_plain else ""
            if is_empty:
                yield ""
