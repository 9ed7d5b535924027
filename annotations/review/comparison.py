"""What two layers say differently of one document: paired, named, and decided on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeAlias

from annotations import changes
from annotations.errors import RefusedError
from annotations.layer import Layer
from annotations.records import Annotation, Change, Claim, Entity, Status
from annotations.review.sides import at_home, began_as
from annotations.schema import Schema
from annotations.span import SpanIndex

EXTRA: Final = "extra"
MISSING: Final = "missing"
BOUNDARY: Final = "boundary"
FIELDS: Final = ("stance", "certainty", "holder", "frame", "time", "quote")
"""The fields of a claim in which two layers may differ."""

_Key: TypeAlias = tuple[Any, ...]


class Choice(StrEnum):
    """Which side of a difference a person takes."""

    LEFT = "left"
    RIGHT = "right"
    NEITHER = "neither"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two layers differ; or agree, where `kinds` is empty.

    Attributes:
        left: what the first layer says; None where it says nothing.
        right: what the second layer says.
        kinds: in what they differ: `extra` (only left), `missing` (only right), else `boundary`,
            `label`, or the claim's fields.
    """

    left: Annotation | None
    right: Annotation | None
    kinds: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[Annotation, ...]:
        """What there is of the two, left first."""
        return tuple(one for one in (self.left, self.right) if one is not None)

    @property
    def words(self) -> _Key:
        """What the two say, of which words, wherever these stand: the same for differences alike."""
        said = (
            (one.kind, one.text, _values(one)) if one else None for one in (self.left, self.right)
        )
        return (*said, self.kinds)

    def as_in(self, index: SpanIndex[Annotation]) -> Difference:
        """The same difference, with each side as it is in the index, where it is there.

        The ids are those of `sides.pair`, which tell the two layers apart.
        """
        left, right = self.left, self.right
        left = left and (index.get(left.id) or left)
        right = right and (index.get(right.id) or right)
        return replace(self, left=left, right=right)

    @property
    def first(self) -> Annotation:
        """The one of the two that starts first, the left one in doubt."""
        return min(self.sides, key=lambda one: one.span.start)


def compare(left: Iterable[Annotation], right: Iterable[Annotation]) -> list[Difference]:
    """Pair the annotations of two layers; every one of them is in exactly one pair, or alone.

    First those that say the same of the same span, then those of the same span, then those that
    overlap, the largest shared part first; what is rejected counts as not there. Exchanging the
    two layers exchanges the sides, and nothing else.

    Returns:
        All pairs in document order, those that agree with no kinds.
    """
    lefts, rights = list(_said(left)), list(_said(right))
    pairs = [
        *_matched(lefts, rights, lambda one: (one.kind, one.span, _values(one))),
        *_matched(lefts, rights, lambda one: (one.kind, one.span)),
        *_overlapping(lefts, rights),
    ]
    made = [Difference(one, other, _kinds(one, other)) for one, other in pairs]
    made += [Difference(one, None, (EXTRA,)) for one in lefts]
    made += [Difference(None, one, (MISSING,)) for one in rights]
    return sorted(made, key=lambda one: (one.first.span.start, one.first.span.end, one.first.kind))


def differences(left: Iterable[Annotation], right: Iterable[Annotation]) -> list[Difference]:
    """What two layers say differently, in document order."""
    return [one for one in compare(left, right) if one.kinds]


def _said(layer: Iterable[Annotation]) -> Iterator[Annotation]:
    found = [one for one in layer if one.status is not Status.REJECTED]
    return iter(sorted(found, key=_content))


def _values(one: Annotation) -> _Key:
    """What two layers are compared by; a holder by its words, since ids are each layer's own."""
    if isinstance(one, Entity):
        return (one.label,)
    held = tuple((link.kind, link.text) for link in one.holder)
    return tuple(held if name == "holder" else getattr(one, name) for name in FIELDS)


def _content(one: Annotation) -> _Key:
    """An order that does not depend on which layer an annotation is in."""
    return (one.span.start, one.span.end, one.kind, _values(one), one.id)


def _matched(
    lefts: list[Annotation], rights: list[Annotation], key: Any
) -> Iterator[tuple[Annotation, Annotation]]:
    """Pair those with the same key, one to one, and take them out of the lists."""
    waiting: defaultdict[_Key, list[Annotation]] = defaultdict(list)
    for one in rights:
        waiting[key(one)].append(one)
    pairs = [(one, waiting[key(one)].pop(0)) for one in lefts if waiting.get(key(one))]
    _take_out(lefts, rights, pairs)
    return iter(pairs)


def _take_out(
    lefts: list[Annotation], rights: list[Annotation], pairs: list[tuple[Annotation, Annotation]]
) -> None:
    taken = {id(one) for one, _ in pairs}, {id(one) for _, one in pairs}
    lefts[:] = [one for one in lefts if id(one) not in taken[0]]
    rights[:] = [one for one in rights if id(one) not in taken[1]]


