"""The two layers of a comparison, each annotation under an id that no other layer's has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from hashlib import sha256

from annotations import changes
from annotations.evidence import Link
from annotations.layer import Layer
from annotations.records import Annotation, Claim, Entity, Status
from annotations.span import Span


def side_id(layer: str, annotation_id: str) -> str:
    """The id of one layer's annotation in the layer of who decides on it.

    Two people's corrections of one suggestion keep its id; as sides they must be told apart.
    """
    return "s" + sha256(f"{layer}|{annotation_id}".encode()).hexdigest()[:11]


def suggestions(layer: Layer) -> Layer:
    """A layer as it is reviewed: what stands in it, each a suggestion of the one who made it.

    A model's suggestions keep their ids; a person's annotations get those of `side_id`.
    """
    if layer.is_model:
        return layer
    standing = [one for one in layer if one.status is not Status.REJECTED]
    ids = {one.id: side_id(layer.name, one.id) for one in standing}
    made = [_suggestion(one, layer.name, ids) for one in standing]
    by_id = {one.id: one for one in made}
    return Layer(layer.name, layer.document, by_id, model={"person": layer.name})


def _suggestion(one: Annotation, layer: str, ids: dict[str, str]) -> Annotation:
    if isinstance(one, Claim):
        links = [replace(link, entity=ids.get(link.entity, link.entity)) for link in one.holder]
        one = replace(one, holder=tuple(links))
    bare = replace(one, id=ids[one.id], rev=0, by="", at="", note="")
    return changes.suggested(bare, layer)


def pair(left: Layer, right: Layer, own: Layer) -> tuple[Layer, Layer]:
    """The two layers as sides, of which no annotation has the id of another one.

    Args:
        left: one layer; where it is not `own`, its annotations become suggestions.
        right: the other, likewise.
        own: the layer of the person who decides.
    """
    sides = [own if layer.name == own.name else suggestions(layer) for layer in (left, right)]
    shared = sides[0].annotations.keys() & sides[1].annotations.keys()
    if own.name in (left.name, right.name):
        # What is rejected under its own id is decided, and is no side: the other keeps that id.
        shared -= {one.id for one in own if one.status is Status.REJECTED}
    first, second = (one if one.name == own.name else _apart(one, shared) for one in sides)
    return first, second


def _apart(layer: Layer, ids: Collection[str]) -> Layer:
    """The layer, with ids of their own for these."""
    if not ids:
        return layer
    made = [replace(one, id=side_id(layer.name, one.id)) if one.id in ids else one for one in layer]
    return replace(layer, annotations={one.id: one for one in made}, _index=None)


def began_as(mine: Annotation, other: Annotation) -> bool:
    """Whether one's own annotation began as the other one, which `pair` gave another id."""
    return mine.origin is not None and other.id == side_id(mine.origin.layer, mine.id)


def at_home(one: Annotation, own: Layer) -> Annotation:
    """A side for one's own layer: who holds it is one's own entity, where the same words are one.

    Both sides may name an entity that was taken from only one of them.
    """
    if not isinstance(one, Claim) or one.origin is None or one.id in own.annotations:
        return one
    holder = tuple(_link(link, own) for link in one.holder)
    if holder == one.holder:
        return one
    held = replace(one, holder=holder)
    values = {**one.origin.values, "holder": held.values()["holder"]}
    return replace(held, origin=replace(one.origin, values=values))


def _link(link: Link, own: Layer) -> Link:
    if not link.entity or link.entity in own.annotations:
        return link
    span = Span(link.start, link.start + len(link.text))
    for one in own.index.between(span.start, span.end):
        if isinstance(one, Entity) and one.span == span and one.status.stands:
            return replace(link, entity=one.id)
    return link
