"""The queue of what is to be reviewed over all documents, filled a document at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from time import monotonic
from typing import Final, Protocol, TypeAlias

from annotations.comparison import Difference
from annotations.errors import StorageError
from annotations.layer import Overlay
from annotations.project import Project
from annotations.records import Claim, Entity, Plain, Status
from annotations.schema import Schema

Rank: TypeAlias = tuple[float | int | str, ...]
"""What a queue is ordered by, the smallest first; of one shape within one queue."""

_STANDING: Final = frozenset(status for status in Status if status.stands)


class Order(StrEnum):
    """What comes first in a queue of suggestions."""

    SCORE = "score"
    LABEL = "label"
    TEXT = "text"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide on.

    Attributes:
        document: the document's id.
        annotation: the id of the annotation that it is about.
        rank: where it stands among the others.
        late: 0 in its turn, 1 behind all others once skipped, 2 at the very end once flagged.
        difference: the difference of two layers that it is about, if it is about one.
    """

    document: str
    annotation: str
    rank: Rank = ()
    late: int = 0
    difference: Difference | None = None


Batch: TypeAlias = list[Item]
"""What is to be reviewed in one document."""


class Review(Protocol):
    """What is reviewed: where its items come from, and what is shown around them.

    Attributes:
        name: what is reviewed, in words.
        only_open: whether what is decided leaves the queue.
    """

    name: str
    only_open: bool

    def batches(self) -> Iterator[Batch]:
        """The items, a document at a time."""

    def overlay(self, document_id: str) -> Overlay:
        """What is seen of a document."""


class Queue:
    """Items in order, one of which is in hand. Pure: it knows no project and reads no file.

    Items may be added behind the one in hand while it is worked through. What is decided stays in
    its place and is passed over, so that one can go back to it.
    """

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._batches: Iterator[Batch] | None = iter(batches)
        self._items: list[Item] = []
        self._waiting: list[Item] = []
        self._place = 0
        self._is_begun = False
        self._gone: set[tuple[str, str]] = set()
        self._skipped = 0

    def __len__(self) -> int:
        return len(self._items) + len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether every document has been looked at."""
        return self._batches is None

    @property
    def number(self) -> int:
        """The place of the item in hand, from 1; one more than there are at the end."""
        return self._place + 1

    @property
    def left(self) -> int:
        """How many are not decided."""
        return sum(not self._is_gone(one) for one in (*self._items, *self._waiting))

    @property
    def current(self) -> Item | None:
        """The item in hand; None at the end."""
        return self._items[self._place] if self._place < len(self._items) else None

    def fill(self, seconds: float | None = None) -> bool:
        """Take in more documents, for so long or to the end; returns whether all are in.

        What is in hand stays in hand, and what comes in stands behind it.
        """
        end = None if seconds is None else monotonic() + seconds
        while self._batches is not None:
            batch = next(self._batches, None)
            if batch is None:
                self._batches = None
                break
            self._waiting += batch
            if end is not None and monotonic() >= end:
                break
        return self.is_full

    def _sort_in(self) -> None:
        """Put what came in where it belongs behind the item in hand; once for many batches."""
        if self._waiting:
            behind = self._place + 1 if self._is_begun else 0
            rest = self._items[behind:] + self._waiting
            rest.sort(key=lambda one: (one.late, one.rank))
            self._items[behind:] = rest
            self._waiting = []

    def next(self) -> Item | None:
        """Go to the next item that is not decided; None, and the end, where none is left."""
        self._sort_in()
        self._place = min(self._place + 1, len(self._items))
        return self.settle_down()

    def settle_down(self) -> Item | None:
        """Stay where one is, unless that is decided: then go on to the next that is not."""
        self._sort_in()
        while (here := self.current) is not None and self._is_gone(here):
            self._place += 1
        return here

    def previous(self) -> Item | None:
        """Go back to the item before, decided or not; None at the first."""
        if not self._place:
            return None
        self._place -= 1
        return self.current

    def first(self) -> Item | None:
        """Go to the first item that is not decided."""
        self._sort_in()
        self._place = 0
        self._is_begun = True
        return self.settle_down()

    def postpone(self, late: int = 1) -> Item | None:
        """Put the item in hand behind all that are less late, and take the next one."""
        self._sort_in()
        here = self.current
        if here is not None:
            self._skipped += 1
            del self._items[self._place]
            moved = replace(here, late=late)
            last = len(self._items)
            while last > self._place and self._items[last - 1].late > late:
                last -= 1
            self._items.insert(last, moved)
        return self.settle_down()

    def offer(self, items: Iterable[Item]) -> int:
        """Put items right behind the one in hand; returns how many were new."""
        self._sort_in()
        known = {(one.document, one.annotation) for one in self._items}
        new = [one for one in items if (one.document, one.annotation) not in known]
        self._items[self._place + 1 : self._place + 1] = new
        return len(new)

    def settle(self, document: str, annotations: Collection[str]) -> None:
        """These are decided."""
        self._gone |= {(document, one) for one in annotations}

    def reopen(self, document: str, annotations: Collection[str]) -> None:
        """These are not decided after all."""
        self._gone -= {(document, one) for one in annotations}

    def point(self, document: str, annotation: str) -> bool:
        """Take an annotation's item in hand; False if it has none."""
        self._sort_in()
        for place, one in enumerate(self._items):
            if (one.document, one.annotation) == (document, annotation):
                self._place = place
                return True
        return False

    def _is_gone(self, one: Item) -> bool:
        return (one.document, one.annotation) in self._gone


