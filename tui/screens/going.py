"""What each command does that goes somewhere: to suggestions, words, pages, other documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from annotations import changes
from annotations.errors import RefusedError
from annotations.messages import counted
from annotations.records import Action
from tui.describe import quoted
from tui.screens.documents import DocumentsScreen
from tui.screens.handlers import Handler, handling, reading_of

if TYPE_CHECKING:
    from tui.screens.reader import ReaderScreen

GOING: Final[dict[str, Handler]] = {}
"""Command id to handler, beside those of `HANDLERS`."""

_handles = handling(GOING)


@_handles("suggestion.next")
def _next_open(screen: ReaderScreen) -> None:
    _to_open(screen, forward=True)


@_handles("suggestion.previous")
def _previous_open(screen: ReaderScreen) -> None:
    _to_open(screen, forward=False)


def _to_open(screen: ReaderScreen, *, forward: bool) -> None:
    reading = reading_of(screen)
    if screen.project.blind:
        raise RefusedError(
            f"Suggestions are hidden; {screen.key('suggestions.reveal')} shows them."
        )
    found = reading.nearest_open(forward=forward)
    if found is None:
        _to_open_elsewhere(screen, forward=forward)
    elif found.id == reading.current:
        raise RefusedError(
            f"This is the only open suggestion left here; {screen.key('document.next')} is the "
            "next document."
        )
    else:
        reading.go(found)
        screen.moved()


def _to_open_elsewhere(screen: ReaderScreen, *, forward: bool) -> None:
    """To another document that is not done, with open suggestions, and say so; none is open here."""
    here = reading_of(screen).document.id
    other = screen.project.next_open(here, forward=forward)
    if screen.is_suggesting:
        screen.await_suggestion()
    elif other is None and screen.project.catalogue.totals().open:
        screen.say("No open suggestions are left in documents that are not done.")
    elif other is None:
        screen.say("No open suggestions are left in any document.")
    else:
        screen.open(other)
        reading = reading_of(screen)
        if reading.document.id != other:
            return  # it could not be read, and that is said
        if found := reading.first_open(forward=forward):
            reading.go(found)
            screen.moved()
        title = quoted(reading.document.title, max(16, screen.room - 22))
        screen.say(f"{'next' if forward else 'previous'} document: {title}")


@_handles("annotation.next")
def _next(screen: ReaderScreen) -> None:
    _to_annotation(screen, forward=True)


@_handles("annotation.previous")
def _previous(screen: ReaderScreen) -> None:
    _to_annotation(screen, forward=False)


def _to_annotation(screen: ReaderScreen, *, forward: bool) -> None:
    reading = reading_of(screen)
    found = reading.next(forward=forward)
    if found is None:
        raise RefusedError(f"That is the {'last' if forward else 'first'} annotation here.")
    reading.go(found)
    screen.moved()


@_handles("cursor.word_right", "cursor.right")
def _right(screen: ReaderScreen) -> None:
    reading_of(screen).word_right()
    screen.moved()


@_handles("cursor.word_left", "cursor.left")
def _left(screen: ReaderScreen) -> None:
    reading_of(screen).word_left()
    screen.moved()


@_handles("cursor.down")
def _down(screen: ReaderScreen) -> None:
    reading = reading_of(screen)
    reading.point(screen.page.offset_below(reading.cursor.start))
    screen.moved()


@_handles("cursor.up")
def _up(screen: ReaderScreen) -> None:
    reading_of(screen).point(screen.page.offset_above(reading_of(screen).cursor.start))
    screen.moved()


@_handles("page.down")
def _page_down(screen: ReaderScreen) -> None:
    reading_of(screen).point(screen.page.page_down())
    screen.moved()


@_handles("page.up")
def _page_up(screen: ReaderScreen) -> None:
    reading_of(screen).point(screen.page.page_up())
    screen.moved()


# Documents


@_handles("document.done")
def _done(screen: ReaderScreen) -> None:
    reading = reading_of(screen)
    document_id = reading.document.id
    state = screen.project.layer(document_id).state
    if not state.finished:
        if (left := _remainder(screen)) and not screen.is_sure("document.done", left):
            return
        if not screen.decide((Action.FINISH, (changes.finish(state),))):
            return
    other = screen.project.next_unfinished(document_id)
    if other is not None:
        screen.open(other)
        return
    screen.moved()
    screen.say("Every document is done.")


def _remainder(screen: ReaderScreen) -> str:
    """What is left to do in the document, with what to press nevertheless; empty for nothing."""
    left = reading_of(screen).overlay.open
    if screen.is_suggesting and not screen.project.blind:
        return "Suggestions are still being made here: {key} again marks it done."
    if not left:
        return ""
    return f"{counted(left, 'open suggestion')} {'is' if left == 1 else 'are'} left: {{key}} again marks it done."


@_handles("document.reopen")
def _reopen(screen: ReaderScreen) -> None:
    state = screen.project.layer(reading_of(screen).document.id).state
    if not state.finished:
        raise RefusedError("This document is not marked done.")
    screen.decide((Action.FINISH, (changes.finish(state, finished=False),)))
    screen.moved()


def _by_order(screen: ReaderScreen, step: int) -> None:
    catalogue = screen.project.catalogue
    catalogue.refresh(0)
    other = catalogue.neighbour(reading_of(screen).document.id, step)
    if other is None:
        raise RefusedError(f"That is the {'last' if step > 0 else 'first'} document.")
    screen.open(other)


_handles("document.next")(lambda screen: _by_order(screen, 1))
_handles("document.previous")(lambda screen: _by_order(screen, -1))


@_handles("documents.open")
def _documents(screen: ReaderScreen) -> None:
    def chosen(document_id: str | None) -> None:
        if document_id is not None:
            screen.open(document_id)

    current = screen.reading.document.id if screen.reading else ""
    screen.app.push_screen(DocumentsScreen(screen.project.documents(), current), chosen)
