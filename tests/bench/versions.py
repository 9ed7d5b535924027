"""Another version of the program beside this one, to measure both in one run, taking turns."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PARTS: Final = ("annotations", "tui", "pyproject.toml", "seeds")

_DECIDING: Final = """
import json, random, sys, tempfile
from pathlib import Path
sys.path.append(sys.argv[1])
from store import Deciding, filled
place = Path(sys.argv[2])
deciding = Deciding(filled(place, int(sys.argv[3])), random.Random(int(sys.argv[4])))
print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    deciding.later.clear()
    deciding.work.clear()
    for _ in range(int(line)):
        deciding()
    print(json.dumps([deciding.later, deciding.work]), flush=True)
"""


def tree(commit: str, folder: Path) -> Path:
    """The files of a commit, or those of a folder, to run the program from."""
    if Path(commit).is_dir():
        return Path(commit).resolve()
    place = folder / f"version-{commit[:12].replace('/', '_')}"
    archive = ["git", "-C", str(ROOT), "archive", "--format=tar", commit, *PARTS]
    data = subprocess.run(archive, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
        packed.extractall(place, filter="data")
    return place


_MAKING: Final = """
import sys
from pathlib import Path
sys.path.append(sys.argv[1])
from material import SEEDS, Document, project
from annotations.text import Text
seeds = [
    Document(Text(path.read_text(encoding="utf-8")), title=path.stem, source=path.name)
    for path in sorted(SEEDS.glob("*.txt"))
]
project(Path(sys.argv[2]), seeds, every=12).close()
"""


def samples(code: Path, root: Path) -> None:
    """Make a project of the sample documents with the code of a version."""
    bench = str(Path(__file__).parent)
    arguments = [sys.executable, "-c", _MAKING, bench, str(root)]
    env = os.environ | {"PYTHONPATH": str(code)}
    subprocess.run(arguments, check=True, env=env, cwd=root.parent)  # no code is found there


class Version:
    """A process that decides with the code of one version, as often as it is told to.

    Attributes:
        seconds: of each decision, by the clock.
        work: of each decision, of the processor.
    """

    def __init__(self, code: Path, folder: Path, annotations: int, seed: int) -> None:
        self.seconds: list[float] = []
        self.work: list[float] = []
        bench = str(Path(__file__).parent)
        arguments = [sys.executable, "-c", _DECIDING, bench, folder / "project", annotations, seed]
        self._process = subprocess.Popen(
            [str(one) for one in arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,  # Python looks for code in the current folder first
            env=os.environ | {"PYTHONPATH": str(code), "XDG_CACHE_HOME": str(folder / "cache")},
        )
        self._answer()

    def _answer(self) -> list[list[float]]:
        assert self._process.stdout
        said: list[list[float]] = json.loads(self._process.stdout.readline())
        return said

    def decide(self, count: int) -> None:
        """Let it decide so often, and take its times."""
        assert self._process.stdin
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        seconds, work = self._answer()
        self.seconds += seconds
        self.work += work

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def beside(commit: str, folder: Path, annotations: int) -> Iterator[tuple[Version, Version]]:
    """This version and another one, on projects of their own that are alike."""
    with ExitStack() as stack:
        pair = []
        for name, code in (("now", ROOT), ("then", tree(commit, folder))):
            place = folder / name
            place.mkdir()
            version = Version(code, place, annotations, seed=7)
            stack.callback(version.close)
            pair.append(version)
        yield pair[0], pair[1]


def take_turns(pair: tuple[Version, Version], decisions: int, chance: random.Random) -> None:
    """Let both decide so often, a few at a time, in random order."""
    for version in pair:
        version.decide(20)  # what is imported late is imported now
        version.seconds.clear()
        version.work.clear()
    turns = list(pair)
    for _ in range(max(decisions // 5, 1)):
        chance.shuffle(turns)
        for version in turns:
            version.decide(5)
