"""Links, pipes, devices and strangers' files where a project's own belong: `verify` names each.

None of them is ever opened, so a document that has one cannot be read or decided on as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from annotations.errors import UnsafeFileError
from annotations.storage import safe_open
from annotations.storage.open_folder import Folder
from annotations.storage.shelf import Shelf, is_document_id, is_shard

_FILES: Final = ("purport.toml", "project.json")
_FOLDERS: Final = ("annotators", "seals")


def in_document(shelf: Shelf, document_id: str) -> Iterator[tuple[Path, str]]:
    """The unsafe files in one document's folder, or the folder itself, and what each is."""
    yield from _in_folder(shelf.folder(document_id))


def in_project(root: Path, shelf: Shelf) -> Iterator[tuple[Path, str]]:
    """The unsafe files and folders of a project outside its documents' folders, and what each is."""
    for name in _FILES:
        place, inner = safe_open.holder(root / name)
        with place, suppress(OSError):
            yield from _file(place, inner)
    for name in _FOLDERS:
        yield from _in_folder(root / name)
    yield from _folders(shelf.root, is_shard)
    for shard in shelf.shards():
        yield from _folders(shelf.root / shard.name, is_document_id)


def _in_folder(path: Path) -> Iterator[tuple[Path, str]]:
    """The unsafe files in a folder."""
    try:
        with safe_open.folder(path) as folder:
            for name in sorted(entry.name for entry in folder.entries()):
                with suppress(OSError):
                    yield from _file(folder, name)
    except UnsafeFileError as error:
        yield path, _words(path, error)
    except OSError:
        return  # there is none, or others report that it cannot be read


def _folders(path: Path, is_own: Callable[[str], bool]) -> Iterator[tuple[Path, str]]:
    """The unsafe ones among the folders of a folder that have names of the project's own."""
    try:
        with safe_open.folder(path) as around:
            for name in sorted(entry.name for entry in around.entries()):
                if is_own(name):
                    with suppress(OSError):
                        yield from _folder(around, name)
    except UnsafeFileError as error:
        yield path, _words(path, error)
    except OSError:
        return


def _folder(around: Folder, name: str) -> Iterator[tuple[Path, str]]:
    path = Path(around.path, name)
    try:
        with around.folder(name):
            pass
    except UnsafeFileError as error:
        yield path, _words(path, error)


def _file(folder: Folder, name: str) -> Iterator[tuple[Path, str]]:
    path = Path(folder.path, name)
    try:
        folder.check(name, folder.stat(name), is_written=True)
    except UnsafeFileError as error:
        yield path, _words(path, error)


def _words(path: Path, error: UnsafeFileError) -> str:
    return str(error).removeprefix(f"{path}: ")
