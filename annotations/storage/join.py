"""Join the ways of a forked journal: one stays as it is, the decisions of the others follow it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotations import messages
from annotations.errors import ConflictError, InputError, RefusedError, SpanError
from annotations.layer import Layer, fold
from annotations.records import Action, Change, Decision, Record, State
from annotations.schema import Schema
from annotations.storage import disk, journal, open_folder, safe_open
from annotations.storage.journal import Mark
from annotations.storage.ledger import after
from annotations.storage.lock import exclusive
from annotations.text import Text

FORKED = ".forked"


@dataclass
class Joined:
    """What became of a forked journal.

    Attributes:
        kept: how many decisions stay as they were.
        added: how many of the other side's follow them.
        copy: the file as it was, which has every line of both sides.
        notes: a line for each record that both sides changed, or that could not be taken over.
    """

    kept: int
    added: int
    copy: Path
    notes: list[str] = field(default_factory=list)


def join(path: Path, text: Text, schema: Schema) -> Joined:
    """Put a journal with the decisions of all sides in the place of a forked one.

    Raises:
        InputError: it is not forked, or one side redacted the document; nothing was changed.
        LockedError, DiskFullError, ReadOnlyError, DiskError: nothing was changed.
    """
    with disk.explained(path):
        descriptor = safe_open.open_file(path, os.O_RDWR)
    try:
        with exclusive(descriptor, path):
            with disk.explained(path):
                data = open_folder.read_open(descriptor, path)
            fork = journal.forked(data, path)
            if fork is None:
                raise InputError(messages.NO_FORK.format(path=path))
            decisions, mark = _chain([*fork.common, *fork.first], path)
            others = [journal.decode_alone(raw, path)[0] for raw in fork.others]
            new = decisions[len(fork.common) :]
            if any(one.is_erased or one.action is Action.REDACT for one in (*new, *others)):
                raise InputError(messages.FORK_REDACTED.format(path=path))
            copy = _keep(path, data)
            replay = _Replay(decisions, new, others, text, schema)
            lines = [raw + b"\n" for raw in (*fork.common, *fork.first)]
            for decision in replay.decisions():
                bound = "" if mark.text else text.sha256
                line, head = journal.encode(decision, mark.head, bound)
                mark = mark.behind(line, head, bound)
                lines.append(line)
            disk.replace(path, b"".join(lines))
    finally:
        os.close(descriptor)
    return Joined(len(decisions), mark.seq - len(decisions), copy, replay.notes)


def _chain(lines: Iterable[bytes], path: Path) -> tuple[list[Decision], Mark]:
    decisions, mark = list[Decision](), Mark()
    for raw in lines:
        decision, mark = journal.decode(raw, mark, path)
        decisions.append(decision)
    return decisions, mark


def _keep(path: Path, data: bytes) -> Path:
    """Keep the file as it is in a new one beside it."""
    with disk.explained(path):
        copy, descriptor = safe_open.create_beside(path.with_name(path.name + FORKED))
        try:
            disk.write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        disk.sync(copy)
    return copy


class _Replay:
    """Makes new decisions of those of the other side.

    A record that both sides changed is left as the side did that decided on it last.
    """

    def __init__(
        self,
        decisions: list[Decision],
        new: list[Decision],
        others: list[Decision],
        text: Text,
        schema: Schema,
    ) -> None:
        last = decisions[-1] if decisions else others[0]
        self._layer: Layer = fold(last.layer, last.document, decisions)
        self._others, self._text, self._schema = others, text, schema
        ours, theirs = _last_times(new), _last_times(others)
        both = [one for one in theirs if one in ours]
        self._left = {one for one in both if ours[one] > theirs[one]}
        self.notes = [
            f"{self._name(one)}: both sides changed it; the later decision "
            f"({max(ours[one], theirs[one])}) holds"
            for one in both
        ]

    def decisions(self) -> Iterator[Decision]:
        """The new decisions, in the order of their time."""
        for other in self._others:
            decision = self._again(other)
            if decision is not None:
                self._layer.apply(decision)
                yield decision

    def _again(self, other: Decision) -> Decision | None:
        changes = [
            Change(self._layer.record(one.id), one.after)
            for one in other.changes
            if one.id not in self._left
        ]
        changes = [one for one in changes if (one.before, one.after) != (None, None)]
        kept = self._allowed(changes, other)
        if not kept:
            return None
        seq, at = self._layer.seq + 1, after(self._layer.at)
        is_step = other.action in (Action.UNDO, Action.REDO)
        return replace(
            other,
            seq=seq,
            at=at,
            # What it took back or repeated has another number now, and others follow it.
            action=Action.ADOPT if is_step else other.action,
            of=0,
            changes=tuple(one.stamped(other.by, at, seq) for one in kept),
            reason=f"joined; decided {other.at} as {other.action} {other.seq}",
        )

    def _allowed(self, changes: list[Change], other: Decision) -> list[Change]:
        """The changes that can be made; the others are noted."""
        try:
            self._layer.check(changes, self._text, self._schema)
        except (RefusedError, ConflictError, SpanError):
            pass
        else:
            return changes
        kept: list[Change] = []
        for change in changes:
            try:
                self._layer.check([*kept, change], self._text, self._schema)
            except (RefusedError, ConflictError, SpanError) as error:
                words = str(error).removeprefix("Not saved: ")
                name = self._name(change.id, change.after or change.before)
                self.notes.append(
                    f"{name}: decision {other.seq} of the other side ({other.at}, "
                    f"{other.action}) was left out: {words}"
                )
            else:
                kept.append(change)
        return kept

    def _name(self, record_id: str, record: Record | None = None) -> str:
        """What a record is called in a note."""
        record = record or self._layer.record(record_id)
        if record_id == State.id:
            return "the document as a whole"
        if record is None or isinstance(record, State):
            return record_id
        return f"{record.text!r} ({record_id})"


def _last_times(decisions: Iterable[Decision]) -> dict[str, str]:
    """By id, when each record was decided on last."""
    return {change.id: one.at for one in decisions for change in one.changes}
