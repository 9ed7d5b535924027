"""Half-open spans of code points, and an index of things that have one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from annotations.errors import SpanError
from annotations.mould import mould


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Half-open `[start, end)`, in Unicode code points of a document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise SpanError(f"{self.start}-{self.end} is no span: offsets start at 0 and rise.")

    def __len__(self) -> int:
        return self.end - self.start

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether `other` lies within this one."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """The words of `text` that the span covers.

        Raises:
            SpanError: the span is empty or leaves the text.
        """
        if self.end > len(text) or self.start == self.end:
            raise SpanError(f"{self.start}-{self.end} is not inside a text of {len(text)}.")
        return text[self.start : self.end]


SPAN: Final = mould(Span)  # both offsets, once they are known to be those of a span


def span_at(start: int, end: int) -> Span:
    """`Span(start, end)`, in half the time.

    Raises:
        SpanError: they are no offsets of a span.
    """
    return SPAN(start, end) if 0 <= start <= end else Span(start, end)


class Spanned(Protocol):
    """Anything with an id and a span."""

    @property
    def id(self) -> str: ...

    @property
    def span(self) -> Span: ...


Item = TypeVar("Item", bound=Spanned)


def in_order(item: Spanned) -> tuple[int, int, str]:
    """The key of document order: by start, then the longer first, then id."""
    span = item.span
    return (span.start, -span.end, item.id)


class SpanIndex(Generic[Item]):
    """Things in document order, found by offset in logarithmic time.

    Order is by start, then the longer first, then id: an outer span comes before what it holds.
    One very long span makes look-ups slower, never wrong.
    """

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items: dict[str, Item] = {item.id: item for item in items}
        self._order = sorted(map(in_order, self._items.values()))
        self._longest = max([-end - start for start, end, _ in self._order], default=0)

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Item]:
        return (self._items[key[2]] for key in self._order)

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._items

    def get(self, item_id: str) -> Item | None:
        """The item of that id, or None."""
        return self._items.get(item_id)

    def put(self, item: Item) -> None:
        """Add an item, in place of the one of the same id."""
        self.discard(item.id)
        self._items[item.id] = item
        insort(self._order, in_order(item))
        self._longest = max(self._longest, len(item.span))

    def discard(self, item_id: str) -> None:
        """Take an item out, if it is there."""
        item = self._items.pop(item_id, None)
        if item is not None:
            del self._order[bisect_left(self._order, in_order(item))]

    def between(self, start: int, end: int) -> list[Item]:
        """Items that share at least one code point with `[start, end)`, in order."""
        low = bisect_left(self._order, (start - self._longest,))
        high = bisect_left(self._order, (end,))
        found = (self._items[key[2]] for key in self._order[low:high])
        return [item for item in found if item.span.end > start]

    def at(self, offset: int) -> list[Item]:
        """Items that cover the code point at `offset`, outermost first."""
        return self.between(offset, offset + 1)

    def after(self, item: Item) -> Iterator[Item]:
        """Items behind `item` in document order; it need not be in the index itself."""
        first = bisect_right(self._order, in_order(item))
        return self._run(range(first, len(self._order)))

    def before(self, item: Item) -> Iterator[Item]:
        """Items ahead of `item`, nearest first; it need not be in the index itself."""
        last = bisect_left(self._order, in_order(item))
        return self._run(range(last - 1, -1, -1))

    def from_offset(self, offset: int) -> Iterator[Item]:
        """Items that start at or behind `offset`, in order."""
        first = bisect_left(self._order, (offset,))
        return self._run(range(first, len(self._order)))

    def before_offset(self, offset: int) -> Iterator[Item]:
        """Items that start ahead of `offset`, nearest first."""
        last = bisect_left(self._order, (offset,))
        return self._run(range(last - 1, -1, -1))

    def _run(self, places: range) -> Iterator[Item]:
        return (self._items[self._order[place][2]] for place in places)


class Sieve(SpanIndex[Item]):
    """Another index, seen without the things that are not wanted; it holds none itself."""

    def __init__(self, whole: SpanIndex[Item], wanted: Callable[[Item], bool]) -> None:
        super().__init__()
        self._whole = whole
        self._wanted = wanted

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Item]:
        return filter(self._wanted, self._whole)

    def __contains__(self, item_id: str) -> bool:
        return self.get(item_id) is not None

    def get(self, item_id: str) -> Item | None:
        """The item of that id, if it is wanted."""
        item = self._whole.get(item_id)
        return item if item is not None and self._wanted(item) else None

    def between(self, start: int, end: int) -> list[Item]:
        """The wanted items of `SpanIndex.between`."""
        return list(filter(self._wanted, self._whole.between(start, end)))

    def after(self, item: Item) -> Iterator[Item]:
        """The wanted items of `SpanIndex.after`."""
        return filter(self._wanted, self._whole.after(item))

    def before(self, item: Item) -> Iterator[Item]:
        """The wanted items of `SpanIndex.before`."""
        return filter(self._wanted, self._whole.before(item))

    def from_offset(self, offset: int) -> Iterator[Item]:
        """The wanted items of `SpanIndex.from_offset`."""
        return filter(self._wanted, self._whole.from_offset(offset))

    def before_offset(self, offset: int) -> Iterator[Item]:
        """The wanted items of `SpanIndex.before_offset`."""
        return filter(self._wanted, self._whole.before_offset(offset))


def lanes(items: Iterable[Item]) -> list[tuple[Item, int]]:
    """Give each item the lowest lane that is free where it starts: overlaps get different ones."""
    ends: list[int] = []
    placed: list[tuple[Item, int]] = []
    for item in sorted(items, key=in_order):
        for lane, end in enumerate(ends):
            if end <= item.span.start:
                ends[lane] = item.span.end
                break
        else:
            lane = len(ends)
            ends.append(item.span.end)
        placed.append((item, lane))
    return placed
