"""Spoilt projects and spoilt files end in results or in one line, never in a fault of the program."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import mutations
import pytest


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Path]]:
    folder = tmp_path_factory.mktemp("sound")
    mutations.make_project(folder / "project")
    (folder / "exports").mkdir()
    return folder / "project", mutations.make_files(folder / "exports", folder / "project")


@pytest.mark.parametrize("number", range(40))
def test_a_spoilt_project_ends_no_command_in_a_fault(
    sound: tuple[Path, dict[str, Path]], number: int, tmp_path: Path
) -> None:
    chance = random.Random(f"1 projects {number}")
    root = tmp_path / "project"
    shutil.copytree(sound[0], root)
    document = mutations.spoil_project(chance, root)
    assert list(mutations.read_spoilt(chance, root, document, 6)) == []


@pytest.mark.parametrize("number", range(44))
def test_a_spoilt_file_ends_no_import_in_a_fault(
    sound: tuple[Path, dict[str, Path]], number: int, tmp_path: Path
) -> None:
    names = sorted(sound[1])
    name = names[number % len(names)]
    chance = random.Random(f"1 imports {number}")
    assert list(mutations.import_spoilt(chance, sound[1][name], name, tmp_path)) == []
