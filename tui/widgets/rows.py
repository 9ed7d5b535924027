"""Rows of pieces; those of a long list are made when they are asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar, overload

from tui.describe import Piece

Found = TypeVar("Found")

Rows: TypeAlias = Sequence[Sequence[Piece]]
"""Each row in pieces."""


class LazyRows(Sequence[Sequence[Piece]], ABC, Generic[Found]):
    """A row for each of many things, made when it is asked for: the others cost nothing.

    Args:
        found: the things.
        cells: the width of a row.
        is_current: whether the row at a place is the current one.
    """

    def __init__(
        self, found: Sequence[Found], cells: int, is_current: Callable[[int], bool]
    ) -> None:
        self._found, self._cells, self._is_current = found, cells, is_current

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> Sequence[Piece]: ...
    @overload
    def __getitem__(self, place: slice) -> Rows: ...
    def __getitem__(self, place: int | slice) -> Sequence[Piece] | Rows:
        if isinstance(place, slice):
            return [self._made(one) for one in range(*place.indices(len(self)))]
        return self._made(place)

    def _made(self, place: int) -> list[Piece]:
        return self.row(self._found[place], current=self._is_current(place))

    @abstractmethod
    def row(self, one: Found, *, current: bool) -> list[Piece]:
        """One thing's row, in `self._cells` cells."""
