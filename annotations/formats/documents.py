"""What a writer gets and a reader gives: a document with what one layer says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from annotations.layer import Layer
from annotations.records import Annotation, Claim, Document, Entity, Status
from annotations.review.seeding import is_seeded
from annotations.span import in_order


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with one layer's annotations, in document order.

    Attributes:
        document: the text with its title and metadata.
        annotator: the layer's name: a person, a model, or `gold`.
        finished: whether the document is done, so that what is not marked is no entity.
        entities: those that stand.
        claims: those that stand.
        rejected: the suggestions that the person took for wrong.
    """

    document: Document
    annotator: str
    finished: bool
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    rejected: tuple[Annotation, ...] = ()

    @classmethod
    def of(cls, document: Document, layer: Layer) -> Self:
        """What the layer says; a model's layer stands in all it suggests, and is finished."""
        said = sorted(layer, key=in_order)
        kept = said
        if not layer.is_model:
            said = [one for one in said if not is_seeded(one)]
            kept = [one for one in said if one.status.stands]
        return cls(
            document=document,
            annotator=layer.name,
            finished=layer.is_model or layer.state.finished,
            entities=tuple(one for one in kept if isinstance(one, Entity)),
            claims=tuple(one for one in kept if isinstance(one, Claim)),
            rejected=tuple(one for one in said if one.status is Status.REJECTED),
        )

    @property
    def standing(self) -> tuple[Annotation, ...]:
        """The entities, then the claims."""
        return (*self.entities, *self.claims)

    def __iter__(self) -> Iterator[Annotation]:
        yield from self.entities
        yield from self.claims
        yield from self.rejected
