"""An export writes through no link but the one that a person named."""

from __future__ import annotations

from pathlib import Path

import pytest
import store

from annotations.errors import InputError
from annotations.formats.export import export
from annotations.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = store.make(tmp_path / "project", documents=6)
    for one in store.ids(made):
        store.accept(made, one, 0)
    return made


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    made = tmp_path / "mine"
    made.write_bytes(b"mine")
    return made


def linked(path: Path, mine: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(mine)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["train.jsonl", "dev.jsonl", "card.md", "README.md"])
def test_a_link_in_the_folder_of_an_export_is_not_written_through(
    project: Project, tmp_path: Path, mine: Path, name: str, *, force: bool
) -> None:
    out = tmp_path / "out"
    linked(out / name, mine)
    try:
        export(project, out, "jsonl", split="train=0.5,dev=0.5", everything=True, force=force)
    except InputError as error:
        assert name in str(error)
    assert mine.read_bytes() == b"mine"


def test_a_link_where_a_card_belongs_is_not_written_through(
    project: Project, tmp_path: Path, mine: Path
) -> None:
    linked(tmp_path / "out" / "data.card.md", mine)
    try:
        export(project, tmp_path / "out" / "data.jsonl", "jsonl", everything=True, force=True)
    except InputError as error:
        assert "data.card.md" in str(error)
    assert mine.read_bytes() == b"mine"


def test_a_link_that_is_named_is_written_through(
    project: Project, tmp_path: Path, mine: Path
) -> None:
    linked(tmp_path / "named.jsonl", mine)
    export(project, tmp_path / "named.jsonl", "jsonl", everything=True, force=True)
    assert (tmp_path / "named.jsonl").is_symlink()
    assert mine.read_bytes() != b"mine"
