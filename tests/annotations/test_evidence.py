"""The author's own row, derived from who holds a claim and by which words."""

from __future__ import annotations

import pytest

from annotations.evidence import AUTHOR, UNNAMED, Cue, Holder, Link, authors_row

ENVOY: Holder = (Link("span", "The envoy", 0), AUTHOR)


@pytest.mark.parametrize(
    ("holder", "stance", "certainty", "cue", "row"),
    [
        ((AUTHOR,), "denies", "probable", Cue(0, 3, "negation", "denies"), "denies probable"),
        (ENVOY, "affirms", "certain", Cue(0, 4, "report", "report: affirms certain"), "open uncommitted"),
        ((UNNAMED, AUTHOR), "affirms", "certain", Cue(0, 4, "report", "holder unnamed"), "open uncommitted"),
        (ENVOY, "affirms", "certain", Cue(0, 4, "factive", "factive: affirms certain"), "affirms certain"),
        (ENVOY, "denies", "certain", Cue(0, 4, "factive", "factive: affirms certain"), "denies certain"),
        (ENVOY, "open", "certain", Cue(0, 4, "factive", "factive: affirms certain"), "open uncommitted"),
        (ENVOY, "affirms", "certain", Cue(0, 4, "denial", "denial: affirms certain"), "denies certain"),
        (ENVOY, "denies", "certain", Cue(0, 4, "denial", "denial: denies certain"), "open uncommitted"),
        (ENVOY, "affirms", "possible", Cue(0, 4, "denial", "denial: denies certain"), "open uncommitted"),
    ],
)  # fmt: skip
def test_the_author_takes_no_position_on_what_another_holds_unless_the_words_do(
    holder: Holder, stance: str, certainty: str, cue: Cue, row: str
) -> None:
    assert " ".join(authors_row(holder, stance, certainty, [cue])) == row
