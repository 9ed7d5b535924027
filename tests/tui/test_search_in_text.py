"""Places of words in a text, in order and going round."""

from __future__ import annotations

import pytest

from annotations.span import Span
from annotations.text import Text
from tui import search as sought
from tui.search import Search

TEXT = Text("Jos\u00e9 came.\nJose\u0301 \n went; josé  went.")


def test_words_are_found_in_any_case_and_spelling_and_over_white_space() -> None:
    search = Search()
    every = (Span(0, 4), Span(11, 16), Span(25, 29))
    for typed in ("josé", "JOSÉ", "Jose\u0301"):
        assert search.look(typed, TEXT) == every
    assert search.look("josé went", TEXT) == (Span(11, 23), Span(25, 35))
    assert search.look("jose ", Text("Jos\u00e9, Jose")) == (Span(6, 10),)
    assert search.look("(", TEXT) == search.look("", TEXT) == ()


def test_the_next_place_goes_round() -> None:
    search = Search()
    search.look("josé", TEXT)
    assert search.next(0) == Span(11, 16)
    assert search.next(25) == Span(0, 4)
    assert search.report(search.next(25)) == "“josé”: 1 of 3"
    search.look("nobody", TEXT)
    assert search.next(0) is None
    assert search.report(None) == "“nobody” is not in this document."


def test_a_search_that_takes_too_long_gives_up_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each place begins with what is sought but for its last letter.
    monkeypatch.setattr(sought, "_PATIENCE", 0.001)
    search = Search()
    assert search.look("a " * 400 + "b", Text("a " * 200_000)) == ()
    assert "was not found; given up after 0.001 s" in search.report(None)


def test_no_more_than_the_limit_is_looked_for() -> None:
    search = Search()
    search.look("a" * 5_000, Text("a" * 1_000))
    assert search.report(search.next(-1)).endswith(": 1 of 1")
    assert len(search.report(search.next(-1))) < 150
