"""What every reader shares: the offsets' unit, the project's documents, and what found no place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from annotations.errors import InputError, PurportError
from annotations.evidence import AUTHOR, GENERIC, UNNAMED, Holder, Link, Provenance
from annotations.field_checks import LABEL_LIMIT, NOTE_LIMIT
from annotations.formats.documents import Labelled
from annotations.formats.markup import held
from annotations.formats.reading.offsets import Mark, Unit, measure, place
from annotations.formats.reading.omissions import Omissions
from annotations.formats.reading.soundness import annotation, is_number, sound
from annotations.formats.reading.units import Evidence
from annotations.records import (
    ENTITY,
    STATUSES,
    Annotation,
    Claim,
    Document,
    Entity,
    Plain,
    Status,
)
from annotations.schema import Schema, default
from annotations.span import Span, span_at
from annotations.storage.notation import ASCII, PACKED
from annotations.text import Text

CLAIM: Final = "CLAIM"
"""The label of a claim in a format that has labels alone."""

FIELDS: Final = ("stance", "certainty", "frame", "time", "quote")
_SAME: Final = {
    "affirm": "affirms",
    "affirmed": "affirms",
    "asserts": "affirms",
    "support": "affirms",
    "deny": "denies",
    "denied": "denies",
    "negates": "denies",
    "neutral": "open",
    "likely": "probable",
    "unlikely": "probable",
    "uncertain": "possible",
    "unknown": "uncommitted",
}


@dataclass
class Intake:
    """What a reader is told, and where it says what it could not place.

    Attributes:
        unit: what the file's offsets count; None for what its format usually does.
        find: a document of the project by id or title, for files that hold no text.
        documents: all of them, for files that do not say which they are about.
        schema: which values a claim may have.
        unplaced: one line for each annotation that was left out.
        notes: one line for each that was placed otherwise than the file says.
        omissions: what there was in a file that an annotation cannot be: relations, events, tags.
        suggests: whether all that is read becomes a model's suggestions. Who decided it, and what
            it began as, is not read then.
        evidence: what the spans read so far tell of the unit, where none was asked for.
    """

    unit: Unit | None = None
    find: Callable[[str], Document | None] = lambda _: None
    documents: Callable[[], Iterable[Document]] = tuple
    schema: Schema = field(default_factory=default)
    unplaced: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    omissions: Omissions = field(default_factory=Omissions)
    suggests: bool = False
    evidence: Evidence = field(default_factory=Evidence)

    def labelled(
        self,
        document: Document,
        marks: Sequence[Mark],
        where: str,
        *,
        usual: Unit = Unit.CODE_POINT,
        pack: Mapping[str, Any] | None = None,
        annotator: str = "",
        finished: bool = True,
    ) -> Labelled:
        """The document with what its marks say, each checked against the text.

        Args:
            document: its text, title and metadata.
            marks: what the file's own fields say.
            where: the file and place, for messages.
            usual: the unit where none was asked for.
            pack: what `pack` wrote beside the marks; it brings back what the format cannot hold,
                for the marks that nobody has changed since.
            annotator: whose work it is, where the file says so.
            finished: whether the document is done, where the file says so.

        Raises:
            InputError: the offsets are plainly in another unit, or the pack is broken.
        """
        kept = unpack(pack, document.text, where, suggests=self.suggests) if pack else None
        if kept is not None and _is_as_packed(kept, marks, self.unit or usual):
            return kept
        is_certain = kept is not None or self.unit is not None
        evidence = None if is_certain else self.evidence
        spans = place(document.text, marks, self.unit or usual, where, evidence)
        waiting: dict[tuple[str, Span], list[Annotation]] = {}
        for one in kept.standing if kept else ():
            waiting.setdefault((one.kind, one.span), []).append(one)
        found: list[Annotation] = []
        for number, (mark, span) in enumerate(zip(marks, spans, strict=True)):
            if span is None:
                self.unplaced.append(f"{where}: {mark} does not fit the text")
                continue
            if type(mark.label) is not str or type(mark.note) is not str:
                self.unplaced.append(f"{where}: {mark} has a label or a note that is no text")
                continue
            if len(mark.label) > LABEL_LIMIT or len(mark.note) > NOTE_LIMIT:
                self.unplaced.append(
                    f"{where}: {mark.start}-{mark.end} has a label over {LABEL_LIMIT:,} or a note "
                    f"over {NOTE_LIMIT:,} characters"
                )
                continue
            same = waiting.get((mark.kind, span), []) if waiting else []
            at = next((at for at, one in enumerate(same) if _agrees(one, mark)), -1) if same else -1
            if at >= 0:
                found.append(same.pop(at))
            else:
                if mark.score is not None and not is_number(mark.score):
                    self.omissions.add("scores that are no finite number", where)
                    mark.score = None
                found.append(self._made(mark, span, document.text, f"x{number}"))
        standing = [one for one in found if one.status is not Status.REJECTED]
        rejected = tuple(one for one in found if one.status is Status.REJECTED)
        return Labelled(
            document=kept.document if kept else document,
            annotator=kept.annotator if kept else annotator,
            finished=kept.finished if kept else finished,
            entities=tuple(one for one in standing if isinstance(one, Entity)),
            claims=tuple(one for one in standing if isinstance(one, Claim)),
            rejected=kept.rejected if kept else rejected,
        )

    def _made(self, mark: Mark, span: Span, text: Text, new: str) -> Annotation:
        if mark.kind == Entity.kind:
            get = mark.decided.get
            head = (new, span, text[span.start : span.end], mark.label)
            decided = (get("status", Status.SUGGESTED), mark.note, get("by", ""), get("at", ""))
            return ENTITY(*head, *decided, get("rev", 0), mark.score, get("origin"))
        common: dict[str, Any] = {
            "id": new,
            "span": span,
            "text": span.of(text),
            "score": mark.score,
            "note": mark.note,
            **mark.decided,
        }
        fields = {
            name: self._value(name, value)
            for name, value in mark.fields.items()
            if name in FIELDS and value
        }
        holder = mark.fields.get("holder")
        if not isinstance(holder, tuple):
            holder = named_holder(holder, text, span)
        made = self.schema.blank_claim(
            holder=holder, doubt=bool(mark.fields.get("doubt")), **common, **fields
        )
        said = {"stance", "certainty"} & set(fields)
        if len(said) == 1 and fields[name := said.pop()] in self.schema.names(name):
            stance, certainty = self.schema.settle(made.stance, made.certainty, name)
            made = replace(made, stance=stance, certainty=certainty)
        return made

    def _value(self, name: str, value: Any) -> str:
        word = str(value).strip().lower()
        known = self.schema.names(name)
        return word if word in known else _SAME.get(word, str(value))


def named_holder(name: Any, text: Text, span: Span) -> Holder:
    """The chain of a holder that a file names: the nearest such words ahead of the claim, or behind."""
    words = str(name or "").strip()
    if not words or words.lower() in ("author", "none", "null"):
        return (AUTHOR,)
    for kind in (UNNAMED, GENERIC):
        if words.lower() == kind.kind:
            return (kind, AUTHOR)
    at = text.rfind(words, 0, span.start)
    if at < 0:
        at = text.find(words)
    return (Link("span", words, at), AUTHOR) if at >= 0 else (AUTHOR,)


def _is_as_packed(kept: Labelled, marks: Sequence[Mark], unit: Unit) -> bool:
    """Whether the marks are, one by one, what the pack has: nobody changed them since."""
    standing, count = kept.standing, measure(kept.document.text, unit)
    if len(marks) != len(standing):
        return False
    for mark, one in zip(marks, standing, strict=True):
        start, end = one.span.start, one.span.end
        if count is not int:
            start, end = count(start), count(end)
        if mark.start != start or mark.end != end or mark.kind != one.kind:
            return False
        if mark.words is not None and mark.words != one.text:
            return False
        if not _agrees(one, mark):
            return False
    return True


def _agrees(one: Annotation, mark: Mark) -> bool:
    if isinstance(one, Entity):
        return one.label == mark.label or held(one.label) == mark.label
    return all(getattr(one, name) == value for name, value in mark.fields.items() if name in FIELDS)


def pack(one: Labelled) -> str:
    """All that is known of a document but its text, as JSON, to stand beside a format's own fields."""
    document = one.document
    head = ASCII.encode(
        {
            "id": document.id,
            "title": document.title,
            "source": document.source,
            "added_at": document.added_at,
            "meta": dict(document.metadata),
            "annotator": one.annotator,
            "finished": one.finished,
        }
    )
    lists = (PACKED.list(one.standing), PACKED.list(one.rejected))
    return f'{head[:-1]}, "annotations": {lists[0]}, "rejected": {lists[1]}}}'


