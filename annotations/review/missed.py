"""What no layer marks and a person may want to see: weak suggestions, made when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Final

import regex

from annotations import changes
from annotations.layer import Layer
from annotations.records import Annotation, Claim, Entity, suggestion_id
from annotations.schema import Schema
from annotations.span import Span, SpanIndex
from annotations.text import Text
from annotations.words import within

NAME: Final = "missed-rules-1"
"""The layer that they are suggestions of; never stored, made anew from what the others hold."""

_CAPITAL: Final = regex.compile(r"\p{Lu}")
_SMALL: Final = frozenset({"of", "the", "and", "de", "van", "von", "der", "del", "la", "al", "bin"})
"""Words that join two capitalised ones into one name."""

_FUNCTION: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "i",
        "he",
        "she",
        "it",
        "we",
        "you",
        "they",
        "his",
        "her",
        "its",
        "our",
        "your",
        "their",
        "my",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "to",
        "of",
        "with",
        "as",
        "and",
        "or",
        "but",
        "if",
        "when",
        "while",
        "after",
        "before",
        "since",
        "no",
        "not",
        "there",
        "here",
        "what",
        "who",
        "which",
        "how",
        "why",
        "yes",
        "so",
        "then",
        "also",
        "however",
        "all",
        "some",
        "any",
        "each",
        "both",
        "most",
        "many",
        "more",
    ]
)
_TITLES: Final = frozenset(["Mr", "Mrs", "Ms", "Dr", "Prof", "St"])
_MONTHS: Final = frozenset(
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
)
_DATE: Final = "DATE"
_CUE: Final = regex.compile(
    r"\b(?:sa(?:y|ys|id)|claim(?:s|ed)?|den(?:y|ies|ied)|expect(?:s|ed)?|believe[sd]?|report(?:s|ed)?"
    r"|according to|warn(?:s|ed)?|predict(?:s|ed)?|announce[sd]?|insist(?:s|ed)?|may|might|could"
    r"|will|would|likely|unlikely|probably|possibly|allegedly|never|not|no longer)\b",
    regex.IGNORECASE,
)


MOST: Final = 5_000
"""Weak suggestions of one document; there are more where a few words are the whole text."""
_PLACES: Final = 20_000
"""Places that are looked at for the words of one entity."""
_LONGEST: Final = 200_000
"""Code points of a paragraph that are looked through for capitalised words."""


def missed(text: Text, layers: Iterable[Layer], own: Layer, schema: Schema) -> Layer:
    """What no layer marks: repeats of what stands, capitalised runs, sentences with claim cues.

    Claims are looked for only where some layer holds claims at all. At most `MOST` are found.

    Args:
        text: the document's.
        layers: every layer on it.
        own: the annotator's, whose entities are looked for again.
        schema: the project's.
    """
    every = [one for layer in (*layers, own) for one in layer]
    taken: SpanIndex[Entity] = SpanIndex(
        replace(one, id=f"{number}") for number, one in enumerate(every) if isinstance(one, Entity)
    )
    made = Layer(NAME, own.document, model={"rules": 1})
    claims = [one for one in every if isinstance(one, Claim)]
    found = chain(
        _repeats(text, own, taken),
        _runs(text, taken, _usual(own, schema), schema),
        _claims(text, claims, schema) if claims else (),
    )
    for one in islice(found, MOST):
        made.annotations[one.id] = one
    return made


def _entity(text: Text, span: Span, label: str, why: str, taken: SpanIndex[Entity]) -> Annotation:
    key = suggestion_id(NAME, Entity.kind, span, label)
    one = Entity(id=key, span=span, text=span.of(text), label=label)
    taken.put(one)
    return changes.suggested(one, NAME, (why,))


def _repeats(text: Text, own: Layer, taken: SpanIndex[Entity]) -> Iterator[Annotation]:
    """The words of entities that stand, wherever else they are, the longest first."""
    labels: dict[str, str] = {}
    for one in own.entities:
        if one.status.stands:
            labels.setdefault(one.text, one.label)
    for words in sorted(labels, key=len, reverse=True):
        for span, is_whole in islice(text.places(words), _PLACES):
            if is_whole and not taken.between(span.start, span.end):
                why = f"the same words are {labels[words]} elsewhere in this document"
                yield _entity(text, span, labels[words], why, taken)


def _usual(own: Layer, schema: Schema) -> str:
    """The label that most of the person's capitalised entities have; else the schema's first."""
    counts = Counter(
        one.label for one in own.entities if one.status.stands and _CAPITAL.match(one.text)
    )
    return counts.most_common(1)[0][0] if counts else schema.labels[0].name


def _runs(text: Text, taken: SpanIndex[Entity], label: str, schema: Schema) -> Iterator[Annotation]:
    """Runs of capitalised words; one that only starts a sentence must be of two words or more."""
    for number in range(len(text.paragraphs)):
        words = _words(text, number)
        place = 0
        while place < len(words):
            end = _run_end(text, words, place)
            if end == place:
                place += 1
                continue
            begin = place
            place = end
            if _starts_sentence(text, words[begin]) and (
                end - begin == 1 or words[begin].of(text).lower() in _FUNCTION
            ):
                begin += 1
            titles = [at for at in range(begin, end) if words[at].of(text) in _TITLES]
            if titles:
                begin = titles[-1] + 1
                begin += words[begin : begin + 1] != () and words[begin].of(text) == "."
            if begin >= end:
                continue
            span = Span(words[begin].start, words[end - 1].end)
            name = span.of(text)
            if len(name) < 2 or name.lower() in _FUNCTION or taken.between(span.start, span.end):
                continue
            why = "capitalised, and no layer marks it; the label is a guess"
            is_date = name in _MONTHS and schema.has_label(_DATE)
            yield _entity(text, span, _DATE if is_date else label, why, taken)


def _words(text: Text, number: int) -> tuple[Span, ...]:
    """The words of a paragraph, as far as it is read."""
    span = text.paragraphs[number]
    if len(span) <= _LONGEST:
        return text.words(number)
    return within(text[span.start : span.start + _LONGEST], span.start)


def _run_end(text: Text, words: tuple[Span, ...], place: int) -> int:
    """Behind the last word of the capitalised run that starts here; `place` where none does."""
    end = place
    while end < len(words) and _CAPITAL.match(text, words[end].start):
        last = words[end].of(text)
        end += 1
        ahead = end
        if len(last) == 1 or last in _TITLES:
            ahead += words[ahead : ahead + 1] != () and words[ahead].of(text) == "."
        else:
            while ahead < len(words) and ahead < end + 2 and words[ahead].of(text) in _SMALL:
                ahead += 1
        if ahead > end and ahead < len(words) and _CAPITAL.match(text, words[ahead].start):
            end = ahead
    return end


def _starts_sentence(text: Text, word: Span) -> bool:
    sentence = text.sentence_at(word.start)
    return sentence is None or not any(
        letter.isalnum() for letter in text[sentence.start : word.start]
    )


def _claims(text: Text, claims: list[Claim], schema: Schema) -> Iterator[Annotation]:
    """Sentences with a word that often comes with a claim, in which no layer marks one."""
    marked = SpanIndex(replace(one, id=f"{number}") for number, one in enumerate(claims))
    at = 0
    while (cue := _CUE.search(text, at)) is not None:
        at = cue.end()
        sentence = text.sentence_at(cue.start())
        if sentence is None or marked.between(sentence.start, sentence.end):
            continue
        at = max(at, sentence.end)
        span = text.claimable(sentence.start, sentence.end)
        if span is None:
            continue
        one = schema.blank_claim(
            id=suggestion_id(NAME, Claim.kind, span), span=span, text=span.of(text)
        )
        why = f"“{cue.group()}” often comes with a claim, and no layer marks one here"
        yield changes.suggested(one, NAME, (why,))
