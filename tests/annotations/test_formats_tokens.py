from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotations.formats.writing.tokens import tokens
from annotations.span import Span
from annotations.text import Text

LETTERS = "ab c.,'-1  \t\n\r\x0c\x1cé👩\u200d🚀\u0301\u0600中文"
texts = st.text(alphabet=st.sampled_from(LETTERS), min_size=1, max_size=40)


@given(texts, st.data())
def test_tokens_are_the_words_cut_at_the_edges_of_spans(body: str, data: st.DataObject) -> None:
    text = Text(body)
    starts = data.draw(st.lists(st.integers(0, len(text) - 1), max_size=4))
    spans = [Span(start, data.draw(st.integers(start + 1, len(text)))) for start in starts]
    found = tokens(text, spans)
    assert all(start < end for start, end in found)
    assert all(ahead[1] <= behind[0] for ahead, behind in pairwise(found))
    edges = {edge for span in spans for edge in (span.start, span.end)}
    words = text.all_words()
    bounds = {0, len(text), *(edge for word in words for edge in word)}
    # Every word is there, whole or in the pieces that the edges cut.
    for start, end in words:
        inner = sorted(edge for edge in edges if start < edge < end)
        assert {*pairwise((start, *inner, end))} <= {*found}
    # What else is a token is white space that a span begins or ends in.
    for start, end in found:
        assert {start, end} <= edges | bounds
        if not any(low <= start and end <= high for low, high in words):
            assert not any(low < end and start < high for low, high in words)
    for span in spans:
        assert span.start in {start for start, _ in found}
        assert span.end in {end for _, end in found}


def test_white_space_is_no_token_where_no_span_ends_in_it() -> None:
    text = Text("One  two, three.")
    assert tokens(text, [Span(5, 8)]) == text.all_words()
    assert [text[start:end] for start, end in tokens(text, [Span(3, 4)])] == [
        *("One", " ", " ", "two", ",", "three", "."),
    ]
    assert [text[start:end] for start, end in tokens(text, [Span(1, 7), Span(6, 12)])] == [
        *("O", "ne", "t", "w", "o", ",", "th", "ree", "."),
    ]
