"""A whole document as rows, laid out only where one looks.

A place is a block and a row in it, never a row's number in the document: so nothing above the page
needs to be wrapped, and nothing is estimated. A million words cost one pass over their lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from annotations.span import Span
from annotations.text import Text
from tui.layout.wrap import NARROWEST, Row, Tag, breaks, fill, fit, is_blank, whole

LONGEST_BLOCK: Final = 16_384
"""Code points. A longer paragraph is laid out in pieces, so that one of a megabyte opens at once."""

_KEPT = 1024
_HARD_WRAPPED = 100
_SHARE_OF_LONG_LINES = 0.05

Tags: TypeAlias = Callable[[Span], Iterable[Tag]]
"""The tags whose offsets lie in `(span.start, span.end]`, in order."""


class Place(NamedTuple):
    """A row: its block, and its number in the block; the number after the last is the gap's."""

    block: int
    row: int


@dataclass(frozen=True, slots=True)
class _Wrap:
    tags: tuple[Tag, ...]
    starts: Sequence[int]


class Blocks:
    """The paragraphs that have something to see, cut up where they are very long.

    A gap, one blank row, follows a paragraph. Where the source is hard-wrapped, a paragraph is
    several lines and only its own blank lines, however many, make a gap.

    Attributes:
        starts: the first code point of each block, rising; at least one block.
        ends: the code point behind each block, line breaks not counted.
        gaps: for each block, 1 if a gap follows, else 0.
    """

    def __init__(self, text: Text) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.gaps: list[int] = []
        lines = [span for span in text.paragraphs if not is_blank(text[span.start : span.end])]
        blanks = len(text.paragraphs) - len(lines)
        apart = not blanks or not _is_hard_wrapped(lines)
        followers = (*lines[1:], None)
        for line, follower in zip(lines, followers, strict=False):
            for start, end in _pieces(text, line):
                self.starts.append(start)
                self.ends.append(end)
                self.gaps.append(0)
            if follower is not None:
                self.gaps[-1] = int(apart or _is_far(text, line.end, follower.start))
        if not self.starts:
            self.starts, self.ends, self.gaps = [0], [0], [0]

    def __len__(self) -> int:
        return len(self.starts)

    def span(self, block: int) -> Span:
        """The code points of one block, by its number."""
        return Span(self.starts[block], self.ends[block])

    def at(self, offset: int) -> int:
        """The number of the block that holds `offset`, else of the one ahead of it, else 0."""
        return max(0, bisect_right(self.starts, offset) - 1)


def _is_hard_wrapped(lines: Sequence[Span]) -> bool:
    long = sum(len(line) > _HARD_WRAPPED for line in lines)
    return long <= _SHARE_OF_LONG_LINES * len(lines)


def _is_far(text: str, end: int, start: int) -> bool:
    """Whether there is more than one line break between two lines."""
    return text[end:start].replace("\r\n", "\n").replace("\r", "\n").count("\n") > 1


def _pieces(text: str, line: Span) -> Iterator[tuple[int, int]]:
    start = line.start
    while line.end - start > LONGEST_BLOCK:
        limit = start + LONGEST_BLOCK
        cut = text.rfind(" ", start, limit) + 1 or whole(text, limit)
        yield start, cut
        start = cut
    yield start, line.end


class Rows:
    """The rows of a text in one measure, each wrapped when it is first asked for.

    Args:
        text: the document's text.
        tags: finds the tags that end in a span.
        width: the measure in cells; `NARROWEST` if it is less.
        blocks: the text's blocks, where they are known from another measure.
    """

    def __init__(self, text: Text, tags: Tags, width: int, blocks: Blocks | None = None) -> None:
        self.text = text
        self.width = max(NARROWEST, width)
        self.blocks = blocks or Blocks(text)
        self._tags = tags
        self._wraps: OrderedDict[int, _Wrap] = OrderedDict()

    @property
    def first(self) -> Place:
        """The document's first row."""
        return Place(0, 0)

    @property
    def last(self) -> Place:
        """The document's last row."""
        block = len(self.blocks) - 1
        return Place(block, self.height(block) - 1)

    def height(self, block: int) -> int:
        """The rows of a block, with the gap behind it."""
        return len(self._wrap(block).starts) + self.blocks.gaps[block]

    def starts(self, block: int) -> Sequence[int]:
        """The offset at which each row of a block starts."""
        return self._wrap(block).starts

    def place(self, offset: int) -> Place:
        """The row that shows `offset`; what no row shows counts to the row ahead of it."""
        block = self.blocks.at(offset)
        return Place(block, max(0, bisect_right(self._wrap(block).starts, offset) - 1))

    def span(self, place: Place) -> Span:
        """The code points of a row; of a gap, the empty span at the block's end."""
        starts, end = self._wrap(place.block).starts, self.blocks.ends[place.block]
        if place.row >= len(starts):
            return Span(end, end)
        behind = starts[place.row + 1] if place.row + 1 < len(starts) else end
        return Span(starts[place.row], behind)

    def is_gap(self, place: Place) -> bool:
        """Whether the row is blank."""
        return place.row >= len(self._wrap(place.block).starts)

    def row(self, place: Place) -> Row:
        """The row laid out; a gap has no glyphs."""
        span = self.span(place)
        tags = [tag for tag in self._wrap(place.block).tags if span.start < tag.offset <= span.end]
        return fill(self.text[span.start : span.end], tags, self.width, span.start)

    def step(self, place: Place, count: int) -> Place:
        """The row `count` rows further down, or up where it is negative, within the document."""
        block, row = place.block, place.row + count
        while row < 0 and block:
            block -= 1
            row += self.height(block)
        while row >= (height := self.height(block)):
            if block == len(self.blocks) - 1:
                return Place(block, height - 1)
            block, row = block + 1, row - height
        return Place(block, max(0, row))

    def window(self, top: Place, count: int) -> list[Place]:
        """At most `count` rows from `top` on."""
        found: list[Place] = []
        for block in range(top.block, len(self.blocks)):
            first = top.row if block == top.block else 0
            for row in range(first, self.height(block)):
                if len(found) == count:
                    return found
                found.append(Place(block, row))
        return found

    def retag(self, spans: Iterable[Span]) -> set[int]:
        """Look again for the tags in these spans; returns the numbers of the blocks they touch.

        A block is wrapped anew only if its tags changed.
        """
        touched: set[int] = set()
        for span in spans:
            touched.update(range(self.blocks.at(span.start), self.blocks.at(span.end) + 1))
        for block in touched & self._wraps.keys():
            if self._find(block) != self._wraps[block].tags:
                del self._wraps[block]
        return touched

    def _find(self, block: int) -> tuple[Tag, ...]:
        return fit(self._tags(self.blocks.span(block)), self.width)

    def _wrap(self, block: int) -> _Wrap:
        wrap = self._wraps.get(block)
        if wrap is not None:
            self._wraps.move_to_end(block)
            return wrap
        span, tags = self.blocks.span(block), self._find(block)
        starts = breaks(self.text[span.start : span.end], tags, self.width, span.start)
        self._wraps[block] = wrap = _Wrap(tags, starts)
        if len(self._wraps) > _KEPT:
            self._wraps.popitem(last=False)
        return wrap
