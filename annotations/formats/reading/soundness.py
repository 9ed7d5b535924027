"""What comes of a file as records are to have it: of the right types, finite, in whole characters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import Any, Final

from annotations import record_parser
from annotations.errors import InputError
from annotations.evidence import Provenance
from annotations.field_checks import LABEL_LIMIT, NAME_LIMIT, NOTE_LIMIT, is_text, is_time_or_empty
from annotations.records import Annotation, Claim, Entity
from annotations.text import Text

_HIGHEST: Final = 1.7976931348623157e308


def is_number(value: Any) -> bool:
    """Whether it is a finite number, as a score has to be; a bool is none."""
    return type(value) in (int, float) and -_HIGHEST <= value <= _HIGHEST


def annotation(plain: Any) -> Annotation:
    """The entity or claim of its `plain()`; a time stays as another program writes it.

    Raises:
        RecordError: it is not valid.
    """
    at = plain.get("at") if type(plain) is dict else None
    if is_text(at) and not is_time_or_empty(at):
        return replace(record_parser.annotation({**plain, "at": ""}), at=str(at))
    return record_parser.annotation(plain)


def sound(one: Annotation, text: Text) -> Annotation:
    """The annotation, if each of its values is what it is to be, and its words are the text's.

    Raises:
        InputError: one of them is not, or the span leaves the text.
    """
    span = one.span
    if type(span.start) is not int or type(span.end) is not int:
        raise InputError(f"{span.start!r:.40} and {span.end!r:.40} are no offsets")
    words = text[span.start : span.end]
    if one.text != words or len(words) != span.end - span.start or not words:
        span.of(text)  # which says so where it leaves the text
        raise InputError(
            f"the text has other words than {str(one.text)[:60]!r} at {span.start}-{span.end}; "
            "are the offsets code points?"
        )
    if not (
        type(one.id) is type(one.note) is type(one.by) is type(one.at) is str
        and type(one.rev) is int
        and max(len(one.id), len(one.by)) <= NAME_LIMIT
        and len(one.note) <= NOTE_LIMIT
        and (one.score is None or is_number(one.score))
        and (one.origin is None or _is_sound_origin(one.origin))
        and (_is_label(one.label) if isinstance(one, Entity) else _is_sound_claim(one))
    ):
        raise InputError(f"a value of {one.text[:60]!r} is of the wrong kind")
    return one


def _is_label(value: Any) -> bool:
    return is_text(value, LABEL_LIMIT)


def _is_sound_origin(one: Provenance) -> bool:
    return (
        type(one.layer) is str
        and type(one.start) is type(one.end) is int
        and isinstance(one.values, Mapping)
        and (one.score is None or is_number(one.score))
        and all(type(word) is str for word in one.why)
    )


def _is_sound_claim(one: Claim) -> bool:
    words = (one.stance, one.certainty, one.frame, one.time, one.quote)
    return (
        all(map(_is_label, words))
        and type(one.doubt) is bool
        and (one.likelihood is None or isinstance(one.likelihood, Mapping))
        and (one.target is None or type(one.target.start) is type(one.target.end) is int)
        and all(
            type(link.kind) is type(link.text) is type(link.entity) is str
            and type(link.start) is int
            for link in one.holder
        )
        and all(
            type(cue.start) is type(cue.end) is int and type(cue.kind) is type(cue.effect) is str
            for cue in one.cues
        )
    )


def readable(words: str) -> str:
    """The words with a sign for each half character, such as a path has that is not UTF-8."""
    return words if words.isascii() else words.encode("utf-8", "replace").decode("utf-8")


def plain(value: Any) -> Any:
    """A value of a document's metadata as JSON can hold it: no half character, no number without end.

    Raises:
        RecursionError: it is nested too deeply.
    """
    kind = type(value)
    if kind is str:
        return readable(value)
    if kind is float:
        return value if isfinite(value) else None
    if kind is dict:
        return {readable(str(name)): plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if kind is list else value
