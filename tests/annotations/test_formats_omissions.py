"""What a file holds that no annotation can be is counted and told."""

from __future__ import annotations

from annotations.formats.reading.omissions import Omissions


def test_each_kind_is_a_line_with_its_count_and_the_first_of_it() -> None:
    left = Omissions()
    for number in range(1, 1201):
        left.add("relations", f"talks.ann:{number}: R{number}")
    left.add("events", "talks.ann:9: E1")
    assert list(left.lines()) == [
        "left out, having no place here: 1,200 relations, the first at talks.ann:1: R1",
        "left out, having no place here: 1 events, the first at talks.ann:9: E1",
    ]
    assert list(Omissions().lines()) == []
