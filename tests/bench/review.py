"""The review queue of 100,000 suggestions: how long until the first one is there, and until all are.

Two projects are made: one of 1,000 documents with 100 suggestions each, one of a single document
with all of them. Each order is opened in a process of its own, with the disk's cache warm.

    python tests/bench/review.py [--suggestions 100000] [--json]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import figures
import material

OPENS = """
import sys, time
sys.path.append({bench!r})
import material
from annotations.project import Project
from annotations.review import Order, Queue, Suggestions
project = Project.open({root!r} and __import__("pathlib").Path({root!r}), annotator=material.ANNOTATOR)
project.order()
layer = project.models(project.order()[0])[0]
start = time.perf_counter()
review = Suggestions(project, layer, Order({order!r}))
queue = Queue(review.batches())
queue.fill({slice})
item = queue.current
document = project.document(item.document)
assert item.annotation in review.overlay(item.document).index
first = time.perf_counter() - start
queue.fill()
print(first, time.perf_counter() - start, len(queue))
"""
SLICE = 0.25
"""Seconds that the screen gives the queue before it shows the first item."""


def opened(root: Path, order: str) -> tuple[float, float, int]:
    """Seconds to the first item, seconds to the whole queue, and how many there are."""
    code = OPENS.format(bench=str(Path(__file__).parent), root=str(root), order=order, slice=SLICE)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=material.ROOT
    )
    first, full, count = done.stdout.split()
    return float(first), float(full), int(count)


def main() -> int:
    parser = figures.parser(__doc__)
    parser.add_argument("--suggestions", type=int, default=100_000)
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for documents in (1_000, 1):
            root = Path(folder) / str(documents)
            words = options.suggestions // documents * 3
            made = [material.document(words, seed) for seed in range(documents)]
            material.project(root, made, every=3).close()
            name = f"{documents:,} documents" if documents > 1 else "one document"
            for order in ("text", "score", "label", "disagreement"):
                opened(root, order)
                first, full, count = opened(root, order)
                note = f"{count:,} suggestions"
                bar = 1.0 if documents > 1 else None
                found.append(figures.Figure(f"{name}, {order}: first", first, "s", bar, note=note))
                found.append(figures.Figure(f"{name}, {order}: all", full, "s", note=note))
    return figures.tell(found, as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
