"""What the reader decides: kept first, shown when it is durable."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from annotations import changes
from annotations.errors import (
    ConflictError,
    PurportError,
    RefusedError,
    StorageError,
    UnsettledError,
)
from annotations.evidence import Holder
from annotations.project import Project
from annotations.records import Action, Claim, Decision, Entity, Status
from tui.alike import Plan
from tui.describe import Piece, already, deed, quoted
from tui.reading import Reading
from tui.widgets.page import Page


class Deciding:
    """The part of the reader that asks the project to keep decisions, and follows them."""

    project: Project
    page: Page
    reading: Reading | None
    field: str
    _message: list[Piece]
    _saved: str
    _seq: int

    if TYPE_CHECKING:

        def key(self, command_id: str) -> str: ...
        def look(self, document_id: str) -> None: ...
        def moved(self) -> None: ...
        def open(self, document_id: str, annotation: str = "") -> None: ...
        def reload(self) -> None: ...
        def say(self, words: str, role: str = "plain") -> None: ...

    def decide(self, plan: Plan) -> Decision | None:
        """Keep what was decided and show it; None if it could not be kept, or changes nothing."""
        reading = self.reading
        assert reading is not None
        action, made = plan
        if self.changes_nothing(plan):
            self.say(already(action, made[0]))
            return None
        try:
            decision = self.project.decide(reading.document.id, action, made)
        except ConflictError as error:
            self.reload()
            self.say(str(error), "bad")
            return None
        except PurportError as error:
            self._refused(error, reading.document.id)
            return None
        self.follow(decision)
        return decision

    def say_settled(self) -> None:
        """Say what became of an earlier decision that may be saved, if that is known now."""
        if self.reading and (settled := self.project.settled(self.reading.document.id)):
            self.say(settled.words, "bad")

    def _refused(self, error: PurportError, document_id: str) -> None:
        """Say why a decision is not kept, or what became of one that may be saved."""
        words = str(error)
        if isinstance(error, StorageError):
            self._saved = "NOT SAVED" if error.saved is False else "MAY BE SAVED"
        if isinstance(error, UnsettledError):
            with suppress(PurportError):  # it cannot be read, either
                self.reload()
            if settled := self.project.settled(document_id):
                self._saved = "saved" if settled.is_saved else "NOT SAVED"
                words = settled.words
        self.say(words, "bad")

    def changes_nothing(self, plan: Plan) -> bool:
        """Whether all is so already that a plan would decide, on the disk as it is shown here."""
        assert self.reading is not None
        _, made = plan
        if not made or any(map(changes.differs, made)):
            return False
        # What another terminal changed meanwhile is refused as stale, and shown as it is now.
        now = self.project.layer(self.reading.document.id).revisions
        return all(now.get(one.id, 0) == (one.before.rev if one.before else 0) for one in made)

    def carry_out(self, plan: Plan, settles: Sequence[str]) -> None:
        """Keep what a mode has decided, and go on where that settles annotations."""
        if settles:
            self.decide_and_go_on(plan)
        elif self.decide(plan):
            self.moved()

    def decide_and_go_on(self, plan: Plan) -> None:
        """Keep a decision on the annotation here, and go to the next open suggestion.

        One that changes nothing is not kept, and goes on all the same.
        """
        reading = self.reading
        assert reading is not None
        # The next one as it is before the decision moves what is here, perhaps out of the index.
        target = reading.nearest_open()
        is_so_already = self.changes_nothing(plan)
        if not self.decide(plan) and not is_so_already:
            return
        reading = self.reading
        assert reading is not None
        again = reading.overlay.index.get(target.id) if target else None
        if again is None or again.status is not Status.SUGGESTED:
            again = reading.nearest_open()  # the decision settled that one, too
        if again is not None:
            reading.go(again)
            self.moved()
            return
        self.moved()
        if is_so_already:
            return
        self.say(
            f"No open suggestions left here: {self.key('document.done')} marks it done, "
            f"{self.key('suggestion.next')} goes to the next."
        )

    def follow(self, decision: Decision) -> None:
        """Show a decision that is kept; only the rows that it touches are painted."""
        reading = self.reading
        assert reading is not None
        self._saved = "saved"
        if decision.seq != self._seq + 1:
            self.reload()
            return
        was_blind = self.project.blind
        self.look(decision.document)
        self.page.changed(reading.follow(decision))
        if self.project.blind != was_blind:
            self.reload()

    def mark(self, label: str) -> None:
        """Give the annotation, the selection or the word under the cursor a label.

        What is added takes the place of open suggestions that it overlaps; these are named.
        """
        reading = self.reading
        assert reading is not None
        plan = reading.label(label)
        lost = _open_under(reading, plan)
        if not (decision := self.decide(plan)):
            return
        reading = self.reading
        assert reading is not None
        reading.let_go()
        reading.settle_on(decision.changes)
        self.moved()
        index = reading.overlay.index
        names = [f"{quoted(one.text)} {one.label}" for one in lost if one.id not in index]
        if names:
            self.say(f"added; in the place of: {', '.join(dict.fromkeys(names))}")

    def tag(self, field: str, value: object) -> None:
        """Set a field of the claim here, and say what had to be put right with it."""
        reading = self.reading
        assert reading is not None
        self.field = field
        before = reading.claim
        decision = self.decide(reading.tag(field, value))
        if not decision or before is None:
            return
        reading.settle_on(decision.changes)
        self.moved()
        after = reading.claim
        other = "certainty" if field == "stance" else "stance"
        if after and field != other and getattr(before, other) != getattr(after, other):
            self.say(f"{other} is now {getattr(after, other)}, which goes with {value}.")

    def rewrite(self, claim: Claim) -> str:
        """Set all fields of the claim here, in one decision; returns why not, if it is not kept."""
        reading = self.reading
        assert reading is not None
        try:
            plan = reading.rewrite(claim)
        except RefusedError as error:
            return str(error)
        if not (decision := self.decide(plan)):
            return "".join(words for words, _ in self._message) or "Not saved."
        reading.settle_on(decision.changes)
        self.moved()
        return ""

    def hold(self, holder: Holder) -> None:
        """Set who holds the claim here."""
        reading = self.reading
        assert reading is not None
        self.field = "holder"
        if decision := self.decide(reading.hold(holder)):
            reading.settle_on(decision.changes)
            self.moved()

    def travel(self, action: Action) -> Decision | None:
        """Undo or redo, and show it in whichever document it was; None if there was nothing."""
        is_undo = action is Action.UNDO
        try:
            decision = self.project.undo() if is_undo else self.project.redo()
        except PurportError as error:
            if self.reading is not None and isinstance(error, UnsettledError):
                self._refused(error, self.reading.document.id)
            else:
                self.say(str(error), "bad")
            return None
        if decision is None:
            self.say(f"There is nothing to {action}.")
            return None
        reading = self.reading
        if reading is None or decision.document != reading.document.id:
            self.open(decision.document)
            reading = self.reading
            assert reading is not None
            self._saved = "saved"
        else:
            self.follow(decision)
        layer = self.project.layer(decision.document)
        about = (layer.redoable if is_undo else layer.undoable)[-1]
        reading.settle_on(about.changes)  # an undo has them the other way round
        self.moved()
        self.say(f"{'undone' if is_undo else 'done again'}: {deed(about)}")
        return decision


def _open_under(reading: Reading, plan: Plan) -> list[Entity]:
    """The open suggestions of entities that overlap one that is to be added."""
    action, (change, *_) = plan
    if action is not Action.ADD or not isinstance(change.after, Entity):
        return []
    span = change.after.span
    found = reading.overlay.index.between(span.start, span.end)
    return [one for one in found if isinstance(one, Entity) and one.status is Status.SUGGESTED]
