"""The list of documents: how far each is, and one key to open it."""

from __future__ import annotations

from functools import cached_property

from textual import events
from textual.app import ComposeResult

from annotations.messages import counted
from annotations.storage.summary import Summary
from tui.commands import key_name
from tui.describe import Piece, visible
from tui.faults import GuardedScreen
from tui.flow import legend
from tui.overview import WIDE, Overview, head
from tui.widgets.line import Line
from tui.widgets.list import List
from tui.widgets.prompt import Prompt


class DocumentsScreen(GuardedScreen[str | None]):
    """Every document of the project; returns the id of the one that is chosen, or None.

    Args:
        summaries: the documents, in the project's order.
        current: the id of the document that is open now.
    """

    CSS_PATH = "documents.tcss"
    AUTO_FOCUS = ""

    def __init__(self, summaries: list[Summary], current: str) -> None:
        super().__init__()
        self._summaries = self._found = summaries
        self._opened = current

    def compose(self) -> ComposeResult:
        yield Line(id="status")
        yield Line(id="head")
        yield List()
        yield Line(id="detail")
        yield Prompt()
        yield Line(id="keys")

    def on_mount(self) -> None:
        self._list, self._prompt = self.query_one(List), self.query_one(Prompt)
        self._show(self._opened)

    def _show(self, document_id: str) -> None:
        """Show what was found, with this document the current one if it is among it."""
        places = (place for place, one in enumerate(self._found) if one.id == document_id)
        self._list.show(
            lambda cells: Overview(self._found, cells, lambda row: row == self._list.current),
            next(places, 0),
        )

    @cached_property
    def _sought(self) -> list[str]:
        """What a filter looks in, one for each document."""
        return [f"{one.title}\n{one.state}".casefold() for one in self._summaries]

    @cached_property
    def _counts(self) -> tuple[int, int]:
        """How many documents are done, and how many suggestions are open in all."""
        return sum(one.finished for one in self._summaries), sum(
            one.open for one in self._summaries
        )

    @property
    def _chosen(self) -> Summary | None:
        place = self._list.current
        return self._found[place] if self._found and place is not None else None

    def on_list_moved(self) -> None:
        cells = self._list.content_size.width
        count, (done, still_open) = len(self._summaries), self._counts
        documents = counted(count, "document")
        if self._prompt.is_asking:
            found = f"{len(self._found):,} found · "
        else:
            found = f"{(self._list.current or 0) + 1:,} of " if count else ""
        what = "open suggestions" if cells >= WIDE else "open"
        self.query_one("#status", Line).say(
            [(found + documents, "strong"), (f" · {done:,} done · {still_open:,} {what}", "plain")]
        )
        self.query_one("#head", Line).say(head(cells))
        self.query_one("#detail", Line).say(self._detail(cells))
        keys = [("enter", "open"), ("/", "filter"), ("esc", "back"), ("↑↓", "row"), ("f b", "page")]
        self.query_one("#keys", Line).say(legend(cells, *keys))

    def _detail(self, cells: int) -> list[Piece]:
        """What the current row has no column for."""
        one = self._chosen
        if one is None:
            return [("no such title or state" if self._summaries else "no documents", "muted")]
        said = [f"added {one.added_at[:10]}" if one.added_at else "", visible(one.source)]
        if cells < WIDE:
            said = [counted(one.decisions, "decision"), counted(one.characters, "character")]
        return [(" · ".join(filter(None, said)), "muted")]

    def on_key(self, event: events.Key) -> None:
        key = key_name(event.key, event.character)
        if self._prompt.is_asking and key not in ("up", "down", "pageup", "pagedown"):
            return  # the prompt's own: it edits, enters and leaves
        event.stop()
        event.prevent_default()
        if self._list.press(key):
            return
        if key == "/":
            self._prompt.ask("filter", "title or state:")
            self.query_one("#keys", Line).display = False
        elif key == "enter":
            self._open()
        elif key in ("escape", "q", "j"):
            self.dismiss(None)

    def _open(self) -> None:
        if self._chosen:
            self.dismiss(self._chosen.id)

    def on_prompt_typed(self, event: Prompt.Typed) -> None:
        self._filter(event.words)

    def on_prompt_answered(self) -> None:
        self._open()

    def on_prompt_left(self) -> None:
        self._prompt.leave()
        self.query_one("#keys", Line).display = True
        self._filter("")

    def _filter(self, words: str) -> None:
        """Show the documents whose title or state holds these words; all where there are none."""
        chosen, sought = self._chosen, words.strip().casefold()
        self._found = [
            one for one, text in zip(self._summaries, self._sought, strict=True) if sought in text
        ]
        self._show(chosen.id if chosen else self._opened)
