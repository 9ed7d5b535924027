"""The files of a folder, in a settled order."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from annotations.errors import SourceError
from annotations.sources.outcome import Note, named

_PROJECT_FILE: Final = "purport.toml"
_PROJECT_TEXTS: Final = "documents"
_CARD: Final = "card.md"
"""What tells of an export, and is no text to annotate."""


def walk(
    folder: Path, suffixes: Collection[str], packed: str = ".gz"
) -> Iterator[Path | Note | SourceError]:
    """Every file below `folder` with one of the suffixes, sorted by name, folder by folder.

    A file with the suffix `packed` counts by the one ahead of it.

    Hidden files and folders are left out, and so are the texts that a project keeps. A folder
    that is reached twice, by a symbolic link, is entered once. A link that leads out of `folder`
    is left out and named: whoever made the folder may have pointed it at a file of the reader's
    own. What cannot be listed is refused and the walk goes on; a note at the end counts the files
    of other kinds.
    """
    seen: set[tuple[int, int]] = set()
    others = taken = 0
    home = os.path.realpath(folder)
    # A stack, not recursion: folders nest deeper than Python calls may.
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path != folder and path.is_symlink() and not _is_inside(path, home):
            yield Note(
                named(path),
                "left out: it is a link that leads out of the folder. If you want it, add it by name.",
            )
            continue
        try:
            if path != folder and not path.is_dir():
                if _suffix(path, packed) not in suffixes or path.name.endswith(_CARD):
                    others += 1
                elif path.is_file() or path.is_symlink():
                    taken += 1
                    yield path
                continue
            status = path.stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            waiting += reversed(_children(path))
        except OSError as error:
            yield SourceError(
                f"{named(path)}: cannot be listed ({error.strerror}). Check its permissions."
            )
    kinds = ", ".join(sorted(suffixes))
    if others:
        left = (
            "1 file of another kind was" if others == 1 else f"{others} files of other kinds were"
        )
        yield Note(named(folder), f"{left} left out; a folder gives {kinds}.")
    elif not taken:
        yield Note(named(folder), f"nothing to read in it; a folder gives {kinds}.")


def _is_inside(link: Path, home: str) -> bool:
    """Whether a link leads to a place below a folder, given by its real path."""
    return Path(os.path.realpath(link)).is_relative_to(home)


def _suffix(path: Path, packed: str) -> str:
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix == packed else suffix


def _children(folder: Path) -> list[Path]:
    shown = {child.name: child for child in folder.iterdir() if not child.name.startswith(".")}
    if _PROJECT_FILE in shown:
        shown.pop(_PROJECT_TEXTS, None)
    return [shown[name] for name in sorted(shown)]
