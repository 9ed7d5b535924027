"""How soon a document with very many decisions opens, and what that takes.

    python tests/bench/long_journal.py [--decisions 100000] [--annotations 2000] [--json]

A journal is written with so many decisions on so many annotations: accepted, given another label,
rejected, undone, done again. Each opening is a process of its own. The first has nothing but the
journal; the next ones have the snapshot that the first left in the cache folder.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

import store  # noqa: E402
from figures import Figure, parser, share, tell  # noqa: E402

from annotations import changes  # noqa: E402
from annotations.layer import Layer, take_back  # noqa: E402
from annotations.records import Action, Change, Decision, Entity  # noqa: E402
from annotations.storage import journal  # noqa: E402

_LABELS = ("PERSON", "ORG", "GPE")


def decisions(layer: Layer, suggested: list[Entity], count: int, seed: int) -> Iterator[Decision]:
    """So many decisions, each of which follows from those before it."""
    chance = random.Random(seed)
    for seq in range(1, count + 1):
        what, of = chance.random(), 0
        if what < 0.05 and layer.undoable:
            action, target = Action.UNDO, layer.undoable[-1]
            back = take_back(target)
        elif what < 0.08 and layer.redoable:
            action, target = Action.REDO, layer.redoable[-1]
            back = target.changes
        else:
            action, target = Action.RELABEL, None
            one = chance.choice(suggested)
            before = layer.annotations.get(one.id)
            after = replace(changes.accept(one).after or one, label=chance.choice(_LABELS))
            back = (Change(before, after),)
        if target is not None:
            of = target.seq
            back = tuple(Change(layer.record(one.id), one.after) for one in back)
        at = f"2026-03-09T{seq // 3_600_000 % 24:02}:{seq // 60_000 % 60:02}:{seq // 1000 % 60:02}.{seq % 1000:03}000Z"
        made = Decision(
            seq=seq, at=at, by="anna", layer="anna", document=layer.document, action=action,
            changes=tuple(one.stamped("anna", at, seq) for one in back), of=of, session="0",
            app="purport",
        )  # fmt: skip
        layer.apply(made)
        yield made


def written(root: Path, count: int, annotations: int) -> str:
    """A project with one document that has such a journal; its id."""
    project = store.make(root, words=annotations)
    (document,) = store.ids(project)
    suggested = [one for one in project.layer(document, store.MODEL) if isinstance(one, Entity)]
    text = project.document(document).text.sha256
    head, lines = journal.GENESIS, []
    for one in decisions(Layer("anna", document), suggested, count, seed=7):
        line, head = journal.encode(one, head, text)
        lines.append(line)
        text = ""
    store.journal_of(project, document).write_bytes(b"".join(lines))
    project.close()
    return document


_OPENING = """
import json, sys, time
sys.path[:0] = sys.argv[2:4]
import store
from pathlib import Path
from annotations import changes
from annotations.project import Project
from annotations.records import Action
project = Project.open(Path(sys.argv[1]), annotator="anna")
(document,) = [one.name for one in project.root.glob("documents/*/*")]
began, work = time.perf_counter(), time.process_time()
layer = project.layer(document)
opened, work = time.perf_counter() - began, time.process_time() - work
took = []
for number in range(30):
    suggested = list(project.layer(document, store.MODEL).index)[number]
    change = changes.accept(layer.annotations.get(suggested.id, suggested))
    began = time.perf_counter()
    project.decide(document, Action.ACCEPT, [change])
    took.append(time.perf_counter() - began)
began = time.perf_counter()
project.undo()
undone = time.perf_counter() - began
status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
peak = int(status.split()[0]) / 1024  # of this process alone
print(json.dumps([opened, sorted(took)[15], undone, peak, work]))
"""


def opening(root: Path) -> tuple[float, ...]:
    """Seconds to open, to decide and to undo, the most megabytes, and seconds of the processor."""
    arguments = [sys.executable, "-c", _OPENING, str(root), str(TESTS), str(TESTS.parent)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    return tuple(json.loads(done.stdout))


def command(root: Path, *words: str) -> float:
    """Seconds that a command takes from start to end."""
    began = time.perf_counter()
    run = [sys.executable, "-c", "import sys; from tui.__main__ import main; main()", *words]
    where = ["--project", str(root), "--annotator", "anna"]
    env = os.environ | {"PYTHONPATH": str(TESTS.parent)}
    subprocess.run([*run, *where], capture_output=True, check=True, env=env)
    return time.perf_counter() - began


def main() -> int:
    """Measure, and print the figures."""
    options = parser(__doc__)
    options.add_argument("--decisions", type=int, default=100_000)
    options.add_argument("--annotations", type=int, default=2_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_CACHE_HOME"] = f"{name}/cache"
        root = Path(name) / "project"
        document = written(root, given.decisions, given.annotations)
        cold = opening(root)
        warm = [opening(root) for _ in range(given.runs)]
        note = f"{given.decisions:,} decisions on {given.annotations:,} annotations"
        figures = [
            Figure("opening, no snapshot", cold[0], "s", None, note=note),
            Figure("memory, no snapshot", cold[3], "MB", 516 / 2),
            Figure("opening", share([one[0] for one in warm], 0.5), "s", 1.0, note="median"),
            Figure("opening, of the processor", share([one[4] for one in warm], 0.5), "s", 1.0),
            Figure("memory", max(one[3] for one in warm), "MB", 516 / 4),
            Figure("a decision", 1000 * share([one[1] for one in warm], 0.5), "ms"),
            Figure("an undo", 1000 * share([one[2] for one in warm], 0.5), "ms"),
        ]
        for words in (("show", document), ("status",), ("search", "--label", "ORG")):
            seconds = [command(root, *words) for _ in range(3)]
            figures.append(Figure(f"purport {words[0]}", min(seconds), "s"))
    return tell(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
