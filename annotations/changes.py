"""What one decision does to one annotation: pure functions from a record to a change."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from annotations.errors import RefusedError
from annotations.evidence import Holder, Provenance
from annotations.records import Annotation, Change, Claim, Entity, State, Status
from annotations.schema import Schema, nearest
from annotations.span import Span
from annotations.text import Text


def _decided(annotation: Annotation, **parts: Any) -> Annotation:
    """The person's own copy: it remembers the suggestion that it began as."""
    if annotation.origin is None and annotation.status is Status.SUGGESTED:
        raise RefusedError("A suggestion without its model's name cannot be decided on.")
    return replace(annotation, **parts)


def _mended(annotation: Annotation) -> Status:
    """The status after a correction: what the person added stays added."""
    return Status.ADDED if annotation.origin is None else Status.CORRECTED


def _before(annotation: Annotation) -> Annotation | None:
    """What the person's layer holds now: nothing, while it is only a suggestion."""
    return None if annotation.status is Status.SUGGESTED else annotation


def suggested(annotation: Annotation, layer: str, why: tuple[str, ...] = ()) -> Annotation:
    """The annotation as a suggestion of a model's layer, with its own provenance."""
    origin = Provenance(
        layer=layer,
        start=annotation.span.start,
        end=annotation.span.end,
        values=annotation.values(),
        score=annotation.score,
        why=why,
    )
    return replace(annotation, status=Status.SUGGESTED, origin=origin)


def accept(annotation: Annotation) -> Change:
    """The annotation stands as it is; one that was corrected before stays corrected."""
    status = Status.ACCEPTED if _is_as_suggested(annotation) else _mended(annotation)
    return Change(_before(annotation), _decided(annotation, status=status))


def _is_as_suggested(annotation: Annotation) -> bool:
    origin = annotation.origin
    return (
        origin is not None
        and annotation.span == Span(origin.start, origin.end)
        and annotation.values() == dict(origin.values)
    )


def reject(annotation: Annotation) -> Change:
    """The annotation is wrong; a suggestion is kept as rejected, what a person added goes."""
    if annotation.origin is None:
        return Change(annotation, None)
    return Change(_before(annotation), _decided(annotation, status=Status.REJECTED))


remove = reject
"""Taking out what stood before: the same change, kept as a decision of another name."""


def relabel(entity: Entity, label: str, schema: Schema) -> Change:
    """The entity has another label.

    Raises:
        RefusedError: the schema has no such label.
    """
    if not schema.has_label(label):
        names = [one.name for one in schema.labels]
        raise RefusedError(
            f"Not saved: {label!r} is no label of this project; {nearest(label, names)}"
        )
    return _corrected(entity, label=label)


def resize(annotation: Annotation, span: Span, text: Text) -> Change:
    """The annotation covers another span.

    Raises:
        RefusedError: the span is empty, or begins or ends in white space.
    """
    if text.trimmed(span.start, span.end) != span:
        raise RefusedError("Not saved: a span starts and ends on a word.")
    return _corrected(annotation, span=span, text=span.of(text))


def tag(claim: Claim, field: str, value: Any, schema: Schema) -> Change:
    """The claim has another value in one field; what does not go with it is put right.

    A stance takes its own best certainty where the one before had no such certainty, as `open`
    is uncommitted. A likelihood that the new stance and certainty gainsay goes; it is back when
    they are again what the suggestion had.

    Args:
        field: a field of the schema, `doubt`, or `likelihood`, which None takes out.

    Raises:
        RefusedError: the schema has no such value.
        UnknownError: the schema has no such field.
    """
    if field == "doubt":
        return _corrected(claim, doubt=bool(value))
    if field == "likelihood":
        return _corrected(claim, likelihood=value)
    if value not in schema.names(field):
        raise RefusedError(
            f"Not saved: {value!r} is no {field}; {nearest(value, schema.names(field))}"
        )
    if field not in ("stance", "certainty"):
        return _corrected(claim, **{field: value})
    pair = {"stance": claim.stance, "certainty": claim.certainty} | {field: value}
    if field == "stance" and not schema.shares_best(claim.stance, value):
        pair["certainty"] = next(two for one, two in schema.pairs if one == value)
    stance, certainty = schema.settle(pair["stance"], pair["certainty"], field)
    likelihood = fitting(claim, stance, certainty)
    return _corrected(claim, stance=stance, certainty=certainty, likelihood=likelihood)


