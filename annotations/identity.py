"""When two annotations say the same, whoever says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotations.records import Annotation, Entity


def said(one: Annotation) -> object:
    """What an annotation says, and of which words; the same whoever says it."""
    if isinstance(one, Entity):
        return (one.span, one.label)
    held = tuple((link.kind, link.text) for link in one.holder)  # ids are each layer's own
    return (one.span, one.stance, one.certainty, held, one.frame, one.time, one.quote)


def unlike(layers: Iterable[Iterable[Annotation]]) -> Iterator[Annotation]:
    """What is in the layers, without what one before says already."""
    before = set[object]()
    layers = list(layers)
    for layer in layers:
        new = [one for one in layer if said(one) not in before] if before else list(layer)
        yield from new
        if layer is not layers[-1]:
            before.update(map(said, new))
