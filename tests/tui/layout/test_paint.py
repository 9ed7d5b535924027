"""Rows as text and style runs: `text` is what is read, the letters below say how it looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style

from annotations.records import Annotation, Claim, Entity, Status
from annotations.schema import default
from annotations.span import Span, SpanIndex
from annotations.text import Text
from tui.layout.margin import geometry
from tui.layout.paint import Marks, Painter, merged, padded
from tui.layout.rows import Place
from tui.layout.sheet import Sheet
from tui.theme import ANSI, DARK, LIGHT, palette

SCHEMA = default()
TEXT = Text("Envoys told Arvel that the port was shut.\nNo more is known.")


def entity(word: str, label: str = "ORG", status: Status = Status.SUGGESTED) -> Entity:
    start = TEXT.index(word)
    return Entity(
        id=word, span=Span(start, start + len(word)), text=word, label=label, status=status
    )


def claim(words: str, status: Status = Status.SUGGESTED) -> Claim:
    start = TEXT.index(words)
    return Claim(id="claim", span=Span(start, start + len(words)), text=words, status=status)


def signs(style: Style | None) -> str:
    """A letter for each thing about a style, so that a run can be read in a diff."""
    assert style is not None
    names = {"bold": "b", "underline": "u", "reverse": "r", "strike": "s", "italic": "i"}
    found = "".join(sign for name, sign in names.items() if getattr(style, name))
    return found + ("d" if style.dim else "")


def runs(
    *annotations: Annotation,
    marks: Marks | None = None,
    no_color: bool = True,
    width: int = 60,
    place: Place = Place(0, 0),  # noqa: B008 - a tuple
) -> list[tuple[str, str]]:
    sheet = Sheet(TEXT, SpanIndex(annotations), SCHEMA, width, geometry(width, 88, centred=True))
    painter = sheet.painter(palette(ANSI, no_color=no_color))
    strip = sheet.strip(place, painter, marks or Marks())
    return [(segment.text, signs(segment.style)) for segment in strip]


def test_a_row_without_marks_is_one_run() -> None:
    assert runs() == [(" " * 8 + "Envoys told Arvel that the port was shut." + " " * 11, "")]


def test_a_suggested_entity_has_its_tag() -> None:
    assert runs(entity("Arvel")) == [
        (" " * 8 + "Envoys told Arvel", ""),
        (" ORG?", "b"),
        (" that the port was shut." + " " * 6, ""),
    ]


def test_each_status_has_its_mark_and_its_look() -> None:
    found = {
        status: [run for run in runs(entity("Arvel", status=status)) if "port" not in run[0]][1:]
        for status in Status
    }
    assert found == {
        Status.SUGGESTED: [(" ORG?", "b")],
        Status.ACCEPTED: [("Arvel", "b")],
        Status.CORRECTED: [("Arvel", "b"), (" ", "b"), ("ORG±", "bu")],
        Status.ADDED: [("Arvel", "b"), (" ", ""), ("ORG+", "u")],
        Status.REJECTED: [("Arvel", "s")],
    }


def test_the_current_entity_is_reversed_with_its_tag() -> None:
    assert ("Arvel ORG?", "br") in runs(entity("Arvel"), marks=Marks(current="Arvel"))


def test_a_claim_is_underlined_and_has_its_lane() -> None:
    assert runs(claim("the port was shut")) == [
        ("+!?" + " " * 5 + "Envoys told Arvel that ", ""),
        ("the port was shut", "u"),
        ("." + " " * 11, ""),
    ]


def test_the_current_claim_is_bold_and_its_lane_is_reversed() -> None:
    assert runs(claim("the port was shut"), marks=Marks(current="claim")) == [
        ("+!?", "br"),
        (" " * 5 + "Envoys told Arvel that ", ""),
        ("the port was shut", "bu"),
        ("." + " " * 11, ""),
    ]


def test_a_rejected_claim_has_its_mark_and_no_underline() -> None:
    assert runs(claim("the port was shut", Status.REJECTED))[0] == (
        "+!×" + " " * 5 + "Envoys told Arvel that the port was shut." + " " * 11,
        "",
    )


def test_an_entity_in_a_claim_is_both() -> None:
    found = runs(claim("told Arvel that"), entity("Arvel"))
    assert found[1:3] == [("told Arvel", "u"), (" ORG?", "b")]


def test_the_cursor_lies_over_the_selection_and_that_over_the_text() -> None:
    told, that = TEXT.index("told"), TEXT.index(" that")
    marks = Marks(cursor=Span(told, told + 4), selection=Span(told, that))
    assert runs(marks=marks)[1:3] == [("told", "ur"), (" Arvel", "r")]


def test_the_cursor_shows_inside_the_current_entity() -> None:
    at = TEXT.index("Arvel")
    found = runs(entity("Arvel"), marks=Marks(current="Arvel", cursor=Span(at, at + 3)))
    assert found[1:3] == [("Arv", "bur"), ("el ORG?", "br")]


def test_matches_and_previews_show_without_colour() -> None:
    port, shut = TEXT.index("port"), TEXT.index("shut")
    marks = Marks(matches=[Span(port, port + 4)], preview=[Span(shut, shut + 4)])
    assert runs(marks=marks)[1:4] == [("port", "bu"), (" was ", ""), ("shut", "bur")]


def test_marks_of_other_rows_leave_a_row_alone() -> None:
    known = TEXT.index("known")
    span = Span(known, known + 5)
    marks = Marks(cursor=span, selection=span, matches=[span], preview=[span])
    assert runs(marks=marks) == runs()


def test_a_gap_is_one_run_of_blanks() -> None:
    assert runs(entity("Arvel"), place=Place(0, 1)) == [(" " * 60, "")]


@pytest.mark.parametrize("theme", [DARK, LIGHT, ANSI])
@pytest.mark.parametrize("no_color", [False, True])
def test_every_thing_that_is_marked_looks_different_in_every_theme(
    theme: str, no_color: bool
) -> None:
    look = palette(theme, no_color=no_color)
    layers = [look.match, look.preview, look.selection, look.claim(Status.SUGGESTED)]
    layers.append(look.entity(0, Status.SUGGESTED, current=True))
    assert len({str(look.base + layer) for layer in layers} | {str(look.base)}) == 6
    assert look.base + look.cursor != look.base


@given(st.text(max_size=80), st.integers(1, 100))
def test_no_row_ever_holds_a_control_character(body: str, width: int) -> None:
    text = Text(body)
    sheet = Sheet(text, SpanIndex(), SCHEMA, width, geometry(width, 88, centred=True))
    painter = sheet.painter(palette(DARK))
    for place in sheet.rows.window(sheet.rows.first, 200):
        strip = sheet.strip(place, painter, Marks())
        assert not any(code < 32 or 127 <= code < 160 for code in map(ord, strip.text))
        assert strip.cell_length >= width
        assert all(segment.text for segment in strip)


def test_equal_neighbours_are_one_segment_and_empty_ones_none() -> None:
    bold = Style(bold=True)
    found = merged([("a", bold), ("", Style()), ("b", bold), ("c", Style())])
    assert found == [Segment("ab", bold), Segment("c", Style())]


def test_padding_is_folded_into_plain_text_and_never_into_marked_text() -> None:
    plain, bold = Style(), Style(bold=True)
    assert padded([Segment("a", plain)], 2, plain) == [Segment("a  ", plain)]
    assert padded([Segment("a", bold)], 2, plain) == [Segment("a", bold), Segment("  ", plain)]
    assert padded([Segment("a", bold)], 0, plain) == [Segment("a", bold)]


def test_a_label_that_the_schema_lacks_is_painted_all_the_same() -> None:
    painter = Painter.of(palette(DARK), SCHEMA)
    sheet = Sheet(
        TEXT,
        SpanIndex([entity("Arvel", "VESSEL")]),
        SCHEMA,
        60,
        geometry(60, 88, centred=True),
    )
    assert "Arvel VES? that" in sheet.strip(Place(0, 0), painter, Marks()).text