def fitting(claim: Claim, stance: str, certainty: str) -> Mapping[str, Any] | None:
    """The claim's likelihood under another stance and certainty; None where it does not fit."""
    pair, kept = (stance, certainty), claim.likelihood
    if pair == (claim.stance, claim.certainty):
        return kept
    values = claim.origin.values if claim.origin else {}
    if pair == (values.get("stance"), values.get("certainty")):
        return values.get("likelihood")
    ends = str(kept.get("range", "")).split("-") if kept else []
    if len(ends) != 2 or not all(one.isdecimal() for one in ends):
        return None
    low, high = map(int, ends)
    fits = {
        ("affirms", "probable"): low >= 50,
        ("denies", "probable"): high <= 50,
        ("affirms", "possible"): low <= 50 <= high,
        ("denies", "possible"): low <= 50 <= high,
    }
    return kept if fits.get(pair) else None


def hold(claim: Claim, holder: Holder) -> Change:
    """The claim is held by somebody else."""
    return _corrected(claim, holder=holder)


def note(annotation: Annotation, words: str) -> Change:
    """The annotation carries a remark; a suggestion is accepted with it."""
    noted = replace(annotation, note=words.strip())
    if annotation.status is Status.SUGGESTED:
        return Change(None, accept(noted).after)
    return Change(annotation, noted)


def add_entity(span: Span, label: str, text: Text, schema: Schema) -> Change:
    """A person marks an entity that no model suggested.

    Raises:
        RefusedError: the schema has no such label, or the span does not start and end on a word.
    """
    entity = Entity(id=new_id(), span=span, text=span.of(text), label=label, status=Status.ADDED)
    labelled = relabel(entity, label, schema).after
    assert isinstance(labelled, Entity)
    return Change(None, resize(labelled, span, text).after)


def add_claim(span: Span, text: Text, schema: Schema, **parts: Any) -> Change:
    """A person marks a claim; fields that are not given take the schema's defaults.

    Raises:
        RefusedError: the span does not start and end on a word.
    """
    claim = schema.blank_claim(
        id=new_id(), span=span, text=span.of(text), status=Status.ADDED, **parts
    )
    return Change(None, resize(claim, span, text).after)


def finish(state: State, finished: bool = True) -> Change:
    """The document is done, or open again."""
    return Change(state if state.rev else None, replace(state, finished=finished))


def flag(state: State, annotation_id: str) -> Change:
    """A suggestion is to be come back to, or no longer; it stays undecided."""
    flags = tuple(one for one in state.flags if one != annotation_id)
    if flags == state.flags:
        flags = (*flags, annotation_id)
    return Change(state if state.rev else None, replace(state, flags=flags))


def reveal(state: State) -> Change:
    """The suggestions are shown to a person who began without them."""
    return Change(state if state.rev else None, replace(state, revealed=True))


def new_id() -> str:
    """An id for an annotation that a person adds: `a` and 11 random hex digits."""
    return "a" + secrets.token_hex(6)[:11]


def _corrected(annotation: Annotation, **parts: Any) -> Change:
    changed = _decided(annotation, **parts)
    status = Status.ACCEPTED if _is_as_suggested(changed) else _mended(changed)
    return Change(_before(annotation), replace(changed, status=status))


def differs(change: Change) -> bool:
    """Whether the change leaves something else than it found."""
    before, after = change.before, change.after
    if before is None or after is None:
        return before is not after
    return _content(before.plain()) != _content(after.plain())


def _content(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if name not in ("by", "at", "rev")}


def alike(one: Annotation, model: Annotation) -> bool:
    """Whether `one` is decided as `model` is: standing, with the same values."""
    return one.status.stands and model.status.stands and one.values() == model.values()


def liken(place: Annotation | Span, model: Annotation, text: Text, schema: Schema) -> Change:
    """Decide another place with the same words as `model` is decided.

    Raises:
        RefusedError: the schema does not allow it, or bare words are to be rejected.
    """
    if isinstance(place, Span):
        if isinstance(model, Entity):
            return add_entity(place, model.label, text, schema)
        return add_claim(place, text, schema, **_fields(model))
    if model.status is Status.REJECTED:
        return reject(place)
    if isinstance(place, Entity) and isinstance(model, Entity):
        return relabel(place, model.label, schema)
    assert isinstance(model, Claim)
    return _corrected(place, **_fields(model))


def _fields(claim: Claim) -> dict[str, Any]:
    names = ("stance", "certainty", "holder", "frame", "time", "quote", "doubt")
    return {name: getattr(claim, name) for name in names}
