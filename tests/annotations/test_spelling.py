"""Words are found in whichever code points they are written."""

from __future__ import annotations

from unicodedata import normalize

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotations.spelling import composed, pattern

letters = st.text(
    st.sampled_from("aeońéñế각ÅÅΩक़שׁלום東.?( \u0301\u0323\u0302") | st.characters(codec="utf-8"),
    max_size=12,
)


@given(letters)
def test_a_pattern_finds_what_it_was_made_of_and_its_two_normal_forms(words: str) -> None:
    made = regex.compile(pattern(words))
    for form in (words, normalize("NFC", words), normalize("NFD", words)):
        assert made.fullmatch(form)


@given(letters, letters)
def test_what_a_pattern_finds_is_composed_to_the_same(words: str, other: str) -> None:
    for match in regex.finditer(pattern(words), normalize("NFD", other) + words + other):
        assert composed(match[0]) == composed(words)


@pytest.mark.parametrize("words", ["Nu\u0301n\u0303ez", "Núñez", "Núñez", "Núñez"])
def test_a_letter_may_be_composed_and_the_next_one_not(words: str) -> None:
    for form in ("Núñez", "Nu\u0301ñez", "Nún\u0303ez", "Nu\u0301n\u0303ez"):
        assert regex.fullmatch(pattern(words), form)
    assert not regex.fullmatch(pattern(words), "Nunez")


def test_two_marks_may_be_composed_in_part() -> None:
    for form in ("\u1ebf", "\u00ea\u0301", "e\u0302\u0301"):
        assert regex.fullmatch(pattern("Hu\u1ebf"), f"Hu{form}")


def test_ascii_is_as_it_is() -> None:
    assert composed("a.b") == "a.b"
    assert pattern("a.b") == r"a\.b"
