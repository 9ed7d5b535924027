"""What it takes to keep one decision, against SQLite.

    python tests/bench/store.py [--annotations 1000000] [--decisions 300] [--against COMMIT] [--json]

A decision accepts or rejects an entity of a random document, which is open as in the reader. In the
project it is on the disk, in the journal and in the TinyDB file, when the call returns; in SQLite
(WAL, synchronous=FULL) it is one updated row and one event. Small project, large project and SQLite
take turns, in random order, decision by decision; other work on the machine then delays all alike.
The first decision in a document makes its journal, which waits for the disk twice, and is counted
by itself.

With `--against`, the same is measured of another version of the program, in processes that take turns:
`--against HEAD~20 --annotations 2000` is a quick one, which leaves out the rest.

The large project is made by writing, once, which takes a while (about 7 minutes for a million).
"""

from __future__ import annotations

import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from figures import Figure, parser, share, tell
from material import Project, document, layer_of, project
from versions import beside, take_turns

from annotations import changes
from annotations.records import Action, Annotation, Entity, Status

try:
    from annotations.record_parser import record
except ImportError:  # the commit that `--against` names may be older
    from annotations.records import parse as record

PER_DOCUMENT = 50
WORDS = 1_000

Decide = Callable[[], None]


def filled(root: Path, annotations: int, peer: Updating | None = None) -> Project:
    """A project with so many suggestions, fifty to a document; the peer gets the same."""
    made = project(root, [], every=0)
    for number in range(max(annotations // PER_DOCUMENT, 1)):
        one = document(WORDS, seed=number)
        layer = layer_of(one, WORDS // PER_DOCUMENT)
        made.add(one)
        made.replace_layer(one.id, layer)
        if peer:
            peer.take(layer)
    return made


class Deciding:
    """Decides in random documents, most of which have been decided in, and times the decisions."""

    def __init__(self, made: Project, chance: random.Random) -> None:
        self.project = made
        self._chance = chance
        self._documents = made.order()
        self._begun: list[str] = []
        self.first: list[float] = []
        self.later: list[float] = []
        self.work: list[float] = []

    def __call__(self) -> None:
        new = self._chance.choice(self._documents)
        if new not in self._begun:
            self.first.append(self._decide(new)[0])
            self._begun.append(new)
        seconds, work = self._decide(self._chance.choice(self._begun))
        self.later.append(seconds)
        self.work.append(work)

    def _decide(self, document_id: str) -> tuple[float, float]:
        """Seconds, by the clock and of the processor."""
        self.project.document(document_id)
        found = self._chance.choice(list(self.project.overlay(document_id).index))
        is_wrong = found.status is Status.ACCEPTED
        change = changes.reject(found) if is_wrong else changes.accept(found)
        action = Action.REJECT if is_wrong else Action.ACCEPT
        started, work = time.perf_counter(), time.process_time()
        self.project.decide(document_id, action, [change])
        return time.perf_counter() - started, time.process_time() - work


class Updating:
    """The same in SQLite: the annotation's row, and an event that is chained to the one before."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute("CREATE TABLE annotations (number INTEGER PRIMARY KEY, body TEXT)")
        self._base.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, hash TEXT, body TEXT)")
        self._chance = chance
        self._hash = ""
        self._count = 0
        self.seconds: list[float] = []

    def take(self, annotations: Iterable[Annotation]) -> None:
        """Take in suggestions."""
        rows = [(json.dumps(one.plain()),) for one in annotations]
        self._base.execute("BEGIN")
        self._base.executemany("INSERT INTO annotations (body) VALUES (?)", rows)
        self._base.execute("COMMIT")
        self._count += len(rows)

    def __call__(self) -> None:
        number = self._chance.randint(1, self._count)
        query = "SELECT body FROM annotations WHERE number = ?"
        (held,) = self._base.execute(query, (number,)).fetchone()
        found = record(json.loads(held))
        assert isinstance(found, Entity)
        change = changes.accept(found)
        assert change.after is not None
        started = time.perf_counter()
        body = json.dumps(change.after.plain())
        event = json.dumps(change.plain())
        self._hash = sha256(f"{self._hash}{event}".encode()).hexdigest()
        self._base.execute("BEGIN IMMEDIATE")
        self._base.execute("UPDATE annotations SET body = ? WHERE number = ?", (body, number))
        self._base.execute("INSERT INTO events (hash, body) VALUES (?, ?)", (self._hash, event))
        self._base.execute("COMMIT")
        self.seconds.append(time.perf_counter() - started)


def compared(commit: str, annotations: int, decisions: int) -> list[Figure]:
    """A decision of this version and of another one."""
    with tempfile.TemporaryDirectory() as name, beside(commit, Path(name), annotations) as pair:
        take_turns(pair, decisions, random.Random(7))
    note = f"{annotations:,} annotations, {decisions} decisions of each, taking turns"
    found = []
    for words, times in (
        ("one decision", [one.seconds for one in pair]),
        ("time of the processor", [one.work for one in pair]),
    ):
        now, then = (1000 * share(values, 0.5) for values in times)
        found.append(Figure(f"{words}, p50", now, "ms", 1.05 * then, commit, then, note))
        now, then = (1000 * share(values, 0.25) for values in times)
        found.append(Figure(f"{words}, p25", now, "ms", None, commit, then, "less of other work"))
    return found


def main() -> int:
    """Measure, and print the figures."""
    options = parser(__doc__)
    options.add_argument("--annotations", type=int, default=1_000_000)
    options.add_argument("--decisions", type=int, default=300)
    options.add_argument("--against", metavar="COMMIT", help="another version, or its folder")
    given = options.parse_args()
    chance = random.Random(7)
    if given.against:
        return tell(compared(given.against, given.annotations, given.decisions), as_json=given.json)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sqlite = Updating(folder / "peer.sqlite", chance)
        small = Deciding(filled(folder / "small", 100), chance)
        large = Deciding(filled(folder / "large", given.annotations, sqlite), chance)
        rounds: list[Decide] = [small, large, sqlite]
        for _ in range(given.decisions):
            chance.shuffle(rounds)
            for decide in rounds:
                decide()
        for one in (small, large):
            one.project.close()
    first, later, work, few, peer = (
        1000 * share(values, 0.5)
        for values in (large.first, large.later, large.work, small.later, sqlite.seconds)
    )
    late, peer_late = (1000 * share(values, 0.99) for values in (large.later, sqlite.seconds))
    note = f"{given.annotations:,} annotations"
    figures = [
        Figure("one decision, p50", later, "ms", 2.5 * peer, "SQLite", peer, note),
        Figure("one decision, p99", late, "ms", None, "SQLite", peer_late, note),
        Figure("the first in a document, p50", first, "ms", None, "SQLite", peer, note),
        Figure("time of the processor, p50", work, "ms", 1.0, note=note),
        Figure("large project, p50", later, "ms", 1.2 * few, "100 annotations", few, note),
    ]
    return tell(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
