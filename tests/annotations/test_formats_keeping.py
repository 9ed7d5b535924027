"""What is imported goes in by batches, whole, in order, and is there at the end."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotations.errors import DiskFullError, SourceError
from annotations.formats.reading.keeping import Keeping
from annotations.project import Project
from annotations.records import Document
from annotations.storage.view import Sheaf
from annotations.text import Text


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "reef", annotator="anna")
    yield project
    project.close()


def given(number: int) -> tuple[Document, Sheaf]:
    document = Document(Text(f"Sheet {number}."), f"sheet {number}")
    return document, Sheaf("theirs", document.id, {"imported": "x"})


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


def deep() -> Any:
    """A list in a list, and so on."""
    made: Any = []
    for _ in range(2_000):
        made = [made]
    return made


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Document(Text("Half a character: \ud800."), "bad"), "half a character"),
        (
            Document(Text("A deep one."), "bad", metadata={"a": deep()}),
            "bad: metadata: it is nested",
        ),
    ],
)
def test_what_stands_before_a_document_that_may_not_go_in_is_kept(
    project: Project, bad: Document, reason: str
) -> None:
    with pytest.raises(SourceError, match=reason), Keeping(project) as keeping:
        for number in range(5):
            keeping.keep(*given(number))
        keeping.keep(bad, None)
        keeping.keep(*given(6))
    assert [one.title for one in project.documents()] == [f"sheet {n}" for n in range(5)]
    assert keeping.added == 5


def test_an_interrupt_while_the_disk_is_waited_for_loses_nothing_that_was_given(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = os.fsync, 3

    def interrupted(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt
        real(descriptor)

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt), Keeping(project) as keeping:
        for number in range(5):
            keeping.keep(*given(number))
        keeping.flush()
    assert [one.title for one in project.documents()] == [f"sheet {n}" for n in range(5)]
    assert not list(project.verify())


def test_what_was_given_and_is_not_in_yet_is_known(project: Project) -> None:
    one, layer = given(1)
    with Keeping(project) as keeping:
        keeping.keep(one, layer)
        assert one.id in keeping
        assert not project.has(one.id)
        keeping.flush()
        assert one.id not in keeping
        assert project.has(one.id)


def test_a_batch_is_full_with_many_documents_or_with_large_ones(project: Project) -> None:
    with Keeping(project) as keeping:
        for number in range(130):
            keeping.keep(*given(number))
        assert len(project.order()) == 128
        keeping.flush()
        large = Document(Text("A long line. " * 100_000), "large")
        keeping.keep(large, None)
        assert project.has(large.id)


def test_a_disk_that_refuses_is_told_and_leaves_no_half_document(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = os.fsync, 7

    def refuse(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, "no space")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(DiskFullError, match="Not saved"), Keeping(project) as keeping:
            for number in range(5):
                keeping.keep(*given(number))
    assert not project.documents()
    assert not list(project.root.rglob("*.tmp"))
    with Keeping(project) as keeping:
        for number in range(5):
            keeping.keep(*given(number))
    assert keeping.added == 5
    assert not list(project.verify())
