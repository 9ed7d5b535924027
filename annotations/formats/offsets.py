"""Offsets as other programs count them, and spans that fit the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from annotations.errors import InputError, SpanError
from annotations.records import Plain
from annotations.span import SPAN, Span
from annotations.text import Text


class Unit(StrEnum):
    """What an offset counts."""

    CODE_POINT = "code-point"
    UTF16 = "utf-16"
    BYTE = "byte"


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

    def __str__(self) -> str:
        words = f" {' '.join(self.words.split())[:60]!r}" if self.words else ""
        return f"{self.label or self.kind} {self.start}-{self.end}{words}"


def place(
    text: Text, marks: Sequence[Mark], unit: Unit, where: str, *, trusted: bool = False
) -> list[Span | None]:
    """The span of each mark; None where it leaves the text or has other words than it says.

    Args:
        text: what the offsets point into.
        marks: the annotations of one document.
        unit: what their offsets count.
        where: the file and place, for messages.
        trusted: do not doubt the unit where the spans merely look odd.

    Raises:
        InputError: the offsets are plainly in another unit.
    """
    found = _spans(text, marks, unit)
    if text.isascii():
        return found
    wrong = None in found
    # A mark that says its words has been held against them; of the others only the look is known.
    bare = [] if trusted else [at for at, mark in enumerate(marks) if mark.words is None]
    if not wrong and not _looks_odd(text, [found[at] for at in bare]):
        return found
    for other in Unit:
        if other is unit:
            continue
        there = _spans(text, marks, other)
        if None not in there and (wrong or not _looks_odd(text, [there[at] for at in bare])):
            raise InputError(
                f"{where}: the offsets count {_NAMES[other]}, not {_NAMES[unit]}. "
                f"Import it again with --offset-unit {other}."
            )
    return found


_NAMES = {Unit.CODE_POINT: "code points", Unit.UTF16: "UTF-16 units", Unit.BYTE: "UTF-8 bytes"}


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
        except SpanError:
            found.append(None)
            continue
        if not 0 <= start < end <= len(text):
            found.append(None)
            continue
        words = text[start:end]
        fits = mark.words is None or mark.words == words or says(mark.words, words)
        found.append(SPAN(start, end) if fits else None)
    return found


def says(words: str, there: str) -> bool:
    """Whether a file's words are those of the text; white space may have been written otherwise."""
    if words == there:
        return True
    spaced = "".join(there.split())
    # Some write a line break as a backslash and an n.
    return spaced in ("".join(words.split()), "".join(words.replace("\\n", " ").split()))


def _looks_odd(text: str, spans: Iterable[Span | None]) -> bool:
    return any(_is_odd(text, span) for span in spans if span is not None)


def _is_odd(text: str, span: Span) -> bool:
    """Whether it begins or ends in white space or in the middle of a word."""
    start, end = span.start, span.end
    return (
        text[start].isspace()
        or text[end - 1].isspace()
        or (start > 0 and text[start - 1].isalnum() and text[start].isalnum())
        or (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())
    )


def whole(value: Any, what: str) -> int:
    """An offset of a file, if it is one.

    Raises:
        InputError: it is no whole number.
    """
    if type(value) is not int:  # a bool is an int, too
        raise InputError(f"{what} {value!r} is no whole number")
    return value
