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


def pasted(*chunks: str) -> list[str]:
    """What is pasted by what arrives in these pieces, and the keys, in their order."""
    parser = Keystrokes()
    made = [one for chunk in (*chunks, "") for one in parser.feed(chunk)]
    return [one.text if isinstance(one, events.Paste) else one.key for one in made]  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", range(1, 17))
def test_a_paste_ends_wherever_a_read_cuts_its_marks(place: int) -> None:
    sent = "\x1b[200~axe\x1b[201~q"
    assert pasted(*filter(None, (sent[:place], sent[place:]))) == ["axe", "q"]


def test_a_paste_whose_end_is_lost_ends_when_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now)
    parser = Keystrokes()
    assert [*parser.feed("\x1b[200~words"), *parser.tick()] == []
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now + keystrokes.PAUSE)
    (event,) = parser.tick()
    assert isinstance(event, events.Paste)
    assert event.text == "words"
    (key,) = parser.feed("q")
    assert isinstance(key, events.Key)
    assert [*parser.feed("\x1b[201~")] == [], "an end that comes late is no key"


def test_a_paste_that_stood_still_on_the_way_makes_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now)
    parser = Keystrokes()
    assert [*parser.feed("\x1b[200~the first half ")] == []
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now + 5)
    made = [*parser.tick(), *parser.feed("and the second half\x1b[201~q")]
    words = [one.text for one in made if isinstance(one, events.Paste)]
    assert words == ["the first half ", "and the second half"]
    assert [one.key for one in made if isinstance(one, events.Key)] == ["q"]


def test_no_more_of_a_paste_is_kept_than_the_limit() -> None:
    piece = "x" * 4096
    chunks = ["\x1b[200~", *[piece] * 300, "\x1b[201~q"]
    assert [len(one) for one in pasted(*chunks)] == [keystrokes.MOST_PASTED, 1]


def test_a_code_that_no_character_has_leaves_the_keyboard_alive() -> None:
    assert keys("\x1b[99999999999999999999u", "q") == ["q"]
    assert keys("\x1b[1114112uq") == ["q"]


def test_bytes_that_are_no_text_leave_the_keyboard_alive() -> None:
    keystrokes.install()
    decode = linux_driver.getincrementaldecoder("utf-8")().decode  # type: ignore[attr-defined]
    assert decode(b"\xff\xc3") == "\ufffd"
    assert decode(b"\xa9q") == "éq"


@pytest.mark.parametrize(
    "sequence",
    ["\x1b[5n", "\x1b[?62;4c", "\x1b[1;9y", "\x1b[M !!", "\x1b[" + "1;" * 40 + "m"],
)
def test_a_sequence_that_nobody_knows_is_no_key(sequence: str) -> None:
    assert keys(f"{sequence}n") == ["n"]
    assert keys(sequence[:3], sequence[3:], "n") == ["n"]


@pytest.mark.parametrize("end", range(3, 11))
def test_a_sequence_that_the_line_has_cut_is_no_key(
    end: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its letters would move the start of a span, give a label, and open a note.
    now = time.monotonic()
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now)
    sent = "\x1b[<0;20;25M"
    parser = Keystrokes()
    made = [*parser.feed(sent[:end])]
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now + keystrokes.PAUSE)
    made += parser.tick()
    assert made == []
    made = [*parser.feed(sent[end:] or "q"), *parser.feed("n")]
    assert [one.key for one in made if isinstance(one, events.Key)][-1:] == ["n"]
    assert all(one.key in "qn" for one in made if isinstance(one, events.Key))


def test_a_cut_sequence_whose_rest_never_comes_costs_no_key_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = time.monotonic()
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now)
    parser = Keystrokes()
    assert [*parser.feed("\x1b[<0;20")] == []
    monkeypatch.setattr(keystrokes, "monotonic", lambda: now + keystrokes.PAUSE)
    assert [*parser.tick()] == []
    assert [one.key for one in parser.feed("an")] == ["a", "n"]  # type: ignore[attr-defined]
    assert keys("\x1b[<0;20/n") == ["slash", "n"]


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ("\x1b[A\x1b[1;5C\x1bOP\x1b[[A\x1b[5~", ["up", "ctrl+right", "f1", "f1", "pageup"]),
        ("\x1b[97;5u\x1b[13u", ["ctrl+a", "enter"]),
    ],
)
def test_sequences_that_are_known_are_keys(sent: str, wanted: list[str]) -> None:
    assert keys(sent) == wanted
    assert keys(*sent) == wanted
