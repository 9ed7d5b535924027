"""Which unit offsets count is told by how the spans look, and never by a single bad one."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import InputError
from annotations.formats.reading.intake import Intake
from annotations.formats.reading.offsets import Mark, Unit, measure
from annotations.records import Document, Entity
from annotations.text import Text


def read(text: str, spans: list[tuple[int, int]], intake: Intake | None = None) -> list[str]:
    marks = [Mark(Entity.kind, start, end, "PER") for start, end in spans]
    found = (intake or Intake()).labelled(Document(Text(text), "t"), marks, "x.jsonl:1")
    return [one.text for one in found.entities]


def spans_of(text: str, words: list[str], unit: Unit) -> list[tuple[int, int]]:
    count = measure(Text(text), unit)
    return [(count(text.index(one)), count(text.index(one) + len(one))) for one in words]


ZOE = "Zoë Berg met Bo Li in Zürich"
ANNA = "😀 Anna Berg met Bo Li in Zürich"


def test_code_points_with_an_end_too_far_are_not_taken_for_bytes() -> None:
    intake = Intake()
    assert read(ZOE, [(0, 8), (13, 18), (22, 29)], intake) == ["Zoë Berg", "Bo Li"]
    assert len(intake.unplaced) == 1
    assert not list(intake.evidence.lines())


@pytest.mark.parametrize("bad", [(2, 13), (3, 3), (20, 99), (13, 15)])
def test_utf16_offsets_are_told_though_one_span_is_bad(bad: tuple[int, int]) -> None:
    spans = [*spans_of(ANNA, ["Anna Berg", "Bo Li", "Zürich"], Unit.UTF16), bad]
    with pytest.raises(InputError, match="--offset-unit utf-16"):
        read(ANNA, spans)


def test_one_span_alone_tells_the_unit() -> None:
    with pytest.raises(InputError, match="--offset-unit utf-16"):
        read(ANNA, spans_of(ANNA, ["Anna Berg"], Unit.UTF16))


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("asked", list(Unit))
def test_a_unit_that_was_asked_for_is_taken(unit: Unit, asked: Unit) -> None:
    found = read(ANNA, spans_of(ANNA, ["Anna Berg", "Bo Li"], unit), Intake(unit=asked))
    assert unit is not asked or found == ["Anna Berg", "Bo Li"]


def test_many_good_documents_outweigh_a_bad_one() -> None:
    intake = Intake()
    for _ in range(5):
        read(ZOE, [(0, 8), (13, 18), (22, 28)], intake)
    text = "Zoë und Bo"
    assert read(text, spans_of(text, ["Bo"], Unit.BYTE), intake) == []
    assert intake.unplaced


@pytest.mark.parametrize("unit", [Unit.UTF16, Unit.BYTE])
def test_given_words_tell_the_unit_in_a_script_without_gaps(unit: Unit) -> None:
    text = "😀昨日田中花子が京都大学を訪問した"
    words = ["田中花子", "京都大学"]
    spans = zip(words, spans_of(text, words, unit), strict=True)
    marks = [Mark(Entity.kind, *span, "PER", words=said) for said, span in spans]
    with pytest.raises(InputError, match=f"--offset-unit {unit}"):
        Intake().labelled(Document(Text(text), "t"), marks, "x:1")


def test_the_edges_of_scripts_tell_the_unit_as_well() -> None:
    text = "😀昨日トヨタが東京のホテルでソニーと会談した"
    words = ["トヨタ", "東京", "ホテル", "ソニー"]
    with pytest.raises(InputError, match="--offset-unit utf-16"):
        read(text, spans_of(text, words, Unit.UTF16))
    intake = Intake()
    assert read(text, spans_of(text, words, Unit.CODE_POINT), intake) == words
    assert not list(intake.evidence.lines())


def test_where_nothing_tells_the_unit_that_is_said() -> None:
    text = "😀昨日田中花子氏京都大学訪問"
    intake = Intake()
    assert read(text, spans_of(text, ["田中花子"], Unit.CODE_POINT), intake) == ["田中花子"]
    (words,) = intake.evidence.lines()
    assert "could be UTF-16 units, too" in words
    assert "difference to 1 span:" in words
    assert "--offset-unit utf-16" in words


def test_a_span_that_looks_right_in_both_units_leaves_it_open() -> None:
    text = "😀😀😀😀😀 Anna said so."
    intake = Intake()
    assert read(text, spans_of(text, ["Anna"], Unit.UTF16), intake) == ["said"]
    assert "could be UTF-16 units, too" in "".join(intake.evidence.lines())


word = st.text("abcdefghij", min_size=3, max_size=9)
pieces = st.lists(
    st.tuples(st.sampled_from(["", "😀 ", "👩‍🚀 ", "é "]), word), min_size=10, max_size=40
)


@given(pieces, st.sampled_from(list(Unit)), st.randoms(use_true_random=False))
def test_any_unit_is_recognised_with_a_tenth_of_the_spans_damaged(
    parts: list[tuple[str, str]], unit: Unit, random: Random
) -> None:
    text, spans = "😀 ", []
    for lead, words in parts:
        text += lead
        spans.append((len(text), len(text) + len(words)))
        text += words + " "
    count = measure(Text(text), unit)
    given = [(count(start), count(end)) for start, end in spans]
    for at in random.sample(range(len(given)), len(given) // 10):
        start, end = given[at]
        damaged = [(start, end + 1), (start, start), (start + 1, end), (start, 9999)]
        given[at] = random.choice(damaged)
    if unit is Unit.CODE_POINT:
        read(text, given)
        return
    with pytest.raises(InputError, match=f"--offset-unit {unit}"):
        read(text, given)
