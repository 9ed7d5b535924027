"""Words around one place of a text, however long the paragraph is, in time that does not grow with it."""

from __future__ import annotations

from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import sentences, spelling, words
from annotations.span import Span
from annotations.text import Text

LONG = 40_000
UNITS = (
    "a",
    "a1",
    ".",
    "(",
    "é",
    "元老院",
    "\u0301",
    "\u200d",
    "👨\u200d",
    "🇩🇪",
    "\u202e",
    "\u0600",
    "U.S.",
)


@pytest.mark.parametrize("unit", UNITS)
def test_a_run_without_a_space_is_read_in_pieces(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    in_run = words._in_run

    def spy(body: str, start: int) -> tuple[Span, ...]:
        sizes.append(len(body))
        return in_run(body, start)

    monkeypatch.setattr(words, "_in_run", spy)
    text = Text(unit * (LONG // len(unit)))
    for offset in (0, 1, 4095, 4096, 4097, LONG // 2, len(text) - 1, len(text)):
        text.word_at(offset)
        text.next_word(offset)
        text.previous_word(offset)
    assert max(sizes) <= 3 * words.PIECE


@pytest.mark.parametrize("unit", UNITS)
def test_the_words_of_a_run_in_pieces_join_up_in_both_directions(unit: str) -> None:
    text = Text(unit * (12_000 // len(unit)))
    forward = [text.word_at(0)]
    while following := text.next_word(forward[-1].start if forward[-1] else 0):
        forward.append(following)
    places = [(one.start, one.end) for one in forward if one]
    assert places[0][0] == 0
    assert places[-1][1] == len(text)
    assert all(one[1] == other[0] for one, other in pairwise(places))
    backward = [forward[-1]]
    while (last := backward[-1]) and (before := text.previous_word(last.start)):
        backward.append(before)
    assert backward[::-1] == forward


@given(st.text(alphabet="ab .,’s\u0301é元。🇩🇪", max_size=60), st.data())
def test_the_words_around_a_place_are_those_of_the_paragraph(
    made: str, data: st.DataObject
) -> None:
    text = Text(made)
    every = text.words(0)
    offset = data.draw(st.integers(0, len(text)))
    covering = [one for one in every if one.start <= offset < one.end]
    if covering:
        assert text.word_at(offset) == covering[0]
    assert text.next_word(offset) == next((one for one in every if one.start > offset), None)


@pytest.mark.parametrize("unit", [*UNITS, "Aa ", ", ", " ", "\t", "No. ", '"', "a but "])
def test_around_a_place_only_a_sentence_of_the_greatest_length_is_read(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    of = sentences.of

    def spy(body: str, start: int) -> tuple[Span, ...]:
        sizes.append(len(body))
        return of(body, start)

    monkeypatch.setattr(sentences, "of", spy)
    text = Text(unit * (300_000 // len(unit)))
    for offset in (0, 100_000, len(text)):
        text.clause_at(offset)
    assert max(sizes) <= 3 * sentences.LONGEST


def test_a_sentence_between_windows_is_found_whole() -> None:
    text = Text("The port was shut by the council of Upper Tarn, Mr. Orsk said. " * 2_000)
    every = text.sentences()
    for number in (0, 1, 130, 131, 999, 1000, 1999):
        assert text.sentence_at(every[number].start) == every[number]
        assert text.sentence_at(every[number].end - 1) == every[number]


@pytest.mark.parametrize("letter", ["e", "é", "元"])
def test_no_more_marks_are_put_in_order_than_a_letter_can_have(
    letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def spy(form: str, part: str) -> str:
        sizes.append(len(part))
        return normalize(form, part)  # type: ignore[arg-type]

    monkeypatch.setattr(spelling, "normalize", spy)
    overloaded = letter + "\u0301\u0323" * 20_000
    assert len(spelling.pattern(overloaded)) < 3 * len(overloaded)
    assert not spelling.is_composed(overloaded)
    assert max(sizes) <= spelling.MOST_MARKS + 1
    text = Text(f"so {overloaded} it {overloaded}")
    assert len(text.occurrences(overloaded)) == 2


def test_marks_are_put_in_order_up_to_the_limit_of_unicode_s_stream_safe_text() -> None:
    assert spelling.composed("e\u0301\u0323") == "ẹ\u0301"
    most = "e" + "\u0301\u0323" * (spelling.MOST_MARKS // 2)
    assert spelling.composed(most).startswith("ẹ\u0323")


def test_a_place_that_is_no_whole_word_is_passed_over_with_the_word_it_is_in() -> None:
    text = Text("a" * 5_000 + " aa a")
    assert text.occurrences("a") == [Span(5_004, 5_005)]
    assert text.occurrences("aa") == [Span(5_001, 5_003)]
    assert len(list(text.places("a"))) == 1
