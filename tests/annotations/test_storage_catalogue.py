from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import store

from annotations import changes
from annotations.project import Project
from annotations.records import Action
from annotations.storage.catalogue import Catalogue, Summary


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=3)
    first, second, _ = store.ids(made)
    store.accept(made, first, 0)
    store.accept(made, first, 1)
    made.decide(second, Action.FINISH, [changes.finish(made.layer(second).state)])
    yield made
    made.close()


def index() -> Path:
    (path,) = Path(os.environ["XDG_CACHE_HOME"]).rglob("index.sqlite")
    return path


def again(project: Project) -> list[Summary]:
    project.close()
    return project.documents()


def test_a_summary_says_where_a_document_stands(project: Project) -> None:
    one, two, three = project.documents()
    assert [one.title, two.title, three.title] == ["document 0", "document 1", "document 2"]
    assert (one.decisions, one.open, one.finished, one.state) == (2, 28, False, "doing")
    assert (two.decisions, two.open, two.finished, two.state) == (1, 30, True, "done")
    assert (three.decisions, three.open, three.finished, three.state) == (0, 30, False, "to do")
    assert one.characters == len(project.document(one.id).text)
    assert one.at == one.made_at == one.undo_at == project.layer(one.id).at
    assert three.at == three.undo_at == three.undone_at == ""


def test_the_index_can_be_deleted_and_comes_back_the_same(project: Project) -> None:
    """Invariant 3."""
    before = project.documents()
    project.close()
    index().unlink()
    assert project.documents() == before


def test_an_index_that_is_damaged_is_made_anew(project: Project) -> None:
    before = project.documents()
    project.close()
    index().write_bytes(b"no database at all, and long enough to be looked at" * 50)
    assert project.documents() == before


def test_an_index_of_another_version_is_made_anew(project: Project) -> None:
    before = project.documents()
    project.close()
    other = sqlite3.connect(index())
    other.executescript("drop table documents; create table documents (x); pragma user_version=1")
    other.close()
    assert project.documents() == before


def test_reading_needs_no_room_for_the_index(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Invariant 4: neither a folder for it, nor the right to write, nor space."""
    before = project.documents()
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert again(project) == before


def test_an_index_that_fills_the_disk_is_kept_in_memory(project: Project) -> None:
    """Invariant 4."""
    before = project.documents()
    project.close()
    index().unlink()
    project.catalogue._database.execute("pragma max_page_count = 3")
    assert project.documents() == before
    assert project.undo() is not None


def test_what_another_process_did_is_seen(project: Project) -> None:
    other = Project.open(project.root, annotator="anna")
    third = store.ids(project)[2]
    store.accept(other, third, 4)
    assert project.documents()[2].decisions == 1
    other.replace_layer(third, store.suggestions(project.document(third).text))
    other.close()
    assert project.documents()[2].open == 29


def test_each_annotator_sees_their_own(project: Project) -> None:
    boris = Project.open(project.root, annotator="boris")
    assert [one.decisions for one in boris.documents()] == [0, 0, 0]
    assert [one.open for one in boris.documents()] == [30, 30, 30]
    assert [one.decisions for one in project.documents()] == [2, 1, 0]
    boris.close()


def test_a_document_with_a_broken_journal_is_still_listed(project: Project) -> None:
    first = store.ids(project)[0]
    path = store.journal_of(project, first)
    path.write_bytes(b"{}\n" + path.read_bytes())
    assert first in store.ids(project)


def test_a_document_that_is_gone_is_gone(project: Project) -> None:
    third = store.ids(project)[2]
    for path in store.folder(project, third).iterdir():
        path.unlink()
    store.folder(project, third).rmdir()
    assert third not in [one.id for one in project.documents()]


def test_nothing_is_counted_twice(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.documents()
    taken: list[str] = []
    whole = Catalogue._take_in

    def counted(self: Catalogue, document_id: str, signature: str) -> None:
        taken.append(document_id)
        whole(self, document_id, signature)

    monkeypatch.setattr(Catalogue, "_take_in", counted)
    *_, third = store.ids(project)
    assert taken == []
    store.accept(project, third, 0)
    project.documents()
    assert taken == [third]
