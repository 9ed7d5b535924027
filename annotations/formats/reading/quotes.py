"""Where a quote stands in a text: its exact words, words alike, or the passage most like them."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from annotations.span import Span
from annotations.text import Text

ALIKE: Final = 0.85
"""How like the words a passage has to be, 1 being the same."""

_PLAIN: Final = str.maketrans("“”„«»‘’‚–—‑\u00a0", '"""""\'\'\'--- ')
_LEFT_OUT: Final = re.compile(r"(?:(?<!\s)\s++|(?=[\[(….]))[\[(]?(?:…|\.\.\.+)[\])]?\s*+")
_GAP: Final = 400
"""Characters that a quote may leave out in one place."""
_PART: Final = 3
"""Characters that each part of such a quote has at least."""


def stands(text: Text, words: str) -> bool:
    """Whether the words stand there as whole words, in any spelling that Unicode has for them."""
    return (words in text or not words.isascii()) and bool(text.occurrences(words))


def stands_within(text: Text, words: str) -> bool:
    """Whether they stand there as parts of words."""
    return words in text


def stands_alike(text: Text, words: str) -> bool:
    """Whether words alike but for case, quotes, dashes and white space stand there."""
    wanted = _plain(words)[0]
    return bool(wanted) and wanted in _plain(text)[0]


def placed(text: Text, words: str, nth: int = 0) -> tuple[Span | None, float]:
    """Where the words stand for the `nth` time, and how like them the passage is.

    White space around them is not looked for, nor are dots at either end; dots between two parts
    stand for what was left out. None where nothing is at least `ALIKE`, or not as often.
    """
    words = words.strip()
    if whole := text.occurrences(words):
        return (whole[nth], 1.0) if nth < len(whole) else (None, 0.0)
    if found := list(_found(text, words)):
        at = found[nth] if nth < len(found) else -1
        return (Span(at, at + len(words)), 1.0) if at >= 0 else (None, 0.0)
    plain, places = _plain(text)
    wanted = _plain(words)[0]
    if found := list(_found(plain, wanted)):
        at = found[nth] if nth < len(found) else -1
        if at < 0:
            return None, 0.0
        return Span(places[at], places[at + len(wanted) - 1] + 1), 1.0
    if nth:
        return None, 0.0
    parts = [part for part in _LEFT_OUT.split(wanted) if part]
    if parts != [wanted] and parts and all(len(part) >= _PART for part in parts):
        at, end = _with_gaps(plain, parts)
        if at >= 0:
            span = Span(places[at], places[end - 1] + 1)
            return span, sum(map(len, parts)) / (end - at)
    return _likest(text, wanted)


def _found(text: str, words: str) -> Iterator[int]:
    """Where the words start, one after another."""
    at = text.find(words) if words else -1
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


def _with_gaps(plain: str, parts: list[str]) -> tuple[int, int]:
    """Where the parts start and end that stand there in this order, near each other; -1 if nowhere."""
    for at in _found(plain, parts[0]):
        end = at + len(parts[0])
        for part in parts[1:]:
            next_at = plain.find(part, end, end + _GAP + len(part))
            if next_at < 0:
                break
            end = next_at + len(part)
        else:
            return at, end
    return -1, -1


@lru_cache(maxsize=4)
def _plain(words: str) -> tuple[str, tuple[int, ...]]:
    """The words in lower case with plain quotes, dashes and single spaces, and where each stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(words.translate(_PLAIN)):
        if letter.isspace():
            if letters and letters[-1] != " ":
                letters.append(" ")
                places.append(place)
            continue
        lower = letter.lower()
        letters.append(lower)
        places += [place] * len(lower)
    # One entry a character, though a capital may have two in lower case.
    made = "".join(letters)
    return made.rstrip(), tuple(places)


@lru_cache(maxsize=2)
def _words(text: Text) -> tuple[tuple[str, Span], ...]:
    return tuple(
        (word.of(text).lower(), word)
        for number in range(len(text.paragraphs))
        for word in text.words(number)
    )


def _likest(text: Text, wanted: str) -> tuple[Span | None, float]:
    """The run of words most like these, by the words that it shares, then by its letters."""
    goal = [word.of(wanted).lower() for word in Text(wanted).words(0)] if wanted else []
    there = _words(text)
    if not goal or len(goal) > len(there) * 2:
        return None, 0.0
    size = min(len(goal), len(there))
    need = Counter(goal)
    window: Counter[str] = Counter()
    shared, best = 0, []
    for place, (word, _) in enumerate(there):
        window[word] += 1
        shared += window[word] <= need[word]
        if place >= size:
            gone = there[place - size][0]
            shared -= window[gone] <= need[gone]
            window[gone] -= 1
        if place >= size - 1:
            best.append((shared, -place))
    best.sort(reverse=True)
    found: tuple[Span | None, float] = (None, 0.0)
    for count, last in best[:8]:
        if count * 2 < size:
            break
        for start in range(-last - size, -last - size + 3):
            for end in range(-last - 2, -last + 3):
                if 0 <= start <= end < len(there):
                    span = Span(there[start][1].start, there[end][1].end)
                    passage = _plain(span.of(text))[0]
                    ratio = difflib.SequenceMatcher(None, passage, wanted, autojunk=False).ratio()
                    if ratio > found[1]:
                        found = (span, ratio)
    return found if found[1] >= ALIKE else (None, found[1])
