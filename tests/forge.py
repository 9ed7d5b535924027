"""Journals whose hashes hold and that no program wrote: what anybody can make who may write files."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from annotations.errors import PurportError
from annotations.storage import journal
from annotations.storage.ledger import Ledger

Lines = list[dict[str, Any]]
_HASHED = ("v", "seq", "at", "by", "layer", "document", "action", "prev", "body_sha", "text")


def lines_of(path: Path) -> Lines:
    return [json.loads(raw) for raw in path.read_bytes().split(b"\n")[:-1]]


def rehashed(lines: Lines) -> bytes:
    """The lines with a chain that holds, whatever they say."""
    prev, made = journal.GENESIS, []
    for line in lines:
        line["prev"] = prev
        if "body" in line:
            body = journal.canonical(line["body"])
            line["body_sha"] = sha256(line["salt"].encode() + body).hexdigest()
        head = {name: line[name] for name in _HASHED if name in line}
        prev = line["hash"] = sha256(journal.canonical(head)).hexdigest()
        order = [*_HASHED, "hash", "salt"]
        begun = json.dumps(
            {name: line[name] for name in order if name in line},
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        if "body" in line:
            begun = b'%s,"body":%s}' % (begun[:-1], journal.canonical(line["body"]))
        made.append(begun + b"\n")
    return b"".join(made)


def forge(path: Path, change: Callable[[Lines], Lines | None]) -> None:
    """Change a journal's lines, hash them again, and make the view that follows from them."""
    lines = lines_of(path)
    path.write_bytes(rehashed(change(lines) or lines))
    renew(path)


def renew(path: Path) -> None:
    """Make the view of a journal anew, where the journal can be followed."""
    path.with_suffix(".json").unlink(missing_ok=True)
    with suppress(PurportError, IndexError, AssertionError):
        Ledger(path.parent, path.parent.name, path.stem).layer()
