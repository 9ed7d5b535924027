"""Installed packages that hold a pipeline, found by name and never imported.

Where a package may lie is the import path without the current folder and without the project's:
what a clone or an archive brings along is not installed.
"""

from __future__ import annotations

import re
import site
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from annotations.errors import ModelError

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
"""What a package that holds a pipeline can be called, with `_` for `-`."""

PLACEHOLDER: Final = "999.9.9"
"""Packages of this version hold a name, not a model."""


def package_name(name: str) -> str | None:
    """The package that a name in settings or on a command line means; None if it cannot be one."""
    package = name.strip().replace("-", "_")
    return package if NAME.fullmatch(package) else None


def import_path(project: Path | None = None) -> list[Path]:
    """The folders that installed packages lie in.

    Args:
        project: the folder of the project that names the package; nothing below it counts,
            except an environment that this program runs in.
    """
    here = Path.cwd().resolve()
    barred = None if project is None else project.resolve()
    homes = [Path(one).resolve() for one in (sys.prefix, sys.base_prefix, site.USER_SITE) if one]
    found = []
    for entry in dict.fromkeys(sys.path):
        place = Path(entry)
        if not entry or not place.is_absolute():
            continue  # means the current folder, or is relative to it
        real = place.resolve()
        is_own = any(real.is_relative_to(one) for one in homes)
        if not is_own and (real == here or (barred and real.is_relative_to(barred))):
            continue
        if real.is_dir():
            found.append(place)
    return found


def folder_of(package: str, project: Path | None = None) -> Path | None:
    """The data folder of an installed package; None if there is no such pipeline.

    Raises:
        ModelError: the package is a placeholder.
    """
    path = import_path(project)
    for place in path:
        home = place / package
        if home.is_dir():
            folder = _data_folder(home)
            version = _version(package, path) if folder is not None else None
            if version == PLACEHOLDER:
                raise ModelError(
                    f"{package} {version} is a placeholder, not a pipeline. Name another."
                )
            return folder if version is not None else None
    return None


def version_of(package: str) -> str | None:
    """The version of the installed distribution that brought a package; None if none did."""
    return _version(package, import_path())


def names(project: Path | None = None) -> Iterator[str]:
    """The names of the packages that look as if they held a pipeline."""
    for place in import_path(project):
        for data in place.glob("*/meta.json"):
            if NAME.fullmatch(data.parent.name):
                yield data.parent.name


def _data_folder(home: Path) -> Path | None:
    """Where in a package its `config.cfg` and `meta.json` lie: at the top, or one folder down."""
    for folder in (home, *sorted(home.iterdir())):
        if (folder / "config.cfg").is_file() and (folder / "meta.json").is_file():
            return folder
    return None


def _version(package: str, path: list[Path]) -> str | None:
    """The version of the distribution that brought the package; None if none did.

    A folder that only happens to lie on the import path is not an installed pipeline.
    """
    places = [str(place) for place in path]
    for found in metadata.distributions(name=package, path=places):
        return found.version
    for found in metadata.distributions(path=places):
        top = (found.read_text("top_level.txt") or "").split()
        if package in top or any(file.parts[0] == package for file in found.files or ()):
            return found.version
    return None
