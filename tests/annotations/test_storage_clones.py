"""Two clones of one project, merged by git: each person writes their own files."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import store

from annotations import custody
from annotations.project import Project
from annotations.records import Document
from annotations.text import Text

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_clones_in_which_each_wrote_their_own_layer_merge_without_a_conflict(
    tmp_path: Path,
) -> None:
    """A person's layer has one writer; nobody's `project.json` is in another's way."""
    made = store.make(tmp_path / "one", documents=2)
    first, second = store.ids(made)
    store.accept(made, first, 0)
    sealed = custody.seal(made)
    made.close()
    boris = Project.open(made.root, annotator="boris")  # who works here is known to both
    boris.close()
    git(made.root, "init", "-q", "-b", "main")
    git(made.root, "add", "-A")
    git(made.root, "commit", "-q", "-m", "one")
    git(tmp_path, "clone", "-q", str(made.root), "two")

    for root, name in ((made.root, "anna"), (tmp_path / "two", "boris")):
        project = Project.open(root, annotator=name)
        for number in range(1, 6):
            store.accept(project, first, number)
            store.accept(project, second, number)
        project.undo()
        new = Document(Text(f"A text that {name} added."), title=name)
        assert project.add(new)
        assert list(project.verify()) == []
        project.close()
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", name)
    git(made.root, "pull", "-q", "--no-rebase", "--no-edit", str(tmp_path / "two"), "main")

    assert git(made.root, "status", "--porcelain") == ""
    project = Project.open(made.root, annotator="anna")
    assert list(project.verify()) == []
    assert len(project.documents()) == 4
    assert project.people(first) == ["anna", "boris"]
    assert project.layer(second, "boris").seq == 6
    assert custody.check(project, sealed).findings == [], "what was sealed before is still there"
    assert store.accept(project, first, 9).seq == 7
    project.close()


def test_clones_in_which_both_joined_merge_as_well(tmp_path: Path) -> None:
    """Two people who first open the project each in a clone of their own."""
    made = store.make(tmp_path / "one")
    (document,) = store.ids(made)
    made.close()
    git(made.root, "init", "-q", "-b", "main")
    git(made.root, "add", "-A")
    git(made.root, "commit", "-q", "-m", "one")
    for name in ("boris", "clara"):
        git(tmp_path, "clone", "-q", str(made.root), name)
        project = Project.open(tmp_path / name, annotator=name)
        store.accept(project, document, 0)
        project.close()
        git(tmp_path / name, "add", "-A")
        git(tmp_path / name, "commit", "-q", "-m", name)
    for name in ("boris", "clara"):
        git(made.root, "pull", "-q", "--no-rebase", "--no-edit", str(tmp_path / name), "main")
    project = Project.open(made.root, annotator="anna")
    assert project.people(document) == ["boris", "clara"]
    assert list(project.verify()) == []
    project.close()
