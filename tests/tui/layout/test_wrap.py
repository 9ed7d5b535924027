"""Rows of cells: nothing lost, nothing too wide, nothing obeyed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.layout.wrap import Row, Tag, breaks, clusters, fill, fit, is_blank, is_plain, shown, whole

AWKWARD = (
    "ab é ñ’“…  \t\u00a0\u3000"
    "漢字カナ한글\u1100\u1161\u11a8"
    "\u0301\u0308\u0915\u094d\u0937\u094d\u092e"
    "\u0627\u0644\u0633\u05d0\u05d1"
    "😀👩\u200d🚀🇫🇷🇩❤\ufe0f👍🏽"
    "\x00\x1b\x07\x7f\x85\x9b\u2028\u202e\u2066\u200b\ufeff\u00ad\u0600\ue000\ufffe\U000e0041"
)
BODIES = st.text(st.sampled_from(AWKWARD) | st.characters(exclude_characters="\r\n"), max_size=120)
ENGLISH = st.text(st.sampled_from("abcdefgh ,.’   "), max_size=200)
WIDTHS = st.integers(8, 40)


@st.composite
def tagged(draw: st.DrawFn, bodies: st.SearchStrategy[str] = BODIES) -> tuple[str, list[Tag], int]:
    body, width = draw(bodies), draw(WIDTHS)
    offsets = draw(st.lists(st.integers(1, len(body)), max_size=6)) if body else []
    tags = [Tag(offset, " ORG?", f"e{place}") for place, offset in enumerate(offsets)]
    return body, list(fit(tags, width)), width


def rows(body: str, tags: list[Tag], width: int, start: int = 0) -> list[Row]:
    starts = breaks(body, tags, width, start)
    ends = [*starts[1:], start + len(body)]
    return [
        fill(
            body[first - start : end - start],
            [tag for tag in tags if first < tag.offset <= end],
            width,
            first,
        )
        for first, end in zip(starts, ends, strict=True)
    ]


def texts(body: str, tags: list[Tag], width: int) -> list[str]:
    return ["".join(glyph.shown for glyph in row.glyphs) for row in rows(body, tags, width)]


@given(tagged())
def test_each_code_point_is_in_exactly_one_row_and_in_order(
    given_: tuple[str, list[Tag], int],
) -> None:
    body, tags, width = given_
    spans = [
        (glyph.start, glyph.end)
        for row in rows(body, tags, width)
        for glyph in row.glyphs
        if not glyph.tag
    ]
    covered = [offset for start, end in spans for offset in range(start, end)]
    assert covered == list(range(len(body)))


@given(tagged())
def test_no_row_is_wider_than_the_measure(given_: tuple[str, list[Tag], int]) -> None:
    body, tags, width = given_
    for row in rows(body, tags, width):
        assert row.width <= width
        assert sum(glyph.width for glyph in row.glyphs) == row.width
        assert all(cell_len(glyph.shown) == glyph.width for glyph in row.glyphs)


@given(tagged())
def test_only_spaces_hang_unseen_over_the_end_of_a_row(
    given_: tuple[str, list[Tag], int],
) -> None:
    body, tags, width = given_
    for row in rows(body, tags, width):
        hidden = "".join(body[glyph.start : glyph.end] for glyph in row.glyphs if not glyph.shown)
        assert is_blank(hidden)


@given(tagged())
def test_nothing_that_a_terminal_could_obey_is_ever_shown(
    given_: tuple[str, list[Tag], int],
) -> None:
    body, tags, width = given_
    for text in texts(body, tags, width):
        for place, character in enumerate(text):
            category = unicodedata.category(character)
            assert category not in ("Cc", "Cs", "Zl", "Zp")
            assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
            if character in "\u200c\u200d":
                assert place


@given(tagged(ENGLISH))
def test_each_tag_is_shown_once_on_the_row_of_the_word_it_follows(
    given_: tuple[str, list[Tag], int],
) -> None:
    body, tags, width = given_
    behind_words = [tag for tag in tags if body[tag.offset - 1] != " "]
    found = [glyph for row in rows(body, tags, width) for glyph in row.glyphs if glyph.tag]
    assert {tag.id for tag in behind_words} <= {glyph.tag for glyph in found}
    assert len({glyph.tag for glyph in found}) == len(found)
    for row in rows(body, tags, width):
        if row.glyphs and row.start:
            assert not row.glyphs[0].tag


@given(st.data())
def test_columns_and_offsets_lead_back_to_each_other(data: st.DataObject) -> None:
    body, tags, width = data.draw(tagged())
    for row in rows(body, tags, width, start=0):
        for glyph in row.glyphs:
            if glyph.shown and not glyph.tag:
                assert row.offset(row.column(glyph.start)) == glyph.start
                assert row.column(row.offset(glyph.column + glyph.width - 1)) == glyph.column


@given(ENGLISH, WIDTHS)
@example("aaaaaaaa ", 8)
def test_plain_text_breaks_where_the_careful_way_breaks_it(body: str, width: int) -> None:
    far = [Tag(len(body) + 1, "", "none")]
    assert is_plain(body)
    assert breaks(body, [], width) == breaks(body, far, width)


@given(tagged(), st.integers(1, 1000))
def test_rows_do_not_depend_on_where_the_block_stands(
    given_: tuple[str, list[Tag], int], start: int
) -> None:
    body, tags, width = given_
    moved = [Tag(tag.offset + start, tag.text, tag.id) for tag in tags]
    assert breaks(body, moved, width, start) == [at + start for at in breaks(body, tags, width)]


def test_rows_break_behind_spaces_which_hang_over_the_end() -> None:
    assert texts("the envoys met   on Friday", [], 10) == ["the envoys", "met   on ", "Friday"]


def test_a_word_that_fits_no_row_is_cut_between_graphemes() -> None:
    assert texts("see e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", [], 8) == [
        "see ",
        "e\u0301" * 8,
        "e\u0301",
    ]


def test_wide_characters_take_two_cells() -> None:
    assert texts("漢字仮名交じり", [], 9) == ["漢字仮名", "交じり"]


def test_an_emoji_of_several_people_is_never_cut() -> None:
    family = "👩\u200d👩\u200d👧"
    assert texts(f"aaaaaaa{family}{family}", [], 8) == ["aaaaaaa", family + family]


def test_a_tag_goes_to_the_next_row_with_its_word() -> None:
    tags = [Tag(10, " ORG?", "e1")]
    assert texts("with Arvel now", tags, 15) == ["with Arvel ORG?", "now"]
    assert texts("with Arvel now", tags, 14) == ["with ", "Arvel ORG? now"]


def test_a_tag_inside_a_word_stands_where_the_entity_ends() -> None:
    assert texts("Arvel's boat", [Tag(5, " PER✓", "e1")], 30) == ["Arvel PER✓'s boat"]


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("\t", "␉"),
        ("\x1b", "␛"),
        ("\x00", "␀"),
        ("\x7f", "␡"),
        ("\x85", "\ufffd"),
        ("\x9b", "\ufffd"),
        ("\ud800", "\ufffd"),
        ("\u2028", "␤"),
        ("\u202e", "⇄"),
        ("\u2067", "⇄"),
        ("\u200b", "¦"),
        ("\ufeff", "¦"),
        ("\u200d", "¦"),
        ("\u0301", "◌\u0301"),
    ],
)
def test_what_hides_or_commands_is_shown_as_a_symbol(raw: str, seen: str) -> None:
    assert shown(raw) == (seen, 1)


def test_joiners_inside_a_grapheme_are_left_alone() -> None:
    assert shown("👩\u200d🚀") == ("👩\u200d🚀", 2)


def test_a_tower_of_marks_is_cut_into_short_pieces() -> None:
    assert max(len(cluster) for cluster in clusters("a" + "\u0301" * 5000)) <= 32


def test_no_cluster_is_wider_than_two_cells() -> None:
    pieces = list(clusters("\u1100\u1100\u1100\u1161"))
    assert "".join(pieces) == "\u1100\u1100\u1100\u1161"
    assert [shown(piece)[1] for piece in pieces] == [2, 2, 2]


def test_tags_that_would_leave_no_room_are_left_out() -> None:
    crowd = [Tag(4, " ORG?", f"e{place}") for place in range(5)]
    assert len(fit(crowd, 8)) == 1
    assert len(fit(crowd, 80)) == 5


def test_a_text_is_never_cut_inside_a_grapheme() -> None:
    text = "x" * 100 + "👩\u200d🚀" * 50
    assert all((whole(text, offset) - 100) % 3 == 0 for offset in range(101, 240))


def test_a_megabyte_without_a_space_is_cut_like_any_word() -> None:
    assert breaks("x" * 1_000_000, [], 80) == list(range(0, 1_000_000, 80))
