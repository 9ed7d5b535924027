"""What an annotation rests on: the suggestion it began as, who holds it, the words that show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from annotations.mould import mould

Plain: TypeAlias = dict[str, Any]
"""A record as JSON holds it."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which suggestion an annotation began as; offsets and values are the suggestion's own.

    Attributes:
        layer: the model's layer, such as `en_core_web_md-3.7.1`.
        start: where the suggestion started, in code points.
        end: where it ended.
        values: its label, or its claim fields.
        score: the model's number for it, if it gave one.
        why: what made the program suggest it, an ordered list in words.
    """

    layer: str
    start: int
    end: int
    values: Mapping[str, Any] = field(default_factory=dict)
    score: float | None = None
    why: tuple[str, ...] = ()

    def plain(self) -> Plain:
        """The record as JSON holds it."""
        made: Plain = {"layer": self.layer, "start": self.start, "end": self.end}
        made["values"] = dict(self.values)
        if self.score is not None:
            made["score"] = self.score
        if self.why:
            made["why"] = list(self.why)
        return made


PROVENANCE: Final = mould(Provenance)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a holder's chain: an entity, words of the text, or a kind of nobody in person.

    Attributes:
        kind: `entity`, `span`, `author`, `unnamed` or `generic`.
        text: the words that name the holder; empty for the last three kinds.
        start: where the words start, in code points; -1 for the last three kinds.
        entity: the id of the entity's annotation; empty unless `kind` is `entity`.
    """

    kind: str
    text: str = ""
    start: int = -1
    entity: str = ""

    def plain(self) -> Plain:
        """The link as JSON holds it."""
        if self.start < 0:
            return {"kind": self.kind}
        made: Plain = {"kind": self.kind, "text": self.text, "start": self.start}
        made["end"] = self.start + len(self.text)
        if self.entity:
            made["entity"] = self.entity
        return made

    @property
    def name(self) -> str:
        """The holder's name for the screen."""
        return self.text or self.kind


LINK: Final = mould(Link)
AUTHOR: Final = Link("author")
UNNAMED: Final = Link("unnamed")
GENERIC: Final = Link("generic")

Holder: TypeAlias = tuple[Link, ...]
"""A chain, innermost first, that always ends in the author."""


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that made the program suggest a stance, a certainty or a holder."""

    start: int
    end: int
    kind: str
    effect: str = ""

    def plain(self) -> Plain:
        """The cue as JSON holds it."""
        return {"start": self.start, "end": self.end, "kind": self.kind, "effect": self.effect}


CUE: Final = mould(Cue)


def authors_row(
    holder: Holder, stance: str, certainty: str, cues: Iterable[Cue]
) -> tuple[str, str]:
    """The author's own stance and certainty on a claim, derived and never stored.

    What the author holds is theirs as it stands. On what another holds the author takes no
    position, unless the words commit the author too: who writes "regretted that" takes it for
    a fact, and who writes "pretended that" for the contrary of one.
    """
    if holder[:-1] == ():
        return stance, certainty
    if stance != "open":
        for cue in cues:
            if cue.kind == "factive":
                return stance, "certain"
            if cue.kind == "denial" and "affirms" in cue.effect and stance == "affirms":
                return "denies", "certain"
    return "open", "uncommitted"
