"""The reader: the text, where one is in it, and what the keys decide."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from annotations.errors import PurportError, RefusedError
from annotations.layer import Layer
from annotations.project import Project
from annotations.readable_layers import ReadableOverlay
from annotations.review.queue import Queue
from tui.commands import Command, Commands, Needs, key_name
from tui.config import Settings
from tui.describe import Piece
from tui.faults import GuardedScreen
from tui.place import Place, Places
from tui.reading import Reading
from tui.screens.deciding import Deciding
from tui.screens.filling import Filling
from tui.screens.going import GOING
from tui.screens.handlers import HANDLERS, LABEL, Handler
from tui.screens.looking import Looking
from tui.screens.modes import Mode
from tui.screens.pointing import Pointing
from tui.screens.prompting import Prompting
from tui.screens.revealing import REVEALING
from tui.screens.searching import Searching
from tui.screens.seeing import Seeing
from tui.screens.telling import Telling
from tui.search import Search
from tui.suggester import Suggester
from tui.theme import THEMES
from tui.widgets.inspector import Inspector
from tui.widgets.line import Line
from tui.widgets.page import Page
from tui.widgets.prompt import Prompt

_PAUSE = 0.3
"""Seconds without a key after which the place is kept."""

_LOOK = 0.01
"""Seconds in which the next of the documents' files are looked at then."""


