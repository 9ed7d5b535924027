"""How much time `purport suggest` takes beside bare `nlp.pipe` on the same texts.

    python tests/bench/suggest.py [--rounds 5] [--words 40000] [--by-line] [--model NAME] [PATH...]

The texts are the documents of `seeds/`, or the files named, over and over until there are as many
words. `nlp.pipe` gets them whole; `suggest` reads them from a project, suggests, tidies and stores: once
without claims, beside the parts of the pipeline that entities need, with the scores of its entities
and without; and once with claims, beside the whole pipeline. They take turns, and the median round
of each counts, in wall and in processor time. The start of the model's process and the loading of
the model count on neither side; they are printed by themselves.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from spacy.language import Language

from annotations.project import Project
from annotations.records import Document
from annotations.suggest import models, run
from annotations.suggest.entities import suggest_entities
from annotations.text import Text

BAR = 1.15
VARIANTS = (
    ("suggest, scores on", "nlp.pipe, entities", True, False),
    ("suggest, scores off", "nlp.pipe, entities", False, False),
    ("suggest, scores and claims", "nlp.pipe, whole", True, True),
)
"""What is measured, beside what, and whether the project wants scores and claims."""

SEEDS = Path(__file__).parents[2] / "seeds"


def texts_of(paths: list[Path], words: int, *, by_line: bool) -> list[str]:
    """The files' texts, repeated with a number each so that none is the same as another."""
    sources = [path.read_text(encoding="utf-8") for path in paths]
    if by_line:
        sources = [line for source in sources for line in source.split("\n") if line.strip()]
    made: list[str] = []
    total = 0
    while total < words:
        text = f"Number {len(made)}.\n\n{sources[len(made) % len(sources)]}"
        made.append(text)
        total += len(text.split())
    return made


def project_of(root: Path, texts: list[str], *, scores: bool, claims: bool) -> Project:
    """A project of these texts that wants scores and claims, or not."""
    made = Project.create(root, annotator="bench")
    settings = root / "purport.toml"
    words = settings.read_text(encoding="utf-8")
    for name, wanted in (("scores", scores), ("claims", claims)):
        if not wanted:
            words = words.replace(f"{name} = true", f"{name} = false")
    settings.write_text(words, encoding="utf-8")
    made.close()
    made = Project.open(root, annotator="bench")
    for number, text in enumerate(texts):
        made.add(Document(Text(text), f"number {number}"))
    return made


def processor() -> float:
    """Processor seconds of this process and of those that it started and waited for."""
    return sum(os.times()[:4])


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of one call."""
    wall, before = time.perf_counter(), processor()
    work()
    return time.perf_counter() - wall, processor() - before


def filled(project: Project, info: models.ModelInfo, start: float) -> tuple[float, float]:
    """Wall and processor seconds of filling a project, without the start of the model's process."""
    before = processor()
    seconds = run.fill(project, info, force=True).seconds
    return seconds, processor() - before - start


def started(root: Path, info: models.ModelInfo, *, claims: bool) -> tuple[float, float]:
    """Wall and processor seconds until the model's process is ready."""
    project = project_of(root, ["Nothing."], scores=True, claims=claims)
    took = [timed(partial(run.fill, project, info, force=True)) for _ in range(3)]
    project.close()
    return min(wall for wall, _ in took), min(seconds for _, seconds in took)


def longest_wait(work: Callable[[], object]) -> float:
    """The longest time for which another thread, one that wants to run each millisecond, waits."""
    done = threading.Event()
    worker = threading.Thread(target=lambda: (work(), done.set()))
    worker.start()
    longest, last = 0.0, time.perf_counter()
    while not done.is_set():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    worker.join()
    return longest


def _ran(nlp: Language, texts: list[str]) -> list[tuple[object, ...]]:
    return [doc.ents for doc in nlp.pipe(texts)]


def main() -> int:
    """Print the figures; exit status 1 where the bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--words", type=int, default=40_000)
    parser.add_argument("--by-line", action="store_true", help="each line is a document")
    parser.add_argument("--model", default=models.DEFAULT)
    given = parser.parse_args()
    paths = given.paths or sorted(SEEDS.glob("*.txt")) + sorted(SEEDS.glob("*.md"))
    texts = texts_of(paths, given.words, by_line=given.by_line)
    info = models.find(given.model)
    bare = {
        "nlp.pipe, entities": models.load(info),
        "nlp.pipe, whole": models.load(info, parse=True),
    }
    turns: dict[str, list[tuple[float, float]]] = {}
    against = {}
    with tempfile.TemporaryDirectory() as folder:
        projects = {}
        starts = {
            claims: started(Path(folder) / f"start-{claims}", info, claims=claims)
            for claims in (False, True)
        }
        start_of = {name: starts[claims][1] for name, _, _, claims in VARIANTS}
        for name, beside, scores, claims in VARIANTS:
            against[name] = beside
            projects[name] = project_of(
                Path(folder) / name.replace(" ", "-"), texts, scores=scores, claims=claims
            )
        for nlp in bare.values():
            list(nlp.pipe(texts[:2]))
        for _ in range(given.rounds):
            for name, nlp in bare.items():
                took = timed(partial(_ran, nlp, texts))
                turns.setdefault(name, []).append(took)
            for name, project in projects.items():
                took = filled(project, info, start_of[name])
                turns.setdefault(name, []).append(took)
        for project in projects.values():
            project.close()
    words = sum(len(text.split()) for text in texts)
    print(f"{info.layer}: {len(texts)} documents, {words} words, {given.rounds} rounds each")
    for claims, (wall, seconds) in starts.items():
        print(
            f"start {'with' if claims else 'without'} claims: {wall:.2f} s, {seconds:.2f} s of processor"
        )
    worst = 0.0
    for place, kind in enumerate(("wall", "processor")):
        medians = {
            name: statistics.median(row[place] for row in rows) for name, rows in turns.items()
        }
        for name, seconds in medians.items():
            beside = against.get(name, name)
            ratio = seconds / medians[beside]
            said = f", {ratio:.3f} of {beside}" if beside != name else ""
            print(f"{kind:>9}: {name:<27} {seconds:6.2f} s ({words / seconds:6.0f} words/s){said}")
            worst = max(worst, ratio) if kind == "processor" else worst
    nlp = bare["nlp.pipe, entities"]
    whole = Text("\n\n".join(texts))
    wait = longest_wait(lambda: list(suggest_entities(nlp, whole, layer=info.layer)))
    print(f"a thread beside it waits for {1000 * wait:.0f} ms at most")
    print(f"bar: processor ratio {BAR}: {'met' if worst <= BAR else 'MISSED'}")
    return int(worst > BAR)


if __name__ == "__main__":
    raise SystemExit(main())
