"""A row to type in, at the foot of the screen: a search, a note, a filter."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from annotations.symbols import shown


class Field(Input):
    """Takes words, and shows symbols for those that a terminal would obey; it gives them as they are."""

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
        self.purpose = ""

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)
        field = Field(compact=True, select_on_focus=False)
        field.cursor_blink = False  # a blinking cursor sends bytes while nobody types
        yield field

    def ask(self, purpose: str, question: str, words: str = "") -> None:
        """Show the row and take the keys.

        Args:
            purpose: what the answer is for; the messages repeat it.
            question: what stands before the words.
            words: what stands there to begin with.
        """
        self.purpose = purpose
        self.query_one(Static).update(shown(question))
        field = self.query_one(Input)
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
