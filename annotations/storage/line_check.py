"""Is a journal's line written as purport writes it, and as it says itself?"""

from __future__ import annotations

import json
from typing import Any, Final

from annotations.records import Plain
from annotations.storage.journal import canonical

_MEMBERS: Final = (
    *("v", "seq", "at", "by", "layer", "document", "action", "prev", "body_sha"),
    *("text", "hash", "salt", "body"),
)
_BODY: Final = {"changes", "of", "session", "app", "reason"}
_CHANGE: Final = {"annotation", "before", "after"}
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class DuplicateError(ValueError):
    """An object of JSON has two members of one name."""


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For `json.loads`: the object of these members.

    Raises:
        DuplicateError: two have one name, so that two programs may read two values.
    """
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in made if names.count(name) > 1)
        raise DuplicateError(f"it has the member {twice!r} twice")
    return made


def problem(raw: bytes) -> str:
    """What is wrong with the form of a complete line that holds its hashes; empty if nothing is.

    Args:
        raw: the line, without its line break.
    """
    try:
        line = json.loads(raw, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        return str(error)
    if extra := sorted(line.keys() - _MEMBERS):
        return f"it has members that are in no hash: {', '.join(map(repr, extra))}"
    if "body" in line:
        if extra := sorted(line["body"].keys() - _BODY):
            return f"its body has members of no meaning: {', '.join(map(repr, extra))}"
        for change in line["body"]["changes"]:
            if change.keys() != _CHANGE:
                return f"a change has the members {', '.join(map(repr, sorted(change)))}"
            ids = {repr(change[side]["id"]) for side in ("before", "after") if change[side]}
            if ids != {repr(change["annotation"])}:
                named = " and ".join(sorted(ids)) or "none"
                return f"a change of {change['annotation']!r} has the record {named}"
    try:
        # The members of a line of format 1 may be in any order.
        is_as_written = raw in (_written(line), line["v"] == 1 and _compact(line).encode("utf-8"))
    except UnicodeEncodeError:
        is_as_written = False
    if is_as_written:
        return ""
    return "it is not written as purport writes it (white space, order of members or escapes)"


def _written(line: Plain) -> bytes:
    head = {name: line[name] for name in _MEMBERS[:-1] if name in line}
    begun = _compact(head).encode("utf-8")
    if "body" not in line:
        return begun
    return b'%s,"body":%s}' % (begun[:-1], canonical(line["body"]))
