"""A text with its annotations written into it, for a terminal, a pipe or an eye.

An entity is `[Trump PERSON]`, a claim `{they sign no pact | denies probable unnamed}`. A `?` before
the closing bracket says that nobody has decided on it yet. What lies within another stands inside
its brackets. Two that cross, each with a part of its own, carry a number at both of their ends:
`{1 she met [2 Ada | affirms certain author 1} Orlen PERSON 2]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from annotations.records import Annotation, Claim, Status
from annotations.symbols import line, visible
from annotations.text import Text

__all__ = ["line", "marked", "pieces", "visible"]

_ENTITY: Final = "36"
_CLAIM: Final = "33"
"""SGR codes of colours."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """One annotation's brackets; `number` is 0 where it crosses no other."""

    annotation: Annotation
    number: int

    @property
    def opening(self) -> str:
        bracket = "{" if isinstance(self.annotation, Claim) else "["
        return f"{bracket}{self.number} " if self.number else bracket

    @property
    def closing(self) -> str:
        one = self.annotation
        number = f" {self.number}" if self.number else ""
        query = "?" if one.status is Status.SUGGESTED else ""
        if isinstance(one, Claim):
            words = line(f"{one.stance} {one.certainty} {one.holder_name}")
            return f" | {words}{query}{number}}}"
        return f" {line(one.label)}{query}{number}]"

    @property
    def colour(self) -> str:
        return _CLAIM if isinstance(self.annotation, Claim) else _ENTITY


def marked(text: Text, annotations: Iterable[Annotation]) -> str:
    """The text with its annotations in brackets; rejected ones are left out.

    Args:
        text: the document's text.
        annotations: what to mark, in any order.
    """
    return "".join(visible(words) for words, _ in pieces(text, annotations))


def pieces(text: Text, annotations: Iterable[Annotation]) -> Iterator[tuple[str, str]]:
    """The same in parts, each with the SGR code of its colour; the text has none."""
    here = 0
    for offset, mark, is_opening in _edges(annotations):
        yield text[here:offset], ""
        here = offset
        yield mark.opening if is_opening else mark.closing, mark.colour
    yield text[here:], ""


def _edges(annotations: Iterable[Annotation]) -> list[tuple[int, _Mark, bool]]:
    """Where brackets stand, in order: at one place those that close come first, inner ones ahead."""
    shown = sorted(
        (one for one in annotations if one.status is not Status.REJECTED),
        key=lambda one: (one.span.start, -one.span.end, one.kind, one.id),
    )
    crossing = _crossing(shown)
    edges = []
    number = 0
    for place, one in enumerate(shown):
        number += one.id in crossing
        mark = _Mark(one, number if one.id in crossing else 0)
        edges.append(((one.span.start, 1, place), (one.span.start, mark, True)))
        edges.append(((one.span.end, 0, -place), (one.span.end, mark, False)))
    edges.sort(key=lambda edge: edge[0])
    return [edge for _, edge in edges]


def _crossing(ordered: list[Annotation]) -> set[str]:
    """The ids of those that overlap another of which neither holds the other."""
    crossing: set[str] = set()
    around: list[Annotation] = []
    for one in ordered:
        around = [other for other in around if other.span.end > one.span.start]
        for other in around:
            if other.span.end < one.span.end and other.span.start < one.span.start:
                crossing |= {one.id, other.id}
        around.append(one)
    return crossing
