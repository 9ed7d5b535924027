"""Models by path that a person trusts, once for each project and for what the folder holds.

A pipeline in a folder can name any function of an installed package, and a pattern that never
ends. So a project's settings do not make it run: a person is asked first. The answer is kept in
the person's own state folder, for the real path of the project, that of the model's folder, and a
SHA-256 over every file in it. When one of these changes, the person is asked again.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import platformdirs

from annotations.errors import ModelError
from annotations.symbols import line

Ask = Callable[[str], bool]
"""Puts a question to a person; whether the answer is yes."""

_FORMAT: Final = 1
_LARGEST: Final = 1_000_000
"""Bytes of the list of what is trusted: thousands of models."""
_BLOCK: Final = 1 << 20


def path() -> Path:
    """The file that lists what is trusted; a person may delete it at any time."""
    return Path(platformdirs.user_state_dir("purport")) / "trusted-models.json"


def folder(project: Path, setting: str) -> Path:
    """The model's folder that a project's settings name: a relative path starts at the project."""
    try:
        return (project / Path(setting).expanduser()).resolve()
    except (OSError, ValueError, RuntimeError):
        raise ModelError(f"{_short(setting)}: not a path that can be opened.") from None


def trusted(project: Path, setting: str, ask: Ask | None = None) -> Path:
    """The model's folder that a project's settings name, if a person trusts it as it is.

    Until then no file in it is opened.

    Args:
        project: the project's folder.
        setting: the path as the settings have it.
        ask: how to ask whether it is trusted; None where nobody can be asked.

    Raises:
        ModelError: it is not trusted, or holds what cannot be.
    """
    model = folder(project, setting)
    if not _is_pipeline(model):
        raise ModelError(
            f"{_short(str(model))}: no pipeline there, and the project's purport.toml names it; name "
            "an installed package, or a folder that holds a config.cfg."
        )
    key = (str(project.resolve()), str(model))
    known = _read(project)
    before = next((one for one in known if (one["project"], one["model"]) == key), None)
    if before is not None and before["sha256"] == digest(model):
        return model
    why = "changed since you trusted it" if before else "is a folder, not an installed package"
    about = f"The model that the project's purport.toml names {why}: {_short(str(model))}."
    if ask is None or not ask(
        f"{about} A model can run functions of installed packages, with your rights. Trust it as "
        "it is now, for this project?"
    ):
        raise ModelError(
            f"{about} It was not opened. To trust it, run purport suggest in a terminal and answer "
            "y; to use it once: purport suggest --model PATH."
        )
    if _lies_in(project):
        raise ModelError(
            f"{path()} is inside the project, so your answer is not kept there. For one run: "
            "purport suggest --model PATH."
        )
    entry = {"project": key[0], "model": key[1], "sha256": digest(model)}
    entry["at"] = datetime.now(UTC).isoformat(timespec="seconds")
    _write([*(one for one in known if one is not before), entry])
    return model


def digest(model: Path) -> str:
    """A SHA-256 over the names and the bytes of every file in a model's folder.

    Raises:
        ModelError: it is not a folder, or holds a link, a pipe or a device.
    """
    total = sha256()
    for name, file in files(model):
        total.update(f"{len(name.encode())}:{name}:{sum_of(file)}\n".encode())
    return total.hexdigest()


def files(model: Path) -> Iterator[tuple[str, Path]]:
    """The files of a model's folder in order, each with its path inside it.

    Raises:
        ModelError: it is not a folder, or holds a link, a pipe or a device.
    """

    def fail(error: OSError) -> None:
        raise ModelError(f"{_short(str(model))}: it cannot be read ({error.strerror}).")

    found: dict[str, Path] = {}
    for place, folders, names in os.walk(model, onerror=fail):
        for name in (*folders, *names):
            one = Path(place) / name
            kind = one.lstat().st_mode
            if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
                raise ModelError(
                    f"{_short(str(one))}: a link, pipe or device; a model's folder that a project "
                    "names may hold files and folders only."
                )
            if stat.S_ISREG(kind):
                found[one.relative_to(model).as_posix()] = one
    yield from sorted(found.items())


def sum_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, in hex.

    Raises:
        ModelError: it cannot be read, or is a link, a pipe or a device.
    """
    total = sha256()
    try:
        number = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(number, "rb", buffering=0) as opened:  # noqa: PTH123 - a descriptor
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise ModelError(f"{_short(str(file))}: not a regular file.")
            while block := opened.read(_BLOCK):
                total.update(block)
    except OSError as error:
        raise ModelError(f"{_short(str(file))}: it cannot be read ({error.strerror}).") from None
    return total.hexdigest()


def _read(project: Path) -> list[dict[str, str]]:
    """What is trusted; nothing, where the list is damaged or lies in the project itself."""
    if _lies_in(project):
        return []
    try:
        with path().open("rb") as file:
            known: Any = json.loads(file.read(_LARGEST))
        rows = known["trusted"] if known["format"] == _FORMAT else []
        names = ("project", "model", "sha256")
        return [one for one in rows if all(isinstance(one[name], str) for name in names)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _is_pipeline(model: Path) -> bool:
    try:
        return (model / "config.cfg").is_file()
    except OSError:
        return False  # such as a name that is too long


def _lies_in(project: Path) -> bool:
    """Whether the list would be the project's own: then anybody could have written it."""
    return path().resolve().is_relative_to(project.resolve())


def _write(rows: list[dict[str, str]]) -> None:
    where = path()
    words = json.dumps({"format": _FORMAT, "trusted": rows}, indent=1, ensure_ascii=True)
    temporary = where.with_name(f"{where.name}.{os.getpid()}.tmp")
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(temporary, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(words)
        temporary.replace(where)
    except OSError as error:
        raise ModelError(
            f"{where}: your answer could not be kept ({error.strerror}). For one run: --model PATH."
        ) from None


def _short(words: str) -> str:
    shown = line(words)
    return shown if len(shown) <= 200 else f"{shown[:200]}…"
