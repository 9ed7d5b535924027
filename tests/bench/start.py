"""How soon the first page shows, and how much memory the reader takes.

    python tests/bench/start.py [--words 1000000] [--runs 5] [--against COMMIT] [--json]

From the start of the process to the frame in which the document's first words stand. Each round
starts, in turn: the reader on the sample documents, the reader on one long document, SLATE on the
same, and an interpreter that only imports Textual. The files are in the system's cache from the
second round on, so the first is thrown away. With `--against`, only the reader of this version and that
of another one start in turn, on the sample documents.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from figures import Figure, parser, share, tell
from material import ROOT, SEEDS, Document, Terminal, document, opening, project, reader, slate
from versions import samples, tree

from annotations.text import Text


def megabytes(terminal: Terminal) -> float:
    """The memory that the program holds now, as the system counts it."""
    status = Path(f"/proc/{terminal.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.split("\n") if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def first_paint(terminal: Terminal, one: Document) -> tuple[float, float]:
    """Seconds until the document shows, and the memory a moment after."""
    with terminal:
        terminal.wait_for(opening(one), timeout=120)
        seconds = time.perf_counter() - terminal.started
        terminal.settle(0.5)
        return seconds, megabytes(terminal)


def importing_textual() -> float:
    """Seconds for an interpreter that imports Textual and ends."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import textual.app, textual.widgets"], check=True)
    return time.perf_counter() - started


def compared(commit: str, runs: int, seeds: list[Document]) -> list[Figure]:
    """The first paint of this version and of another one, on projects that the other one made."""
    found: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        versions = {"now": ROOT, "then": tree(commit, folder)}
        for which in versions:
            (folder / which).mkdir()
            samples(versions["then"], folder / which / "project")
        for run in range(runs + 1):
            for which, code in versions.items():
                place = folder / which
                terminal = reader(place / "project", place, code=code)
                seconds, _ = first_paint(terminal, seeds[0])
                if run:
                    found[which].append(seconds)
    now, then = (1000 * share(found[which], 0.5) for which in ("now", "then"))
    least = 1000 * min(found["then"])
    return [
        Figure("first paint, sample documents", now, "ms", then + 20, commit, then, f"of {runs}"),
        Figure("the soonest", 1000 * min(found["now"]), "ms", None, commit, least),
    ]


def main() -> int:
    """Measure, and print the figures."""
    options = parser(__doc__)
    options.add_argument("--words", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--against", metavar="COMMIT", help="another version, or its folder")
    given = options.parse_args()
    seeds = [
        Document(Text(path.read_text(encoding="utf-8")), title=path.stem, source=path.name)
        for path in sorted(SEEDS.glob("*.txt"))
    ]
    if given.against:
        return tell(compared(given.against, given.runs, seeds), as_json=given.json)
    long = document(given.words)
    found: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder / "seeds", seeds, every=12).close()
        project(folder / "long", [long], every=0).close()
        for run in range(given.runs + 1):
            small, _ = first_paint(reader(folder / "seeds", folder), seeds[0])
            large, memory = first_paint(reader(folder / "long", folder), long)
            peer, peer_memory = first_paint(slate(long, folder, given.words), long)
            textual = importing_textual()
            if run:
                for key, value in {
                    "small": small,
                    "large": large,
                    "slate": peer,
                    "textual": textual,
                    "memory": memory,
                    "slate memory": peer_memory,
                }.items():
                    found[key].append(value)
    middle = {key: share(values, 0.5) for key, values in found.items()}
    runs = f"median of {given.runs}"
    length = f"{given.words:,} words"
    figures = [
        Figure(
            "first paint, sample documents",
            middle["small"],
            "s",
            0.6,
            "import textual",
            middle["textual"],
            runs,
        ),
        Figure(
            "first paint, one long document",
            middle["large"],
            "s",
            1.2,
            "SLATE",
            middle["slate"],
            f"{length}, {runs}",
        ),
        Figure(
            "memory, no model",
            max(found["memory"]),
            "MB",
            150,
            "SLATE",
            max(found["slate memory"]),
            f"{length}, most of {given.runs}",
        ),
    ]
    return tell(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
