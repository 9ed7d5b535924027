"""Words looked for in a text: where they are, and which place is next."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

import regex

from annotations import spelling
from annotations.span import Span
from annotations.text import Text
from tui.describe import quoted
from tui.widgets.prompt import MOST_SOUGHT

_MOST: Final = 10_000
"""Places that are marked; a search for one letter need not mark the whole book."""

_PATIENCE: Final = 1.0
"""Seconds that are spent on a search; texts can be made in which words take hours to find."""


class Search:
    """The words of the last search and the places where they are."""

    def __init__(self) -> None:
        self.last = ""
        self._found: tuple[Span, ...] = ()
        self._end: int | None = None

    def look(self, words: str, text: Text) -> tuple[Span, ...]:
        """Every place with these words, in whatever case and spelling; white space stands for any."""
        words = words[:MOST_SOUGHT]
        if words:
            self.last = words
        parts = [spelling.pattern(one) for one in words.split()]
        found: list[Span] = []
        self._end = None
        if parts:
            pattern = regex.compile(r"\s++".join(parts), regex.IGNORECASE)
            try:
                for match in pattern.finditer(text, timeout=_PATIENCE):
                    found.append(Span(match.start(), match.end()))
                    if len(found) == _MOST:
                        break
            except TimeoutError:
                self._end = found[-1].end if found else 0
        self._found = tuple(found)
        return self._found

    def next(self, offset: int) -> Span | None:
        """The first place that starts behind `offset`, going round at the end."""
        if not self._found:
            return None
        place = bisect_right(self._found, offset, key=lambda span: span.start)
        return self._found[place % len(self._found)]

    def report(self, place: Span | None) -> str:
        """Which of how many places this is, in words."""
        words, given_up = f"“{quoted(self.last, 120)}”", ""
        if self._end is not None:
            given_up = f"; given up after {_PATIENCE:g} s, the text behind was not searched"
        if place is None:
            if not self.last:
                return "Nothing to look for."
            return (
                f"{words} was not found{given_up}."
                if given_up
                else f"{words} is not in this document."
            )
        is_all = len(self._found) < _MOST and not given_up
        many = f"{len(self._found):,}" + ("" if is_all else "+")
        return f"{words}: {self._found.index(place) + 1:,} of {many}{given_up}"
