"""Tokens for formats that need them: words cut at every edge of a span, and tags of any scheme."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import regex

from annotations.span import Span
from annotations.text import Text

TAG: Final = regex.compile(r"(?:([BIESLU])-(.+)|O)")
"""A tag of IOB1, IOB2, BIOES or BILOU."""

_NO_SPACE_BEFORE: Final = frozenset(".,;:!?)]}%'’”")


def tokens(text: Text, spans: Iterable[Span] = ()) -> list[tuple[int, int]]:
    """Start and end of each word, in order; white space that a span begins or ends in is tokens, too.

    Every span starts where a token starts, and ends where one ends.
    """
    words = text.all_words()
    # Those at the edge of a word, as most are, need no cut.
    starts = {span.start for span in spans}.difference([start for start, _ in words])
    ends = {span.end for span in spans}.difference([end for _, end in words])
    return _cut_at(words, sorted(starts | ends), len(text)) if starts or ends else words


def _cut_at(
    words: list[tuple[int, int]], edges: Sequence[int], length: int
) -> list[tuple[int, int]]:
    """The words, cut at the edges; what stands between two of them, where there is an edge in it."""
    found: list[tuple[int, int]] = []
    done, last = 0, -1
    for edge in edges:
        place = bisect_left(words, (edge,))
        before = words[place - 1] if place else (0, 0)
        is_inside = before[1] > edge
        start, end = before
        if not is_inside:
            start, end = end, words[place][0] if place < len(words) else length
        if start != last:
            found += words[done : place - is_inside]
            found += _cut(start, end, edges)
            done, last = place, start
    return found + words[done:]


def _cut(start: int, end: int, edges: Sequence[int]) -> list[tuple[int, int]]:
    low, high = bisect_right(edges, start), bisect_left(edges, end)
    return [*pairwise((start, *edges[low:high], end))]


def joined(words: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """A text from tokens alone, and where each stands; an empty one is a line break, and no token."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    at = line = 0  # where the text ends so far, and where its last line starts
    for word in words:
        if not word:
            if at > line:
                pieces.append("\n")
                at += 1
            line = at
            continue
        if at > line and word[0] not in _NO_SPACE_BEFORE:
            pieces.append(" ")
            at += 1
        end = at + len(word)
        pieces.append(word)
        places.append((at, end))
        at = end
    return "".join(pieces), places


@lru_cache(maxsize=4096)
def tag_parts(tag: str) -> tuple[str, str] | None:
    """Prefix and label of a tag, both empty for O; None where it is no tag."""
    match = TAG.fullmatch(tag)
    return (match[1] or "", match[2] or "") if match else None


def chunks(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """First, end and label of each entity that the tags of a document mark."""
    found: list[tuple[int, int, str]] = []
    start, label = -1, ""
    for number, tag in enumerate([*tags, "O"]):
        if tag == "O" and start < 0:
            continue
        prefix, name = tag_parts(tag) or ("", "")
        if start >= 0 and (prefix in ("", "B", "S", "U") or name != label):
            found.append((start, number, label))
            start = -1
        if prefix and start < 0:
            start, label = number, name
        if prefix in ("E", "L", "S", "U"):
            found.append((start, number + 1, label))
            start = -1
    return found
