"""How much time `purport suggest` takes beside bare `nlp.pipe` on the same texts.

    python tests/bench/suggest.py [--rounds 5] [--words 40000] [--by-line] [--model NAME] [PATH...]

The texts are the documents of `seeds/`, or the files named, over and over until there are as many
words. `nlp.pipe` gets them whole; `suggest` reads them from a project, suggests, tidies and stores, once
with the scores of its entities and once without. They take turns, and the median round of each
counts, in wall and in processor time.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from annotations.project import Project
from annotations.records import Document
from annotations.suggest import models, run
from annotations.suggest.entities import suggest_entities
from annotations.text import Text

BAR = 1.15
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


def project_of(root: Path, texts: list[str], *, scores: bool) -> Project:
    """A project of these texts that wants scores, or none."""
    made = Project.create(root, annotator="bench")
    if not scores:
        settings = root / "purport.toml"
        settings.write_text(settings.read_text().replace("scores = true", "scores = false"))
        made.close()
        made = Project.open(root, annotator="bench")
    for number, text in enumerate(texts):
        made.add(Document(Text(text), f"number {number}"))
    return made


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of one call."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


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
    nlp = models.load(info)
    list(nlp.pipe(texts[:2]))
    turns: dict[str, list[tuple[float, float]]] = {"nlp.pipe": []}
    with tempfile.TemporaryDirectory() as folder:
        projects = {
            f"suggest, scores {word}": project_of(Path(folder) / word, texts, scores=word == "on")
            for word in ("on", "off")
        }
        for _ in range(given.rounds):
            turns["nlp.pipe"].append(timed(lambda: [doc.ents for doc in nlp.pipe(texts)]))
            for name, project in projects.items():
                took = timed(partial(run.fill, project, info, force=True))
                turns.setdefault(name, []).append(took)
        for project in projects.values():
            project.close()
    words = sum(len(text.split()) for text in texts)
    print(f"{info.layer}: {len(texts)} documents, {words} words, {given.rounds} rounds each")
    worst = 0.0
    for place, kind in enumerate(("wall", "processor")):
        medians = {
            name: statistics.median(row[place] for row in rows) for name, rows in turns.items()
        }
        for name, seconds in medians.items():
            ratio = seconds / medians["nlp.pipe"]
            print(
                f"{kind:>9}: {name:<20} {seconds:6.2f} s ({words / seconds:6.0f} words/s), "
                f"ratio {ratio:.3f}"
            )
            worst = max(worst, ratio) if kind == "processor" else worst
    whole = Text("\n\n".join(texts))
    wait = longest_wait(lambda: list(suggest_entities(nlp, whole, layer=info.layer)))
    print(f"a thread beside it waits for {1000 * wait:.0f} ms at most")
    print(f"bar: processor ratio {BAR}: {'met' if worst <= BAR else 'MISSED'}")
    return int(worst > BAR)


if __name__ == "__main__":
    raise SystemExit(main())
