"""Tokens for formats that need them: words cut at every edge of a span, and tags of any scheme."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import regex

from annotations.span import Span
from annotations.text import Text

TAG: Final = regex.compile(r"(?:([BIESLU])-(.+)|O)")
"""A tag of IOB1, IOB2, BIOES or BILOU."""

_NO_SPACE_BEFORE: Final = frozenset(".,;:!?)]}%'’”")


def tokens(text: Text, spans: Sequence[Span] = ()) -> list[Span]:
    """The words in order; white space that a span begins or ends in is tokens, too.

    Every span starts where a token starts, and ends where one ends.
    """
    words = [word for number in range(len(text.paragraphs)) for word in text.words(number)]
    starts = sorted({span.start for span in spans})
    ends = sorted({span.end for span in spans})
    edges = sorted({*starts, *ends})
    found: list[Span] = []
    at = 0
    for word in (*words, Span(len(text), len(text))):
        if at < word.start and (
            bisect_left(starts, at) < bisect_left(starts, word.start)
            or bisect_right(ends, at) < bisect_right(ends, word.start)
        ):
            found += _cut(at, word.start, edges)
        found += _cut(word.start, word.end, edges)
        at = word.end
    return found


def _cut(start: int, end: int, edges: list[int]) -> list[Span]:
    low, high = bisect_right(edges, start), bisect_left(edges, end)
    if low >= high:
        return [Span(start, end)] if start < end else []
    cuts = [start, *edges[low:high], end]
    return [Span(a, b) for a, b in pairwise(cuts)]


def joined(words: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """A text from tokens alone, and where each stands; an empty one is a line break, and no token."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for word in words:
        is_first = not pieces or pieces[-1] == "\n"
        if not word:
            between = "" if is_first else "\n"
        else:
            between = "" if is_first or word[0] in _NO_SPACE_BEFORE else " "
        if between:
            pieces.append(between)
            at += 1
        if word:
            pieces.append(word)
            places.append((at, at + len(word)))
            at += len(word)
    return "".join(pieces), places


def chunks(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """First, end and label of each entity that the tags of a document mark."""
    found: list[tuple[int, int, str]] = []
    start, label = -1, ""
    for number, tag in enumerate([*tags, "O"]):
        match = TAG.fullmatch(tag)
        prefix, name = (match[1] or "", match[2] or "") if match else ("", "")
        if start >= 0 and (prefix in ("", "B", "S", "U") or name != label):
            found.append((start, number, label))
            start = -1
        if prefix and start < 0:
            start, label = number, name
        if prefix in ("E", "L", "S", "U"):
            found.append((start, number + 1, label))
            start = -1
    return found
