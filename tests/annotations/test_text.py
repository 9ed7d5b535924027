from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from annotations.errors import SpanError
from annotations.span import Span
from annotations.text import Text

# Letters, marks, joiners, flags, wide and right-to-left signs, every kind of break and space.
ODD = "aZß9½.,'’-\"“” \t\n\r\f\x85\u2028\u00a0é\u0301\u0903\u200d\u200c\ufe0f👍🏽👩🇯🇵漢か゛한ℹ\u0600אي_😀\x00"
texts = st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8")), max_size=80)


def words_of(text: Text) -> list[str]:
    return [span.of(text) for number in range(len(text.paragraphs)) for span in text.words(number)]


def test_the_id_is_the_start_of_the_hash_of_the_bytes() -> None:
    text = Text("naïve 👩‍👧")
    assert text.id == hashlib.sha256("naïve 👩‍👧".encode()).hexdigest()[:12]


@given(texts)
@example("a\r\nb\rc\n\n")
@example("form\ffeed\x85next\u2028line")
def test_paragraphs_and_their_breaks_are_the_whole_text(body: str) -> None:
    text = Text(body)
    spans = text.paragraphs
    rebuilt = body[spans[0].start : spans[0].end]
    for one, two in pairwise(spans):
        assert body[one.end : two.start] in ("\n", "\r\n", "\r")
        rebuilt += body[one.end : two.start] + body[two.start : two.end]
    assert rebuilt == body
    assert not any("\n" in body[span.start : span.end] for span in spans)
    assert not any("\r" in body[span.start : span.end] for span in spans)


@given(texts)
def test_every_offset_is_in_the_paragraph_that_starts_last_ahead_of_it(body: str) -> None:
    text = Text(body)
    for offset in range(len(body) + 1):
        number = text.paragraph_at(offset)
        assert text.paragraphs[number].start <= offset
        if number + 1 < len(text.paragraphs):
            assert offset < text.paragraphs[number + 1].start


@given(texts)
@example("a\u200d👍 9\u200d ℹ️ U.S.\u0301 3rd\u0301")
def test_words_cover_all_but_white_space_and_split_no_grapheme(body: str) -> None:
    text = Text(body)
    for number, paragraph in enumerate(text.paragraphs):
        words = text.words(number)
        covered = {offset for word in words for offset in range(word.start, word.end)}
        assert sum(map(len, words)) == len(covered), "words overlap"
        assert list(words) == sorted(words)
        line = body[paragraph.start : paragraph.end]
        for offset in range(paragraph.start, paragraph.end):
            assert offset in covered or regex.match(r"\s", body[offset])
        inside = {
            paragraph.start + place
            for match in regex.finditer(r"\X", line)
            # A mark on a space has no letter to stay with: there the space wins.
            if not match.group()[0].isspace() and len(match.group()) > 1
            for place in range(match.start() + 1, match.end())
        }
        assert not inside & {edge for word in words for edge in (word.start, word.end)}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("U.S. envoy", ["U.S.", "envoy"]),
        ("Trump's offer", ["Trump", "'s", "offer"]),
        ("the ministers’ talks", ["the", "ministers", "’", "talks"]),
        ("1,234.5 at 10:30", ["1,234.5", "at", "10:30"]),
        ("the 3rd of 15th.", ["the", "3rd", "of", "15th", "."]),
        ("👩‍👧‍👦🇫🇮🇯🇵", ["👩‍👧‍👦", "🇫🇮", "🇯🇵"]),
        ("n̈a é!", ["n̈a", "é", "!"]),
        ("שלום لا", ["שלום", "لا"]),
    ],
)
def test_words_are_those_that_a_reader_would_count(body: str, words: list[str]) -> None:
    assert words_of(Text(body)) == words


@given(texts)
@example("a\u0600 b \x1c-\x1f c\u0600\nd")
@example("one run that is longer than those that are kept: " + "Long-and-windy." * 9)
def test_all_words_are_those_of_every_paragraph(body: str) -> None:
    text = Text(body)
    every = [word for number in range(len(text.paragraphs)) for word in text.words(number)]
    assert text.all_words() == [(word.start, word.end) for word in every]
    assert text.all_words() == text.all_words()


@given(texts, st.integers(0, 80))
def test_next_and_previous_word_agree_with_the_list_of_all_words(body: str, offset: int) -> None:
    text = Text(body)
    offset = min(offset, len(body))
    every = [one for number in range(len(text.paragraphs)) for one in text.words(number)]
    assert text.next_word(offset) == next((one for one in every if one.start > offset), None)
    behind = [one for one in every if one.start < offset]
    assert text.previous_word(offset) == (behind[-1] if behind else None)
    covering = [one for one in every if offset in one]
    assert not covering or text.word_at(offset) == covering[0]


@given(texts)
def test_offsets_in_other_units_measure_the_encoded_text_and_come_back(body: str) -> None:
    text = Text(body)
    for offset in range(len(body) + 1):
        ahead = body[:offset]
        assert text.utf16(offset) == len(ahead.encode("utf-16-le")) // 2
        assert text.byte(offset) == len(ahead.encode())
        assert text.from_utf16(text.utf16(offset)) == offset
        assert text.from_byte(text.byte(offset)) == offset


def test_an_offset_inside_a_character_or_behind_the_text_is_refused() -> None:
    text = Text("a😀b")
    for units in (-1, 2, 5):
        with pytest.raises(SpanError, match=f"UTF-16 unit {units}"):
            text.from_utf16(units)
    for count in (-1, 2, 3, 4, 7):
        with pytest.raises(SpanError, match=f"byte {count}"):
            text.from_byte(count)


