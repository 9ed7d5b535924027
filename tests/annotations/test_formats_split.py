from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotations.errors import InputError
from annotations.formats.writing.split import parse, share_out

SHARES = {"train": 0.8, "dev": 0.1, "test": 0.1}


def ids(number: int) -> list[str]:
    return [f"{one:012x}" for one in range(number)]


def sizes(number: int, shares: dict[str, float] = SHARES) -> list[int]:
    return [len(part) for part in share_out(ids(number), shares).values()]


def test_shares_are_read() -> None:
    assert parse("train=0.8,dev=0.1,test=0.1") == SHARES
    assert parse(" all = 1 ") == {"all": 1.0}
    assert parse("a=0.5, b=0.5, c=0") == {"a": 0.5, "b": 0.5, "c": 0.0}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("", "is no part"),
        ("train", "is no part"),
        ("train=", "is no part"),
        ("train=much", "is no part"),
        ("train=nan", "is no part"),
        ("train=-0.5,dev=1.5", "is no part"),
        ("=1", "is no part"),
        ("../up=1", "is no part"),
        ("train=1,", "is no part"),
        ("train=0.5,train=0.5", "twice"),
        ("train=0.8,dev=0.1", "sum to 0.9"),
        ("train=0.8,dev=0.3", "sum to 1.1"),
    ],
)
def test_what_is_no_split_is_refused_in_one_line(spec: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        parse(spec)
    assert "\n" not in str(caught.value)


def test_each_part_gets_its_share() -> None:
    assert sizes(100) == [80, 10, 10]
    assert sizes(10) == [8, 1, 1]
    assert sizes(11) == [9, 1, 1]
    assert sizes(3, {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}) == [1, 1, 1]


def test_each_part_gets_one_document_where_there_are_enough() -> None:
    assert sizes(3) == [1, 1, 1]
    assert sizes(4) == [2, 1, 1]
    assert sizes(2) == [2, 0, 0]
    assert sizes(5, {"a": 1.0, "b": 0.0}) == [5, 0]


@given(
    st.sets(st.text(min_size=1), max_size=40),
    st.lists(st.integers(0, 10), min_size=1, max_size=5),
    st.integers(),
    st.randoms(use_true_random=False),
)
def test_any_order_gives_the_same_split_and_nobody_is_lost(
    documents: set[str], weights: list[int], seed: int, random: object
) -> None:
    assume(sum(weights))
    shares = {f"part{place}": weight / sum(weights) for place, weight in enumerate(weights)}
    order = sorted(documents)
    parts = share_out(order, shares, seed)
    random.shuffle(order)  # type: ignore[attr-defined]
    assert share_out(order, shares, seed) == parts
    assert sorted(one for part in parts.values() for one in part) == sorted(documents)
    wanted = [name for name, share in shares.items() if share]
    if len(documents) >= len(wanted):
        assert all(parts[name] for name in wanted)
    assert not any(parts[name] for name in shares if name not in wanted)


def test_another_seed_gives_another_split() -> None:
    assert share_out(ids(50), SHARES, 1) != share_out(ids(50), SHARES, 2)


def test_the_split_of_a_seed_never_changes() -> None:
    parts = share_out(ids(8), {"a": 0.5, "b": 0.5}, 7)
    assert [one[-1] for one in parts["a"]] == ["2", "4", "0", "7"]
    assert [one[-1] for one in parts["b"]] == ["6", "5", "3", "1"]


def test_what_belongs_together_goes_into_one_part() -> None:
    ids = [f"d{n}" for n in range(40)]
    groups = {one: f"g{n // 4}" for n, one in enumerate(ids)}
    made = share_out(ids, {"a": 0.5, "b": 0.5}, 3, groups=groups)
    assert sorted(made["a"] + made["b"]) == sorted(ids)
    assert not {groups[one] for one in made["a"]} & {groups[one] for one in made["b"]}
    assert [len(part) for part in made.values()] == [20, 20]
    assert made == share_out(reversed(ids), {"a": 0.5, "b": 0.5}, 3, groups=groups)
    assert made != share_out(ids, {"a": 0.5, "b": 0.5}, 4, groups=groups)


def test_each_part_gets_its_share_of_every_label() -> None:
    ids = [f"d{n}" for n in range(100)]
    labels = {one: {"ORG": 3} | ({"LAW": 1} if n % 10 == 0 else {}) for n, one in enumerate(ids)}
    shares = {"train": 0.8, "dev": 0.2}
    for seed in range(5):
        made = share_out(ids, shares, seed, labels=labels)
        laws = {name: sum("LAW" in labels[one] for one in part) for name, part in made.items()}
        assert laws == {"train": 8, "dev": 2}
        assert [len(part) for part in made.values()] == [80, 20]
        assert made == share_out(reversed(ids), shares, seed, labels=labels)


def test_a_part_without_a_share_stays_empty() -> None:
    made = share_out(["a", "b"], {"x": 1.0, "y": 0.0}, labels={"a": {"ORG": 1}})
    assert made["y"] == []
