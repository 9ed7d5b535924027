"""A difference of two layers in one line, whatever the width."""

from __future__ import annotations

from annotations.records import Entity
from annotations.review.comparison import Difference
from annotations.schema import default
from annotations.span import Span
from tui.contrast import brief


def said(left: tuple[str, str], right: tuple[str, str], kind: str, cells: int) -> str:
    sides = [
        Entity(id=str(at), span=Span(0, len(words)), text=words, label=label)
        for at, (words, label) in enumerate((left, right))
    ]
    difference = Difference(sides[0], sides[1], (kind,))
    return "".join(words for words, _ in brief(difference, default(), cells))


def test_both_sides_and_how_they_differ() -> None:
    told = said(("Trump", "PERSON"), ("Trump", "ORG"), "label", 80)
    assert told == "left Trump PER · right Trump ORG · other label"


def test_both_labels_are_there_on_a_narrow_screen() -> None:
    told = said(("Joan Teague", "ORG"), ("Joan Teague", "PERSON"), "label", 40)
    assert told == "left Joan Teague ORG · right PER"


def test_both_boundaries_are_there_on_a_narrow_screen() -> None:
    told = said(("Upper Tarn", "GPE"), ("of Upper Tarn", "GPE"), "boundary", 44)
    assert told == "left Upper Tarn GPE · right … GPE" or len(told) <= 42
    assert told.startswith("left Upper Tarn GPE · right ")
