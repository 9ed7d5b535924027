"""One row of text with everything that is marked on it, as styled segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from annotations.records import Annotation, Claim, Entity
from annotations.schema import Schema
from annotations.span import Span
from annotations.symbols import line
from tui.layout.margin import BAR, MARKS, MORE, Cell
from tui.layout.wrap import Row, Tag

if TYPE_CHECKING:
    from tui.theme import Palette


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked besides the annotations.

    Attributes:
        current: the id of the current annotation.
        cursor: the word that the cursor is on.
        selection: what the person has selected.
        matches: what the search found on this row.
        preview: what the next decision would change on this row.
        cues: the words that led to the current claim.
        sides: for each side of the difference in hand, by its id, the mark that takes it; it stands
            in the place of the status mark, in a tag as in a lane.
    """

    current: str | None = None
    cursor: Span | None = None
    selection: Span | None = None
    matches: Sequence[Span] = ()
    preview: Sequence[Span] = ()
    cues: Sequence[Span] = ()
    sides: Sequence[tuple[str, str]] = ()


def tag(entity: Entity, schema: Schema) -> Tag:
    """What stands behind an entity: its label in short, and the mark of its status."""
    text = f" {line(schema.label(entity.label).short)}{MARKS[entity.status]}"
    return Tag(entity.span.end, text, entity.id)


def cues_of(annotation: Annotation | None) -> tuple[Span, ...]:
    """Where the words stand that led to a claim, in the order of the text."""
    if not isinstance(annotation, Claim):
        return ()
    return tuple(sorted(Span(one.start, one.end) for one in annotation.cues))


@dataclass(frozen=True, slots=True)
class Painter:
    """Styles for rows, from a palette and the order of the schema's labels."""

    palette: Palette
    positions: dict[str, int]

    @classmethod
    def of(cls, palette: Palette, schema: Schema) -> Painter:
        """The painter for a schema's labels."""
        return cls(palette, {label.name: place for place, label in enumerate(schema.labels)})

    def row(self, row: Row, annotations: Sequence[Annotation], marks: Marks) -> list[Segment]:
        """The row's segments, equal neighbours merged; no padding at the end.

        Args:
            row: the row, laid out.
            annotations: those that overlap it, outer ones first.
            marks: what else is marked on it.
        """
        styled = self._layers(row, annotations, marks)
        by_id = {one.id: one for one in annotations}
        runs: list[tuple[str, Style]] = []
        cuts = sorted({edge for span, _ in styled for edge in (span.start, span.end)})
        sides = dict(marks.sides)
        behind, at, style = row.start, 0, self.palette.base
        for glyph in row.glyphs:
            if glyph.tag:
                shown = glyph.shown
                if glyph.tag in sides:
                    shown = shown[:-1] + sides[glyph.tag]
                runs += _tagged(shown, self._tag(by_id.get(glyph.tag), marks))
                continue
            if glyph.start >= behind:
                while at < len(cuts) and cuts[at] <= glyph.start:
                    at += 1
                behind = cuts[at] if at < len(cuts) else row.end
                style = self._style(styled, glyph.start)
            runs.append((glyph.shown, style))
        return merged(runs)

    def margin(self, cells: Iterable[Cell], more: bool, marks: Marks) -> list[Segment]:
        """The lanes of a row, each set off by one cell; the last of these says if there is more."""
        runs: list[tuple[str, Style]] = []
        sides = dict(marks.sides)
        for cell in cells:
            claim, style, text = cell.claim, self.palette.base, cell.text
            if claim:
                is_current = claim.id == marks.current
                style += self.palette.lane(claim.stance, claim.status, current=is_current)
                if claim.id in sides and text != BAR:
                    text = text[:-1] + sides[claim.id]
            runs += [(text, style), (" ", self.palette.base)]
        if more and runs:
            runs[-1] = (MORE, self.palette.base + self.palette.muted)
        return merged(runs)

    def _layers(
        self, row: Row, annotations: Sequence[Annotation], marks: Marks
    ) -> list[tuple[Span, Style]]:
        """Spans with their styles, undermost first."""
        palette = self.palette
        layers = [(span, palette.match) for span in marks.matches]
        layers += [(span, palette.preview) for span in marks.preview]
        claims: list[tuple[Span, Style]] = []
        entities: list[tuple[Span, Style]] = []
        loud: list[tuple[Span, Style]] = []
        for one in annotations:
            is_current = one.id == marks.current
            if isinstance(one, Entity):
                position = self.positions.get(one.label, len(self.positions))
                style = palette.entity(position, one.status, current=is_current)
                (loud if is_current else entities).append((one.span, style))
            else:
                style = palette.claim(one.status, current=is_current)
                claims.append((one.span, style))
        layers += claims + entities
        layers += [(span, palette.cue) for span in marks.cues]
        if marks.selection:
            layers.append((marks.selection, palette.selection))
        layers += loud
        if marks.cursor:
            inside = any(span.overlaps(marks.cursor) for span, _ in loud)
            layers.append((marks.cursor, palette.cursor_current if inside else palette.cursor))
        return [layer for layer in layers if layer[0].start < row.end and row.start < layer[0].end]

    def _style(self, layers: Sequence[tuple[Span, Style]], offset: int) -> Style:
        style = self.palette.base
        for span, layer in layers:
            if offset in span:
                style += layer
        return style

    def _tag(self, one: Annotation | None, marks: Marks) -> Style:
        if not isinstance(one, Entity):
            return self.palette.base + self.palette.muted
        position = self.positions.get(one.label, len(self.positions))
        is_current = one.id == marks.current
        return self.palette.base + self.palette.tag(position, one.status, current=is_current)


def _tagged(shown: str, style: Style) -> list[tuple[str, Style]]:
    """A tag with the gap before it, where a line would read as a claim's."""
    words = shown.lstrip(" ")
    if not style.underline or style.reverse:
        return [(shown, style)]
    return [(shown[: -len(words)], style + Style(underline=False)), (words, style)]


def merged(runs: Iterable[tuple[str, Style]]) -> list[Segment]:
    """Runs as segments: equal neighbours joined, empty ones left out."""
    made: list[Segment] = []
    texts: list[str] = []
    last: Style | None = None
    for text, style in runs:
        if not text:
            continue
        if style != last:
            if texts and last is not None:
                made.append(Segment("".join(texts), last))
            texts, last = [], style
        texts.append(text)
    if texts and last is not None:
        made.append(Segment("".join(texts), last))
    return made


def padded(segments: Iterable[Segment], cells: int, base: Style) -> list[Segment]:
    """The segments with blank cells behind them, folded into the last one where it is plain."""
    runs = [(segment.text, segment.style or base) for segment in segments]
    return merged([*runs, (" " * cells, base)])
