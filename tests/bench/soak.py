"""Random events on the reader: whether it ends, stops to answer, or loses a decision.

    python tests/bench/soak.py [--events 200000] [--seed 1] [--first 0] [--each 250] [--terminals 10]

Keys of the whole keymap, mouse in and outside the window, pastes, focus, sizes from 1 x 1 up, files
changed, cut and taken away under the reader, and suggestions that arrive, over every screen. A run
that was ended goes on with the number of its next round, `--first`. Then random bytes, whole and cut
sequences among them, go to readers in terminals, 1,000 pieces each.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path.append(str(TESTS))
sys.path.append(str(TESTS.parent))

from home import home  # noqa: E402


def main() -> None:
    """Soak, and print the counts; exit status 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first round")
    parser.add_argument("--each", type=int, default=250, help="events in a round")
    parser.add_argument("--terminals", type=int, default=10, help="readers in terminals")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(home(Path(folder)))
        from soaking import in_terminal, soak

        tally = soak(
            Path(folder),
            wanted.seed,
            wanted.events,
            wanted.each,
            first=wanted.first,
            say=lambda words: print(words, flush=True),
        )
        for number in range(wanted.terminals):
            complaints = in_terminal(Path(folder), wanted.seed * 1_000 + number, 1_000)
            print(f"terminal {number}: {len(complaints)} complaints", *complaints, flush=True)
            tally.complaints += complaints
    counts = ", ".join(f"{count:,} {kind}" for kind, count in tally.events.most_common())
    print(f"seed {wanted.seed}, rounds {wanted.first} to {wanted.first + tally.rounds - 1}")
    print(f"{sum(tally.events.values()):,} events: {counts}")
    print(f"{tally.acknowledged:,} decisions acknowledged, {tally.lost} lost")
    print(f"{len(tally.complaints)} complaints")
    sys.exit(bool(tally.complaints))


if __name__ == "__main__":
    main()
