"""The gold file of claims: sentences of our own with the guide's labels, and how well they are met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotations.suggest.claims.suggest import Reading
from annotations.suggest.claims.tree import Tree

GOLD = Path(__file__).parent / "annotations" / "claims" / "gold.txt"


@dataclass(frozen=True)
class Example:
    """One sentence with one claim; an empty holder is the author."""

    text: str
    start: int
    end: int
    stance: str
    certainty: str
    holder: str
    frame: str
    time: str
    cues: tuple[str, ...]


def examples(path: Path = GOLD) -> Iterator[Example]:
    """The examples of the gold file, in order."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        marked, values, holder, frame, *cues = (cell.strip() for cell in line.split("|"))
        last = marked.rindex("[")
        start = len(marked[:last].replace("[", "").replace("]", ""))
        end = start + marked.index("]", last) - last - 1
        stance, certainty = values.split()
        frame, time, *_ = [*frame.split(), "", ""]
        words = tuple(one.strip() for one in (cues[0] if cues else "").split(",") if one.strip())
        text = marked.replace("[", "").replace("]", "")
        yield Example(text, start, end, stance, certainty, holder, frame, time, words)


def overlap(tree: Tree, reading: Reading, example: Example) -> float:
    """How much of the example's claim and the reading's is the same, 0 to 1."""
    start = tree.starts[reading.candidate.first]
    end = tree.ends[reading.candidate.end - 1]
    shared = min(end, example.end) - max(start, example.start)
    return max(0, shared) / (max(end, example.end) - min(start, example.start))


def found(tree: Tree, readings: Sequence[Reading], example: Example) -> Reading | None:
    """The reading that means the example's claim."""
    best = max(readings, key=lambda one: overlap(tree, one, example), default=None)
    return best if best is not None and overlap(tree, best, example) >= 0.3 else None


def holder_of(tree: Tree, reading: Reading) -> str:
    """The holder in words; empty for the author."""
    holder = reading.value.holder
    if holder is None or isinstance(holder, str):
        return holder or ""
    return tree.text[tree.starts[holder[0]] : tree.ends[holder[1] - 1]]


def has_cues(tree: Tree, reading: Reading, example: Example) -> bool:
    """Whether every cue of the example is named."""
    named = " ".join(
        tree.text[tree.starts[cue.first] : tree.ends[cue.end - 1]].lower()
        for cue in reading.value.cues
    ).replace("’", "'")
    return all(cue.lower() in named for cue in example.cues)
