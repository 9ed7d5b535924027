"""Nothing of data reaches a cell of the screen but as a symbol, whoever made the words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotations.symbols import shown as symbols
from tui.describe import visible
from tui.ink import PLAIN, cells
from tui.layout.wrap import clusters, fill, shown
from tui.widgets.line import content, seen

HIDDEN = "\x00\x1b\x07\x9b\x7f\xad\u034f\u061c\u200b\u200c\u200d\u200e\u202e\u2028\u2066\u3164\ufe01\ufeff\ufffa\U000e0041"
WORDS = st.text(st.sampled_from(f"ab é字👩🏽🏴می‌ক্ষ1{HIDDEN}") | st.characters(), max_size=40)


def is_clean(words: str) -> bool:
    """Whether a terminal shows each character, or draws it into the one beside it."""
    return symbols(words) == words


@pytest.mark.parametrize("character", HIDDEN)
def test_a_word_hidden_behind_a_letter_is_seen_in_the_text(character: str) -> None:
    glyphs = fill(f"pay{character}load{character}{character}", (), 40).glyphs
    made = "".join(glyph.shown for glyph in glyphs)
    assert is_clean(made)
    assert len(made) == len("payload") + 3
    assert sum(glyph.width for glyph in glyphs) == cell_len(made) == len(made)


@pytest.mark.parametrize("words", ["می‌خواهم", "র‍্যাব", "ക്ഷ്‍", "👩‍👩‍👧", "🏳️‍🌈", "1️⃣"])
def test_a_joiner_that_shapes_a_letter_stays_in_the_text(words: str) -> None:
    assert "".join(glyph.shown for glyph in fill(words, (), 40).glyphs) == words


@given(WORDS)
def test_a_row_of_any_text_is_clean_and_no_glyph_is_wider_than_two(words: str) -> None:
    made = [shown(one) for one in clusters(words)]
    assert all(is_clean(text) and width >= 1 for text, width in made)
    assert is_clean(visible(words))


@given(WORDS)
def test_pieces_are_clean_whoever_made_them(words: str) -> None:
    assert all(is_clean(text) for text, _ in seen([(words, "plain")]))
    assert is_clean(content([(words, "strong")]).plain)


@given(WORDS)
def test_the_last_place_before_the_terminal_leaves_out_what_is_hidden(words: str) -> None:
    made = "".join(text for text, _ in cells(words, PLAIN))
    assert not any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in made)
    assert not set(made) & set("\u202e\u2066\u200b\u00ad\U000e0041\u3164")
