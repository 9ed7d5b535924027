"""Where the page goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.span import Span
from annotations.text import Text
from tui.layout.rows import Place, Rows
from tui.layout.turn import CONTEXT, revealing, settled, turned

TEXT = Text("\n".join(["Envoys told Arvel that the port was shut."] * 40))


def layout(width: int = 20) -> Rows:
    return Rows(TEXT, lambda span: [], width)


PLACES = layout().window(Place(0, 0), 10_000)
HEIGHTS = st.integers(1, 40)


@given(st.sampled_from(PLACES), HEIGHTS)
def test_a_settled_page_is_full_and_starts_with_text(top: Place, height: int) -> None:
    rows = layout()
    found = settled(rows, top, height)
    assert not rows.is_gap(found)
    assert len(rows.window(found, height)) >= height - 1


@given(st.sampled_from(PLACES), HEIGHTS)
def test_turning_down_goes_on_and_leaves_no_row_out(start: Place, height: int) -> None:
    rows = layout()
    top = settled(rows, start, height)
    window = rows.window(top, height)
    found = settled(rows, turned(rows, top, height, 1), height)
    assert found > top or window[-1] == rows.last
    assert all(rows.is_gap(place) for place in PLACES if window[-1] < place < found)


@given(st.sampled_from(PLACES), HEIGHTS)
def test_turning_up_goes_back_and_leaves_no_row_out(start: Place, height: int) -> None:
    rows = layout()
    top = settled(rows, start, height)
    found = settled(rows, turned(rows, top, height, -1), height)
    assert found < top or top == rows.first
    last = rows.window(found, height)[-1]
    assert all(rows.is_gap(place) for place in PLACES if last < place < top)


@given(st.sampled_from(PLACES), HEIGHTS, st.integers(0, len(TEXT) - 60), st.integers(1, 50))
def test_what_is_revealed_is_in_view(start: Place, height: int, at: int, length: int) -> None:
    rows, span = layout(), Span(at, at + length)
    window = rows.window(settled(rows, start, height), height)
    top = revealing(rows, window, height, span)
    if top is not None:
        window = rows.window(settled(rows, top, height), height)
    first, last = rows.place(span.start), rows.place(span.end - 1)
    is_too_long = rows.step(first, height - 1) < last
    assert window[0] <= first <= window[-1]
    assert is_too_long or last <= window[-1]


@pytest.mark.parametrize(("start", "wanted"), [(0, CONTEXT), (1600, 24 - 1 - CONTEXT)])
def test_what_is_revealed_has_rows_around_it(start: int, wanted: int) -> None:
    rows, word = layout(), TEXT.word_at(800)
    assert word is not None
    window = rows.window(settled(rows, rows.place(start), 24), 24)
    top = revealing(rows, window, 24, word)
    assert top is not None
    shown = rows.window(settled(rows, top, 24), 24)
    assert abs(shown.index(rows.place(word.start)) - wanted) <= 1
