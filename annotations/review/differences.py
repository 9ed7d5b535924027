"""The differences of two layers over all documents, as a queue to decide on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from annotations import changes
from annotations.errors import InputError, StorageError
from annotations.layer import Layer, Overlay
from annotations.project import Project
from annotations.records import Annotation, Change, Entity, Status
from annotations.review.comparison import Difference, compare, differences, is_open
from annotations.review.queue import Batch, Item, Order, Rank, alphabetical, positions
from annotations.review.sides import at_home, pair


class Differences:
    """What two layers say differently, until the annotator has decided on it.

    A document that only one of the two has looked at is left out, since it says nothing of the
    other, and is counted in `left_out`.

    Where one of the two is the annotator's own, taking the other side changes it; taking one's own
    side is kept where the other side says something, and else is only passed over.

    Args:
        project: whose annotator decides.
        left: the name of one layer.
        right: the name of the other.
        late: ids of annotations that were skipped before.
        order: what comes first; with `score` the difference with the least sure side.

    Raises:
        InputError: the two are one, or the order is none for differences.
    """

    only_open = True

    def __init__(
        self,
        project: Project,
        left: str,
        right: str,
        late: Collection[str] = (),
        order: Order = Order.TEXT,
    ) -> None:
        if left == right:
            raise InputError(f"{left} has no differences from itself. Name two layers.")
        if order is Order.DISAGREEMENT:
            raise InputError("Two layers disagree on all of their differences; order by another.")
        self.name = f"{left} | {right}"
        self.left, self.right = left, right
        self._project = project
        self._late = late
        self._order = order
        self._labels = positions(project.schema)
        self._alone: dict[str, list[str]] = {left: [], right: []}

    @property
    def left_out(self) -> int:
        """How many documents only one of the two has looked at, of those gone through so far."""
        return sum(map(len, self._alone.values()))

    @property
    def note(self) -> str:
        """How many documents only one of the two has looked at, and the first of them."""
        told = []
        for name, ids in self._alone.items():
            if ids:
                titles = [self._project.document(one).title for one in ids[:2]]
                more = [" …"] if len(ids) > len(titles) else []
                many = f"{len(ids):,} document{'s' if len(ids) > 1 else ''}"
                told.append(
                    f"{many} without {self._other(name)} ({', '.join(titles)}{''.join(more)})"
                )
        return f"Left out: {'; '.join(told)}." if told else ""

    def _other(self, name: str) -> str:
        return self.right if name == self.left else self.left

    def batches(self) -> Iterator[Batch]:
        """The differences that are open, a document at a time in the project's order."""
        self._alone = {self.left: [], self.right: []}
        for place, document_id in enumerate(self._project.order()):
            try:
                yield list(self._batch(place, document_id))
            except StorageError:
                continue

    @property
    def is_own(self) -> bool:
        """Whether one of the two is the annotator's own layer."""
        return self._project.annotator in (self.left, self.right)

    def overlay(self, document_id: str) -> Overlay:
        """The annotator's own layer, and the two beside it; where they agree, it shows once.

        Where one of the two is the annotator's own, the other side of an open difference shows
        beside it, though one's own stands there.
        """
        project = self._project
        left, right = self._layers(document_id)
        agreed = {one.right.id for one in compare(left, right) if one.right and not one.kinds}
        others = {one.id: one for one in right if one.id not in agreed}
        right = replace(right, annotations=others, _index=None)
        models = [one for one in (left, right) if one.name != project.annotator]
        own, nested = project.layer(document_id), project.schema.nested
        shown = {side.id for one in self._against_own(document_id) for side in one.sides}
        return Overlay(own, models, nested=nested, beside=shown)

    def _layers(self, document_id: str) -> tuple[Layer, Layer]:
        """The two layers as sides; empty ones where they are not there."""
        known = self._project.layers(document_id)
        left, right = (
            self._project.layer(document_id, name) if name in known else Layer(name, document_id)
            for name in (self.left, self.right)
        )
        return pair(left, right, self._project.layer(document_id))

    def _against_own(self, document_id: str) -> list[Difference]:
        """The open differences between the annotator's own layer and the other; else none."""
        if not self.is_own:
            return []
        own = self._project.layer(document_id)
        last = own.last_changes()
        found = differences(*self._layers(document_id))
        return [one for one in found if is_open(one, own, last)]

    def _open(self, document_id: str) -> list[Difference]:
        """The differences of a document that are undecided, in its order."""
        if self.is_own:
            return self._against_own(document_id)
        decided = self._project.layer(document_id).annotations
        index = self.overlay(document_id).index

        def is_new(side: Annotation) -> bool:
            return side.id not in decided and side.id in index

        found = differences(*self._layers(document_id))
        return [one for one in found if any(map(is_new, one.sides))]

    def _batch(self, place: int, document_id: str) -> Iterator[Item]:
        there = {self.left, self.right} & set(self._project.layers(document_id))
        if len(there) < 2:
            for name in there:
                self._alone[name].append(document_id)
            return
        flags = self._project.layer(document_id).state.flags
        for one in self._open(document_id):
            first = one.first
            late = 2 if first.id in flags else int(first.id in self._late)
            yield Item(document_id, first.id, self._rank(one, place), late, one)

    def _rank(self, one: Difference, place: int) -> Rank:
        where = (place, one.first.span.start, one.first.span.end)
        if self._order is Order.SCORE:
            scores = [side.score for side in one.sides if side.score is not None]
            return (not scores, min(scores, default=0.0), *where)
        if self._order is Order.LABEL:
            label = one.first.label if isinstance(one.first, Entity) else ""
            return (self._labels.get(label, len(self._labels)), *where)
        if self._order is Order.WORDS:
            return (alphabetical(one.first.text), *where)
        return where

    def like(self, document_id: str, difference: Difference) -> list[Difference]:
        """The open differences of a document in which the two say what they say in this one."""
        return [one for one in self._open(document_id) if one.words == difference.words]

    def agreed(self, document_id: str) -> tuple[Change, ...]:
        """What both say of a document and the person has not decided on, each accepted."""
        overlay = self.overlay(document_id)
        left, right = self._layers(document_id)
        same = [one.left for one in compare(left, right) if one.left and not one.kinds]
        own = self._project.layer(document_id)
        shown = [overlay.index.get(one.id) for one in same]
        new = [one for one in shown if one and one.status is Status.SUGGESTED]
        return tuple(changes.accept(at_home(one, own)) for one in new)