class ReaderScreen(
    Deciding,
    Filling,
    Looking,
    Pointing,
    Prompting,
    Searching,
    Seeing,
    Telling,
    GuardedScreen[None],
):
    """Shows one document at a time and keeps what is decided on it.

    Args:
        project: where the documents are; every decision goes through it.
        commands: the keys.
        settings: the person's own.
        places: where the person was.
        suggester: makes suggestions in the background; None where nothing shall.
        start: the document to open; None for the one where the person was last.
        blind: whether a document's suggestions are hidden until it is done or they are revealed.

    Attributes:
        queue: what leads from document to document, in a review.
    """

    handlers: ClassVar[dict[str, Handler]] = HANDLERS | GOING | REVEALING
    queue: Queue | None = None
    AUTO_FOCUS = ""
    CSS_PATH = "reader.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]  # noqa: RUF012 - as Textual has it

    def __init__(
        self,
        project: Project,
        commands: Commands,
        settings: Settings,
        places: Places,
        suggester: Suggester | None = None,
        start: str | None = None,
        *,
        blind: bool = False,
    ) -> None:
        super().__init__()
        self.project = project
        self.commands = commands
        self.settings = settings
        self.places = places
        self.suggester = suggester
        self.start = start
        self.blind = blind
        self._place = (0, 0)
        self.reading: Reading | None = None
        self.search = Search()
        self.mode: Mode | None = None
        self.inspecting = settings.inspector
        self.field = "stance"
        self._keeper: Timer | None = None
        self._layer: Layer | None = None
        self._seq = 0
        self._saved = "saved"
        self._message: list[Piece] = []
        self._share: float | None = None
        self._awaits: str | None = None
        self._shown: set[str] = set()
        self._looked: set[str] = set()
        self._kind = ""
        self._asked, self._is_again = "", False
        self._looked_at = 0

    def compose(self) -> ComposeResult:
        yield Line(id="status")
        with Horizontal(id="middle"):
            yield Page(measure=self.settings.measure, id="page")
            yield Inspector(id="inspector")
        with Vertical(id="foot"):
            yield Line(id="detail")
            yield Line(id="keys")
            yield Prompt(id="prompt")

    def on_mount(self) -> None:
        self.status = self.query_one("#status", Line)
        self.page = self.query_one(Page)
        self.inspector = self.query_one(Inspector)
        self.detail = self.query_one("#detail", Line)
        self.keys = self.query_one("#keys", Line)
        self.prompt = self.query_one(Prompt)
        self.project.catalogue.refresh(0)
        self.begin()

    def begin(self) -> None:
        """Open the document to start with."""
        last = self.start or self.places.last
        if not (last and self.project.has(last)) or self.project.is_redacted(last):
            last = self.project.catalogue.first()
        if last:
            self.open(last)
            self.tell_disk()
        else:
            self.update_lines()

    # Documents

    def open(self, document_id: str, annotation: str = "") -> None:
        """Show another document, where the person left it or at one annotation."""
        self.keep_place()
        try:
            document = self.project.document(document_id)
            standing = self.project.standing(document_id)
            overlay = self.overlay(document_id)
        except PurportError as error:
            self.say(str(error), "bad")
            return
        self.mode = None
        self.search = Search()
        catalogue = self.project.catalogue
        self._place = (catalogue.place(document_id), catalogue.count())
        self.reading = reading = Reading(document, overlay, self.project.schema)
        reading.kind = self._kind
        self.look(document_id)
        self._saved = "saved" if standing.can_decide else "read-only"
        place = self.places.of(document_id)
        wanted = annotation or place.annotation
        here = reading.index.get(wanted)
        if here is not None:
            reading.go(here)
        elif place != Place():
            reading.point(place.cursor)
        elif first := reading.nearest_open():
            reading.go(first)
        is_new = place == Place() and not overlay.open
        self._awaits = wanted if here is None and (wanted or is_new) else None
        top = place.top if place != Place() and not annotation else 0
        self.page.show(reading.text, reading.index, self.project.schema, top=top)
        self.begin_suggesting(document_id)
        self.moved()
        problems = overlay.problems if isinstance(overlay, ReadableOverlay) else ()
        if standing.words or problems:
            self.say(standing.words or problems[0], "bad")
        self.say_settled()

    def reload(self) -> None:
        """Take in what another terminal decided."""
        reading = self.reading
        if reading is None:
            return
        self.reading = again = Reading(
            reading.document, self.overlay(reading.document.id), self.project.schema
        )
        again.kind = self._kind
        self.look(reading.document.id)
        top = self.page.visible_span().start
        again.point(reading.cursor.start, reading.current)
        if again.annotation is None:
            again.current = None
        self.page.show(again.text, again.index, self.project.schema, top=top)
        self.moved()

    def _keep_soon(self) -> None:
        """Keep the place when no key comes for a moment, and look what other programs did."""
        if self._keeper is not None:
            self._keeper.stop()
        self._keeper = self.set_timer(_PAUSE, self._rest)

    def _rest(self) -> None:
        self.keep_place()
        self.project.catalogue.refresh(_LOOK)

    def keep_place(self) -> None:
        """Keep where the person is, for the next time."""
        reading = self.reading
        if reading is None:
            return
        top = self.page.visible_span().start
        place = Place(reading.cursor.start, top, reading.current or "")
        self.places.keep(reading.document.id, place)

    # Keys

    def on_key(self, event: events.Key) -> None:
        if self.prompt.is_asking:
            return
        key = key_name(event.key, event.character)
        command = self.commands.for_key(key)
        if self.mode is None and command is None and not event.is_printable:
            return  # ctrl+z and its like are the app's
        event.stop()
        event.prevent_default()
        if self.mode is not None:
            self.press_in(self.mode, key)
        elif command is not None:
            self.run_command(command)
        else:
            self._asked = ""
            self.say(f"{key} does nothing here; {self.commands['help.open'].key} lists the keys.")

    def run_command(self, command: Command) -> None:
        """Do what a command says; what is refused is said and changes nothing."""
        had_message, self._message = bool(self._message), []
        self._awaits = None
        self._is_again, self._asked = self._asked == command.id, ""
        self.remember_shown()
        handler = self.handlers.get(command.id)
        try:
            if self._is_about_another(command):
                self.moved()
                self.say(
                    f"Here is the claim around it; {command.shown_key} again: {command.label}."
                )
            elif handler is not None:
                handler(self)
            elif self.reading is None:
                raise RefusedError("There is no document open.")
            elif command.id.startswith(LABEL):
                self.mark(command.id.removeprefix(LABEL))
            else:
                area, _, value = command.id.partition(".")
                self.tag(area, value)
        except RefusedError as error:
            words = str(error)
            self.say(words, "bad" if words.startswith("Not saved") else "plain")
        except PurportError as error:
            self.say(str(error), "bad")
        self.say_settled()
        if had_message and not self._message:
            self.update_lines()  # a screen over this one leaves it as it is now
        self._keep_soon()

    def _is_about_another(self, command: Command) -> bool:
        """Whether a key means a claim that is not the current annotation: it is from now on."""
        if command.needs is not Needs.CLAIM or self.reading is None:
            return False
        return self.reading.take_up_claim() and command.id != "claim.fields"

    def is_sure(self, command_id: str, question: str) -> bool:
        """Whether a command's key was pressed a second time; the first time it is asked for."""
        if self._is_again:
            return True
        self.say(question.format(key=self.key(command_id)))
        self._asked = command_id
        return False

    def key(self, command_id: str) -> str:
        """A command's key as the screen shows it."""
        return self.commands[command_id].shown_key

    def leave(self) -> None:
        """End the program; everything is saved already."""
        self.keep_place()
        self.app.exit()

    # Showing

    def next_theme(self) -> None:
        """Change to the next of purport's themes, for this run."""
        names = [one.name for one in THEMES]
        here = names.index(self.app.theme) if self.app.theme in names else -1
        self.app.theme = names[(here + 1) % len(names)]
        words = self.app.theme.removeprefix("purport-").replace("ansi", "terminal")
        self.say(f"theme: {words}")

    def turn_kinds(self) -> None:
        """Show only entities, only claims, or both; it stays so in the documents that follow."""
        reading = self.reading
        if reading is None:
            return
        words = reading.turn_kinds()
        self._kind = reading.kind
        top = self.page.visible_span().start
        self.page.show(reading.text, reading.index, self.project.schema, top=top)
        self.moved()
        self.say(f"showing {words}; {self.commands['view.kinds'].key} goes on")

    def moved(self) -> None:
        """Show where the person is now."""
        reading = self.reading
        if reading is None:
            return
        self.page.point(reading.cursor, reading.current, reading.selection)
        self.update_lines()

    def on_resize(self) -> None:
        if self.reading is not None:
            self.call_after_refresh(self.moved)
