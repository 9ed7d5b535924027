"""What is kept: documents, entities, claims, and the decisions on them. All are immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar, Final, TypeAlias

from annotations.evidence import AUTHOR, Cue, Holder, Provenance
from annotations.evidence import Plain as Plain
from annotations.mould import mould
from annotations.span import Span
from annotations.text import Text

GOLD: Final = "gold"
"""The name of the adjudicated layer."""


class Status(StrEnum):
    """What became of an annotation, in the layer of the person who looks."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    ADDED = "added"
    REJECTED = "rejected"

    @property
    def stands(self) -> bool:
        """Whether the person holds it to be right."""
        return self in (Status.ACCEPTED, Status.CORRECTED, Status.ADDED)


class Action(StrEnum):
    """What a person did. Every one is a decision and can be undone."""

    ACCEPT = "accept"
    REJECT = "reject"
    RELABEL = "relabel"
    RESIZE = "resize"
    ADD = "add"
    TAG = "tag"
    REMOVE = "remove"
    NOTE = "note"
    FINISH = "finish"
    FLAG = "flag"
    REVEAL = "reveal"
    UNDO = "undo"
    REDO = "redo"
    ADOPT = "adopt"
    REDACT = "redact"


@dataclass(frozen=True, slots=True)
class Document:
    """An immutable text with a title and metadata; its id comes from the text."""

    text: Text
    title: str
    source: str = ""
    added_at: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    session: str = ""  # rows that were taken in by one run were in the file together

    @property
    def id(self) -> str:
        """The first 12 hex digits of the SHA-256 of the text's UTF-8 bytes."""
        return self.text.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A span with a label.

    Attributes:
        id: the same in every layer that speaks of this suggestion.
        span: offsets in code points.
        text: the words at the span, checked at every write.
        label: one of the schema's labels.
        status: what became of it in this layer.
        note: a person's remark.
        by: who decided last; empty in a model's layer.
        at: when, ISO 8601 in UTC with microseconds.
        rev: the `seq` of the decision that touched it last; 0 before the first.
        score: the model's number, in a model's layer.
        origin: the suggestion it began as; None when a person added it.
    """

    kind: ClassVar[str] = "entity"

    id: str
    span: Span
    text: str
    label: str
    status: Status = Status.SUGGESTED
    note: str = ""
    by: str = ""
    at: str = ""
    rev: int = 0
    score: float | None = None
    origin: Provenance | None = None

    def values(self) -> Plain:
        """What a decision can change besides the span."""
        return {"label": self.label}

    def plain(self) -> Plain:
        """The record as JSON holds it."""
        return _plain(self, {"label": self.label})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A span that can be true or false, with who holds it and how.

    `stance`, `certainty`, `frame`, `time` and `quote` take the values of the schema; the other
    attributes are those of `Entity`.

    Attributes:
        holder: who would have been wrong if it were false, innermost first, ending in the author.
        likelihood: `{scale, band, phrase}` where the text itself has a likelihood word; else None.
        cues: the words that led to the suggestion.
        target: the head word of the predicate, where known.
        doubt: whether the person, or the program, was torn between two neighbours.
    """

    kind: ClassVar[str] = "claim"

    id: str
    span: Span
    text: str
    stance: str = "affirms"
    certainty: str = "certain"
    holder: Holder = (AUTHOR,)
    frame: str = "assertion"
    time: str = "unspecified"
    likelihood: Mapping[str, Any] | None = None
    quote: str = "none"
    cues: tuple[Cue, ...] = ()
    target: Span | None = None
    doubt: bool = False
    status: Status = Status.SUGGESTED
    note: str = ""
    by: str = ""
    at: str = ""
    rev: int = 0
    score: float | None = None
    origin: Provenance | None = None

    def values(self) -> Plain:
        """What a decision can change besides the span."""
        return {
            "stance": self.stance,
            "certainty": self.certainty,
            "holder": [link.plain() for link in self.holder],
            "frame": self.frame,
            "time": self.time,
            "likelihood": dict(self.likelihood) if self.likelihood else None,
            "quote": self.quote,
            "doubt": self.doubt,
        }

    def plain(self) -> Plain:
        """The record as JSON holds it."""
        own = self.values()
        own["cues"] = [cue.plain() for cue in self.cues]
        if self.target:
            own["target"] = [self.target.start, self.target.end]
        return _plain(self, own)

    @property
    def holder_name(self) -> str:
        """The holder's chain for the screen: innermost first, without the closing author."""
        inner = self.holder[:-1] or self.holder
        return " ← ".join(link.name for link in inner)


