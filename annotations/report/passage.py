"""A document's text as HTML, with its entities and claims marked; nothing in it is ever markup."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from html import escape
from typing import Final

from annotations.marked import line, visible
from annotations.records import Annotation, Claim, Entity, Status
from annotations.span import SpanIndex
from annotations.text import Text

SIGNS: Final = {
    Status.SUGGESTED: "?",
    Status.ACCEPTED: "✓",
    Status.CORRECTED: "±",
    Status.ADDED: "+",
    Status.REJECTED: "×",
}

_GOLDEN: Final = 137.5
"""Degrees between the hues of two labels that follow each other: near ones look far apart."""


class Palette:
    """A hue for each label, in the order in which they are first asked for."""

    def __init__(self, labels: Iterable[str] = ()) -> None:
        self._places = {label: place for place, label in enumerate(dict.fromkeys(labels))}

    def style(self, label: str) -> str:
        """The attribute that gives an element the label's hue."""
        place = self._places.setdefault(label, len(self._places))
        return f'style="--hue:{round(place * _GOLDEN + 210) % 360}"'


def words(text: str) -> str:
    """Words of a document for HTML: escaped, control characters as symbols."""
    return escape(visible(text))


def name(text: str) -> str:
    """A name, a label or a title for HTML: escaped, on one line."""
    return escape(line(text))


def passage(text: Text, annotations: Iterable[Annotation], palette: Palette) -> str:
    """The text with what stands or is suggested; rejected annotations are left out.

    The text is cut wherever an annotation starts or ends, so that any may overlap any other.
    """
    shown = [one for one in annotations if one.status is not Status.REJECTED]
    index: SpanIndex[Annotation] = SpanIndex(shown)
    ending: dict[int, list[Annotation]] = {}
    for one in index:
        ending.setdefault(one.span.end, []).insert(0, one)  # inner ones are said first
    edges = sorted({0, len(text), *(one.span.start for one in shown), *ending})
    parts = []
    for start, end in itertools.pairwise(edges):
        parts.append(_piece(text[start:end], index.at(start), palette))
        parts += [_tag(one, palette) for one in ending.get(end, ())]
    return "".join(parts)


def _piece(piece: str, over: list[Annotation], palette: Palette) -> str:
    made = words(piece)
    entities = [one for one in over if isinstance(one, Entity)]
    if entities:
        inner = entities[-1]
        is_open = ' class="open"' if inner.status is Status.SUGGESTED else ""
        made = f'<mark{is_open} {palette.style(inner.label)} title="{_title(inner)}">{made}</mark>'
    for one in over:
        if isinstance(one, Claim):
            made = f'<span class="claim" title="{_title(one)}">{made}</span>'
    return made


def _tag(one: Annotation, palette: Palette) -> str:
    sign = SIGNS[one.status]
    if isinstance(one, Entity):
        return f'<small class="tag" {palette.style(one.label)}>{name(one.label)}{sign}</small>'
    said = f"{one.stance} {one.certainty}, {one.holder_name}"
    return f'<small class="says">[{name(said)}{sign}]</small>'


def _title(one: Annotation) -> str:
    said = [one.label if isinstance(one, Entity) else f"claim: {one.stance} {one.certainty}"]
    said.append(str(one.status) + (f" by {one.by}" if one.by else ""))
    if one.origin:
        score = f", score {one.origin.score:.2f}" if one.origin.score is not None else ""
        said.append(f"suggested by {one.origin.layer}{score}")
    if one.note:
        said.append(f"note: {one.note}")
    return name("; ".join(said))
