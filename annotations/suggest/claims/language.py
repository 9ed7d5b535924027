"""Whether a text is English, told from its smallest words."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regex

from annotations.text import Text

_SMALL: Final = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "it",
        "was",
        "on",
        "with",
        "as",
        "by",
        "are",
        "at",
        "be",
        "this",
        "have",
        "from",
        "not",
        "he",
        "she",
        "they",
        "we",
        "you",
        "i",
        "but",
        "his",
        "her",
        "their",
        "had",
        "has",
        "will",
        "would",
        "an",
        "or",
        "were",
        "been",
        "which",
        "who",
        "said",
    ]
)
_ENGLISH_ONLY: Final = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "is",
        "that",
        "for",
        "it",
        "was",
        "with",
        "are",
        "be",
        "this",
        "from",
        "not",
    ]
)
_WORD: Final = regex.compile(r"[\p{L}]+")
_ENOUGH: Final = 12
_SHARE: Final = 0.12
_LOOKED_AT: Final = 4000


@lru_cache(maxsize=8)
def is_english(text: Text) -> bool:
    """Whether the first pages use English small words as English does; a few words pass as English."""
    words = [word.lower() for word in _WORD.findall(text[:_LOOKED_AT])]
    if len(words) < _ENOUGH:
        return all(word.isascii() for word in words)
    small = sum(word in _SMALL for word in words)
    return small >= _SHARE * len(words) and any(word in _ENGLISH_ONLY for word in words)
