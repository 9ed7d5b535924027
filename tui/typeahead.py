"""Keys one after the other: what is typed ahead goes where the key before it has led.

Textual hands every key on at once, to the screen that is open as it arrives. Over a slow line keys
come in bunches, and a letter that was meant for a prompt would still be a decision in the reader.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any, Final

from textual import events
from textual.app import App, ReturnType
from textual.message_pump import MessagePump

from tui import keystrokes

PATIENCE: Final = 10.0
"""Seconds after which a widget that does not answer is no longer waited for."""

_ROUNDS: Final = 20


class TypeAheadApp(App[ReturnType]):
    """A Textual app in which a key, or what is pasted, waits for the effects of the one before."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        keystrokes.install()
        self._ahead: deque[events.Event] = deque()
        self._typing: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Hand an event on; see `App.on_event`."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._typing is not None:
            self._ahead.append(event)
        else:
            self._give_focus()
            await super().on_event(event)
            self._typing = asyncio.create_task(self._follow(), name="keys typed ahead")

    async def _follow(self) -> None:
        """Hand on what was typed meanwhile, each when all is done that the one before brought."""
        await self._settle()
        while self._ahead:
            self._give_focus()
            await super().on_event(self._ahead.popleft())
            await self._settle()
        self._typing = None

    def _give_focus(self) -> None:
        """Give the focus back to what asks for words on the screen that is open.

        Textual takes it away when the mouse is outside the window, as it is when the window has
        become smaller, and when the terminal loses its own.
        """
        screen = self.screen
        if screen.focused is None and (asking := screen.focus_chain):
            screen.set_focus(asking[0])

    async def _settle(self) -> None:
        """Wait until nothing is left to do for those whom a key concerns.

        A key goes from the widget that has the focus up to the screen, each with a queue of its
        own; on the way it may open another screen or move the focus.
        """
        for _ in range(_ROUNDS):
            concerned = (self.focused or self.screen).ancestors_with_self
            for one in concerned:
                await _reached(one)
            if not any(one.message_queue_size for one in concerned):
                return


async def _reached(pump: MessagePump) -> None:
    """Wait until a queue has been worked through as far as it goes now."""
    done = asyncio.Event()
    if pump.call_later(done.set):
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), PATIENCE)
