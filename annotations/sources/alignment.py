"""Two versions of a text, word by word: which word of the one is which word of the other.

Lines that are the same and stand once in each are the same lines, wherever they moved. Between
them, lines, then sentences, then words are held together from both ends, and by what stands once
between the two (Bram Cohen's patience diff). What could as well be another is left out: where one
of several same lines was deleted, nobody can tell which.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from annotations.sources.pairing import heaviest, paired
from annotations.sources.side import Side, Unit
from annotations.span import Span
from annotations.text import Text

AROUND: Final = 32
"""Code points ahead and behind by which a passage is known that stands in no line or sentence
that is the same."""

_EDGE: Final = 2
"""Letters that such words count more where the line starts, or ends, with them in both texts."""

_FAR: Final = 16
"""Words on each side without a change among them that are as good as a whole sentence: lines that
are broken otherwise have no sentence in common."""

_SHORT: Final = 4
"""Words under which a line or sentence that stands elsewhere now may be another one."""

_ENOUGH: Final = 4
"""Letters and figures of the words beside it by which a passage is the same: more than in "the"."""


class Fate(Enum):
    """What became of a passage."""

    SAME = "moved"
    CHANGED = "moved, in words that changed"
    BY_WORDS = "moved by its words alone"
    AMBIGUOUS = "ambiguous"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Found:
    """Where a passage stands in the other text; `span` is None where nobody can say.

    Only what is in a line or sentence that is the same, or far from any change, is `SAME`: a word
    that changed near by may have been the one that told it from others.
    """

    fate: Fate
    span: Span | None = None


class Alignment:
    """Where the words of one text stand in another.

    Passages that are looked for later get what the earlier ones left: no word stands for two.
    """

    def __init__(self, before: Text, after: Text) -> None:
        self._old, self._new = Side(before), Side(after)
        self._to = [-1] * len(self._old)
        self._from = [-1] * len(self._new)
        self._is_whole = bytearray(len(self._old))  # in a line or sentence that is the same
        self._is_alone = bytearray(len(self._old))  # in one that is short and stands elsewhere
        self._is_barred = bytearray(len(self._old))  # in what is there several times
        self._once: dict[tuple[str, ...], int] = {}
        self._spare: dict[tuple[str, ...], bool] = {}
        self._align(self._old.lines, self._new.lines)
        if -1 in self._to and -1 in self._from:
            self._align(self._old.sentences, self._new.sentences)
            self._align_words()

    def find(self, span: Span) -> Found:
        """Where a passage stands now, and by what it was found again."""
        whole = self._old.text.trimmed(span.start, span.end)
        words = whole and self._words(whole)
        if not whole or not words:
            return Found(Fate.LOST)
        first, last = words
        size = last - first + 1
        place = self._to[first]
        is_whole = place >= 0 and self._is_run(first, place, size)
        is_same = is_whole and (
            all(self._is_whole[first : last + 1]) or self._is_far_from_change(first, last)
        )
        if is_whole and self._is_held(first, last):
            return self._found(Fate.SAME if is_same else Fate.CHANGED, whole, first, place, size)
        around = self._by_what_is_around(first, last)
        if around is not None:
            return self._found(Fate.SAME if is_same else Fate.CHANGED, whole, first, around, size)
        if is_whole and self._is_whole[first]:
            return self._found(Fate.BY_WORDS, whole, first, place, size)
        alone = self._by_words_alone(first, size)
        if alone is not None:
            return self._found(Fate.BY_WORDS, whole, first, alone, size)
        is_there = is_whole or self._is_free_somewhere(first, last)
        return Found(Fate.AMBIGUOUS if is_there else Fate.LOST)

    def around(self, span: Span, count: int = 3) -> str:
        """A few words around a passage of the later text, on one line."""
        starts, ends = self._new.starts, self._new.ends
        first = max(0, bisect_right(starts, span.start) - 1 - count)
        last = min(len(starts), bisect_left(starts, span.end) + count) - 1
        return " ".join(self._new.text[starts[first] : ends[last]].split())

    # What both have

    def _align(self, old: list[Unit], new: list[Unit]) -> None:
        """Hold lines, or sentences, together."""
        old_keys, new_keys = _keys(self._old, old), _keys(self._new, new)
        mine, theirs = Counter(old_keys), Counter(new_keys)
        spots = {key: unit for key, unit in zip(new_keys, new, strict=True) if theirs[key] == 1}
        for key, unit in zip(old_keys, old, strict=True):
            if mine[key] == 1 and key in spots and self._to[unit[0]] < 0:
                self._put(unit, spots[key])
        backbone = self._backbone()
        mine_left = [
            (key, unit) for key, unit in zip(old_keys, old, strict=True) if self._to[unit[0]] < 0
        ]
        theirs_left = [
            (key, unit) for key, unit in zip(new_keys, new, strict=True) if self._from[unit[0]] < 0
        ]
        for ours, others in _gaps(mine_left, theirs_left, backbone):
            for one, other in paired([k for k, _ in ours], [k for k, _ in others], is_strict=True):
                self._put(ours[one][1], others[other][1])
        self._mark(old)
        still = {key for key, unit in theirs_left if self._from[unit[0]] < 0}
        for key, (first, behind) in mine_left:
            if self._to[first] < 0 and key in still:
                self._is_barred[first:behind] = b"\x01" * (behind - first)

    def _mark(self, units: list[Unit]) -> None:
        """Mark what is the same, and what of it is short and stands elsewhere than the rest."""
        backbone = self._backbone()
        starts = [first for first, _, _ in backbone]
        for first, behind in units:
            if self._to[first] < 0:
                continue
            self._is_whole[first:behind] = b"\x01" * (behind - first)
            at = bisect_right(starts, first) - 1
            is_in_order = at >= 0 and first < starts[at] + backbone[at][2]
            words = sum(key[0].isalnum() for key in self._old.keys[first:behind])
            if not is_in_order and words < _SHORT:
                self._is_alone[first:behind] = b"\x01" * (behind - first)

    def _align_words(self) -> None:
        mine = [
            (key, (place, place + 1))
            for place, key in enumerate(self._old.keys)
            if self._to[place] < 0 and not self._is_barred[place]
        ]
        theirs = [
            (key, (place, place + 1))
            for place, key in enumerate(self._new.keys)
            if self._from[place] < 0
        ]
        for ours, others in _gaps(mine, theirs, self._backbone()):
            for one, other in paired([k for k, _ in ours], [k for k, _ in others]):
                self._put(ours[one][1], others[other][1])

    def _put(self, old: Unit, new: Unit) -> None:
        size = old[1] - old[0]
        self._to[old[0] : old[1]] = range(new[0], new[0] + size)
        self._from[new[0] : new[1]] = range(old[0], old[0] + size)

    def _backbone(self) -> list[tuple[int, int, int]]:
        """The words that are in the same order in both: runs of as many words, with their starts."""
        runs: list[list[int]] = []
        for old, new in enumerate(self._to):
            if new < 0:
                continue
            if runs and (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]) == (old, new):
                runs[-1][2] += 1
            else:
                runs.append([old, new, 1])
        return heaviest([(old, new, size) for old, new, size in runs])

    # One passage

    def _words(self, span: Span) -> tuple[int, int] | None:
        """The first and the last word that a passage has a part in."""
        first = bisect_right(self._old.ends, span.start)
        last = bisect_left(self._old.starts, span.end) - 1
        return (first, last) if first <= last else None

    def _found(self, fate: Fate, whole: Span, first: int, place: int, size: int) -> Found:
        """The passage from word `place` of the later text on, which nothing else gets any more."""
        old, new = self._old, self._new
        last, end = first + size - 1, place + size - 1
        ahead, behind = whole.start - old.starts[first], old.ends[last] - whole.end
        for offset, mine, theirs in ((ahead, first, place), (behind, last, end)):
            as_it_was = old.text[old.starts[mine] : old.ends[mine]]
            if offset and new.text[new.starts[theirs] : new.ends[theirs]] != as_it_was:
                return Found(Fate.LOST)  # it began or ended inside a word that is spelled otherwise
        # What was found by its words alone says nothing of the words in it and beside it.
        if fate is not Fate.BY_WORDS:
            self._to[first : last + 1] = range(place, end + 1)
        self._from[place : end + 1] = range(first, last + 1)
        return Found(fate, Span(new.starts[place] + ahead, new.ends[end] - behind))

    def _is_run(self, first: int, place: int, size: int) -> bool:
        """Whether the words stand for those from `place` on, one behind the other, set alike."""
        return self._to[first : first + size] == list(range(place, place + size)) and all(
            self._old.is_tied(first + one) == self._new.is_tied(place + one)
            for one in range(1, size)
        )

    def _is_held(self, first: int, last: int) -> bool:
        """Whether another word of its line still stands beside it, or the line beside the whole."""
        old, new = self._old, self._new
        place, end = self._to[first], self._to[last]
        if self._is_alone[first] or old.tail(first, last) != new.tail(place, end):
            return False
        start, stop = old.line(first)[0], old.line(last)[1]
        there, then = new.line(place)[0], new.line(end)[1]
        ahead, is_start = self._beside(first, -1, start - 1)
        behind, is_end = self._beside(last, 1, stop)
        is_start = is_start and self._to[start] == there
        is_end = is_end and self._to[stop - 1] == then - 1
        # As far as the line's start, or end, a short word is enough.
        ahead += _EDGE if is_start and ahead else 0
        behind += _EDGE if is_end and behind else 0
        if ahead + behind >= _ENOUGH:
            return True
        # All of its line: the lines around say whether it is the same place.
        is_line = is_start and is_end
        return is_line and (self._is_border(start, there) or self._is_border(stop, then))

    def _is_far_from_change(self, first: int, last: int) -> bool:
        """Whether many words on both sides are the same, or all as far as both texts go."""
        edges = ((first, -1, (-1, -1)), (last, 1, (len(self._old), len(self._new))))
        for edge, step, border in edges:
            for one in range(step, step * (_FAR + 1), step):
                mine, theirs = edge + one, self._to[edge] + one
                if (mine, theirs) == border:
                    break
                if mine == border[0] or self._to[mine] != theirs:
                    return False
        return True

    def _is_border(self, mine: int, theirs: int) -> bool:
        """Whether the same stands on both sides of the gaps ahead of these words."""
        is_start = mine == theirs == 0
        is_end = (mine, theirs) == (len(self._old), len(self._new))
        if is_start or is_end:
            return True
        for one, other in ((mine - 1, theirs - 1), (mine, theirs)):
            if not (0 <= one < len(self._to) and self._to[one] == other):
                return False
        return True

    def _beside(self, word: int, step: int, limit: int) -> tuple[int, bool]:
        """How long the words are that stand beside it still, and whether its line ends there."""
        size = 0
        while word + step != limit and size < _ENOUGH:
            if self._to[word + step] != self._to[word] + step:
                return size, False
            word += step
            key = self._old.keys[word]
            size += len(key) if key[0].isalnum() else 0
        return size, word + step == limit

    def _by_what_is_around(self, first: int, last: int) -> int | None:
        """Where it stands with what is around it, if that is once in each text and free."""
        old = self._old
        low = bisect_left(old.starts, old.starts[first] - AROUND)
        high = bisect_right(old.ends, old.ends[last] + AROUND)
        if not any(
            old.keys[one][0].isalnum() for one in (*range(low, first), *range(last + 1, high))
        ):
            return None
        place = self._only(tuple(old.keys[low:high]))
        if place is None:
            return None
        place += first - low
        return place if self._is_free(first, place, last - first + 1) else None

    def _by_words_alone(self, first: int, size: int) -> int | None:
        place = self._only(tuple(self._old.keys[first : first + size]))
        is_free = place is not None and self._is_free(first, place, size)
        return place if is_free else None

    def _only(self, words: tuple[str, ...]) -> int | None:
        """Where words stand in the later text that are once in each; None if they are not."""
        if (known := self._once.get(words)) is None:
            known = -1
            sought = list(words)
            if _count(self._old.find(sought)) == 1:
                there = [place for place, _ in zip(self._new.find(sought), range(2), strict=False)]
                known = there[0] if len(there) == 1 else -1
            self._once[words] = known
        return None if known < 0 else known

    def _is_free_somewhere(self, first: int, last: int) -> bool:
        words = tuple(self._old.keys[first : last + 1])
        if (known := self._spare.get(words)) is None:
            known = self._spare[words] = any(
                self._from[place : place + len(words)] == [-1] * len(words)
                for place in self._new.find(list(words))
            )
        return known

    def _is_free(self, first: int, place: int, size: int) -> bool:
        """Whether these words, set as they were, stand for nothing else."""
        return all(
            self._from[place + one] in (-1, first + one)
            and self._to[first + one] in (-1, place + one)
            for one in range(size)
        ) and all(
            self._old.is_tied(first + one) == self._new.is_tied(place + one)
            for one in range(1, size)
        )


def _count(found: Iterator[int], most: int = 2) -> int:
    """How many there are; no more than two are looked for."""
    return sum(1 for _ in zip(found, range(most), strict=False))


def _keys(side: Side, units: Iterable[Unit]) -> list[str]:
    return ["\n".join(side.keys[first:behind]) for first, behind in units]


Keyed: TypeAlias = tuple[str, Unit]


def _gaps(
    mine: Sequence[Keyed], theirs: Sequence[Keyed], backbone: Iterable[tuple[int, int, int]]
) -> Iterator[tuple[Sequence[Keyed], Sequence[Keyed]]]:
    """What stands between the same two runs of words in each text, where both have something."""
    starts, others = [one[1][0] for one in mine], [one[1][0] for one in theirs]
    low = other_low = 0
    for old, new, _ in (
        *backbone,
        (starts[-1] + 1 if starts else 0, others[-1] + 1 if others else 0, 0),
    ):
        high = bisect_left(starts, old, lo=low)
        other_high = bisect_left(others, new, lo=other_low)
        if low < high and other_low < other_high:
            yield mine[low:high], theirs[other_low:other_high]
        low, other_low = high, other_high
