"""The search over all documents: what is typed filters, enter opens the document at the place."""

from __future__ import annotations

from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import get_current_worker

from annotations.errors import PurportError
from annotations.search import Hit
from tui.commands import key_name
from tui.concordance import WIDE, Concordance
from tui.corpus import MOST, Corpus
from tui.describe import Piece, visible
from tui.faults import GuardedScreen
from tui.flow import legend
from tui.widgets.line import Line
from tui.widgets.list import List
from tui.widgets.prompt import Prompt

_HINT = "words, label:PERSON, stance:denies, certainty:, status:, holder:, annotator:"
_LIST_KEYS = ("up", "down", "pageup", "pagedown")


class SearchScreen(GuardedScreen[tuple[str, Hit | None]]):
    """Places in all documents; returns what was typed, and the place that is chosen, or None.

    Args:
        corpus: where to look.
        typed: what stands there to begin with.
    """

    CSS_PATH: ClassVar = "search.tcss"
    AUTO_FOCUS = ""

    class Found(Message):
        """An answer has come; None where it is an error, in words."""

        def __init__(self, typed: str, hits: list[Hit] | None, error: str = "") -> None:
            super().__init__()
            self.typed, self.hits, self.error = typed, hits, error

    def __init__(self, corpus: Corpus, typed: str = "") -> None:
        super().__init__()
        self._corpus, self._typed = corpus, typed
        self._hits: list[Hit] = []
        self._answered: str | None = None
        self._error = ""

    def compose(self) -> ComposeResult:
        yield Line(id="status")
        yield List()
        yield Line(id="detail")
        yield Prompt()
        yield Line(id="keys")

    def on_mount(self) -> None:
        self._list, self._prompt = self.query_one(List), self.query_one(Prompt)
        self._prompt.ask("corpus", "all documents:", self._typed)
        self._show()
        self._look()

    def _look(self) -> None:
        if self._typed.strip():
            self._find(self._typed)
        else:
            self._hits, self._answered, self._error = [], None, ""
            self._show()

    @work(thread=True, exclusive=True, group="find", exit_on_error=False)
    def _find(self, typed: str) -> None:
        worker = get_current_worker()
        try:
            hits = self._corpus.find(typed, lambda: worker.is_cancelled)
        except PurportError as error:
            self.post_message(self.Found(typed, None, str(error)))
        else:
            if hits is not None and not worker.is_cancelled:
                self.post_message(self.Found(typed, hits))

    def on_search_screen_found(self, message: Found) -> None:
        if message.typed == self._typed:
            self._hits, self._answered = message.hits or [], message.typed
            self._error = message.error
            self._show()

    def _show(self) -> None:
        self._list.show(
            lambda cells: Concordance(self._hits, cells, lambda row: row == self._list.current), 0
        )

    @property
    def _chosen(self) -> Hit | None:
        place = self._list.current
        return self._hits[place] if self._hits and place is not None else None

    def on_list_moved(self) -> None:
        cells = self._list.content_size.width
        self.query_one("#status", Line).say([(self._report(), "strong")])
        self.query_one("#detail", Line).say(self._detail(cells), whole=bool(self._error))
        keys = [("enter", "open there"), ("esc", "back"), ("↑↓", "place"), ("page ↑↓", "turn")]
        self.query_one("#keys", Line).say(legend(cells, *keys))

    def _report(self) -> str:
        if not self._typed.strip():
            return "search all documents"
        if self._answered != self._typed:
            return "looking …"
        count = len(self._hits)
        documents = len({one.document for one in self._hits})
        if not count:
            return "nothing found"
        many = f"the first {MOST:,}" if count == MOST else f"{count:,}"
        places = "place" if count == 1 else "places"
        within = f"{documents:,} document" + ("" if documents == 1 else "s")
        return f"{(self._list.current or 0) + 1:,} of {many} {places} in {within}"

    def _detail(self, cells: int) -> list[Piece]:
        """What the current row has no room for; without one, what can be asked for."""
        one = self._chosen
        if self._error:
            return [(self._error, "bad")]
        if one is None:
            return [(_HINT, "muted")]
        said: list[Piece] = [(visible(one.title), "plain")]
        if one.mark:
            said.append((f" · {visible(one.about)}", "plain"))
            said.append((f" · {one.mark.layer}", "muted"))
            if one.mark.note:
                said.append((f" · “{visible(one.mark.note)}”", "plain"))
        if cells >= WIDE:
            said.append((f" · at {one.span.start:,}", "muted"))
        return said

    def on_key(self, event: events.Key) -> None:
        key = key_name(event.key, event.character)
        if key in _LIST_KEYS:
            event.stop()
            event.prevent_default()
            self._list.press(key)

    def on_prompt_typed(self, event: Prompt.Typed) -> None:
        self._typed = event.words
        self._look()
        self.on_list_moved()

    def on_prompt_answered(self) -> None:
        if self._chosen and self._answered == self._typed:
            self.dismiss((self._typed, self._chosen))

    def on_prompt_left(self) -> None:
        self.dismiss((self._typed, None))
