from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from annotations import record_parser
from annotations.mould import mould
from annotations.records import Entity
from annotations.span import Span


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0


def test_what_a_mould_makes_is_what_the_class_makes() -> None:
    assert mould(Point)(1, 2) == Point(1, 2)
    assert hash(mould(Point)(1, 2)) == hash(Point(1, 2))


def test_what_a_mould_makes_is_frozen_and_of_the_class() -> None:
    made = mould(Point)(1, 2)
    assert type(made) is Point
    with pytest.raises(FrozenInstanceError):
        made.x = 3  # type: ignore[misc]


def test_a_mould_knows_no_defaults() -> None:
    with pytest.raises(TypeError):
        mould(Point)(1)


def test_a_record_that_was_read_can_be_replaced_like_any_other() -> None:
    entity = Entity(id="s1", span=Span(0, 4), text="Anna", label="PERSON")
    read = record_parser.entity(entity.plain())
    assert read == entity
    assert replace(read, label="ORG") == replace(entity, label="ORG")
