"""A home of its own for whatever runs in tests and scenes: settings, places and caches."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SAID_BY_THE_SHELL: Final = (
    "COLORFGBG",
    "NO_COLOR",
    "PURPORT_ANNOTATOR",
    "PURPORT_PROJECT",
    "TEXTUAL_COLOR_SYSTEM",
    "TEXTUAL_THEME",
)
"""What a person's shell may say and no test may hear."""


def home(folder: Path) -> dict[str, str]:
    """The environment in which all that is a person's own lies in a folder."""
    kinds = ("cache", "config", "data", "state")
    variables = {f"XDG_{kind.upper()}_HOME": str(folder / kind) for kind in kinds}
    return variables | {"PURPORT_CONFIG": str(folder / "config" / "config.toml")}
