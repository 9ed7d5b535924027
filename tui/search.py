"""Words looked for in a text: where they are, and which place is next."""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice

import regex

from annotations import spelling
from annotations.span import Span
from annotations.text import Text

_MOST = 10_000
"""Places that are marked; a search for one letter need not mark the whole book."""


class Search:
    """The words of the last search and the places where they are."""

    def __init__(self) -> None:
        self.last = ""
        self._found: tuple[Span, ...] = ()

    def look(self, words: str, text: Text) -> tuple[Span, ...]:
        """Every place with these words, in whatever case and spelling; white space stands for any."""
        if words:
            self.last = words
        parts = [spelling.pattern(one) for one in words.split()]
        if not parts:
            self._found = ()
            return ()
        pattern = regex.compile(r"\s+".join(parts), regex.IGNORECASE)
        found = islice(pattern.finditer(text), _MOST)
        self._found = tuple(Span(match.start(), match.end()) for match in found)
        return self._found

    def next(self, offset: int) -> Span | None:
        """The first place that starts behind `offset`, going round at the end."""
        if not self._found:
            return None
        place = bisect_right(self._found, offset, key=lambda span: span.start)
        return self._found[place % len(self._found)]

    def report(self, place: Span | None) -> str:
        """Which of how many places this is, in words."""
        if place is None:
            return (
                f"“{self.last}” is not in this document." if self.last else "Nothing to look for."
            )
        many = f"{_MOST:,}+" if len(self._found) == _MOST else f"{len(self._found):,}"
        return f"“{self.last}”: {self._found.index(place) + 1:,} of {many}"
