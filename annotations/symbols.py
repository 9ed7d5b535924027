"""Words as they may be shown: what a terminal would obey, or hide, is a symbol.

Hidden is each control character, lone surrogate, line or paragraph separator, noncharacter, format
character (direction marks, zero-width characters, tags, the soft hyphen) and every other code point
that Unicode lets a program leave undrawn (fillers, variation selectors). A character of private use
or of a Unicode newer than this is sent as it is: a terminal draws it, and obeys none.

Some of these belong to real text, where they shape what is drawn beside them. One of them, behind a
character that it belongs to, is left alone:

- a joiner (ZWJ, ZWNJ) behind a letter or mark of a script that joins: Persian, Bengali, Malayalam;
- a ZWJ between two pictures, as in the emoji of a family;
- a variation selector behind an emoji, a Han or a Mongolian character, or a mathematical sign;
- the three flags that are spelt with tags: England, Scotland and Wales.

Behind any other character, or where there are two of them in a row, they are symbols: so no words
can be hidden in a document by writing them in characters that are not seen.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

import regex

# The ranges are those of the properties that the docstring names (a test compares them): a set of
# ranges is searched ten times as fast as properties are.
_HIDDEN_BUT_BREAKS: Final = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff"
    r"\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17))
)
_HIDDEN = re.compile(f"[{_HIDDEN_BUT_BREAKS}]")
_HIDDEN_OR_BREAK = re.compile(f"[\t\n{_HIDDEN_BUT_BREAKS}]")
# Of the hidden ones, those that `str.isprintable` takes for printable: most words have none of
# either, which is known in a fifth of the time.
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7e]")
_BREAK = re.compile(r"\r\n|\r")

_TURNS: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_TURNED: Final = "\N{RIGHTWARDS ARROW OVER LEFTWARDS ARROW}"
_UNSEEN: Final = "\N{BROKEN BAR}"
_NEWLINE: Final = "\N{SYMBOL FOR NEWLINE}"
_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"

_SHAPING: Final = re.compile(
    r"[\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
_FLAGS: Final = re.compile(
    "\U0001f3f4(?:"
    + "|".join(
        "".join(chr(0xE0000 + ord(letter)) for letter in name)
        for name in ("gbeng", "gbsct", "gbwls")
    )
    + ")\U000e007f"
)
_JOINING: Final = (
    "Adlm", "Arab", "Bali", "Beng", "Deva", "Gran", "Gujr", "Guru", "Java", "Knda", "Khmr", "Kthi",
    "Mand", "Mani", "Mlym", "Modi", "Mong", "Mymr", "Newa", "Nkoo", "Orya", "Ougr", "Phag", "Rohg",
    "Sinh", "Sogd", "Sund", "Syrc", "Taml", "Telu", "Tibt", "Tirh",
)  # fmt: skip
"""Scripts whose letters are written otherwise beside a joiner."""


def visible(words: str) -> str:
    """Return a text as a terminal may get it: with its line feeds and tabs, else symbols."""
    if words.isprintable() and not _FILLERS.search(words):
        return words
    return _HIDDEN.sub(_symbol, _BREAK.sub("\n", words))


def shown(words: str) -> str:
    """Return words as one row may show them: line breaks and tabs are symbols as well."""
    if words.isprintable() and not _FILLERS.search(words):
        return words
    return _HIDDEN_OR_BREAK.sub(_symbol, words)


def line(words: str) -> str:
    """Return `shown` of words whose white space runs together."""
    if words.isprintable() and "  " not in words and not _FILLERS.search(words):
        return words.strip()  # the usual title, in a tenth of the time
    return shown(" ".join(words.split()))


def escaped(json: str, *, encoding: str = "utf-8") -> str:
    """Return JSON in which all that is hidden is written as an escape: equal when it is parsed.

    So is what is not ASCII, where the encoding is not UTF-8 and may lack it.
    """
    if json.isascii() and "\x7f" not in json:
        return json
    is_utf8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8")
    if is_utf8 and json.isprintable() and not _FILLERS.search(json):
        return json
    return (_HIDDEN if is_utf8 else _NOT_ASCII).sub(_escape, json)


def escaped_toml(toml: str) -> str:
    """Return TOML in whose strings all that is hidden is written as an escape."""
    return _HIDDEN.sub(lambda match: f"\\U{ord(match[0]):08x}", toml)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def _symbol(match: re.Match[str]) -> str:
    character = match[0]
    if _SHAPING.match(character) and _belongs(match.string, match.start()):
        return character
    return symbol(character)


@lru_cache(maxsize=1024)
def symbol(character: str) -> str:
    """Return the symbol for one character that is hidden."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if character in _TURNS:
        return _TURNED
    match unicodedata.category(character):
        case "Zl" | "Zp":
            return _NEWLINE
        case "Cc" | "Cs":
            return _UNKNOWN
        case _:
            return _UNKNOWN if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF else _UNSEEN


def _belongs(words: str, place: int) -> bool:
    """Whether a character shapes what is beside it, and so is left alone."""
    if "\U000e0020" <= words[place] <= "\U000e007f":
        start = words.rfind("\U0001f3f4", max(0, place - 6), place)
        flag = _FLAGS.match(words, start) if start >= 0 else None
        return flag is not None and place < flag.end()
    return _own_places().match(words, place) is not None


@cache
def _own_places() -> regex.Pattern[str]:
    joining = "".join(rf"\p{{scx={script}}}" for script in _JOINING)
    alone = r"(?![\u034f\u180b-\u180f\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\U000e0000-\U000e0fff])"
    return regex.compile(
        rf"""
          (?<=[[\p{{L}}\p{{M}}]&&[{joining}]]) [\u200c\u200d] {alone}
        | (?<=\p{{Extended_Pictographic}}[\ufe0f\p{{Emoji_Modifier}}]?)
          \u200d (?=\p{{Extended_Pictographic}})
        | (?<=[\p{{Emoji}}--[0-9\#*]]) [\ufe0e\ufe0f] (?:{alone}|(?=\u200d))
        | (?<=[0-9\#*]) \ufe0f (?=\u20e3)
        | (?<=\p{{Han}}) [\ufe00-\ufe02\U000e0100-\U000e01ef] {alone}
        | (?<=\p{{Mongolian}}) [\u180b-\u180d\u180f] {alone}
        | (?<=[\p{{Sm}}\p{{Myanmar}}\p{{Phags_Pa}}]) \ufe00 {alone}
        """,
        regex.V1 | regex.X,
    )
