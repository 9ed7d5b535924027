"""Hostile strings in every field, through every command and every screen: what arrives.

    python tests/bench/hostile_strings.py [--strings 10000] [--screens 2000] [--seed 1] [--json]

Projects are made with hostile words in whatever a file, a colleague, a folder or the environment
can fill, and half of them are spoilt further in single members, with hashes that hold. Commands run
in this process and what they write is looked through; screens run with a pilot, and each segment
that would be painted is looked through; last, the reader runs in a terminal, and the sequences
that arrive are those of a reader on a harmless project.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from figures import Figure, parser, tell

sys.path.append(str(Path(__file__).parents[1]))

import scenes
from poison import (
    KEYS,
    Found,
    Words,
    build,
    place,
    through_commands,
    through_screens,
    unclean,
)
from terminal import Terminal

OWN = re.compile(
    rb"\x1b(?:\[[0-9;:?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78cHM])"
)
"""An escape sequence, whatever it does."""


def sequences(root: Path, folder: Path, thrift: str = "1") -> tuple[Counter[bytes], list[str]]:
    """The kinds of sequences that a reader sends on a project, and what else is not plain."""
    command = [
        sys.executable,
        "-m",
        "tui",
        "--project",
        root,
        "--annotator",
        "anna",
        "--no-suggest",
    ]
    with Terminal(command, cwd=folder, env={"PURPORT_THRIFT": thrift}) as terminal:
        terminal.recording = True
        terminal.wait_for(lambda screen: "saved" in screen.text)
        for key in KEYS:
            terminal.send(key)
            terminal.settle(0.1)
        terminal.send("q")
        terminal.settle(0.3)
        data = bytes(terminal.log)
    kinds = Counter(re.sub(rb"[0-9;:]+", b"", one)[:12] for one in OWN.findall(data))
    rest = OWN.sub(b"", data).decode("utf-8", "surrogateescape")
    return kinds, unclean(rest.replace("\r\n", "\n").replace("\r", ""))


def through_a_terminal(seed: int, count: int, found: Found) -> None:
    """Compare what arrives in a terminal from hostile projects with a harmless one's."""
    with tempfile.TemporaryDirectory() as name:
        own = set(sequences_of_harmless(Path(name)))
        own |= set(sequences(Path(name) / "project", Path(name), "0")[0])
    for number in range(count):
        words = Words(seed * 1000 + number)
        with place(words) as (folder, root):
            build(root, words).close()
            # Every other one by Textual's own output, as where it is not the one pinned.
            kinds, rest = sequences(root, folder, str(number % 2))
        found.strings += words.count
        found.runs += len(KEYS)
        for one in rest:
            found.dirty[f"terminal {one}"] += 1
        for kind in set(kinds) - own:
            found.dirty[f"terminal sequence {kind!r}"] += kinds[kind]


def sequences_of_harmless(folder: Path) -> Iterable[bytes]:
    """The kinds of sequences that the reader sends on the sample documents."""
    scenes.build(folder / "project").close()
    return sequences(folder / "project", folder)[0]


def _until(found: Found, strings: int, seed: int, go: object) -> None:
    number = 0
    while found.strings < strings:
        go(Words(seed * 100_000 + number), found, spoil=number % 2 == 1)  # type: ignore[operator]
        number += 1


def main() -> int:
    """Run all three ways, and print what arrived."""
    arguments = parser(__doc__)
    arguments.add_argument("--strings", type=int, default=10_000, help="through the commands")
    arguments.add_argument("--screens", type=int, default=10_000, help="through the screens")
    arguments.add_argument("--terminals", type=int, default=3, help="projects in a real terminal")
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    figures = []
    for name, go, most in (
        ("commands", through_commands, given.strings),
        ("screens", through_screens, given.screens),
    ):
        found = Found()
        _until(found, most, given.seed, go)
        figures += _figures(name, found)
    found = Found()
    through_a_terminal(given.seed, given.terminals, found)
    figures += _figures("terminal", found)
    return tell(figures, as_json=given.json)


def _figures(name: str, found: Found) -> Iterator[Figure]:
    for where, count in found.dirty.most_common(20):
        if count:
            print(f"  arrived in {name}: {where} ({count})")
    for where, count in found.faults.most_common(20):
        print(f"  its own fault in {name}: {where!a} ({count})")
    note = f"{found.strings:,} strings, {found.runs:,} runs"
    if found.statuses:
        note += ", " + ", ".join(
            f"status {one}: {n:,}" for one, n in sorted(found.statuses.items())
        )
    yield Figure(f"{name}: hidden or obeyed", sum(found.dirty.values()), "characters", 0, note=note)
    yield Figure(f"{name}: its own faults", sum(found.faults.values()), "runs", None)


if __name__ == "__main__":
    raise SystemExit(main())
