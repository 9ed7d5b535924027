from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import store

from annotations.project import Project
from annotations.search import Query, search

NAMES = [
    "notes 2.log",
    "anna (conflicted copy 2026-11-30).log",
    "é.log",
    "x.log.log",
    "a b.json",
    "anna.log~",
    ".anna.log.swp",
    ".DS_Store",
    "Thumbs.db",
    "document.json.log",
    "text.log",
]
BYTES = [*map(os.fsencode, NAMES), b"bad\xff.log", b"bad\xff.json", b"\xff"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=2)
    store.accept(made, store.ids(made)[0], 0)
    yield made
    made.close()


def put(folder: Path, name: bytes) -> None:
    with open(os.path.join(os.fsencode(folder), name), "wb") as file:  # noqa: PTH118, PTH123
        file.write(b"not a journal\n")


@pytest.mark.parametrize("name", BYTES, ids=repr)
def test_a_stray_file_hides_no_document_and_is_named(project: Project, name: bytes) -> None:
    first, second = store.ids(project)
    before = project.documents()
    put(store.folder(project, first), name)
    assert project.look(thorough=True).summaries() == before
    again = Project.open(project.root, annotator="anna")
    again.catalogue.index.path.unlink()  # type: ignore[union-attr]
    again.close()
    fresh = Project.open(project.root, annotator="anna")
    try:
        assert fresh.documents() == before
        assert fresh.layers(first) == ["anna", store.MODEL]
        assert len(list(search(fresh, Query("word12")))) == 1
        assert len(list(fresh.overlay(first).index)) == 30
        (finding,) = fresh.verify()
        assert os.fsencode(Path(finding.path).name) == name
        assert not finding.lost
        assert list(fresh.verify(second)) == []
    finally:
        fresh.close()


@pytest.mark.parametrize(
    "place",
    [
        "documents/x",
        "documents/zz",
        "documents/{shard}/notes",
        "annotators/a b.json",
        "seals/x.log",
    ],
)
def test_a_stray_file_beside_the_documents_is_named(project: Project, place: str) -> None:
    before = project.documents()
    path = project.root / place.format(shard=before[0].id[:2])
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"{")
    assert project.look(thorough=True).summaries() == before
    (finding,) = project.verify()
    assert finding.path == str(path)


def test_a_documents_folder_in_the_wrong_place_is_named_and_not_read(project: Project) -> None:
    before = project.documents()
    first = before[0].id
    wrong = project.root / "documents" / ("00" if first[:2] != "00" else "01")
    os.renames(store.folder(project, first), wrong / first)
    assert [one.id for one in project.look(thorough=True).summaries()] == [before[1].id]
    (finding,) = project.verify()
    assert finding.path == str(wrong / first)


def test_what_purport_leaves_beside_a_layer_is_not_stray(project: Project) -> None:
    first = store.ids(project)[0]
    for name in ("anna.log.torn", ".anna.json.0123abcd.tmp"):
        (store.folder(project, first) / name).write_bytes(b"")
    assert list(project.verify()) == []
