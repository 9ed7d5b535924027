"""What a key costs: bytes to the terminal, and time from the key to the last byte.

    python tests/bench/keys.py [--words 200000] [--every 22] [--keys 60] [--size 80x24] [--json]

The reader and SLATE stand in a terminal each, on the same text with the same number of
annotations, and take turns: a key for one, a key for the other. `tab` goes to the next annotation;
SLATE has no such key and moves by a word.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from figures import Figure, parser, share, tell
from material import Terminal, document, layer_of, opening, project, reader, slate

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


def same_page(terminal: Terminal, key: str, into: Presses, times: int) -> None:
    """Press a key, and count only what left the page where it was."""
    turned = 0
    while len(into.bytes) < times and turned < times:
        before = terminal.lines[ROWS_OF_TEXT]
        one = Presses()
        one.press(terminal, key)
        after = terminal.lines[ROWS_OF_TEXT]
        if sum(row in before for row in after) * 2 < len(after):
            turned += 1
            continue
        into.bytes += one.bytes
        into.seconds += one.seconds


def idle_bytes(terminal: Terminal) -> int:
    """What comes while nothing is pressed."""
    received, limit = terminal.received, time.monotonic() + IDLE
    while (left := limit - time.monotonic()) > 0:
        terminal.pump(left)
    return terminal.received - received


def main() -> int:
    """Measure, and print the figures."""
    options = parser(__doc__)
    options.add_argument("--words", type=int, default=200_000)
    options.add_argument("--every", type=int, default=22, help="one annotation per so many words")
    options.add_argument("--keys", type=int, default=60)
    options.add_argument("--size", default="80x24")
    given = options.parse_args()
    columns, rows = map(int, given.size.split("x"))
    one = document(given.words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = len(layer_of(one, given.every).annotations)
        project(folder / "project", [one], every=given.every).close()
        with (
            reader(folder / "project", folder, size=(columns, rows)) as ours,
            slate(one, folder, given.every, size=(columns, rows)) as theirs,
        ):
            for terminal in (ours, theirs):
                terminal.wait_for(opening(one), timeout=60)
                terminal.settle(0.5)
            quiet = idle_bytes(ours)
            moves, words, pages, screens = Presses(), Presses(), Presses(), Presses()
            for turn in range(1, given.keys + 1):
                same_page(ours, "tab", moves, turn)
                words.press(theirs, ";")
            for _ in range(max(given.keys // 4, 3)):
                pages.press(ours, "f")
                screens.press(theirs, "}")
    size = f"{given.size}, {len(moves.bytes)} keys"
    whole = f"{given.words:,} words, {count:,} annotations"
    peer = "SLATE"
    slow, slow_theirs = (1000 * share(one.seconds, 0.95) for one in (moves, words))
    figures = [
        Figure(
            "to the next annotation, median",
            share(moves.bytes, 0.5),
            "bytes",
            None,
            peer,
            share(words.bytes, 0.5),
            size,
        ),
        Figure(
            "to the next annotation, most",
            max(moves.bytes),
            "bytes",
            600,
            peer,
            max(words.bytes),
            size,
        ),
        Figure(
            "a page, most", max(pages.bytes), "bytes", 5_000, peer, max(screens.bytes), given.size
        ),
        Figure("idle for 3 s", quiet, "bytes", 0),
        Figure(
            "key to last byte, median",
            1000 * share(moves.seconds, 0.5),
            "ms",
            None,
            peer,
            1000 * share(words.seconds, 0.5),
            whole,
        ),
        Figure("key to last byte, p95", slow, "ms", slow_theirs / 4, peer, slow_theirs, whole),
        Figure(
            "page to last byte, p95",
            1000 * share(pages.seconds, 0.95),
            "ms",
            None,
            peer,
            1000 * share(screens.seconds, 0.95),
            whole,
        ),
    ]
    return tell(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
