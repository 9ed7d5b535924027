"""What an export did, and what its format could not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from annotations.formats.documents import Labelled
from annotations.formats.writing.losses import lacking
from annotations.messages import counted
from annotations.records import Annotation, Document, Plain
from annotations.schema import Schema, default
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
        held: the span and label that it has in the file; None where it is not there.
    """

    document: str
    title: str
    kind: str
    annotation: str
    span: Span
    text: str
    reason: str
    held: tuple[Span, str] | None = None

    def __str__(self) -> str:
        words = _shortened(self.text, 60)
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
        damaged: documents left out because they cannot be read, by id, each with the reason.
        losses: annotations that the format could not hold as they are, each named.
        lacks: for each thing that the format has no place for, how often it was there, and where
            first.
        tally: how many annotations there are of each label, stance, certainty, status, annotator
            and model, by the kind of figure and its value.
        makers: one line for each model, or import, whose layer was written or suggested something.
        schema: what the annotations may say.
        notes: one line for each other thing that the person should know.
    """

    format: str
    parts: list[Part] = field(default_factory=list)
    unfinished: int = 0
    redacted: int = 0
    damaged: dict[str, str] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    lacks: dict[str, tuple[int, str]] = field(default_factory=dict)
    tally: Counter[tuple[str, str]] = field(default_factory=Counter)
    makers: dict[str, None] = field(default_factory=dict)
    schema: Schema = field(default_factory=default)
    notes: list[str] = field(default_factory=list)

    def count(self, one: Labelled, part: Part, lost: frozenset[str] = frozenset()) -> None:
        """Take a document into the figures of its part, and what falls into `lost` into `lacks`."""
        part.count(one)
        self._count(one)
        if not lost:
            return
        for name, more, annotation in lacking(one, lost):
            times, example = self.lacks.get(name, (0, ""))
            if not times:
                example = one.document.title
                if annotation is not None:
                    example += f" {annotation.span.start}-{annotation.span.end} {annotation.text!r}"
            self.lacks[name] = (times + more, example)

    def _count(self, one: Labelled) -> None:
        standing = one.standing
        figures: dict[str, Sequence[str]] = {
            "label": [entity.label for entity in one.entities],
            "stance": [claim.stance for claim in one.claims],
            "certainty": [claim.certainty for claim in one.claims],
            "status": [each.status for each in standing],
            "suggested by": [each.origin.layer for each in one if each.origin is not None],
            "annotator": [one.annotator],
        }
        for kind, values in figures.items():
            # A document's few different values first: that is one look-up in C for each annotation.
            for value, times in Counter(values).items():
                self.tally[kind, value] += times

    @property
    def labels(self) -> list[str]:
        """The labels of the entities, sorted."""
        return sorted(value for kind, value in self.tally if kind == "label")

    def lose(
        self,
        document: Document,
        annotation: Annotation,
        reason: str,
        held: tuple[Span, str] | None = None,
    ) -> None:
        """Name an annotation that could not be held as it is, and what the file has instead."""
        self.losses.append(
            Loss(
                document=document.id,
                title=document.title,
                kind=annotation.kind,
                annotation=annotation.id,
                span=annotation.span,
                text=annotation.text,
                reason=reason,
                held=held,
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
                f"{part.path}: {counted(part.documents, 'document')}, "
                f"{counted(part.entities, 'entity', 'entities')}, {counted(part.claims, 'claim')}, "
                f"{part.rejected} rejected"
            )
        if self.damaged:
            yield f"left out: {counted(len(self.damaged), 'document')} that cannot be read"
        if self.redacted:
            yield f"left out: {counted(self.redacted, 'redacted document')}"
        if self.unfinished:
            yield f"left out: {counted(self.unfinished, 'document')} not done yet; --all takes them"
        yield from self.missing()
        yield from self.notes

    def missing(self) -> Iterator[str]:
        """What the format could not hold, how often, with examples, a line at a time."""
        for reason, times in Counter(loss.reason for loss in self.losses).items():
            yield f"{counted(times, 'annotation')} {reason}:"
            named = [loss for loss in self.losses if loss.reason == reason]
            yield from (f"  {loss}" for loss in named[:_NAMED])
            if times > _NAMED:
                yield f"  and {times - _NAMED} more"
        for name, (times, example) in self.lacks.items():
            words = _shortened(example)
            yield f"no place for {name}: {times}, such as in {words}"

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
            **({"damaged": len(self.damaged)} if self.damaged else {}),
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
            "lacks": {name: times for name, (times, _) in self.lacks.items()},
            "makers": [*self.makers],
        }


def _shortened(words: str, most: int = 100) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1] + "…"
