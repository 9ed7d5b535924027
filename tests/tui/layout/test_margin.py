"""The lanes beside the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotations.records import Claim, Status
from annotations.span import Span
from tui.layout.margin import Cell, Margin, extents, geometry, glyphs

BLOCK = Span(0, 100)
STARTS = range(0, 100, 10)


def claim(start: int, end: int, **parts: str) -> Claim:
    return Claim(id=f"c{start}-{end}", span=Span(start, end), text="x" * (end - start), **parts)


def margin(*claims: Claim, shown: int = 2, block: Span = BLOCK) -> Margin:
    return Margin.of(extents(claims, STARTS, block), shown)


def texts(cells: tuple[Cell, ...]) -> list[str]:
    return [cell.text for cell in cells]


SPANS = st.tuples(st.integers(0, 99), st.integers(1, 40)).map(
    lambda pair: (pair[0], min(100, pair[0] + pair[1]))
)


@given(st.lists(SPANS, unique=True, max_size=8), st.integers(1, 3), st.integers(0, 9))
def test_each_claim_on_a_row_is_shown_or_a_sign_stands_for_it(
    spans: list[tuple[int, int]], shown: int, row: int
) -> None:
    claims = [claim(*span) for span in spans]
    here = {one.id for one in claims if one.span.overlaps(Span(row * 10, row * 10 + 10))}
    cells, more = margin(*claims, shown=shown).row(row)
    seen = [cell.claim.id for cell in cells if cell.claim]
    assert len(cells) == shown
    assert len(seen) == len(set(seen))
    assert set(seen) <= here
    assert more == (set(seen) != here)


@given(st.lists(SPANS, unique=True, min_size=1, max_size=8), st.data())
def test_the_current_claim_is_always_shown(
    spans: list[tuple[int, int]], data: st.DataObject
) -> None:
    claims = [claim(*span) for span in spans]
    current = data.draw(st.sampled_from(claims))
    cells, _ = margin(*claims, shown=1).row(current.span.start // 10, current.id)
    assert cells[0].claim == current
    assert texts(cells) == [glyphs(current)]


@given(st.lists(SPANS, unique=True, max_size=8))
def test_a_claim_keeps_its_lane_on_all_its_rows(spans: list[tuple[int, int]]) -> None:
    found = margin(*(claim(*span) for span in spans), shown=8)
    for row in range(10):
        for lane, cell in enumerate(found.row(row)[0]):
            if cell.claim:
                again = found.row(cell.claim.span.start // 10)[0]
                assert again[lane].claim == cell.claim


def test_a_claim_shows_three_signs_and_then_a_bar() -> None:
    found = margin(claim(5, 25, stance="denies", certainty="probable"), shown=1)
    assert [texts(found.row(row)[0]) for row in range(4)] == [["¬~?"], [" │ "], [" │ "], ["   "]]


def test_claims_on_one_row_take_two_lanes_though_their_words_do_not_overlap() -> None:
    found = margin(claim(0, 4), claim(5, 9))
    cells, more = found.row(0)
    assert texts(cells) == ["+!?", "+!?"]
    assert not more


def test_a_claim_from_the_block_ahead_has_only_a_bar() -> None:
    begun_before = Claim(id="c", span=Span(50, 120), text="x" * 70)
    found = Margin.of(extents([begun_before], range(100, 200, 10), Span(100, 200)), 1)
    assert texts(found.row(0)[0]) == [" │ "]


def test_signs_of_stance_certainty_and_status() -> None:
    assert glyphs(claim(0, 1)) == "+!?"
    assert glyphs(claim(0, 1, stance="open", certainty="uncommitted", status=Status.ADDED)) == "/·+"
    assert (
        glyphs(claim(0, 1, stance="denies", certainty="possible", status=Status.REJECTED)) == "¬?×"
    )


def test_a_projects_own_values_show_their_first_letter() -> None:
    assert glyphs(claim(0, 1, stance="supports", certainty="strong")) == "ss?"


def test_a_narrow_screen_has_one_lane() -> None:
    assert geometry(40, 88, centred=True) == (0, 1, 4, 35)


def test_eighty_cells_have_two_lanes() -> None:
    assert geometry(80, 88, centred=True) == (0, 2, 8, 71)


def test_a_third_lane_takes_nothing_of_the_text() -> None:
    assert geometry(100, 88, centred=True)[1:] == (2, 10, 88)
    assert geometry(101, 88, centred=True)[1:] == (3, 12, 88)


def test_a_wide_screen_holds_the_measure_in_its_middle() -> None:
    assert geometry(120, 88, centred=True) == (10, 3, 22, 88)
    assert geometry(120, 88, centred=False) == (0, 3, 12, 88)


@given(st.integers(0, 300), st.integers(1, 120), st.booleans())
def test_no_width_makes_a_part_negative(width: int, measure: int, centred: bool) -> None:
    assert min(geometry(width, measure, centred=centred)) >= 0
