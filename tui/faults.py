"""Errors of the project and the disk while the reader runs: each becomes a message.

Textual ends the program at any exception in the handler of a key, a message or a timer. A file that
is damaged or gone under the open reader is no reason to end it. Errors of the program itself still
end it, with one line.
"""

from __future__ import annotations

from typing import TypeVar

from textual.app import App
from textual.message import Message
from textual.screen import Screen

from annotations.errors import PurportError
from annotations.symbols import line

Result = TypeVar("Result")


def explained(error: Exception) -> str:
    """What a person is told of an error, in one line; empty for an error of the program itself."""
    if isinstance(error, PurportError):
        return line(str(error))
    if isinstance(error, OSError):
        return line(f"The disk reported an error: {error}. What was saved before is kept.")
    return ""


class GuardedApp(App[Result]):
    """A Textual app that goes on after an error that can be explained."""

    def report(self, error: Exception) -> bool:
        """Say what went wrong on the screen that is open; False where it cannot be explained."""
        words = explained(error)
        if not words:
            return False
        try:
            self.tell(words)
        except Exception:
            # The lines of the screen may ask the same project that has just failed.
            self.notify(words, severity="error", markup=False)
        return True

    def tell(self, words: str) -> None:
        """Show an error on the screen that is open."""
        self.notify(words, severity="error", markup=False)

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not self.report(error):
                raise

    def _handle_exception(self, error: Exception) -> None:
        # What a screen that is left calls back, and what is put off to the next round, comes here.
        if not self.report(error):
            super()._handle_exception(error)


class GuardedScreen(Screen[Result]):
    """A screen of such an app: no handler of its keys, messages or timers ends the program."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            app = self.app
            if not (isinstance(app, GuardedApp) and app.report(error)):
                raise
