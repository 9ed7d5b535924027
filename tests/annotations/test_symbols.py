"""What a terminal would obey or hide is a symbol, and writing that needs such characters is whole."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotations.symbols import escaped, line, shown, visible

UNDRAWN = regex.compile(
    r"[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Cc}"
    r"--\p{Prepended_Concatenation_Mark}]",
    regex.V1,
)


def hidden(character: str) -> bool:
    """Whether Unicode's own properties say that it commands, turns or hides."""
    return UNDRAWN.match(character) is not None


def test_exactly_what_unicode_calls_hidden_is_a_symbol() -> None:
    wrong = []
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        is_whole = shown(character) == character
        if is_whole == hidden(character):
            wrong.append(f"{code:X}")
    assert wrong == []


def test_a_symbol_is_drawn_and_obeyed_by_none() -> None:
    made = {shown(chr(code)) for code in range(sys.maxunicode + 1) if hidden(chr(code))}
    assert all(len(one) == 1 and not hidden(one) and one.isprintable() for one in made)


def test_a_text_keeps_its_line_feeds_and_tabs_and_a_row_has_none() -> None:
    assert visible("a\r\nb\rc\nd\te") == "a\nb\nc\nd\te"
    assert shown("a\r\nb\te") == "a␍␊b␉e"
    assert line(" a\r\n b\t\x1b[2Je ") == "a b ␛[2Je"


def test_each_kind_of_hidden_character_has_its_symbol() -> None:
    row = "\x00\x1b\x07\x7f\x9b\u202e\u2066\u200b\u00ad\u2028\ufffa\U000e0041\u3164\ud800\uffff"
    assert shown(row) == "␀␛␇␡�⇄⇄¦¦␤¦¦¦��"


@pytest.mark.parametrize(
    "words",
    [
        "می‌خواهم",
        "کار‌ها",
        "র‍্যাব",
        "ന്‍",
        "ක්‍ෂ",
        "క్‌",
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "❤️",
        "☺︎",
        "1️⃣",
        "👩🏽‍🚀",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "葛\U000e0100飾区",
        "ᠠ᠋",
        "∩︀",
    ],
)
def test_characters_that_shape_what_is_beside_them_are_left_alone(words: str) -> None:
    assert shown(words) == words
    assert visible(f"before {words} behind") == f"before {words} behind"


@pytest.mark.parametrize(
    "words",
    [
        "pay\u200dload",
        "pay\u200cload",
        "\u200dمی",
        "می\u200c\u200dخ",
        "می\u200c\u200cخ",
        "😀\ufe0f\ufe0f",
        "😀\ufe01",
        "😀\U000e0141\U000e0142",
        "a\ufe0f",
        "1\ufe0f",
        "字\U000e0100\U000e0101",
        "🏴\U000e0068\U000e0069\U000e007f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067",
        "👩\u200d",
        "👩\u200dx",
        "a\u034fb",
    ],
)
def test_the_same_characters_elsewhere_are_seen(words: str) -> None:
    assert shown(words) != words
    assert not any(hidden(one) for one in shown(words) if one not in "\u200c\ufe0f\U000e0100")


ANY = st.characters(exclude_categories=())
HOSTILE = st.sampled_from([chr(code) for code in range(sys.maxunicode + 1) if hidden(chr(code))])
WORDS = st.lists(ANY | HOSTILE | st.sampled_from("aه字😀🏴1\n\t ")).map("".join)


@given(WORDS)
def test_what_is_shown_is_shown_as_it_is_again(words: str) -> None:
    made = shown(words)
    assert not any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in made)
    assert shown(made) == made
    assert len(made) == len(words)


@given(WORDS)
def test_escaped_json_is_equal_and_holds_nothing_hidden(words: str) -> None:
    words = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # JSON joins halves
    data = {"title": words, words: [words, "\udc9b"]}
    made = escaped(json.dumps(data, ensure_ascii=False))
    assert json.loads(made) == data
    assert not any(hidden(one) for one in made)
