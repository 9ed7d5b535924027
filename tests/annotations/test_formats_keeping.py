"""What is imported goes in behind the reader's back, whole, in order, and is there at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotations.errors import DiskFullError
from annotations.formats.keeping import Keeping
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Document
from annotations.storage.shelf import Shelf
from annotations.text import Text


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "reef", annotator="anna")
    yield project
    project.close()


def given(number: int) -> tuple[Document, Layer]:
    document = Document(Text(f"Sheet {number}."), f"sheet {number}")
    return document, Layer("theirs", document.id, model={"imported": "x"})


def test_documents_stand_in_the_order_in_which_they_were_given(project: Project) -> None:
    with Keeping(project) as keeping:
        for number in range(40):
            keeping.keep(*given(number))
        keeping.keep(given(3)[0], None)
    assert keeping.added == 40
    assert [one.title for one in project.documents()] == [f"sheet {n}" for n in range(40)]
    assert all(project.models(one) == ["theirs"] for one in project.order())


def test_what_was_given_is_there_though_the_file_ends_in_an_error(project: Project) -> None:
    with pytest.raises(ValueError, match="broken"), Keeping(project) as keeping:
        for number in range(5):
            keeping.keep(*given(number))
        raise ValueError("broken")
    assert len(project.documents()) == 5


def test_a_disk_that_refuses_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(shelf: Shelf, document: Document) -> None:
        raise DiskFullError("no space")

    monkeypatch.setattr(Shelf, "put", refuse)
    with pytest.raises(DiskFullError), Keeping(project) as keeping:
        keeping.keep(*given(1))
