"""Documents at a glance, one by one and all together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Summary:
    """A document at a glance, for one annotator.

    Attributes:
        characters: the length of the text in code points.
        finished: whether the annotator has marked it done.
        decisions: how many the annotator's journal holds.
        at: when the last of them was; empty if there is none.
        made_at: when the last was made that is neither undo nor redo.
        undo_at: when the decision was made that an undo would take back; empty if there is none.
        undone_at: when the decision was undone that a redo would repeat; empty if there is none.
        open: suggestions without a decision.
    """

    id: str
    title: str
    source: str
    added_at: str
    characters: int
    finished: bool
    decisions: int
    at: str
    made_at: str
    undo_at: str
    undone_at: str
    open: int

    @property
    def state(self) -> str:
        """`done`, `doing` or `to do`."""
        if self.finished:
            return "done"
        return "doing" if self.decisions else "to do"


class Standing(NamedTuple):
    """How far one annotator is with a document: what a list of very many has room for."""

    id: str
    title: str
    state: str
    open: int
    decisions: int


@dataclass(frozen=True, slots=True)
class Totals:
    """All documents together, for one annotator."""

    documents: int = 0
    finished: int = 0
    open: int = 0
    decisions: int = 0
