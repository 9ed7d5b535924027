"""Decisions on a text, found again in a text that came of the same source later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from annotations import record_parser
from annotations.changes import new_id
from annotations.evidence import UNNAMED, Cue, Holder, Link, Provenance
from annotations.layer import Layer
from annotations.messages import counted
from annotations.project import Project
from annotations.records import (
    Action,
    Annotation,
    Change,
    Claim,
    Document,
    Entity,
    Status,
    suggestion_id,
)
from annotations.review.seeding import is_seeded
from annotations.sources.alignment import Alignment, Fate, Found
from annotations.span import Span, SpanIndex
from annotations.spelling import composed

_SHOWN: Final = 60
"""Code points of an annotation's words that are shown."""

_FURTHEST: Final = 60
"""Code points up to which a claim's predicate is looked for from where it may be, for its id."""


@dataclass(slots=True)
class Moved:
    """What became of the decisions on an earlier text: each is kept, ambiguous or lost.

    Attributes:
        earlier: the document that they were made on.
        kept: how many stand, or are rejected, in the new text.
        rejected: how many of them are rejected.
        changed: those of them whose line or sentence changed, with the place and what is there.
        by_words: those that other text stands around now, with the same.
        respelled: those whose letters are other code points now.
        ambiguous: annotations whose words are there, and not in one plain place.
        lost: annotations whose words are gone, or that may not be kept, and why not.
        holders: claims that somebody unnamed holds now, with who held them.
        origins: those of the kept whose suggestion has no place in the new text.
        cues: how many words that led to suggestions have none.
        left: what else was decided of the earlier document and is not of this one.
    """

    earlier: Document
    kept: int = 0
    rejected: int = 0
    changed: list[tuple[Annotation, str]] = field(default_factory=list)
    by_words: list[tuple[Annotation, str]] = field(default_factory=list)
    respelled: list[tuple[Annotation, str]] = field(default_factory=list)
    ambiguous: list[Annotation] = field(default_factory=list)
    lost: list[tuple[Annotation, str]] = field(default_factory=list)
    holders: list[tuple[Annotation, str]] = field(default_factory=list)
    origins: list[Annotation] = field(default_factory=list)
    cues: int = 0
    left: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """What became of them for a person, a line at a time."""
        yield (
            f"{self.earlier.source}: changed since {self.earlier.id}; {self.kept} decisions moved, "
            f"{len(self.ambiguous)} ambiguous, {len(self.lost)} lost"
        )
        said: list[tuple[str, list[tuple[Annotation, str]]]] = [
            (Fate.CHANGED.value, self.changed),
            (Fate.BY_WORDS.value, self.by_words),
            ("moved, in other letters", self.respelled),
            (Fate.AMBIGUOUS.value, [(one, "") for one in self.ambiguous]),
            (Fate.LOST.value, self.lost),
            ("holder lost", self.holders),
        ]
        for fate, many in said:
            for one, more in sorted(many, key=lambda pair: pair[0].span):
                yield f"  {fate}: {_named(one)}{more}"
        dropped = list(self.left)
        if self.origins:
            dropped.append(f"which suggestion {counted(len(self.origins), 'annotation')} began as")
        if self.cues:
            dropped.append(counted(self.cues, "cue"))
        if dropped:
            yield f"  not kept: {', '.join(dropped)}"


def _named(one: Annotation) -> str:
    words = " ".join(one.text.split())[:_SHOWN]
    was = ", rejected" if one.status is Status.REJECTED else ""
    return f"{one.span.start}-{one.span.end} {one.kind} {words!r}{was}"


def movable(layer: Layer) -> list[Annotation]:
    """What a changed text takes along: all that stands or was rejected, in document order."""
    return [one for one in layer.index if one.status is not Status.SUGGESTED and not is_seeded(one)]


def carry_over(project: Project, earlier: Document, document: Document) -> Moved | None:
    """Take the annotator's decisions from an earlier document to this one.

    They are one decision in the new document, and one undo; the earlier document stays as it is.
    None where nothing stands or is rejected in the earlier one.

    Raises:
        StorageError, in all its kinds: nothing was taken along.
    """
    layer = project.layer(earlier.id)
    if not (given := movable(layer)):
        return None
    crossing = _Crossing(project, earlier, document)
    for kind in (Entity.kind, Claim.kind):  # a holder has to be there before the claim
        for one in given:
            if one.kind == kind:
                crossing.take(one)
    moved = crossing.moved
    if layer.state.finished:
        moved.left.append("that it was done")
    if layer.state.flags:
        moved.left.append(counted(len(layer.state.flags), "flag"))
    if made := sorted(crossing.made.values(), key=lambda one: one.span):
        project.decide(document.id, Action.ADD, [Change(None, one) for one in made])
    return moved


