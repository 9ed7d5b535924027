"""The same letters in other code points: an é is one of them, or an e and its accent.

Unicode calls such spellings canonically equivalent, and nobody can tell them apart by looking. A text
is never changed, so whoever looks for words in it has to look for all of their spellings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from unicodedata import is_normalized, normalize

import regex

MOST_MARKS: Final = 30
"""Marks on one letter that are put in order, as in Unicode's stream-safe text (UAX #15).

No language has more. Their order takes time that grows with the square of their number.
"""

_LETTER: Final = regex.compile(r".\p{M}*+", flags=regex.DOTALL)
_PIECE: Final = regex.compile(rf"\P{{M}}*+\p{{M}}{{0,{MOST_MARKS}}}+")
_OVERLOADED: Final = regex.compile(rf"\p{{M}}{{{MOST_MARKS + 1}}}")

Finder = Callable[[int], tuple[int, int] | None]
"""The first place from an offset on: where it starts and ends."""


def composed(words: str) -> str:
    """The spelling with the fewest code points, by which two are told to be the same (NFC).

    Where a letter has more than `MOST_MARKS` marks, so many of them at a time are put in order.
    """
    if words.isascii():
        return words
    if len(words) <= MOST_MARKS or not _OVERLOADED.search(words):
        return normalize("NFC", words)
    return "".join(normalize("NFC", piece) for piece in _PIECE.findall(words))


def pattern(words: str) -> str:
    """A regular expression of the spellings of these words; the one that is given is among them."""
    if words.isascii():
        return regex.escape(words)
    made = "".join(map(_of_letter, _LETTER.findall(composed(words))))
    # One with its marks in another order, or with a letter that nobody writes any more.
    return made if regex.fullmatch(made, words) else f"(?:{made}|{regex.escape(words)})"


def _of_letter(letter: str) -> str:
    if len(letter) > MOST_MARKS:
        return regex.escape(letter)
    parts = normalize("NFD", letter)
    # Composed up to each of its marks, with the rest of them behind.
    forms = [normalize("NFC", parts[:end]) + parts[end:] for end in range(len(parts), 0, -1)]
    made = [regex.escape(form) for form in dict.fromkeys(forms)]
    return made[0] if len(made) == 1 else f"(?:{'|'.join(made)})"


def is_composed(text: str) -> bool:
    """Whether a text has each letter in its spelling with the fewest code points."""
    return text.isascii() or (not _OVERLOADED.search(text) and is_normalized("NFC", text))


def finder(words: str, text: str, *, is_composed: bool) -> Finder:
    """What finds these words in a text, in whatever spelling, from an offset on.

    Args:
        is_composed: whether the text has each letter in its spelling with the fewest code points.
    """
    if words.isascii() or (is_composed and composed(words) == words):
        size = len(words)

        def find(start: int) -> tuple[int, int] | None:
            place = text.find(words, start)
            return None if place < 0 else (place, place + size)

        return find
    sought = regex.compile(pattern(words))

    def search(start: int) -> tuple[int, int] | None:
        match = sought.search(text, start)
        return match.span() if match else None

    return search
