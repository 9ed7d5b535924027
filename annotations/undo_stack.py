"""The decisions that can be taken back or repeated: the latest in memory, the rest in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, overload

from annotations.records import Decision


class Source(Protocol):
    """Where decisions are read from that are not in memory."""

    def at(self, offset: int) -> Decision:
        """The decision whose line begins there."""

    def mentioning(self, record_id: str) -> set[int]:
        """Where the lines begin that may change a record."""


class UndoStack(Sequence[Decision]):
    """Decisions, the last on top. Those that a journal has may be left there.

    Args:
        decisions: what is on it, the first at the bottom.
    """

    __slots__ = ("_items", "_offsets", "source")

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._items: list[Decision | None] = list(decisions)
        self._offsets = [-1] * len(self._items)
        self.source: Source | None = None

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, place: int) -> Decision: ...
    @overload
    def __getitem__(self, place: slice) -> list[Decision]: ...
    def __getitem__(self, place: int | slice) -> Decision | list[Decision]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self._items)))]
        return self._items[place] or self._read(self._offsets[place])

    def __iter__(self) -> Iterator[Decision]:
        for item, offset in zip(self._items, self._offsets, strict=True):
            yield item or self._read(offset)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UndoStack) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"UndoStack({len(self)})"

    def _read(self, offset: int) -> Decision:
        if self.source is None:
            raise LookupError("the decision was left in a journal, and there is none")
        return self.source.at(offset)

    def push(self, decision: Decision | None, offset: int = -1) -> None:
        """Put a decision on top.

        Args:
            decision: None where it is only in the journal.
            offset: where its line begins in the journal; -1 where that is not known.
        """
        self._items.append(decision)
        self._offsets.append(offset)

    def move(self, other: UndoStack) -> None:
        """Put the decision that is on top on another stack."""
        other.push(self._items.pop(), self._offsets.pop())

    def clear(self) -> None:
        """Take all decisions off."""
        self._items.clear()
        self._offsets.clear()

    def leave(self, count: int) -> None:
        """Keep only this many of the top in memory, of those that the journal has."""
        for place in range(len(self._items) - count - 1, -1, -1):
            if self._items[place] is None:
                break  # so are all below it
            if self._offsets[place] >= 0:
                self._items[place] = None

    def offsets(self) -> list[int] | None:
        """Where the lines begin, the bottom one first; None where that is not known of each."""
        return None if -1 in self._offsets else list(self._offsets)

    def of(self, record_id: str) -> list[Decision]:
        """The decisions that change a record, the first one first."""
        offsets: set[int] | None = None
        found = []
        for item, offset in zip(self._items, self._offsets, strict=True):
            if item is None:
                if offsets is None:
                    offsets = self.source.mentioning(record_id) if self.source else set()
                if offset not in offsets:
                    continue
                item = self._read(offset)
            if any(change.id == record_id for change in item.changes):
                found.append(item)
        return found
