"""The sign in a card by which it is known as purport's, with the files that the card vouches for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

from annotations.formats.writing import sums

CARD: Final = "card.md"
"""The name of the card in a folder that is an export, and what others end in."""

README: Final = "README.md"
"""The name of a dataset's card, where a dataset has one."""

HERE: Final = "./"
"""What a card calls the folder that it stands in."""

_SIGN: Final = "<!-- purport export: {kind} -->"
_SEALED: Final = re.compile(r"^<!-- purport export: (file|parts|folder), ([0-9a-f]{64}) -->$", re.M)
_MOST: Final = 16 * 1024 * 1024
"""Bytes of a card: nobody's README is as long."""


class Kind(StrEnum):
    """What a card stands beside: one file, the parts of a split, or the folder it is in."""

    FILE = "file"
    PARTS = "parts"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the card of an earlier export says of it.

    Attributes:
        path: the card.
        kind: what it stands beside.
        files: the digest of each file or folder of the export, by its name beside the card.
        is_whole: whether the card is as it was written.
    """

    path: Path
    kind: Kind
    files: dict[str, str]
    is_whole: bool


def sign(kind: Kind) -> str:
    """The line that a card's text has, for `sealed` to complete."""
    return _SIGN.format(kind=kind)


def sealed(text: str, kind: Kind) -> str:
    """The card's text with its own digest in its sign."""
    bare = sign(kind)
    return text.replace(bare, f"{bare.removesuffix(' -->')}, {_digest(text)} -->", 1)


def read(path: Path) -> Stamp | None:
    """The stamp of the card at `path`; None where there is none that purport wrote."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        text = file.read(_MOST)
    match = _SEALED.search(text)
    if match is None:
        return None
    kind = Kind(match[1])
    bare = f"{text[: match.start()]}{sign(kind)}{text[match.end() :]}"
    listed = {
        name.removesuffix("/") if name != HERE else HERE: digest
        for name, digest in sums.parse(text).items()
    }
    # What stands elsewhere is no card's business.
    files = {
        name: digest
        for name, digest in listed.items()
        if name == HERE or ("/" not in name and name not in ("", ".", ".."))
    }
    return Stamp(path, kind, files, match[2] == _digest(bare))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
