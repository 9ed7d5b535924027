"""A small app that shows one screen of the reader, and what is seen of it."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.screen import Screen

from tui.theme import ANSI, THEMES

SIZES = [(80, 24), (40, 12)]


class Host(App[None]):
    """Shows the screen; keeps what it returned. Every key that it sees itself is kept too."""

    ENABLE_COMMAND_PALETTE = False
    NOTHING = object()

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = ANSI
        self.shown = screen
        self.returned: object = self.NOTHING
        self.leaked: list[str] = []

    def on_mount(self) -> None:
        self.push_screen(self.shown, self._take)

    def _take(self, value: object) -> None:
        self.returned = value

    def on_key(self, event: Any) -> None:
        self.leaked.append(event.key)

    def seen(self) -> list[str]:
        """The rows of the screen, as the terminal gets them."""
        strips = self.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]
