"""spaCy's greedy decoder taken step by step, so that each entity comes with a score.

spaCy decides token by token on an action (begin, inside, last, unit, outside), takes the best one
that is allowed, and forgets what the others were worth. Here the same steps are taken from outside
and the rows of numbers kept. An entity's score is the product, over its tokens, of the softmax of
the action that was taken among those that were allowed. It says how clear the choice was to the
model; it is over-sure, and no probability of being right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.tokens import Doc, Span

    Row: TypeAlias = NDArray[numpy.float32]

KEY: Final = "purport.scores"
"""Where in `doc.user_data` the scores are: `(start, end, label)`, in tokens, to score."""

_DIGITS: Final = 4


def decoded(nlp: Language, texts: Iterable[str | Doc]) -> list[Doc]:
    """What `nlp.pipe` makes of the texts, all in one batch, with the scores of their entities.

    A component that is not spaCy's greedy entity recognizer runs as it always does, and what it
    finds has no score.
    """
    docs = [nlp.make_doc(text) if isinstance(text, str) else text for text in texts]
    for _, component in nlp.pipeline:
        if _is_greedy(component):
            _decode(component, docs)
        elif hasattr(component, "pipe"):
            docs = list(component.pipe(docs))
        else:
            docs = [component(doc) for doc in docs]
    return docs


def score(entity: Span) -> float | None:
    """The score of an entity of a document that was `decoded`; None if it has none."""
    scores = entity.doc.user_data.get(KEY, {})
    found = scores.get((entity.start, entity.end, entity.label_))
    return None if found is None else round(found, _DIGITS)


def _is_greedy(component: Any) -> bool:
    from spacy.pipeline import EntityRecognizer

    return isinstance(component, EntityRecognizer) and component.cfg.get("beam_width") == 1


def _decode(ner: Any, docs: list[Doc]) -> None:
    """Set the entities of the documents and their scores.

    These calls are spaCy's own but not documented: a test holds the entities to those of
    `nlp.pipe`, on the pipeline that purport comes with.
    """
    import numpy

    if not any(len(doc) for doc in docs):
        ner.set_annotations(docs, ner.predict(docs))
        return
    ner._ensure_labels_are_added(docs)
    step = ner.model.predict(docs)
    states = ner.moves.init_batch(docs)
    places = {id(state): number for number, state in enumerate(states)}
    live = [state for state in states if not state.is_final()]
    # By document, the rows of its tokens: each action takes one token.
    rows: list[list[Row]] = [[] for _ in docs]
    while live:
        numbers = numpy.ascontiguousarray(step.predict(live), dtype=numpy.float32)
        for state, row in zip(live, numbers, strict=True):
            rows[places[id(state)]].append(row)
        live = ner.transition_states(live, numbers)
    ner.set_annotations(docs, states)
    actions = _Actions([ner.moves.get_class_name(number) for number in range(ner.moves.n_moves)])
    for doc, own in zip(docs, rows, strict=True):
        doc.user_data[KEY] = {
            (entity.start, entity.end, entity.label_): actions.score(entity, own)
            for entity in doc.ents
        }


class _Actions:
    """The numbers of the actions, by their names: `B-ORG`, `I-ORG`, `L-ORG`, `U-ORG`, `O`."""

    def __init__(self, names: list[str]) -> None:
        self._numbers = {name: number for number, name in enumerate(names)}
        # The bare "U-" stands for a kind of training data, and is never taken.
        self._units = [number for name, number in self._numbers.items() if _is(name, "U-")]
        self._units += [number for name, number in self._numbers.items() if name == "O"]
        self._openings = [number for name, number in self._numbers.items() if _is(name, "B-")]

    def score(self, entity: Span, rows: list[Row]) -> float:
        """The product of the softmax of each action that made the entity."""
        product = 1.0
        for token, action, allowed in self._steps(entity, len(rows)):
            product *= _softmax(rows[token], action, allowed)
        return product

    def _steps(self, entity: Span, tokens: int) -> Iterator[tuple[int, int, list[int]]]:
        """For each token of an entity: its place, what was done, and what could have been."""
        label, last = entity.label_, entity.end - 1
        # At the end of the text nothing can begin that goes on.
        free = self._units + (self._openings if entity.start < tokens - 1 else [])
        if entity.start == last:
            yield last, self._numbers[f"U-{label}"], free
            return
        yield entity.start, self._numbers[f"B-{label}"], free
        inside, ending = self._numbers[f"I-{label}"], self._numbers[f"L-{label}"]
        for token in range(entity.start + 1, last):
            yield token, inside, [inside, ending]
        yield last, ending, [inside, ending] if last < tokens - 1 else [ending]


def _is(name: str, prefix: str) -> bool:
    return name.startswith(prefix) and len(name) > len(prefix)


def _softmax(row: Row, action: int, allowed: list[int]) -> float:
    import numpy

    values = row[allowed].astype(numpy.float64)
    return float(1 / numpy.exp(values - float(row[action])).sum())
