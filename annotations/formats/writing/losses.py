"""What there is of a document and its annotations that a format may be unable to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Final, TypeAlias

from annotations.evidence import AUTHOR
from annotations.formats.documents import Labelled
from annotations.records import Annotation, Claim, Status

_Test = Callable[[Annotation], object]

ENTITY: Final[Mapping[str, _Test]] = {
    "status": lambda one: one.status is not Status.SUGGESTED,
    "notes": attrgetter("note"),
    "scores": lambda one: one.score is not None,
    "provenance": attrgetter("origin"),
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


Lack: TypeAlias = tuple[str, int, Annotation | None]
"""What falls out, how often in a document, and the first annotation that has it; None for itself."""


def lacking(one: Labelled, lost: frozenset[str]) -> Iterator[Lack]:
    """What of the document falls into `lost`."""
    document = one.document
    if "title" in lost and document.title:
        yield "title", 1, None
    if "meta" in lost and (document.metadata or document.source):
        yield "meta", 1, None
    if "annotator" in lost and one.annotator:
        yield "annotator", 1, None
    if "unfinished" in lost and not one.finished:
        yield "unfinished", 1, None
    if "rejected" in lost and one.rejected:
        yield "rejected", len(one.rejected), one.rejected[0]
    for name, holds in CLAIM.items():
        if name in lost and (found := [*filter(holds, one.claims)]):
            yield name, len(found), found[0]
    kept = one.entities if "claims" in lost else one.standing
    for name, has in ENTITY.items():
        if name in lost and (having := [*filter(has, kept)]):
            yield name, len(having), having[0]
