"""Words as they may be shown: what a terminal would obey, or hide, is a symbol."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex

# Line breaks and tabs are laid out by the terminal; every other control, what turns the direction
# of a line, and what hides is shown as a symbol and never sent.
_HIDDEN = regex.compile(
    r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069--[\n\t]]", regex.V1
)
_BREAK = regex.compile(r"\r\n|\r")
_TURNED: Final = "\N{RIGHTWARDS ARROW OVER LEFTWARDS ARROW}"


def visible(words: str) -> str:
    """Words as a terminal may get them: line breaks as LF, control characters as symbols."""
    return _HIDDEN.sub(_symbol, _BREAK.sub("\n", words))


def line(words: str) -> str:
    """`visible`, on one line: white space runs together."""
    if words.isprintable() and "  " not in words:
        return words.strip()  # the usual title, in a tenth of the time
    return visible(" ".join(words.split()))


def _symbol(match: regex.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    match unicodedata.category(character):
        case "Zl" | "Zp":
            return "\N{SYMBOL FOR NEWLINE}"
        case "Cf":
            return _TURNED
        case _:
            return "\N{REPLACEMENT CHARACTER}"
