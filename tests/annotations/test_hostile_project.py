"""A project from elsewhere that has links, pipes and devices where its files belong."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import hostile
import pytest
import store

from annotations.cli import app
from annotations.cli.console import run
from annotations.errors import CorruptError, InputError, UnsafeFileError
from annotations.project import Project

TORN = b"touch ~/PWNED # not json"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = store.make(tmp_path / "clone", documents=2)
    for document in store.ids(made):
        store.accept(made, document, 0)
    return made


@pytest.fixture
def document(project: Project) -> str:
    return store.ids(project)[0]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file of the person's own, outside the project."""
    made = tmp_path / ".bashrc"
    made.write_bytes(b"alias ls='ls -F'\n")
    return made


def again(project: Project) -> Project:
    return Project.open(project.root, annotator="anna")


def test_torn_bytes_are_not_appended_through_a_link(
    project: Project, document: str, own: Path
) -> None:
    journal = store.journal_of(project, document)
    with journal.open("ab") as file:
        file.write(TORN)
    torn = journal.with_name("anna.log.torn")
    torn.symlink_to(own)
    before = own.read_bytes()
    assert store.accept(again(project), document, 1).seq == 2
    assert own.read_bytes() == before
    assert torn.is_symlink()
    assert torn.with_name("anna.log.torn.1").read_bytes() == TORN + b"\n"
    assert store.seqs(journal) == [1, 2]


def test_torn_bytes_are_kept_beside_those_of_an_earlier_time(
    project: Project, document: str
) -> None:
    journal = store.journal_of(project, document)
    for number, words in enumerate((b"first", b"second")):
        with journal.open("ab") as file:
            file.write(words)
        store.accept(again(project), document, number + 1)
    assert journal.with_name("anna.log.torn").read_bytes() == b"first\n"
    assert journal.with_name("anna.log.torn.1").read_bytes() == b"second\n"


def test_a_journal_that_is_a_link_to_nowhere_makes_no_file(
    project: Project, document: str, tmp_path: Path
) -> None:
    journal, target = store.journal_of(project, document), tmp_path / ".bash_login"
    store.view_of(project, document).unlink()
    journal.unlink()
    journal.symlink_to(target)
    with pytest.raises(UnsafeFileError, match=r"anna\.log: it is a symbolic link"):
        store.accept(again(project), document, 1)
    assert not target.exists()


def test_a_journal_that_is_a_link_takes_no_file_into_the_project(
    project: Project, document: str, tmp_path: Path
) -> None:
    journal, secret = store.journal_of(project, document), tmp_path / "token"
    secret.write_bytes(b"no line feed")
    store.view_of(project, document).unlink()
    journal.unlink()
    journal.symlink_to(secret)
    names = sorted(journal.parent.iterdir())
    with pytest.raises(UnsafeFileError, match="symbolic link"):
        store.accept(again(project), document, 1)
    assert secret.read_bytes() == b"no line feed"
    assert sorted(journal.parent.iterdir()) == names


def test_a_journal_with_a_second_name_is_read_and_not_written_to(
    project: Project, document: str, tmp_path: Path
) -> None:
    journal = store.journal_of(project, document)
    copy = tmp_path / "copy"
    os.link(journal, copy)
    before = copy.read_bytes()
    assert again(project).layer(document).seq == 1
    with pytest.raises(UnsafeFileError, match=r"2 names \(hard links\)"):
        store.accept(again(project), document, 1)
    assert copy.read_bytes() == before
    (finding,) = project.verify()
    assert finding.path == str(journal)
    assert "hard links" in finding.problem


@pytest.mark.parametrize("kind", hostile.KINDS)
def test_a_view_that_is_no_file_is_left_alone_and_no_decision_is_made(
    project: Project, document: str, kind: Callable[[Path], None]
) -> None:
    path = store.view_of(project, document)
    kind(path)
    opened = again(project)
    with hostile.within(20):
        assert opened.layer(document).seq == 1
        standing = opened.standing(document)
        assert not standing.can_decide
        assert str(path) in standing.words
        with pytest.raises(UnsafeFileError):
            store.accept(opened, document, 1)
    assert not path.is_file() or path.is_symlink()


PLACES = ["text.txt", "document.json", "anna.log", "anna.json", "toy-1.0.0.json"]