def carrying(fields: Plain, one: Labelled, name: str = "purport", **written: str) -> str:
    """A format's own fields as a JSON object, with what `pack` makes behind them as one more.

    Args:
        fields: what the encoder is to write.
        one: what is packed.
        name: what the pack is called.
        written: further fields, that are JSON already.
    """
    head = ASCII.encode(fields)[:-1] + ", " if fields else "{"
    more = "".join(f'"{key}": {value}, ' for key, value in written.items())
    return f'{head}{more}"{name}": {pack(one)}}}'


def unpack(
    plain: Mapping[str, Any], text: Text, where: str, *, suggests: bool = False
) -> Labelled | None:
    """What `pack` wrote; None if the text is not the one that it was written for.

    Args:
        plain: what stands in the file.
        text: the document's.
        where: the file and place, for messages.
        suggests: leave out what the annotations began as, as in `Intake`.

    Raises:
        InputError: it is no such thing.
    """
    try:
        if plain["id"] != text.id:
            return None
        read = _suggestion if suggests else _annotation
        found = [sound(read(each), text) for each in plain["annotations"]]
        return Labelled(
            document_of(plain, text),
            annotator=plain["annotator"],
            finished=plain["finished"],
            entities=tuple(each for each in found if isinstance(each, Entity)),
            claims=tuple(each for each in found if isinstance(each, Claim)),
            rejected=tuple(sound(_annotation(each), text) for each in plain["rejected"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError, PurportError) as error:
        raise InputError(
            f"{where}: the part that purport wrote is damaged ({error}); take it out to read the rest."
        ) from None


def document_of(plain: Mapping[str, Any], text: Text) -> Document:
    """The document that purport wrote beside its annotations.

    Raises:
        KeyError: something is missing.
        InputError: something is no such thing.
    """
    for name in ("title", "source", "added_at", "annotator"):
        if type(plain[name]) is not str:
            raise InputError(f"its {name} {plain[name]!r:.60} is no text")
    if not isinstance(plain["meta"], Mapping) or type(plain["finished"]) is not bool:
        raise InputError('its "meta" is no object, or its "finished" neither true nor false')
    return Document(text, plain["title"], plain["source"], plain["added_at"], plain["meta"])


def _annotation(plain: Plain) -> Annotation:
    origin = plain.get("origin")
    if not isinstance(origin, str):
        return _parsed(plain)
    one = _parsed({**plain, "origin": None})  # it stands as that layer suggested it
    span, values = one.span, one.values()
    return replace(one, origin=Provenance(origin, span.start, span.end, values, one.score))


def _parsed(plain: Plain) -> Annotation:
    return annotation(plain)


def _suggestion(plain: Plain) -> Annotation:
    """The annotation without what a suggestion has of its own: who decided, and what it began as."""
    if plain["kind"] != Entity.kind:
        return _parsed({**plain, "origin": None})
    get, span = plain.get, span_at(plain["start"], plain["end"])
    head = (plain["id"], span, plain["text"], plain["label"], Status.SUGGESTED)
    return ENTITY(*head, get("note", ""), "", "", 0, get("score"), None)


def fields_of(claim: Claim) -> dict[str, str]:
    """A claim's fields in words, as a format with plain attributes holds them."""
    made = {name: getattr(claim, name) for name in FIELDS}
    return made | {"holder": claim.holder_name}


def suggestion(status: Any) -> Status:
    """The status that a file names, else that of a suggestion."""
    return STATUSES.get(status, Status.SUGGESTED) if isinstance(status, str) else Status.SUGGESTED
