"""What is sent differs; what is seen does not."""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time
from pathlib import Path

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_app import ReadingApp
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from terminal import Look, Terminal, looks_of
from textual.geometry import Size
from textual.strip import Strip

from tui import thrift
from tui.thrift import Shown

ROOT = Path(__file__).parents[2]
APP = ROOT / "tests" / "reading_app.py"
SIZE = Size(24, 5)

STYLES = [
    None,
    Style(color="#d0d0d0", bgcolor="#101010"),
    Style(color="#8ec07c", bgcolor="#101010", bold=True),
    Style(bgcolor="#303050", underline=True),
    Style(color="red", reverse=True, dim=True),
    Style(italic=True, strike=True),
]
WORDS = [
    "",
    " ",
    "        ",
    "a",
    "talks",
    "no formal talks",
    "東京",
    "é",
    "결정 된",
    "e\u0301x",
    "¬ │",
]

segments = st.tuples(st.sampled_from(WORDS), st.sampled_from(STYLES)).map(lambda two: Segment(*two))
strips = st.lists(segments, max_size=6).map(
    lambda some: Strip(some).adjust_cell_length(SIZE.width, some[-1].style if some else None)
)
part = st.tuples(st.integers(0, SIZE.height - 1), strips)
frames = st.lists(st.lists(part, min_size=1, max_size=SIZE.height), min_size=1, max_size=6)


