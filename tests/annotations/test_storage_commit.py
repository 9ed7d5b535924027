"""What is said of a decision when the disk fails, and what is there afterwards."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import faulty_disk
import pytest
import store
import store_process
from faulty_disk import Tally

from annotations import custody
from annotations.errors import CorruptError, ForkedError, StorageError, UnsettledError
from annotations.project import Project
from annotations.storage import commit, lock


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project")
    yield made
    made.close()


@pytest.fixture
def document(project: Project) -> str:
    return store.ids(project)[0]


def opened(project: Project) -> Project:
    return Project.open(project.root, annotator="anna")


def broken(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let these calls fail."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    for name in names:
        monkeypatch.setattr(os, name, fail)


def in_doubt(project: Project, document: str, word: int) -> UnsettledError:
    """The error of a decision that could neither be made durable nor be taken back."""
    with pytest.MonkeyPatch.context() as patch:
        broken(patch, "fsync", "ftruncate")
        with pytest.raises(UnsettledError) as caught:
            store.accept(project, document, word)
    return caught.value


def test_a_decision_that_cannot_be_taken_back_may_be_saved_and_the_error_says_so(
    project: Project, document: str
) -> None:
    store.accept(project, document, 0)
    error = in_doubt(project, document, 1)
    assert error.saved is None
    assert str(error).startswith("May be saved: the disk reported an error (Input/output error)")
    assert "Not saved" not in str(error)
    assert project.layer(document).seq == 2
    settled = project.settled(document)
    assert settled is not None
    assert settled.is_saved
    assert settled.words.endswith("The decision is saved.")
    assert project.settled(document) is None, "it is said once"
    assert store.accept(project, document, 2).seq == 3
    assert list(project.verify()) == []


def test_the_next_process_says_what_became_of_a_decision_in_doubt(
    project: Project, document: str
) -> None:
    in_doubt(project, document, 0)
    again = opened(project)
    standing = again.standing(document)
    assert standing.words.endswith("The decision is saved.")
    assert standing.can_decide
    assert again.settled(document) is not None
    assert again.standing(document).words == ""
    again.close()


def test_a_decision_in_doubt_that_the_disk_has_lost_is_said_to_be_not_saved(
    project: Project, document: str
) -> None:
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    before = path.read_bytes()
    in_doubt(project, document, 1)
    path.write_bytes(before)  # as a power cut may leave it
    again = opened(project)
    standing = again.standing(document)
    assert standing.words.endswith("The decision is not saved; decide again.")
    assert standing.layer.seq == 1
    assert store.accept(again, document, 1).seq == 2
    assert list(again.verify()) == []
    again.close()


def test_a_decision_in_doubt_of_which_a_part_was_never_written_is_set_aside(
    project: Project, document: str
) -> None:
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    length = path.stat().st_size
    in_doubt(project, document, 1)
    data = path.read_bytes()
    spoilt = data[: length + 100] + bytes(200) + data[length + 300 :]
    path.write_bytes(spoilt)
    assert project.layer(document).seq == 1
    settled = project.settled(document)
    assert settled is not None
    assert not settled.is_saved
    assert path.with_name("anna.log.torn").read_bytes() == spoilt[length:] + b"\n"
    assert list(project.verify()) == []


def test_what_a_failed_fsync_left_unwritten_is_written_again_before_another_decision_follows(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    length = path.stat().st_size
    in_doubt(project, document, 1)
    written: list[tuple[int, int]] = []
    pwrite = os.pwrite

    def noted(descriptor: int, data: bytes, offset: int) -> int:
        written.append((offset, len(data)))
        return pwrite(descriptor, data, offset)

    monkeypatch.setattr(os, "pwrite", noted)
    end = path.stat().st_size
    store.accept(opened(project), document, 2)
    assert written == [(length, end - length)]


def test_a_decision_that_is_cut_off_is_cut_off_on_the_disk_itself(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut must not bring a decision back that was said not to be saved."""
    store.accept(project, document, 0)
    calls: list[str] = []

    def noted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def shim(*arguments: Any) -> Any:
            calls.append(name)
            if calls == ["fsync"]:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return call(*arguments)

        return shim

    for name in ("fsync", "ftruncate"):
        monkeypatch.setattr(os, name, noted(name, getattr(os, name)))
    with pytest.raises(StorageError, match="Not saved: the disk reported an error"):
        store.accept(project, document, 1)
    assert calls == ["fsync", "ftruncate", "fsync"]


def test_a_part_of_a_line_that_cannot_be_cut_off_is_no_decision(
    project: Project, document: str
) -> None:
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    inode, write = path.stat().st_ino, os.write

    def half(descriptor: int, data: Any) -> int:
        if os.fstat(descriptor).st_ino == inode:
            write(descriptor, bytes(data)[:50])
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return write(descriptor, data)

    with pytest.MonkeyPatch.context() as patch:
        broken(patch, "ftruncate")
        patch.setattr(os, "write", half)
        with pytest.raises(StorageError, match="Not saved") as caught:
            store.accept(project, document, 1)
    assert caught.value.saved is False
    assert store.accept(project, document, 1).seq == 2
    assert list(project.verify()) == []


def test_a_line_that_cannot_be_cut_leaves_one_copy_however_often_it_is_tried(
    project: Project, document: str
) -> None:
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    with path.open("ab") as file:
        file.write(b'{"v":1,"se')
    with pytest.MonkeyPatch.context() as patch:
        broken(patch, "ftruncate")
        for _ in range(3):
            with pytest.raises(StorageError, match="Not saved"):
                store.accept(opened(project), document, 1)
    assert list(path.parent.glob("*.torn*")) == []
    store.accept(opened(project), document, 1)
    assert [one.name for one in path.parent.glob("*.torn*")] == ["anna.log.torn"]