def _overlapping(
    lefts: list[Annotation], rights: list[Annotation]
) -> Iterator[tuple[Annotation, Annotation]]:
    """Pair those that overlap, the largest shared part first, and take them out of the lists."""
    near: list[tuple[_Key, Annotation, Annotation]] = []
    begin = 0
    longest = max((len(one.span) for one in rights), default=0)
    for one in lefts:
        while begin < len(rights) and rights[begin].span.start + longest <= one.span.start:
            begin += 1
        for other in rights[begin:]:
            if other.span.start >= one.span.end:
                break
            if other.kind == one.kind and other.span.overlaps(one.span):
                near.append((_nearness(one, other), one, other))
    pairs: list[tuple[Annotation, Annotation]] = []
    used: set[int] = set()
    for _, one, other in sorted(near, key=lambda pair: pair[0]):
        if used.isdisjoint((id(one), id(other))):
            used |= {id(one), id(other)}
            pairs.append((one, other))
    _take_out(lefts, rights, pairs)
    return iter(pairs)


def _nearness(one: Annotation, other: Annotation) -> _Key:
    """The smaller, the more two annotations are about the same; it does not tell the sides apart."""
    shared = min(one.span.end, other.span.end) - max(one.span.start, other.span.start)
    whole = max(one.span.end, other.span.end) - min(one.span.start, other.span.start)
    return (-shared / whole, _values(one) != _values(other), *sorted(map(_content, (one, other))))


def _kinds(one: Annotation, other: Annotation) -> tuple[str, ...]:
    found = [BOUNDARY] if one.span != other.span else []
    if isinstance(one, Entity):
        names: tuple[str, ...] = ("label",)
    else:
        names = FIELDS
    pairs = zip(names, _values(one), _values(other), strict=True)
    return (*found, *(name for name, mine, yours in pairs if mine != yours))


def allows_both(difference: Difference, schema: Schema) -> bool:
    """Whether both sides may stand in one layer."""
    left, right = difference.left, difference.right
    if left is None or right is None:
        return False
    return isinstance(left, Claim) or schema.nested or not left.span.overlaps(right.span)


def beginning(difference: Difference, own: Layer) -> tuple[Annotation, Annotation] | None:
    """One's own side as it is now, and the other, where one's own began as that; else None."""
    left, right = difference.left, difference.right
    for one, other in ((left, right), (right, left)):
        mine = own.annotations.get(one.id) if one else None
        if mine and other and began_as(mine, other):
            return mine, other
    return None


def is_open(difference: Difference, own: Layer, last: Mapping[str, Change]) -> bool:
    """Whether a difference between one's own layer and another is undecided.

    Args:
        difference: one of its sides is of `own`.
        own: the person's layer.
        last: by id, what changed last in it, see `Layer.last_changes`.
    """
    mine = [one for one in difference.sides if one.id in own.annotations]
    if len(mine) == len(difference.sides):  # the other side was decided on under its own id
        return len(mine) == 1 and own.get(mine[0].id).status.stands
    if began := beginning(difference, own):
        change = last.get(began[0].id)
        return change is None or changes.differs(change)
    return True


def settle(
    difference: Difference, choice: Choice, own: Layer, schema: Schema
) -> tuple[Change, ...]:
    """What taking a side changes in the person's layer: what is taken stands, the rest is rejected.

    Args:
        difference: its sides as `sides.pair` gives them, so that no two have one id.
        choice: the side that is taken.
        own: the person's layer as it is.
        schema: the project's.

    Returns:
        The changes; none where one's own side is taken and there is nothing to reject. A side that
        one's own began as is no record beside it: one's own becomes as that was, or is confirmed
        by a change that leaves it as it is.

    Raises:
        RefusedError: both cannot stand.
    """
    if choice is Choice.BOTH and not allows_both(difference, schema):
        raise RefusedError("Not saved: both cannot stand; choose one of them, or neither.")
    sides = ((Choice.LEFT, difference.left), (Choice.RIGHT, difference.right))
    if choice is not Choice.BOTH and (began := beginning(difference, own)):
        mine, other = began
        if choice is Choice.NEITHER:
            return (changes.reject(mine),)
        is_mine = dict(sides)[choice] is not other
        back = changes.accept(replace(other, id=mine.id, note=mine.note)).after
        return (Change(mine, mine if is_mine else back),)
    taken = [one for side, one in sides if one and choice in (side, Choice.BOTH)]
    kept = {one.id for one in taken}
    # Rejections first: what is taken may stand where the other one stood.
    left_out = {one.id: one for one in difference.sides if one.id not in kept}
    made = [changes.reject(own.annotations.get(one.id, one)) for one in left_out.values()]
    made += [
        Change(own.annotations.get(one.id), changes.accept(at_home(one, own)).after)
        for one in taken
    ]
    return tuple(change for change in made if changes.differs(change))
