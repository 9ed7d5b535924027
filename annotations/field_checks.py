"""What one value of a project's files may be: limits, times, texts, numbers.

Every check takes any value and says whether it is valid; none raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import Any, Final, TypeAlias

from annotations.evidence import Plain
from annotations.records import STATUSES, Action, State

# Limits are far above what a person or a model makes, and low enough that no row, message or
# screen is swamped by one value.
NAME_LIMIT: Final = 256
"""Characters of an id, or of the name of an annotator, a layer or a kind of cue."""
LABEL_LIMIT: Final = 1_000
"""Characters of a label, or of a value of a claim's field."""
NOTE_LIMIT: Final = 100_000
"""Characters of a note, a reason or a reason for a suggestion: some fifty pages."""
LINKS_LIMIT: Final = 100
"""Links of a holder's chain; who said that whom said that goes three or four deep."""
LIST_LIMIT: Final = 1_000_000
"""Members of any other list in a record, such as flags, or a decision's changes."""
LARGEST: Final = 2**53 - 1
"""The largest whole number: every JSON reader keeps it exactly, and so does SQLite."""
DEPTH_LIMIT: Final = 20
"""How deeply values may be nested that are kept as they are."""

_FIRST_YEAR, _LAST_YEAR = "1970", "2999"
LAYER_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII
)
_DOCUMENT: Final = re.compile(r"[0-9a-f]{12,64}")
FIELDS: Final = ("stance", "certainty", "frame", "time", "quote")
_WORDS: Final = frozenset(("label", *FIELDS))
ACTIONS: Final[Mapping[str, Action]] = {str(one): one for one in Action}

Check: TypeAlias = Callable[[Any], bool]


class RecordError(ValueError):
    """A value that is not valid; the message begins with the path to it, such as `after.label`."""


# Values


@lru_cache(maxsize=4096)
def _is_moment(words: str) -> bool:
    if not _TIME.fullmatch(words) or not _FIRST_YEAR <= words[:4] <= _LAST_YEAR:
        return False
    try:
        datetime.fromisoformat(words)
    except ValueError:
        return False
    return True


def is_time(value: Any) -> bool:
    """Whether it is a time as journals hold it, `2026-03-09T14:30:05.000001Z`, from 1970 to 2999.

    What a clock that is wrong wrote can still be read, and there is room to count up from it.
    """
    return type(value) is str and len(value) == 27 and _is_moment(value)


def is_text(value: Any, limit: int = NAME_LIMIT) -> bool:
    """Whether it is a string of at most so many characters."""
    return type(value) is str and len(value) <= limit


def is_count(value: Any) -> bool:
    """Whether it is a whole number from 0 on that every reader keeps exactly."""
    return type(value) is int and 0 <= value <= LARGEST


def is_score(value: Any) -> bool:
    """Whether it is a finite number, or None."""
    if value is None:
        return True
    if type(value) is float:
        return isfinite(value)
    return type(value) is int and -LARGEST <= value <= LARGEST


def is_share(value: Any) -> bool:
    """Whether it is a number from 0 to 1."""
    return type(value) in (int, float) and 0 <= value <= 1


def is_json(value: Any, depth: int = DEPTH_LIMIT) -> bool:
    """Whether it can be written as JSON again: finite numbers, and not too deep."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is float:
        return isfinite(value)
    if kind is int:
        return bool(-LARGEST <= value <= LARGEST)
    if depth == 0:
        return False
    inner = value.values() if kind is dict else value if kind is list else None
    if inner is None:
        return False
    # Most are texts, and a call for each would take twice as long.
    return all(type(one) is str or is_json(one, depth - 1) for one in inner)


def is_label(value: Any) -> bool:
    """Whether it may be a label, or a value of a claim's field."""
    return is_text(value, LABEL_LIMIT)


def is_note(value: Any) -> bool:
    """Whether it may be a note or a reason."""
    return is_text(value, NOTE_LIMIT)


def is_bool(value: Any) -> bool:
    """Whether it is true or false."""
    return type(value) is bool


def is_name(value: Any) -> bool:
    """Whether it is written as the name of an annotator or a layer."""
    return type(value) is str and LAYER_NAME.fullmatch(value) is not None


def is_document_id(value: Any) -> bool:
    """Whether it is written as the id of a document."""
    return type(value) is str and _DOCUMENT.fullmatch(value) is not None


def is_action(value: Any) -> bool:
    """Whether it is the word of an action."""
    return type(value) is str and value in ACTIONS


def is_string(value: Any) -> bool:
    """Whether it is a string, of any length."""
    return type(value) is str


def is_id(value: Any) -> bool:
    """Whether it may be an id."""
    return is_text(value) and bool(value)


def is_annotation_id(value: Any) -> bool:
    """Whether it may be the id of an annotation; one id is the document's own."""
    return is_id(value) and value != State.id


def is_time_or_empty(value: Any) -> bool:
    """Whether it is a time, or empty where nothing was decided yet."""
    return value == "" or is_time(value)


