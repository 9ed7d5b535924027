"""The queue of what is to be reviewed over all documents, filled a document at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from time import monotonic
from typing import Protocol, TypeAlias

from annotations.layer import Overlay
from annotations.review.comparison import Difference
from annotations.schema import Schema

Rank: TypeAlias = tuple[float | int | str, ...]
"""What a queue is ordered by, the smallest first; of one shape within one queue."""


class Order(StrEnum):
    """What comes first in a queue: the least sure, or the schema's first label, and so on.

    With `words`, the same words come together from all documents, in the order of the alphabet.
    """

    SCORE = "score"
    LABEL = "label"
    TEXT = "text"
    WORDS = "words"
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

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all that it is about."""
        sides = self.difference.sides if self.difference else ()
        return frozenset((self.annotation, *(one.id for one in sides)))


Batch: TypeAlias = list[Item]
"""What is to be reviewed in one document."""


class Review(Protocol):
    """What is reviewed: where its items come from, and what is shown around them.

    Attributes:
        name: what is reviewed, in words.
        left_out: how many documents it leaves out though one might look for them there.
        note: which these are, in a sentence; empty for none.
        only_open: whether what is decided leaves the queue.
    """

    name: str
    left_out: int
    note: str
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

    def recall(self, document: str, annotations: Collection[str]) -> bool:
        """Take the first item of these annotations in hand; False if they have none.

        One that was behind, such as one that was skipped or flagged, comes to where one is.
        """
        self._sort_in()
        for place, one in enumerate(self._items):
            if one.document == document and not one.ids.isdisjoint(annotations):
                if place > self._place:
                    self._items.insert(self._place, replace(self._items.pop(place), late=0))
                else:
                    self._place = place
                return True
        return False

    def _is_gone(self, one: Item) -> bool:
        return (one.document, one.annotation) in self._gone


def positions(schema: Schema) -> dict[str, int]:
    """Each label's place in a project's order."""
    return {label.name: place for place, label in enumerate(schema.labels)}


def alphabetical(words: str) -> str:
    """What words are ordered by: the same for the same words, in whatever case and spacing."""
    return " ".join(words.casefold().split())
