"""Who may hold a claim: the persons and bodies that the text names near it."""

from __future__ import annotations

from itertools import islice
from typing import Final

from annotations.evidence import Link
from annotations.records import Annotation, Claim, Entity, Status
from annotations.schema import Schema
from annotations.span import Span, SpanIndex
from annotations.text import Text

LABELS: Final = frozenset({"PERSON", "ORG", "GPE", "NORP"})
"""Labels of those who can hold a claim; in a project that has none of them, every label."""

_CHOICES: Final = 9
"""How many holders a line can offer under one key each."""

_BEFORE: Final = 400
"""Code points before the claim's paragraph in which holders are still near."""


def near(claim: Claim, text: Text, index: SpanIndex[Annotation], schema: Schema) -> list[Link]:
    """Those who may hold the claim, each name once.

    First those of the claim's own sentence, before the claim and then behind it; then those
    before the sentence, the nearest first; then those behind it, in its paragraph.
    """
    own = text.sentence_at(claim.span.start) or claim.span
    own = Span(min(own.start, claim.span.start), max(own.end, claim.span.end))
    paragraph = text.paragraphs[text.paragraph_at(claim.span.start)]
    labels = LABELS & {one.name for one in schema.labels}
    found = [
        one
        for one in index.between(max(0, paragraph.start - _BEFORE), max(paragraph.end, own.end))
        if isinstance(one, Entity)
        and one.status is not Status.REJECTED
        and (one.label in labels or not labels)
        and not claim.span.covers(one.span)
    ]

    def distance(one: Entity) -> tuple[bool, bool, int]:
        gap = claim.span.start - one.span.end
        return (not own.overlaps(one.span), gap < 0, abs(gap))

    links: dict[str, Link] = {}
    for one in sorted(found, key=distance):
        links.setdefault(one.text, Link("entity", one.text, one.span.start, one.id))
    return list(islice(links.values(), _CHOICES))