def is_status(value: Any) -> bool:
    """Whether it is the word of a status."""
    return type(value) is str and value in STATUSES


def is_likelihood(value: Any) -> bool:
    """Whether it is `{scale, band, phrase, range}` or the like, or None."""
    if value is None:
        return True
    return (
        type(value) is dict
        and len(value) <= LINKS_LIMIT
        and all(is_text(name) for name in value)
        and all(is_label(one) or type(one) in (int, float, bool) for one in value.values())
        and is_json(value)
    )


def is_target(value: Any) -> bool:
    """Whether it is a pair of offsets, or None."""
    return value is None or (
        type(value) is list
        and len(value) == 2
        and all(map(is_count, value))
        and value[0] <= value[1]
    )


def is_list(value: Any) -> bool:
    """Whether it is a list that is not too long."""
    return type(value) in (list, tuple) and len(value) <= LIST_LIMIT


def are_reasons(value: Any) -> bool:
    """Whether it is a list of texts."""
    return is_list(value) and all(map(is_note, value))


def are_flags(value: Any) -> bool:
    """Whether it is a list of ids."""
    return is_list(value) and all(map(is_id, value))


def are_values(value: Any) -> bool:
    """Whether they are what a suggestion said: its label, or its claim fields."""
    if type(value) is not dict or len(value) > LINKS_LIMIT:
        return False
    for name, one in value.items():
        kind = type(one)
        if kind is str:
            if len(one) > LABEL_LIMIT:
                return False
        elif name in _WORDS or (kind is not bool and one is not None and not is_json(one)):
            return False
    return type(value.get("doubt", False)) is bool and is_likelihood(value.get("likelihood"))


_SAYS: Final[Mapping[Check, str]] = {
    is_time: "a time such as 2026-03-09T14:30:05.000001Z, from 1970 to 2999",
    is_time_or_empty: "a time such as 2026-03-09T14:30:05.000001Z, from 1970 to 2999",
    is_text: f"a text of at most {NAME_LIMIT} characters",
    is_id: f"an id of 1 to {NAME_LIMIT} characters",
    is_annotation_id: f"an annotation's id of 1 to {NAME_LIMIT} characters",
    is_label: f"a text of at most {LABEL_LIMIT:,} characters",
    is_note: f"a text of at most {NOTE_LIMIT:,} characters",
    is_count: "a whole number from 0 on",
    is_score: "a finite number",
    is_bool: "true or false",
    is_name: "a layer's name",
    is_string: "a text",
    is_document_id: "a document's id",
    is_action: f"one of {', '.join(ACTIONS)}",
    is_status: f"one of {', '.join(STATUSES)}",
    is_likelihood: "an object of short texts",
    is_target: "two offsets, the first not after the second",
    are_reasons: "a list of texts",
    are_flags: "a list of ids",
    are_values: "an object of a suggestion's values",
}
_MISSING: Final = object()


def problem(value: Any, wanted: str) -> str:
    """In words, what a value is and what it should be."""
    said = "it is missing" if value is _MISSING else f"{shown(value)} is not valid"
    return f"{said}; it should be {wanted}"


def shown(value: Any) -> str:
    """A value in at most 60 characters, for a message."""
    if type(value) in (dict, list) and value:
        return f"{'an object' if type(value) is dict else 'a list'} of {len(value)}"
    if type(value) is int and abs(value) > LARGEST:
        return "a number that is too large"
    words = ascii(value[:60]) if type(value) is str else repr(value)
    return words[:60]


def refuse(
    plain: Mapping[str, Any], needed: Mapping[str, Check], optional: Mapping[str, Check]
) -> None:
    """See whether each field is valid, one by one.

    Raises:
        RecordError: with the first that is not.
    """
    for name, check in needed.items():
        if not check(value := plain.get(name, _MISSING)):
            raise RecordError(f"{name}: {problem(value, _SAYS[check])}")
    for name, check in optional.items():
        if name in plain and not check(plain[name]):
            raise RecordError(f"{name}: {problem(plain[name], _SAYS[check])}")


# Parts of records


def object_of(value: Any) -> Plain:
    """The value, which is an object.

    Raises:
        RecordError: it is not.
    """
    if type(value) is not dict:
        raise RecordError(f": {problem(value, 'an object')}")
    return value


def within(where: str, error: RecordError) -> RecordError:
    """The error as it is seen from outside of `where`."""
    path = str(error)
    return RecordError(f"{where}{path}" if path[0] in ":[." else f"{where}.{path}")


def each(name: str, rows: Any, parse: Callable[[Any], Any], limit: int = LIST_LIMIT) -> Any:
    """The members of a list, each parsed, as a tuple.

    Raises:
        RecordError: it is not a list, is too long, or has a member that is not valid.
    """
    if type(rows) not in (list, tuple) or len(rows) > limit:
        raise RecordError(f"{name}: {problem(rows, f'a list of at most {limit:,}')}")
    made = []
    for number, row in enumerate(rows):
        try:
            made.append(parse(row))
        except RecordError as error:
            raise within(f"{name}[{number}]", error) from None
    return tuple(made)
