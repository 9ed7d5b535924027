"""Whether a decision that the reader showed as made can be lost.

    python tests/bench/faults.py [--kills 500] [--hang-ups 100] [--pairs 10] [--json]

A script presses `a` and `x` in the reader, in a terminal. When the number of open suggestions on
the screen falls, the reader has acknowledged a decision. At a random moment, often with a key just
sent, the process gets SIGKILL, or the line is dropped and it gets SIGHUP. What was on the screen
at the end is then looked up on the disk, without this project's own reading code:

- the journal: every complete line is JSON, numbered without a gap, and its hashes hold;
- the TinyDB file: plain `TinyDB(path)` opens it, and its records are those of the journal up to
  the decision that it names;
- every acknowledged decision is in both.

For pairs, two readers decide on the same document at the same time.
"""

from __future__ import annotations

import json
import random
import re
import select
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from figures import Figure, parser, tell
from material import ANNOTATOR, Terminal, document, layer_of, project, reader
from tinydb import TinyDB

WORDS, EVERY = 3_000, 12
PATIENCE = 5.0
"""Seconds within which a key must be answered; the machine may be busy."""
_OPEN = re.compile(r"(\d+) open")


@dataclass
class Tally:
    """What was found over several trials."""

    trials: int = 0
    acknowledged: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def take(self, complaints: list[str], acknowledged: int) -> None:
        """Count one trial."""
        self.trials += 1
        self.acknowledged += acknowledged
        self.found.update(complaints)


class Typist:
    """Presses keys in one reader and keeps the last number of open suggestions it showed."""

    def __init__(self, terminal: Terminal, chance: random.Random) -> None:
        self.terminal = terminal
        self._chance = chance
        # It opens where the person was last, so the status line is all that is sure to show.
        terminal.wait_for(lambda screen: bool(_OPEN.search(screen.text)), timeout=60)
        self.first = self.shown = self._read()

    def _read(self) -> int:
        found = _OPEN.search(self.terminal.text)
        return int(found.group(1)) if found else self.shown

    def look(self, timeout: float) -> bool:
        """Take in what comes within the time; whether there was anything."""
        came = self.terminal.pump(timeout)
        if came:
            self.shown = min(self.shown, self._read())
        return came

    def press(self) -> None:
        """Decide on the suggestion that the reader is at."""
        self.terminal.send(self._chance.choice("ax"))

    def type_until(self, moment: float) -> None:
        """Press key after key, each when the one before was acknowledged, until then."""
        while (left := moment - time.monotonic()) > 0:
            before = self.shown
            self.press()
            while self.shown == before and (left := moment - time.monotonic()) > 0:
                self.look(left)

    def drain(self) -> None:
        """Take in what the program wrote before it died: that was on the screen, too."""
        while self.look(0.2):
            pass


def decided(journal: Path) -> tuple[list[dict[str, object]], list[str]]:
    """The records that each complete line leaves, and what is wrong with the lines."""
    raw = journal.read_bytes() if journal.exists() else b""
    changes, complaints, prev = [], [], "0" * 64
    for seq, line in enumerate(raw.split(b"\n")[:-1], 1):
        try:
            held = json.loads(line)
        except ValueError:
            return changes, [*complaints, "a line that is not JSON"]
        head = {key: value for key, value in held.items() if key not in ("hash", "salt", "body")}
        body = sha256(held["salt"].encode() + _canonical(held["body"])).hexdigest()
        if held["seq"] != seq:
            complaints.append("a gap in the numbers")
        chained = (prev, body, sha256(_canonical(head)).hexdigest())
        if (held["prev"], held["body_sha"], held["hash"]) != chained:
            complaints.append("a hash that does not hold")
        prev = held["hash"]
        changes.append({one["annotation"]: one["after"] for one in held["body"]["changes"]})
    return changes, complaints


def _canonical(value: object) -> bytes:
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.encode()


