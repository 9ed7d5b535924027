"""The review queue of 100,000 suggestions: how soon the first one is there, and then all of them.

    python tests/bench/review.py [--suggestions 100000] [--documents 1000 1] [--json]

A project is made of so many documents with the suggestions spread over them. `purport review` is
started in a terminal, and beside it `purport read` on the same project; then the queue alone is
filled to its end, and a suggestion accepted, in a process of its own. The disk's cache is warm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import Figure, parser, share, tell
from material import ANNOTATOR, ROOT, Terminal, document, project

FILL = """
import sys, time
from pathlib import Path
from annotations.project import Project
from annotations.review.queue import Order, Queue
from annotations.review.suggestions import Suggestions
project = Project.open(Path(sys.argv[1]), annotator=sys.argv[2])
layer = project.models(project.order()[0])[0]
start = time.perf_counter()
queue = Queue(Suggestions(project, layer, Order(sys.argv[3])).batches())
queue.fill()
queue.first()
print(time.perf_counter() - start, len(queue), layer)
"""
KEYS = 40
QUIET = 0.08


def filled(root: Path, order: str) -> tuple[float, int, str]:
    """Seconds until the whole queue is in order, how many there are, and the layer's name."""
    command = [sys.executable, "-c", FILL, str(root), ANNOTATOR, order]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    seconds, count, layer = done.stdout.split()
    return float(seconds), int(count), layer


def terminal(home: Path, *words: object) -> Terminal:
    """A command of ours in a terminal, with no settings but its own."""
    env = {f"XDG_{kind}_HOME": str(home / kind) for kind in ("CONFIG", "CACHE", "STATE")}
    command = [sys.executable, "-m", "tui", *map(str, words), "--annotator", ANNOTATOR]
    return Terminal(command, env={"PYTHONPATH": str(ROOT)} | env)


def until(home: Path, words: str, *command: object) -> float:
    """Seconds from the start of a command until these words are on the screen."""
    with terminal(home, *command) as one:
        one.wait_for(words, timeout=120)
        return time.perf_counter() - one.started


def accepting(home: Path, *command: object) -> list[float]:
    """Seconds from a key that accepts to the last byte of the next suggestion."""
    found = []
    with terminal(home, *command) as one:
        one.wait_for("in the queue", timeout=120)
        one.settle(2.0)
        for _ in range(KEYS):
            started = time.perf_counter()
            one.send("a")
            found.append(one.settle(QUIET) - started)
    return found


def measure(folder: Path, suggestions: int, documents: int) -> list[Figure]:
    """Everything about one project."""
    root, home = folder / "project", folder / "home"
    words = suggestions // documents * 3
    project(root, [document(words, seed) for seed in range(documents)], every=3).close()
    figures = []
    count, layer = 0, ""
    for order in ("text", "score", "disagreement"):
        seconds, count, layer = filled(root, order)
        figures.append(Figure(f"the whole queue in order, {order}", seconds, "s"))
    review = ("review", "--project", root, "--layer", layer)
    until(home, "in the queue", *review)
    read = until(home, "open ·", "read", "--project", root, "--no-suggest")
    first = until(home, "in the queue", *review)
    bar = 1.5 * read if documents > 1 else None
    figures.insert(
        0, Figure("from the start to the first one", first, "s", bar).beside("read", read)
    )
    keys = accepting(home, *review)
    figures.append(Figure("a key to the next one, median", 1000 * share(keys, 0.5), "ms"))
    figures.append(Figure("a key to the next one, p95", 1000 * share(keys, 0.95), "ms"))
    note = f"{count:,} suggestions in {documents:,} document" + ("s" if documents > 1 else "")
    return [
        Figure(one.name, one.value, one.unit, one.bar, one.peer, one.other, note) for one in figures
    ]


def main() -> int:
    """Measure, and print the figures."""
    options = parser(__doc__)
    options.add_argument("--suggestions", type=int, default=100_000)
    options.add_argument("--documents", type=int, nargs="+", default=[1_000, 1])
    given = options.parse_args()
    figures: list[Figure] = []
    for documents in given.documents:
        with tempfile.TemporaryDirectory() as name:
            figures += measure(Path(name), given.suggestions, documents)
    return tell(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
