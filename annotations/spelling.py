"""The same letters in other code points: an é is one of them, or an e and its accent.

Unicode calls such spellings canonically equivalent, and nobody can tell them apart by looking. A text
is never changed, so whoever looks for words in it has to look for all of their spellings.
"""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

import regex

_LETTER: Final = regex.compile(r".\p{M}*", flags=regex.DOTALL)


def composed(words: str) -> str:
    """The spelling with the fewest code points, by which two are told to be the same (NFC)."""
    return words if words.isascii() else normalize("NFC", words)


def pattern(words: str) -> str:
    """A regular expression of the spellings of these words; the one that is given is among them."""
    if words.isascii():
        return regex.escape(words)
    made = "".join(map(_of_letter, _LETTER.findall(composed(words))))
    # One with its marks in another order, or with a letter that nobody writes any more.
    return made if regex.fullmatch(made, words) else f"(?:{made}|{regex.escape(words)})"


def _of_letter(letter: str) -> str:
    parts = normalize("NFD", letter)
    # Composed up to each of its marks, with the rest of them behind.
    forms = [normalize("NFC", parts[:end]) + parts[end:] for end in range(len(parts), 0, -1)]
    made = [regex.escape(form) for form in dict.fromkeys(forms)]
    return made[0] if len(made) == 1 else f"(?:{'|'.join(made)})"
