"""What there is of a document and its annotations that a format may be unable to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from annotations.evidence import AUTHOR
from annotations.formats.documents import Labelled
from annotations.records import Annotation, Claim, Status

_Test = Callable[[Annotation], bool]

ENTITY: Final[Mapping[str, _Test]] = {
    "status": lambda one: one.status is not Status.SUGGESTED,
    "notes": lambda one: bool(one.note),
    "scores": lambda one: one.score is not None,
    "provenance": lambda one: one.origin is not None,
    "decisions": lambda one: bool(one.by or one.at or one.rev),
}
"""What any annotation may have besides its span and label."""

CLAIM: Final[Mapping[str, Callable[[Claim], bool]]] = {
    "claims": lambda one: True,
    "frame": lambda one: one.frame != "assertion",
    "time": lambda one: one.time != "unspecified",
    "quote": lambda one: one.quote != "none",
    "holder": lambda one: one.holder != (AUTHOR,),
    "chains": lambda one: len(one.holder) > 2,
    "likelihood": lambda one: bool(one.likelihood),
    "cues": lambda one: bool(one.cues or one.target),
    "doubt": lambda one: one.doubt,
}
"""What a claim may have besides its stance and certainty."""

DOCUMENT: Final = ("title", "meta", "rejected", "unfinished", "annotator")
"""What a document may have besides its text."""


def lacking(one: Labelled, lost: frozenset[str]) -> Iterator[tuple[str, Annotation | None]]:
    """What of the document falls into `lost`: the name of each thing, with the annotation."""
    document = one.document
    if "title" in lost and document.title:
        yield "title", None
    if "meta" in lost and (document.metadata or document.source):
        yield "meta", None
    if "annotator" in lost and one.annotator:
        yield "annotator", None
    if "unfinished" in lost and not one.finished:
        yield "unfinished", None
    if "rejected" in lost:
        for annotation in one.rejected:
            yield "rejected", annotation
    common = [(name, test) for name, test in ENTITY.items() if name in lost]
    own = [(name, test) for name, test in CLAIM.items() if name in lost]
    for claim in one.claims:
        for name, holds in own:
            if holds(claim):
                yield name, claim
    if common:
        kept = one.entities if "claims" in lost else one.standing
        for annotation in kept:
            for name, has in common:
                if has(annotation):
                    yield name, annotation
