"""The app: one project, one reader, its themes and its background work."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher
from textual.worker import Worker, WorkerState, get_current_worker

from annotations.cli import fault
from annotations.project import Project
from annotations.review.queue import Review
from annotations.symbols import line
from tui.commands import Command, commands
from tui.config import Settings
from tui.describe import quoted
from tui.faults import GuardedApp
from tui.hints import valid
from tui.place import Places
from tui.screens.palette import Palette
from tui.screens.reader import ReaderScreen
from tui.screens.revealing import ReviewWanted
from tui.screens.review import ReviewScreen
from tui.skipped import Skipped
from tui.suggester import Suggester, SuggestingStopped
from tui.theme import THEMES, choose
from tui.thrift import ThriftyApp
from tui.typeahead import TypeAheadApp


class ReaderCommands(Provider):
    """The reader's commands, found by their names."""

    def _commands(self) -> Iterator[tuple[Command, Callable[[], None]]]:
        screen = self.screen
        if isinstance(screen, ReaderScreen):
            for one in screen.commands:
                yield one, lambda one=one: screen.run_command(one)  # type: ignore[misc]

    async def discover(self) -> Hits:
        """The commands that mean something now."""
        screen = self.screen
        if not isinstance(screen, ReaderScreen) or screen.reading is None:
            return
        now = valid(screen.commands, screen.reading, screen.offers)
        for one, run in self._commands():
            if one.id in now:
                yield DiscoveryHit(Content(_row(one, one.shown_key)), run, one.id)

    async def search(self, query: str) -> Hits:
        """The commands whose id or description fits."""
        matcher = self.matcher(query)
        for one, run in self._commands():
            words = _row(one, one.shown_key if one.key else "")
            score = max(matcher.match(words), matcher.match(one.id))
            if score:
                yield Hit(score, _highlighted(matcher, words), run, one.id)


def _row(command: Command, key: str) -> str:
    """A command as a row of the palette, where a label's description may be of any length."""
    words = quoted(command.about, 160)
    return f"{words}  ({line(key)})" if key else words


def _highlighted(matcher: Matcher, words: str) -> Content:
    """A row with the letters that fit marked; no words of a project are read as markup."""
    content = Content(words)
    _, offsets = matcher.fuzzy_search.match(matcher.query, words)
    for offset in offsets:
        # The search is in lower case, in which a letter may be two.
        if offset < len(words) and not words[offset].isspace():
            content = content.stylize(matcher.match_style, offset, offset + 1)
    return content


