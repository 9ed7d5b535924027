"""The reading surface: a text, its annotations, and a cursor, a page at a time.

Page gets data and knows no project. A screen tells it what to show and where one stands; it asks
for nothing but by two messages, `Page.Pointed` and `Page.Dragged`, and no key is bound to it.

    page.show(text, index, schema, top=0)            another document
    page.point(cursor, current, selection)           where one stands; turns the page if it must
    page.changed(spans)                              annotations in these spans have changed
    page.matches(spans)   page.preview(spans)        what the search found, what would change
    page.page_down()      page.page_up()             turn the page; the offset to go on from
    page.offset_above(n)  page.offset_below(n)       a row up or down, in the same column
    page.offset_at(x, y)  page.visible_span()        from cells to text

It scrolls by turning pages, with a few rows of both kept, because a line that moves costs a whole
screen of bytes. Each call paints at most what can be seen and sends only the rows that differ, so
that nothing costs more in a longer document.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotations.records import Annotation, Claim, Entity
from annotations.schema import Schema
from annotations.span import Span, SpanIndex
from annotations.text import Text
from tui.layout.margin import Margin, extents, geometry
from tui.layout.paint import Marks, Painter, padded, tag
from tui.layout.rows import Place, Rows
from tui.layout.wrap import Tag
from tui.theme import palette

MEASURE = 88
"""Cells. A longer line is hard to find back from its end to the next one's start."""

_CONTEXT = 3
_WHEEL = 3


@dataclass(frozen=True, slots=True)
class _Sight:
    """What is shown: the document's parts that the page reads and never changes."""

    text: Text
    index: SpanIndex[Annotation]
    schema: Schema


