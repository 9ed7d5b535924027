from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.suggest.tidy import tidied
from annotations.text import Text


def tidy(words: str, label: str = "ORG") -> str | None:
    text = Text(f"ab {words} cd")
    span = tidied(text, 3, 3 + len(words), label)
    return span and span.of(text)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("Kremlin", "Kremlin"),
        ("the Kremlin", "Kremlin"),
        ("The Kremlin's", "Kremlin"),
        ("Orlen’s", "Orlen"),
        ("the\nArvel Strait", "Arvel Strait"),
        ("“the Guild”", "Guild"),
        ("'Orlen'", "Orlen"),
        ("Lake Arvel,", "Lake Arvel"),
        ("—Orlen—", "Orlen"),
        ("Orlen\n", "Orlen"),
        ("Orlen\n\nARVEL", "Orlen"),
        ("\r\n\r\nOrlen\r\n \r\nARVEL", "Orlen"),
        ("Lake\nArvel", "Lake\nArvel"),
        ("Guild (GT", "Guild (GT"),
        ("Guild (GT)", "Guild (GT)"),
        ("Guild)", "Guild"),
        ("(Guild", "Guild"),
        ("Guild (", "Guild"),
        ("U.S.", "U.S."),
        ("Tide & Sons Inc.", "Tide & Sons Inc."),
        ("The Hague", "The Hague"),
        ("the Hague", "Hague"),
        ("Theodora", "Theodora"),
        ("the", "the"),
        ("an", "an"),
        ("’s", "s"),
        ("--", None),
        ("\n\n", None),
        ("🧭", None),
        ("Ünal", "Ünal"),
        ("東京", "東京"),
    ],
)
def test_what_is_no_part_of_a_name_is_left_out(found: str, kept: str | None) -> None:
    assert tidy(found) == kept


@pytest.mark.parametrize(
    ("found", "label", "kept"),
    [
        ("this week", "DATE", "this week"),
        ("the weekend,", "DATE", "the weekend"),
        ("a dozen", "CARDINAL", "a dozen"),
        ("The Tides", "WORK_OF_ART", "The Tides"),
        ("-5", "CARDINAL", "-5"),
        ("'90s", "DATE", "'90s"),
        ("- 5", "CARDINAL", "5"),
        ("5%", "PERCENT", "5%"),
        ("$12", "MONEY", "$12"),
    ],
)
def test_figures_dates_and_titles_keep_their_first_word(found: str, label: str, kept: str) -> None:
    assert tidy(found, label) == kept


@given(
    st.text(st.sampled_from("the 'sA1\n\r“”(),-.🧭é"), min_size=1), st.sampled_from(["ORG", "DATE"])
)
def test_the_rest_lies_inside_has_no_white_space_at_its_ends_and_is_tidy(
    words: str, label: str
) -> None:
    text = Text(f"ab {words} cd")
    span = tidied(text, 3, 3 + len(words), label)
    if span is None:
        return
    assert 3 <= span.start < span.end <= 3 + len(words)
    assert text.trimmed(span.start, span.end) == span
    assert tidied(text, span.start, span.end, label) == span
