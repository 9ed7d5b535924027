"""The open suggestions of a model's layer as a queue; and annotations that are named one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from annotations.errors import StorageError
from annotations.layer import Overlay
from annotations.project import Project
from annotations.records import Claim, Entity, Plain, Status
from annotations.review.queue import Batch, Item, Order, Rank, alphabetical, positions

_STANDING: Final = frozenset(status for status in Status if status.stands)


class Suggestions:
    """The open suggestions of one model's layer.

    Args:
        project: whose annotator reviews.
        layer: the model's layer.
        order: what comes first; least sure first with `score`.
        late: ids of suggestions that were skipped before.
    """

    left_out = 0
    note = ""
    only_open = True

    def __init__(
        self, project: Project, layer: str, order: Order = Order.SCORE, late: Collection[str] = ()
    ) -> None:
        self.name = layer
        self._project = project
        self._late = late
        self._order = order
        self._labels = positions(project.schema)

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
        if self._order is Order.WORDS:
            return (alphabetical(one["text"]), *where)
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

    left_out = 0
    note = ""
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
