"""The sentences and clauses of a paragraph, and what of one a claim covers.

Everything here is linear in what it reads, and around one place no more is read than a sentence of
`LONGEST` code points needs.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Final

import regex

from annotations.span import Span

LONGEST: Final = 32_768
"""Code points on each side of a place; a longer sentence, or clause, is cut there."""

_WINDOW: Final = 8_192
_MARGIN: Final = 64
"""Code points at the edge of a window, in which an abbreviation may be cut."""

# A run of marks is read once: from its first, giving nothing back.
_SENTENCE_END: Final = regex.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|$)"
    r"|[。！？]++[”’」』）]*+"  # the wide ones need no space behind them
)
_NEXT_WORD: Final = regex.compile(r"\s++[\"'“‘«(\[]*+(\p{L}[\p{L}\p{M}]*+|\p{N})?")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set("mr mrs ms dr prof gen col lt sgt capt adm rev hon rep sen gov pres st mt vs cllr")
_ABBREVIATIONS = _set(
    "jr sr inc ltd corp co dept est approx etc jan feb mar apr jun jul aug sep sept oct nov dec al"
)
_DOTTED: Final = regex.compile(r"(?:\p{L}{1,2}\.)+\p{L}{1,2}")  # of `_last_word`, which is short
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
_COORDINATOR: Final = regex.compile(r"(?:and|but|or)\s++", flags=regex.IGNORECASE)
_CLAUSE_EDGE: Final = regex.compile(
    r"[,;:—–][\"”’»)\]]*+(?=\s)|\s[—–-]\s|—"
    r"|\s(?=(?:but|while|although|though|because|whereas|unless)\s)"
)
_QUOTES: Final = {'"': '"', "“": "”", "«": "»", "「": "」", "(": ")", "[": "]"}
_OPENS: Final = {close: start for start, close in _QUOTES.items()}
_STOPS: Final = ".!?…,;:。！？"
_SPACES: Final = "".join(filter(str.isspace, map(chr, range(0x3001))))


@lru_cache(maxsize=64)
def of(body: str, start: int) -> tuple[Span, ...]:
    """The sentences of one paragraph, in order, without the white space between them.

    Args:
        body: the paragraph.
        start: its first code point's offset in the text.
    """
    cuts = [match.end() for match in _SENTENCE_END.finditer(body) if _ends(body, match.span())]
    spans = []
    for low, high in zip([0, *cuts], [*cuts, len(body)], strict=True):
        part = body[low:high]
        if words := part.strip():
            first = start + low + len(part) - len(part.lstrip())
            spans.append(Span(first, first + len(words)))
    return tuple(spans)


def at(text: str, paragraph: Span, offset: int) -> Span | None:
    """The sentence around an offset of a paragraph; None where all that is read is blank.

    White space belongs to the sentence behind it, and what follows the last one to the last.
    """
    reach = _WINDOW
    while True:
        # The window moves by whole steps, so that the next place finds its sentences kept.
        step = (offset - paragraph.start) // reach
        low = max(paragraph.start, paragraph.start + (step - 1) * reach)
        high = min(paragraph.end, paragraph.start + (step + 2) * reach)
        found = _around(of(text[low:high], low), offset)
        is_whole = (low == paragraph.start or (found and found.start >= low + _MARGIN)) and (
            high == paragraph.end or (found and found.end <= high - _MARGIN)
        )
        if is_whole or reach >= LONGEST:
            return found
        reach *= 2


def _around(spans: tuple[Span, ...], offset: int) -> Span | None:
    """The first of these that ends behind the offset, else the last."""
    place = bisect_right(spans, offset, key=lambda span: span.end)
    return spans[min(place, len(spans) - 1)] if spans else None


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


# Clauses


def clause_at(text: str, sentence: Span, offset: int) -> Span | None:
    """The clause around an offset of a sentence, which is cut at commas, dashes and conjunctions.

    None where there is nothing but punctuation.
    """
    edges = [match.span() for match in _CLAUSE_EDGE.finditer(text, sentence.start, sentence.end)]
    starts = [sentence.start, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), sentence.end]
    first = bisect_right(ends, offset)
    for start, end in zip(starts[first:], ends[first:], strict=True):
        part = _clause(text, start, end)
        if part and part.end > offset:
            return part
    parts = (_clause(text, *edge) for edge in zip(reversed(starts), reversed(ends), strict=True))
    return next(filter(None, parts), None)


def _clause(text: str, start: int, end: int) -> Span | None:
    span = claimable(text, start, end)
    if span and (joint := _COORDINATOR.match(text, span.start, span.end)):
        return claimable(text, joint.end(), span.end)
    return span


def claimable(text: str, start: int, end: int) -> Span | None:
    """What a claim's span covers: `trimmed`, without a full stop or the quotes around it."""
    span = trimmed(text, start, end)
    while span:
        low, high = span.start, span.end
        first, last = text[low], text[high - 1]
        if last in _STOPS and not _ends_in_abbreviation(text, span):
            span = trimmed(text, low, _before_stops(text, low, high))
        elif _QUOTES.get(first) == last and len(span) > 1:
            if text.find(first, low + 1, high - 1) >= 0 or text.find(last, low + 1, high - 1) >= 0:
                break
            span = trimmed(text, low + 1, high - 1)
        elif first in _QUOTES and text.find(_QUOTES[first], low + 1, high) < 0:
            span = trimmed(text, high - len(text[low:high].lstrip(first)), high)
        elif last in _OPENS and text.find(_OPENS[last], low, high - 1) < 0:
            span = trimmed(text, low, low + len(text[low:high].rstrip(last)))
        else:
            break
    return span


def _before_stops(text: str, start: int, end: int) -> int:
    """The end without its stops, but for the first of several, which may be an abbreviation's."""
    body = text[start : end - 1]
    return start + min(len(body), len(body.rstrip(_STOPS + _SPACES)) + 1)


def _ends_in_abbreviation(text: str, span: Span) -> bool:
    if text[span.end - 1] != ".":
        return False
    word = _last_word(text, span.end - 1, span.start)
    return bool(_DOTTED.fullmatch(word)) or word in _ABBREVIATIONS or word in _TITLES


def trimmed(text: str, start: int, end: int) -> Span | None:
    """`[start, end)` without white space at its ends; None where nothing is left."""
    if start >= end:
        return None
    if text[start].isspace() or text[end - 1].isspace():
        part = text[start:end].lstrip()
        start = end - len(part)
        end = start + len(part.rstrip())
    return Span(start, end) if start < end else None
