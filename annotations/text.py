"""An immutable text: its paragraphs, its words, and its offsets in other units."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate
from typing import Final

import regex

from annotations import spelling
from annotations.errors import SpanError
from annotations.span import Span

ID_LENGTH: Final = 12
"""Hex digits of the SHA-256 of the UTF-8 bytes that make a document's id."""

# Only these end a line: `str.splitlines` also splits on form feed, U+0085 and U+2028.
_BREAK = regex.compile(r"\r\n|\n|\r")

# What a grapheme adds to the letter it starts with: marks, joiners, skin tones.
_MORE = r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]"
# Letters that start a grapheme with what follows them are left to \X.
_LETTER = r"[\p{L}_--\p{GCB=Prepend}--\p{Extended_Pictographic}]"

# Words as a boundary key moves over them: abbreviations with their dots, words with their marks,
# clitics ('s, ’t) on their own, figures with inner separators and the letters of an ordinal, else
# one grapheme (an emoji with its joiners is one). Close to spaCy's English tokens, so that exports
# seldom miss a boundary.
_WORD = regex.compile(
    rf"(?:{_LETTER}\.){{2,}}{_MORE}*"
    rf"|['’](?:s|S|t|re|ve|ll|d|m)\b(?!{_MORE})"
    rf"|\p{{N}}(?:\p{{N}}|{_MORE})*(?:[.,:]\p{{N}}(?:\p{{N}}|{_MORE})*)*"
    rf"(?:(?:st|nd|rd|th)\b(?!{_MORE}))?"
    rf"|{_LETTER}(?:{_LETTER}|\p{{N}}|{_MORE})*"
    r"|(?!\s)\X",
    flags=regex.V1,
)
# White space between words, and what is none; with (?r) the last place is found first. A letter
# that joins the next character takes even a space into its grapheme.
_GAP = regex.compile(r"(?<!\p{GCB=Prepend})\s", flags=regex.V1)
_GAP_BEFORE = regex.compile(r"(?r)(?<!\p{GCB=Prepend})\s", flags=regex.V1)
_JOINING = regex.compile(r"\p{GCB=Prepend}\s")
# What stands between two white spaces of any kind. `re` looks for it three times as fast as `regex`, but takes
# four control characters for white space, too.
_RUN = re.compile(r"[\S\x1c-\x1f]+")
_SHORT = 24  # code points of a run whose words are kept
_SEEN = regex.compile(r"\S")
_SEEN_BEFORE = regex.compile(r"(?r)\S")
_SENTENCE_END = regex.compile(
    r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[”’」』）]*"  # the wide ones need no space behind them
)
_NEXT_WORD = regex.compile(r"\s+[\"'“‘«(\[]*(\p{L}[\p{L}\p{M}]*|\p{N})?")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set("mr mrs ms dr prof gen col lt sgt capt adm rev hon rep sen gov pres st mt vs cllr")
_ABBREVIATIONS = _set(
    "jr sr inc ltd corp co dept est approx etc jan feb mar apr jun jul aug sep sept oct nov dec al"
)
_DOTTED = regex.compile(r"(?:\p{L}{1,2}\.)+\p{L}{1,2}")
_BEFORE_FIGURES = _set("no nos fig figs vol sec")
# Where one of these follows an abbreviation that can stand last, a new sentence has begun.
_OPENERS = _set(
    "the a an he she it they we i you this that these those there his her its their our my next "
    "in on at by for from with as if when while after before but and so yet however no not "
    "some many most all both who what why how where nobody neither either"
)
_CLOCK = _set("a.m p.m")
_BEHIND_CLOCK = _set(
    "monday tuesday wednesday thursday friday saturday sunday gmt utc est edt cet cest pst pdt"
)
_COORDINATOR = regex.compile(r"(?:and|but|or)\s+", flags=regex.IGNORECASE)
_CLAUSE_EDGE = regex.compile(
    r"[,;:—–][\"”’»)\]]*(?=\s)|\s[—–-]\s|—"
    r"|\s(?=(?:but|while|although|though|because|whereas|unless)\s)"
)
_QUOTES = {'"': '"', "“": "”", "«": "»", "「": "」", "(": ")", "[": "]"}
_OPENS = {close: start for start, close in _QUOTES.items()}


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

    def all_words(self) -> list[tuple[int, int]]:
        """Where every word of the text starts and ends, in order; for who goes through all of them."""
        # Such a letter takes the space behind it into its grapheme.
        if _JOINING.search(self):
            return _parts(self)
        found: list[tuple[int, int]] = []
        start = 0
        for words in self.split(" "):  # most are one word, and many come again and again
            size = len(words)
            if words.isalpha() and words.isascii():
                found.append((start, start + size))
            else:
                parts = _kept_parts(words) if size <= _SHORT else _long_parts(words)
                found += [(start + low, start + high) for low, high in parts]
            start += size + 1
        return found

    def _run(self, offset: int) -> tuple[Span, tuple[Span, ...]]:
        """What stands between two white spaces around `offset` in its paragraph, and its words.

        No word reaches over white space, so that a paragraph need not be read to its start.
        """
        paragraph = self.paragraphs[self.paragraph_at(offset)]
        offset = min(offset, paragraph.end)
        before = _GAP_BEFORE.search(self, paragraph.start, offset)
        behind = _GAP.search(self, offset, paragraph.end)
        start = before.end() if before else paragraph.start
        end = behind.start() if behind else paragraph.end
        return Span(start, max(start, end)), _words(self[start:end], start)

    def word_at(self, offset: int) -> Span | None:
        """The word that covers `offset`, else the next one in the paragraph, else the last."""
        paragraph = self.paragraphs[self.paragraph_at(offset)]
        run, words = self._run(offset)
        place = bisect_right(words, offset, key=lambda word: word.end)
        if place < len(words):
            return words[place]
        if seen := _SEEN.search(self, run.end, paragraph.end):
            return self._run(seen.start())[1][0]
        if seen := _SEEN_BEFORE.search(self, paragraph.start, paragraph.end):
            return self._run(seen.start())[1][-1]
        return None

    def next_word(self, offset: int) -> Span | None:
        """The first word that starts behind `offset`, in this paragraph or a later one."""
        run, words = self._run(offset)
        place = bisect_right(words, offset, key=lambda word: word.start)
        if place < len(words):
            return words[place]
        seen = _SEEN.search(self, run.end)
        return self._run(seen.start())[1][0] if seen else None

    def previous_word(self, offset: int) -> Span | None:
        """The last word that starts ahead of `offset`, in this paragraph or an earlier one."""
        run, words = self._run(offset)
        place = bisect_left(words, offset, key=lambda word: word.start)
        if place:
            return words[place - 1]
        seen = _SEEN_BEFORE.search(self, 0, run.start)
        return self._run(seen.start())[1][-1] if seen else None

    def sentences(self) -> list[Span]:
        """Every sentence in order, as `sentence_at` finds them."""
        return [
            sentence
            for paragraph in self.paragraphs
            for sentence in _sentences(self[paragraph.start : paragraph.end], paragraph.start)
        ]

    def sentence_at(self, offset: int) -> Span | None:
        """The sentence around `offset`, without white space at its ends; None where all is blank.

        White space belongs to the sentence behind it, and what follows the last one to the last.
        """
        paragraph = self.paragraphs[self.paragraph_at(offset)]
        sentences = _sentences(self[paragraph.start : paragraph.end], paragraph.start)
        if not sentences:
            return None
        place = bisect_right(sentences, offset, key=lambda sentence: sentence.end)
        return sentences[min(place, len(sentences) - 1)]

    def clause_at(self, offset: int) -> Span | None:
        """The clause around `offset`: the sentence cut at commas, dashes and conjunctions.

        None where there is no sentence, or nothing in it but punctuation.
        """
        sentence = self.sentence_at(offset)
        if sentence is None:
            return None
        body = self[sentence.start : sentence.end]
        edges = [(match.start(), match.end()) for match in _CLAUSE_EDGE.finditer(body)]
        starts = [0, *(end for _, end in edges)]
        ends = [*(start for start, _ in edges), len(body)]
        parts = [
            span
            for start, end in zip(starts, ends, strict=True)
            if (span := self._clause(sentence.start + start, sentence.start + end))
        ]
        place = bisect_right(parts, offset, key=lambda part: part.end)
        return parts[min(place, len(parts) - 1)] if parts else None

    def _clause(self, start: int, end: int) -> Span | None:
        span = self.claimable(start, end)
        if span and (joint := _COORDINATOR.match(self, span.start, span.end)):
            return self.claimable(joint.end(), span.end)
        return span

    def claimable(self, start: int, end: int) -> Span | None:
        """What a claim's span covers: `trimmed`, without a full stop or the quotes around it."""
        span = self.trimmed(start, end)
        while span:
            first, last = self[span.start], self[span.end - 1]
            inner = self[span.start + 1 : span.end - 1]
            if last in ".!?…,;:。！？" and not self._ends_in_abbreviation(span):
                span = self.trimmed(span.start, span.end - 1)
            elif _QUOTES.get(first) == last and len(span) > 1:
                if first in inner or last in inner:
                    break
                span = self.trimmed(span.start + 1, span.end - 1)
            elif first in _QUOTES and _QUOTES[first] not in inner + last * (len(span) > 1):
                span = self.trimmed(span.start + 1, span.end)
            elif last in _OPENS and _OPENS[last] not in first * (len(span) > 1) + inner:
                span = self.trimmed(span.start, span.end - 1)
            else:
                break
        return span

    def _ends_in_abbreviation(self, span: Span) -> bool:
        if self[span.end - 1] != ".":
            return False
        word = _last_word(self, span.end - 1, span.start)
        return bool(_DOTTED.fullmatch(word)) or word in _ABBREVIATIONS or word in _TITLES

    def trimmed(self, start: int, end: int) -> Span | None:
        """`[start, end)` without white space at its ends; None where nothing is left."""
        while start < end and self[start].isspace():
            start += 1
        while end > start and self[end - 1].isspace():
            end -= 1
        return Span(start, end) if start < end else None

    def occurrences(self, words: str) -> list[Span]:
        """Every place where these words stand as whole words, in whatever spelling, in order."""
        sought = regex.compile(spelling.pattern(words))
        found, start = [], 0
        while words and (match := sought.search(self, start)):
            start = match.start() + 1
            if self._is_bounded(span := Span(*match.span())):
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


