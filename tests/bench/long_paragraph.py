"""What a key costs in one paragraph of a megabyte, of texts that are made to be slow.

    python tests/bench/long_paragraph.py [--bytes 1000000] [--only marks flags] [--most 60]

Each text is opened in the real reader, in a process of its own and without a terminal, and each of
the keys below is pressed on it. The time is that of the processor, so that other programs do not
count. A text that takes longer than `--most` seconds in all is ended and named.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

TESTS = Path(__file__).parents[1]
sys.path.append(str(TESTS))

TEXTS: Final[dict[str, str]] = {
    "words": "Aa ",
    "prose": "The senate would not say when, or whether it had said so ",
    "letters": "a",
    "figures": "1",
    "mixed": "a1",
    "dots": ".",
    "ends": "No. ",
    "commas": ", ",
    "quotes": '"',
    "brackets": "(",
    "initials": "U.S.",
    "spaces": " ",
    "tabs": "\t",
    "marks": "\N{COMBINING ACUTE ACCENT}",
    "unsorted marks": "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}",
    "joined": "\N{MAN}\N{ZERO WIDTH JOINER}",
    "joiners": "\N{ZERO WIDTH JOINER}",
    "flags": "\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}",
    "right to left": "שלום",
    "turns": "\N{RIGHT-TO-LEFT OVERRIDE}",
    "chinese": "元老院今日未批准条约",
    "hangul": "\N{HANGUL CHOSEONG KIYEOK}",
    "prepended": "\N{ARABIC NUMBER SIGN}",
    "controls": "\x01",
}
"""What each text repeats."""

KEYS: Final = (
    *(".", ",", "down", "up", "f", "b", "end", "v", ".", "]", "}", "{", "escape"),
    *("1", "2", "=", "escape", "tab", "n", "]", "[", "i", "t", "k", "k", "k", "H", "escape"),
    *("c", "d", "h", "escape", "@", "w", "escape", "=", "escape", "a", "x", "+", "u", "r"),
)
SOUGHT: Final = ("Aa Aa", "say", "\N{COMBINING ACUTE ACCENT}", "a" * 40, "(" * 20)
PASTED: Final = ("Aa " * 340_000, "e" + "\N{COMBINING ACUTE ACCENT}" * 500_000)


def text_of(name: str, size: int) -> str:
    """One paragraph that takes so many bytes."""
    unit = TEXTS[name]
    return unit * (size // len(unit.encode()))


async def press(folder: Path, text: str, say: Callable[[str, float], None]) -> None:
    """Press every key on a text, and say what each cost."""
    import scenes
    from textual import events

    from annotations.project import Project
    from annotations.records import Document
    from annotations.text import Text

    project = Project.create(folder / "project", name="bench", annotator="anna")
    project.add(Document(Text(text), title="one paragraph", source="bench"))
    started = time.process_time()
    async with scenes.app(project).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        say("open", time.process_time() - started)

        async def timed(name: str, *keys: str) -> None:
            started = time.process_time()
            for key in keys:
                await pilot.press(key)
            await pilot.pause()
            say(name, time.process_time() - started)

        for key in KEYS:
            await timed(key, key)
        for opening in ("/", ";", "S"):
            for words in SOUGHT:
                await timed(opening, opening)
                await timed(f"{opening} {words[:12]!r}", *words)
                await timed("escape", "escape", "escape")
            for words in PASTED:
                await timed(opening, opening)
                pilot.app.post_message(events.Paste(words))
                await timed(f"{opening} pasted {words[:4]!r}")
                await timed(f"{opening} typed behind it", "a")
                await timed("enter", "enter")
                await timed("escape", "escape", "escape")


def run(name: str, size: int) -> None:
    """Measure one text in this process; a line for each key on standard output."""
    with tempfile.TemporaryDirectory() as folder:
        from home import home

        os.environ.update(home(Path(folder)))
        asyncio.run(
            press(
                Path(folder),
                text_of(name, size),
                lambda key, seconds: print(f"{seconds * 1e3:.1f}\t{key}", flush=True),
            )
        )


def main() -> None:
    """Measure the texts one after the other and print the dearest keys of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="*", default=list(TEXTS))
    parser.add_argument("--most", type=float, default=60.0, help="seconds for one text")
    parser.add_argument("--text", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.text:
        run(wanted.text, wanted.bytes)
        return
    for name in wanted.only:
        command = [sys.executable, __file__, "--text", name, "--bytes", str(wanted.bytes)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            try:
                output, _ = child.communicate(timeout=wanted.most)
                ended = "" if child.returncode == 0 else f"  status {child.returncode}"
            except subprocess.TimeoutExpired:
                child.kill()
                output, _ = child.communicate()
                ended = f"  not done in {wanted.most:g} s"
        costs = [line.split("\t") for line in output.splitlines()]
        first, rest = costs[:1], sorted(costs[1:], key=lambda cost: -float(cost[0]))
        opened = f"{first[0][0]} ms to open" if first else "did not open"
        last = f"; after {costs[-1][1]}" if ended and costs else ""
        dearest = ", ".join(f"{key} {cost}" for cost, key in rest[:5])
        print(f"{name:<15} {opened}; {len(rest)} keys, the dearest in ms: {dearest}{ended}{last}")


if __name__ == "__main__":
    main()