class Suggestions:
    """The open suggestions of one model's layer.

    Args:
        project: whose annotator reviews.
        layer: the model's layer.
        order: what comes first; least sure first with `score`.
        late: ids of suggestions that were skipped before.
    """

    only_open = True

    def __init__(
        self, project: Project, layer: str, order: Order = Order.SCORE, late: Collection[str] = ()
    ) -> None:
        self.name = layer
        self._project = project
        self._late = late
        self._order = order
        self._labels = _positions(project.schema)

    def batches(self) -> Iterator[Batch]:
        """The open suggestions, a document at a time in the project's order.

        A layer's file is looked through without making records of it, so that a document is
        wholly read only when one comes to it; what cannot be read is left to `purport verify`.
        """
        for place, document_id in enumerate(self._project.order()):
            try:
                if self.name in self._project.models(document_id):
                    yield list(self._batch(place, document_id))
            except StorageError:
                continue

    def overlay(self, document_id: str) -> Overlay:
        """The annotator's own layer, and beside it this model's alone."""
        project = self._project
        beside = [project.layer(document_id, self.name)] if self._has(document_id) else []
        return Overlay(project.layer(document_id), beside, nested=project.schema.nested)

    def _has(self, document_id: str) -> bool:
        return self.name in self._project.models(document_id)

    def _batch(self, place: int, document_id: str) -> Iterator[Item]:
        project = self._project
        others = [one for one in project.layers(document_id) if one != self.name]
        own: list[Plain] = []
        flags: Collection[str] = ()
        if project.annotator in others:
            own = project.rows(document_id, project.annotator)
            flags = project.layer(document_id).state.flags
            others.remove(project.annotator)
        is_settled = _settled(own, nested=project.schema.nested)
        disagrees = self._disagreement(document_id, others)
        for one in project.rows(document_id, self.name):
            if is_settled(one):
                continue
            key = one["id"]
            late = 2 if key in flags else int(key in self._late)
            yield Item(document_id, key, self._rank(one, place, disagrees), late)

    def _rank(self, one: Plain, place: int, disagrees: Callable[[Plain], float]) -> Rank:
        where = (place, one["start"], one["end"])
        if self._order is Order.SCORE:
            score = one.get("score")
            return (score is None, score or 0.0, *where)
        if self._order is Order.LABEL:
            return (self._labels.get(one.get("label", ""), len(self._labels)), *where)
        if self._order is Order.DISAGREEMENT:
            return (-disagrees(one), *where)
        return where

    def _disagreement(self, document_id: str, others: Collection[str]) -> Callable[[Plain], float]:
        """How large a part of the other layers says something else of a suggestion, 0 to 1."""
        if self._order is not Order.DISAGREEMENT or not others:
            return lambda _: 0.0
        said = [set(map(_said, self._project.rows(document_id, name))) for name in others]
        return lambda one: sum(_said(one) not in found for found in said) / len(said)


def _said(one: Plain) -> tuple[object, ...]:
    names = ("kind", "start", "end", "label", "stance", "certainty")
    return tuple(one.get(name) for name in names)


def _positions(schema: Schema) -> dict[str, int]:
    return {label.name: place for place, label in enumerate(schema.labels)}


def _settled(own: Collection[Plain], *, nested: bool) -> Callable[[Plain], bool]:
    """Whether a suggestion is decided on, from the rows of the person's layer; see `Overlay`."""
    if not own:
        return lambda _: False
    ids = {one["id"] for one in own}
    rejected = {(_said(one)) for one in own if one["status"] == Status.REJECTED}
    stands = [one for one in own if one["status"] in _STANDING]
    exact = {(one["kind"], one["start"], one["end"]) for one in stands}
    covered: set[int] = set()
    if not nested:
        for one in stands:
            if one["kind"] == Entity.kind:
                covered.update(range(one["start"], one["end"]))

    def is_settled(one: Plain) -> bool:
        where = (one["kind"], one["start"], one["end"])
        if (
            one["id"] in ids
            or where in exact
            or (one["kind"] != Claim.kind and _said(one) in rejected)
        ):
            return True
        return one["kind"] == Entity.kind and not covered.isdisjoint(
            range(one["start"], one["end"])
        )

    return is_settled


class Marked:
    """Annotations that are named one by one, such as those behind a figure.

    Args:
        project: whose annotator reviews.
        name: what they are, in words.
        places: each one's document and id.
    """

    only_open = False

    def __init__(self, project: Project, name: str, places: Iterable[tuple[str, str]]) -> None:
        self.name = name
        self._project = project
        self._places = tuple(places)

    def batches(self) -> Iterator[Batch]:
        """All of them at once, in the order in which they were named."""
        yield [
            Item(document, annotation, (place,))
            for place, (document, annotation) in enumerate(self._places)
        ]

    def overlay(self, document_id: str) -> Overlay:
        """What the annotator sees in the reader."""
        return self._project.overlay(document_id)
