from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from annotations.errors import SpanError
from annotations.span import Span, SpanIndex, lanes


@dataclass(frozen=True)
class Thing:
    id: str
    span: Span


spans = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(
    lambda pair: Span(pair[0], pair[0] + pair[1])
)
ids = st.sampled_from("abcdefghij")
things = st.builds(Thing, ids, spans)


def in_order(items: list[Thing]) -> list[Thing]:
    return sorted(items, key=lambda one: (one.span.start, -one.span.end, one.id))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 3)])
def test_a_span_that_runs_backwards_or_starts_ahead_of_the_text_is_refused(
    start: int, end: int
) -> None:
    with pytest.raises(SpanError, match="is no span"):
        Span(start, end)


@pytest.mark.parametrize("span", [Span(2, 2), Span(2, 6)])
def test_a_span_without_words_in_the_text_has_none_to_give(span: Span) -> None:
    with pytest.raises(SpanError, match="not inside a text of 5"):
        span.of("seals")


@given(spans, spans)
def test_overlaps_and_covers_are_what_sets_of_offsets_say(one: Span, two: Span) -> None:
    first, second = set(range(one.start, one.end)), set(range(two.start, two.end))
    assert one.overlaps(two) == bool(first & second)
    assert one.covers(two) == (second <= first)
    assert {offset for offset in range(50) if offset in one} == first


class AnIndexAnswersLikeAList(RuleBasedStateMachine):
    """Whatever is put in and taken out, every look-up agrees with a search through all."""

    def __init__(self) -> None:
        super().__init__()
        self.index: SpanIndex[Thing] = SpanIndex()
        self.model: dict[str, Thing] = {}

    @rule(thing=things)
    def put(self, thing: Thing) -> None:
        self.index.put(thing)
        self.model[thing.id] = thing

    @rule(item_id=ids)
    def discard(self, item_id: str) -> None:
        self.index.discard(item_id)
        self.model.pop(item_id, None)

    @rule()
    def build_afresh(self) -> None:
        self.index = SpanIndex(self.model.values())

    @invariant()
    def holds_the_same_in_order(self) -> None:
        assert list(self.index) == in_order(list(self.model.values()))
        assert len(self.index) == len(self.model)

    @rule(item_id=ids)
    def knows_its_ids(self, item_id: str) -> None:
        assert (item_id in self.index) == (item_id in self.model)
        assert self.index.get(item_id) == self.model.get(item_id)

    @rule(span=spans)
    def finds_what_overlaps(self, span: Span) -> None:
        every = in_order(list(self.model.values()))
        expected = [one for one in every if one.span.overlaps(span)]
        assert self.index.between(span.start, span.end) == expected
        assert self.index.at(span.start) == [one for one in every if span.start in one.span]

    @rule(thing=things)
    def goes_on_from_a_thing(self, thing: Thing) -> None:
        every = in_order([*self.model.values(), thing])
        others = [one for one in self.model.values() if one != thing]
        ahead = [one for one in in_order(others) if every.index(one) < every.index(thing)]
        behind = [one for one in in_order(others) if every.index(one) > every.index(thing)]
        assert list(self.index.before(thing)) == ahead[::-1]
        assert list(self.index.after(thing)) == behind

    @rule(offset=st.integers(0, 45))
    def goes_on_from_an_offset(self, offset: int) -> None:
        every = in_order(list(self.model.values()))
        starting = [one for one in every if one.span.start >= offset]
        assert list(self.index.from_offset(offset)) == starting
        assert list(self.index.before_offset(offset)) == every[: len(every) - len(starting)][::-1]


TestAnIndexAnswersLikeAList = AnIndexAnswersLikeAList.TestCase


@given(st.lists(spans, max_size=12))
def test_lanes_part_what_overlaps_and_are_as_few_as_the_deepest_stack(found: list[Span]) -> None:
    items = [Thing(str(number), span) for number, span in enumerate(found)]
    placed = lanes(items)
    assert [item for item, _ in placed] == in_order(items)
    for item, lane in placed:
        beside = [two for two, other in placed if other == lane and two.id != item.id]
        assert not any(two.span.overlaps(item.span) for two in beside)
    depth = max((sum(offset in one for one in found) for offset in range(45)), default=0)
    assert len({lane for _, lane in placed}) == depth
