"""The differences of two layers over all documents, as a queue to decide on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from annotations.errors import InputError, StorageError
from annotations.layer import Layer, Overlay
from annotations.project import Project
from annotations.review.comparison import Difference, compare, differences, suggestions
from annotations.review.queue import Batch, Item


class Differences:
    """What two layers say differently, until the annotator has decided on it.

    A document that only one of the two has looked at is left out: it says nothing of the other.

    Where one of the two is the annotator's own, taking the other side changes it; taking one's own
    side is kept where there is something to reject, and else is only passed over.

    Args:
        project: whose annotator decides.
        left: the name of one layer.
        right: the name of the other.
        late: ids of annotations that were skipped before.

    Raises:
        InputError: the two are one.
    """

    only_open = True

    def __init__(self, project: Project, left: str, right: str, late: Collection[str] = ()) -> None:
        if left == right:
            raise InputError(f"{left} has no differences from itself. Name two layers.")
        self.name = f"{left} | {right}"
        self.left, self.right = left, right
        self._project = project
        self._late = late

    def batches(self) -> Iterator[Batch]:
        """The differences that are open, a document at a time in the project's order."""
        for place, document_id in enumerate(self._project.order()):
            try:
                yield list(self._batch(place, document_id))
            except StorageError:
                continue

    def overlay(self, document_id: str) -> Overlay:
        """The annotator's own layer, and the two beside it; where they agree, it shows once."""
        project = self._project
        left, right = self._layers(document_id)
        agreed = {one.right.id for one in compare(left, right) if one.right and not one.kinds}
        others = [one for one in right if one.id not in agreed or one.id in left.annotations]
        right = replace(right, annotations={one.id: one for one in others}, _index=None)
        beside = [one for one in (left, right) if one.name != project.annotator]
        return Overlay(project.layer(document_id), beside, nested=project.schema.nested)

    def _layers(self, document_id: str) -> tuple[Layer, ...]:
        """The two layers, another person's as suggestions; empty ones where they are not there."""
        known = self._project.layers(document_id)
        found = []
        for name in (self.left, self.right):
            layer = Layer(name, document_id)
            if name in known:
                layer = self._project.layer(document_id, name)
            found.append(layer if name == self._project.annotator else suggestions(layer))
        return tuple(found)

    def _batch(self, place: int, document_id: str) -> Iterator[Item]:
        if not {self.left, self.right} <= set(self._project.layers(document_id)):
            return
        left, right = self._layers(document_id)
        own = self._project.layer(document_id)
        overlay = self.overlay(document_id)
        for one in differences(left, right):
            if not self._is_open(one, own, overlay):
                continue
            first = one.first
            late = 2 if first.id in own.state.flags else int(first.id in self._late)
            rank = (place, first.span.start, first.span.end)
            yield Item(document_id, first.id, rank, late, one)

    def _is_open(self, one: Difference, own: Layer, overlay: Overlay) -> bool:
        """Whether a side is still a suggestion, or is the annotator's own with nothing beside it."""
        mine = self._project.annotator in (self.left, self.right)
        if mine and len(one.sides) == 1 and one.first.id in own.annotations:
            return own.annotations[one.first.id].status.stands
        new = [side for side in one.sides if side.id not in own.annotations]
        return bool(new) and (mine or any(side.id in overlay.index for side in new))
