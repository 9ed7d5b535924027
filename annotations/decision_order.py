"""Whether a decision can come next in a layer, whatever else its line says."""

from __future__ import annotations

from typing import Protocol

from annotations import messages
from annotations.errors import CorruptError
from annotations.records import Action, Annotation, Decision
from annotations.undo_stack import UndoStack


class Followed(Protocol):
    """What decisions have left so far."""

    name: str
    document: str
    annotations: dict[str, Annotation]
    seq: int
    undoable: UndoStack
    redoable: UndoStack


def check(decision: Decision, layer: Followed) -> None:
    """See whether a decision can be taken in.

    Raises:
        CorruptError: it cannot.
    """
    if problem := _problem(decision, layer):
        raise CorruptError(
            messages.UNFOLLOWED.format(
                layer=layer.name, document=layer.document, seq=decision.seq, problem=problem
            )
        )


def _problem(decision: Decision, layer: Followed) -> str:
    if decision.seq != layer.seq + 1:
        return f"the one before it is {layer.seq}"
    if decision.action is Action.UNDO and not layer.undoable:
        return "there is nothing to undo"
    if decision.action is Action.REDO and not layer.redoable:
        return "there is nothing to redo"
    for change in decision.changes:
        there, after = layer.annotations.get(change.id), change.after
        if there is not None and after is not None and there.kind != after.kind:
            return f"{change.id} is of kind {there.kind} and cannot become {after.kind}"
    return ""
