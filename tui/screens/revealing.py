"""What each command does that shows what is not seen yet: missed, hidden, or counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual.message import Message

from annotations import changes
from annotations.errors import RefusedError
from annotations.messages import counted
from annotations.records import Action
from annotations.review.missed import missed
from annotations.review.queue import Item, Review
from tui.screens.handlers import Handler

if TYPE_CHECKING:
    from tui.screens.reader import ReaderScreen


class ReviewWanted(Message):
    """The person wants to see these annotations one by one.

    Attributes:
        review: the annotations.
        reload: what is done when the person comes back.
    """

    def __init__(self, review: Review, reload: Callable[[], None]) -> None:
        super().__init__()
        self.review = review
        self.reload = reload


def _missed(screen: ReaderScreen) -> None:
    reading, project = screen.reading, screen.project
    if reading is None:
        raise RefusedError("There is no document open.")
    document_id = reading.document.id
    models = () if project.blind else project.models(document_id)
    layers = [project.layer(document_id, name) for name in models]
    weak = missed(reading.text, layers, project.layer(document_id), project.schema)
    known = len(reading.overlay.index)
    reading.overlay.extend(weak)
    screen.page.changed(one.span for one in weak)
    found = [one for one in weak.index if one.id in reading.overlay.index]
    if screen.queue is not None:
        screen.queue.offer(Item(document_id, one.id) for one in found)
    elif found:
        reading.go(found[0])
    screen.moved()
    new = len(reading.overlay.index) - known
    if not found:
        screen.say("Nothing here looks missed.")
    else:
        told = counted(new or len(found), "weak suggestion") + ("" if new else " already")
        screen.say(f"{told}: {screen.key('suggestion.next')} goes to the next.")


def _reveal(screen: ReaderScreen) -> None:
    reading = screen.reading
    if reading is None or not screen.project.blind:
        raise RefusedError("No suggestions are hidden here.")
    state = screen.project.layer(reading.document.id).state
    if screen.decide((Action.REVEAL, (changes.reveal(state),))):
        screen.moved()


def _dashboard(screen: ReaderScreen) -> None:
    from tui.screens.dashboard import DashboardScreen  # not before the first page

    def back(has_opened: bool | None) -> None:
        if has_opened:
            screen.reload()

    screen.app.push_screen(DashboardScreen(screen.project), back)


def _elsewhere(_: ReaderScreen) -> None:
    raise RefusedError("That key is for a review; purport review --layer L opens one.")


_IN_A_REVIEW: Final = (
    "queue.skip",
    "queue.flag",
    "difference.left",
    "difference.right",
    "difference.neither",
    "difference.both",
    "difference.agreed",
)

REVEALING: Final[dict[str, Handler]] = {
    **dict.fromkeys(_IN_A_REVIEW, _elsewhere),
    "missed.show": _missed,
    "suggestions.reveal": _reveal,
    "dashboard.open": _dashboard,
    "corpus.search": lambda screen: screen.search_all(),
}
