"""Annotations in words: what the inspector's history tells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotations import changes
from annotations.evidence import AUTHOR, UNNAMED, Link
from annotations.records import Action, Annotation, Change, Claim, Decision, Entity, Status
from annotations.schema import default
from annotations.span import Span
from annotations.text import Text
from tui.describe import brief, full, quoted, visible
from tui.layout.wrap import clusters

TEXT = Text("Ms Solvang said that the harbour would close in May.")
SCHEMA = default()


def told(steps: Iterable[tuple[Action, Change]]) -> list[str]:
    """The rows of the history, without their times."""
    made = []
    last: Annotation | None = None
    for number, (action, change) in enumerate(steps, 1):
        at = "2026-03-02T09:00:00Z"
        made.append(Decision(number, at, "anna", "anna", TEXT.id, action, (change,), "purport"))
        if isinstance(change.after, (Entity, Claim)):
            last = change.after
    assert last is not None
    rows = ["".join(words for words, _ in row) for row in full(last, SCHEMA, made)]
    return [row.removeprefix("03-02 09:00 anna ") for row in rows[rows.index("history") + 1 :]]


def test_the_history_of_a_claim_tells_what_each_decision_changed() -> None:
    span = Span(*(TEXT.index("the harbour"), TEXT.index(" in May")))
    blank = SCHEMA.blank_claim(id="m1", span=span, text=span.of(TEXT))
    first = changes.hold(changes.suggested(blank, "toy"), (Link("span", "Ms Solvang", 0), AUTHOR))
    assert isinstance(first.after, Claim)
    second = changes.hold(first.after, (UNNAMED, AUTHOR))
    assert isinstance(second.after, Claim)
    third = changes.tag(second.after, "stance", "denies", SCHEMA)
    assert isinstance(third.after, Claim)
    fourth = changes.tag(third.after, "doubt", True, SCHEMA)
    steps = [(Action.TAG, one) for one in (first, second, third, fourth)]
    assert told(steps) == ["tag by Ms Solvang", "tag by unnamed", "tag denies", "tag in doubt"]


def test_the_history_of_an_entity_tells_labels_and_new_words() -> None:
    one = Entity(id="m1", span=Span(0, 2), text="Ms", label="ORG")
    first = changes.resize(changes.suggested(one, "toy"), Span(0, 10), TEXT)
    assert isinstance(first.after, Entity)
    second = changes.relabel(first.after, "PERSON", SCHEMA)
    assert isinstance(second.after, Entity)
    steps = [
        (Action.RESIZE, first),
        (Action.RELABEL, second),
        (Action.ACCEPT, changes.accept(second.after)),
    ]
    assert told(steps) == ["resize “Ms Solvang”", "relabel PERSON", "accept PERSON"]


def line(one: Annotation, cells: int, more: int = 0) -> str:
    return "".join(words for words, _ in brief(one, SCHEMA, more, cells))


def a_claim(**parts: Any) -> Claim:
    span = Span(TEXT.index("the harbour"), len(TEXT) - 1)
    made = SCHEMA.blank_claim(id="m1", span=span, text=span.of(TEXT), score=0.61, **parts)
    one = changes.suggested(made, "en_core_web_md-3.7.1+claims-3", ("said → affirms",))
    assert isinstance(one, Claim)
    return one


def test_a_name_is_shortened_only_where_the_line_is_full() -> None:
    name = "Ministry of Transport of Ostrava Bay"
    one = Entity(id="m1", span=Span(0, len(name)), text=name, label="ORG")
    one = replace(one, status=Status.ACCEPTED)
    assert line(one, 120, 2) == f"{name} ORG accepted · 2 more like it"
    assert line(one, 40) == "Ministry of … Ostrava Bay ORG accepted"
    assert cell_len(line(one, 40)) <= 40


@pytest.mark.parametrize("cells", [60, 80, 100, 140])
def test_how_a_claim_stands_its_score_and_its_holder_are_told_in_any_line(cells: int) -> None:
    one = a_claim(holder=(Link("span", "the harbour authority of Carrow Point", 0), AUTHOR))
    told = line(one, cells)
    assert "suggested · score .61" in told
    assert "by the harb" in told
    assert cell_len(told) <= cells
    assert ("en_core_web_md" in told) is (cells == 140)


@given(st.text(max_size=80), st.integers(8, 40))
def test_what_is_shortened_fits_and_cuts_no_character_in_two(words: str, cells: int) -> None:
    made = quoted(words, cells)
    assert cell_len(made) <= cells
    whole = list(clusters(visible(words)))
    if made != visible(words):
        start, _, end = made.partition(" … ")
        assert visible(words).startswith(start)
        assert visible(words).endswith(end)
        ends = {sum(map(len, whole[:at])) for at in range(len(whole) + 1)}
        stripped = visible(words)[len(start) :]
        assert len(start) in ends or stripped.startswith(" ")
        assert len(visible(words)) - len(end) in ends


def test_a_decomposed_accent_stays_on_its_letter() -> None:
    name = unicodedata.normalize("NFD", "Đặng Thị Hương of the ministry of roads")
    assert quoted(name, 13).startswith(unicodedata.normalize("NFD", "Đặng"))
    for cells in range(8, 30):
        _, _, end = quoted(name, cells).partition(" … ")
        assert not unicodedata.combining(end[:1] or "x")
