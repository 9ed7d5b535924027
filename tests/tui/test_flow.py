"""Pieces in rows: nothing lost, nothing too long, what belongs together together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.flow import TIE, flowed, legend, tied

roles = st.sampled_from(["plain", "muted", "strong"])
words = st.text(alphabet="ab [].é東", max_size=30)
pieces = st.lists(st.tuples(words, roles), max_size=8)


def said(row: list[tuple[str, str]]) -> str:
    return "".join(words for words, _ in row)


@given(pieces, st.integers(8, 30), st.integers(0, 6))
def test_rows_fit_and_hold_every_letter_in_order(
    given_pieces: list[tuple[str, str]], cells: int, indent: int
) -> None:
    rows = flowed(given_pieces, cells, indent)
    assert all(cell_len(said(row)) <= cells for row in rows)
    letters = "".join(said(row) for row in rows).replace(" ", "")
    assert letters == said(given_pieces).replace(" ", "")


@given(pieces, st.integers(2, 30))
def test_every_letter_keeps_its_role(given_pieces: list[tuple[str, str]], cells: int) -> None:
    def letters(row: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(letter, role) for text, role in row for letter in text if letter != " "]

    flat = [one for row in flowed(given_pieces, cells) for one in letters(row)]
    assert flat == letters(given_pieces)


def test_further_rows_are_set_in() -> None:
    rows = flowed([("a     accept it now", "plain")], 12, indent=6)
    assert [said(row) for row in rows] == ["a     accept", "      it now"]


def test_pieces_that_touch_are_not_parted() -> None:
    rows = flowed([("said ", "plain"), ("[no]", "strong"), (".", "plain")], 8)
    assert [said(row) for row in rows] == ["said", "[no]."]


def test_neighbours_of_one_role_are_one_piece() -> None:
    assert flowed([("the fund ", "strong"), ("was empty", "strong")], 40) == [
        [("the fund was empty", "strong")]
    ]


def test_a_key_stays_with_what_it_does() -> None:
    rows = flowed([*tied("a", "accept"), *tied("[", "start here")], 14)
    assert [said(row).rstrip() for row in rows] == ["a accept", "[ start here"]
    assert TIE not in "".join(map(said, rows))


def test_the_line_of_keys_leaves_out_whole_keys() -> None:
    keys = (("enter", "open"), ("/", "filter"))
    assert said(legend(20, *keys)) == "enter open  / filter"
    assert said(legend(19, *keys)) == "enter open"
