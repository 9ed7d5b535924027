"""Each known attack on a project's user, replayed against an old version and the working tree.

    python tests/bench/attacks.py --against COMMIT [--only A1 B3 …] [--jobs 2] [--json]

An attack is judged by what the victim or the attacker gets: a file outside the project that
changed, bytes on the terminal, a hang, a traceback, what `verify` says, a decision that is lost.
The program's code is not looked at, and the forged files are made by `attack/forge.py` alone. All
runs in a temporary folder, with a home of its own, and connects to nothing. Exit status 1 means
that an attack still does harm in the working tree.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from attack import (  # noqa: F401
    faults,
    freezes,
    inputs,
    journals,
    keys,
    links,
    models,
    outputs,
    prints,
    records,
    screens,
    seals,
    tampering,
    variations,
)
from attack.sandbox import ATTACKS, Attack, Outcome, Sandbox

ROOT: Final = Path(__file__).parents[2]
_WORDS: Final = {True: "HARM", False: "held", None: "not tried"}


def main() -> int:
    """Run the attacks and print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--against", metavar="COMMIT", help="the version to compare with, or its folder"
    )
    options.add_argument("--only", nargs="*", metavar="ITEM", help="items, or words of a trial")
    options.add_argument("--rows", type=int, default=60, help="of B2; 0 is all (default: 60)")
    options.add_argument("--seed", type=int, default=1, help="which rows of B2 (default: 1)")
    options.add_argument("--before-only", action="store_true", help="leave the working tree out")
    options.add_argument("--jobs", type=int, default=2, help="attacks at a time (default: 2)")
    options.add_argument("--json", action="store_true", help="a JSON object a line, no table")
    given = options.parse_args()
    named = [one for one in ATTACKS if not given.only or _is_named(one, given.only)]
    chosen = _drawn(named, given.rows, given.seed)
    with (
        tempfile.TemporaryDirectory(prefix="attacks-") as name,
        _worktree(given.against, Path(name)) as old,
    ):
        trees = {"before": old} if old else {}
        trees |= {} if given.before_only else {"after": ROOT}
        return _replay(chosen, trees, Path(name), given.jobs, given.json)


def _is_named(attack: Attack, names: list[str]) -> bool:
    return any(name == attack.item or (len(name) > 3 and name in attack.tried) for name in names)


def _drawn(named: list[Attack], rows: int, seed: int) -> list[Attack]:
    """All attacks, but of the many malformations of B2 only so many."""
    many = [one for one in named if one.item == "B2"]
    kept = many if not rows or rows >= len(many) else random.Random(seed).sample(many, rows)
    return [one for one in named if one.item != "B2" or one in kept]


@contextmanager
def _worktree(commit: str | None, folder: Path) -> Iterator[Path | None]:
    """The tree of a commit, checked out beside the sandboxes; a folder is taken as it is."""
    if commit is None or Path(commit).is_dir():
        yield commit and Path(commit).resolve()
        return
    tree = folder / "before"
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--detach", "--quiet", str(tree), commit], check=True)
    try:
        yield tree
    finally:
        subprocess.run([*git, "remove", "--force", str(tree)], check=False)


def _replay(
    chosen: list[Attack], trees: dict[str, Path], folder: Path, jobs: int, as_json: bool
) -> int:
    counts: Counter[tuple[str, bool | None]] = Counter()
    with ThreadPoolExecutor(jobs) as pool:
        rows = [
            (one, {name: pool.submit(_run, one, tree, folder) for name, tree in trees.items()})
            for one in chosen
        ]
        for one, runs in rows:
            outcomes = {name: run.result() for name, run in runs.items()}
            for name, outcome in outcomes.items():
                counts[name, outcome.harm] += 1
            _print(one, outcomes, as_json)
    for name in trees:
        harm, held, untried = (counts[name, one] for one in (True, False, None))
        print(f"{name}: {harm} did harm, {held} held, {untried} not tried", file=sys.stderr)
    return 1 if counts["after", True] else 0


def _run(one: Attack, tree: Path, folder: Path) -> Outcome:
    place = Path(tempfile.mkdtemp(dir=folder))
    try:
        return one.run(Sandbox(place, tree))
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        words = f"bench: {type(error).__name__}: {error} ({where.name}:{where.lineno})"
        return Outcome(None, words)
    finally:
        _remove(place)


def _remove(place: Path) -> None:
    for folder, names, _ in os.walk(place):
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(place, ignore_errors=True)


def _print(one: Attack, outcomes: dict[str, Outcome], as_json: bool) -> None:
    if as_json:
        told = {name: {"harm": out.harm, "words": out.words} for name, out in outcomes.items()}
        print(json.dumps({"item": one.item, "tried": one.tried, **told}), flush=True)
        return
    print(f"{one.item:4} {one.tried}")
    for name, outcome in outcomes.items():
        words = " ".join(ascii(outcome.words)[1:-1].split())
        print(f"       {name:7} {_WORDS[outcome.harm]:10} {words[:200]}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
