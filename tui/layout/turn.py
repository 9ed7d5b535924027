"""Where the page goes: which row is put at its top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotations.span import Span
from tui.layout.rows import Place, Rows

CONTEXT: Final = 3
"""Rows kept between what one looks for and the edge of the page."""


def settled(rows: Rows, top: Place, height: int) -> Place:
    """The top as it can be: no gap, and no blank rows behind the document's end."""
    top = min(top, rows.step(rows.last, 1 - height))
    return rows.step(top, 1) if rows.is_gap(top) else top


def turned(rows: Rows, top: Place, height: int, direction: int) -> Place:
    """The top of the next page, or with -1 of the one before; a row or two of both stay."""
    target = rows.step(top, direction * max(1, height - min(CONTEXT - 1, height // 4)))
    # On a page of one row, the row behind a gap is where one came from.
    if rows.is_gap(target) and rows.step(target, 1) == top:
        target = rows.step(target, -1)
    return target


def revealing(rows: Rows, window: Sequence[Place], height: int, span: Span) -> Place | None:
    """The top that brings a span into view whole, or its start if it is too long.

    Args:
        rows: the document's rows.
        window: the rows in view, at least one.
        height: of the page, in rows.
        span: what is to be seen.

    Returns:
        None where it is in view already.
    """
    first, last = rows.place(span.start), rows.place(max(span.start, span.end - 1))
    if window[0] <= first and last <= window[-1]:
        return None
    context = min(CONTEXT, (height - 1) // 3)
    if first < window[0]:
        return min(first, rows.step(last, context + 1 - height))
    target = rows.step(first, -context)
    return first if rows.step(target, height - 1) < last else target
