"""The guide: what each value means, with an example, and how to decide between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from annotations.schema import Schema
from annotations.vocabulary import HOLDER_GUIDE, Value

DOUBT_GUIDE: Final = (
    Value("no", "the values are clear", "Delegates [left the hall at noon]."),
    Value("yes", "torn between two values, or the words are not meant as they stand", "The “agreement” [ended the strike]."),
)  # fmt: skip

RULES: Final = (
    Value("1 Is it a claim?", "It has a predicate and can be true or false. Headings, greetings, fragments and mere praise cannot.", ""),
    Value("2 Who holds it?", "Whoever would have been wrong if it were false: the subject of “said” or “believes”; unnamed where “it is expected”; else the author.", "The envoy said that [the talks did not fail]."),
    Value("3 And the author?", "Reporting is not agreeing: one record, for the holder. Only verbs like “know” and “regret” commit the author too, and “pretend” to the contrary.", "He regretted that [the port closed]."),
    Value("4 Which stance?", "Count the negations, also in “no”, “fail to” and “deny”: an odd number denies. Not having said so is no denial: open.", "The envoy did not say that [the talks failed]."),
    Value("5 How certain?", "Add “…, but perhaps not”: nonsense is certain. Add “…, but probably not”: nonsense is probable, fine is possible. Along a chain the weakest counts.", "Analysts do not think [the pact will hold]."),
    Value("6 Likelihood?", "Only from a likelihood word or number in the text itself; flat words have none.", ""),
    Value("7 Torn between two?", "Take the weaker certainty and set doubt. Never a value in between.", ""),
)  # fmt: skip
"""How to decide, in this order."""

_ABOUT: Final = {
    "stance": "which way the holder takes it",
    "certainty": "how far the holder commits to it",
    "holder": "who says or believes it",
    "frame": "in what kind of sentence it stands",
    "time": "when it would be so",
    "quote": "whose words they are",
    "doubt": "whether you were sure",
    "labels": "what the words name",
}

_CLAIM: Final = re.compile(r"(\[[^\]]*\])")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the guide: a field's name, what it is about, and its values."""

    name: str
    about: str
    values: tuple[Value, ...]


def values(schema: Schema, field: str) -> tuple[Value, ...]:
    """What the guide says of a field's values; empty where there is no such field."""
    if field == "labels":
        return tuple(Value(one.name, one.description, "") for one in schema.labels)
    fixed = {"holder": HOLDER_GUIDE, "doubt": DOUBT_GUIDE}
    return fixed.get(field) or schema.fields.get(field, ())


def sections(schema: Schema, first: str = "") -> list[Section]:
    """The whole guide for a project: the fields, which pairs hold, and the rules.

    Args:
        first: the field to begin with, or `labels`; any other word keeps the order.
    """
    names = sorted(_ABOUT, key=lambda name: name != first)
    made = [Section(name, _ABOUT[name], values(schema, name)) for name in names]
    made.append(Section("pairs", "which stance goes with which certainty", _pairs(schema)))
    made.append(Section("rules", "how to decide, in this order", RULES))
    return made


def _pairs(schema: Schema) -> tuple[Value, ...]:
    found: dict[str, list[str]] = {}
    for stance, certainty in schema.pairs:
        found.setdefault(stance, []).append(certainty)
    return tuple(Value(stance, ", ".join(given), "") for stance, given in found.items())


def parts(example: str) -> Iterator[tuple[str, bool]]:
    """An example in parts, each with whether it is a claim; claims keep their brackets."""
    return ((part, part[0] == "[") for part in _CLAIM.split(example) if part)
