"""Pens, columns and ways: what is sent is short, and means the same as the long form."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style

from tui.ink import PLAIN, Pen, Writer, bare, cells, is_doubtful, pen_of, turn

COLOURS = ["", "31", "38;5;208", "38;2;142;192;124"]
GROUNDS = ["", "44", "48;2;30;30;30"]
pens = st.builds(
    Pen,
    attributes=st.integers(0, 0b1111111111111),
    fg=st.sampled_from(COLOURS),
    bg=st.sampled_from(GROUNDS),
    link=st.just(""),
)


def drawn_with(sequences: str) -> pyte.screens.Char:
    screen = pyte.Screen(4, 1)
    pyte.Stream(screen).feed(f"{sequences}x")
    return screen.buffer[0][0]


@given(pens, pens)
def test_a_turned_pen_draws_as_one_taken_up_afresh(old: Pen, new: Pen) -> None:
    assert drawn_with(turn(PLAIN, old) + turn(old, new)) == drawn_with(turn(PLAIN, new))


@given(pens, pens)
def test_a_turn_is_never_longer_than_a_reset_and_the_whole_pen(old: Pen, new: Pen) -> None:
    assert len(turn(old, new)) <= len("\x1b[0m") + len(turn(PLAIN, new))


@given(pens)
def test_the_pen_in_hand_costs_nothing(pen: Pen) -> None:
    assert turn(pen, pen) == ""


def test_ending_bold_keeps_what_is_dim() -> None:
    bold_and_dim, dim = Pen(attributes=0b11, fg="31"), Pen(attributes=0b10, fg="31")
    assert turn(bold_and_dim, dim) in ("\x1b[22;2m", "\x1b[0;2;31m")


def test_a_link_is_opened_and_closed_once() -> None:
    link = Pen(link="id=1;https://example.org")
    assert turn(PLAIN, link) == "\x1b]8;id=1;https://example.org\x1b\\"
    assert turn(link, PLAIN) == "\x1b]8;;\x1b\\"


def test_a_link_cannot_end_its_sequence() -> None:
    style = Style(link="https://example.org/\x1b\\\x9c\x07")
    link = pen_of(style, ColorSystem.TRUECOLOR).link
    assert link.endswith(";https://example.org/\\")
    assert link.isprintable()


def test_the_default_colours_of_a_style_are_the_plain_pen() -> None:
    style = Style(color="default", bgcolor="default")
    assert pen_of(style, ColorSystem.TRUECOLOR) == pen_of(None, ColorSystem.TRUECOLOR) == PLAIN


def test_a_pen_has_no_more_colours_than_the_terminal() -> None:
    style = Style(color="#ff0000")
    assert pen_of(style, ColorSystem.TRUECOLOR).fg == "38;2;255;0;0"
    assert pen_of(style, ColorSystem.STANDARD).fg == "31"


def test_a_blank_shows_its_ground_and_what_is_drawn_on_it() -> None:
    bold, underlined = Pen(1, "31", "44"), Pen(1 << 3, "31", "44")
    assert bare(bold) == Pen(bg="44")
    assert bare(underlined) == underlined


@given(st.text())
def test_a_text_takes_as_many_columns_as_textual_counts(text: str) -> None:
    plain = "".join(letter for letter in text if letter.isprintable() or letter == " ")
    assert len(cells(plain, PLAIN)) == cell_len(plain)


@given(st.text(st.characters(max_codepoint=0xFF)))
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    sent = "".join(cell for cell, _ in cells(text, PLAIN))
    assert not any(letter < " " or "\x7f" <= letter < "\xa0" for letter in sent)


def test_a_wide_character_leaves_its_second_column_empty() -> None:
    assert [text for text, _ in cells("a東b", PLAIN)] == ["a", "東", "", "b"]


@pytest.mark.parametrize("cluster", ["e\u0301", "🏔\ufe0f", "👩\u200d🔬", "😀", "⌚"])
def test_terminals_disagree_on_joined_and_pictorial_characters(cluster: str) -> None:
    assert is_doubtful(cluster)


@pytest.mark.parametrize("cluster", ["e", "é", "東", "결", "¬", "│", "✓", "", "𠀀"])
def test_terminals_agree_on_the_other_characters(cluster: str) -> None:
    assert not is_doubtful(cluster)


@pytest.mark.parametrize(
    ("start", "to", "way"),
    [
        ((-1, -1), (4, 0), "\x1b[5H"),
        ((-1, -1), (4, 7), "\x1b[5;8H"),
        ((3, 9), (4, 0), "\r\n"),
        ((3, 9), (4, 2), "\x1b[5;3H"),
        ((4, 9), (4, 10), "\x1b[C"),
        ((4, 9), (4, 14), "\x1b[5C"),
        ((4, 99), (4, 101), "\x1b[2C"),
        ((4, 9), (4, 3), "\x1b[4G"),
        ((4, -1), (4, 3), "\x1b[4G"),
        ((4, 9), (4, 9), ""),
    ],
)
def test_the_cursor_takes_the_shortest_way(
    start: tuple[int, int], to: tuple[int, int], way: str
) -> None:
    writer = Writer()
    writer.y, writer.x = start
    writer.move(*to)
    assert "".join(writer.parts) == way
    assert (writer.y, writer.x) == to
