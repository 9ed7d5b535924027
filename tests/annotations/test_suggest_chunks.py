from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.span import Span
from annotations.suggest.chunks import SIZE, chunks
from annotations.text import Text

SENTENCE = "The ferry left Arvel at noon, and nobody saw it arrive. "


def joined(text: Text, spans: list[Span]) -> str:
    return "".join(text[span.start : span.end] for span in spans)


# Long runs of few kinds, so that every way of cutting is met.
texts = st.lists(
    st.tuples(
        st.sampled_from(["word ", "A sentence. ", "\n", "\n\n", "\r\n", "x", "🧭", "\u2028", " "]),
        st.integers(1, 3000),
    ),
    max_size=5,
).map(lambda runs: Text("".join(words * times for words, times in runs)))


@given(texts)
def test_chunks_cover_the_text_once_and_none_is_too_long(text: Text) -> None:
    spans = chunks(text)
    assert joined(text, spans) == text
    assert all(0 < len(span) <= 2 * SIZE for span in spans)
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]


@given(texts, st.integers(0, 40_000), st.integers(0, 5_000))
def test_the_visible_part_changes_the_order_and_nothing_else(
    text: Text, start: int, length: int
) -> None:
    first = Span(start, start + length)
    spans = chunks(text, first)
    assert sorted(spans) == chunks(text)
    visible = [span for span in spans if span.overlaps(first)]
    assert spans[: len(visible)] == visible


def test_a_text_without_anything_has_no_chunk() -> None:
    assert chunks(Text("")) == []


def test_paragraphs_stay_whole_and_a_blank_line_is_where_to_cut() -> None:
    paragraph = SENTENCE * 20
    text = Text("\n\n".join([paragraph] * 40))
    spans = chunks(text)
    assert len(spans) > 5
    for span in spans[:-1]:
        assert text[span.start : span.end].endswith(". \n\n")
        assert SIZE <= len(span) <= 2 * SIZE


def test_lines_without_a_blank_one_are_cut_at_a_line_break() -> None:
    text = Text("\r\n".join([SENTENCE.strip()] * 400))
    for span in chunks(text)[:-1]:
        assert text[span.start : span.end].endswith(".\r\n")


def test_a_long_paragraph_is_cut_behind_a_sentence() -> None:
    text = Text(SENTENCE * 1000)
    for span in chunks(text):
        assert text[span.start : span.end].endswith("arrive. ")


def test_a_paragraph_without_sentences_is_cut_behind_white_space() -> None:
    text = Text("word " * 10_000)
    for span in chunks(text):
        assert text[span.start : span.end].endswith("word ")


def test_a_run_without_white_space_is_cut_all_the_same() -> None:
    text = Text("x" * 50_000)
    assert joined(text, chunks(text)) == text
    assert max(len(span) for span in chunks(text)) <= 2 * SIZE


@pytest.mark.parametrize("offset", [0, 4_321, 29_999])
def test_what_follows_the_visible_part_comes_before_what_stands_ahead(offset: int) -> None:
    text = Text(SENTENCE * 600)
    spans = chunks(text, Span(offset, offset + 10))
    assert offset in spans[0]
    starts = [span.start for span in spans]
    behind = [start for start in starts if start >= spans[0].start]
    assert starts == behind + [start for start in starts if start < spans[0].start]
