"""The palette of commands, which may get keys before its list has been laid out."""

from __future__ import annotations

from contextlib import suppress

from textual.command import CommandPalette


class Palette(CommandPalette):
    """Textual's palette; a key that turns the page of a list without lines does nothing."""

    def _action_command_list(self, action: str) -> None:
        # Textual numbers the lines of the options in the first layout, and looks a number up before.
        with suppress(KeyError):
            super()._action_command_list(action)
