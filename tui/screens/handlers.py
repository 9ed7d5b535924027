"""What each command does in the reader; labels, stance and certainty go by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from annotations.errors import RefusedError
from annotations.evidence import AUTHOR, UNNAMED
from annotations.records import Action, Claim, Entity
from tui.describe import quoted
from tui.hints import valid
from tui.reading import Reading, chain
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


def handling(table: dict[str, Handler]) -> Callable[..., Callable[[Handler], Handler]]:
    """A decorator that enters a handler into a table, under the ids it is given."""

    def handles(*command_ids: str) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            table.update(dict.fromkeys(command_ids, handler))
            return handler

        return register

    return handles


_handles = handling(HANDLERS)


def reading_of(screen: ReaderScreen) -> Reading:
    """Where one is.

    Raises:
        RefusedError: no document is open.
    """
    if screen.reading is None:
        raise RefusedError("There is no document open.")
    return screen.reading


@_handles("suggestion.accept")
def _accept(screen: ReaderScreen) -> None:
    screen.decide_and_go_on(reading_of(screen).accept())


@_handles("suggestion.reject")
def _reject(screen: ReaderScreen) -> None:
    screen.decide_and_go_on(reading_of(screen).reject())


@_handles("annotation.remove")
def _remove(screen: ReaderScreen) -> None:
    if screen.decide(reading_of(screen).remove()):
        screen.moved()


@_handles("annotation.note")
def _note(screen: ReaderScreen) -> None:
    here = reading_of(screen).annotation
    if here is None:
        raise RefusedError("There is no annotation under the cursor to note on.")
    screen.ask("note", "note:", here.note)


@_handles("same.apply")
def _same(screen: ReaderScreen) -> None:
    screen.enter(SameMode(reading_of(screen), screen.commands))


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
    reading_of(screen).start_selection()
    screen.moved()


@_handles("select.clear")
def _clear(screen: ReaderScreen) -> None:
    screen.page.matches(())
    reading_of(screen).let_go()
    screen.moved()


def _edge(side: str, *, forward: bool) -> Handler:
    def move(screen: ReaderScreen) -> None:
        reading = reading_of(screen)
        plan = reading.resize(side, forward=forward)
        if plan is not None and (decision := screen.decide(plan)):
            reading = reading_of(screen)
            reading.settle_on(decision.changes)
        screen.moved()
        if plan is not None and isinstance(here := reading.annotation, Claim):
            screen.say(f"“{quoted(here.text, screen.room - 2)}”")  # its line tells no words

    return move


_handles("span.start_left")(_edge("start", forward=False))
_handles("span.start_right")(_edge("start", forward=True))
_handles("span.end_left")(_edge("end", forward=False))
_handles("span.end_right")(_edge("end", forward=True))
_handles("view.kinds")(lambda screen: screen.turn_kinds())


# Claims


@_handles("claim.add")
def _claim(screen: ReaderScreen) -> None:
    reading = reading_of(screen)
    try:
        plan = reading.add_claim()
    except RefusedError:
        screen.moved()
        raise
    if decision := screen.decide(plan):
        reading = reading_of(screen)
        reading.settle_on(decision.changes)
        screen.moved()


@_handles("claim.holder")
def _holder(screen: ReaderScreen) -> None:
    screen.field = "holder"
    screen.enter(HolderMode(reading_of(screen)))


@_handles("holder.nearest")
def _nearest(screen: ReaderScreen) -> None:
    screen.hold(reading_of(screen).nearest_holder())


@_handles("holder.unnamed")
def _unnamed(screen: ReaderScreen) -> None:
    reading_of(screen)
    screen.hold(chain(UNNAMED))


@_handles("holder.author")
def _author(screen: ReaderScreen) -> None:
    reading_of(screen)
    screen.hold(chain(AUTHOR))


@_handles("claim.fields")
def _fields(screen: ReaderScreen) -> None:
    claim = reading_of(screen).claim
    if claim is None:
        raise RefusedError("There is no claim here; make one first.")

    screen.app.push_screen(
        FieldsScreen(claim, screen.project.schema, screen.rewrite),
        lambda is_kept: None if is_kept else screen.say("nothing changed"),
    )


@_handles("guide.open")
def _guide(screen: ReaderScreen) -> None:
    is_entity = isinstance(reading_of(screen).annotation, Entity)
    field = "labels" if is_entity else screen.field
    opened_by = screen.commands["guide.open"].key
    screen.app.push_screen(GuideScreen(screen.project.schema, field, opened_by))


@_handles("search.open")
def _search(screen: ReaderScreen) -> None:
    reading_of(screen)
    screen.ask("search", "search:")


# More


@_handles("inspector.toggle")
def _inspector(screen: ReaderScreen) -> None:
    if screen.size.width < screen.WIDE:
        screen.tell_facts()
        return
    screen.inspecting = not screen.inspecting
    screen.update_lines()


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
