"""What stands where an export is to go: replaced where it is an earlier export, else left alone."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from annotations.errors import InputError
from annotations.formats.writing import stamp, sums
from annotations.formats.writing.stamp import CARD, HERE, README, Kind, Stamp

Look: TypeAlias = tuple[int, int, int] | None
"""Inode, size and time of what stands at a path; None where nothing does."""

_CHANGED: Final = "was changed since purport wrote it"
_UNKNOWN: Final = "is there already, and no card says that purport wrote it"
_OTHER: Final = "is a link, or no plain file"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an export replaces.

    Attributes:
        card: where its card goes.
        gone: what an earlier export wrote and this one does not: it would pass for a part of it.
        looks: what stood at each path that is replaced or removed, by which a change is seen.
        notes: one line for each thing that the person should know.
    """

    card: Path
    gone: Sequence[Path]
    looks: Mapping[Path, Look]
    notes: Sequence[str] = ()


def look(path: Path) -> Look:
    """What stands at a path, so that it is seen when it is another."""
    if not os.path.lexists(path):
        return None
    about = path.lstat()
    return about.st_ino, about.st_size, about.st_mtime_ns


def plan(
    out: Path,
    kind: Kind,
    paths: Sequence[Path],
    sides: Sequence[Path] = (),
    *,
    suffix: str = "",
    is_dataset: bool = False,
    force: bool = False,
) -> Plan:
    """See what an export to `out` replaces.

    Args:
        out: the file or folder named; no link.
        kind: what the export is there.
        paths: the data's files or folders: `out` itself, or the parts in it.
        sides: further files beside them.
        suffix: the ending of the data's files; empty where they are folders.
        is_dataset: whether its card is a README.
        force: replace what is at `out` even if it is not what its card says.

    Raises:
        InputError: something stands there that is not what an earlier export wrote.
        OSError: it cannot be read.
    """
    if kind is Kind.FOLDER:
        return _folder(out, force=force)
    home = out if kind is Kind.PARTS else out.parent
    found = _cards(out, kind, home)
    known = {name: digest for card in found for name, digest in card.files.items()}
    targets = [*paths, *sides]
    for path in targets:
        _check_kind(path, suffix if path in paths else "-", known)
        is_own = path.name in known or path == out
        if kind is Kind.PARTS:
            is_own = is_own or (bool(found) and not path.is_dir())
        _check(path, known.get(path.name), force, is_own=is_own)
    names = {path.name for path in targets}
    gone = [home / name for name in known if name not in names]
    for path in gone:
        if not _is_same(path, known[path.name]):
            raise InputError(
                f"{path} {_CHANGED}, and has no place in this export; it was left alone. "
                "Move it away, or name another place."
            )
    card, notes = _place(out, kind, home, found, is_dataset=is_dataset and home / README != out)
    for one in found:
        if not (one.is_whole or force):
            raise _refusal(one.path, _CHANGED, can_force=True)
    gone = [*filter(os.path.lexists, gone), *(one.path for one in found if one.path != card)]
    return Plan(card, gone, {path: look(path) for path in (*targets, *gone, card)}, notes)


def _cards(out: Path, kind: Kind, home: Path) -> list[Stamp]:
    """The cards of what was exported to `out` before."""
    names = [README, CARD] if kind is Kind.PARTS else [README, *_names(out)]
    cards = (stamp.read(home / name) for name in names)
    return [
        card
        for card in cards
        if card is not None and card.kind is kind and (kind is Kind.PARTS or out.name in card.files)
    ]


def altered(path: Path, digest: str) -> Path | None:
    """The card beside a file that says that purport wrote other bytes; None where there is none.

    Args:
        path: the file.
        digest: the SHA-256 of its bytes.
    """
    cards = [stamp.read(path.parent / name) for name in (README, CARD, *_names(path))]
    vouching = [one for one in cards if one is not None and path.name in one.files]
    if not vouching or any(one.files[path.name] == digest for one in vouching):
        return None
    return vouching[0].path


def _names(out: Path) -> tuple[str, str]:
    """What the card of a file may be called: the second, where another file has the first."""
    return f"{out.stem}.{CARD}", f"{out.name}.{CARD}"


def _place(
    out: Path, kind: Kind, home: Path, found: Sequence[Stamp], *, is_dataset: bool
) -> tuple[Path, list[str]]:
    own = {card.path for card in found}
    notes: list[str] = []
    if is_dataset:
        path = home / README
        if path in own or not os.path.lexists(path):
            return path, notes
        notes.append(f"{path} was left alone; the dataset's card has another name")
    for name in (CARD,) if kind is Kind.PARTS else _names(out):
        path = home / name
        if path in own or not os.path.lexists(path):
            return path, notes
        if stamp.read(path) is None:
            raise _refusal(path, _UNKNOWN)
    raise _refusal(path, "is the card of another export")


def _folder(out: Path, *, force: bool) -> Plan:
    card = out / CARD
    if not os.path.lexists(out) or (out.is_dir() and not any(out.iterdir())):
        return Plan(card, (), {out: look(out)})
    _check_kind(out, "", {})
    found = stamp.read(card)
    if found is None or found.kind is not Kind.FOLDER:
        what = "other files" if found is None else "another export"
        raise InputError(
            f"{out} holds {what}; it was left alone. Name a folder that is not there yet."
        )
    if not force:
        if not found.is_whole:
            raise _refusal(card, _CHANGED, can_force=True)
        if sums.of(out, without=CARD) != found.files.get(HERE):
            raise _refusal(*_stranger(out, card), can_force=True)
    return Plan(card, (), {path: look(path) for path in (out, card)})


def _stranger(folder: Path, card: Path) -> tuple[Path, str]:
    """What in a folder came or changed last, as far as times can tell, and in words."""
    inner = (
        Path(place, name)
        for place, folders, names in os.walk(folder)
        for name in (*names, *(one for one in folders if not any(Path(place, one).iterdir())))
    )
    newest = max(inner, key=lambda path: path.lstat().st_ctime_ns)
    if newest.lstat().st_ctime_ns > card.stat().st_ctime_ns:
        return newest, "came or was changed since purport wrote the folder"
    return folder, "does not hold what purport wrote there"


def _check_kind(path: Path, suffix: str, known: Mapping[str, str]) -> None:
    if path.is_symlink() or (os.path.lexists(path) and not (path.is_file() or path.is_dir())):
        raise _refusal(path, _OTHER)
    if suffix and path.is_dir() and path.name not in known:
        name = path / f"data{suffix.strip('-')}"
        raise InputError(f"{path} is a folder; name a file, such as {name}.")
    if not suffix and path.is_file():
        raise InputError(f"{path} is a file; this format is a folder. Name another place.")


def _check(path: Path, digest: str | None, force: bool, *, is_own: bool) -> None:
    if os.path.lexists(path) and not _is_same(path, digest) and not (force and is_own):
        raise _refusal(path, _UNKNOWN if digest is None else _CHANGED, can_force=is_own)


def _is_same(path: Path, digest: str | None) -> bool:
    """Whether what stands at a path is what a card says, or nothing does."""
    return not os.path.lexists(path) or (digest is not None and sums.of(path) == digest)


def _refusal(path: Path, why: str, *, can_force: bool = False) -> InputError:
    or_else = ", or give --force" if can_force else ""
    return InputError(f"{path} {why}; it was left alone. Name another place{or_else}.")
