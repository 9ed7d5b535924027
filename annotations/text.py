"""An immutable text: its paragraphs, its words, and its offsets in other units."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from typing import Final

import regex

from annotations import sentences, spelling, words
from annotations.errors import SpanError
from annotations.span import Span

ID_LENGTH: Final = 12
"""Hex digits of the SHA-256 of the UTF-8 bytes that make a document's id."""

# Only these end a line: `str.splitlines` also splits on form feed, U+0085 and U+2028.
_BREAK = regex.compile(r"\r\n|\n|\r")
_SEEN = regex.compile(r"\S")
_SEEN_BEFORE = regex.compile(r"(?r)\S")
_NO_LETTER = regex.compile(r"[^A-Za-z]")


class Text(str):
    """A document's text. A `str` in every way, with what is derived from it at hand."""

    __slots__ = ("__dict__",)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the UTF-8 bytes, 64 hex digits."""
        return sha256(self.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def id(self) -> str:
        """The document's id: the first 12 hex digits of `sha256`."""
        return self.sha256[:ID_LENGTH]

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """The lines of the source, without their breaks, in order; at least one.

        A line break is LF, CRLF or CR and belongs to no paragraph.
        """
        spans, start = [], 0
        for match in _BREAK.finditer(self):
            spans.append(Span(start, match.start()))
            start = match.end()
        spans.append(Span(start, len(self)))
        return tuple(spans)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(span.start for span in self.paragraphs)

    def paragraph_at(self, offset: int) -> int:
        """The number of the paragraph that holds `offset`; a line break counts to the one ahead."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def words(self, paragraph: int) -> tuple[Span, ...]:
        """The words of one paragraph, by its number, in order; white space is in none."""
        span = self.paragraphs[paragraph]
        return words.within(self[span.start : span.end], span.start)

    def all_words(self) -> list[tuple[int, int]]:
        """Where every word of the text starts and ends, in order; for who goes through all of them."""
        return words.every(self)

    def _run(self, offset: int) -> tuple[Span, tuple[Span, ...]]:
        """What stands between two white spaces around `offset` in its paragraph, and its words."""
        paragraph = self.paragraphs[self.paragraph_at(offset)]
        return words.around(self, paragraph, min(offset, paragraph.end))

    def word_at(self, offset: int) -> Span | None:
        """The word that covers `offset`, else the next one in the paragraph, else the last."""
        paragraph = self.paragraphs[self.paragraph_at(offset)]
        run, found = self._run(offset)
        place = bisect_right(found, offset, key=lambda word: word.end)
        if place < len(found):
            return found[place]
        if seen := _SEEN.search(self, run.end, paragraph.end):
            return self._run(seen.start())[1][0]
        if seen := _SEEN_BEFORE.search(self, paragraph.start, paragraph.end):
            return self._run(seen.start())[1][-1]
        return None

    def next_word(self, offset: int) -> Span | None:
        """The first word that starts behind `offset`, in this paragraph or a later one."""
        run, found = self._run(offset)
        place = bisect_right(found, offset, key=lambda word: word.start)
        if place < len(found):
            return found[place]
        seen = _SEEN.search(self, run.end)
        return self._run(seen.start())[1][0] if seen else None

    def previous_word(self, offset: int) -> Span | None:
        """The last word that starts ahead of `offset`, in this paragraph or an earlier one."""
        run, found = self._run(offset)
        place = bisect_left(found, offset, key=lambda word: word.start)
        if place:
            return found[place - 1]
        seen = _SEEN_BEFORE.search(self, 0, run.start)
        return self._run(seen.start())[1][-1] if seen else None

    def sentences(self) -> list[Span]:
        """Every sentence in order, as `sentence_at` finds them."""
        return [
            sentence
            for paragraph in self.paragraphs
            for sentence in sentences.of(self[paragraph.start : paragraph.end], paragraph.start)
        ]

    def sentence_at(self, offset: int) -> Span | None:
        """The sentence around `offset`, without white space at its ends; None where all is blank.

        White space belongs to the sentence behind it, and what follows the last one to the last. Of
        one that is longer than `sentences.LONGEST` on a side, as much as that.
        """
        return sentences.at(self, self.paragraphs[self.paragraph_at(offset)], offset)

    def clause_at(self, offset: int) -> Span | None:
        """The clause around `offset`: the sentence cut at commas, dashes and conjunctions.

        None where there is no sentence, or nothing in it but punctuation.
        """
        sentence = self.sentence_at(offset)
        return sentences.clause_at(self, sentence, offset) if sentence else None

    def claimable(self, start: int, end: int) -> Span | None:
        """What a claim's span covers: `trimmed`, without a full stop or the quotes around it."""
        return sentences.claimable(self, start, end)

    def trimmed(self, start: int, end: int) -> Span | None:
        """`[start, end)` without white space at its ends; None where nothing is left."""
        return sentences.trimmed(self, start, end)

    @cached_property
    def _is_composed(self) -> bool:
        return spelling.is_composed(self)

    def occurrences(self, sought: str) -> list[Span]:
        """Every place where these words stand as whole words, in whatever spelling, in order."""
        return [span for span, is_whole in self.places(sought) if is_whole]

    def places(self, sought: str) -> Iterator[tuple[Span, bool]]:
        """Where these letters stand, in order, with whether they are whole words there.

        What a glance at the letters beside it shows to be a part of a word is left out. No two
        places begin in the same word.
        """
        is_composed = not sought.isascii() and self._is_composed
        find = spelling.finder(sought, self, is_composed=is_composed)
        start = 0
        while sought and (found := find(start)):
            low, high = found
            if self._is_inside_letters(low):
                end_of_word = _NO_LETTER.search(self, low)
                start = end_of_word.start() if end_of_word else len(self)
                continue
            first = self.word_at(low)
            # No other place that begins in this word begins with it.
            start = max(low + 1, first.end) if first else low + 1
            if self._is_inside_letters(high):
                continue
            last = self.word_at(high - 1)
            is_whole = bool(first and last and first.start == low and last.end == high)
            yield Span(low, high), is_whole
            if is_whole:
                start = high

    def _is_inside_letters(self, offset: int) -> bool:
        """Whether it is plain that no word ends or begins at an offset: there are letters around it.

        A letter behind a character that joins what follows it is no part of a longer word.
        """
        around = self[max(0, offset - 2) : offset + 1]
        return around.isascii() and around[-2:].isalpha() and 0 < offset < len(self)

    @cached_property
    def _wide(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """Offsets of the code points outside ASCII, with the extra units spent up to each."""
        places = tuple(match.start() for match in regex.finditer(r"[^\x00-\x7f]", self))
        utf16 = accumulate((int(self[place] > "\uffff") for place in places), initial=0)
        utf8 = accumulate(
            (len(self[place].encode("utf-8", "surrogatepass")) - 1 for place in places), initial=0
        )
        return places, tuple(utf16), tuple(utf8)

    def utf16(self, offset: int) -> int:
        """The offset in UTF-16 code units of the code point at `offset`."""
        places, extra, _ = self._wide
        return offset + extra[bisect_left(places, offset)]

    def byte(self, offset: int) -> int:
        """The offset in UTF-8 bytes of the code point at `offset`."""
        places, _, extra = self._wide
        return offset + extra[bisect_left(places, offset)]

    def from_utf16(self, units: int) -> int:
        """The code point offset at `units` UTF-16 code units.

        Raises:
            SpanError: the offset lies behind the text or inside a surrogate pair.
        """
        return self._invert(units, self.utf16, "UTF-16 unit")

    def from_byte(self, count: int) -> int:
        """The code point offset at `count` UTF-8 bytes.

        Raises:
            SpanError: the offset lies behind the text or inside a character.
        """
        return self._invert(count, self.byte, "byte")

    def _invert(self, count: int, measure: object, unit: str) -> int:
        assert callable(measure)
        offset = bisect_left(range(len(self) + 1), count, key=measure)
        if count < 0 or offset > len(self) or measure(offset) != count:
            raise SpanError(f"{unit} {count} is no boundary between characters of the text.")
        return offset