Annotation: TypeAlias = Entity | Claim


@dataclass(frozen=True, slots=True)
class State:
    """What a person has decided of the document as a whole.

    Attributes:
        flags: the ids of suggestions to come back to: flagging one leaves it undecided.
        revealed: whether the suggestions were shown, where the person began without them.
    """

    kind: ClassVar[str] = "document"
    id: ClassVar[str] = "document"

    finished: bool = False
    by: str = ""
    at: str = ""
    rev: int = 0
    flags: tuple[str, ...] = ()
    revealed: bool = False

    def plain(self) -> Plain:
        """The record as JSON holds it."""
        made = {one.name: getattr(self, one.name) for one in fields(self)[:4]}
        if self.flags:
            made["flags"] = list(self.flags)
        if self.revealed:
            made["revealed"] = True
        return {"id": self.id, "kind": self.kind, **made}


Record: TypeAlias = Annotation | State


@dataclass(frozen=True, slots=True)
class Change:
    """One record before and after a decision; None where it is not there."""

    before: Record | None
    after: Record | None

    @property
    def id(self) -> str:
        """The id of the record that changes."""
        one = self.after or self.before
        assert one is not None
        return one.id

    @property
    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.after, self.before)

    def stamped(self, by: str, at: str, rev: int) -> Change:
        """The change with who, when and which revision written into what it leaves."""
        return Change(self.before, self.after and replace(self.after, by=by, at=at, rev=rev))

    def plain(self) -> Plain:
        """The change as JSON holds it."""
        return {
            "annotation": self.id,
            "before": self.before.plain() if self.before else None,
            "after": self.after.plain() if self.after else None,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person did, as the journal keeps it.

    Attributes:
        seq: 1 for the first of a journal, without a gap.
        of: for undo and redo, the `seq` of the decision they take back or repeat; else 0.
        session: which run of the program it came from.
        app: the program and its version.
        reason: why, where that is asked for: in `redact`.
        is_erased: whether what it changed was erased on request; only who, when and which is left.
    """

    seq: int
    at: str
    by: str
    layer: str
    document: str
    action: Action
    changes: tuple[Change, ...]
    of: int = 0
    session: str = ""
    app: str = ""
    reason: str = ""
    is_erased: bool = False

    @property
    def annotation(self) -> str:
        """The id of the record that changed first."""
        return self.changes[0].id if self.changes else ""

    def _head(self) -> Plain:
        head: Plain = {
            "seq": self.seq,
            "at": self.at,
            "by": self.by,
            "layer": self.layer,
            "document": self.document,
            "action": str(self.action),
        }
        head |= {"of": self.of} if self.of else {}
        head |= {"reason": self.reason} if self.reason else {}
        return head | ({"redacted": True} if self.is_erased else {})

    def rows(self) -> list[Plain]:
        """One row for each record that changed, as `purport log --json` prints them.

        A decision without changes, such as a redaction, is a row without an annotation.
        """
        nothing: Plain = {"annotation": "", "before": None, "after": None}
        made = [change.plain() for change in self.changes] or [nothing]
        return [self._head() | row for row in made]

    def plain(self) -> Plain:
        """The decision as a TinyDB file holds it."""
        return self._head() | {"changes": [change.plain() for change in self.changes]}


ENTITY: Final = mould(Entity)  # all values, in their order
CLAIM: Final = mould(Claim)
STATUSES: Final[Mapping[str, Status]] = {str(one): one for one in Status}  # by its word


def suggestion_id(layer: str, kind: str, span: Span, value: str = "") -> str:
    """An id that the same suggestion of the same model gets again when its layer is made anew."""
    seed = f"{layer}|{kind}|{span.start}|{span.end}|{value}"
    return "s" + sha256(seed.encode()).hexdigest()[:11]


def _plain(record: Annotation, own: Plain) -> Plain:
    made: Plain = {
        "id": record.id,
        "kind": record.kind,
        "start": record.span.start,
        "end": record.span.end,
        "text": record.text,
        **own,
        "status": str(record.status),
    }
    for name in ("note", "by", "at", "rev"):
        if value := getattr(record, name):
            made[name] = value
    if record.score is not None:
        made["score"] = record.score
    if record.origin:
        made["origin"] = record.origin.plain()
    return made
