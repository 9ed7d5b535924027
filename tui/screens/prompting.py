"""What is typed at the foot of the reader: a search and a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.records import Status
from tui.describe import Piece, quoted
from tui.reading import Reading
from tui.search import Search
from tui.widgets.line import Line
from tui.widgets.page import Page
from tui.widgets.prompt import MOST_NOTED, MOST_SOUGHT, Prompt

if TYPE_CHECKING:
    from annotations.records import Decision
    from tui.alike import Plan


class Prompting:
    """The part of the reader that asks for words and looks for them."""

    reading: Reading | None
    search: Search
    page: Page
    keys: Line
    prompt: Prompt
    _message: list[Piece]

    if TYPE_CHECKING:

        def decide(self, plan: Plan) -> Decision | None: ...
        def moved(self) -> None: ...
        def say(self, words: str, role: str = "plain") -> None: ...
        def update_lines(self) -> None: ...

    def on_prompt_typed(self, message: Prompt.Typed) -> None:
        if message.purpose == "search":
            self.find(message.words)

    def on_prompt_left(self, message: Prompt.Left) -> None:
        self.close_prompt()
        if message.purpose == "search":
            self._message = []
            self.find("")

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        self.close_prompt()
        if message.purpose == "search":
            self.find_next(message.words)
        elif message.purpose == "note":
            self.note(message.words)

    def ask(self, purpose: str, question: str, words: str = "") -> None:
        """Ask for words at the foot of the screen."""
        self.keys.display = False
        most = MOST_NOTED if purpose == "note" else MOST_SOUGHT
        self.prompt.ask(purpose, question, words, most=most)

    def close_prompt(self) -> None:
        """Give the foot of the screen back to the keys."""
        self.prompt.leave()
        self.keys.display = True

    def note(self, words: str) -> None:
        """Keep a note on the annotation here; nothing where it says that already."""
        here = self.reading.annotation if self.reading else None
        if self.reading is None or here is None or words.strip() == here.note:
            self.update_lines()
            return
        if self.decide(self.reading.note(words)):
            self.moved()
            if here.status is Status.SUGGESTED:
                self.say(f"Accepted, with the note “{quoted(words)}”.")

    # Searching

    def find(self, words: str) -> None:
        """Mark every place with these words and show the next one; none for no words."""
        reading = self.reading
        assert reading is not None
        found = self.search.look(words, reading.text)
        self.page.matches(found)
        target = self.search.next(reading.cursor.start - 1) if words else None
        self.page.point(target or reading.cursor, reading.current if target is None else None)
        self.say(self.search.report(target)) if words else self.update_lines()

    def find_next(self, words: str) -> None:
        """Go to the next place with these words; for no words, with those of the last search."""
        reading = self.reading
        assert reading is not None
        self.page.matches(self.search.look(words or self.search.last, reading.text))
        here = reading.cursor.start if not words else reading.cursor.start - 1
        target = self.search.next(here)
        if target is not None:
            reading.let_go()
            reading.point(target.start)
        self.moved()
        self.say(self.search.report(target))
