"""A row to type in, at the foot of the screen: a search, a note, a filter."""

from __future__ import annotations

import re
from typing import Final

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from annotations.symbols import shown

_BREAK: Final = re.compile(r"[\r\n]")

MOST_SOUGHT: Final = 1_000
"""Characters that a search or a filter takes."""

MOST_NOTED: Final = 10_000
"""Characters that a note takes."""


class Field(Input):
    """Takes words, and shows symbols for those that a terminal would obey; it gives them as they are.

    Of what is pasted it takes as much as there is room for.
    """

    class LeftOut(Message):
        """So many characters of what was pasted found no room."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()  # which takes all or nothing
        words, *_ = _BREAK.split(event.text, maxsplit=1)
        start, end = sorted(self.selection)
        room = max(0, (self.max_length or 0) - len(self.value) + end - start)
        self.replace(words[:room], start, end)
        if len(words) > room:
            self.post_message(self.LeftOut(len(words) - room))

    @property
    def _value(self) -> Text:
        # A symbol is one character for one, so that the cursor stays where it is.
        return Text(shown(self.value), no_wrap=True, overflow="ignore", end="")


class Prompt(Horizontal):
    """Asks for a line of words. Enter gives them, Esc leaves; each change is told."""

    DEFAULT_CSS = """
    Prompt { height: 1; display: none; }
    Prompt > Static { width: auto; padding: 0 1; color: $text-muted; }
    Prompt > Input { width: 1fr; height: 1; border: none; padding: 0; background: $background; }
    """

    class Answered(Message):
        """Enter was pressed on these words."""

        def __init__(self, purpose: str, words: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.words = words

    class Typed(Message):
        """The words changed."""

        def __init__(self, purpose: str, words: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.words = words

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Prompt.Typed)

    class Left(Message):
        """Esc was pressed."""

        def __init__(self, purpose: str) -> None:
            super().__init__()
            self.purpose = purpose

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.purpose = self._question = ""

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)
        field = Field(compact=True, select_on_focus=False)
        field.cursor_blink = False  # a blinking cursor sends bytes while nobody types
        yield field

    def ask(self, purpose: str, question: str, words: str = "", *, most: int = MOST_SOUGHT) -> None:
        """Show the row and take the keys.

        Args:
            purpose: what the answer is for; the messages repeat it.
            question: what stands before the words.
            words: what stands there to begin with.
            most: the characters that there is room for.
        """
        self.purpose, self._question = purpose, question
        self.query_one(Static).update(shown(question))
        field = self.query_one(Field)
        field.max_length = max(most, len(words))
        with field.prevent(Input.Changed):
            field.value = words
        field.cursor_position = len(words)
        self.display = True
        field.focus()

    def leave(self) -> None:
        """Hide the row and give the keys back."""
        self.purpose = ""
        self.display = False
        if self.screen.focused is self.query_one(Input):
            self.screen.set_focus(None)

    @property
    def is_asking(self) -> bool:
        """Whether the row has the keys."""
        return bool(self.purpose)

    def on_field_left_out(self, event: Field.LeftOut) -> None:
        """Say before the question how much is missing."""
        event.stop()
        self.query_one(Static).update(
            f"{event.count:,} characters left out; {shown(self._question)}"
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_asking:
            self.post_message(self.Typed(self.purpose, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.is_asking:
            self.post_message(self.Answered(self.purpose, event.value))

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape" and self.is_asking:
            event.stop()
            event.prevent_default()
            self.post_message(self.Left(self.purpose))