class Page(Widget):
    """A document's text with its annotations, one screenful at a time.

    Args:
        measure: the most cells that a row of text may take.
        centred: whether the text stands in the middle of a wider screen, else at the left.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Page {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
    }
    """

    class Pointed(Message):
        """The person clicked on the text.

        Attributes:
            offset: the code point they clicked on.
        """

        def __init__(self, offset: int) -> None:
            super().__init__()
            self.offset = offset

    class Dragged(Message):
        """The person drags the mouse over words.

        Attributes:
            span: the words from where the drag began to where the mouse is.
        """

        def __init__(self, span: Span) -> None:
            super().__init__()
            self.span = span

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Page.Dragged)

    def __init__(
        self,
        *,
        measure: int = MEASURE,
        centred: bool = True,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._measure = measure
        self._centred = centred
        self._sight: _Sight | None = None
        self._rows: Rows | None = None
        self._geometry = geometry(0, measure, centred=centred)
        self._anchor = 0
        self._top = Place(0, 0)
        self._window: list[Place] = []
        self._strips: list[Strip] = []
        self._marks = Marks()
        self._current_span: Span | None = None
        self._margins: dict[int, Margin] = {}
        self._column: tuple[Place, int] | None = None
        self._pressed: int | None = None
        self._dragged: Span | None = None
        self._painter: Painter | None = None

    # What is shown

    def show(
        self,
        text: Text,
        index: SpanIndex[Annotation],
        schema: Schema,
        *,
        top: int = 0,
    ) -> None:
        """Show a document from the row that holds the offset `top`.

        Args:
            text: its text.
            index: its annotations; the caller keeps it up to date and says so by `changed`.
            schema: the labels, in the order of their colours.
            top: a code point, 0 for the start.
        """
        self._sight = _Sight(text, index, schema)
        self._rows = None
        self._anchor = min(max(0, top), len(text))
        self._marks, self._current_span, self._column = Marks(), None, None
        self._painter = None
        self._lay_out()

    def point(
        self,
        cursor: Span | int | None,
        current: str | None = None,
        selection: Span | None = None,
    ) -> None:
        """Move the cursor, the current annotation and the selection; only their rows are painted.

        The page is turned when the current annotation is another one, or has another span, and is
        not wholly in view; else when the cursor is another one and not in view. So a page that a
        person turned stays turned.

        Args:
            cursor: a word, or a code point of one; None hides it.
            current: an annotation's id.
            selection: what is selected.
        """
        old = self._marks
        word = self._word(cursor)
        annotation = self._annotation(current)
        span = annotation.span if annotation else None
        self._marks = Marks(current, word, selection, old.matches, old.preview)
        moved = (current, span) != (old.current, self._current_span)
        touched = [old.cursor, word, old.selection, selection, self._current_span, span]
        self._current_span = span
        if span and moved and self._reveal(span):
            return
        if word and word != old.cursor and not (span and moved) and self._reveal(word):
            return
        self._repaint(self._touched(one for one in touched if one))

    def changed(self, spans: Iterable[Span]) -> None:
        """Follow a change to the annotations in these spans.

        A paragraph is wrapped anew only if its tags changed, and a row is sent only if it looks
        different.
        """
        if self._rows is None:
            return
        spans = tuple(spans)
        self._rows.retag(spans)
        self._margins.clear()
        self._column = None
        annotation = self._annotation(self._marks.current)
        self._current_span = annotation.span if annotation else None
        self._go(self._rows.place(self._anchor), anchor=self._anchor)

    def matches(self, spans: Sequence[Span]) -> None:
        """Mark what the search found: spans in the order of the text."""
        self._remark(replace(self._marks, matches=tuple(spans)))

    def preview(self, spans: Sequence[Span]) -> None:
        """Mark what the next decision would change: spans in the order of the text."""
        self._remark(replace(self._marks, preview=tuple(spans)))

    # Turning pages, and from cells to text

    def page_down(self) -> int:
        """Turn to the next page; returns the first word's offset, or the last's at the end."""
        return self._turn(1)

    def page_up(self) -> int:
        """Turn to the page before; returns the first word's offset."""
        return self._turn(-1)

    def visible_span(self) -> Span:
        """The code points from the first row to the last; empty before anything is shown."""
        if self._rows is None or not self._window:
            return Span(self._anchor, self._anchor)
        first, last = self._window[0], self._window[-1]
        return Span(self._rows.span(first).start, self._rows.span(last).end)

    def offset_at(self, x: int, y: int) -> int | None:
        """The code point nearest to a cell of the widget; None where there is no row."""
        if self._rows is None or not 0 <= y < len(self._window):
            return None
        return self._rows.row(self._window[y]).offset(x - self._geometry.text)

    def offset_above(self, offset: int) -> int:
        """The code point in the same column of the row above; `offset` itself on the first row."""
        return self._vertical(offset, -1)

    def offset_below(self, offset: int) -> int:
        """The code point in the same column of the row below; `offset` itself on the last row."""
        return self._vertical(offset, 1)

    def _vertical(self, offset: int, direction: int) -> int:
        rows = self._rows
        if rows is None:
            return offset
        place = rows.place(offset)
        # The column that one came from, not the one that a shorter row on the way allowed.
        kept = self._column is not None and self._column[0] == place
        column = self._column[1] if kept and self._column else rows.row(place).column(offset)
        target = rows.step(place, direction)
        if rows.is_gap(target):
            target = rows.step(target, direction)
        if target == place:
            return offset
        self._column = (target, column)
        return rows.row(target).offset(column)

    def _turn(self, direction: int) -> int:
        rows, sight = self._rows, self._sight
        if rows is None or sight is None:
            return self._anchor
        top, height = self._top, self.content_size.height
        self._go(rows.step(top, direction * max(1, height - min(_CONTEXT - 1, height // 4))))
        at_end = direction > 0 and self._top == top
        span = self.visible_span()
        word = sight.text.word_at(max(span.start, span.end - 1) if at_end else span.start)
        return word.start if word else span.start

    def _reveal(self, span: Span) -> bool:
        """Turn the page if the span is not wholly in view; returns whether it did."""
        rows = self._rows
        if rows is None or not self._window:
            return False
        first, last = rows.place(span.start), rows.place(max(span.start, span.end - 1))
        if self._window[0] <= first and last <= self._window[-1]:
            return False
        height = self.content_size.height
        context = min(_CONTEXT, (height - 1) // 3)
        if first < self._window[0]:
            target = min(first, rows.step(last, context + 1 - height))
        else:
            target = rows.step(first, -context)
            if rows.step(target, height - 1) < last:
                target = first
        self._go(target)
        return True

    def _go(self, top: Place, *, anchor: int | None = None) -> None:
        """Put a row at the top of the page, with no blank rows behind the document's end."""
        rows = self._rows
        assert rows is not None
        height = self.content_size.height
        top = min(top, rows.step(rows.last, 1 - height))
        if rows.is_gap(top):
            top = rows.step(top, 1)
        self._top = top
        self._anchor = rows.span(top).start if anchor is None else anchor
        self._window = rows.window(top, height)
        self._repaint(range(height))

    # Painting

    def _lay_out(self) -> None:
        """Wrap for the widget's width, with the same offset at the top."""
        width, height = self.content_size
        if self._sight is None or not width or not height:
            return
        self._geometry = geometry(width, self._measure, centred=self._centred)
        if self._rows is None or self._rows.width != self._geometry.measure:
            blocks = self._rows.blocks if self._rows else None
            tags = partial(_tags, self._sight)
            self._rows = Rows(self._sight.text, tags, self._geometry.measure, blocks)
        self._margins.clear()
        self._column = None
        self._go(self._rows.place(self._anchor), anchor=self._anchor)

    def _remark(self, marks: Marks) -> None:
        self._marks = marks
        self._repaint(range(len(self._strips)))

    def _touched(self, spans: Iterable[Span]) -> set[int]:
        """The rows of the page that show any of these spans."""
        rows, seen = self._rows, self.visible_span()
        found: set[int] = set()
        if rows is None:
            return found
        for span in spans:
            if span.start <= seen.end and seen.start <= span.end:
                start, end = max(span.start, seen.start), min(span.end, seen.end)
                first = bisect_left(self._window, rows.place(start))
                last = bisect_right(self._window, rows.place(max(start, end - 1)))
                found.update(range(first, last))
        return found

    def _repaint(self, lines: Iterable[int]) -> None:
        """Paint rows, and have those sent that look different from before."""
        width, height = self.content_size
        if len(self._strips) != height:
            self._strips = [self._paint(y) for y in range(height)]
            self.refresh()
            return
        for y in lines:
            strip = self._paint(y)
            if strip != self._strips[y]:
                self._strips[y] = strip
                self.refresh(Region(0, y, width, 1))

    def _paint(self, y: int) -> Strip:
        width, rows, sight = self.content_size.width, self._rows, self._sight
        painter = self._brush()
        base = painter.palette.base
        if rows is None or sight is None or y >= len(self._window):
            return Strip.blank(width, base)
        place = self._window[y]
        row = rows.row(place)
        cells, more = self._margin(place.block).row(place.row, self._marks.current)
        annotations = sight.index.between(row.start, row.end) if row.glyphs else []
        marks = replace(
            self._marks,
            matches=_near(self._marks.matches, row.start, row.end),
            preview=_near(self._marks.preview, row.start, row.end),
        )
        segments = [
            Segment(" " * self._geometry.left, base),
            *painter.margin(cells, more, self._marks.current),
            *painter.row(row, annotations, marks),
        ]
        filled = self._geometry.text + row.width
        return Strip(padded(segments, width - filled, base), max(width, filled))

    def _margin(self, block: int) -> Margin:
        """The lanes of a block; kept until annotations or the measure change."""
        rows, sight = self._rows, self._sight
        assert rows is not None and sight is not None
        if block not in self._margins:
            span = rows.blocks.span(block)
            claims = [
                one for one in sight.index.between(span.start, span.end) if isinstance(one, Claim)
            ]
            found = extents(claims, rows.starts(block), span)
            self._margins[block] = Margin.of(found, self._geometry.lanes)
        return self._margins[block]

    def _brush(self) -> Painter:
        if self._painter is None:
            assert self._sight is not None
            look = palette(self.app.theme, no_color=self.app.no_color)
            self._painter = Painter.of(look, self._sight.schema)
        return self._painter

    def _word(self, cursor: Span | int | None) -> Span | None:
        if isinstance(cursor, int):
            return self._sight.text.word_at(cursor) if self._sight else None
        return cursor

    def _annotation(self, annotation_id: str | None) -> Annotation | None:
        if self._sight is None or annotation_id is None:
            return None
        return self._sight.index.get(annotation_id)

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.content_size.width)

    # What Textual tells

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._restyle)

    def _restyle(self, _: object) -> None:
        self._painter = None
        if self._strips:
            self._repaint(range(len(self._strips)))

    def on_resize(self) -> None:
        self._strips = []
        self._lay_out()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(event, _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(event, -_WHEEL)

    def _scroll(self, event: events.MouseEvent, count: int) -> None:
        event.stop()
        if self._rows is not None:
            self._go(self._rows.step(self._top, count))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1:
            self._pressed = self.offset_at(event.x, event.y)
            self._dragged = None
            if self._pressed is not None:
                self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._pressed is None or self._sight is None:
            return
        y = min(max(0, event.y), len(self._window) - 1)
        offset = self.offset_at(event.x, y)
        if offset is None:
            return
        begun, now = self._sight.text.word_at(self._pressed), self._sight.text.word_at(offset)
        if begun and now and (begun != now or self._dragged):
            span = Span(min(begun.start, now.start), max(begun.end, now.end))
            if span != self._dragged:
                self._dragged = span
                self.post_message(self.Dragged(span))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        pressed, self._pressed = self._pressed, None
        self.release_mouse()
        if pressed is not None and self._dragged is None:
            self.post_message(self.Pointed(pressed))


def _tags(sight: _Sight, span: Span) -> list[Tag]:
    return [
        tag(one, sight.schema)
        for one in sight.index.between(span.start, span.end)
        if isinstance(one, Entity) and span.start < one.span.end <= span.end
    ]


def _near(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    first = bisect_right(spans, start, key=lambda span: span.end)
    return spans[first : bisect_left(spans, end, key=lambda span: span.start)]