@pytest.mark.parametrize("kind", hostile.KINDS)
@pytest.mark.parametrize("name", PLACES)
def test_a_documents_file_that_is_no_file_is_named_and_stops_no_other(
    project: Project,
    document: str,
    name: str,
    kind: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = store.folder(project, document) / name
    kind(path)
    other = store.ids(project)[-1]
    with hostile.within(20):
        for command in ("status", "log", "search"):
            words = [command, *(["word1"] if command == "search" else [])]
            status = run(app, ["--project", str(project.root), "--annotator", "anna", *words])
            assert status in {0, 1, 2}
            assert capsys.readouterr().err.count("purport: ") <= 1
        status = run(app, ["--project", str(project.root), "--annotator", "anna", "show", other])
        assert status == 0
        capsys.readouterr()
        problems = {one.path: one.problem for one in project.verify()}
    assert "not a plain file" in problems[str(path)]
    assert sum("not a plain file" in one for one in problems.values()) == 1


@pytest.mark.parametrize("kind", hostile.KINDS)
@pytest.mark.parametrize("name", ["purport.toml", "project.json"])
def test_a_projects_own_file_that_is_no_file_is_refused_in_one_line(
    project: Project,
    name: str,
    kind: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    kind(project.root / name)
    with hostile.within(20):
        status = run(app, ["--project", str(project.root), "--annotator", "anna", "status"])
    assert status == 2
    said = capsys.readouterr().err
    assert said.startswith(f"purport: {project.root / name}: it is a")
    assert said.count("\n") == 1


@pytest.mark.parametrize("depth", [0, 1])
def test_a_documents_folder_that_is_a_link_is_named_and_stops_no_other(
    project: Project, document: str, depth: int, tmp_path: Path
) -> None:
    folder = store.folder(project, document)
    linked = (folder, folder.parent)[depth]
    shutil.move(linked, tmp_path / "elsewhere")
    linked.symlink_to(tmp_path / "elsewhere")
    opened = again(project)
    assert len(opened.documents()) == 1
    assert str(linked) in {one.path for one in opened.verify()}
    with pytest.raises(UnsafeFileError, match="symbolic link, not a folder"):
        opened.layer(document)


def test_documents_that_are_a_link_are_refused(project: Project, tmp_path: Path) -> None:
    (project.root / "documents").rename(tmp_path / "documents")
    (project.root / "documents").symlink_to(tmp_path / "documents")
    with pytest.raises(UnsafeFileError, match="symbolic link, not a folder"):
        again(project).documents()


def test_a_seal_is_not_written_through_a_link(project: Project, own: Path) -> None:
    (project.root / "seals").symlink_to(own.parent)
    before = sorted(own.parent.iterdir())
    assert run(app, ["--project", str(project.root), "seal"]) == 2
    assert sorted(own.parent.iterdir()) == before


def test_a_file_without_an_end_is_not_read(project: Project, document: str) -> None:
    path = store.folder(project, document) / "document.json"
    with path.open("r+b") as file:
        file.truncate(1 << 40)
    with hostile.within(20):
        with pytest.raises(CorruptError, match="the most it may have"):
            project.document(document)
        assert any("larger than" in one.problem for one in project.verify(document))


# The search for a project


def strangers(path: Path) -> None:
    """Give a file away; only root can."""
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    os.chown(path, 54_321, -1)


def test_a_strangers_project_is_not_found_from_a_folder_below_it(
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    below = project.root / "mine"
    below.mkdir()
    (below / "secret.txt").write_text("A secret.", encoding="utf-8")
    project.root.chmod(0o1777)
    strangers(project.root / "purport.toml")
    monkeypatch.chdir(below)
    before = store.contents(project.root)
    assert run(app, ["add", "secret.txt"]) == 2
    assert f"name it: --project {project.root}" in capsys.readouterr().err
    assert store.contents(project.root) == before


def test_the_search_ends_at_a_strangers_folder(project: Project) -> None:
    between = project.root / "theirs"
    below = between / "mine"
    below.mkdir(parents=True)
    assert Project.find(below) == project.root
    strangers(between)
    assert Project.find(below) is None


def test_a_strangers_folder_with_a_project_is_named(project: Project) -> None:
    strangers(project.root)
    with pytest.raises(InputError, match="belongs to another user"):
        Project.find(project.root)


def test_a_strangers_project_that_is_named_is_opened(project: Project) -> None:
    strangers(project.root)
    strangers(project.root / "purport.toml")
    assert len(again(project).documents()) == 2


def test_under_sudo_the_project_of_the_caller_is_found(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers(project.root)
    strangers(project.root / "purport.toml")
    monkeypatch.setenv("SUDO_UID", "54321")
    assert Project.find(project.root) == project.root


def test_a_hidden_project_that_is_a_link_is_used_only_if_it_is_named(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / ".purport").symlink_to(project.root)
    with pytest.raises(InputError, match=r"\.purport is a symbolic link"):
        Project.find(folder)
    assert len(Project.open(folder / ".purport", annotator="anna").documents()) == 2


def test_what_a_stranger_put_into_a_folder_that_all_may_write_to_is_not_read(
    project: Project, document: str
) -> None:
    path = store.folder(project, document) / "mallory.json"
    layer = json.loads((path.parent / "toy-1.0.0.json").read_bytes())
    path.write_text(json.dumps(layer), encoding="utf-8")
    path.parent.chmod(0o777)
    strangers(path)
    with pytest.raises(UnsafeFileError, match="owned by another user"):
        again(project).layer(document, "mallory")
    assert str(path) in {one.path for one in project.verify()}


def test_the_index_is_the_persons_alone_and_goes_through_no_link(
    project: Project, own: Path
) -> None:
    index = project.catalogue.index.path
    assert index is not None
    assert index.stat().st_mode & 0o077 == 0
    assert index.parent.stat().st_mode & 0o077 == 0
    project.close()
    index.unlink()
    index.symlink_to(own)
    before = own.read_bytes()
    assert len(again(project).documents()) == 2
    assert own.read_bytes() == before
