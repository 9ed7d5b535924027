"""Documents at a glance, one by one and all together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Damage(NamedTuple):
    """Something of a document that cannot be read.

    Attributes:
        document: the document's id.
        part: the layer's name, `text.txt` or `document.json`.
        problem: what is wrong, with the file, and what to do.
    """

    document: str
    part: str
    problem: str

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the document can be shown."""
        return self.part in ("text.txt", "document.json")


class Summary(NamedTuple):
    """A document at a glance, for one annotator.

    Attributes:
        characters: the length of the text in code points.
        finished: whether the annotator has marked it done.
        decisions: how many the annotator's journal holds.
        open: suggestions without a decision.
    """

    id: str
    title: str
    source: str
    added_at: str
    characters: int
    finished: bool
    decisions: int
    open: int

    @property
    def state(self) -> str:
        """`done`, `doing` or `to do`."""
        if self.finished:
            return "done"
        return "doing" if self.decisions else "to do"


Standing = tuple[str, str, str, int, int]
"""How far one annotator is with a document: its id, title, state, open suggestions and decisions.

A plain tuple, since a list of very many has no time for more.
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """All documents together, for one annotator."""

    documents: int = 0
    finished: int = 0
    open: int = 0
    decisions: int = 0
