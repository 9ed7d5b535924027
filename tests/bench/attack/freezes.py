"""B4: texts, keys and pastes that freeze the reader."""

from __future__ import annotations

import time
from typing import Any, Final

from attack.forge import Project
from attack.sandbox import Outcome, Reader, Sandbox, attacks

SLOW: Final = 5.0
"""Seconds to the page, or from a key to its effect, that a person takes for a dead program."""
LIMIT: Final = 40.0
MARKS: Final = "\u0301"
FLAG: Final = "\U0001f1e9\U0001f1ea"
PARTY: Final = "\U0001f468\u200d"


def _project(box: Sandbox, text: str, words: str = "") -> Any:
    project = Project(box.home / "clone")
    document = project.document(text)
    document.model(*([document.suggestion(words)] if words else []))
    return project


def _watch(box: Sandbox, project: Project, seen: str, *keys: str) -> Outcome:
    """Open the reader, press keys, and measure both."""
    begun = time.monotonic()
    told, harm = [], False
    with box.reader(project=project.root, memory=8 << 30) as reader:
        shown = reader.sees(seen, LIMIT)
        opening = time.monotonic() - begun
        told.append(f"page after {opening:.1f} s" if shown else f"no page in {LIMIT:.0f} s")
        harm |= not shown or opening > SLOW
        if shown and keys:
            reader.idle(0.3, 3)
            seconds = _helped(reader, *keys)
            harm |= seconds > SLOW
            told.append(f"{' '.join(key[:12] for key in keys)} answered after {seconds:.1f} s")
        peak = reader.peak
        harm |= peak > 700
        told.append(f"{peak} MB")
        if reader.crash or reader.process.poll() is not None:
            harm = True
            told.append("the reader ended: " + " ".join(reader.text.split())[-120:])
    return Outcome(harm, ", ".join(told))


def _helped(reader: Reader, *keys: str) -> float:
    """Seconds from the keys until a screen that only a live reader can draw is there."""
    begun = time.monotonic()
    for key in keys:
        reader.send(key)
    # Each of these keys leaves a prompt or a selection; escape ends it, j opens another screen.
    time.sleep(0.2)
    reader.send("escape")
    reader.idle(0.3, 1.0)
    reader.send("j")
    try:
        reader.wait_for(lambda screen: "letter" in screen.text and "document" in screen.text, LIMIT)
    except TimeoutError:
        return LIMIT
    return time.monotonic() - begun


@attacks(
    "B4",
    "a letter with {0} marks as a suggested entity; open the reader",
    {f"{count:,}": count for count in (20_000, 100_000, 500_000)},
)
def zalgo(box: Sandbox, count: int) -> Outcome:
    word = "Z" + MARKS * count
    project = _project(box, f"Ilse Brandt said that {word} is a ferry.", word)
    return _watch(box, project, "Ilse", "tab")


@attacks(
    "B4", "a letter with {0} marks; search", {f"{count:,}": count for count in (60_000, 500_000)}
)
def zalgo_search(box: Sandbox, count: int) -> Outcome:
    word = "Z" + MARKS * count
    project = _project(box, f"Ilse Brandt said that {word} is a ferry.", word)
    ran = box.run("search", "ferry", project=project.root, timeout=LIMIT)
    runs = [
        ran,
        *(
            box.run("search", *words, project=project.root, timeout=LIMIT)
            for words in (("--label", "PERSON"), ("is",), ("Z",), (word[:60_000],))
        ),
    ]
    harm = any(one.fault or one.seconds > SLOW or one.megabytes > 700 for one in runs)
    words = [f"{one.seconds:.1f} s, {one.megabytes} MB {one.fault}" for one in runs]
    return Outcome(harm, "; ".join(words))


PAGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "a line of 20,000 dots; c": ("ferry " + "." * 20_000, ("c",)),
    "a line of 1,000,000 dots; c": ("ferry " + "." * 1_000_000, ("c",)),
    "5,000 letters of `Aa `; c": ("ferry " + "Aa " * 1_700, ("c",)),
    "20,000 letters of a clause repeated; c": ("the ferry sails, " * 1_200, ("c",)),
    "200,000 letters of a clause repeated; c": ("the ferry sails, " * 12_000, ("c",)),
    "1 MB of a word repeated; c": ("ferry " * 170_000, ("c",)),
    "1 MB of a word repeated; tab, =": ("ferry " * 170_000, ("v", "1", "=")),
    "1 MB of one word; c": ("ferry " + "a" * 1_000_000, ("c",)),
    "1 MB of spaces; c": ("ferry" + " " * 1_000_000 + "x", ("c", ".")),
    "1 MB of quotes; c": ("ferry " + "\u201c" * 500_000 + "\u201d" * 500_000, ("c", ".")),
    "50,000 people joined; none": ("ferry " + PARTY * 50_000, ("tab",)),
    "50,000 people joined; c": ("ferry " + PARTY * 50_000, ("c",)),
    "20,000 flags; c": ("ferry " + FLAG * 20_000, ("c",)),
    "200,000 flags; c": ("ferry " + FLAG * 200_000, ("c",)),
    "1,000,000 line feeds; c": ("ferry" + "\n" * 1_000_000, ("c", "down", "f")),
    "1,000,000 tabs; c": ("ferry" + "\t" * 1_000_000 + "x", ("c", "down", "f")),
    "1 MB of abbreviations; c": ("ferry " + "e.g. " * 200_000, ("c",)),
    "1 MB of dots and quotes; c": ("ferry " + '."' * 500_000, ("c",)),
    "1 MB of !? and spaces; c": ("ferry " + "! ? " * 250_000, ("c", ".")),
    "/ and a paste of 1 MB": (
        "ferry " * 20_000,
        ("/", "\x1b[200~" + "ferry " * 170_000 + "\x1b[201~", "enter"),
    ),
    "/ and a paste of 1 MB of one letter": (
        "ferry " + "a" * 100_000,
        ("/", "\x1b[200~" + "a" * 1_000_000 + "\x1b[201~", "enter"),
    ),
    "S and a paste of 1 MB": (
        "ferry " * 1000,
        ("S", "\x1b[200~" + "ferry " * 170_000 + "\x1b[201~", "enter"),
    ),
    "; and a paste of 1 MB": (
        "ferry " * 1000,
        ("v", "1", ";", "\x1b[200~" + "ferry " * 170_000 + "\x1b[201~", "enter"),
    ),
    "a page and a paste of 1 MB of keys": (
        "ferry " * 1000,
        ("\x1b[200~" + "ac" * 500_000 + "\x1b[201~",),
    ),
}


@attacks("B4", "{0}", PAGES)
def page(box: Sandbox, row: tuple[str, tuple[str, ...]]) -> Outcome:
    text, keys = row
    return _watch(box, _project(box, text), "ferry", *keys)


@attacks(
    "B4",
    "a document of {0} suggestions, all on one letter; open",
    {f"{count:,}": count for count in (20_000,)},
)
def stacked(box: Sandbox, count: int) -> Outcome:
    """Thousands of overlapping suggestions on one place."""
    project = Project(box.home / "clone")
    document = project.document("ferry " * 3_000)
    records = []
    for number in range(count):
        one = document.suggestion("ferry", id=f"s{number:011d}")
        one |= {"start": 0, "end": 5 + number % 10_000}
        one["text"] = document.text[0 : one["end"]]
        one["origin"] = {**one["origin"], "end": one["end"]}
        records.append(one)
    document.model(*records)
    return _watch(box, project, "ferry", "tab")