def test_what_is_kept_of_a_doubt_is_not_believed(project: Project, document: str) -> None:
    in_doubt(project, document, 0)
    (kept,) = Path(os.environ["XDG_CACHE_HOME"]).rglob("unsettled/*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    for words in (b"", b"[]", b"{", b'{"offset": -1, "line": "x\\n", "at": ""}',
                  b'{"offset": "0", "line": "x\\n", "at": ""}', b'{"offset": 0, "line": 5, "at": ""}',
                  b'{"offset": 0, "line": "x", "at": 5}', b"[" * 100_000):  # fmt: skip
        kept.write_bytes(words)
        again = opened(project)
        assert again.standing(document).words == ""
        assert again.layer(document).seq == 1
        again.close()


# Faults at every call


def complaints(tally: Tally) -> tuple[int, int, list[str]]:
    return tally.lost, tally.ghosts, tally.wrong


@pytest.mark.parametrize("before", [0, 2])
def test_no_decision_is_lost_and_none_refused_is_there_whatever_two_calls_fail(
    tmp_path: Path, before: int
) -> None:
    tally = Tally()
    base = faulty_disk.prepared(tmp_path, before)
    faulty_disk.each_alone_and_in_pairs(base, tmp_path, tally, step=6 + before)
    assert complaints(tally) == (0, 0, [])
    assert tally.acknowledged
    assert tally.refused


def test_no_decision_is_lost_and_none_refused_is_there_whatever_calls_fail(tmp_path: Path) -> None:
    tally = Tally()
    base = faulty_disk.prepared(tmp_path, 2)
    faulty_disk.at_random(base, tmp_path, tally, trials=25, seed=1)
    assert complaints(tally) == (0, 0, [])
    assert tally.acknowledged
    assert tally.refused
    assert tally.unsettled


def test_without_telling_a_doubt_from_a_refusal_there_are_ghosts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the tests above."""
    taking_back = commit._take_back

    def sure(descriptor: int, length: int, size: int) -> bool:
        taking_back(descriptor, length, size)
        return True

    monkeypatch.setattr(commit, "_take_back", sure)
    tally = Tally()
    base = faulty_disk.prepared(tmp_path, 2)
    faulty_disk.at_random(base, tmp_path, tally, trials=20, seed=1)
    assert tally.ghosts


# Locks that do nothing


def interleaved(project: Project, document: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two processes whose locks do nothing: the second writes after the first has read."""
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    other = opened(project)
    other.layer(document)
    append = commit.append
    seqs: list[int] = []

    def overtaken(descriptor: int, path: Path, length: int, line: bytes) -> None:
        if not seqs:
            seqs.append(0)
            seqs[0] = store.accept(other, document, 7).seq
        append(descriptor, path, length, line)

    monkeypatch.setattr(commit, "append", overtaken)
    return seqs


def test_of_two_writers_without_locks_the_second_is_told_at_once(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.accept(project, document, 0)
    winner = interleaved(project, document, monkeypatch)
    with pytest.raises(ForkedError, match="locks do not work on this disk") as caught:
        store.accept(project, document, 1)
    assert winner == [2]
    assert caught.value.saved is None
    path = store.journal_of(project, document)
    assert store.seqs(path) == [1, 2, 2], "nothing is cut"
    before = path.read_bytes()
    for attempt in (lambda: store.accept(project, document, 2), lambda: project.layer(document)):
        with pytest.raises(CorruptError):
            attempt()
    assert path.read_bytes() == before, "the fork does not go on"


def test_writers_without_locks_lose_no_decision_that_was_acknowledged(
    project: Project, document: str
) -> None:
    """Real processes: however they fall in between each other, the ways can be joined."""
    arguments = [sys.executable, store_process.__file__, "decide", str(project.root), "anna"]
    env = os.environ | {"PYTHONPATH": str(Path(store_process.__file__).parents[1])}
    running = [
        subprocess.Popen(
            [*arguments, str(first), "10", "unlocked"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
        )
        for first in (0, 10, 20)
    ]
    for one in running:
        assert one.stdout
        assert json.loads(one.stdout.readline()) == {"ready": True}
    for one in running:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [json.loads(row) for one in running for row in one.communicate()[0].splitlines()]
    kept = {f"word{row['word']}" for row in said if "word" in row}
    again = opened(project)
    if custody.forked(again, "anna"):
        custody.join(again, document, "anna")
    assert kept <= {one.text for one in again.layer(document)}
    assert list(again.verify()) == []
    again.close()


def test_a_line_that_another_process_wrote_over_is_not_called_saved(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two machines do that append to one file of a network disk."""
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    length = path.stat().st_size
    fsync = os.fsync

    def overwritten(descriptor: int) -> None:
        fsync(descriptor)
        with path.open("r+b") as file:
            file.seek(length)
            file.write(json.dumps({"other": 1}).encode())

    monkeypatch.setattr(os, "fsync", overwritten)
    with pytest.raises(ForkedError) as caught:
        store.accept(project, document, 1)
    assert caught.value.saved is None


def test_a_lock_is_tried_from_another_process(project: Project, tmp_path: Path) -> None:
    assert lock.works(project.root)
    assert not [one for one in project.root.iterdir() if "lock" in one.name]


def test_a_lock_that_keeps_no_other_process_out_is_found(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)  # the other process has a lock that works
    assert not lock.works(project.root)
