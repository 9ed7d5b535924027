"""Keys out of what the terminal sends: Esc is a key of its own, however soon another follows it.

Keys that follow Esc at once look like a key with Alt, or like a sequence that nobody knows, and
Textual makes of them Alt, nothing at all, or `^`. Over a slow line, and in a terminal multiplexer
that waits behind Esc, that is how they come. No command has Alt, so they are taken as typed.

What a line loses or garbles never costs the keyboard: a paste whose end is lost ends when nothing
comes any more, and bytes or sequences that cannot be read are passed over.
"""

from __future__ import annotations

import re
import signal
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

_ESCAPE: Final = "\x1b"
_BEGIN: Final = "\x1b[200~"
_END: Final = "\x1b[201~"

_LONGEST: Final = 64
"""Characters of a control sequence."""

_PARAMETERS: Final = "[0-9:;<=>?$-]"
"""What stands between the beginning of a control sequence and its last letter."""

_PARTS: Final = re.compile(
    # Two that do not end as others do: a mouse of old terminals, the function keys of a console.
    r"(\x1b\[M.{3}|\x1b\[\[[A-E]"
    # The last letter is missing where the line has lost some.
    rf"|\x1b\[{_PARAMETERS}++[@-~]?+|\x1b\[[@-LN-Z\\-~]"
    # An Esc that begins no sequence.
    r"|\x1b(?![\[O\]\\]))",
    re.DOTALL,
)
"""Control sequences, and Esc itself."""

_CUT: Final = re.compile(
    rf"\x1b(?:\[(?:{_PARAMETERS}{{0,{_LONGEST}}}|\[|M.{{0,2}})?)?\Z", re.DOTALL
)
"""An Esc at the end of a read, with as much of a sequence as came with it."""

_TAIL: Final = re.compile(r"[0-9;:]*+(?:(?<=.)[@-~]|[Mm])", re.DOTALL)
"""The rest of a sequence whose beginning was passed over, or no more than the end of a mouse's."""

MOST_PASTED: Final = 1_000_000
"""Characters of a paste that are kept; the rest is dropped."""

PAUSE: Final = 1.0
"""Seconds without input after which a paste ends, though its end never came."""

_TYPED_AHEAD: Final = 2
"""Characters of a held sequence that may as well be Esc and a key: the rest can be no keys."""

_TYPED: Final = 8
"""Characters that a person may type in one read; what is longer after such a pause is pasted."""


class Keystrokes(XTermParser):
    """Makes keys of what a terminal sends; see the module.

    A key that begins a sequence when Esc is before it (`[`, `]`, `O`) cannot be told from one.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._held = ""
        self._held_since = 0.0
        self._pasted: list[str] | None = None
        self._room = 0
        self._last_pasted = 0.0
        self._has_stalled = False
        self._is_broken = False

    def feed(self, data: str) -> Iterable[Message]:
        """Make keys of some more; nothing more will come when it is empty."""
        if not data:
            yield from self._let_go()
            yield from self._paste()
            yield from super().feed("")
            return
        if self._has_stalled:
            self._has_stalled = False
            # A line that stood still goes on with the paste; a person goes on with keys.
            if len(data) > _TYPED and not data.startswith(_ESCAPE):
                self._begin()
        if self._is_broken:
            self._is_broken = False
            if tail := _TAIL.match(data):
                data = data[tail.end() :]
        data = self._held + data
        self._held = ""
        if cut := _CUT.search(data):  # what it begins is not known before the next read
            data, self._held, self._held_since = data[: cut.start()], cut[0], monotonic()
        for part in _PARTS.split(data):
            if part == _BEGIN:
                self._begin()
            elif part == _END:
                yield from self._paste()
            elif self._pasted is not None:
                self._keep(part)
            elif part == _ESCAPE:
                yield events.Key("escape", _ESCAPE)
            elif part.startswith("\x1b["):
                yield from self._sequence(part)
            elif part:
                yield from self._parsed(part)

    def tick(self) -> Iterable[Message]:
        """Make keys of what has waited long enough."""
        now = monotonic()
        patience = constants.ESCAPE_DELAY if len(self._held) <= _TYPED_AHEAD else PAUSE
        if self._held and now - self._held_since >= patience:
            yield from self._let_go()
        if self._pasted is not None and now - self._last_pasted >= PAUSE:
            yield from self._paste()
            self._has_stalled = True
        yield from super().tick()

    def _let_go(self) -> Iterable[Message]:
        held, self._held = self._held, ""
        if self._pasted is not None:
            self._keep(held)
        elif held == _ESCAPE:
            yield events.Key("escape", held)
        elif len(held) <= _TYPED_AHEAD:
            yield from self._parsed(held)
        else:  # the line has lost the rest, or is slow
            self._is_broken = True

    def _sequence(self, part: str) -> Iterable[Message]:
        """What a whole control sequence means; one that nobody knows means nothing.

        Textual would wait for more of it, and then take its letters for keys, which are decisions.
        """
        if len(part) > _LONGEST or part[-1] in "0123456789:;<=>?$-":
            return
        yield from self._parsed(part)
        if self._timeout_time is not None:
            self._restart()

    def _restart(self) -> None:
        super(XTermParser, self).__init__()

    def _parsed(self, data: str) -> Iterable[Message]:
        for character in data:
            try:
                yield from super().feed(character)
            except Exception:
                # Textual's parser ends at, for instance, the code of a key that no character has.
                self._restart()

    def _begin(self) -> None:
        self._pasted, self._room, self._last_pasted = [], MOST_PASTED, monotonic()

    def _keep(self, words: str) -> None:
        assert self._pasted is not None
        self._last_pasted = monotonic()
        # An Esc among what is pasted would make keys of the rest.
        words = words.replace(_ESCAPE, "").replace("\0", "")[: self._room]
        self._room -= len(words)
        self._pasted.append(words)

    def _paste(self) -> Iterable[Message]:
        pasted, self._pasted = self._pasted, None
        if pasted is not None:
            yield events.Paste("".join(pasted))


def install() -> None:
    """Have Textual's driver make its keys so: it makes parser and decoder itself, by these names."""
    linux_driver.XTermParser = Keystrokes  # type: ignore[attr-defined]
    linux_driver.getincrementaldecoder = _decoder  # type: ignore[attr-defined, assignment]


def _decoder(encoding: str) -> Callable[[], _Decoder]:
    return lambda: _Decoder(encoding)


class _Decoder:
    """Decodes what the terminal sends; bytes that are none of its encoding become U+FFFD."""

    def __init__(self, encoding: str) -> None:
        self._decode = getincrementaldecoder(encoding)(errors="replace").decode

    def decode(self, data: bytes, final: bool = False) -> str:
        """Decode some more; without any the terminal is gone, which ends the program."""
        if not data and not final:
            # Textual would ask again, for ever. Nothing waits to be saved.
            signal.raise_signal(signal.SIGHUP)
        return self._decode(data, final)
