"""Does a layer fit its text and its schema? Spans, words, labels, statuses, overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

from annotations.errors import SpanError
from annotations.layer import Layer
from annotations.records import Annotation, Entity, Status
from annotations.schema import Schema
from annotations.text import Text


class Problem(NamedTuple):
    """What is wrong with a layer's annotations, and whether decisions may be lost."""

    words: str
    lost: bool = True


def words(layer: Layer, text: Text) -> Iterator[Problem]:
    """What is wrong with scores, and with spans and words against the text."""
    for one in layer:
        scores = (one.score, one.origin.score if one.origin else None)
        if not all(score is None or _is_finite(score) for score in scores):
            problem = f"{one.id}: its score is no finite number, which other readers of JSON refuse"
            yield Problem(problem, lost=False)
        try:
            there = one.span.of(text)
        except SpanError as error:
            yield Problem(f"{one.id}: {error}")
            continue
        if there != one.text:
            yield Problem(f"{one.id}: the text has {there!r} at {one.span.start}, not {one.text!r}")


def values(layer: Layer, schema: Schema) -> Iterator[Problem]:
    """What a person's layer has that the schema, as it is now, does not let anybody decide.

    A schema may have changed since: no decision is lost.
    """
    for one in layer:
        if one.status is Status.SUGGESTED:
            yield Problem(f"{one.id}: it is a suggestion; a person's layer has none")
        if not one.status.stands:
            continue
        if isinstance(one, Entity) and not _is_known(one, schema):
            yield Problem(f"{one.id}: the label {one.label!r} is not in the schema", lost=False)
        elif problem := schema.problem(one):
            yield Problem(f"{one.id}: {problem}", lost=False)
    if not schema.nested:
        yield from _overlaps(layer)


def _is_known(entity: Entity, schema: Schema) -> bool:
    """Whether the schema has the label, or the suggestion had it: that may be accepted as it is."""
    suggested = entity.origin.values.get("label") if entity.origin else None
    return schema.has_label(entity.label) or entity.label == suggested


def _overlaps(layer: Layer) -> Iterator[Problem]:
    """The entities that overlap another one, each with the one before it."""
    last: Annotation | None = None
    for one in layer.entities:
        if not one.status.stands:
            continue
        if last is not None and one.span.start < last.span.end:
            places = f"{last.span.start}-{last.span.end} and {one.span.start}-{one.span.end}"
            problem = f"{last.id} and {one.id}: two entities overlap ({places}); the schema is flat"
            yield Problem(problem, lost=False)
        if last is None or one.span.end > last.span.end:
            last = one


def suggestions(layer: Layer) -> Iterator[Problem]:
    """What a model's layer has that only a person can have decided."""
    for one in layer:
        if one.status is not Status.SUGGESTED:
            yield Problem(f"{one.id}: it is {one.status}, and a model's layer only suggests")


def _is_finite(score: object) -> bool:
    try:
        return isinstance(score, int | float) and isfinite(score)
    except OverflowError:
        return False
