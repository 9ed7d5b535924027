"""How a clause is held: what the rules find out, one step up the tree after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from annotations.suggest.claims.cues import Found
from annotations.suggest.claims.holders import Holder

HOLDING: Final = frozenset(
    {"report", "belief", "denial", "factive", "wish", "directive", "question", "plan", "quotation"}
)
"""The kinds of predicates whose clause somebody else may hold than the author."""


@dataclass(frozen=True, slots=True)
class Value:
    """How a clause is held.

    Attributes:
        sign: 1 affirms, -1 denies, 0 open.
        rank: 3 certain, 2 probable, 1 possible, 0 uncommitted.
        holder: the tokens of who holds it, `unnamed`, `generic`, or None for the author.
        cues: in the order in which they were found, the clause's own first.
        beyond: who tells of that holder, where somebody other than the author does.
        over: the predicate over the clause that gave it its holder, or -1.
        author: the author's own value, where the predicate commits the author too.
    """

    sign: int = 1
    rank: int = 3
    frame: str = "assertion"
    time: str = "unspecified"
    holder: Holder | None = None
    beyond: Holder | None = None
    cues: tuple[Found, ...] = ()
    over: int = -1
    author: str = ""
    likelihood: str = ""
    doubt: bool = False
    depth: int = 0

    @property
    def stance(self) -> str:
        """The stance's name."""
        return {1: "affirms", -1: "denies", 0: "open"}[self.sign]

    @property
    def certainty(self) -> str:
        """The certainty's name."""
        return ("uncommitted", "possible", "probable", "certain")[self.rank]
