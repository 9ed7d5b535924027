"""Offsets as other programs count them, and spans that fit the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotations.errors import InputError, SpanError
from annotations.formats.reading.units import NAMES, Evidence, Look, look, parting
from annotations.formats.reading.units import Unit as Unit
from annotations.records import Plain
from annotations.span import SPAN, Span
from annotations.text import Text


@dataclass(slots=True)  # not frozen: that takes four times as long, and there are millions
class Mark:
    """An annotation as another program's file has it, before it is held against the text.

    Attributes:
        kind: `entity` or `claim`.
        start: where it starts, in the file's unit.
        end: where it ends, in the file's unit.
        label: an entity's label.
        words: what the file says that it covers; None where it does not say.
        fields: the claim's fields that the file has.
        score: the model's number.
        note: a person's remark.
        decided: what became of it, by whom and when, where the file says so.
        is_placed: whether its reader found the offsets itself: they tell nothing of the file's unit.
    """

    kind: str
    start: int
    end: int
    label: str = ""
    words: str | None = None
    fields: Plain = field(default_factory=dict)
    score: float | None = None
    note: str = ""
    decided: Plain = field(default_factory=dict)
    is_placed: bool = False

    def __str__(self) -> str:
        words = f" {' '.join(str(self.words).split())[:60]!r}" if self.words else ""
        return f"{self.label or self.kind} {self.start}-{self.end}{words}"


def place(
    text: Text, marks: Sequence[Mark], unit: Unit, where: str, evidence: Evidence | None = None
) -> list[Span | None]:
    """The span of each mark; None where it leaves the text or has other words than it says.

    Args:
        text: what the offsets point into.
        marks: the annotations of one document.
        unit: what their offsets count.
        where: the file and place, for messages.
        evidence: what the file's spans told of its unit so far; None where that is not in doubt.

    Raises:
        InputError: the offsets are plainly in another unit.
    """
    found = _spans(text, marks, unit)
    if evidence is None or text.isascii():
        return found
    looks: list[Look] = []
    for other in Unit:
        first = parting(text, unit, other) if other is not unit else len(text)
        # Up to there an offset is the same in both.
        behind = [
            at
            for at, mark in enumerate(marks)
            if type(mark.end) is int and mark.end > first and not mark.is_placed
        ]
        if other is unit or not behind:
            continue
        looks = looks or [_look(text, *one) for one in zip(marks, found, strict=True)]
        if evidence.is_settled(other) and all(looks[at] is Look.RIGHT for at in behind):
            pairs = [(Look.RIGHT, Look.UNKNOWN)] * len(behind)
        else:
            there = _spans(text, [marks[at] for at in behind], other)
            pairs = [
                (looks[at], _look(text, marks[at], span))
                for at, span in zip(behind, there, strict=True)
                if span != found[at]
            ]
        if pairs:
            evidence.add(other, unit, pairs, where)
    if (better := evidence.better()) is not None:
        raise InputError(
            f"{where}: the offsets count {NAMES[better]}, not {NAMES[unit]}. Import it again with "
            f"--offset-unit {better}, or {unit} if they are right as they are."
        )
    return found


def _look(text: Text, mark: Mark, span: Span | None) -> Look:
    """What it looks like there; where the mark says its words, it has been held against them."""
    if span is not None and mark.words is not None:
        return Look.RIGHT
    return look(text, span)


def convert(text: Text, unit: Unit) -> Callable[[int], int]:
    """What turns an offset of this unit into one of code points; it may raise `SpanError`."""
    if unit is Unit.CODE_POINT or text.isascii():
        return int
    return text.from_utf16 if unit is Unit.UTF16 else text.from_byte


def measure(text: Text, unit: Unit) -> Callable[[int], int]:
    """What turns an offset of code points into one of this unit."""
    if unit is Unit.CODE_POINT or text.isascii():
        return int
    return text.utf16 if unit is Unit.UTF16 else text.byte


def _spans(text: Text, marks: Iterable[Mark], unit: Unit) -> list[Span | None]:
    to_code_points = convert(text, unit)
    found: list[Span | None] = []
    for mark in marks:
        try:
            start, end = to_code_points(mark.start), to_code_points(mark.end)
        except (SpanError, TypeError, ValueError, OverflowError):
            found.append(None)
            continue
        if not 0 <= start < end <= len(text):
            found.append(None)
            continue
        words = text[start:end]
        fits = mark.words is None or mark.words == words or says(mark.words, words)
        found.append(SPAN(start, end) if fits else None)
    return found


def says(words: Any, there: str) -> bool:
    """Whether a file's words are those of the text; white space may have been written otherwise."""
    if words == there:
        return True
    if not isinstance(words, str):  # a file may have anything there
        return False
    spaced = "".join(there.split())
    # Some write a line break as a backslash and an n.
    return spaced in ("".join(words.split()), "".join(words.replace("\\n", " ").split()))


def whole(value: Any, what: str) -> int:
    """An offset of a file, if it is one; a figure such as 12.0 is.

    Raises:
        InputError: it is no whole number.
    """
    if type(value) is float and value.is_integer():
        return int(value)
    if type(value) is not int:  # a bool is an int, too
        raise InputError(f"{what} {value!r:.60} is no whole number")
    return value