@pytest.mark.parametrize(
    "sentences",
    [
        ["He met U.S. President Orlen in Arvel.", "It rained."],
        ["Mr. Trump spoke.", "Dr. J. P. Morrow did not."],
        ["No formal agreements are expected to be signed.", "Mr Trump said so."],
        ["He lives in the U.S.", "He likes it."],
        ["The answer was no.", "Then they left."],
        ["See No. 5 and fig. 2 for it.", "See also No. 6."],
        ["It closed at 9.20 p.m.", "Next meeting: May.", "It opens at 5 p.m. Friday."],
        ["“Will it hold?” asked the envoy.", "“No!”", "She left…"],
        ["Velmar Co. Ltd. of Bergsund grew.", "Orlen Inc.", "The rest fell by 3.5."],
        ["He paused... then went on.", "They rose e.g. by 3."],
    ],
)
def test_sentences_end_where_they_should(sentences: list[str]) -> None:
    body = " ".join(sentences)
    text, start = Text(body), 0
    for sentence in sentences:
        for offset in (start, start + len(sentence) // 2, start + len(sentence) - 1):
            found = text.sentence_at(offset)
            assert found and found.of(text) == sentence
        start += len(sentence) + 1


def test_wide_full_stops_end_sentences_without_a_space() -> None:
    text = Text("船は来なかった。雨だった。")
    assert text.sentence_at(9) == Span(8, 13)


@given(texts)
@example("One. Two. \nThree")
def test_every_offset_of_a_paragraph_with_words_has_a_sentence_in_it(body: str) -> None:
    text = Text(body)
    for offset in range(len(body) + 1):
        paragraph = text.paragraphs[text.paragraph_at(offset)]
        blank = not body[paragraph.start : paragraph.end].strip()
        found = text.sentence_at(offset)
        assert (found is None) == blank
        if found:
            assert paragraph.covers(found)
            assert text.trimmed(found.start, found.end) == found
            clause = text.clause_at(offset)
            assert clause is None or found.covers(clause)
            if body[offset : offset + 1].isalpha() and offset < paragraph.end:
                assert offset in found


@pytest.mark.parametrize(
    ("body", "at", "clause"),
    [
        (
            "However, no formal agreements are expected to be signed.",
            "signed",
            "no formal agreements are expected to be signed",
        ),
        ("Putin and Trump met in Arvel.", "Trump", "Putin and Trump met in Arvel"),
        ("Prices fell, and sales rose.", "sales", "sales rose"),
        ("But he stayed, “I will go,” he said.", "stayed", "he stayed"),
        ("“I will go,” he said.", "will", "I will go"),
        ("He told us: “It is over.”", "over", "It is over"),
        ("They left (at noon).", "noon", "They left (at noon)"),
        ("It rained, so she works in the U.S.", "works", "so she works in the U.S."),
        ("The gauge — old as it is — holds.", "holds", "holds"),
        ("Rates rose by 1,000 at 10:30 but fell again.", "fell", "fell again"),
    ],
)
def test_a_clause_is_what_a_claim_would_cover(body: str, at: str, clause: str) -> None:
    text = Text(body)
    found = text.clause_at(body.index(at))
    assert found and found.of(text) == clause


def test_punctuation_alone_is_no_clause() -> None:
    assert Text("…").clause_at(0) is None
    assert Text("\n").clause_at(1) is None


@given(texts, st.integers(0, 80), st.integers(1, 6))
@example("ba a a", 3, 3)
def test_occurrences_are_the_places_bounded_by_words(body: str, start: int, length: int) -> None:
    text, words = Text(body), body[start : start + length]
    starts, ends = set(), set()
    for number in range(len(text.paragraphs)):
        starts |= {one.start for one in text.words(number)}
        ends |= {one.end for one in text.words(number)}
    expected, place = [], 0
    while words and place < len(body):
        same = [end for end in ends if normalize("NFC", body[place:end]) == normalize("NFC", words)]
        if place in starts and same:
            expected.append(Span(place, same[0]))
            place = same[0]
        else:
            place += 1
    assert text.occurrences(words) == expected


def test_occurrences_are_found_in_every_spelling() -> None:
    text = Text("Jos\u00e9 said: Jose\u0301 was no Jose.")
    both = [Span(0, 4), Span(11, 16)]
    assert text.occurrences("Jos\u00e9") == text.occurrences("Jose\u0301") == both


def test_the_sample_report_gives_its_claim_whole(seeds: Path) -> None:
    text = Text((seeds / "alaska-summit.txt").read_text(encoding="utf-8"))
    found = text.clause_at(text.index("formal agreements"))
    assert found and found.of(text) == "No formal agreements are expected on Friday"


@given(
    st.text(st.sampled_from("ab .,'’s\n\r\t1e\u0301\u0600\u200d👩🏽—U\u00a0\x1c\x85\u2028é漢")),
    st.data(),
)
def test_words_found_from_an_offset_are_those_of_the_whole_text(source: str, data: st.DataObject):
    text = Text(source)
    offset = data.draw(st.integers(0, len(text)))
    own = text.words(text.paragraph_at(offset))
    every = [word for number in range(len(text.paragraphs)) for word in text.words(number)]
    covering = [word for word in own if word.end > offset] or list(own[-1:])
    assert text.word_at(offset) == (covering[0] if covering else None)
    assert text.next_word(offset) == next((one for one in every if one.start > offset), None)
    before = [word for word in every if word.start < offset]
    assert text.previous_word(offset) == (before[-1] if before else None)
