"""The texts that stand in files of their own beside annotations: plain files, of a bounded size."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG

from annotations.errors import InputError, SourceError
from annotations.sources.encoding import decode
from annotations.sources.outcome import LIMIT


def text_of(path: Path) -> str:
    """What a file says, in whatever encoding.

    Raises:
        InputError: it is not there, no plain file, too large, or no text.
    """
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):  # a pipe would never end, nor would a device
            raise InputError(f"{path}: is no plain file.")
        if status.st_size > LIMIT:
            raise InputError(
                f"{path}: is over {LIMIT // 1024**2} MB. Split it and import it again."
            )
        data = path.read_bytes()
        return decode(data, str(path)).text if data else ""
    except OSError as error:
        raise InputError(f"{path}: not readable ({error.strerror}).") from None
    except SourceError as refused:
        raise InputError(str(refused)) from None


def beside(path: Path, name: str) -> Path | None:
    """The file of that name in the folder of another; None if there is none.

    Raises:
        InputError: it is a link that leads out of the folder, or no plain file.
    """
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        return None
    there = path.parent / name
    try:
        if there.is_dir() or not (there.is_symlink() or there.exists()):
            return None
        home, real = os.path.realpath(path.parent), os.path.realpath(there)
    except OSError:  # such as a name that is too long for any file
        return None
    if not real.startswith(home.rstrip(os.sep) + os.sep):
        raise InputError(f"{there}: a link that leads out of the folder. Put a file in its place.")
    if not Path(real).is_file():
        raise InputError(f"{there}: is no plain file.")
    return there
