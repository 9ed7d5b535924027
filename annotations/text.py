"""An immutable text: its paragraphs, its words, and its offsets in other units."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate
from typing import Final

import regex

from annotations.errors import SpanError
from annotations.span import Span

ID_LENGTH: Final = 12
"""Hex digits of the SHA-256 of the UTF-8 bytes that make a document's id."""

# Only these end a line: `str.splitlines` also splits on form feed, U+0085 and U+2028.
_BREAK = regex.compile(r"\r\n|\n|\r")

# Words as a boundary key moves over them: abbreviations with their dots, words with their marks,
# clitics ('s, ’t) on their own, figures with inner separators, else one grapheme (an emoji with
# its joiners is one). Close to spaCy's English tokens, so that exports seldom miss a boundary.
_WORD = regex.compile(
    r"(?:\p{L}\.){2,}"
    r"|['’](?:s|S|t|re|ve|ll|d|m)\b"
    r"|\p{N}[\p{N}\p{M}]*(?:[.,:]\p{N}+)*"
    r"|[\p{L}_][\p{L}\p{N}\p{M}_\u200c\u200d]*"
    r"|(?!\s)\X"
)
_SENTENCE_END = regex.compile(r"[.!?…。！？]+[\"'”’»)\]]*(?=\s|$)")
_ABBREVIATIONS = frozenset(
    regex.split(
        r"\s+",
        "mr mrs ms dr prof gen col lt sgt rep sen gov st jr sr vs no fig approx inc ltd corp co "
        "dept est jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e u.s u.k u.n a.m p.m",
    )
)
_CLAUSE_EDGE = regex.compile(
    r"[,;:—–](?=\s)|\s[—–-]\s|\s(?=(?:and|but|or|while|although|though|because|whereas)\s)"
)


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
        return _words(self[span.start : span.end], span.start)

    def word_at(self, offset: int) -> Span | None:
        """The word that covers `offset`, else the next one in the paragraph, else the last."""
        words = self.words(self.paragraph_at(offset))
        if not words:
            return None
        place = bisect_right(words, offset, key=lambda word: word.end)
        return words[min(place, len(words) - 1)]

    def next_word(self, offset: int) -> Span | None:
        """The first word that starts behind `offset`, in this paragraph or a later one."""
        for number in range(self.paragraph_at(offset), len(self.paragraphs)):
            words = self.words(number)
            place = bisect_right(words, offset, key=lambda word: word.start)
            if place < len(words):
                return words[place]
        return None

    def previous_word(self, offset: int) -> Span | None:
        """The last word that starts ahead of `offset`, in this paragraph or an earlier one."""
        for number in range(self.paragraph_at(offset), -1, -1):
            words = self.words(number)
            place = bisect_left(words, offset, key=lambda word: word.start)
            if place:
                return words[place - 1]
        return None

    def sentence_at(self, offset: int) -> Span | None:
        """The sentence around `offset`, without white space at its ends; None where all is blank."""
        paragraph = self.paragraphs[self.paragraph_at(offset)]
        body = self[paragraph.start : paragraph.end]
        start = paragraph.start
        for match in _SENTENCE_END.finditer(body):
            end = paragraph.start + match.end()
            if self._is_abbreviation(match.start() + paragraph.start, end):
                continue
            if offset < end:
                return self.trimmed(start, end)
            start = end
        return self.trimmed(start, paragraph.end)

    def _is_abbreviation(self, dot: int, end: int) -> bool:
        if self[dot:end] != ".":
            return False
        start = max(self.rfind(" ", 0, dot), self.rfind("\n", 0, dot)) + 1
        word = self[start:dot].lstrip("(\"'“‘").lower()
        follows = self[end : end + 2].strip()
        is_initial = len(word) == 1 and word.isalpha()
        if is_initial or (word in _ABBREVIATIONS and "." not in word):
            return True
        return "." in word and bool(follows) and follows[0].islower()

    def clause_at(self, offset: int) -> Span | None:
        """The clause around `offset`: the sentence cut at commas, dashes and conjunctions."""
        sentence = self.sentence_at(offset)
        if sentence is None:
            return None
        start = sentence.start
        for match in _CLAUSE_EDGE.finditer(self[sentence.start : sentence.end]):
            edge = sentence.start + match.start()
            if offset < edge:
                return self.claimable(start, edge)
            start = sentence.start + match.end()
        return self.claimable(start, sentence.end)

    def claimable(self, start: int, end: int) -> Span | None:
        """`trimmed`, without a full stop at the end: what a claim's span covers."""
        span = self.trimmed(start, end)
        while span and self[span.end - 1] in ".!?…,;:" and not self._ends_in_abbreviation(span):
            span = self.trimmed(span.start, span.end - 1)
        return span

    def _ends_in_abbreviation(self, span: Span) -> bool:
        return self[span.end - 1] == "." and self._is_abbreviation(span.end - 1, span.end)

    def trimmed(self, start: int, end: int) -> Span | None:
        """`[start, end)` without white space at its ends; None where nothing is left."""
        while start < end and self[start].isspace():
            start += 1
        while end > start and self[end - 1].isspace():
            end -= 1
        return Span(start, end) if start < end else None

    def occurrences(self, words: str) -> list[Span]:
        """Every place where exactly these words stand as whole words, in order."""
        found, start = [], 0
        while words and (start := self.find(words, start)) != -1:
            span = Span(start, start + len(words))
            if self._is_bounded(span):
                found.append(span)
            start = span.end
        return found

    def _is_bounded(self, span: Span) -> bool:
        first = self.word_at(span.start)
        last = self.word_at(span.end - 1)
        return bool(first and last and first.start == span.start and last.end == span.end)

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


@lru_cache(maxsize=512)
def _words(body: str, start: int) -> tuple[Span, ...]:
    return tuple(Span(start + match.start(), start + match.end()) for match in _WORD.finditer(body))
