"""The lazy layout: rows are the same however one comes to them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotations.span import Span
from annotations.text import Text
from tui.layout.rows import LONGEST_BLOCK, Blocks, Place, Rows
from tui.layout.wrap import Tag

TEXTS = st.text(st.sampled_from("abc é漢 \t\n\n\r"), max_size=200).map(Text)
WIDTHS = st.integers(8, 30)
OFFSETS = st.lists(st.integers(1, 200), max_size=8)


def rows(text: str, width: int = 20, tags: list[Tag] | None = None) -> Rows:
    known = tags if tags is not None else []
    return Rows(
        Text(text),
        lambda span: [tag for tag in known if span.start < tag.offset <= span.end],
        width,
    )


def walk(layout: Rows) -> list[Place]:
    return layout.window(layout.first, 10_000)


def shown(layout: Rows) -> list[str]:
    return ["".join(glyph.shown for glyph in layout.row(place).glyphs) for place in walk(layout)]


@given(TEXTS, WIDTHS)
def test_every_row_leads_from_its_offsets_back_to_itself(text: Text, width: int) -> None:
    layout = rows(text, width)
    for place in walk(layout):
        if not layout.is_gap(place):
            span = layout.span(place)
            assert all(layout.place(at) == place for at in range(span.start, span.end))


@given(TEXTS, WIDTHS)
def test_every_code_point_that_can_be_seen_is_in_one_row(text: Text, width: int) -> None:
    layout = rows(text, width)
    covered = [
        at
        for place in walk(layout)
        for at in range(layout.span(place).start, layout.span(place).end)
    ]
    assert covered == sorted(set(covered))
    assert {at for at, character in enumerate(text) if not character.isspace()} <= set(covered)


@given(TEXTS, WIDTHS, st.integers(-60, 60), st.data())
def test_stepping_is_walking(text: Text, width: int, count: int, data: st.DataObject) -> None:
    layout = rows(text, width)
    places = walk(layout)
    assert places[-1] == layout.last
    start = data.draw(st.integers(0, len(places) - 1))
    wanted = places[min(max(0, start + count), len(places) - 1)]
    assert layout.step(places[start], count) == wanted


@given(TEXTS, WIDTHS, st.lists(OFFSETS, min_size=1, max_size=4))
def test_rows_that_were_kept_are_those_that_would_be_made_anew(
    text: Text, width: int, turns: list[list[int]]
) -> None:
    tags: list[Tag] = []
    kept = rows(text, width, tags)
    for offsets in turns:
        shown(kept)
        old = [tag.offset for tag in tags]
        tags[:] = [Tag(at, " ORG?", str(at)) for at in sorted({*offsets}) if at <= len(text)]
        kept.retag(Span(at - 1, at) for at in (*old, *(tag.offset for tag in tags)))
        fresh = rows(text, width, tags)
        assert [(place, kept.row(place)) for place in walk(kept)] == [
            (place, fresh.row(place)) for place in walk(fresh)
        ]


@given(TEXTS, st.integers(0, 200))
def test_each_offset_has_a_row_even_where_nothing_is_seen(text: Text, offset: int) -> None:
    layout = rows(text)
    assert layout.place(offset) in walk(layout)


def test_paragraphs_stand_apart_by_one_blank_row() -> None:
    assert shown(rows("One.\nTwo.\nThree.")) == ["One.", "", "Two.", "", "Three."]


def test_many_blank_lines_make_one_blank_row() -> None:
    assert shown(rows("\n\nOne.\r\n\r\n  \r\n\r\nTwo.\n\n")) == ["One.", "", "Two."]


def test_the_lines_of_a_hard_wrapped_paragraph_stay_together() -> None:
    text = "The envoys met\non Friday.\n\nThe port\nwas shut."
    assert shown(rows(text)) == ["The envoys met", "on Friday.", "", "The port", "was shut."]


def test_long_paragraphs_stand_apart_even_beside_blank_lines() -> None:
    text = "A heading\n" + "word " * 40 + "\nMore.\n\nEnd."
    gaps = Blocks(Text(text)).gaps
    assert gaps == [1, 1, 1, 0]


def test_crlf_is_one_break() -> None:
    assert shown(rows("One.\r\nTwo.")) == ["One.", "", "Two."]


def test_a_text_without_anything_to_see_has_one_row() -> None:
    for text in ("", "\n", " \n\t\n"):
        layout = rows(text)
        assert walk(layout) == [Place(0, 0)]
        assert layout.place(len(text)) == Place(0, 0)


def test_only_what_is_looked_at_is_wrapped() -> None:
    asked: list[Span] = []

    def tags(span: Span) -> list[Tag]:
        asked.append(span)
        return []

    text = Text("\n".join(["some words of a line"] * 5000))
    layout = Rows(text, tags, 40)
    layout.window(layout.place(len(text) // 2), 40)
    assert len(asked) <= 21


def test_a_very_long_paragraph_is_laid_out_in_pieces() -> None:
    text = Text("x" * 1_000_000)
    layout = rows(text, 80)
    assert len(layout.blocks) == -(-len(text) // LONGEST_BLOCK)
    assert layout.span(layout.place(999_999)).end == 1_000_000
    assert not any(layout.blocks.gaps)


def test_pieces_end_behind_a_space_where_there_is_one() -> None:
    text = Text("word " * 10_000)
    blocks = Blocks(text)
    assert len(blocks) > 2
    assert all(text[end - 1] == " " for end in blocks.ends)


def test_a_changed_tag_wraps_its_own_paragraph_and_no_other() -> None:
    tags: list[Tag] = []
    layout = rows("Arvel and Orlen sign\nOrlen waits", 20, tags)
    assert shown(layout) == ["Arvel and Orlen sign", "", "Orlen waits"]
    tags.append(Tag(5, " ORG?", "e1"))
    assert shown(layout) == ["Arvel and Orlen sign", "", "Orlen waits"]
    layout.retag([Span(0, 5)])
    assert shown(layout) == ["Arvel ORG? and Orlen", "sign", "", "Orlen waits"]
