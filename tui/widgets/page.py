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
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotations.records import Annotation
from annotations.schema import Schema
from annotations.span import Span, SpanIndex
from annotations.text import Text
from tui.layout.margin import geometry
from tui.layout.paint import Marks, Painter, cues_of
from tui.layout.rows import Place
from tui.layout.sheet import Sheet
from tui.layout.turn import revealing, settled, turned
from tui.theme import palette
from tui.widgets.drag import Drag

MEASURE: Final = 88
"""Cells. A longer line is hard to find back from its end to the next one's start."""

_WHEEL: Final = 3


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
        self, *, measure: int = MEASURE, centred: bool = True, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._measure = measure
        self._centred = centred
        self._shown: tuple[Text, SpanIndex[Annotation], Schema] | None = None
        self._sheet: Sheet | None = None
        self._painter: Painter | None = None
        self._anchor = 0
        self._top = Place(0, 0)
        self._window: list[Place] = []
        self._strips: list[Strip] = []
        self._marks = Marks()
        self._current_span: Span | None = None
        self._column: tuple[Place, int] | None = None
        self._drag: Drag | None = None

    # What is shown

    def show(
        self, text: Text, index: SpanIndex[Annotation], schema: Schema, *, top: int = 0
    ) -> None:
        """Show a document from the row that holds the offset `top`.

        Args:
            text: its text.
            index: its annotations; the caller keeps it up to date and says so by `changed`.
            schema: the labels, in the order of their colours.
            top: a code point, 0 for the start.
        """
        self._shown = (text, index, schema)
        self._sheet = self._painter = None
        self._anchor = min(max(0, top), len(text))
        self._marks, self._current_span, self._column = Marks(), None, None
        self._drag = None
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
        old, word = self._marks, self._word(cursor)
        annotation = self._annotation(current)
        span, cues = annotation.span if annotation else None, cues_of(annotation)
        self._marks = Marks(current, word, selection, old.matches, old.preview, cues, old.sides)
        moved = (current, span) != (old.current, self._current_span)
        near = [self._current_span, span, *old.cues, *cues]
        touched = [old.cursor, word, old.selection, selection, *near]
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
        self._column = None
        one = self._annotation(self._marks.current)
        self._current_span = one.span if one else None
        self._marks = replace(self._marks, cues=cues_of(one))
        if self._sheet is not None:
            touched = self._sheet.changed(spans)
            top = self._sheet.rows.place(self._anchor)
            self._go(top, anchor=self._anchor, touched=touched)

    def matches(self, spans: Sequence[Span]) -> None:
        """Mark what the search found: spans in the order of the text."""
        self._remark(replace(self._marks, matches=tuple(spans)))

    def preview(self, spans: Sequence[Span], sides: Sequence[tuple[str, str]] = ()) -> None:
        """Mark what the next decision would change, and which mark takes which side; see `Marks`."""
        self._remark(replace(self._marks, preview=tuple(spans), sides=tuple(sides)))

    # Turning pages, and from cells to text

    def page_down(self) -> int:
        """Turn to the next page; returns the first word's offset, or the last's at the end."""
        return self._turn(1)

    def page_up(self) -> int:
        """Turn to the page before; returns the first word's offset."""
        return self._turn(-1)

    def visible_span(self) -> Span:
        """The code points from the first row to the last; empty before anything is shown."""
        if self._sheet is None or not self._window:
            return Span(self._anchor, self._anchor)
        rows = self._sheet.rows
        return Span(rows.span(self._window[0]).start, rows.span(self._window[-1]).end)

    def offset_at(self, x: int, y: int) -> int | None:
        """The code point nearest to a cell of the widget; None where there is no row."""
        if self._sheet is None or not 0 <= y < len(self._window):
            return None
        return self._sheet.offset(self._window[y], x)

    def offset_above(self, offset: int) -> int:
        """The code point in the same column of the row above; `offset` itself on the first row."""
        return self._vertical(offset, -1)

    def offset_below(self, offset: int) -> int:
        """The code point in the same column of the row below; `offset` itself on the last row."""
        return self._vertical(offset, 1)

    def _vertical(self, offset: int, direction: int) -> int:
        if self._sheet is None:
            return offset
        rows = self._sheet.rows
        place = rows.place(offset)
        column = rows.row(place).column(offset)
        # The column that one came from, not the one that a shorter row on the way allowed.
        if self._column is not None and self._column[0] == place:
            column = self._column[1]
        target = rows.step(place, direction)
        if rows.is_gap(target):
            target = rows.step(target, direction)
        if target == place:
            return offset
        self._column = (target, column)
        return rows.row(target).offset(column)

    def _turn(self, direction: int) -> int:
        if self._sheet is None:
            return self._anchor
        top, height = self._top, self.content_size.height
        self._go(turned(self._sheet.rows, top, height, direction))
        at_end, span = direction > 0 and self._top == top, self.visible_span()
        word = self._sheet.text.word_at(max(span.start, span.end - 1) if at_end else span.start)
        return word.start if word else span.start

    def _reveal(self, span: Span, anchor: int | None = None) -> bool:
        """Turn the page if the span is not wholly in view; returns whether it did."""
        if self._sheet is None or not self._window:
            return False
        rows, height = self._sheet.rows, self.content_size.height
        if (target := revealing(rows, self._window, height, span)) is None:
            return False
        self._go(target, anchor=anchor)
        return True

    def _go(
        self, top: Place, *, anchor: int | None = None, touched: set[int] | None = None
    ) -> None:
        """Put a row at the top of the page, with no blank rows behind the document's end.

        Args:
            top: the row; at a gap, the one behind it.
            anchor: the offset to hold at the top from now on; None for the row's first.
            touched: the blocks that may look different; None for all.
        """
        assert self._sheet is not None
        rows, height = self._sheet.rows, self.content_size.height
        self._top = settled(rows, top, height)
        self._anchor = rows.span(self._top).start if anchor is None else anchor
        before, self._window = self._window, rows.window(self._top, height)
        places = zip_longest(before, self._window)
        self._repaint(
            y
            for y, (old, new) in enumerate(places)
            if touched is None or old != new or (new and new.block in touched)
        )

    # Painting

    def _lay_out(self) -> None:
        """Wrap for the widget's width, with the same offset at the top."""
        width, height = self.content_size
        if self._shown is None or not width or not height:
            return
        parts = geometry(width, self._measure, centred=self._centred)
        # What stood at the top stays there however often the size changes, and so does the row
        # that a document is shown from: only turning pages sets the anchor.
        blocks = self._sheet.rows.blocks if self._sheet else None
        self._sheet = Sheet(*self._shown, width, parts, blocks)
        rows = self._sheet.rows
        if blocks is None:
            self._anchor = rows.span(rows.place(self._anchor)).start
        self._column = None
        self._go(rows.place(self._anchor), anchor=self._anchor)

    def _remark(self, marks: Marks) -> None:
        self._marks = marks
        self._repaint(range(len(self._strips)))

    def _touched(self, spans: Iterable[Span]) -> set[int]:
        """The rows of the page that show any of these spans."""
        found: set[int] = set()
        if self._sheet is None:
            return found
        rows, seen = self._sheet.rows, self.visible_span()
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
        if self._sheet is None:
            return
        if len(self._strips) != height:
            self._strips = [self._paint(y) for y in range(height)]
            self.refresh()
            return
        for y in (y for y in lines if y < height):  # the window may be that of a higher page
            strip = self._paint(y)
            if strip != self._strips[y]:
                self._strips[y] = strip
                self.refresh(Region(0, y, width, 1))

    def _paint(self, y: int) -> Strip:
        assert self._sheet is not None
        if self._painter is None:
            look = palette(self.app.theme, no_color=self.app.no_color)
            self._painter = self._sheet.painter(look)
        if y >= len(self._window):
            return Strip.blank(self._sheet.width, self._painter.palette.base)
        return self._sheet.strip(self._window[y], self._painter, self._marks, is_top=not y)

    def _word(self, cursor: Span | int | None) -> Span | None:
        if isinstance(cursor, int):
            return self._shown[0].word_at(cursor) if self._shown else None
        return cursor

    def _annotation(self, annotation_id: str | None) -> Annotation | None:
        if self._shown is None or annotation_id is None:
            return None
        return self._shown[1].get(annotation_id)

    def render_line(self, y: int) -> Strip:
        return (
            self._strips[y]
            if y < len(self._strips)
            else Strip.blank(self.content_size.width, self.rich_style)
        )

    # What Textual tells

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._restyle)

    def _restyle(self, _: object) -> None:
        self._painter = None
        if self._strips:
            self._repaint(range(len(self._strips)))

    def on_resize(self) -> None:
        spans, seen = (self._current_span, self._marks.cursor), self.visible_span()
        held = next((one for one in spans if one and (not seen or seen.covers(one))), None)
        self._strips = []
        self._lay_out()
        if held:  # what was in view stays there; grown again, the page is the one it was
            self._reveal(held, anchor=self._anchor)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(event, _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(event, -_WHEEL)

    def _scroll(self, event: events.MouseEvent, count: int) -> None:
        event.stop()
        if self._sheet is not None:
            self._go(self._sheet.rows.step(self._top, count))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        offset = self.offset_at(event.x, event.y)
        if event.button == 1 and offset is not None and self._shown is not None:
            self._drag = Drag(self._shown[0], offset)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._drag is None:
            return
        offset = self.offset_at(event.x, min(max(0, event.y), len(self._window) - 1))
        span = self._drag.move(offset) if offset is not None else None
        if span is not None:
            self.post_message(self.Dragged(span))

    def on_mouse_up(self, _: events.MouseUp) -> None:
        drag, self._drag = self._drag, None
        self.release_mouse()
        if drag is not None and drag.span is None:
            self.post_message(self.Pointed(drag.offset))
