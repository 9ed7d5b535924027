"""What a reader says of a hostile file, and how much memory that took, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_READ = """
import pathlib, re, sys
from annotations.errors import InputError
from annotations.formats import FORMATS
from annotations.formats.reading.intake import Intake
try:
    list(FORMATS[sys.argv[1]].read(pathlib.Path(sys.argv[2]), Intake()))
except InputError as error:
    print(error)
# What `getrusage` tells is not below what the parent held when it forked.
status = pathlib.Path("/proc/self/status").read_text(encoding="ascii")
print(int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024)
"""


def refusal(format: str, path: Path) -> tuple[str, int]:
    """The line with which a file is refused, and the most megabytes that the process held."""
    command = [sys.executable, "-c", _READ, format, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    words, megabytes = done.stdout.splitlines()
    return words, int(megabytes)
