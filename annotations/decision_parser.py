"""Decisions as they are read from a journal's lines: who, when and what, each checked.

A line's hashes say only that whoever wrote it made them so; what it says is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from annotations.field_checks import (
    ACTIONS,
    NAME_LIMIT,
    NOTE_LIMIT,
    Check,
    RecordError,
    each,
    is_action,
    is_count,
    is_document_id,
    is_name,
    is_note,
    is_text,
    is_time,
    object_of,
    problem,
    refuse,
    within,
)
from annotations.record_parser import record
from annotations.records import Change, Decision, Record


def change(plain: Any) -> Change:
    """The change of `Change.plain()`: one record, before and after.

    Raises:
        RecordError: it is not valid, or is about two records, or about none.
    """
    get = object_of(plain).get
    own, before, after = get("annotation"), get("before"), get("after")
    made = Change(_side("before", before), _side("after", after))
    last = made.after or made.before
    if last is None:
        raise RecordError(": it has neither a record before nor one after")
    for one in (made.before, made.after):
        if one is not None and (one.id != own or one.kind != last.kind):
            wanted = f"the id of its records, {one.id!r:.60}"
            raise RecordError(f"annotation: {problem(own, wanted)}")
    return made


def _side(name: str, plain: Any) -> Record | None:
    if plain is None:
        return None
    try:
        return record(plain)
    except RecordError as error:
        raise within(name, error) from None


_HEAD: Final[Mapping[str, Check]] = {
    "seq": is_count,
    "at": is_time,
    "by": is_name,
    "layer": is_name,
    "document": is_document_id,
    "action": is_action,
}
_BODY: Final[Mapping[str, Check]] = {
    "of": is_count,
    "session": is_text,
    "app": is_text,
    "reason": is_note,
}


def decision(head: Any, body: Any, *, is_erased: bool = False) -> Decision:
    """The decision of a journal's line.

    Args:
        head: its members `seq`, `at`, `by`, `layer`, `document` and `action`.
        body: what was decided, as `changes` and more; an empty object where it was erased.
        is_erased: whether it was.

    Raises:
        RecordError: it is not valid.
    """
    values: list[Any] = [*map(object_of(head).get, _HEAD)]
    seq, at, by, layer, document, action = values
    get = object_of(body).get
    of, session, app, reason = get("of", 0), get("session", ""), get("app", ""), get("reason", "")
    if not (
        is_count(seq)
        and is_time(at)
        and type(by) is type(layer) is type(document) is type(action) is str
        and is_name(by)
        and (layer == by or is_name(layer))
        and is_document_id(document)
        and action in ACTIONS
        and is_count(of)
        and type(session) is type(app) is type(reason) is str
        and len(session) <= NAME_LIMIT
        and len(app) <= NAME_LIMIT
        and len(reason) <= NOTE_LIMIT
    ):
        refuse(head, _HEAD, {})
        refuse(body, {}, _BODY)
    changes = each("changes", get("changes", () if is_erased else None), change)
    return Decision(
        *(seq, at, by, layer, document, ACTIONS[action], changes),
        *(of, session, app, reason, is_erased),
    )
