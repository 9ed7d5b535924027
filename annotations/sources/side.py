"""One of two texts that are laid beside each other: its words, and the lines they are in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from annotations.span import Span
from annotations.spelling import composed
from annotations.text import Text

_TIES: Final = frozenset("'’-‐‑_/@")
"""What ties a word to the next one, so that both may name something else."""

_ROW: Final = 4
"""Words in a row by which longer passages are looked up."""

Unit: TypeAlias = tuple[int, int]
"""The numbers of its first word and of the one behind its last."""


class Side:
    """One of the texts: where its words are, and which line or sentence they are in.

    Attributes:
        text: the text.
        starts: where each word starts, in code points.
        ends: where it ends.
        keys: what it is, whichever code points it is spelled in.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        words = text.all_words()
        self.starts = [start for start, _ in words]
        self.ends = [end for _, end in words]
        # An é of one code point and one of two are the same letter.
        self.keys = [composed(text[start:end]) for start, end in words]

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def lines(self) -> list[Unit]:
        """The lines with a word in them."""
        return list(self._units(self.text.paragraphs))

    @cached_property
    def sentences(self) -> list[Unit]:
        """The sentences."""
        return list(self._units(self.text.sentences()))

    def _units(self, spans: Iterable[Span]) -> Iterator[Unit]:
        first = 0
        for span in spans:
            behind = bisect_left(self.starts, span.end, lo=first)
            if first < behind:
                yield first, behind
            first = behind

    @cached_property
    def _line_starts(self) -> list[int]:
        return [first for first, _ in self.lines]

    def line(self, word: int) -> Unit:
        """The line that a word is in."""
        return self.lines[bisect_right(self._line_starts, word) - 1]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where each word stands, by its number."""
        made = defaultdict[str, list[int]](list)
        for number, key in enumerate(self.keys):
            made[key].append(number)
        return made

    @cached_property
    def _runs(self) -> dict[tuple[str, ...], list[int]]:
        """Where each few words in a row stand, of which few are common."""
        made = defaultdict[tuple[str, ...], list[int]](list)
        rows = (self.keys[start:] for start in range(_ROW))
        for number, row in enumerate(zip(*rows, strict=False)):
            made[row].append(number)
        return made

    def find(self, words: Sequence[str]) -> Iterator[int]:
        """The numbers of the words from which on these stand."""
        spots: list[list[int]]
        if len(words) < _ROW:
            spots = [self._places.get(word, []) for word in words]
        else:
            rows = zip(*(words[start:] for start in range(_ROW)), strict=False)
            spots = [self._runs.get(row, []) for row in rows]
        rare = min(range(len(spots)), key=lambda one: len(spots[one]))
        for place in spots[rare]:
            first = place - rare
            if first >= 0 and self.keys[first : first + len(words)] == words:
                yield first

    def tail(self, first: int, last: int) -> tuple[str, str]:
        """What makes more of these words than they are: of a minister the minister's, or the ex-minister."""
        ahead = behind = ""
        if first and self.is_tied(first) and self.keys[first - 1][0] in _TIES:
            ahead = self.keys[first - 1]
        if last + 1 < len(self) and self.is_tied(last + 1) and self.keys[last + 1][0] in _TIES:
            behind = self.keys[last + 1]
        return ahead, behind

    def is_tied(self, word: int) -> bool:
        """Whether nothing stands between a word and the one ahead."""
        return self.ends[word - 1] == self.starts[word]
