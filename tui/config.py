"""A person's own settings: `config.toml` in the folder that the system keeps for them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import platformdirs

from annotations.errors import SchemaError
from annotations.schema import nearest

THEMES: Final = ("auto", "dark", "light", "terminal")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a person wants the reader.

    Attributes:
        theme: `dark`, `light`, `terminal` (its own 16 colours), or `auto`.
        measure: the widest line of text, in columns; 40 to 120.
        inspector: whether the panel at the side shows where there is room.
        mouse: whether the mouse is used; without it the terminal's own selection works.
        keys: command id to key; they win over the project's.
        where: the file that was read; empty if there is none.
    """

    theme: str = "auto"
    measure: int = 88
    inspector: bool = True
    mouse: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    where: str = ""


def path() -> Path:
    """Where the settings are: `PURPORT_CONFIG`, else the system's place for them."""
    named = os.environ.get("PURPORT_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("purport")) / "config.toml"


def load(file: Path | None = None) -> Settings:
    """The settings in a file; the defaults where there is none.

    Raises:
        SchemaError: it is not TOML, or names a setting or value that there is not.
    """
    file = file or path()
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        raise SchemaError(
            f"{file}: not readable as TOML ({error}). Mend it or remove it."
        ) from None
    return read(table, str(file))


def read(table: Mapping[str, Any], where: str) -> Settings:
    """The settings of a parsed file.

    Raises:
        SchemaError: it names a setting or value that there is not.
    """
    known = [one.name for one in fields(Settings) if one.name != "where"]
    for name, value in table.items():
        if name not in known:
            raise SchemaError(f"{where}: {name!r} is no setting; {nearest(name, known)}")
        if name == "keys":
            _check_keys(value, where)
        elif type(value) is not type(getattr(Settings(), name)):
            kind = type(getattr(Settings(), name)).__name__
            raise SchemaError(f"{where}: {name} is {value!r}; it takes a value of type {kind}.")
    settings = Settings(**table, where=where)
    if settings.theme not in THEMES:
        raise SchemaError(
            f"{where}: theme is {settings.theme!r}; {nearest(settings.theme, THEMES)}"
        )
    if not 40 <= settings.measure <= 120:
        raise SchemaError(f"{where}: measure is {settings.measure}; it goes from 40 to 120.")
    return settings


def _check_keys(value: object, where: str) -> None:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value.values()):
        raise SchemaError(f'{where}: [keys] holds lines like "suggestion.accept" = "a".')
