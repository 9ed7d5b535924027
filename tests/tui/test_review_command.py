"""`purport review` and `purport read --blind`, from the command line to the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import scenes
from terminal import Terminal

from annotations import changes
from annotations.cli.console import Status, run
from annotations.project import Project
from annotations.records import Action
from tui.__main__ import app


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project = scenes.bare(tmp_path / "project", scenes.SUMMIT, scenes.MINUTES)
    ben = Project.open(project.root, annotator="ben")
    document = ben.order()[0]
    first = next(iter(ben.overlay(document).index))
    ben.decide(document, Action.ACCEPT, [changes.accept(first)])
    ben.close()
    project.close()
    return project.root


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--layer", "en_core_web_md-3.7"], "did you mean 'en_core_web_md-3.7.1'?"),
        (["--layer", scenes.MODEL, "--against", "nobody"], "no document has a layer 'nobody'"),
        (["--layer", scenes.MODEL, "--against", scenes.MODEL], "no differences from itself"),
        (["--layer", scenes.MODEL, "--order", "scores"], "did you mean 'score'?"),
        (["--layer", scenes.ANNOTATOR], "no document has a model's layer 'anna'"),
        (["--layer", "ben"], "'ben' is a person's layer, and suggests nothing alone"),
        ([], f"name a layer to review, --layer l; there are {scenes.MODEL}."),
    ],
)
def test_wrong_use_is_told_in_one_line_before_the_screen_opens(
    root: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["review", *words, "--project", str(root), "--annotator", scenes.ANNOTATOR]
    assert run(app, command) == Status.WRONG
    error = capsys.readouterr().err
    assert said.lower() in error.lower()
    assert error.count("\n") == 1


def terminal(root: Path, *words: str) -> Terminal:
    command = [sys.executable, "-m", "tui", *words, "--project", str(root)]
    return Terminal([*command, "--annotator", scenes.ANNOTATOR])


def test_a_review_is_left_and_gone_on_with(root: Path) -> None:
    words = ("review", "--layer", scenes.MODEL, "--order", "text")
    with terminal(root, *words) as screen:
        screen.wait_for("1 of 60 in the queue")
        screen.send("a")
        screen.wait_for("2 of 60 in the queue")
        screen.send("q")
        assert screen.wait() == 0
    with terminal(root, *words) as screen:
        screen.wait_for("1 of 59 in the queue")


def test_reading_blind_hides_what_the_model_says(root: Path) -> None:
    with terminal(root, "read", "--blind", "--no-suggest") as screen:
        screen.wait_for("suggestions hidden")
        screen.send("#")
        screen.wait_for("open ·")
