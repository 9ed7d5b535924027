"""Mutated projects and mutated import files through the commands: no traceback, no hang, no flood.

    python tests/bench/fuzz.py [--projects 10000] [--imports 10000] [--seed 1] [--commands 4] [--jobs 2]

Each case has its own number; the same seed and number give the same case. A case may take 20 s and
500 MB; exit status 1 where one did more, or ended in a fault of the program's own.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from select import select
from typing import IO, Final

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]  # before this folder, which has a `store` of its own

from home import home  # noqa: E402

PATIENCE: Final = 20.0
"""Seconds that a case may take."""

MEMORY: Final = 500 << 20
"""Bytes that a process may hold at its most."""

EACH: Final = 500
"""Cases that one process does, one after the other."""


def work(kind: str, seed: int, first: int, last: int, commands: int) -> None:
    """Do some cases, with a line for each that is begun and for each fault."""
    import mutations

    os.environ["PURPORT_TRACEBACK"] = "1"
    base = Path(tempfile.mkdtemp())
    try:
        os.environ.update(home(base / "home"))
        mutations.make_project(base / "project")
        is_import = kind == "imports"
        folder = _made(base / "exports")
        exports = mutations.make_files(folder, base / "project") if is_import else {}
        formats = sorted(exports)
        for number in range(first, last):
            print(f"begun {number}", flush=True)
            chance = random.Random(f"{seed} {kind} {number}")
            here = _made(base / "here")
            if not is_import:
                root = here / "project"
                shutil.copytree(base / "project", root)
                document = mutations.spoil_project(chance, root)
                faults = list(mutations.read_spoilt(chance, root, document, commands))
            else:
                name = formats[number % len(formats)]
                faults = list(mutations.import_spoilt(chance, exports[name], name, here))
            for words in faults:
                print("fault " + repr(f"{number}: {words}"), flush=True)
            shutil.rmtree(here)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        print(f"peak {peak}", flush=True)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


class Portion:
    """A process that does some of the cases."""

    def __init__(self, kind: str, seed: int, numbers: range, commands: int) -> None:
        self.numbers = numbers
        line = [sys.executable, __file__, "--worker", kind, str(seed), str(numbers.start)]
        line += [str(numbers.stop), str(commands)]
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.process.stdout
        self.output: IO[bytes] = self.process.stdout
        self.at = numbers.start - 1
        self.is_done = False


def fuzz(kind: str, count: int, seed: int, commands: int, jobs: int) -> Counter[str]:
    """Do all cases of a kind; returns how many went how, and prints each that went wrong."""
    tally: Counter[str] = Counter()
    waiting = [range(at, min(at + EACH, count)) for at in range(0, count, EACH)]
    running: list[Portion] = []
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(Portion(kind, seed, waiting.pop(0), commands))
        ready, _, _ = select([one.output for one in running], [], [], PATIENCE)
        for portion in list(running):
            if portion.output in ready:
                line = portion.output.readline().decode("utf-8", "replace").rstrip("\n")
                word, _, rest = line.partition(" ")
                if word == "begun":
                    portion.at = int(rest)
                    tally["cases"] += 1
                elif word == "fault":
                    tally["faults"] += 1
                    print(f"  {kind} {rest}", flush=True)
                elif word == "peak":
                    portion.is_done = True
                    tally["peak"] = max(tally["peak"], int(rest))
                if line:
                    continue
            elif ready:
                continue  # a silence counts where none of them says anything
            if not portion.is_done:
                what = "ended" if portion.output in ready else f"took over {PATIENCE:.0f} s"
                tally["ended or too slow"] += 1
                print(f"  {kind} {portion.at}: {what}", flush=True)
                if portion.at < portion.numbers.start:
                    sys.exit("A process ended before its first case.")
                if portion.at + 1 < portion.numbers.stop:
                    waiting.append(range(portion.at + 1, portion.numbers.stop))
            portion.process.kill()
            portion.process.wait()
            running.remove(portion)
    return tally


def main() -> None:
    """Do all cases and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--imports", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commands", type=int, default=4, help="commands on each project")
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    is_well = True
    for kind, count in (("projects", wanted.projects), ("imports", wanted.imports)):
        if not count:
            continue
        tally = fuzz(kind, count, wanted.seed, wanted.commands, wanted.jobs)
        wrong = tally["faults"] + tally["ended or too slow"]
        is_well = is_well and not wrong and tally["peak"] <= MEMORY
        print(
            f"{kind}: {tally['cases']:,} cases, seed {wanted.seed}: {tally['faults']} faults of the "
            f"program, {tally['ended or too slow']} ended or over {PATIENCE:.0f} s, "
            f"{tally['peak'] >> 20} MB at most"
        )
    sys.exit(not is_well)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(sys.argv[2], *map(int, sys.argv[3:]))
    else:
        main()
