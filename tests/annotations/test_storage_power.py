"""A power cut, at the level of file calls: what no fsync has promised may be gone.

The model is the worst disk that keeps its word: of a file it has the bytes of the last fsync, of a
folder the names of the last fsync of that folder; anything else may be lost, or half there. The
bench `disks.py` does the same with an image of a real file system.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import store

from annotations.errors import DiskError
from annotations.project import Project
from annotations.records import Document
from annotations.storage.view import Sheaf
from annotations.text import Text


class Disk:
    """Follows a folder's fsyncs, and says what a power cut leaves of it."""

    def __init__(self, root: Path, *, is_deaf: bool = False) -> None:
        self._root, self._is_deaf = root, is_deaf
        self._data: dict[int, bytes] = {}
        self._names: dict[str, set[str]] = {}
        for path in (root, *root.rglob("*")):
            if path.is_dir():
                self._names[str(path)] = {one.name for one in path.iterdir()}
            else:
                self._data[path.stat().st_ino] = path.read_bytes()

    def fsync(self, descriptor: int) -> None:
        if self._is_deaf:
            return
        place = Path(f"/proc/self/fd/{descriptor}").readlink()
        if place.is_dir():
            self._names[str(place)] = {one.name for one in place.iterdir()}
        else:
            self._data[os.fstat(descriptor).st_ino] = place.read_bytes()

    def after_a_cut(self, image: Path, unsynced: str) -> Path:
        """The project as it may be found; `unsynced` says what became of what no fsync promised."""
        shutil.copytree(self._root, image)
        for path in self._root.rglob("*"):
            if path.is_dir():
                continue
            there = image / path.relative_to(self._root)
            promised = self._data.get(path.stat().st_ino)
            is_named = all(
                one.name in self._names.get(str(one.parent), ())
                for one in (path, *path.parents)
                if one.is_relative_to(self._root) and one != self._root
            )
            if unsynced == "gone" and not is_named:
                there.unlink()
            elif promised is not None:
                rest = path.read_bytes()[len(promised) :]
                there.write_bytes(promised + rest[: len(rest) // 2 if unsynced == "half" else 0])
            else:
                there.write_bytes(b"" if unsynced == "gone" else path.read_bytes()[:77])
        return image


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project")
    yield made
    made.close()


def lost(project: Project, tmp_path: Path, unsynced: str, *, is_deaf: bool) -> list[int]:
    """The acknowledged decisions that a cut behind each of six takes away."""
    (document,) = store.ids(project)
    disk = Disk(project.root, is_deaf=is_deaf)
    gone = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", disk.fsync)
        for number in range(6):
            seq = store.accept(project, document, number).seq
            image = disk.after_a_cut(tmp_path / f"image-{number}", unsynced)
            found = Project.open(image, annotator="anna")
            last = found.layer(document).seq
            gone += range(last + 1, seq + 1)
            if not is_deaf:
                assert store.accept(found, document, 20).seq == last + 1
                assert list(found.verify()) == []
            found.close()
    return gone


@pytest.mark.parametrize("unsynced", ["gone", "half"])
def test_a_power_cut_takes_no_acknowledged_decision(
    project: Project, tmp_path: Path, unsynced: str
) -> None:
    """Invariants 1, 3 and 5."""
    assert lost(project, tmp_path, unsynced, is_deaf=False) == []


def test_without_fsync_it_does_so_the_test_can_tell(project: Project, tmp_path: Path) -> None:
    """The negative control of the test above."""
    assert lost(project, tmp_path, "gone", is_deaf=True) != []


def batch(project: Project) -> list[tuple[Document, Sheaf]]:
    """Three documents with a model's layer each, and the layer of another model for one that is there."""
    texts = [Text(f"Sheet {number} of the reef.") for number in range(3)]
    new = [Document(text, f"sheet {number}") for number, text in enumerate(texts)]
    (there,) = store.ids(project)
    return [(one, Sheaf("theirs", one.id, {"v": 1})) for one in [*new, project.document(there)]]


@pytest.mark.parametrize(
    ("unsynced", "is_deaf"), [("gone", False), ("half", False), ("gone", True)]
)
def test_a_power_cut_leaves_of_a_batch_whole_documents_alone_and_all_when_it_is_done(
    project: Project, tmp_path: Path, unsynced: str, is_deaf: bool
) -> None:
    """Cut behind each fsync. Without any, documents are gone in the end: the control."""
    disk, images = Disk(project.root, is_deaf=is_deaf), []

    def fsync(descriptor: int) -> None:
        disk.fsync(descriptor)
        images.append(disk.after_a_cut(tmp_path / f"image-{len(images)}", unsynced))

    given = batch(project)
    before = set(project.order())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        assert project.add_all(given) == 3
    images.append(disk.after_a_cut(tmp_path / "image-last", unsynced))
    left = []
    for image in images:
        found = Project.open(image, annotator="anna")
        there = {one for one in before | {one.id for one, _ in given} if found.has(one)}
        if not is_deaf:
            assert before <= there
            assert list(found.verify()) == []
            assert all(found.models(one) == ["theirs"] for one in there - before)
        left.append(len(there))
        found.close()
    assert (left[-1] == 4) is not is_deaf
    assert is_deaf or left[0] == 1


@pytest.mark.parametrize("which", [1, 2, 3])
def test_a_failed_fsync_refuses_and_what_came_before_stays(
    project: Project, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    """Invariants 2 and 6: after a failed fsync the journal is read again, and never guessed at."""
    (document,) = store.ids(project)
    real, left = os.fsync, which

    def fails(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fails)
    kept, refused = 0, 0
    for number in range(4):
        try:
            kept = store.accept(project, document, number).seq
        except DiskError as error:
            assert "Not saved: the disk reported an error (Input/output error)" in str(error)
            assert project.layer(document).seq == kept
            refused += 1
    assert (kept, refused) == (3, 1)
    assert store.seqs(store.journal_of(project, document)) == [1, 2, 3]
    assert list(project.verify()) == []
