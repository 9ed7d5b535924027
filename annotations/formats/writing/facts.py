"""What any reader can see of a document: where its annotations are and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.writing.report import Loss
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


Known: TypeAlias = tuple[str, Fact]
"""An annotation's id, with what there is of it for any reader."""


def known(one: Labelled) -> list[Known]:
    """What stands in a document, each with its id, by which a writer names what it loses."""
    return [(each.id, fact(each)) for each in one.standing]


def held(standing: Iterable[Known], losses: Iterable[Loss], chosen: Format) -> Counter[Fact]:
    """What of a document the file should have, by what its writer said of it.

    Args:
        standing: what `known` says of the document.
        losses: what the writer said of this document.
        chosen: the format.
    """
    lost = {loss.annotation: loss for loss in losses}
    found: Counter[Fact] = Counter()
    for annotation_id, one in standing:
        kind = one[0]
        if kind == Claim.kind and "claims" in chosen.lost:
            continue
        loss = lost.get(annotation_id)
        if loss is None:
            found[one] += 1
        elif loss.held is not None:
            span, value = loss.held
            found[kind, span.start, span.end, value] += 1
    return found
