"""The words of a text, and the words around one place of it, found without reading the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import regex

from annotations.span import Span

# What a grapheme adds to the letter it starts with: marks, joiners, skin tones.
_MORE = r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]"
# Letters that start a grapheme with what follows them are left to \X.
_LETTER = r"[\p{L}_--\p{GCB=Prepend}--\p{Extended_Pictographic}]"

GRAPHEME: Final = rf"(?:\p{{RI}}\p{{RI}}{_MORE}*+|\X)"
r"""One grapheme; `\X` alone counts all flags before a flag, which is quadratic in a row of them."""

# Words as a boundary key moves over them: abbreviations with their dots, words with their marks,
# clitics ('s, ’t) on their own, figures with inner separators and the letters of an ordinal, else
# one grapheme (an emoji with its joiners is one). Close to spaCy's English tokens, so that exports
# seldom miss a boundary. What repeats gives nothing back, so that no word is read twice.
_WORD: Final = regex.compile(
    rf"(?:{_LETTER}\.){{2,}}+{_MORE}*+"
    rf"|['’](?:s|S|t|re|ve|ll|d|m)\b(?!{_MORE})"
    rf"|\p{{N}}(?:\p{{N}}|{_MORE})*+(?:[.,:]\p{{N}}(?:\p{{N}}|{_MORE})*+)*+"
    rf"(?:(?:st|nd|rd|th)\b(?!{_MORE}))?"
    rf"|{_LETTER}(?:{_LETTER}|\p{{N}}|{_MORE})*+"
    rf"|(?!\s){GRAPHEME}",
    flags=regex.V1,
)
# White space between words, and what is none; with (?r) the last place is found first. A letter
# that joins the next character takes even a space into its grapheme.
_GAP: Final = regex.compile(r"(?<!\p{GCB=Prepend})\s", flags=regex.V1)
_GAP_BEFORE: Final = regex.compile(r"(?r)(?<!\p{GCB=Prepend})\s", flags=regex.V1)
_JOINING: Final = regex.compile(r"\p{GCB=Prepend}\s")
# What stands between two white spaces of any kind. `re` looks for it three times as fast as `regex`, but takes
# four control characters for white space, too.
_RUN: Final = re.compile(r"[\S\x1c-\x1f]+")
_SHORT: Final = 24  # code points of a run whose words are kept

# Where a long run may be cut: behind a mark that is always a word of its own, else before what
# starts a grapheme whatever stands before it.
_BEHIND_A_WORD: Final = regex.compile(
    rf"[\p{{P}}--[.,:_'’]--\p{{GCB=Prepend}}](?!{_MORE})", regex.V1
)
_BETWEEN_GRAPHEMES: Final = regex.compile(
    r"[^\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}\p{RI}\p{Extended_Pictographic}]", regex.V1
)
PIECE: Final = 4096
"""Code points after which a run without white space is cut into pieces, each with words of its own."""
_CLEAR: Final = 1024
"""Code points without white space on both sides of a cut; a run that is shorter is never cut."""
_REACH: Final = 3 * PIECE
_NEAR: Final = 64


def around(text: str, paragraph: Span, offset: int) -> tuple[Span, tuple[Span, ...]]:
    """What stands between two white spaces around `offset`, and its words.

    No word reaches over white space, so that a paragraph need not be read to its start. Of a run
    that is very long, it is the piece around `offset`, whichever offset in the piece is asked for.

    Args:
        text: the whole text.
        paragraph: the paragraph that holds the offset.
        offset: a code point of the paragraph, or its end.
    """
    low = max(paragraph.start, offset - _REACH)
    high = min(paragraph.end, offset + _REACH)
    before = _GAP_BEFORE.search(text, low, offset)
    behind = _GAP.search(text, offset, high)
    start = before.end() if before else low
    end = behind.start() if behind else high
    if end - start > 2 * _CLEAR:
        number = (offset - paragraph.start) // PIECE
        cuts = [_cut(text, paragraph, number + step) for step in range(-2, 3)]
        start = max((cut for cut in cuts if start < cut <= offset), default=start)
        end = min((cut for cut in cuts if offset < cut < end), default=end)
    end = max(start, end)
    return Span(start, end), _in_run(text[start:end], start)


def _cut(text: str, paragraph: Span, number: int) -> int:
    """Where a run is cut at a multiple of `PIECE` from the paragraph's start; -1 if nowhere near."""
    place = paragraph.start + number * PIECE
    low, high = place - _CLEAR, place + _CLEAR
    if low < paragraph.start or high > paragraph.end or _GAP.search(text, low, high):
        return -1
    if mark := _BEHIND_A_WORD.search(text, place, high - 1):
        return mark.end()
    start = _BETWEEN_GRAPHEMES.search(text, place, place + _NEAR)
    return start.start() if start else place


@lru_cache(maxsize=512)
def _in_run(body: str, start: int) -> tuple[Span, ...]:
    return tuple(Span(start + match.start(), start + match.end()) for match in _WORD.finditer(body))


def within(body: str, start: int) -> tuple[Span, ...]:
    """The words of a piece of text that starts at an offset, in order; white space is in none."""
    return _in_run(body, start)


def every(text: str) -> list[tuple[int, int]]:
    """Where every word of the text starts and ends, in order; for who goes through all of them."""
    # Such a letter takes the space behind it into its grapheme.
    if _JOINING.search(text):
        return _parts(text)
    found: list[tuple[int, int]] = []
    start = 0
    for words in text.split(" "):  # most are one word, and many come again and again
        size = len(words)
        if words.isalpha() and words.isascii():
            found.append((start, start + size))
        else:
            parts = _kept_parts(words) if size <= _SHORT else _long_parts(words)
            found += [(start + low, start + high) for low, high in parts]
        start += size + 1
    return found


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
