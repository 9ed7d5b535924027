"""What an export did, and what its format could not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from annotations.formats.documents import Labelled
from annotations.records import Annotation, Document, Plain
from annotations.span import Span

_NAMED: Final = 20


@dataclass(slots=True)
class Part:
    """One file of an export, with what went into it."""

    name: str
    path: Path
    documents: int = 0
    entities: int = 0
    claims: int = 0
    rejected: int = 0

    def count(self, one: Labelled) -> None:
        """Take a document's annotations into the figures."""
        self.documents += 1
        self.entities += len(one.entities)
        self.claims += len(one.claims)
        self.rejected += len(one.rejected)


@dataclass(frozen=True, slots=True)
class Loss:
    """An annotation that the format could not hold as it is.

    Attributes:
        document: the document's id.
        title: the document's title.
        kind: `entity` or `claim`.
        annotation: the annotation's id.
        span: its offsets, in code points.
        text: its words.
        reason: what the format did instead, in words.
    """

    document: str
    title: str
    kind: str
    annotation: str
    span: Span
    text: str
    reason: str

    def __str__(self) -> str:
        words = " ".join(self.text.split())
        words = words if len(words) <= 60 else words[:59] + "…"
        place = f"{self.title} ({self.document}) {self.span.start}-{self.span.end}"
        return f"{place} {self.kind} {words!r}: {self.reason}"


@dataclass(slots=True)
class Report:
    """What an export wrote and what it left out.

    Attributes:
        format: the format's name.
        parts: the files, in the order of the split.
        unfinished: documents left out because they are not done.
        redacted: documents left out because their text was erased.
        losses: annotations that the format could not hold as they are, each named.
    """

    format: str
    parts: list[Part] = field(default_factory=list)
    unfinished: int = 0
    redacted: int = 0
    losses: list[Loss] = field(default_factory=list)

    def lose(self, document: Document, annotation: Annotation, reason: str) -> None:
        """Name an annotation that could not be held as it is."""
        self.losses.append(
            Loss(
                document=document.id,
                title=document.title,
                kind=annotation.kind,
                annotation=annotation.id,
                span=annotation.span,
                text=annotation.text,
                reason=reason,
            )
        )

    @property
    def documents(self) -> int:
        """How many documents were written."""
        return sum(part.documents for part in self.parts)

    def lines(self) -> Iterator[str]:
        """The report for a person, a line at a time."""
        for part in self.parts:
            yield (
                f"{part.path}: {_count(part.documents, 'document')}, "
                f"{_count(part.entities, 'entity', 'entities')}, {_count(part.claims, 'claim')}, "
                f"{part.rejected} rejected"
            )
        if self.redacted:
            yield f"left out: {_count(self.redacted, 'redacted document')}"
        if self.unfinished:
            yield f"left out: {_count(self.unfinished, 'document')} not done yet; --all takes them"
        for reason, times in Counter(loss.reason for loss in self.losses).items():
            yield f"{_count(times, 'annotation')} {reason}:"
            named = [loss for loss in self.losses if loss.reason == reason]
            yield from (f"  {loss}" for loss in named[:_NAMED])
            if times > _NAMED:
                yield f"  and {times - _NAMED} more"

    def plain(self) -> Plain:
        """The report as JSON holds it, every loss named."""
        return {
            "format": self.format,
            "parts": [
                {
                    "name": part.name,
                    "path": str(part.path),
                    "documents": part.documents,
                    "entities": part.entities,
                    "claims": part.claims,
                    "rejected": part.rejected,
                }
                for part in self.parts
            ],
            "unfinished": self.unfinished,
            "losses": [
                {
                    "document": loss.document,
                    "title": loss.title,
                    "kind": loss.kind,
                    "annotation": loss.annotation,
                    "start": loss.span.start,
                    "end": loss.span.end,
                    "text": loss.text,
                    "reason": loss.reason,
                }
                for loss in self.losses
            ],
        }


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
