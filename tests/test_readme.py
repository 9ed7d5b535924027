"""The README says what the code does: its tables, its commands, its files, its dependencies."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import readme
import spacy
from spacy.training import Corpus  # what `spacy train` reads with
from typer.main import get_command

import tui.__main__  # noqa: F401  (adds its commands to the app)
from annotations.changes import add_entity, finish
from annotations.cli import app
from annotations.cli.console import run
from annotations.formats import jsonl
from annotations.project import Project
from annotations.records import Action, Document
from annotations.span import Span
from annotations.text import Text

ROOT = Path(__file__).parents[1]
README = readme.README.read_text(encoding="utf-8")
DECLARED: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# What a line of the README may start with.
PROGRAMS = {"purport", "python3", "python", "uv"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """The project of the current folder: ten documents with an entity each, all done."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PURPORT_PROJECT", raising=False)
    monkeypatch.setenv("PURPORT_ANNOTATOR", "anna")
    project = Project.create(tmp_path, annotator="anna")
    for number in range(10):
        text = Text(f"Orlen wrote report {number}.")
        project.add(Document(text, f"report {number}"))
        project.decide(
            text.id, Action.ADD, [add_entity(Span(0, 5), "PERSON", text, project.schema)]
        )
        project.decide(text.id, Action.FINISH, [finish(project.layer(text.id).state)])
    yield project
    project.close()


def command_lines(*programs: str) -> list[list[str]]:
    """The lines of all blocks that start with one of these programs."""
    lines = [
        line for block in readme.blocks(README, "sh") for line in block.split("\n") if line.strip()
    ]
    assert {shlex.split(line)[0] for line in lines} <= PROGRAMS
    return [words for line in lines if (words := shlex.split(line))[0] in programs]


@pytest.mark.parametrize("name", readme.SECTIONS)
def test_a_table_is_the_one_that_the_code_makes(name: str) -> None:
    assert readme.section(name, README) == readme.SECTIONS[name](), "run: python tests/readme.py"


def test_the_key_table_names_every_key_once() -> None:
    table = readme.section("keys", README)
    shown = re.findall(r"`([^`]+)`", table)
    assert len(shown) == len(set(shown)) > 50


def test_the_install_command_opens_the_reader_on_the_sample_documents() -> None:
    install, test = command_lines("python3")
    assert install[-1] == "seeds/"
    assert (ROOT / install[-1]).is_dir()
    assert Path(install[-2]).name in DECLARED["project"]["scripts"]
    assert ".[test]" in test
    assert "test" in DECLARED["project"]["optional-dependencies"]


def test_every_command_that_is_shown_is_a_command() -> None:
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"`purport ([a-z]+)", README)) | {
        words[1] for words in command_lines("purport")
    }
    assert named
    assert named <= known


def test_the_export_commands_write_files_that_their_readers_read(
    project: Project, tmp_path: Path
) -> None:
    exports = [words[1:] for words in command_lines("purport") if words[1] == "export"]
    assert [run(app, words) for words in exports] == [0, 0]
    labelled = list(jsonl.read(tmp_path / "labelled.jsonl"))
    assert [one.entities[0].label for one in labelled] == ["PERSON"] * 10
    nlp = spacy.blank("en")
    parts = {
        name: [one.reference for one in Corpus(tmp_path / "corpus" / f"{name}.spacy")(nlp)]
        for name in ("train", "dev", "test")
    }
    assert {name: len(docs) for name, docs in parts.items()} == {"train": 8, "dev": 1, "test": 1}
    assert {doc.ents[0].text for docs in parts.values() for doc in docs} == {"Orlen"}


def test_every_file_of_a_project_that_is_named_is_there(project: Project) -> None:
    (block,) = readme.blocks(README, "text")
    named = {line.split()[0] for line in block.split("\n") if line.strip()}
    there = {path.name for path in project.root.rglob("*") if path.is_file()}
    model = {name for name in named if name.startswith("en_core_web")}
    folder = {name for name in named if name.endswith("/")}
    assert there == named - model - folder


def test_every_dependency_is_explained() -> None:
    section = README.partition("## What each dependency is for")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| ([a-z][a-z-]+) \|", section, re.MULTILINE)
    declared = [re.split(r"[<>=]", one)[0] for one in DECLARED["project"]["dependencies"]]
    assert explained == declared


def test_every_bench_that_is_named_is_there_and_every_one_is_named() -> None:
    named = set(re.findall(r"`python (tests/bench/\w+\.py)[^`]*`", README))
    benches = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests" / "bench").glob("*.py")
        if "__main__" in path.read_text(encoding="utf-8")
    }
    assert named == benches


def test_every_file_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
