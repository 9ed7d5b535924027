"""The review: a queue of suggestions or differences, one at a time in its context."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotations import changes
from annotations.errors import RefusedError
from annotations.layer import Overlay
from annotations.project import Project
from annotations.records import Action, Annotation, Decision, State, Status
from annotations.review.comparison import Choice, Difference, allows_both
from annotations.review.differences import Differences
from annotations.review.queue import Item, Queue, Review
from annotations.review.seeding import Seeded, is_seeded
from tui import contrast
from tui.alike import Plan
from tui.commands import Commands, Needs
from tui.config import Settings
from tui.describe import Piece, quoted
from tui.place import Places
from tui.screens.modes import Mode, SameMode, SidesMode
from tui.screens.queueing import QUEUEING
from tui.screens.reader import ReaderScreen
from tui.screens.siding import Siding
from tui.skipped import Skipped
from tui.status import NARROW

_FIRST: Final = 0.25
"""Seconds that documents are looked through before the first item is shown."""

_SLICE: Final = 0.03
"""Seconds that keys may have to wait while the rest is looked through."""

_TOLD: Final = 10
"""Slices after which the line above says how many there are by now: each time costs bytes."""


class ReviewScreen(Siding, ReaderScreen):
    """The reader, led from item to item by a queue over all documents.

    Args:
        review: what is reviewed.
        skipped: what the person skipped before.
        is_inner: whether leaving goes back to the screen under it, else out of the program.
        finishing: whether a document is marked as done when one leaves it with nothing open.
        blind: as of the reader that it is opened from.
    """

    handlers = ReaderScreen.handlers | QUEUEING

    def __init__(
        self,
        project: Project,
        commands: Commands,
        settings: Settings,
        places: Places,
        review: Review,
        skipped: Skipped,
        *,
        is_inner: bool = False,
        finishing: bool = False,
        blind: bool = False,
    ) -> None:
        super().__init__(project, commands, settings, places, blind=blind)
        self.review = review
        self.queue: Queue = Queue(review.batches())
        self._skipped = skipped
        self._slices = 0
        self._has_sides = False
        self._is_inner = is_inner
        self._finishing = finishing

    def begin(self) -> None:
        """Show the first item as soon as there is one, and look through the rest meanwhile."""
        self.queue.fill(_FIRST)
        if not self.queue.is_full:
            self.set_timer(_SLICE, self._fill)
        self.take(self.queue.first())

    def _fill(self) -> None:
        was_at_end = self.queue.current is None
        if not self.queue.fill(_SLICE):
            self.set_timer(_SLICE, self._fill)
        if was_at_end and (item := self.queue.settle_down()):
            self.take(item)
        self._slices += 1
        if self.queue.is_full or self._slices % _TOLD == 0:
            self.update_lines()

    # Where one is

    @property
    def difference(self) -> Difference | None:
        """The difference in hand, while the person stands on one of its sides.

        A side that was decided on meanwhile, such as by moving its end, is as it is now.
        """
        item, reading = self.queue.current, self.reading
        if item is None or item.difference is None or reading is None:
            return None
        here = reading.document.id == item.document and reading.current
        if here not in {one.id for one in item.difference.sides}:
            return None
        return item.difference.as_in(reading.overlay.index)

    @property
    def is_on_item(self) -> bool:
        """Whether the person stands on what the queue has in hand."""
        item, reading = self.queue.current, self.reading
        if item is None or reading is None or reading.document.id != item.document:
            return False
        return reading.current == item.annotation or self.difference is not None

    @property
    def offers(self) -> frozenset[Needs]:
        """A queue while something of it is in hand, and a difference where that is one."""
        offers = set(super().offers)
        if self.queue.current is not None:
            offers.add(Needs.QUEUE)
        if (difference := self.difference) is not None:
            offers.add(Needs.DIFFERENCE)
            if allows_both(difference, self.project.schema):
                offers.add(Needs.BOTH)
        return frozenset(offers)

    def overlay(self, document_id: str) -> Overlay:
        """What the review shows of a document; where one reads it blind, only what is one's own."""
        if self.hides(document_id):
            return super().overlay(document_id)
        return self.review.overlay(document_id)

    # Going on

    def take(self, item: Item | None) -> None:
        """Stand on an item; those that turn out to be decided are passed over."""
        self._finish(item)
        while item is not None and not self._stand_on(item):
            self.queue.settle(item.document, (item.annotation,))
            item = self.queue.settle_down()
        if item is not None:
            return
        if self.reading is None and (first := self.project.catalogue.first()):
            self.open(first)
        left = self.queue.left
        if not self.queue.is_full:
            self.say("The other documents are being looked through …")
        elif left:
            again = f"{self.key('suggestion.next')} starts again with the first."
            note = self.review.note
            self.say(f"The end of the queue; {left:,} are left undecided. {again} {note}".rstrip())
        else:
            self.say(
                f"Nothing is left to review: {self.review.name}. {self.review.note}".rstrip(),
                "good",
            )

    def _finish(self, item: Item | None) -> None:
        """Mark the document that one leaves as done, where that is wanted and nothing is open."""
        reading = self.reading
        if not self._finishing or reading is None or reading.overlay.open:
            return
        own = self.project.layer(reading.document.id)
        is_left = item is None or item.document != reading.document.id
        if is_left and own.seq and not own.state.finished:
            super().decide((Action.FINISH, (changes.finish(own.state),)))

    def accept_agreed(self) -> None:
        """Accept in one decision what both layers say in this document."""
        if not isinstance(self.review, Differences) or self.reading is None:
            raise RefusedError("That is for the differences of two layers.")
        made = self.review.agreed(self.reading.document.id)
        if not made:
            raise RefusedError("Nothing that both layers say is open here.")
        if super().decide((Action.ACCEPT, made)):
            self.moved()
            self.say(
                f"{len(made)} that both layers say accepted; {self.key('history.undo')} undoes."
            )

    def _stand_on(self, item: Item) -> bool:
        if self.reading is None or self.reading.document.id != item.document:
            self.open(item.document, item.annotation)
        reading = self.reading
        if reading is None or reading.document.id != item.document:
            return False
        sides = item.difference.sides if item.difference else ()
        for key in (item.annotation, *(one.id for one in sides)):
            here = reading.overlay.index.get(key)
            if here is not None and self._is_due(here, item):
                reading.go(here)
                self.moved()
                return True
        return False

    def _is_due(self, here: Annotation, item: Item) -> bool:
        is_own = item.difference is not None and here.status.stands
        return not self.review.only_open or here.status is Status.SUGGESTED or is_own

    def revisit(self, item: Item) -> None:
        """Stand on an item again, whatever became of it."""
        if self.reading is None or self.reading.document.id != item.document:
            self.open(item.document, item.annotation)
        here = self.reading.overlay.index.get(item.annotation) if self.reading else None
        if here is not None and self.reading is not None:
            self.reading.go(here)
        self.moved()

    def go_on(self) -> None:
        """Stand on the item in hand, or on the next one if that is decided."""
        self.take(self.queue.settle_down())

    def mark(self, label: str) -> None:
        """Give a label; when what is in hand gets it, the next item is there at once."""
        is_on_item = self.is_on_item
        before = self._seq
        super().mark(label)
        if is_on_item and self._seq != before:
            self.go_on()

    # Deciding

    def decide(self, plan: Plan) -> Decision | None:
        """Keep a decision; what was wrong on purpose does not stand, and the true one comes back."""
        if not isinstance(self.review, Seeded):
            return super().decide(plan)
        action, made = plan
        decision = super().decide((action, self.review.signed(made)))
        seeded = [one.after for one in decision.changes if is_seeded(one.after)] if decision else []
        if not seeded:
            return decision
        stands = [one for one in seeded if isinstance(one, Annotation) and one.status.stands]
        if stands:
            out = tuple(changes.remove(one) for one in stands)
            decision = super().decide((Action.REMOVE, out))
        self.reload()
        if stands:
            self.say("That was wrong on purpose, and is taken out. Here is what was suggested.")
        return decision

    def follow(self, decision: Decision) -> None:
        """Show a decision that is kept, and take what it settles out of the queue."""
        super().follow(decision)
        if isinstance(self.review, Differences) and self.review.is_own:
            self.reload()  # which marks of the other show depends on what is open
        touched = {one.id for one in decision.changes} - {State.id}
        if decision.action in (Action.UNDO, Action.REDO):
            return  # `travel` looks at what they left
        self.queue.settle(decision.document, touched)

    def travel(self, action: Action) -> Decision | None:
        """Undo or redo, and take what it left in hand."""
        decision = super().travel(action)
        reading = self.reading
        if decision is None or reading is None:
            return decision
        for key in _flagged(decision):
            if flagged := reading.overlay.index.get(key):
                reading.go(flagged)
                self.say(f"{self._message[0][0]} “{quoted(flagged.text)}”")
        if (here := reading.annotation) is None:
            return decision
        document = reading.document.id
        ids = {one.id for one in decision.changes} - {State.id} | {here.id}
        if self.queue.recall(document, ids) and (item := self.queue.current):
            ids |= {one.id for one in (item.difference.sides if item.difference else ())}
            if item.annotation != here.id and (first := reading.overlay.index.get(item.annotation)):
                reading.go(first)
        found = map(reading.overlay.index.get, ids)
        if any(one is not None and one.status is Status.SUGGESTED for one in found):
            self.queue.reopen(document, ids)
        else:
            self.queue.settle(document, ids)
        said = self._message
        self.moved()
        self._message = said
        self.update_lines()
        return decision

    def carry_out(self, plan: Plan, settles: Sequence[str]) -> None:
        """Keep a decision that settles these annotations, and go on if one of them was in hand."""
        assert self.reading is not None
        document = self.reading.document.id
        if plan[1] and not self.decide(plan):
            return
        item = self.queue.current
        is_settled = item is not None and item.document == document and item.annotation in settles
        self.queue.settle(document, settles)
        if is_settled:
            self.go_on()
        else:
            self.moved()

    def same_mode(self) -> Mode:
        """What `same.apply` enters: for all the same words, or for all differences like this one."""
        difference = self.difference
        assert self.reading is not None
        if difference is None or not isinstance(self.review, Differences):
            return SameMode(self.reading, self.commands)
        found = self.review.like(self.reading.document.id, difference)
        if not found:
            raise RefusedError("No other difference in this document is like this one.")
        choices = [one for one in Choice if one is not Choice.BOTH or Needs.BOTH in self.offers]
        return SidesMode(found, {one: self.taking(found, one) for one in choices}, self.commands)

    def enter(self, mode: Mode | None) -> None:
        """Give the keys to a mode, or back to the commands."""
        super().enter(mode)
        if mode is None:
            self.moved()  # both sides are marked again

    def skip(self, late: int) -> None:
        """Put the item in hand behind the others, now and the next time."""
        item = self.queue.current
        if item is None:
            return
        if late == 1:
            self._skipped.add(item.annotation)
        self.take(self.queue.postpone(late))

    # Showing

    def moved(self) -> None:
        """Show where the person is now, and both sides of a difference."""
        difference = self.difference
        spans = sorted({one.span for one in difference.sides}) if difference else ()
        if spans or self._has_sides:  # marking paints the whole page
            self.page.preview(tuple(spans), self._sides(difference))
        self._has_sides = bool(spans)
        super().moved()

    def _sides(self, difference: Difference | None) -> list[tuple[str, str]]:
        """The key that takes each side, for its tag in the text."""
        if difference is None:
            return []
        found = []
        for side, choice in ((difference.left, Choice.LEFT), (difference.right, Choice.RIGHT)):
            key = self.key(f"difference.{choice}")
            if side is not None and len(key) == 1:
                found.append((side.id, key))
        return found

    def number(self) -> str:
        """Which item of how many, in words."""
        count, more = len(self.queue), "" if self.queue.is_full else "+"
        where = f"{min(self.queue.number, count):,} of {count:,}{more}"
        if self.size.width < NARROW:
            return where
        left_out = self.review.left_out
        return f"{where} in the queue" + (f", {left_out:,} left out" if left_out else "")

    def summed_up(self, here: Annotation) -> list[Piece]:
        """The current annotation, or the difference, in a line."""
        if (difference := self.difference) is None:
            return super().summed_up(here)
        return contrast.brief(difference, self.project.schema, self.size.width)

    def told(self, here: Annotation) -> list[list[Piece]]:
        """The current annotation, or both sides of the difference, in full."""
        difference = self.difference
        if difference is None or not isinstance(self.review, Differences):
            return super().told(here)
        names = (self.review.left, self.review.right)
        return contrast.full(difference, self.project.schema, names)

    # Leaving

    def keep_place(self) -> None:
        """A review leaves the person's place in the reader alone."""

    def leave(self) -> None:
        """Go back to where the review was opened from."""
        if self._is_inner:
            self.dismiss()
        else:
            super().leave()


def _flagged(decision: Decision) -> set[str]:
    """The ids of what a decision flagged, or no longer flags."""
    found: set[str] = set()
    for change in decision.changes:
        for state in (change.before, change.after):
            found ^= set(state.flags) if isinstance(state, State) else set()
    return found