class PurportApp(GuardedApp[None], TypeAheadApp[None], ThriftyApp[None]):
    """The reader on a project.

    Args:
        project: what is read.
        settings: the person's own.
        model: the pipeline that suggests; None for the project's.
        start: the id of the document to open first; None for where the person was.
        suggesting: whether suggestions are made in the background.
        review: makes what is to be reviewed, from what was skipped before; None to read.
        blind: whether a document's suggestions are hidden until it is done or they are revealed.
        finishing: whether a review marks a document as done when nothing in it is left open.
    """

    TITLE = "purport"
    COMMANDS: ClassVar = {ReaderCommands}
    BINDINGS: ClassVar = [
        Binding("ctrl+z", "suspend_process", show=False),
        # Before any screen or prompt: whatever is open, it ends the program.
        Binding("ctrl+c", "end", show=False, priority=True),
    ]
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        project: Project,
        settings: Settings | None = None,
        *,
        model: str | None = None,
        start: str | None = None,
        suggesting: bool = True,
        review: Callable[[Skipped], Review] | None = None,
        blind: bool = False,
        finishing: bool = False,
    ) -> None:
        # Without colour Textual would turn the terminal's own colours into grey ones.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.project = project
        self.settings = settings or Settings()
        self.commands = commands(
            project.schema,
            project.schema.keys,
            self.settings.keys,
            where=self.settings.where or str(project.root / "purport.toml"),
        )
        self._model = model
        self._start = start
        self._suggesting = suggesting and review is None
        self._review = review
        self._blind = blind
        self._finishing = finishing
        self._suggester: Suggester | None = None
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._theme_name()

    def _theme_name(self) -> str:
        wanted = self.settings.theme
        if wanted in ("dark", "light") and not self.no_color:
            return f"purport-{wanted}"
        if wanted == "terminal":
            return THEMES[-1].name
        return choose(self.console.color_system, no_color=self.no_color, dark=_is_dark())

    def on_mount(self) -> None:
        if not self.is_headless:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._end)
        self._places = Places(self.project.root, self.project.annotator)
        self._skipped = Skipped(self.project.root, self.project.annotator)
        suggester = self._suggester
        if self._suggesting:
            self._suggester = suggester = Suggester(
                self.project.root, self.project.annotator, self._model, self._to_reader
            )
        if self._review is not None:
            self.reader = self._reviewing(self._review(self._skipped), is_inner=False)
        else:
            self.reader = ReaderScreen(
                self.project,
                self.commands,
                self.settings,
                self._places,
                suggester,
                self._start,
                blind=self._blind,
            )
        self.push_screen(self.reader)
        self.reader.call_after_refresh(self._collect)
        if suggester is not None:
            # Only when the first page is on the terminal: spaCy keeps the processor busy.
            self.reader.call_after_refresh(self._suggest, suggester)

    def _end(self) -> None:
        """Give the terminal back when the program is asked to end; the second time it ends at once."""
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
        self.exit(return_code=128 + signal.SIGTERM)

    def _collect(self) -> None:
        """Collect garbage from now on, but not look through what stays for as long as one reads."""
        gc.freeze()
        gc.enable()

    def _reviewing(self, review: Review, *, is_inner: bool) -> ReaderScreen:
        parts = (self.project, self.commands, self.settings, self._places, review, self._skipped)
        finishing = self._finishing and not is_inner
        return ReviewScreen(*parts, is_inner=is_inner, finishing=finishing, blind=self._blind)

    def on_review_wanted(self, message: ReviewWanted) -> None:
        """Open a review over the screen that asks; what it decides is seen when one comes back."""
        inner = self._reviewing(message.review, is_inner=True)
        self.push_screen(inner, lambda _: message.reload())

    def _to_reader(self, message: object) -> None:
        self.reader.post_message(message)  # type: ignore[arg-type]

    @work(thread=True, exclusive=True, group="suggest", exit_on_error=False, description="suggest")
    def _suggest(self, suggester: Suggester) -> None:
        worker = get_current_worker()
        suggester.run(lambda: worker.is_cancelled)

    def action_end(self) -> None:
        """End the program from wherever it is asked for; everything is saved already."""
        self.reader.keep_place()
        self.exit()

    def action_command_palette(self) -> None:
        """Open the palette of commands."""
        if self.use_command_palette and not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def tell(self, words: str) -> None:
        """Show an error where the screen that is open says what happens."""
        if isinstance(self.screen, ReaderScreen):
            self.screen.say(words, "bad")
        else:
            super().tell(words)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that suggestions will not come, when what makes them has failed."""
        if event.state is WorkerState.ERROR:
            self._to_reader(SuggestingStopped(f"{event.worker.error!r}"))

    def _fatal_error(self) -> None:
        """End with one line, and keep what happened in a file that holds no document's words."""
        error = sys.exception() or self._exception
        words = fault.keep(error) if error else "it stopped by its own fault."
        self._exit_renderables.append(Text(line(f"purport: {words}"), overflow="fold"))
        self._close_messages_no_wait()

    def on_unmount(self) -> None:
        if self._suggester is not None:
            self._suggester.end()
        self.reader.keep_place()
        if self.reader.corpus is not None:
            self.reader.corpus.close()
        self.project.close()


def _is_dark() -> bool:
    """Whether the terminal says that its background is dark; most do not say, and most are."""
    _, _, background = os.environ.get("COLORFGBG", "").rpartition(";")
    return background not in ("7", "15")
