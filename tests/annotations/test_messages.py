"""The words for what gets in a decision's way: what happened, is it saved, what to do."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from annotations import messages

PARTS = {"IS_SAVED", "IS_NOT_SAVED", "MARKERS", "TWO_WAYS", "ONE_WAY", "WAYS"}
"""Pieces of the other messages, which say the rest."""

ALL = {
    name: words for name, words in vars(messages).items() if name.isupper() and name not in PARTS
}
SAVED = re.compile(
    r"Not saved|May be saved|Read-only|Nothing (is|was) (written|lost)|"
    r"[Nn]othing is lost|[Nn]othing (changed|can be decided)|\{outcome\}|"
    r"Decisions are saved|no right to write"
)
TO_DO = re.compile(
    r"decide again|Upgrade|upgrade|ask for|restore|try again|read, search and export|purport \w+|"
    r"sets them aside|one server|git checkout|open it again|one terminal at a time|\{remedy\}|\{outcome\}"
)


@pytest.mark.parametrize("name", ALL)
def test_each_says_what_happened_whether_it_is_saved_and_what_to_do(name: str) -> None:
    words = ALL[name]
    assert SAVED.search(words), "is it saved?"
    assert TO_DO.search(words), "what is to be done?"
    assert "\n" not in words
    assert words.endswith((".", "{remedy}"))


@pytest.mark.parametrize("name", ALL)
def test_each_can_be_filled_in_and_names_where(name: str) -> None:
    fields = {field for _, field, _, _ in Formatter().parse(ALL[name]) if field}
    assert fields or name == "OVERTAKEN"
    ALL[name].format(**dict.fromkeys(fields, 1))