class _Crossing:
    """Takes annotations from one text to the other, one at a time, entities first."""

    def __init__(self, project: Project, earlier: Document, document: Document) -> None:
        self.moved = Moved(earlier)
        self.made: dict[str, Annotation] = {}
        self._schema = project.schema
        self._text = document.text
        self._alignment = Alignment(earlier.text, document.text)
        self._ids = set[str]()
        self._sure = set[str]()  # what other words around them may not make somebody else of
        self._standing: SpanIndex[Entity] = SpanIndex()

    def take(self, one: Annotation) -> None:
        """Put the annotation where its words are now, or list it."""
        found = self._alignment.find(one.span)
        if found.span is None:
            if found.fate is Fate.AMBIGUOUS:
                self.moved.ambiguous.append(one)
            else:
                self.moved.lost.append((one, ""))
            return
        made = self._moved(one, found.span)
        if problem := self._problem(made):
            self.moved.lost.append((one, f"; {problem}"))
            return
        self._keep(one, made, found)

    def _keep(self, one: Annotation, made: Annotation, found: Found) -> None:
        moved = self.moved
        moved.kept += 1
        moved.rejected += made.status is Status.REJECTED
        self.made[one.id] = made
        self._ids.add(made.id)
        if isinstance(made, Entity) and made.status.stands:
            self._standing.put(made)
        now = f", now {made.span.start}-{made.span.end}"
        if found.fate is not Fate.SAME:
            many = moved.changed if found.fate is Fate.CHANGED else moved.by_words
            many.append((one, f"{now} in {self._alignment.around(made.span)!r}"))
        if found.fate is not Fate.BY_WORDS:
            self._sure.add(one.id)
        if made.text.split() != one.text.split():
            moved.respelled.append((one, now))
        if one.origin is not None and made.origin is None:
            moved.origins.append(one)
        if isinstance(one, Claim) and isinstance(made, Claim):
            moved.cues += len(one.cues) - len(made.cues)
            gone = [
                link.name
                for link, new in zip(one.holder, made.holder, strict=True)
                if new == UNNAMED != link
            ]
            if gone:
                moved.holders.append((one, f"; {' ← '.join(gone)} is not there, unnamed now"))

    def _problem(self, made: Annotation) -> str:
        """Why the new text may not have it; empty if it may."""
        if made.status is Status.REJECTED and made.origin is None:
            return "the suggestion that was rejected has no place"
        if problem := self._schema.problem(made):
            return problem
        if isinstance(made, Entity) and made.status.stands and not self._schema.nested:
            for other in self._standing.between(made.span.start, made.span.end):
                return f"it would overlap {other.text!r} {other.label}"
        return ""

    def _moved(self, one: Annotation, span: Span) -> Annotation:
        text = span.of(self._text)
        origin = self._origin(one, span)
        made: Annotation = replace(one, span=span, text=text, rev=0, origin=origin)
        if isinstance(made, Claim) and isinstance(one, Claim):
            cues = [self._place(Span(cue.start, cue.end)) for cue in one.cues]
            made = replace(
                made,
                holder=tuple(self._link(link) or UNNAMED for link in one.holder),
                target=one.target and self._place(one.target),
                cues=tuple(
                    Cue(place.start, place.end, cue.kind, cue.effect)
                    for cue, place in zip(one.cues, cues, strict=True)
                    if place
                ),
            )
        if origin and made.status is Status.ACCEPTED and made.values() != dict(origin.values):
            origin = None  # nobody corrected it: what it was accepted with is gone
        if origin is None:
            status = Status.REJECTED if one.status is Status.REJECTED else Status.ADDED
            return replace(made, id=new_id(), origin=None, status=status, score=None)
        return replace(made, id=self._id(one, origin))

    def _place(self, span: Span) -> Span | None:
        """Where words of an annotation are now, if they are plainly the same ones."""
        found = self._alignment.find(span)
        return found.span if found.fate in (Fate.SAME, Fate.CHANGED) else None

    def _link(self, link: Link) -> Link | None:
        """The holder in the new text; None where it is not there."""
        if link.start < 0:
            return link
        end = link.start + len(link.text)
        entity = self.made.get(link.entity) if link.entity in self._sure else None
        if isinstance(entity, Entity) and composed(entity.text) == composed(link.text):
            return replace(link, text=entity.text, start=entity.span.start, entity=entity.id)
        span = self._place(Span(link.start, end)) if link.text else None
        if span is None:
            return None
        if isinstance(entity, Entity):
            return replace(link, text=span.of(self._text), start=span.start, entity=entity.id)
        return Link("span", span.of(self._text), span.start)

    def _origin(self, one: Annotation, span: Span) -> Provenance | None:
        """The suggestion that it began as, where that would be in the new text."""
        origin = one.origin
        if origin is None:
            return None
        began = Span(origin.start, origin.end)
        place = span if began == one.span else self._place(began)
        values: dict[str, Any] = dict(origin.values)
        if place is None:
            return None
        if "holder" in values:
            holder: Holder = tuple(map(record_parser.link, values["holder"]))
            links = [self._link(link) for link in holder]
            if None in links:
                return None
            values["holder"] = [link.plain() for link in links if link]
        return replace(origin, start=place.start, end=place.end, values=values)

    def _id(self, one: Annotation, origin: Provenance) -> str:
        """The id that the same suggestion of the same model would have in the new text."""
        was = one.origin
        assert was is not None
        began = Span(was.start, was.end)
        for value in _values(was, one):
            if suggestion_id(was.layer, one.kind, began, value) == one.id:
                made = suggestion_id(was.layer, one.kind, Span(origin.start, origin.end), value)
                return new_id() if made in self._ids else made
        return new_id()


def _values(origin: Provenance, one: Annotation) -> Iterator[str]:
    """By what a suggestion's id may tell it from others at the same place."""
    if isinstance(one, Entity):
        yield str(origin.values.get("label", ""))
        return
    yield f"{origin.values.get('stance', '')} {origin.values.get('certainty', '')}"
    yield ""
    # Claims are told apart by how far their predicate is from their first word.
    near = one.target.start - origin.start if one.target else 0
    yield from (str(near + step) for step in range(_FURTHEST))
    yield from (str(near - step) for step in range(1, _FURTHEST))
