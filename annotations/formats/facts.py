"""What any reader can see of a document: where its annotations are and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.report import Loss
from annotations.records import Annotation, Claim

Fact: TypeAlias = tuple[str, int, int, str]
"""Kind, start, end, and label, or stance and certainty."""


def fact(one: Annotation) -> Fact:
    """What there is of an annotation for any reader."""
    value = f"{one.stance} {one.certainty}" if isinstance(one, Claim) else one.label
    return one.kind, one.span.start, one.span.end, value


def facts(one: Labelled) -> Counter[Fact]:
    """What stands in a document."""
    return Counter(fact(each) for each in one.standing)


def held(one: Labelled, losses: Sequence[Loss], chosen: Format) -> Counter[Fact]:
    """What of a document the file should have, by what its writer said of it."""
    lost = {loss.annotation: loss for loss in losses if loss.document == one.document.id}
    found: Counter[Fact] = Counter()
    for each in one.standing:
        if isinstance(each, Claim) and "claims" in chosen.lost:
            continue
        loss = lost.get(each.id)
        if loss is None:
            found[fact(each)] += 1
        elif loss.held is not None:
            span, value = loss.held
            found[each.kind, span.start, span.end, value] += 1
    return found
