"""Text to entity suggestions, by any spaCy pipeline that finds entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from annotations.changes import suggested
from annotations.records import Annotation, Claim, Entity, suggestion_id
from annotations.span import Span
from annotations.suggest.chunks import chunks
from annotations.suggest.decoding import decoded, score
from annotations.suggest.tidy import tidied
from annotations.text import Text

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from annotations.suggest.claims.reader import ClaimReader

BATCH: Final = 80_000
"""The characters that the pipeline takes at once where nobody waits; more only costs memory."""

_LARGEST_STEP = 4

_Part: TypeAlias = tuple[str, Text, Span]
"""A text's key, the text, and one chunk's place in it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was found in one part of a text.

    Attributes:
        span: the part that has been looked at.
        entities: the entities suggested there, in order.
        claims: the claims suggested there, in order.
    """

    span: Span
    entities: tuple[Entity, ...]
    claims: tuple[Claim, ...] = ()


def suggest_entities(
    nlp: Language,
    text: Text,
    *,
    layer: str,
    first: Span | None = None,
    tidy: bool = True,
    scores: bool = True,
    reader: ClaimReader | None = None,
) -> Iterator[Batch]:
    """Suggestions for one text as they come, a chunk at a time, for somebody who waits.

    Args:
        nlp: a loaded pipeline.
        text: the document's text, of any length.
        layer: the name of the model's layer.
        first: what is visible: the chunks that hold it come first.
        tidy: leave determiners, possessives, quotes and the like out of the spans.
        scores: give each suggestion the model's score.
        reader: reads claims as well; the pipeline must parse.

    Yields:
        One batch for each chunk; together they cover the text once.
    """
    places = chunks(text, first)
    # One chunk alone, so that the page fills at once; then a few, since the interpreter's lock is
    # held while they are worked on and keys wait for it.
    at, step = 0, 1
    while at < len(places):
        group = places[at : at + step]
        words = [text[span.start : span.end] for span in group]
        for span, doc in zip(group, _docs(nlp, words, scores, reader), strict=True):
            entities = list(_entities(doc, text, span.start, layer, tidy))
            claims = reader.claims(doc, text, span.start, entities) if reader else ()
            yield Batch(span, tuple(entities), tuple(claims))
        at, step = at + step, min(2 * step, _LARGEST_STEP)


def suggest_all(
    nlp: Language,
    texts: Iterable[tuple[str, Text]],
    *,
    layer: str,
    tidy: bool = True,
    scores: bool = True,
    reader: ClaimReader | None = None,
) -> Iterator[tuple[str, list[Annotation]]]:
    """Suggestions for many texts, in their order, as fast as the pipeline goes.

    Chunks of several texts share a batch: short texts cost no more than long ones.

    Args:
        nlp: a loaded pipeline.
        texts: each with a key of the caller's; taken one after another, so that memory stays flat.
        layer: the name of the model's layer.
        tidy, scores, reader: as for `suggest_entities`.

    Yields:
        Each key with the text's suggestions, as soon as its last chunk is done.
    """
    found: list[Annotation] = []
    for group in _groups(_parts(texts)):
        words = [text[span.start : span.end] for _, text, span in group]
        for part, doc in zip(group, _docs(nlp, words, scores, reader), strict=True):
            key, text, span = part
            entities = list(_entities(doc, text, span.start, layer, tidy))
            found += entities
            if reader is not None:
                found += reader.claims(doc, text, span.start, entities)
            if span.end == len(text):
                yield key, found
                found = []


def _docs(
    nlp: Language, words: list[str], scores: bool, reader: ClaimReader | None
) -> Iterable[Doc]:
    """The chunks through the pipeline; where claims are read, cut at blank lines and lists."""
    texts: list[str] | list[Doc] = words
    if reader is not None:
        from annotations.suggest.claims.breaks import broken

        texts = [broken(nlp.make_doc(one)) for one in words]
    return decoded(nlp, texts) if scores else nlp.pipe(texts, batch_size=len(words))


def _parts(texts: Iterable[tuple[str, Text]]) -> Iterator[_Part]:
    for key, text in texts:
        # An empty text has no chunk, and yet its key must come out.
        for span in chunks(text) or [Span(0, 0)]:
            yield key, text, span


def _groups(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    """The parts in groups of `BATCH` characters: many short texts, or a few chunks of a long one."""
    group: list[_Part] = []
    size = 0
    for part in parts:
        group.append(part)
        size += len(part[2]) + 1
        if size >= BATCH:
            yield group
            group, size = [], 0
    if group:
        yield group


def _entities(doc: Doc, text: Text, shift: int, layer: str, tidy: bool) -> Iterator[Entity]:
    for found in doc.ents:
        start, end, label = found.start_char + shift, found.end_char + shift, found.label_
        span = tidied(text, start, end, label) if tidy else Span(start, end)
        if span is None or not label:
            continue
        entity = Entity(
            id=suggestion_id(layer, Entity.kind, span, label),
            span=span,
            text=span.of(text),
            label=label,
            score=score(found),
        )
        made = suggested(entity, layer)
        assert isinstance(made, Entity)
        yield made
