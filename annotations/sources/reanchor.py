"""Decisions on a text, found again in a text that came of the same source later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import PurePath
from typing import Final

from annotations.changes import new_id
from annotations.evidence import UNNAMED, Holder, Link
from annotations.project import Project
from annotations.records import Action, Annotation, Change, Document, Entity, Status
from annotations.span import Span, SpanIndex
from annotations.text import Text

AROUND: Final = 32
"""Code points ahead and behind that a passage is known by, besides its own words."""

LEAST: Final = 0.6
"""How like what stood around it a place has to be, both sides summed, where there are several."""

MARGIN: Final = 0.2
"""By how much it has to be more like it than any other."""

_MANY: Final = {".jsonl", ".csv", ".tsv"}
_MOST: Final = 200
"""Places of the same words that are weighed against each other."""


@dataclass(slots=True)
class Moved:
    """What became of the decisions on an earlier text.

    Attributes:
        earlier: the document that they were made on.
        kept: how many stand in the new text.
        by_words: those of them that other text stands around now.
        ambiguous: annotations whose words stand in several places that fit as well, or in one that
            another has.
        lost: annotations whose words are gone.
    """

    earlier: Document
    kept: int = 0
    by_words: list[Annotation] = field(default_factory=list)
    ambiguous: list[Annotation] = field(default_factory=list)
    lost: list[Annotation] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """What became of them for a person, a line at a time."""
        yield (
            f"{self.earlier.source}: changed since {self.earlier.id}; {self.kept} decisions moved, "
            f"{len(self.ambiguous)} ambiguous, {len(self.lost)} lost"
        )
        for word, many in (
            ("moved by its words alone", self.by_words),
            ("ambiguous", self.ambiguous),
            ("lost", self.lost),
        ):
            for one in many:
                words = " ".join(one.text.split())[:60]
                yield f"  {word}: {one.span.start}-{one.span.end} {one.kind} {words!r}"


def carry_over(project: Project, document: Document) -> Moved | None:
    """Take the annotator's decisions from the last document of the same source to this new one.

    They are one decision in the new document, and one undo; the earlier document stays as it is.
    None where nothing was decided on an earlier text of the source.
    """
    earlier = _earlier(project, document)
    if earlier is None:
        return None
    standing = [one for one in project.layer(earlier.id).index if one.status.stands]
    if not standing:
        return None
    moved = Moved(earlier)
    found: dict[str, Annotation] = {}
    taken: SpanIndex[Annotation] = SpanIndex()
    for one in standing:
        spans, is_exact = places(earlier.text, one.span, document.text)
        if len(spans) != 1:
            (moved.ambiguous if spans else moved.lost).append(one)
            continue
        text = spans[0].of(document.text)
        new = replace(one, id=new_id(), span=spans[0], text=text, rev=0, origin=None)
        near = taken.between(spans[0].start, spans[0].end)
        if any(_collides(new, other, project.schema.nested) for other in near):
            moved.ambiguous.append(one)
            continue
        taken.put(new)
        found[one.id] = new
        if not is_exact:
            moved.by_words.append(one)
    made = [_made(one, found, earlier.text, document.text) for one in found.values()]
    moved.kept = len(made)
    if made:
        project.decide(document.id, Action.ADD, [Change(None, one) for one in made])
    return moved


def _earlier(project: Project, document: Document) -> Document | None:
    if document.source in ("", "-"):
        return None
    is_row = bool(_MANY & set(PurePath(document.source.lower()).suffixes))
    name = _name(document)
    if is_row and not name:
        return None
    same = [one for one in project.look().decided(document.source) if one != document.id]
    found = (project.document(one) for one in reversed(same) if not project.is_redacted(one))
    return next((one for one in found if not is_row or _name(one) == name), None)


def _name(document: Document) -> tuple[str, str] | None:
    """What a row calls itself, an id or else a title: a file of many does not say what became which.

    A row's number is no name: the next version of the file may have another row there.
    """
    for key in ("id", "title"):
        if value := document.metadata.get(key):
            return key, str(value)
    return None


def _collides(one: Annotation, other: Annotation, nested: bool) -> bool:
    if one.kind != other.kind:
        return False
    is_entity = isinstance(one, Entity)
    return one.span == other.span if nested or not is_entity else True


def places(before: Text, span: Span, after: Text) -> tuple[list[Span], bool]:
    """Where the words of a span stand in another text, the places that fit best.

    The second value says whether the text around them is the same. Words with the same text ahead
    and behind come first; of several alike, those with the most like it around them. Of two that
    are about as good, neither is chosen.
    """
    words = span.of(before)
    ahead = before[max(0, span.start - AROUND) : span.start]
    behind = before[span.end : span.end + AROUND]
    exact = list(_finds(after, ahead + words + behind))
    if len(exact) == 1:
        start = exact[0] + len(ahead)
        return [Span(start, start + len(words))], True
    starts = list(_finds(after, words))
    if len(starts) in (0, 1, _MOST):  # so many that the right one may not be among them
        return [Span(start, start + len(words)) for start in starts], False
    scored = [
        (
            _shared(ahead[::-1], after[max(0, start - AROUND) : start][::-1])
            + _shared(behind, after[start + len(words) : start + len(words) + AROUND]),
            start,
        )
        for start in starts
    ]
    best = max(score for score, _ in scored)
    # One is chosen only where it is plainly more like what stood around the words than any other.
    near = [start for score, start in scored if score > best - MARGIN or best < LEAST]
    return [Span(start, start + len(words)) for start in near], False


def _finds(text: str, words: str) -> Iterator[int]:
    at, count = text.find(words), 0
    while at >= 0 and count < _MOST:
        yield at
        at, count = text.find(words, at + 1), count + 1


def _shared(one: str, other: str) -> float:
    """How like two contexts are, read from the passage outwards."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _made(one: Annotation, found: dict[str, Annotation], before: Text, after: Text) -> Annotation:
    """The annotation for the new text: added by the person, its holder and cues moved with it."""
    made = replace(one, status=Status.ADDED, score=None)
    if isinstance(made, Entity):
        return made
    holder = tuple(_link(link, found, before, after) for link in made.holder)
    return replace(made, holder=_whole(holder), cues=(), target=None)


def _link(link: Link, found: dict[str, Annotation], before: Text, after: Text) -> Link | None:
    if link.start < 0:
        return link
    entity = found.get(link.entity)
    if isinstance(entity, Entity):
        return replace(link, start=entity.span.start, entity=entity.id)
    spans, _ = places(before, Span(link.start, link.start + len(link.text)), after)
    return Link("span", link.text, spans[0].start) if len(spans) == 1 else None


def _whole(links: Iterable[Link | None]) -> Holder:
    # A holder whose words are gone is still somebody.
    return tuple(link or UNNAMED for link in links)
