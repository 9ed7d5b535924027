"""A document laid out for one width: its rows with their annotations and lanes, as strips."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from annotations.records import Annotation, Claim, Entity
from annotations.schema import Schema
from annotations.span import Span, SpanIndex
from annotations.text import Text
from tui.layout.margin import Geometry, Margin, extents
from tui.layout.paint import Marks, Painter, padded, tag
from tui.layout.rows import Blocks, Place, Rows
from tui.layout.wrap import Tag

if TYPE_CHECKING:
    from tui.theme import Palette


class Sheet:
    """What a page is cut from: any row of the document, painted when it is asked for.

    Args:
        text: the document's text.
        index: its annotations; who changes them says so by `changed`.
        schema: the labels, in the order of their colours.
        width: of the screen, in cells.
        geometry: how the width is divided.
        blocks: the text's blocks, where they are known from another width.
    """

    def __init__(
        self,
        text: Text,
        index: SpanIndex[Annotation],
        schema: Schema,
        width: int,
        geometry: Geometry,
        blocks: Blocks | None = None,
    ) -> None:
        self.text = text
        self.index = index
        self.schema = schema
        self.width = width
        self.geometry = geometry
        self.rows = Rows(text, partial(_tags, index, schema), geometry.measure, blocks)
        self._margins: dict[int, Margin] = {}

    def changed(self, spans: Iterable[Span]) -> set[int]:
        """Follow a change to the annotations in these spans; returns the blocks that they touch."""
        touched = self.rows.retag(spans)
        for block in touched:
            self._margins.pop(block, None)
        return touched

    def painter(self, palette: Palette) -> Painter:
        """The painter for the document's labels."""
        return Painter.of(palette, self.schema)

    def offset(self, place: Place, x: int) -> int:
        """The code point nearest to a cell of a row, counted from the screen's left edge."""
        return self.rows.row(place).offset(x - self.geometry.text)

    def strip(self, place: Place, painter: Painter, marks: Marks, *, is_top: bool = False) -> Strip:
        """One row as wide as the screen: lanes, text and what is marked on it."""
        row = self.rows.row(place)
        cells, more = self._margin(place.block).row(place.row, marks.current, is_top=is_top)
        annotations = self.index.between(row.start, row.end) if row.glyphs else []
        here = replace(
            marks,
            matches=_near(marks.matches, row.start, row.end),
            preview=_near(marks.preview, row.start, row.end),
        )
        base, filled = painter.palette.base, self.geometry.text + row.width
        segments = [
            Segment(" " * self.geometry.left, base),
            *painter.margin(cells, more, marks),
            *painter.row(row, annotations, here),
        ]
        return Strip(padded(segments, self.width - filled, base), max(self.width, filled))

    def _margin(self, block: int) -> Margin:
        """The lanes of a block, kept until an annotation changes."""
        if block not in self._margins:
            span = self.rows.blocks.span(block)
            inside = self.index.between(span.start, span.end)
            claims = [one for one in inside if isinstance(one, Claim)]
            found = extents(claims, self.rows.starts(block), span)
            self._margins[block] = Margin.of(found, self.geometry.lanes)
        return self._margins[block]


def _tags(index: SpanIndex[Annotation], schema: Schema, span: Span) -> list[Tag]:
    return [
        tag(one, schema)
        for one in index.between(span.start, span.end)
        if isinstance(one, Entity) and span.start < one.span.end <= span.end
    ]


def _near(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    first = bisect_right(spans, start, key=lambda span: span.end)
    return spans[first : bisect_left(spans, end, key=lambda span: span.start)]
