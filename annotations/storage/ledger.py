"""A person's layer on one document: the journal, its fold, and the TinyDB file, kept in step."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from annotations import messages
from annotations.errors import (
    CorruptError,
    DiskError,
    DiskFullError,
    EditedError,
    NewerFormatError,
    ReadOnlyError,
    RedactedError,
    UnsafeFileError,
    UnsettledError,
)
from annotations.layer import Layer, fold
from annotations.records import Action, Change, Decision
from annotations.storage import commit, disk, journal, safe_open, text_hash, unsettled, view
from annotations.storage.clock import after as after
from annotations.storage.fold import Fold
from annotations.storage.lock import PATIENCE, exclusive, take

JOURNAL = ".log"
VIEW = ".json"
TORN = ".torn"

Plan = Callable[[Layer], Decision]
"""Looks at the layer as it is under the lock and says what is decided; may refuse."""

Make = Callable[[Layer], tuple[Change, ...]]
"""Looks at the layer as it is under the lock and says what changes; may refuse."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A layer as far as its journal is good.

    Attributes:
        words: what is odd about its files, and what to do; empty where nothing is.
        can_decide: whether decisions can be added all the same.
    """

    layer: Layer
    words: str = ""
    can_decide: bool = False


class Settled(NamedTuple):
    """What became of a decision that may have been saved.

    Attributes:
        words: that, as a sentence with the decision's time.
    """

    is_saved: bool
    words: str


class Ledger:
    """Reads a layer and adds decisions to it, beside any other process that does the same.

    Nothing is held open or locked between two calls.
    """

    def __init__(self, folder: Path, document: str, name: str) -> None:
        self.journal = folder / f"{name}{JOURNAL}"
        self.view = folder / f"{name}{VIEW}"
        self._document = document
        self._name = name
        self._settled: Settled | None = None
        self._doubt: commit.Doubt | None = None
        self._doubts = unsettled.place(self.journal)
        self._fold = Fold(self.journal, name, document)
        self._forget()

    def _forget(self) -> None:
        self._fold.forget()
        self._is_in_step = False
        self._look: tuple[int, ...] = ()

    def layer(self) -> Layer:
        """The layer as the journal has it now; a view that lags behind is made anew.

        The layer follows the decisions made through this ledger until one of them fails to be
        saved: then ask again.

        Raises:
            CorruptError: the journal fails its hashes, or ends before its view does.
            NewerFormatError: a later version of purport wrote it.
            DiskError: it cannot be read.
        """
        if doubt := self._doubt or unsettled.load(self._doubts):
            self._settle(doubt)
        self._read()
        if not self._is_in_step or _look(self.view) != self._look:
            self._is_in_step = False
            # It is only the view that is left alone.
            with suppress(EditedError, NewerFormatError, UnsafeFileError):
                self._step(is_in_step=self._is_view_current() or self._mend_view())
        return self._fold.layer

    def standing(self) -> Standing:
        """The layer as far as its journal is good, and what a person should know of its files."""
        try:
            layer = self.layer()
            if not self._is_in_step:
                self._is_view_current()
        except (CorruptError, NewerFormatError) as error:
            good = list[Decision]()
            with suppress(UnsafeFileError):
                good = journal.good(self.journal)[0]
            return Standing(fold(self._name, self._document, good), str(error))
        except EditedError as error:
            return Standing(layer, str(error).removeprefix("Not saved: "))
        if self._settled:
            return Standing(layer, self._settled.words, can_decide=True)
        if not self._fold.torn:
            return Standing(layer, can_decide=True)
        copy = self.journal.name + TORN
        words = messages.TORN.format(path=self.journal, count=len(self._fold.torn), copy=copy)
        return Standing(layer, words, can_decide=True)

    def settled(self) -> Settled | None:
        """What became of a decision that may have been saved; None once it was asked for."""
        settled, self._settled = self._settled, None
        return settled

    def _settle(self, doubt: commit.Doubt) -> None:
        """See what became of a doubtful decision; the doubt stays where that cannot be seen now."""
        with suppress(OSError, DiskError, DiskFullError, ReadOnlyError, UnsafeFileError):
            descriptor = safe_open.open_file(self.journal, os.O_RDWR)
            try:
                if take(descriptor, self.journal):
                    self._settle_open(descriptor, doubt)
            finally:
                os.close(descriptor)  # which lets go of the lock

    def _settle_open(self, descriptor: int, doubt: commit.Doubt) -> None:
        is_saved = commit.settle(descriptor, self.journal, doubt)
        self._doubt = None
        unsettled.forget(self._doubts)
        outcome = messages.IS_SAVED if is_saved else messages.IS_NOT_SAVED
        at = doubt.at[:19].replace("T", " ")
        words = messages.SETTLED.format(at=at, path=self.journal, outcome=outcome)
        self._settled = Settled(is_saved, words)
        self._forget()

    def _step(self, *, is_in_step: bool) -> None:
        """Keep whether the view shows what the journal has, and how its file looks when it does."""
        self._is_in_step = is_in_step
        self._look = _look(self.view) if is_in_step else ()

    def _read(self) -> None:
        try:
            with disk.readable(self.journal):
                descriptor = safe_open.open_file(self.journal)
        except FileNotFoundError:
            self._forget()
            return
        try:
            with disk.readable(self.journal):
                self._follow(descriptor)
        finally:
            os.close(descriptor)

    def _follow(self, descriptor: int) -> None:
        """Take in what the open journal has more."""
        try:
            if self._fold.read(descriptor):
                self._is_in_step = False
        except BaseException:
            self._forget()
            raise

    def _is_view_current(self) -> bool:
        """Whether the view stands where the journal does.

        Raises:
            CorruptError: it stands further, so the journal has lost decisions.
            UnsafeFileError: it is a link, a pipe, or a stranger's file.
            NewerFormatError: a later version of purport wrote it.
            EditedError: it says it does, and says something else.
        """
        try:
            about = view.meta(self.view)
        except UnsafeFileError:
            raise  # a link or a pipe is left for a person to look at
        except CorruptError:
            return False
        if about is None:
            return not self._fold.mark.seq
        if about.get("seq", 0) > self._fold.mark.seq:
            self._read()  # both may have been written since the journal was read
            if about["seq"] > self._fold.mark.seq:
                words = messages.BEHIND.format(
                    path=self.journal,
                    last=self._fold.mark.seq,
                    view=self.view.name,
                    found=about["seq"],
                )
                raise CorruptError(words)
        if (about.get("length"), about.get("head")) != (
            self._fold.mark.length,
            self._fold.mark.head,
        ):
            return False
        return self._is_as_written()

    def _is_as_written(self) -> bool:
        """Whether a view in step is, byte for byte, what was written there."""
        try:
            with disk.readable(self.view):
                found = safe_open.read(self.view)
            if found == self._fold.data():
                return True
            held = view.load(self.view)
        except (CorruptError, FileNotFoundError):
            return False
        if held and not view.differing(held, self._fold.layer):
            return False  # the same in other words: it is made anew
        raise EditedError(messages.EDITED.format(path=self.view))

    def _mend_view(self) -> bool:
        """Make the view anew, under the lock, lest it take the place of a newer one.

        Reading needs no right to write, no space and no waiting: what cannot be written now is
        served from memory.
        """
        try:
            descriptor = safe_open.open_file(self.journal, os.O_RDWR)
        except (OSError, UnsafeFileError):
            return False
        try:
            with suppress(DiskError, DiskFullError, ReadOnlyError):
                if take(descriptor, self.journal):
                    with disk.explained(self.journal):
                        self._follow(descriptor)
                    disk.replace(self.view, self._fold.data(), durable=False)
                    return True
            return False
        finally:
            os.close(descriptor)  # which lets go of the lock

    def decide(self, plan: Plan, patience: float = PATIENCE) -> Decision:
        """Add the decision that `plan` makes; it is on the disk when this returns.

        Raises:
            RefusedError, ConflictError: by the plan; nothing was changed.
            LockedError: another process held the journal for longer than `patience` seconds.
            DiskFullError, ReadOnlyError, DiskError: nothing was changed.
            CorruptError, NewerFormatError: the journal is not to be written to.
        """
        while True:
            descriptor = self._open(plan)
            try:
                with exclusive(descriptor, self.journal, patience):
                    if self._is_in_place(descriptor):
                        return self._decide(descriptor, plan)
            finally:
                with suppress(OSError):  # what had to be durable is
                    os.close(descriptor)

    def _open(self, plan: Plan) -> int:
        """Open the journal, which the first decision makes; a refusal leaves no file behind."""
        flags = os.O_RDWR | os.O_APPEND
        with disk.explained(self.journal), suppress(FileNotFoundError):
            return safe_open.open_file(self.journal, flags)
        plan(self.layer())
        with disk.explained(self.journal):
            return safe_open.open_or_create(self.journal, flags)

    def _is_in_place(self, descriptor: int) -> bool:
        """Whether the open file is still the journal; it may have been replaced while one waited."""
        safe_open.renew(self.journal)
        with disk.explained(self.journal), suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(descriptor), safe_open.stat(self.journal))
        return False

    def _decide(self, descriptor: int, plan: Plan) -> Decision:
        try:
            if doubt := self._doubt or unsettled.load(self._doubts):
                self._settle_before(doubt)
            with disk.explained(self.journal):
                self._follow(descriptor)
            if torn := self._fold.torn:
                commit.set_aside(descriptor, self.journal, self._fold.mark.length, torn)
                self._fold.torn = b""
            if not self._is_in_step or _look(self.view) != self._look:
                self._is_view_current()  # or a reason not to write
            if self._fold.layer.is_redacted:
                raise RedactedError("Not saved: the document was redacted; its text is erased.")
            return self._commit(descriptor, plan(self._fold.layer))
        except BaseException:
            with suppress(OSError):
                if not os.fstat(descriptor).st_size:
                    disk.discard(self.journal)  # a refusal leaves no file behind
            raise

    def _settle_before(self, doubt: commit.Doubt) -> None:
        """See what became of a doubtful decision before another one follows it, under the lock."""
        with disk.explained(self.journal):
            plain = safe_open.open_file(self.journal, os.O_RDWR)  # it writes in place
            try:
                self._settle_open(plain, doubt)
            finally:
                os.close(plain)

    def _commit(self, descriptor: int, decision: Decision) -> Decision:
        """Write journal and view so that a full disk is met before either has changed."""
        text = "" if self._fold.mark.text else text_hash.measured(self.journal.parent)
        line, head = journal.encode(decision, self._fold.mark.head, text)
        behind = self._fold.mark.behind(line, head, text)
        try:
            self._fold.apply(decision)
            with disk.explained(self.view):
                data = self._fold.data(behind)
                temporary = disk.prepare(self.view, data, durable=False)
            try:
                commit.append(descriptor, self.journal, self._fold.mark.length, line)
            except BaseException as error:
                if isinstance(error, UnsettledError):
                    self._doubt = commit.Doubt(self._fold.mark.length, line, decision.at)
                    unsettled.keep(self._doubts, self._doubt)
                disk.discard(temporary)
                raise
        except BaseException:
            # Whatever reached the disk is read again before the next write.
            self._forget()
            raise
        self._fold.mark, self._is_in_step = behind, False
        try:
            disk.put(temporary, self.view)
            self._step(is_in_step=True)
        except (OSError, UnsafeFileError):
            # The decision is saved, and must not be called lost; the next look makes the view.
            disk.discard(temporary)
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
        reason: str = "",
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
                reason=reason,
            )

        return made


def _look(path: Path) -> tuple[int, ...]:
    """What changes when a file does; empty where there is none."""
    try:
        about = safe_open.stat(path)
    except OSError:
        return ()
    return about.st_ino, about.st_size, about.st_mtime_ns
