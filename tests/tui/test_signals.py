"""The reader in a terminal that sends signals, loses bytes, and goes away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import scenes
from terminal import Terminal

from annotations.project import Project

COMMAND = [sys.executable, "-m", "tui"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project = scenes.bare(tmp_path / "project", scenes.SUMMIT)
    project.close()
    return project.root


def reader(root: Path, *before: str) -> Terminal:
    rest = ["--project", str(root), "--annotator", scenes.ANNOTATOR, "read", "--no-suggest"]
    return Terminal([*before, *COMMAND, *rest], cwd=ROOT)


def decisions(root: Path) -> int:
    project = Project.open(root, annotator=scenes.ANNOTATOR)
    try:
        assert list(project.verify()) == []
        return len(list(project.log()))
    finally:
        project.close()


def test_sigterm_gives_the_terminal_back_and_keeps_every_decision(root: Path) -> None:
    with reader(root) as terminal:
        terminal.wait_for("57 open")
        terminal.send("a")
        terminal.wait_for("56 open")
        terminal.recording = True
        terminal.kill(signal.SIGTERM)
        assert terminal.wait() == 128 + signal.SIGTERM
        assert b"\x1b[?1049l" in terminal.log, "the screen of before"
        assert b"\x1b[?1000l" in terminal.log, "no mouse"
    assert decisions(root) == 1


def test_bytes_that_a_line_garbles_leave_the_keyboard_alive(root: Path) -> None:
    with reader(root) as terminal:
        terminal.wait_for("57 open")
        os.write(terminal.fileno(), b"\xff\xc3\x1b[99999999999u\x1b[1114112;5u\x1b[<0;20")
        terminal.wait_for("does nothing here")
        terminal.send("/")
        terminal.wait_for("search:")
        os.write(terminal.fileno(), b"\x1b[200~Putin")
        terminal.wait_for("“Putin”: 1 of")
        terminal.send("\r")
        terminal.send("?")
        terminal.wait_for("All keys")
    assert decisions(root) == 0


def test_a_terminal_that_stops_goes_on_and_changes_its_size(root: Path) -> None:
    with reader(root) as terminal:
        terminal.wait_for("57 open")
        terminal.kill(signal.SIGSTOP)
        terminal.kill(signal.SIGCONT)
        for number in range(60):
            terminal.resize(1 + number, 1 + number % 30)
        terminal.resize(80, 24)
        terminal.send("?")
        terminal.wait_for("All keys")


def test_a_terminal_that_is_gone_without_a_signal_ends_the_reader(root: Path) -> None:
    # A session of its own has no controlling terminal, so that the kernel sends no SIGHUP.
    with reader(root, "setsid", "--wait") as terminal:
        terminal.wait_for("57 open")
        terminal.hang_up()
        assert terminal.process.wait(20) != 0
    assert decisions(root) == 0


@pytest.mark.parametrize("stream", [0, 1, 2])
def test_without_a_stream_there_is_one_line_and_status_2(root: Path, stream: int) -> None:
    words = [*COMMAND, "--project", str(root), "--annotator", scenes.ANNOTATOR, "read"]
    closing = ["sh", "-c", f'exec "$@" {stream}{"<" if not stream else ">"}&-', "sh", *words]
    done = subprocess.run(closing, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == int(stream != 2)
    assert not done.stdout
