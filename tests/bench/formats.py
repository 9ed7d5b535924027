"""How fast annotations leave a project and come into one, in each format, and in how much memory.

    python tests/bench/formats.py [--annotations 100000] [--format F]... [--projects DIR] [--json]

Each document has some 500 words and 100 annotations: a model's entities, and a claim for every tenth.
Each export and each import is a process of its own and is measured as a whole, with the start of
the interpreter, at the full size and at a quarter of it: what a million would take is told from the
full size, and whether the memory is flat from the two. An import goes into a new project, a
table's into a copy of the one that it is of. Projects that were made once are kept in `--projects`
and taken from there, since a large one takes a minute. The bar is 25 s a million: 40,000 annotations a second.

Nothing is deleted before the end, and nothing much should have been in the two minutes before: ext4
looks at every inode that was freed lately for each file that it makes, which doubles what an import takes.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

from figures import Figure, parser, tell
from material import ANNOTATOR, document, layer_of

from annotations.changes import suggested
from annotations.formats import FORMATS
from annotations.formats.export import export
from annotations.formats.importing import take_in
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Annotation, Claim, Document
from annotations.text import Text

WORDS = 500
EACH = 100
EVERY_CLAIM = 10
TEMPLATES = 50
MILLION = 1_000_000
BAR = 25
"""Seconds for a million annotations."""
FLAT = 1.2
"""How much more memory four times as many may take."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took.

    Attributes:
        wall: seconds, as a person waits.
        processor: seconds of the processor.
        megabytes: the most that it held.
        annotations: how many it moved.
    """

    wall: float
    processor: float
    megabytes: float
    annotations: int


def build(root: Path, annotations: int) -> None:
    """Write a project with so many annotations, without waiting for the disk."""
    templates = [document(WORDS, seed) for seed in range(TEMPLATES)]
    said = [list(_said(one)) for one in templates]
    made = Project.create(root, name="bench", annotator=ANNOTATOR)
    with mock.patch("os.fsync"):
        for number in range(annotations // EACH):
            turn = number % TEMPLATES
            # Its own number at the end leaves every offset as it is.
            text = Text(f"{templates[turn].text} Sheet {number:07d}.")
            one = Document(text, f"sheet {number}", "bench", metadata={"number": number})
            layer = layer_of(one, 0)
            layer.annotations = {each.id: each for each in said[turn]}
            made.add(one)
            made.replace_layer(one.id, layer)
    made.look()
    made.close()


def _said(one: Document) -> Iterator[Annotation]:
    layer: Layer = layer_of(one, WORDS // EACH)
    for number, each in enumerate(list(layer.index)[:EACH]):
        if number % EVERY_CLAIM:
            yield each
            continue
        clause = one.text.clause_at(each.span.start)
        span = clause or each.span
        claim = Claim(id=each.id, span=span, text=span.of(one.text), stance="denies")
        yield suggested(claim, layer.name)


def work(step: str, name: str, root: Path, file: Path) -> None:
    """One export or import; prints what it took of the processor and of memory, and how many."""
    made = Project.create(root, name="bench", annotator=ANNOTATOR)
    if step == "export":
        first = made.models(made.order()[0])[0]
        report = export(made, file, name, layer=first)
        count = sum(part.entities + part.claims for part in report.parts)
    else:
        taken = take_in(made, file, name, "theirs")
        assert not taken.unplaced, taken.unplaced[0]
        count = taken.entities + taken.claims
    made.close()
    print(json.dumps([time.process_time(), _peak(), count]))


def _peak() -> float:
    """The most megabytes that this process held; `getrusage` would tell the parent's, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def cost(step: str, name: str, root: Path, file: Path) -> Cost:
    """What a process of its own takes for it."""
    line = [sys.executable, __file__, "--worker", step, name, root, file]
    started = time.perf_counter()
    done = subprocess.run(line, check=True, stdout=subprocess.PIPE)
    wall = time.perf_counter() - started
    processor, megabytes, count = json.loads(done.stdout)
    return Cost(wall, processor, megabytes, count)


def both(name: str, root: Path, folder: Path) -> tuple[Cost, Cost]:
    """What the export of a project takes, and the import of what it wrote."""
    file = folder / f"{root.name}-{name}{FORMATS[name].suffix}"
    out = cost("export", name, root, file)
    target = folder / f"{root.name}-from-{name}"
    if name == "csv":
        shutil.copytree(root, target)
    return out, cost("import", name, target, file)


def figures(name: str, few: tuple[Cost, Cost], many: tuple[Cost, Cost]) -> Iterator[Figure]:
    """A format's figures, from a quarter of the annotations and from all of them."""
    for way, small, large in zip(("export", "import"), few, many, strict=True):
        # What a start takes is in both, and counts once in a million, too.
        start, each = _line(small.wall, large.wall, small.annotations, large.annotations)
        seconds = start + MILLION * each
        begun, more = _line(small.processor, large.processor, small.annotations, large.annotations)
        note = f"{begun + MILLION * more:.1f} s of the processor; {1 / each:,.0f} a second"
        yield Figure(f"{name}: {way}, a million", seconds, "s", BAR, note=note)
        memory = Figure(f"{name}: {way}, memory", large.megabytes, "MB", FLAT * small.megabytes)
        yield replace(memory, note=f"with a quarter of them {small.megabytes:.0f} MB")


def _line(small: float, large: float, few: int, many: int) -> tuple[float, float]:
    """Seconds for nothing, and for each annotation more."""
    each = max(large - small, large / 2) / (many - few) if many > few else large / many
    return max(0.0, large - many * each), each


def main() -> int:
    """Measure, and print the figures."""
    options = parser(__doc__)
    options.add_argument("--annotations", type=int, default=100_000)
    options.add_argument("--format", action="append", choices=[*FORMATS], help="these alone")
    options.add_argument("--projects", type=Path, help="where projects are kept")
    options.add_argument("--worker", nargs=4, help="for the bench itself")
    given = options.parse_args()
    if given.worker:
        step, name, root, file = given.worker
        work(step, name, Path(root), Path(file))
        return 0
    wanted = given.format or [name for name, one in FORMATS.items() if one.writes and one.reads]
    made: list[Figure] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        counts = (given.annotations // 4, given.annotations)
        roots = [(given.projects or folder) / f"sheets-{count}" for count in counts]
        for root, count in zip(roots, counts, strict=True):
            if not root.exists():
                build(root, count)
        for name in wanted:
            few, many = (both(name, root, folder) for root in roots)
            made += figures(name, few, many)
    return tell(made, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
