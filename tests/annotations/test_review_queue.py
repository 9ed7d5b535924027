"""The queue, without a project: filled in slices, worked through, gone back in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from annotations.review.queue import Batch, Item, Queue


def item(rank: int, late: int = 0) -> Item:
    return Item("d", f"s{rank}", (rank,), late)


def batches(*ranks: list[int]) -> Iterator[Batch]:
    return iter([[item(rank) for rank in batch] for batch in ranks])


def words(queue: Queue) -> list[str]:
    """What is left from the first on."""
    found = []
    one = queue.first()
    while one is not None:
        found.append(one.annotation)
        one = queue.next()
    return found


@given(st.lists(st.lists(st.integers(0, 99), max_size=5), max_size=9))
def test_a_full_queue_is_in_order(ranks: list[list[int]]) -> None:
    queue = Queue(batches(*ranks))
    assert queue.fill()
    assert words(queue) == [f"s{rank}" for rank in sorted(chain(*ranks))]


@given(st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=5), min_size=2, max_size=9))
def test_what_is_in_hand_stays_in_hand_while_more_comes_in(ranks: list[list[int]]) -> None:
    queue = Queue(batches(*ranks))
    queue.fill(0)
    first = queue.first()
    while not queue.fill(0):
        assert queue.current is first
    rest = []
    while (one := queue.next()) is not None:
        rest.append(one.rank)
    assert rest == sorted(rest)
    assert len(rest) == len(queue) - 1


def test_nothing_is_read_before_it_is_asked_for() -> None:
    asked = []

    def source() -> Iterator[Batch]:
        for number in range(1000):
            asked.append(number)
            yield [item(number)]

    queue = Queue(source())
    assert asked == []
    queue.fill(0)
    assert asked == [0]


def test_what_is_settled_is_passed_over_and_can_be_gone_back_to() -> None:
    queue = Queue(batches([1, 2, 3]))
    queue.fill()
    queue.settle("d", ["s1", "s2"])
    found = queue.first()
    assert found is not None
    assert (found.annotation, queue.number, queue.left) == ("s3", 3, 1)
    back = queue.previous()
    assert back is not None
    assert back.annotation == "s2"
    queue.reopen("d", ["s2"])
    assert words(queue) == ["s2", "s3"]


def test_what_is_skipped_comes_last_and_what_is_flagged_behind_it() -> None:
    queue = Queue(batches([1, 2, 3, 4]))
    queue.fill()
    queue.first()
    queue.postpone(2)
    queue.postpone()
    assert words(queue) == ["s3", "s4", "s2", "s1"]


def test_what_was_skipped_before_comes_last_from_the_start() -> None:
    queue = Queue(iter([[item(1, 1), item(2)], [item(3, 2), item(4)]]))
    queue.fill()
    assert words(queue) == ["s2", "s4", "s1", "s3"]


def test_what_is_offered_comes_next_and_only_once() -> None:
    queue = Queue(batches([1, 2]))
    queue.fill()
    queue.first()
    assert queue.offer([item(9), item(2)]) == 1
    assert queue.offer([item(9)]) == 0
    assert words(queue) == ["s1", "s9", "s2"]


def test_an_empty_queue_is_at_its_end() -> None:
    queue = Queue(iter([]))
    assert queue.fill()
    assert queue.first() is None
    assert queue.next() is None
    assert queue.previous() is None
    assert queue.postpone() is None
    assert queue.left == 0
