"""The lanes beside the text where each claim shows its stance, its certainty and its status."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from annotations.records import Claim, Status
from annotations.span import Span, lanes
from annotations.symbols import shown
from tui.layout.wrap import NARROWEST

MARKS: Final = {
    Status.SUGGESTED: "?",
    Status.ACCEPTED: "✓",
    Status.CORRECTED: "±",
    Status.ADDED: "+",
    Status.REJECTED: "×",
}
"""How each status is marked, in an entity's tag as in a claim's lane."""

STANCES: Final = {"affirms": "+", "denies": "¬", "open": "/"}
CERTAINTIES: Final = {"certain": "!", "probable": "~", "possible": "?", "uncommitted": "·"}

LANE: Final = 4
"""Cells of a lane: three for the claim, one that sets it off and holds the sign for more."""

MORE: Final = "…"
BAR: Final = " │ "
"""What a lane shows on a claim's further rows."""
_WIDE: Final = 60


class Geometry(NamedTuple):
    """Where the parts of a row stand, in cells.

    Attributes:
        left: blank cells ahead of the lanes.
        lanes: how many lanes there are.
        text: the text's first cell.
        measure: the most cells that the text may take.
    """

    left: int
    lanes: int
    text: int
    measure: int


def geometry(width: int, measure: int, *, centred: bool) -> Geometry:
    """Divide `width` cells among lanes and a measure of text.

    There are two lanes, one where it is narrow, and a third where that takes nothing of the text.
    """
    lanes = 2 if width >= _WIDE else 1
    if width > measure + 3 * LANE:
        lanes = 3
    gutter = lanes * LANE
    measure = max(NARROWEST, min(measure, width - gutter - 1))
    left = max(0, width - gutter - measure) // 2 if centred else 0
    return Geometry(left, lanes, left + gutter, measure)


def glyphs(claim: Claim) -> str:
    """Three cells: stance, certainty, status; a project's own values show their first letter."""
    stance = STANCES.get(claim.stance, shown(claim.stance[:1]))
    certainty = CERTAINTIES.get(claim.certainty, shown(claim.certainty[:1]))
    return f"{stance}{certainty}{MARKS[claim.status]}"


class Cell(NamedTuple):
    """What one lane shows on one row: three cells, and the claim they are about."""

    text: str
    claim: Claim | None


_EMPTY: Final = Cell("   ", None)


@dataclass(frozen=True, slots=True)
class Extent:
    """The rows that a claim takes, as a span of row numbers."""

    id: str
    span: Span
    claim: Claim
    begins: bool

    def heads(self, number: int) -> bool:
        """Whether the claim begins on this row."""
        return self.begins and number == self.span.start


def extents(claims: Iterable[Claim], starts: Sequence[int], block: Span) -> list[Extent]:
    """The rows of a block that each claim takes.

    Args:
        claims: those that overlap the block.
        starts: the offset at which each row of the block starts.
        block: the block's code points.
    """
    found: list[Extent] = []
    for claim in claims:
        first = max(0, bisect_right(starts, claim.span.start) - 1)
        last = max(first, bisect_right(starts, claim.span.end - 1) - 1)
        begins = claim.span.start >= block.start
        found.append(Extent(claim.id, Span(first, last + 1), claim, begins))
    return found


@dataclass(frozen=True, slots=True)
class Margin:
    """The lanes of one block; claims that share a row never share a lane.

    Attributes:
        placed: each claim's rows and its lane, lanes from 0.
        shown: how many lanes there is room for.
    """

    placed: tuple[tuple[Extent, int], ...]
    shown: int

    @classmethod
    def of(cls, found: Iterable[Extent], shown: int) -> Margin:
        """Give the claims their lanes."""
        return cls(tuple(lanes(found)), shown)

    def row(
        self, number: int, current: str | None = None, *, is_top: bool = False
    ) -> tuple[tuple[Cell, ...], bool]:
        """What the lanes show on one row, and whether a claim found no lane there.

        The current claim is always shown: where it has no lane, it takes the last one. The top
        row of a page says again what the claims are that began on the page before.
        """
        here = [(extent, lane) for extent, lane in self.placed if number in extent.span]
        cells = [_EMPTY] * self.shown
        for extent, lane in sorted(here, key=lambda one: one[0].id == current):
            if lane < self.shown or extent.id == current:
                is_head = is_top or extent.heads(number)
                text = glyphs(extent.claim) if is_head else BAR
                cells[min(lane, self.shown - 1)] = Cell(text, extent.claim)
        shown = {cell.claim.id for cell in cells if cell.claim}
        return tuple(cells), any(extent.id not in shown for extent, _ in here)
