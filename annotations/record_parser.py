"""Records as they are read from a project's files: each value is checked before it is used.

A file may come from anybody. This is the one definition of a valid record: what is read here has
the right types, whole offsets in order, known kinds and statuses, finite numbers and real times.
What is written is held to the same limits, so that the program can read what it wrote.

Each function first makes all of its checks at once, which is quick; only when one of them fails
does it look for the field to name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from annotations.evidence import AUTHOR, CUE, LINK, PROVENANCE, Cue, Holder, Link, Plain, Provenance
from annotations.field_checks import (
    FIELDS,
    LABEL_LIMIT,
    LARGEST,
    LINKS_LIMIT,
    NAME_LIMIT,
    NOTE_LIMIT,
    Check,
    RecordError,
    are_flags,
    are_reasons,
    are_values,
    each,
    is_annotation_id,
    is_bool,
    is_count,
    is_id,
    is_label,
    is_likelihood,
    is_note,
    is_score,
    is_status,
    is_string,
    is_target,
    is_text,
    is_time,
    is_time_or_empty,
    object_of,
    problem,
    refuse,
    within,
)
from annotations.records import (
    CLAIM,
    ENTITY,
    STATUSES,
    Annotation,
    Claim,
    Entity,
    Record,
    State,
)
from annotations.span import SPAN

# What an annotation rests on

_PROVENANCE: Final[Mapping[str, Check]] = {"layer": is_id, "start": is_count, "end": is_count}
_PROVENANCE_MORE: Final[Mapping[str, Check]] = {
    "values": are_values,
    "score": is_score,
    "why": are_reasons,
}


def provenance(plain: Any) -> Provenance:
    """The provenance of `Provenance.plain()`.

    Raises:
        RecordError: it is not valid.
    """
    get = object_of(plain).get
    layer, start, end, score = get("layer"), get("start"), get("end"), get("score")
    values, why = get("values", {}), get("why", ())
    if (
        type(layer) is str
        and 0 < len(layer) <= NAME_LIMIT
        and type(start) is type(end) is int
        and 0 <= start <= end <= LARGEST
        and (
            is_label(values["label"])
            if type(values) is dict and len(values) == 1 and "label" in values
            else are_values(values)
        )
        and (score is None or is_score(score))
        and (why == () or are_reasons(why))
    ):
        if "holder" in values:
            each("values.holder", values["holder"], link, LINKS_LIMIT)
        return PROVENANCE(layer, start, end, values, score, tuple(why))
    refuse(plain, _PROVENANCE, _PROVENANCE_MORE)
    raise RecordError(f"end: {problem(end, 'an offset that is not before the start')}")


_LINK: Final[Mapping[str, Check]] = {"text": is_note, "entity": is_text}
_NAMED: Final = frozenset({"entity", "span"})
_NAMELESS: Final = frozenset({"author", "unnamed", "generic"})


def link(plain: Any) -> Link:
    """The link of `Link.plain()`.

    Raises:
        RecordError: it is not valid.
    """
    if plain == _AUTHOR:
        return AUTHOR  # the end of every chain
    get = object_of(plain).get
    kind, text, start, entity = get("kind"), get("text", ""), get("start", -1), get("entity", "")
    if (
        type(kind) is type(text) is type(entity) is str
        and (kind in _NAMED if text else kind in _NAMELESS and plain == {"kind": kind})
        and len(text) <= NOTE_LIMIT
        and len(entity) <= NAME_LIMIT
        and type(start) is int
        and -bool(not text) <= start <= LARGEST
    ):
        return LINK(kind, text, start, entity)
    refuse(plain, {}, _LINK)
    if type(kind) is str and kind in _NAMED:
        refuse(plain, {"text": is_id, "start": is_count}, {})
    if type(kind) is str and kind in _NAMELESS:
        raise RecordError(f"kind: {kind} has neither words nor an entity")
    raise RecordError(f"kind: {problem(kind, 'one of ' + ', '.join(sorted(_NAMED | _NAMELESS)))}")


_AUTHOR: Final = AUTHOR.plain()
_CUE: Final[Mapping[str, Check]] = {"start": is_count, "end": is_count, "kind": is_label}


def cue(plain: Any) -> Cue:
    """The cue of `Cue.plain()`.

    Raises:
        RecordError: it is not valid.
    """
    get = object_of(plain).get
    start, end, kind, effect = get("start"), get("end"), get("kind"), get("effect", "")
    if (
        type(start) is type(end) is int
        and 0 <= start <= end <= LARGEST
        and type(kind) is type(effect) is str
        and len(kind) <= LABEL_LIMIT
        and len(effect) <= LABEL_LIMIT
    ):
        return CUE(start, end, kind, effect)
    refuse(plain, _CUE, {"effect": is_label})
    raise RecordError(f"end: {problem(end, 'an offset that is not before the start')}")


# Annotations

_COMMON: Final[Mapping[str, Check]] = {
    "id": is_annotation_id,
    "start": is_count,
    "end": is_count,
    "text": is_string,
    "status": is_status,
}
_DECIDED: Final[Mapping[str, Check]] = {
    "note": is_note,
    "by": is_text,
    "at": is_time_or_empty,
    "rev": is_count,
    "score": is_score,
}
_ENTITY: Final[Mapping[str, Check]] = {**_COMMON, "label": is_label}
_CLAIM: Final[Mapping[str, Check]] = {**_COMMON, **dict.fromkeys(FIELDS, is_label)}
_CLAIM_MORE: Final[Mapping[str, Check]] = {
    **_DECIDED,
    "likelihood": is_likelihood,
    "target": is_target,
    "doubt": is_bool,
}


def entity(plain: Any) -> Entity:
    """The entity of `Entity.plain()`.

    Raises:
        RecordError: it is not valid.
    """
    get = object_of(plain).get
    own, start, end, text = get("id"), get("start"), get("end"), get("text")
    label, status, origin = get("label"), get("status"), get("origin")
    if (
        _is_placed(own, start, end, text)
        and type(label) is str
        and len(label) <= LABEL_LIMIT
        and type(status) is str
        and status in STATUSES
    ):
        note, by, at, rev, score = _decided(plain)
        began = None if origin is None else _origin(origin)
        return ENTITY(
            own, SPAN(start, end), text, label, STATUSES[status], note, by, at, rev, score, began
        )
    raise _misplaced(plain, _ENTITY)


def claim(plain: Any) -> Claim:
    """The claim of `Claim.plain()`.

    Raises:
        RecordError: it is not valid.
    """
    get = object_of(plain).get
    own, start, end, text = get("id"), get("start"), get("end"), get("text")
    status, origin = get("status"), get("origin")
    likelihood, target, doubt = get("likelihood"), get("target"), get("doubt", False)
    stance, certainty, frame = get("stance"), get("certainty"), get("frame")
    time, quote = get("time"), get("quote")
    if not (
        _is_placed(own, start, end, text)
        and type(stance) is type(certainty) is type(frame) is type(time) is type(quote) is str
        and max(len(stance), len(certainty), len(frame), len(time), len(quote)) <= LABEL_LIMIT
        and (likelihood is None or is_likelihood(likelihood))
        and (target is None or is_target(target))
        and type(doubt) is bool
        and type(status) is str
        and status in STATUSES
    ):
        raise _misplaced(plain, _CLAIM, _CLAIM_MORE)
    holder = _holder(get("holder"))
    cues = each("cues", get("cues", ()), cue)
    aim = SPAN(*target) if target else None
    note, by, at, rev, score = _decided(plain)
    began = None if origin is None else _origin(origin)
    return CLAIM(
        *(own, SPAN(start, end), text, stance, certainty, holder, frame, time, likelihood, quote),
        *(cues, aim, doubt, STATUSES[status], note, by, at, rev, score, began),
    )


def _holder(rows: Any) -> Holder:
    """A chain of at least one link; the last is the author."""
    chain: Holder = each("holder", rows, link, LINKS_LIMIT)
    if not chain or chain[-1].kind != AUTHOR.kind:
        raise RecordError("holder: it is not valid; it should be a chain that ends in the author")
    return chain


def _is_placed(own: Any, start: Any, end: Any, text: Any) -> bool:
    return (
        type(own) is type(text) is str
        and 0 < len(own) <= NAME_LIMIT
        and own != "document"
        and type(start) is type(end) is int
        and 0 <= start < end
        and end - start == len(text)
        and end <= LARGEST
    )


def _decided(plain: Plain) -> tuple[str, str, str, int, Any]:
    """Note, by, at, rev and score; most records of a model have none but the last."""
    get = plain.get
    note, by, at, rev, score = (
        get("note", ""), get("by", ""), get("at", ""), get("rev", 0), get("score")
    )  # fmt: skip
    if (
        type(note) is type(by) is type(at) is str
        and len(note) <= NOTE_LIMIT
        and len(by) <= NAME_LIMIT
        and (at == "" or is_time(at))
        and type(rev) is int
        and 0 <= rev <= LARGEST
        and (score is None or is_score(score))
    ):
        return note, by, at, rev, score
    refuse(plain, {}, _DECIDED)
    raise AssertionError  # the two lists of checks are the same


def _misplaced(
    plain: Plain, needed: Mapping[str, Check], optional: Mapping[str, Check] = _DECIDED
) -> RecordError:
    """What is wrong with a record whose first checks failed."""
    try:
        refuse(plain, needed, optional)
    except RecordError as error:
        return error
    start, end, text = plain["start"], plain["end"], plain["text"]
    if start >= end:
        return RecordError(f"end: {problem(end, f'an offset after the start, {start}')}")
    words = f"{end - start} characters, as the span {start}-{end} has"
    return RecordError(f"text: {len(text)} characters are not valid; it should be {words}")


def _origin(plain: Any) -> Provenance:
    try:
        return provenance(plain)
    except RecordError as error:
        raise within("origin", error) from None


# Whole records and decisions

_STATE: Final[Mapping[str, Check]] = {
    "finished": is_bool,
    "by": is_text,
    "at": is_time_or_empty,
    "rev": is_count,
}
_STATE_MORE: Final[Mapping[str, Check]] = {"flags": are_flags, "revealed": is_bool}


def state(plain: Any) -> State:
    """The state of `State.plain()`.

    Raises:
        RecordError: it is not valid.
    """
    get = object_of(plain).get
    refuse(plain, _STATE, _STATE_MORE)
    finished, by, at, rev = (plain[name] for name in _STATE)
    flags = tuple(get("flags", ()))
    return State(finished, by, at, rev, flags, get("revealed", False))


_KINDS: Final[Mapping[str, Callable[[Any], Record]]] = {
    Entity.kind: entity,
    Claim.kind: claim,
    State.kind: state,
}


def record(plain: Any) -> Record:
    """The record of any `plain()`, by its kind.

    Raises:
        RecordError: it is not valid.
    """
    kind = object_of(plain).get("kind")
    parse = _KINDS.get(kind) if type(kind) is str else None
    if parse is None:
        raise RecordError(f"kind: {problem(kind, 'one of ' + ', '.join(_KINDS))}")
    return parse(plain)


def annotation(plain: Any) -> Annotation:
    """The entity or claim of its `plain()`.

    Raises:
        RecordError: it is not valid.
    """
    made = record(plain)
    if isinstance(made, State):
        raise RecordError(f"kind: {problem(State.kind, 'entity or claim')}")
    return made


def too_long(one: Annotation) -> str:
    """What is too long in an annotation to be read again once it is written; empty for nothing."""
    if len(one.note) > NOTE_LIMIT:
        return f"a note has at most {NOTE_LIMIT:,} characters, and this one {len(one.note):,}"
    values = [one.label] if isinstance(one, Entity) else [getattr(one, name) for name in FIELDS]
    if (longest := max(map(len, values))) > LABEL_LIMIT:
        return f"a value has at most {LABEL_LIMIT:,} characters, and this one {longest:,}"
    return ""


def is_row(plain: Any) -> bool:
    """Whether what an index or a queue takes of an annotation is valid; nothing is made of it.

    It takes a tenth of the time of `annotation`, which then says what is wrong.
    """
    if type(plain) is not dict:
        return False
    get = plain.get
    kind, status, note = get("kind"), get("status"), get("note", "")
    return (
        _is_placed(get("id"), get("start"), get("end"), get("text"))
        and type(status) is type(kind) is type(note) is str
        and status in STATUSES
        and len(note) <= NOTE_LIMIT
        and is_score(get("score"))
        and (
            is_label(get("label"))
            if kind == Entity.kind
            else kind == Claim.kind
            and is_label(get("stance"))
            and is_label(get("certainty"))
            and _is_chain(get("holder"))
        )
    )


def _is_chain(rows: Any) -> bool:
    try:
        return bool(_holder(rows))
    except RecordError:
        return False
