"""Files of an export: whole, or as they were before."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final

from annotations.errors import DiskError, DiskFullError, InputError, ReadOnlyError
from annotations.storage.disk import TOGETHER, sync

SIGN: Final = "<!-- purport export -->"
"""What a card has in it, so that an earlier export is told from a person's own files."""

CARD: Final = "card.md"
"""The name of the card in a folder that is an export."""

_TEMPORARY: Final = ".tmp"
_SOME: Final = 512
_PORTION: Final = re.compile(r"\d{5}")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN: Final = (errno.EROFS, errno.EACCES, errno.EPERM)


def check(path: Path, suffixes: Sequence[str]) -> None:
    """See whether an export may go to `path`: an earlier export is replaced, nothing else is.

    Args:
        path: where it is to go.
        suffixes: the endings that its file may have; none where it is a folder.

    Raises:
        InputError: something else is there.
    """
    if not suffixes:
        if path.is_file():
            raise InputError(f"{path} is a file; this format is a folder. Name another place.")
        if path.is_dir() and any(path.iterdir()) and not is_ours(path / CARD):
            raise InputError(
                f"{path} holds other files; it was left alone. Name a folder that is not there yet."
            )
        return
    if path.is_dir() and not _is_portioned(path, suffixes):
        raise InputError(
            f"{path} is a folder; name a file, such as {path / ('data' + suffixes[0])}."
        )
    if path.is_file() and path.suffix not in suffixes:
        raise InputError(
            f"{path} is there already and is no {suffixes[0]} file; it was left alone. "
            "Name another file."
        )


def _is_portioned(folder: Path, suffixes: Sequence[str]) -> bool:
    """Whether a folder has nothing but an export's portions, `00001.spacy` and so on."""
    return all(one.suffix in suffixes and _PORTION.fullmatch(one.stem) for one in folder.iterdir())


def is_ours(card: Path) -> bool:
    """Whether a card that an export wrote stands there."""
    try:
        with card.open("rb") as file:
            return SIGN.encode() in file.read(4096)
    except OSError:
        return False


@contextmanager
def whole(paths: Sequence[Path]) -> Iterator[tuple[list[Path], dict[Path, str]]]:
    """New files or folders to write to, which take the places of `paths` when all are complete.

    What is put into the dictionary goes beside them, a text for each path.
    Whatever goes wrong while they are written, what stood at `paths` stays as it was.

    Raises:
        DiskFullError, ReadOnlyError, DiskError: the disk refused; nothing was changed.
    """
    mark = secrets.token_hex(4)
    drafts = [_draft(path, mark) for path in paths]
    beside: dict[Path, str] = {}
    more: list[tuple[Path, Path]] = []
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
        yield drafts, beside
        for path, text in beside.items():
            if path.parent in paths:  # in a folder that is still a draft
                place = drafts[list(paths).index(path.parent)] / path.name
                place.write_text(text, encoding="utf-8", newline="\n")
                continue
            more.append((_draft(path, mark), path))
            more[-1][0].write_text(text, encoding="utf-8", newline="\n")
        made = [*zip(drafts, paths, strict=True), *more]
        _sync(draft for draft, _ in made)
        for draft, path in made:
            _put(draft, path, mark)
        for folder in {path.parent for _, path in made}:
            sync(folder)
    except OSError as error:
        raise _explained(error, paths[0]) from error
    finally:
        for draft in (*drafts, *(draft for draft, _ in more)):
            _discard(draft)


def _draft(path: Path, mark: str) -> Path:
    # The ending stays: a writer may go by it.
    return path.with_name(f".{path.stem}.{mark}{_TEMPORARY}{path.suffix}")


def _put(draft: Path, path: Path, mark: str) -> None:
    if not path.is_dir() and not (draft.is_dir() and path.exists()):
        draft.replace(path)
        return
    # A folder with something in it cannot be replaced, only moved away, nor a file by a folder.
    earlier = path.with_name(f".{path.name}.{mark}.old")
    path.rename(earlier)
    draft.rename(path)
    _discard(earlier)


def _discard(draft: Path) -> None:
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    with suppress(OSError):
        draft.unlink()


def _sync(drafts: Iterable[Path]) -> None:
    """Have the drafts on the disk, with all that is in them; several files are waited for at once."""
    found = (inner for draft in drafts for inner in _within(draft))
    with ThreadPoolExecutor(TOGETHER) as threads:
        while some := list(islice(found, _SOME)):  # a million files are not held at a time
            for _ in threads.map(sync, some):
                pass


def _within(path: Path) -> Iterator[str]:
    """All that is in a folder, the folder itself at last; a file alone."""
    for folder, _, names in os.walk(path, topdown=False):
        yield from (os.path.join(folder, name) for name in names)  # noqa: PTH118 - there are many
        yield folder
    if not path.is_dir():
        yield str(path)


def _explained(error: OSError, path: Path) -> DiskFullError | ReadOnlyError | DiskError:
    if error.errno in _FULL:
        return DiskFullError(
            f"Not exported: no space left for {path}. Nothing was changed. "
            "Free some space and export again."
        )
    if error.errno in _FORBIDDEN:
        return ReadOnlyError(
            f"Not exported: no right to write {path}. Nothing was changed. Name another place."
        )
    return DiskError(f"Not exported: {path} ({error.strerror}). Check the place and export again.")
