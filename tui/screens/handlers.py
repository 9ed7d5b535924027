"""What each command does in the reader; labels, stance and certainty go by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from annotations import changes
from annotations.errors import RefusedError
from annotations.evidence import AUTHOR, UNNAMED
from annotations.messages import counted
from annotations.records import Action, Annotation, Claim, Entity, Status
from tui.hints import valid
from tui.reading import Plan, Reading, chain
from tui.screens.documents import DocumentsScreen
from tui.screens.fields import FieldsScreen
from tui.screens.guide import GuideScreen
from tui.screens.help import HelpScreen
from tui.screens.history import open_history
from tui.screens.modes import HolderMode, SameMode

if TYPE_CHECKING:
    from tui.screens.reader import ReaderScreen

Handler = Callable[["ReaderScreen"], None]

LABEL: Final = "label."
HANDLERS: Final[dict[str, Handler]] = {}
"""Command id to handler. A test holds it against the list of commands."""


def _handles(*command_ids: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(command_ids, handler))
        return handler

    return register


def _reading(screen: ReaderScreen) -> Reading:
    if screen.reading is None:
        raise RefusedError("There is no document open.")
    return screen.reading


@_handles("suggestion.accept")
def _accept(screen: ReaderScreen) -> None:
    _decide_and_go_on(screen, _reading(screen).accept())


@_handles("suggestion.reject")
def _reject(screen: ReaderScreen) -> None:
    _decide_and_go_on(screen, _reading(screen).reject())


def _decide_and_go_on(screen: ReaderScreen, plan: Plan) -> None:
    reading = _reading(screen)
    target = _after(reading)
    if not screen.decide(plan):
        return
    reading = _reading(screen)
    again = reading.overlay.index.get(target.id) if target else None
    again = again or reading.nearest_open()  # the decision settled that one, too
    if again is not None:
        reading.go(again)
        screen.moved()
        return
    screen.moved()
    screen.say(
        f"No open suggestions left here: {screen.commands['document.done'].key} marks it done, "
        f"{screen.commands['suggestion.next'].key} goes to the next."
    )


def _after(reading: Reading) -> Annotation | None:
    """The next open suggestion, as it is before the decision moves the index."""
    here = reading.annotation
    found = reading.next(only_open=True)
    if found is None:
        nearest = reading.nearest_open()
        found = nearest if nearest is not None and nearest is not here else None
    return found


@_handles("annotation.remove")
def _remove(screen: ReaderScreen) -> None:
    if screen.decide(_reading(screen).remove()):
        screen.moved()


@_handles("annotation.note")
def _note(screen: ReaderScreen) -> None:
    here = _reading(screen).annotation
    if here is None:
        raise RefusedError("There is no annotation under the cursor to note on.")
    screen.ask("note", "note:", here.note)


@_handles("same.apply")
def _same(screen: ReaderScreen) -> None:
    screen.enter(SameMode(_reading(screen), screen.commands))


@_handles("history.undo")
def _undo(screen: ReaderScreen) -> None:
    screen.travel(Action.UNDO)


_handles("history.open")(open_history)


@_handles("history.redo")
def _redo(screen: ReaderScreen) -> None:
    screen.travel(Action.REDO)


# Spans


@_handles("select.start")
def _select(screen: ReaderScreen) -> None:
    _reading(screen).start_selection()
    screen.moved()


@_handles("select.clear")
def _clear(screen: ReaderScreen) -> None:
    screen.page.matches(())
    _reading(screen).let_go()
    screen.moved()


def _edge(side: str, *, forward: bool) -> Handler:
    def move(screen: ReaderScreen) -> None:
        reading = _reading(screen)
        plan = reading.resize(side, forward=forward)
        if plan is not None and (decision := screen.decide(plan)):
            reading = _reading(screen)
            reading.settle_on(decision.changes)
        screen.moved()

    return move


_handles("span.start_left")(_edge("start", forward=False))
_handles("span.start_right")(_edge("start", forward=True))
_handles("span.end_left")(_edge("end", forward=False))
_handles("span.end_right")(_edge("end", forward=True))
_handles("view.kinds")(lambda screen: screen.turn_kinds())


# Claims


@_handles("claim.add")
def _claim(screen: ReaderScreen) -> None:
    reading = _reading(screen)
    try:
        plan = reading.add_claim()
    except RefusedError:
        screen.moved()
        raise
    if decision := screen.decide(plan):
        reading = _reading(screen)
        reading.settle_on(decision.changes)
        screen.moved()


@_handles("claim.holder")
def _holder(screen: ReaderScreen) -> None:
    screen.field = "holder"
    screen.enter(HolderMode(_reading(screen)))


@_handles("holder.nearest")
def _nearest(screen: ReaderScreen) -> None:
    screen.hold(_reading(screen).nearest_holder())


@_handles("holder.unnamed")
def _unnamed(screen: ReaderScreen) -> None:
    _reading(screen)
    screen.hold(chain(UNNAMED))


@_handles("holder.author")
def _author(screen: ReaderScreen) -> None:
    _reading(screen)
    screen.hold(chain(AUTHOR))


@_handles("claim.fields")
def _fields(screen: ReaderScreen) -> None:
    claim = _reading(screen).claim
    if claim is None:
        raise RefusedError("There is no claim here; make one first.")

    def change(field: str, value: object) -> Claim | None:
        try:
            screen.tag(field, value)
        except RefusedError as error:
            screen.say(str(error), "bad")
            return None
        return _reading(screen).claim

    screen.app.push_screen(FieldsScreen(claim, screen.project.schema, change))


@_handles("guide.open")
def _guide(screen: ReaderScreen) -> None:
    is_entity = isinstance(_reading(screen).annotation, Entity)
    field = "labels" if is_entity else screen.field
    opened_by = screen.commands["guide.open"].key
    screen.app.push_screen(GuideScreen(screen.project.schema, field, opened_by))


# Move


@_handles("suggestion.next")
def _next_open(screen: ReaderScreen) -> None:
    _to_open(screen, forward=True)


@_handles("suggestion.previous")
def _previous_open(screen: ReaderScreen) -> None:
    _to_open(screen, forward=False)


def _to_open(screen: ReaderScreen, *, forward: bool) -> None:
    reading = _reading(screen)
    if screen.project.blind:
        raise RefusedError(
            f"Suggestions are hidden; {screen.key('suggestions.reveal')} shows them."
        )
    found = reading.next(forward=forward, only_open=True)
    if found is not None:
        reading.go(found)
        screen.moved()
        return
    other = screen.project.next_open(reading.document.id, forward=forward)
    if other is not None:
        screen.open(other)
        reading = _reading(screen)
    ends = [one for one in reading.index if one.status is Status.SUGGESTED]
    if ends:
        reading.go(ends[0] if forward else ends[-1])
        screen.moved()
    else:
        screen.say("No open suggestions are left in any document.")


@_handles("annotation.next")
def _next(screen: ReaderScreen) -> None:
    _to_annotation(screen, forward=True)


@_handles("annotation.previous")
def _previous(screen: ReaderScreen) -> None:
    _to_annotation(screen, forward=False)


def _to_annotation(screen: ReaderScreen, *, forward: bool) -> None:
    reading = _reading(screen)
    found = reading.next(forward=forward)
    if found is None:
        raise RefusedError(f"That is the {'last' if forward else 'first'} annotation here.")
    reading.go(found)
    screen.moved()


@_handles("cursor.word_right", "cursor.right")
def _right(screen: ReaderScreen) -> None:
    _reading(screen).word_right()
    screen.moved()


@_handles("cursor.word_left", "cursor.left")
def _left(screen: ReaderScreen) -> None:
    _reading(screen).word_left()
    screen.moved()


@_handles("cursor.down")
def _down(screen: ReaderScreen) -> None:
    reading = _reading(screen)
    reading.point(screen.page.offset_below(reading.cursor.start))
    screen.moved()


@_handles("cursor.up")
def _up(screen: ReaderScreen) -> None:
    _reading(screen).point(screen.page.offset_above(_reading(screen).cursor.start))
    screen.moved()


@_handles("page.down")
def _page_down(screen: ReaderScreen) -> None:
    _reading(screen).point(screen.page.page_down())
    screen.moved()


@_handles("page.up")
def _page_up(screen: ReaderScreen) -> None:
    _reading(screen).point(screen.page.page_up())
    screen.moved()


@_handles("search.open")
def _search(screen: ReaderScreen) -> None:
    _reading(screen)
    screen.ask("search", "search:")


# Documents


@_handles("document.done")
def _done(screen: ReaderScreen) -> None:
    reading = _reading(screen)
    document_id = reading.document.id
    left = reading.overlay.open
    state = screen.project.layer(document_id).state
    if not state.finished and not screen.decide((Action.FINISH, (changes.finish(state),))):
        return
    other = screen.project.next_unfinished(document_id)
    note = f"{counted(left, 'open suggestion')} {'was' if left == 1 else 'were'} left"
    if other is None:
        screen.moved()
        screen.say(f"{note} here. Every document is done." if left else "Every document is done.")
        return
    screen.open(other)
    if left:
        screen.say(f"{note} in the one before.")


@_handles("document.reopen")
def _reopen(screen: ReaderScreen) -> None:
    state = screen.project.layer(_reading(screen).document.id).state
    if not state.finished:
        raise RefusedError("This document is not marked done.")
    screen.decide((Action.FINISH, (changes.finish(state, finished=False),)))
    screen.moved()


def _by_order(screen: ReaderScreen, step: int) -> None:
    catalogue = screen.project.catalogue
    catalogue.refresh(0)
    other = catalogue.neighbour(_reading(screen).document.id, step)
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


# More


@_handles("inspector.toggle")
def _inspector(screen: ReaderScreen) -> None:
    screen.inspecting = not screen.inspecting
    screen.update_lines()
    if screen.size.width < screen.WIDE:
        screen.say(f"The inspector needs {screen.WIDE} columns; its facts are in this line.")


@_handles("palette.open")
def _palette(screen: ReaderScreen) -> None:
    screen.app.action_command_palette()


@_handles("theme.next")
def _theme(screen: ReaderScreen) -> None:
    screen.next_theme()


@_handles("help.open")
def _help(screen: ReaderScreen) -> None:
    now = valid(screen.commands, screen.reading, screen.offers)
    screen.app.push_screen(HelpScreen(screen.commands, now))


@_handles("app.quit")
def _quit(screen: ReaderScreen) -> None:
    screen.leave()
