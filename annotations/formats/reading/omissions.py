"""What a file holds that a project has no place for: counted by kind, and told with the first of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class _Kind:
    first: str
    count: int = 0


class Omissions:
    """What was left out while files were read, however much there was of it."""

    def __init__(self) -> None:
        self._kinds: dict[str, _Kind] = {}

    def add(self, what: str, where: str) -> None:
        """One more of a kind was left out.

        Args:
            what: the kind, in the plural and in the other program's words, such as `relations`.
            where: the file and place, and what it is called there.
        """
        self._kinds.setdefault(what, _Kind(where)).count += 1

    def lines(self) -> Iterator[str]:
        """A line a kind, in the order in which they were met."""
        for what, kind in self._kinds.items():
            yield f"left out, having no place here: {kind.count:,} {what}, the first at {kind.first}"
