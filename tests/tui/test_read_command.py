"""`purport read PATH`, up to where the terminal's screen would open."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from annotations.changes import add_entity
from annotations.cli.console import run
from annotations.project import Project
from annotations.records import Action
from annotations.span import Span
from tui import __main__ as command


def test_a_source_that_changed_takes_its_decisions_along_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(command, "_run", lambda found, **parts: opened.append(parts["start"]))
    source = tmp_path / "pact.txt"
    words = ["read", str(source), "--project", str(tmp_path / "reef"), "--annotator", "anna"]
    source.write_text("Marsh came.")
    assert run(command.app, words) == 0
    with closing(Project.open(tmp_path / "reef", annotator="anna")) as project:
        text = project.document(opened[0]).text
        change = add_entity(Span(0, 5), "PERSON", text, project.schema)
        project.decide(opened[0], Action.ADD, [change])
    source.write_text("So Marsh came.")
    capsys.readouterr()
    assert run(command.app, words) == 0
    assert "1 decisions moved, 0 ambiguous, 0 lost" in capsys.readouterr().err
    with closing(Project.open(tmp_path / "reef", annotator="anna")) as project:
        assert [one.span.start for one in project.layer(opened[1]).entities] == [3]
