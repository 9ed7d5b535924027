"""Hostile strings in every field, through every command and every screen: only our own arrives.

`tests/bench/hostile_strings.py` does the same with ten thousand of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from poison import Found, Words, place, through_commands, through_screens, unclean

from annotations.cli.console import run
from annotations.project import Project
from tui.__main__ import app

SEEDS = st.integers(0, 2**32)
FEW = settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@FEW
@given(SEEDS)
def test_no_command_prints_what_a_terminal_would_obey(seed: int) -> None:
    found = Found()
    through_commands(Words(seed), found, spoil=False)
    assert found.strings > 100
    assert found.dirty == {}
    assert set(found.statuses) <= {0, 1, 2}


@FEW
@given(SEEDS)
def test_no_command_prints_it_of_files_that_were_spoilt(seed: int) -> None:
    found = Found()
    through_commands(Words(seed), found, spoil=True)
    assert found.dirty == {}


@settings(FEW, max_examples=1)
@given(SEEDS)
def test_no_screen_paints_it(seed: int) -> None:
    found = Found()
    through_screens(Words(seed), found, spoil=False)
    assert found.runs > 20
    assert +found.dirty == {}
    assert found.faults == {}


def test_what_is_looked_for_would_be_seen() -> None:
    assert unclean("a\x1b[2J\u202e\u200b字 می‌خ\n\t") == ["U+001B", "U+202E", "U+200B"]


def test_a_project_lies_in_a_folder_whose_name_is_not_utf8(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = Words(1)
    with place(words) as (folder, _):
        root = Path(os.fsdecode(os.fsencode(folder) + b"/a\xff\x1b]0;x\x07"))
        root.mkdir()
        (root / "pact.txt").write_text("Marsh came.", encoding="utf-8")
        Project.create(root, annotator="anna").close()
        given_options = ["--project", str(root), "--annotator", "anna"]
        for arguments in (["add", str(root / "pact.txt")], ["status"], ["doctor"], ["log"]):
            assert run(app, [*given_options, *arguments]) in (0, 1)
        out, err = capsys.readouterr()
        assert unclean(out + err) == []
        assert "Marsh came." in out