def examine(folder: Path, acknowledged: int) -> list[str]:
    """What is wrong with a document's files, and how many acknowledged decisions they lack."""
    changes, complaints = decided(folder / f"{ANNOTATOR}.log")
    journalled = {name for change in changes for name in change}
    complaints += ["lost from the journal"] * max(acknowledged - len(journalled), 0)
    view = folder / f"{ANNOTATOR}.json"
    if not view.exists():
        return complaints + ["lost from TinyDB"] * acknowledged
    try:
        with TinyDB(view) as base:
            seq = base.table("meta").all()[0]["seq"]
            records = {one["id"]: dict(one) for one in base.table("entities").all()}
    except (ValueError, LookupError):
        return [*complaints, "a TinyDB file that does not open"]
    fold: dict[str, object] = {}
    for change in changes[:seq]:
        fold |= change
    if records != fold or seq > len(changes):
        complaints.append("a TinyDB file unlike the journal")
    return complaints + ["lost from TinyDB"] * max(acknowledged - len(records), 0)


class Bench:
    """A project that is made anew when its document is decided on through and through."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self.chance = random.Random(seed)
        self._turn = 0
        self._begin()

    def _begin(self) -> None:
        self._turn += 1
        self.document = document(WORDS, seed=self._turn)
        self.suggested = len(layer_of(self.document, EVERY).annotations)
        self._root = self._folder / f"project-{self._turn}"
        project(self._root, [self.document], every=EVERY).close()
        self.place = self._root / "documents" / self.document.id[:2] / self.document.id

    def typist(self) -> Typist:
        """A reader at its first page."""
        typist = Typist(reader(self._root, self._folder), self.chance)
        if typist.first > 60:
            return typist
        typist.terminal.close()
        self._begin()
        return self.typist()

    def broken_off(self, tally: Tally, *, by_kill: bool) -> None:
        """One trial: type, and break off at a random moment."""
        typist = self.typist()
        with typist.terminal as terminal:
            typist.type_until(time.monotonic() + self.chance.uniform(0.02, 0.4))
            if self.chance.random() < 0.7:
                # A decision takes a few milliseconds: most kills fall into one.
                typist.press()
                typist.look(self.chance.uniform(0.0, 0.02))
            if by_kill:
                terminal.kill()
                typist.drain()
            else:
                terminal.hang_up()
            terminal.process.wait(PATIENCE)
        self._count(tally, typist)

    def paired(self, tally: Tally) -> None:
        """One trial: two readers on one document, each at its own pace."""
        one, two = self.typist(), self.typist()
        with one.terminal, two.terminal:
            ends = time.monotonic() + 1.0
            waiting = {one: one.shown, two: two.shown}
            for typist in waiting:
                typist.press()
            while (left := ends - time.monotonic()) > 0:
                ready = select.select([one.terminal, two.terminal], [], [], left)[0]
                for typist in (one, two):
                    if typist.terminal not in ready:
                        continue
                    typist.look(0.0)
                    if typist.shown < waiting[typist]:
                        waiting[typist] = typist.shown
                        typist.press()
            for typist in (one, two):
                typist.drain()
        self._count(tally, one)
        self._count(tally, two)

    def _count(self, tally: Tally, typist: Typist) -> None:
        complaints = examine(self.place, self.suggested - typist.shown)
        tally.take(complaints, typist.first - typist.shown)


def main() -> int:
    """Break the reader off again and again, and print what was lost."""
    options = parser(__doc__)
    options.add_argument("--kills", type=int, default=500)
    options.add_argument("--hang-ups", type=int, default=100)
    options.add_argument("--pairs", type=int, default=10)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    figures = []
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), given.seed)
        for what, times in (
            ("kill -9", given.kills),
            ("hang-up", given.hang_ups),
            ("two readers", given.pairs),
        ):
            tally = Tally()
            for _ in range(times):
                if what == "two readers":
                    bench.paired(tally)
                else:
                    bench.broken_off(tally, by_kill=what == "kill -9")
            lost = tally.found["lost from the journal"] + tally.found["lost from TinyDB"]
            other = tally.found.total() - lost
            words = ", ".join(f"{count} {kind}" for kind, count in tally.found.items())
            note = f"{tally.trials} trials, {tally.acknowledged:,} acknowledged"
            figures += [
                Figure(f"{what}: acknowledged and lost", lost, "decisions", 0, note=note),
                Figure(f"{what}: files that do not hold", other, "files", 0, note=words),
            ]
    return tell(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
