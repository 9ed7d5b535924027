"""No regular expression of the program goes over a text again and again, whatever the text is made of."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import regex

ROOT = Path(__file__).parents[2]
MODULES = sorted(chain((ROOT / "annotations").rglob("*.py"), (ROOT / "tui").rglob("*.py")))

SIZE = 40_000
PATIENCE = 20.0
"""Seconds. A linear pattern takes milliseconds for so much, one that goes back takes minutes."""

PLAIN = [
    "a",
    "A",
    "1",
    ".",
    ",",
    " ",
    "\n",
    "\t",
    '"',
    "(",
    "<",
    "-",
    "\u0301",
    "é",
    "。",
    "\u200d",
]

# These are matched against the name of a file or of an encoding, which is short.
OF_NAMES = {"_USUAL", "_LAYER_FILE", "_TEMPORARY"}


def compiled() -> Iterator[tuple[str, Any]]:
    """Each pattern of text that a module keeps, under the name of the module and its own."""
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        if path.stem == "__main__" or "compile(" not in source:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for own, value in vars(importlib.import_module(name)).items():
            if isinstance(value, (re.Pattern, regex.Pattern)) and isinstance(value.pattern, str):
                yield f"{name}.{own}", value


def units(pattern: str) -> list[str]:
    """What a text may repeat to be slow for a pattern: its own characters, and some of each kind."""
    own = [one for one in dict.fromkeys(pattern) if one not in "\\()[]{}|?*+^$"]
    pairs = [f"{one}{other}" for one in ".,( " for other in ('"', "a", " ", ")")]
    return list(dict.fromkeys([*PLAIN, *own[:16], *pairs]))


def timed(pattern: Any) -> Any:
    """The same pattern for the engine that can be stopped."""
    if isinstance(pattern, re.Pattern):
        return regex.compile(pattern.pattern, pattern.flags & ~re.UNICODE.value)
    return pattern


@pytest.mark.parametrize(
    "pattern",
    [pytest.param(one, id=name) for name, one in compiled() if name.split(".")[-1] not in OF_NAMES],
)
def test_a_pattern_reads_a_long_text_once(pattern: Any) -> None:
    stoppable = timed(pattern)
    for unit in units(pattern.pattern):
        text = unit * (SIZE // len(unit)) + "\x00"
        try:
            for _ in stoppable.finditer(text, timeout=PATIENCE):
                pass
        except TimeoutError:
            pytest.fail(f"{pattern.pattern!r} is slow on {unit!r} again and again")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_repeats_in_a_pattern_repeats_no_group_that_repeats_the_same(path: Path) -> None:
    # (a+)+ and the like take time that doubles with each letter; no size of text is safe then.
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not re.search(r"\((?:\?:)?[^()|]{1,4}[*+]\)[*+](?![+])", node.value), node.lineno
