"""A parsed text as plain lists, so that the rules cost little and know no pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from annotations.suggest.claims.mends import mend

if TYPE_CHECKING:
    from spacy.tokens import Doc

_MISTAKEN = {"hoped": "hope", "hoping": "hope", "odds": "odds"}
"""Words whose lemma pipelines mistake, with the right one."""


@dataclass
class Tree:
    """Words, and for each its lemma, tag, relation and head; every index is a token's place.

    Attributes:
        text: what the offsets count in.
        words: as written, in lower case.
        lemmas: in lower case.
        tags: Penn tags.
        deps: relations to the head, as spaCy's English pipelines name them.
        heads: the place of each token's head; a root is its own.
        starts: where each token starts in the text, in code points.
        ends: where it ends.
        sentences: the first token of each sentence, and the one behind its last.
        names: first token, last token + 1 and label of each entity.
    """

    text: str
    words: list[str]
    lemmas: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    starts: list[int]
    ends: list[int]
    sentences: list[tuple[int, int]]
    names: list[tuple[int, int, str]] = field(default_factory=list)

    @classmethod
    def of(cls, doc: Doc) -> Tree:
        """The tree of a document that tagger, parser and lemmatizer have seen."""
        from spacy.attrs import DEP, HEAD, IDX, LEMMA, LENGTH, LOWER, TAG

        rows: Any = doc.to_array([LOWER, LEMMA, TAG, DEP, HEAD, IDX, LENGTH])
        strings = doc.vocab.strings
        known: dict[int, str] = {}

        def named(column: Any, *, lower: bool = False) -> list[str]:
            made = []
            for key in column.tolist():
                word = known.get(key)
                if word is None:
                    word = known[key] = strings[key] if key else ""
                made.append(word.lower() if lower else word)
            return made

        words = [word.replace("’", "'") for word in named(rows[:, 0])]
        # Heads come as signed steps in an unsigned array.
        steps = rows[:, 4].astype("int64").tolist()
        starts = rows[:, 5].astype("int64").tolist()
        lengths = rows[:, 6].astype("int64").tolist()
        made = cls(
            text=doc.text,
            words=words,
            lemmas=[
                _MISTAKEN.get(word, lemma)
                for word, lemma in zip(words, named(rows[:, 1], lower=True), strict=True)
            ],
            tags=named(rows[:, 2]),
            deps=named(rows[:, 3]),
            heads=[place + step for place, step in enumerate(steps)],
            starts=starts,
            ends=[start + length for start, length in zip(starts, lengths, strict=True)],
            sentences=[(one.start, one.end) for one in doc.sents] if len(doc) else [],
            names=[(one.start, one.end, one.label_) for one in doc.ents],
        )
        mend(made)
        return made

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def children(self) -> list[list[int]]:
        """For each token the tokens under it, in order."""
        made: list[list[int]] = [[] for _ in self.words]
        for place, head in enumerate(self.heads):
            if head != place:
                made[head].append(place)
        return made

    @cached_property
    def sentence_of(self) -> list[int]:
        """For each token the number of its sentence."""
        made = [0] * len(self.words)
        for number, (first, end) in enumerate(self.sentences):
            made[first:end] = [number] * (end - first)
        return made

    def child(self, place: int, *deps: str) -> int | None:
        """The first token under this one that has one of these relations."""
        for one in self.children[place]:
            if self.deps[one] in deps:
                return one
        return None

    def below(self, place: int, without: frozenset[int] | set[int] = frozenset()) -> list[int]:
        """The token and all under it, in order; `without` are left out with all under them."""
        made, waiting = [], [place]
        children = self.children
        while waiting:
            one = waiting.pop()
            made.append(one)
            waiting += [each for each in children[one] if each not in without]
        made.sort()
        return made

    def above(self, place: int) -> Iterator[int]:
        """The tokens over this one, nearest first."""
        while self.heads[place] != place:
            place = self.heads[place]
            yield place