class Screen:
    """A terminal of a few cells."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(SIZE.width, SIZE.height)
        self.stream = pyte.Stream(self.screen)
        self.stream.feed("\x1b[?7l")

    def feed(self, text: str) -> None:
        self.stream.feed(text)

    def looks(self) -> list[list[Look]]:
        return [looks_of(self.screen.buffer[y], SIZE.width) for y in range(SIZE.height)]


def in_full(frame: list[tuple[int, Strip]]) -> str:
    """The frame as a terminal gets it that remembers nothing."""
    sent = []
    for y, strip in frame:
        texts = [
            Strip.render_style(style, text, ColorSystem.TRUECOLOR) if style else text
            for text, style, _ in strip
        ]
        sent.append(f"\x1b[{y + 1};1H{''.join(texts)}")
    return "".join(sent)


@pytest.mark.parametrize("erases", [True, False])
@given(frames=frames)
def test_every_frame_leaves_the_screen_that_writing_it_in_full_leaves(
    erases: bool, frames: list[list[tuple[int, Strip]]]
) -> None:
    shown, thrifty, full = Shown(erases=erases), Screen(), Screen()
    shown.resize(SIZE)
    for frame in frames:
        thrifty.feed(shown.update([(y, 0, strip) for y, strip in frame], ColorSystem.TRUECOLOR))
        full.feed(in_full(frame))
        assert thrifty.looks() == full.looks()


@given(frames=frames)
def test_a_frame_that_is_shown_already_sends_nothing(
    frames: list[list[tuple[int, Strip]]],
) -> None:
    shown = Shown()
    shown.resize(SIZE)
    for frame in frames:
        last = dict(frame)
        placed = [(y, 0, strip) for y, strip in last.items()]
        shown.update(placed, ColorSystem.TRUECOLOR)
        assert shown.update(placed, ColorSystem.TRUECOLOR) == ""


def row(shown: Shown, *segments: Segment, x: int = 0, y: int = 0) -> str:
    return shown.update([(y, x, Strip(segments))], ColorSystem.TRUECOLOR)


def test_one_changed_letter_costs_a_move_and_the_letter() -> None:
    shown = Shown()
    shown.resize(SIZE)
    row(shown, Segment("no formal talks         "))
    assert row(shown, Segment("no formal walks         ")) == "\x1b[1;11Hw"


def test_a_short_gap_is_written_again_and_a_long_one_skipped() -> None:
    shown = Shown()
    shown.resize(SIZE)
    row(shown, Segment("a bc d                 e"))
    assert row(shown, Segment("A bc D                 E")) == "\x1b[1HA bc D\x1b[17CE"


def test_blanks_at_the_end_are_erased_where_the_terminal_keeps_their_ground() -> None:
    ground = Style(bgcolor="#101010")
    for erases, erasure in ((True, True), (False, False)):
        shown = Shown(erases=erases)
        shown.resize(SIZE)
        row(shown, Segment("x" * 24, ground))
        sent = row(shown, Segment("x" + " " * 23, ground))
        assert ("\x1b[K" in sent) is erasure
        assert (" " * 23 in sent) is not erasure


def test_blanks_on_the_plain_ground_are_erased_in_every_terminal() -> None:
    shown = Shown(erases=False)
    shown.resize(SIZE)
    row(shown, Segment("x" * 24))
    assert row(shown, Segment("x" + " " * 23)) == "\x1b[1;2H\x1b[K"


def test_a_wide_character_is_never_split() -> None:
    shown = Shown()
    shown.resize(SIZE)
    row(shown, Segment("東京", None), Segment(" " * 20))
    assert row(shown, Segment("a東 ", None), Segment(" " * 20)) == "\x1b[1Ha東 "
    assert row(shown, Segment("a京 ", None), Segment(" " * 20)) == "\x1b[1;2H京"


@pytest.mark.parametrize("cluster", ["🏔\ufe0f", "👩\u200d🔬", "🇨🇭"])
def test_what_follows_a_doubtful_cluster_stands_in_its_own_column(cluster: str) -> None:
    shown, screen = Shown(), Screen()
    shown.resize(SIZE)
    width = Strip([Segment(cluster)]).cell_length
    screen.feed(row(shown, Segment("x" * 24)))
    screen.feed(row(shown, Segment(f"ab{cluster}cd{' ' * (20 - width)}")))
    line = screen.screen.buffer[0]
    assert [line[x].data for x in (0, 1, 2 + width, 3 + width)] == ["a", "b", "c", "d"]
    assert "x" not in [line[x].data for x in range(2, 2 + width)]


def test_a_row_with_a_doubtful_cluster_is_written_whole_when_it_changes() -> None:
    shown = Shown()
    shown.resize(SIZE)
    row(shown, Segment("e\u0301 talks                 "))
    assert "talk" in row(shown, Segment("e\u0301 talkx                 "))
    assert row(shown, Segment("e\u0301 talkx                 ")) == ""


def test_what_is_forgotten_is_written_again() -> None:
    shown = Shown()
    shown.resize(SIZE)
    first = row(shown, Segment("no formal talks         "))
    shown.forget()
    assert row(shown, Segment("no formal talks         ")) == first


def test_half_of_a_wide_character_that_is_written_over_becomes_unknown() -> None:
    shown = Shown()
    shown.resize(SIZE)
    row(shown, Segment("東京"))
    row(shown, Segment("a"), x=1)
    assert shown.rows[0][:4] == [thrift.UNKNOWN, *thrift.cells("a京", thrift.Pen())]


def test_what_runs_over_the_edge_is_cut_there() -> None:
    shown = Shown()
    shown.resize(SIZE)
    row(shown, Segment("x" * 23 + "東京"))
    assert [text for text, _ in shown.rows[0]] == ["x"] * 23 + [" "]


def app(*, on: bool, **options: object) -> Terminal:
    env = {"PURPORT_THRIFT": "1" if on else "0", "PYTHONPATH": str(ROOT)}
    return Terminal([sys.executable, APP], env=env, **options)


KEYS = ["tab", "tab", "tab", "f", "b", "w", "o", "escape", "t"]


def agree(one: Terminal, other: Terminal, timeout: float = 20.0) -> None:
    """Take in output of both until they show the same."""
    limit = time.monotonic() + timeout
    while one.looks() != other.looks():
        ready = select.select([one, other], [], [], limit - time.monotonic())[0]
        assert ready, f"{one.text}\n{'-' * 80}\n{other.text}"
        for terminal in ready:
            terminal.pump()


def drive(terminal: Terminal, keys: list[str]) -> None:
    """Press keys, each when the screen tells that the one before was worked off."""
    terminal.wait_for("ready")
    for number, key in enumerate(keys, start=1):
        terminal.send(key)
        terminal.wait_for(f"keys {number}.")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_keys_show_the_same_screen_with_and_without_thrift(seed: int) -> None:
    # A key of the list goes to the page or to the dialog, as it may; both count it.
    keys = random.Random(seed).choices(KEYS, k=25)
    with app(on=True) as thrifty, app(on=False) as full:
        for terminal in (thrifty, full):
            drive(terminal, keys)
        agree(thrifty, full)
        assert thrifty.received < full.received / 3


def sent(terminal: Terminal, key: str, number: int) -> int:
    before = terminal.received
    terminal.send(key)
    terminal.wait_for(f"keys {number}.")
    return terminal.received - before


def test_a_move_sends_600_bytes_at_most_and_a_page_5000() -> None:
    with app(on=True) as terminal:
        terminal.wait_for("ready")
        assert sent(terminal, "tab", 1) <= 600
        assert sent(terminal, "f", 2) <= 5_000


def test_frames_are_bracketed_where_the_terminal_says_it_can() -> None:
    with app(on=True, synchronized=True) as terminal:
        terminal.recording = True
        drive(terminal, ["tab"])
        terminal.wait_for(lambda terminal: terminal.log.endswith(b"\x1b[?2026l"))
        *_, frame = bytes(terminal.log).split(b"\x1b[?2026h")
        assert b"keys 1." in frame


def test_a_resize_paints_everything_again() -> None:
    with app(on=True) as terminal:
        drive(terminal, ["tab", "f"])
        terminal.resize(60, 12)
        terminal.wait_for(lambda terminal: "keys 2." in terminal.lines[-1])
        terminal.resize(80, 24)
        terminal.wait_for(lambda terminal: "keys 2." in terminal.lines[-1])
        with app(on=False) as full:
            drive(full, ["tab", "f"])
            agree(terminal, full)


def test_coming_back_from_a_stop_paints_everything_again() -> None:
    with app(on=True) as terminal:
        drive(terminal, ["tab", "f"])
        before = terminal.looks()
        terminal.kill(signal.SIGTSTP)
        assert os.WIFSTOPPED(os.waitpid(terminal.process.pid, os.WUNTRACED)[1])
        while terminal.pump():
            pass
        terminal.screen.reset()
        terminal.kill(signal.SIGCONT)
        terminal.wait_for(lambda terminal: terminal.looks() == before)


def test_the_setting_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PURPORT_THRIFT", "0")
    assert not ReadingApp()._thrifty
    monkeypatch.delenv("PURPORT_THRIFT")
    assert ReadingApp()._thrifty


def test_an_unknown_textual_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thrift, "KNOWN", False)
    assert not ReadingApp()._thrifty
