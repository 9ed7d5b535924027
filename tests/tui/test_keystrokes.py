"""What a terminal sends as keys, in whatever pieces it arrives."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.drivers import linux_driver

from tui import keystrokes
from tui.keystrokes import Keystrokes

SENT = {
    "n": "n",
    "N": "N",
    "escape": "\x1b",
    "enter": "\r",
    "tab": "\t",
    "up": "\x1b[A",
    "shift+tab": "\x1b[Z",
    "semicolon": ";",
    "slash": "/",
    "equals_sign": "=",
}


def keys(*chunks: str) -> list[str]:
    """The keys of what arrives in these pieces, the last one followed by nothing more."""
    parser = Keystrokes()
    made = [one for chunk in (*chunks, "") for one in parser.feed(chunk)]
    return [one.key for one in made if isinstance(one, events.Key)]


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ("\x1bn", ["escape", "n"]),
        ("\x1bN", ["escape", "N"]),
        ("\x1b;", ["escape", "semicolon"]),
        (
            "\x1bj\x1b/the\r\x1bS",
            ["escape", "j", "escape", "slash", *"the", "enter", "escape", "S"],
        ),
        ("\x1b[C\x1bj", ["right", "escape", "j"]),
        ("\x1b\x1bn", ["escape", "escape", "n"]),
        ("\x1b" + "a" * 60, ["escape", *"a" * 60]),
    ],
)
def test_escape_and_the_keys_behind_it_are_keys_of_their_own(sent: str, wanted: list[str]) -> None:
    assert keys(sent) == wanted


@given(st.lists(st.sampled_from(sorted(SENT)), max_size=12), st.data())
def test_no_key_depends_on_where_a_bunch_is_cut(names: list[str], data: st.DataObject) -> None:
    sent = "".join(SENT[one] for one in names)
    place = data.draw(st.integers(0, len(sent)))
    assert keys(*filter(None, (sent[:place], sent[place:]))) == names


def test_what_is_pasted_is_no_key() -> None:
    parser = Keystrokes()
    sent = "\x1b[200~one\x1btwo\x1b[201~\x1bq"
    made = [*parser.feed(sent), *parser.feed("")]
    (pasted,) = (one for one in made if isinstance(one, events.Paste))
    assert pasted.text == "onetwo"
    assert [one.key for one in made if isinstance(one, events.Key)] == ["escape", "q"]


def test_escape_alone_is_there_when_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now)
    parser = Keystrokes()
    assert [*parser.feed("\x1b"), *parser.tick()] == []
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now + 1)
    (key,) = parser.tick()
    assert isinstance(key, events.Key)
    assert key.key == "escape"


def test_the_terminal_s_driver_makes_its_keys_so() -> None:
    keystrokes.install()
    assert linux_driver.XTermParser is Keystrokes  # type: ignore[attr-defined]
