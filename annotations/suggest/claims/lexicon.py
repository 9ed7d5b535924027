"""The words that the rules know, read from the data files beside this module.

Each file is a table of tab-separated columns; a line that starts with `#` names them. Every entry
ends in an example that must show it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from annotations.errors import InputError

PREDICATES: Final = ("clauses", "actions", "states", "minds", "nouns")
"""The tables of words that stand over a clause."""

KINDS: Final = frozenset(
    [
        "negation",
        "quantifier",
        "modal",
        "hedge",
        "tense",
        "report",
        "belief",
        "denial",
        "factive",
        "implicative",
        "plan",
        "wish",
        "directive",
        "question",
        "condition",
        "quotation",
    ]
)


@dataclass(frozen=True, slots=True)
class Predicate:
    """A word over a clause: what its holder takes the clause to be.

    Attributes:
        lemma: the word.
        kind: of the cue that it is.
        said: the value of the clause where the word itself is so: `+certain`, `-probable`, `open`,
            or a frame such as `wish`.
        denied: the same where the word itself is denied.
        author: the author's own value, where the word commits the author too; else empty.
        table: which of `PREDICATES` it stands in.
    """

    lemma: str
    kind: str
    said: str
    denied: str
    author: str
    table: str
    example: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Words in or before a clause that change how it is held.

    Attributes:
        words: the words, in lower case.
        kind: of the cue that they are.
        effect: `flip`, a certainty, both, or what kind of clause they open.
    """

    words: tuple[str, ...]
    kind: str
    effect: str
    example: str


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A word of a standard scale.

    Attributes:
        words: the words, in lower case.
        value: stance and certainty, such as `+probable`.
        bands: for each scale its name, the band's name, and the range in per cent.
    """

    words: tuple[str, ...]
    value: str
    bands: tuple[tuple[str, str, str], ...]
    example: str


def _rows(name: str) -> Iterator[list[str]]:
    file = resources.files(__package__).joinpath("lexicon", f"{name}.tsv")
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            row = [cell.strip() for cell in line.split("\t")]
            if len(row) < 4:
                raise InputError(f"{name}.tsv, line {number}: columns are missing. Mend the line.")
            yield row


@cache
def predicates(table: str) -> dict[str, Predicate]:
    """One table of words over a clause, by lemma; the first entry of a lemma counts."""
    made: dict[str, Predicate] = {}
    for lemma, kind, said, denied, author, example in _rows(table):
        made.setdefault(lemma, Predicate(lemma, kind, said, denied, author, table, example))
    return made


@cache
def marks(table: str = "marks") -> dict[str, Mark]:
    """The words inside a clause (`marks`), or those that open one (`openers`)."""
    return {
        words: Mark(tuple(words.split()), kind, effect, example)
        for words, kind, effect, example in _rows(table)
    }


@cache
def likelihoods() -> dict[str, Likelihood]:
    """The likelihood words by their text, with their bands."""
    made = {}
    for words, value, icd, phia, example in _rows("likelihood"):
        bands = []
        for scale, given in (("icd203", icd), ("phia", phia)):
            if given:
                band, _, per_cent = given.rpartition(" ")
                bands.append((scale, band, per_cent))
        made[words] = Likelihood(tuple(words.split()), value, tuple(bands), example)
    return made


@cache
def sorts(where: str) -> dict[str, str]:
    """What sort of word it is, by the word: of those that name a `source`, or of the `content`."""
    return {word: sort for word, sort, place, _ in _rows("sorts") if place == where}
