"""Suggestions that are wrong on purpose, to see whether a reviewer reads or only accepts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from annotations import record_parser
from annotations.changes import suggested
from annotations.layer import Overlay
from annotations.project import Project
from annotations.records import (
    Action,
    Annotation,
    Change,
    Claim,
    Decision,
    Entity,
    Record,
    suggestion_id,
)
from annotations.review.queue import Item, Order
from annotations.review.suggestions import Suggestions

NAME: Final = "seeded-wrong-1"
"""The layer that they are of; never stored, never exported, and in the journal by this name."""

_BITS: Final = 16**8


def is_seeded(record: Record | None) -> bool:
    """Whether an annotation began as a suggestion that was wrong on purpose."""
    if not isinstance(record, (Entity, Claim)) or record.origin is None:
        return False
    return record.origin.layer == NAME


class Seeded(Suggestions):
    """The suggestions of a layer, some of them shown first with a label exchanged for another.

    Which ones, and for which label, follows from their ids, so that it is the same each time. On
    the screen such a suggestion looks like any other; `signed` names it in the journal.

    Args:
        share: how many of the entities, 0 to 1.
    """

    def __init__(
        self,
        project: Project,
        layer: str,
        order: Order = Order.SCORE,
        late: Collection[str] = (),
        share: float = 0.05,
    ) -> None:
        super().__init__(project, layer, order, late)
        self._share = share
        self._names = [label.name for label in project.schema.labels]
        self._made: set[str] = set()

    def overlay(self, document_id: str) -> Overlay:
        """What is seen: in the place of a suggestion its wrong copy, until that is decided on."""
        project = self._project
        own = project.layer(document_id)
        if not self._has(document_id):
            return super().overlay(document_id)
        layer = project.layer(document_id, self.name)
        shown = (self._shown(one, own.annotations) for one in layer)
        beside = replace(layer, annotations={one.id: one for one in shown}, _index=None)
        return Overlay(own, [beside], nested=project.schema.nested)

    def _shown(self, one: Annotation, decided: Collection[str]) -> Annotation:
        if not isinstance(one, Entity) or one.id in decided:
            return one
        label = self._wrong(one.id, one.label)
        key = suggestion_id(NAME, one.kind, one.span, label)
        if not label or key in decided:
            return one
        self._made.add(key)
        return suggested(replace(one, id=key, label=label), self.name)

    def _wrong(self, suggestion: str, label: str) -> str:
        """The label that a suggestion is shown with instead; empty for all that are left alone."""
        number = int.from_bytes(suggestion.encode()[-8:]) * 2_654_435_761 % _BITS
        others = [one for one in self._names if one != label]
        return others[number % len(others)] if number / _BITS < self._share and others else ""

    def _batch(self, place: int, document_id: str) -> Iterator[Item]:
        labels = {one["id"]: one for one in self._project.rows(document_id, self.name)}
        decided = self._project.layer(document_id).annotations
        for item in super()._batch(place, document_id):
            one = labels[item.annotation]
            if one["kind"] == Entity.kind:
                shown = self._shown(record_parser.entity(one), decided)
                if shown.id != item.annotation:
                    yield replace(item, annotation=shown.id)
            yield item

    def signed(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """The changes, with what was wrong on purpose named so."""
        return tuple(
            replace(one, after=self._named(one.after)) if one.id in self._made else one
            for one in changes
        )

    def _named(self, record: Record | None) -> Record | None:
        if not isinstance(record, (Entity, Claim)) or record.origin is None:
            return record
        return replace(record, origin=replace(record.origin, layer=NAME))


@dataclass(frozen=True, slots=True)
class Trap:
    """A suggestion that was wrong on purpose, when it was first decided on.

    Attributes:
        document: the document's id.
        shown: the annotation that it became.
        is_caught: whether it was not accepted as it was.
    """

    document: str
    shown: Annotation
    is_caught: bool


def traps(decisions: Iterable[Decision]) -> list[Trap]:
    """The suggestions that were wrong on purpose and decided on, in the order of the decisions."""
    first: dict[tuple[str, str], Trap] = {}
    for decision in decisions:
        if decision.action in (Action.UNDO, Action.REDO):
            continue
        for change in decision.changes:
            if isinstance(change.after, (Entity, Claim)) and is_seeded(change.after):
                is_caught = decision.action is not Action.ACCEPT
                trap = Trap(decision.document, change.after, is_caught)
                first.setdefault((decision.document, change.id), trap)
    return list(first.values())
