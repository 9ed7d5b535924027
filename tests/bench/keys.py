"""What a key costs: bytes to the terminal, and time from the key to the last byte.

    python tests/bench/keys.py [--words 200000] [--every 22] [--keys 60] [--sizes 80x24 160x50] [--json]

The reader and SLATE stand in a terminal each, on the same text with the same number of
annotations, and take turns: a key for one, a key for the other. `tab` goes to the next annotation;
SLATE has no such key and moves by a word. Bytes are counted at 80 x 24.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from figures import Figure, parser, share, tell
from material import Document, Terminal, document, layer_of, opening, project, reader, slate

QUIET = 0.08
"""Seconds without a byte after which a key is taken to be worked off."""
IDLE = 3.0
ROWS_OF_TEXT = slice(2, -5)


@dataclass
class Presses:
    """What several presses of one key cost."""

    bytes: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def press(self, terminal: Terminal, key: str) -> None:
        """Press the key once, and wait until nothing more comes."""
        received, started = terminal.received, time.perf_counter()
        terminal.send(key)
        ended = terminal.settle(QUIET)
        self.bytes.append(terminal.received - received)
        self.seconds.append(ended - started)


@dataclass
class Found:
    """What was measured at one size: our moves and pages, the peer's words and pages."""

    moves: Presses = field(default_factory=Presses)
    words: Presses = field(default_factory=Presses)
    pages: Presses = field(default_factory=Presses)
    screens: Presses = field(default_factory=Presses)
    idle: int = 0


def move(terminal: Terminal, into: Presses) -> None:
    """Go to the next annotation; the time counts always, the bytes where the page stayed."""
    before = terminal.lines[ROWS_OF_TEXT]
    one = Presses()
    one.press(terminal, "tab")
    into.seconds += one.seconds
    rows = terminal.lines[ROWS_OF_TEXT]
    if 2 * sum(row in before for row in rows) >= len(rows):
        into.bytes += one.bytes


def idle_bytes(terminal: Terminal) -> int:
    """What comes while nothing is pressed."""
    received, limit = terminal.received, time.monotonic() + IDLE
    while (left := limit - time.monotonic()) > 0:
        terminal.pump(left)
    return terminal.received - received


def measure(one: Document, folder: Path, size: tuple[int, int], every: int, keys: int) -> Found:
    """Press the keys in both programs, in turn."""
    found = Found()
    with (
        reader(folder / "project", folder, size=size) as ours,
        slate(one, folder, every, size=size) as theirs,
    ):
        ours.wait_for("open", timeout=60)
        theirs.wait_for(opening(one), timeout=60)
        for terminal in (ours, theirs):
            terminal.settle(0.5)
        found.idle = idle_bytes(ours)
        for _ in range(keys):
            move(ours, found.moves)
            found.words.press(theirs, ";")
        for _ in range(max(keys // 4, 3)):
            found.pages.press(ours, "f")
            found.screens.press(theirs, "}")
    return found


def bytes_of(found: Found, size: str) -> list[Figure]:
    """What was sent."""
    moves, words, pages = found.moves.bytes, found.words.bytes, found.pages.bytes
    note = f"{size}, {len(moves)} keys on one page"
    return [
        Figure("to the next annotation, median", share(moves, 0.5), "bytes").beside(
            "SLATE", share(words, 0.5), note
        ),
        Figure("to the next annotation, most", max(moves), "bytes", 600).beside(
            "SLATE", max(words), note
        ),
        Figure("a page, most", max(pages), "bytes", 5_000).beside(
            "SLATE", max(found.screens.bytes), size
        ),
        Figure("idle for 3 s", found.idle, "bytes", 0, note=size),
    ]


def times_of(found: Found, note: str) -> list[Figure]:
    """How long it took."""
    figures = []
    for what, ours, theirs, part, bar in (
        ("key to last byte, median", found.moves, found.words, 0.5, None),
        ("key to last byte, p95", found.moves, found.words, 0.95, 1 / 4),
        ("page to last byte, p95", found.pages, found.screens, 0.95, None),
    ):
        peer = 1000 * share(theirs.seconds, part)
        value = 1000 * share(ours.seconds, part)
        figures.append(Figure(what, value, "ms", bar and bar * peer).beside("SLATE", peer, note))
    return figures


def main() -> int:
    """Measure, and print the figures."""
    options = parser(__doc__)
    options.add_argument("--words", type=int, default=200_000)
    options.add_argument("--every", type=int, default=22, help="one annotation per so many words")
    options.add_argument("--keys", type=int, default=60)
    options.add_argument("--sizes", nargs="+", default=["80x24", "160x50"])
    given = options.parse_args()
    one = document(given.words)
    count = len(layer_of(one, given.every).annotations)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        for size in given.sizes:
            columns, rows = map(int, size.split("x"))
            folder = Path(name) / size
            folder.mkdir()
            project(folder / "project", [one], every=given.every).close()
            found = measure(one, folder, (columns, rows), given.every, given.keys)
            if (columns, rows) == (80, 24):
                figures += bytes_of(found, size)
            figures += times_of(found, f"{size}, {given.words:,} words, {count:,} annotations")
    return tell(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
