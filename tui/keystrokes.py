"""Keys out of what the terminal sends: Esc is a key of its own, however soon another follows it.

Keys that follow Esc at once look like a key with Alt, or like a sequence that nobody knows, and
Textual makes of them Alt, nothing at all, or `^`. Over a slow line, and in a terminal multiplexer
that waits behind Esc, that is how they come. No command has Alt, so they are taken as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from time import monotonic
from typing import Final

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

_ESCAPE: Final = "\x1b"
_BEGIN: Final = "\x1b[200~"
_END: Final = "\x1b[201~"

_MARKS: Final = re.compile(r"(\x1b\[200~|\x1b\[201~|\x1b(?![\[O\]\\]))")
"""Where a paste begins, where it ends, and an Esc that begins no sequence."""


class Keystrokes(XTermParser):
    """Makes keys of what a terminal sends; see the module.

    A key that begins a sequence when Esc is before it (`[`, `]`, `O`) cannot be told from one.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._is_pasting = False
        self._held = ""
        self._held_since = 0.0

    def feed(self, data: str) -> Iterable[Message]:
        """Make keys of some more; nothing more will come when it is empty."""
        if not data:
            yield from self._let_go()
            yield from super().feed("")
            return
        data = self._held + data
        self._held = ""
        if data.endswith(_ESCAPE):  # whether it is alone is not known before the next read
            data, self._held, self._held_since = data[:-1], _ESCAPE, monotonic()
        for part in _MARKS.split(data):
            if part in (_BEGIN, _END):
                self._is_pasting = part == _BEGIN
                yield from super().feed(part)
            elif self._is_pasting:
                # An Esc among what is pasted would make keys of the rest.
                if words := part.replace(_ESCAPE, ""):
                    yield from super().feed(words)
            elif part == _ESCAPE:
                yield events.Key("escape", _ESCAPE)
            elif part:
                yield from super().feed(part)

    def tick(self) -> Iterable[Message]:
        """Make keys of what has waited long enough."""
        if self._held and monotonic() - self._held_since >= constants.ESCAPE_DELAY:
            yield from self._let_go()
        yield from super().tick()

    def _let_go(self) -> Iterable[Message]:
        held, self._held = self._held, ""
        if held and not self._is_pasting:
            yield events.Key("escape", held)


def install() -> None:
    """Have Textual's driver make its keys so: it makes its parser itself, by this name."""
    linux_driver.XTermParser = Keystrokes  # type: ignore[attr-defined]
