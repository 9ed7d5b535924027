"""Which unit a file's offsets count, told by how many spans look right in each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

import regex

from annotations.messages import counted
from annotations.span import Span


class Unit(StrEnum):
    """What an offset counts."""

    CODE_POINT = "code-point"
    UTF16 = "utf-16"
    BYTE = "byte"


NAMES: Final = {
    Unit.CODE_POINT: "code points",
    Unit.UTF16: "UTF-16 units",
    Unit.BYTE: "UTF-8 bytes",
}

_WIDE: Final = re.compile("[\U00010000-\U0010ffff]")
_MORE: Final = re.compile("[^\x00-\x7f]")
# What no letter begins with: the middle of a character as people see it.
_INNER: Final = regex.compile(r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]")
_CLOSING: Final = frozenset(",;:.!?)]}»”、。，；：！？）」』】")
_OPENING: Final = frozenset(",;([{«“„、，；（「『【")
_UNSPACED: Final = regex.compile(
    r"(?P<Han>\p{Script=Han})|(?P<Hiragana>\p{Script=Hiragana})|(?P<Katakana>[\p{Script=Katakana}ー])"
    r"|(?P<other>[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Hangul}])"
)
_ENOUGH: Final = 3
"""Spans more that look right, from which on no span needs to look wrong in the usual unit."""


_SETTLED: Final = 20
"""Spans more that look right in the usual unit, from which on right ones are looked at there alone."""


class Look(StrEnum):
    """What a span looks like in its text."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class Evidence:
    """What the spans of one file say for and against each unit that it may count in.

    A span says something where the units part: behind the first character that is more than one of
    them. It looks right where it begins and ends as words do, and wrong in the middle of one; where a
    script puts no gaps between words, only where it changes does it say anything. One span that is off says nothing against many.
    """

    def __init__(self) -> None:
        self._here: dict[Unit, Counter[str]] = {}
        self._there: dict[Unit, Counter[str]] = {}
        self._usual = Unit.CODE_POINT
        self._where = ""

    def add(self, other: Unit, usual: Unit, pairs: Sequence[tuple[Look, Look]], where: str) -> None:
        """Take in how spans look in the usual unit and in another, of those where the two part."""
        self._usual = usual
        self._where = self._where or where
        self._here.setdefault(other, Counter()).update(here for here, _ in pairs)
        self._there.setdefault(other, Counter()).update(there for _, there in pairs)

    def is_settled(self, other: Unit) -> bool:
        """Whether so many spans were right in the usual unit alone that a few more change nothing."""
        if other not in self._here:
            return False
        return self._here[other][Look.RIGHT] >= self._there[other][Look.RIGHT] + _SETTLED

    def better(self) -> Unit | None:
        """The unit that fits the file clearly better than the usual one; None where none does."""
        found = [one for one in self._here if self._is_better(one)]
        return max(found, key=lambda one: self._there[one][Look.RIGHT], default=None)

    def _is_better(self, other: Unit) -> bool:
        here, there = self._here[other], self._there[other]
        right = there[Look.RIGHT]
        return (
            right > 2 * here[Look.RIGHT]
            and right >= there[Look.WRONG]
            and (here[Look.WRONG] > 0 or right - here[Look.RIGHT] >= _ENOUGH)
        )

    def lines(self) -> Iterator[str]:
        """A line for each unit that the file could as well be in, for all that its spans tell."""
        for other, here in self._here.items():
            there = self._there[other]
            if there[Look.RIGHT] >= here[Look.RIGHT] and there[Look.WRONG] <= here[Look.WRONG]:
                yield (
                    f"{self._where}: the offsets could be {NAMES[other]}, too, and were taken for "
                    f"{NAMES[self._usual]}. It makes a difference to "
                    f"{counted(here.total(), 'span')}: if those are wrong, import it again with "
                    f"--offset-unit {other}."
                )


def parting(text: str, one: Unit, other: Unit) -> int:
    """The offset behind which the two units part in a text; its length where they do not."""
    pattern = _MORE if Unit.BYTE in (one, other) else _WIDE
    found = pattern.search(text)
    return found.start() if found else len(text)


def look(text: str, span: Span | None) -> Look:
    """What a span without words of its own looks like; None is one that has no place."""
    if span is None:
        return Look.WRONG
    start, end = span.start, span.end
    edges = (
        _edge(text[start - 1 : start], text[start]) if text[start] not in _CLOSING else -1,
        _edge(text[end : end + 1], text[end - 1]) if text[end - 1] not in _OPENING else -1,
    )
    if -1 in edges or _is_inside(text, start) or _is_inside(text, end):
        return Look.WRONG
    return Look.RIGHT if edges == (1, 1) else Look.UNKNOWN


def _edge(outer: str, inner: str) -> int:
    """Whether a span may begin or end between two characters: 1 it may, -1 it may not, 0 who knows."""
    if inner.isspace():
        return -1
    if not outer or outer.isspace():
        return 1
    if not inner.isalnum() or not outer.isalnum():
        return int(inner.isalnum())
    scripts = _script(outer), _script(inner)
    if scripts[0] != scripts[1]:
        return 1
    return 0 if scripts[0] else -1


def _is_inside(text: str, at: int) -> bool:
    """Whether an offset lies in what is one character to who looks."""
    if not 0 < at < len(text):
        return False
    return text[at - 1] == "\u200d" or (
        not text[at].isascii() and _INNER.match(text[at]) is not None
    )


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """The script of a letter, where that puts no gaps between words; else nothing."""
    found = _UNSPACED.match(letter) if letter > "\u0e00" else None
    return str(found.lastgroup) if found else ""
