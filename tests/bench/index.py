"""How long the index of a large project takes: to make, to follow a change, to answer.

    python tests/bench/index.py [--documents 100000] [--project DIR] [--json]

The project is written file by file, without waiting for the disk: each document has some hundred
words, ten suggestions, and in every tenth two decisions. With `--project` it stays where it is and
is used again. Commands are timed as a person waits for them: a new process, from start to end.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from figures import Figure, parser, share, tell
from material import ANNOTATOR, ROOT, document, layer_of, opening, reader

from annotations import changes
from annotations.project import Project
from annotations.records import Action, Document
from annotations.storage import view
from annotations.storage.index import place
from annotations.storage.shelf import Shelf
from annotations.text import Text

WORDS = 100
SUGGESTIONS = 10
TEMPLATES = 100
EVERY_DECIDED = 10


def text_of(number: int, template: Document) -> Text:
    """The document's text: a template's, and behind that a number of its own."""
    return Text(f"{template.text} Sheet {number:07d}.")


def build(root: Path, count: int) -> None:
    """Write a project of so many documents."""
    made = Project.create(root, name="bench", annotator=ANNOTATOR)
    templates = [document(WORDS, seed) for seed in range(TEMPLATES)]
    layers = [layer_of(one, WORDS // SUGGESTIONS) for one in templates]
    for layer in layers:
        for key in list(layer.annotations)[SUGGESTIONS:]:
            del layer.annotations[key]
    plain = [view.model_layer(one).decode() for one in layers]
    shelf = Shelf(root)
    for number in range(count):
        turn = number % TEMPLATES
        text = text_of(number, templates[turn])
        folder = shelf.folder(text.id)
        folder.mkdir(parents=True)
        (folder / "text.txt").write_bytes(text.encode())
        about = {
            "format": view.VERSION,
            "id": text.id,
            "title": f"sheet {number}",
            "source": "bench",
            "added_at": f"2026-01-01T00:00:00.{number:06d}Z",
            "characters": len(text),
            "sha256": text.sha256,
            "metadata": {},
        }
        (folder / "document.json").write_bytes(view.dump({"document": {1: about}}))
        words = plain[turn].replace(templates[turn].id, text.id)
        (folder / f"{layers[turn].name}.json").write_text(words, encoding="utf-8")
    # What is measured is not the disk, so nothing waits for it here.
    with mock.patch("os.fsync"):
        for number in range(0, count, EVERY_DECIDED):
            turn = number % TEMPLATES
            key = text_of(number, templates[turn]).id
            for one in list(layers[turn].index)[:2]:
                made.decide(key, Action.ACCEPT, [changes.accept(one)])
    made.close()


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def command(root: Path, *words: str) -> float:
    """Seconds for a command, its output thrown away."""
    line = [sys.executable, "-m", "tui", *words, "--project", root, "--annotator", ANNOTATOR]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    run = lambda: subprocess.run(line, check=True, env=env, stdout=subprocess.DEVNULL)  # noqa: E731
    return timed(run)


def paint(root: Path, home: Path, first: Text) -> float:
    """Seconds from the start of the reader until the first document shows."""
    with reader(root, home) as terminal:
        terminal.wait_for(opening(Document(first, title="")), timeout=300)
        return time.perf_counter() - terminal.started


def worker(root: Path) -> int:
    """Make the index, in a process of its own; says how long it took and how much it held."""
    project = Project.open(root, annotator=ANNOTATOR)
    seconds = timed(project.look)
    cpu = time.process_time()
    project.close()
    print(json.dumps([seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
    return 0


def made_anew(root: Path) -> tuple[float, float, float]:
    """Seconds, of these with the processor, and megabytes for making the index from nothing."""
    for path in place(Shelf(root).root).parent.glob("index.sqlite*"):
        path.unlink()
    line = [sys.executable, __file__, "--worker", str(root)]
    done = subprocess.run(line, check=True, stdout=subprocess.PIPE)
    seconds, cpu, megabytes = json.loads(done.stdout)
    return float(seconds), float(cpu), float(megabytes)


def changed(project: Project, other: Project, ids: list[str]) -> tuple[float, float, float]:
    """Seconds to follow one's own decision, another process's, and to find what to undo."""
    own, theirs, undo = [], [], []
    for key in ids:
        open_ = [one for one in project.overlay(key).index if one.status == "suggested"]
        project.decide(key, Action.ACCEPT, [changes.accept(open_[0])])
        own.append(timed(lambda: (project.catalogue.refresh(0), project.catalogue.fill())))
        other.decide(key, Action.ACCEPT, [changes.accept(open_[1])])
        theirs.append(timed(lambda: (project.catalogue.refresh(0), project.catalogue.fill())))
        undo.append(timed(project.undo))
    return share(own, 0.5), share(theirs, 0.5), share(undo, 0.5)


def stepped(project: Project, steps: int) -> list[float]:
    """Seconds for each step from document to document with open suggestions."""
    seconds, here = [], project.order()[0]
    for _ in range(steps):
        started = time.perf_counter()
        found = project.next_open(here)
        seconds.append(time.perf_counter() - started)
        here = found or here
    return seconds


def measure(root: Path, home: Path, count: int) -> list[Figure]:
    """The figures of one project."""
    os.environ["XDG_CACHE_HOME"] = str(home / "cache")
    note = f"{count:,} documents"
    build_seconds, cpu, megabytes = made_anew(root)
    first = text_of(0, document(WORDS, 0))
    paints = [paint(root, home, first) for _ in range(6)][1:]
    states = [command(root, "status") for _ in range(6)][1:]
    states_json = [command(root, "status", "--json") for _ in range(6)][1:]
    finds = [command(root, "search", "Sheet 0000077") for _ in range(4)][1:]
    project = Project.open(root, annotator=ANNOTATOR)
    other = Project.open(root, annotator=ANNOTATOR)
    project.look()
    some = [one for number, one in enumerate(project.order()[:400]) if number % 10 == 5]
    own, theirs, undo = changed(project, other, some)
    steps = stepped(project, 1000)
    for one in (project, other):
        one.close()
    size = place(Shelf(root).root).stat().st_size / 1e6
    middle = "median of 5"
    return [
        Figure("making the index", build_seconds, "s", 60, note=note),
        Figure("the same, time of the processor", cpu, "s", note=note),
        Figure("memory while making it", megabytes, "MB", 150, note=note),
        Figure("its size", size, "MB", note=note),
        Figure("opening the project to the first paint", share(paints, 0.5), "s", 0.7, note=middle),
        Figure("purport status", share(states, 0.5), "s", 0.5, note=middle),
        Figure("purport status --json", share(states_json, 0.5), "s", 0.5, note=middle),
        Figure("purport search, a word", share(finds, 0.5), "s", note="median of 3"),
        Figure("following one's own decision, p50", 1000 * own, "ms", 10),
        Figure("following another process's, p50", 1000 * theirs, "ms", 10),
        Figure("undo, p50", 1000 * undo, "ms", None, note="with the decision on the disk"),
        Figure("next open document, p50", 1000 * share(steps, 0.5), "ms", 1),
        Figure("next open document, p99", 1000 * share(steps, 0.99), "ms"),
    ]


def main() -> int:
    """Measure, and print the figures."""
    options = parser(__doc__)
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--project", type=Path, help="made there if it is not there, and kept")
    options.add_argument("--worker", type=Path, help="for the bench itself")
    given = options.parse_args()
    if given.worker:
        return worker(given.worker)
    with tempfile.TemporaryDirectory() as name:
        root = given.project or Path(name) / "project"
        if not (root / "purport.toml").exists():
            build(root, given.documents)
        return tell(measure(root, Path(name), given.documents), as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
