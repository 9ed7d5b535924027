"""The last resort: an error that nothing foresaw, kept in a file and named in one line."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Final

from annotations.symbols import visible

SHOWN_BY: Final = "PURPORT_TRACEBACK"
"""The environment variable that prints the traceback as well, for who develops purport."""


def trace(error: BaseException) -> str:
    """Return an error's traceback as a terminal may get it."""
    return visible("".join(traceback.format_exception(error)))


def keep(error: BaseException) -> str:
    """Write an error's traceback to a file, and return the line that names it.

    The file is `crash.txt` in the user's state directory, and readable by the user alone: an
    error may quote what a document says.
    """
    import platformdirs

    path = Path(platformdirs.user_state_dir("purport")) / "crash.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with open(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(trace(error))
        words = f"what happened is in {path}; please report it."
    except (OSError, ValueError):
        last = traceback.extract_tb(error.__traceback__)[-1:]
        where = "".join(f" at {Path(one.filename).name}:{one.lineno}" for one in last)
        words = f"please report it: {type(error).__name__}{where}: {error}"
    return f"it stopped by its own fault. Every decision is saved; {words}"
