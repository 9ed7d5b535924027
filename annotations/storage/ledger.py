"""A person's layer on one document: the journal, its fold, and the TinyDB file, kept in step."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from annotations.errors import CorruptError, StorageError
from annotations.layer import Layer
from annotations.records import Action, Change, Decision
from annotations.storage import disk, journal, view
from annotations.storage.journal import Mark
from annotations.storage.lock import PATIENCE, exclusive
from annotations.storage.view import LayerView

JOURNAL = ".log"
VIEW = ".json"

Plan = Callable[[Layer], Decision]
"""Looks at the layer as it is under the lock and says what is decided; may refuse."""


Make = Callable[[Layer], tuple[Change, ...]]
"""Looks at the layer as it is under the lock and says what changes; may refuse."""


class Ledger:
    """Reads a layer and adds decisions to it, beside any other process that does the same.

    Nothing is held open or locked between two calls.
    """

    def __init__(self, folder: Path, document: str, name: str) -> None:
        self.journal = folder / f"{name}{JOURNAL}"
        self.view = folder / f"{name}{VIEW}"
        self._document = document
        self._name = name
        self._forget()

    def _forget(self) -> None:
        self._layer = Layer(self._name, self._document)
        self._rows = LayerView()
        self._mark = Mark()

    def layer(self) -> Layer:
        """The layer as the journal has it now; a view that lags behind is made anew.

        Raises:
            CorruptError: the journal fails its hashes.
            NewerFormatError: a later version of purport wrote it.
        """
        seen = self._mark
        decisions, mark, _ = journal.read(self.journal, seen)
        self._follow(decisions, mark)
        if mark != seen and not self._is_view_current():
            # Reading needs no right to write: what cannot be written is served from memory.
            with suppress(StorageError):
                disk.replace(self.view, self._rows.data(self._layer, self._mark), durable=False)
        return self._layer

    def _is_view_current(self) -> bool:
        try:
            about = view.meta(self.view)
        except CorruptError:
            return False
        return bool(
            about
            and (about.get("length"), about.get("head")) == (self._mark.length, self._mark.head)
        )

    def _follow(self, decisions: list[Decision], mark: Mark) -> None:
        if self._mark.inode and mark.inode != self._mark.inode:
            self._forget()
        for decision in decisions:
            self._layer.apply(decision)
            self._rows.follow(decision)
        self._mark = mark

    def decide(self, plan: Plan, patience: float = PATIENCE) -> Decision:
        """Add the decision that `plan` makes; it is on the disk when this returns.

        Raises:
            RefusedError, ConflictError: by the plan; nothing was changed.
            LockedError: another process held the journal for longer than `patience` seconds.
            DiskFullError, ReadOnlyError, DiskError: nothing was changed.
            CorruptError, NewerFormatError: the journal is not to be written to.
        """
        if not self.journal.exists():
            plan(self.layer())  # a refusal leaves no file behind
        with disk.explained(self.journal):
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
            descriptor = os.open(self.journal, flags, 0o666)
        try:
            with exclusive(descriptor, self.journal, patience):
                return self._decide(descriptor, plan)
        finally:
            os.close(descriptor)

    def _decide(self, descriptor: int, plan: Plan) -> Decision:
        decisions, mark, torn = journal.read_open(descriptor, self.journal, self._mark)
        if torn:
            journal.set_aside(descriptor, self.journal, mark, torn)
        self._follow(decisions, mark)
        decision = plan(self._layer)
        try:
            return self._commit(descriptor, decision)
        except BaseException:
            # Whatever reached the disk is read again before the next write.
            self._forget()
            raise

    def _commit(self, descriptor: int, decision: Decision) -> Decision:
        """Write journal and view so that a full disk is met before either has changed."""
        line, head = journal.encode(decision, self._mark.head)
        behind = self._mark.behind(line, head)
        self._layer.apply(decision)
        self._rows.follow(decision)
        with disk.explained(self.view):
            temporary = disk.prepare(self.view, self._rows.data(self._layer, behind), durable=False)
        try:
            journal.append(descriptor, self.journal, self._mark, line)
            temporary.replace(self.view)
        except BaseException:
            disk.discard(temporary)
            raise
        self._mark = behind
        return decision

    def plan(
        self,
        action: Action,
        by: str,
        changes: Make,
        *,
        not_before: str = "",
        of: int = 0,
        session: str = "",
        app: str = "",
    ) -> Plan:
        """A plan that numbers and dates the changes; `at` rises even when the clock goes back."""

        def made(layer: Layer) -> Decision:
            seq = layer.seq + 1
            at = after(max(layer.at, not_before))
            return Decision(
                seq=seq,
                at=at,
                by=by,
                layer=self._name,
                document=self._document,
                action=action,
                changes=tuple(one.stamped(by, at, seq) for one in changes(layer)),
                of=of,
                session=session,
                app=app,
            )

        return made


def after(earlier: str) -> str:
    """Now, or a microsecond behind `earlier` where the clock lags; ISO 8601 in UTC."""
    now = datetime.now(UTC)
    if earlier:
        now = max(now, datetime.fromisoformat(earlier) + timedelta(microseconds=1))
    return now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