def _parts(run: str) -> list[tuple[int, int]]:
    """Where the words of it start and end."""
    return [match.span() for match in _WORD.finditer(run)]


_kept_parts = lru_cache(maxsize=8192)(_parts)


def _long_parts(words: str) -> Iterator[tuple[int, int]]:
    """The same of a long one, in which many words may stand, a line each."""
    for run in _RUN.finditer(words):
        start = run.start()
        for low, high in _kept_parts(run[0]) if len(run[0]) <= _SHORT else _parts(run[0]):
            yield start + low, start + high


@lru_cache(maxsize=64)
def _sentences(body: str, start: int) -> tuple[Span, ...]:
    """The sentences of one paragraph, in order, without the white space between them."""
    cuts = [match.end() for match in _SENTENCE_END.finditer(body) if _ends(body, match.span())]
    spans = []
    for low, high in zip([0, *cuts], [*cuts, len(body)], strict=True):
        part = body[low:high]
        if words := part.strip():
            first = start + low + len(part) - len(part.lstrip())
            spans.append(Span(first, first + len(words)))
    return tuple(spans)


def _ends(body: str, mark: tuple[int, int]) -> bool:
    """Whether the full stop, or the like, at `mark` ends a sentence."""
    stop, end = mark
    if body[stop:end] != ".":
        # "Will it hold?" asked the envoy: what goes on in lower case goes on.
        return not _following(body, end)[:1].islower()
    word = _last_word(body, stop)
    if word in _BEFORE_FIGURES:
        return not _following(body, end)[:1].isnumeric()
    if word in _TITLES:
        return False
    if word in _CLOCK:
        following = _following(body, end)
        return following[:1].isupper() and following.lower() not in _BEHIND_CLOCK
    is_initial = len(word) == 1 and word.isalpha() and word != "i"
    is_dotted = "." in word and bool(_DOTTED.fullmatch(word))
    if is_initial or is_dotted or word in _ABBREVIATIONS:
        following = _following(body, end)
        return following[:1].isupper() and following.lower() in _OPENERS
    return True


def _following(body: str, end: int) -> str:
    """The word, or the first figure, behind a full stop; empty where there is none."""
    match = _NEXT_WORD.match(body, end)
    return (match and match[1]) or ""


def _last_word(body: str, stop: int, start: int = 0) -> str:
    """The letters and dots right ahead of `stop`, in lower case; no more than a few are looked at."""
    tail = body[max(start, stop - 12) : stop].split()
    return tail[-1].lstrip("(\"'“‘«[").lower() if tail and not body[stop - 1].isspace() else ""
