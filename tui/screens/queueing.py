"""What each command does in a review, where it is not what it does in the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from annotations import changes
from annotations.errors import RefusedError
from annotations.records import Action
from annotations.review.comparison import Choice
from tui.alike import Plan
from tui.reading import Reading
from tui.screens.handlers import Handler

if TYPE_CHECKING:
    from tui.screens.reader import ReaderScreen
    from tui.screens.review import ReviewScreen


def _review(screen: ReaderScreen) -> tuple[ReviewScreen, Reading]:
    if screen.reading is None:
        raise RefusedError("There is no document open.")
    return cast("ReviewScreen", screen), screen.reading


def _decide(screen: ReaderScreen, plan: Plan) -> None:
    review, _ = _review(screen)
    if review.decide(plan) or review.changes_nothing(plan):
        review.go_on()


def _accept(screen: ReaderScreen) -> None:
    review, reading = _review(screen)
    difference = review.difference
    if difference is None:
        _decide(screen, reading.accept())
    else:  # else the other side would stay open behind one's back
        is_left = difference.left is not None and difference.left.id == reading.current
        review.choose(difference, Choice.LEFT if is_left else Choice.RIGHT)


def _reject(screen: ReaderScreen) -> None:
    review, reading = _review(screen)
    if (difference := review.difference) is None:
        _decide(screen, reading.reject())
    else:
        review.choose(difference, Choice.NEITHER)


def _next(screen: ReaderScreen) -> None:
    review, _ = _review(screen)
    if review.queue.current is None:
        review.take(review.queue.first())
    elif review.is_on_item:
        review.take(review.queue.next())
    else:
        review.go_on()


def _previous(screen: ReaderScreen) -> None:
    review, _ = _review(screen)
    item = review.queue.previous()
    if item is None:
        raise RefusedError("That is the first in the queue.")
    review.revisit(item)


def _skip(screen: ReaderScreen) -> None:
    review, _ = _review(screen)
    review.skip(1)


def _flag(screen: ReaderScreen) -> None:
    review, reading = _review(screen)
    item = review.queue.current
    if item is None or not review.is_on_item:
        raise RefusedError("Flag what the queue has in hand.")
    state = review.project.layer(reading.document.id).state
    is_flagged = item.annotation in state.flags
    if not review.decide((Action.FLAG, (changes.flag(state, item.annotation),))):
        return
    if is_flagged:
        review.say("No longer flagged.")
    else:
        review.skip(2)


def _choose(choice: Choice) -> Handler:
    def handle(screen: ReaderScreen) -> None:
        review, _ = _review(screen)
        difference = review.difference
        if difference is None:
            raise RefusedError("There is no difference in hand.")
        review.choose(difference, choice)

    return handle


def _same(screen: ReaderScreen) -> None:
    review, _ = _review(screen)
    review.enter(review.same_mode())


def _agreed(screen: ReaderScreen) -> None:
    review, _ = _review(screen)
    review.accept_agreed()


QUEUEING: Final[dict[str, Handler]] = {
    "suggestion.accept": _accept,
    "suggestion.reject": _reject,
    "suggestion.next": _next,
    "suggestion.previous": _previous,
    "same.apply": _same,
    "queue.skip": _skip,
    "queue.flag": _flag,
    "difference.agreed": _agreed,
    **{f"difference.{choice}": _choose(choice) for choice in Choice},
}
