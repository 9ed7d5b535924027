"""What the doctor finds in a project's files, and how it mends them."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
import store

from annotations.cli.console import run
from annotations.project import Project
from tui import doctor
from tui.__main__ import app
from tui.app import PurportApp

Purport = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    made = store.make(tmp_path / "project")
    monkeypatch.setenv("PURPORT_PROJECT", str(made.root))
    monkeypatch.setenv("PURPORT_ANNOTATOR", "anna")
    for number in range(3):
        store.accept(made, store.ids(made)[0], number)
    yield made
    made.close()


@pytest.fixture
def purport(capsys: pytest.CaptureFixture[str]) -> Purport:
    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run(app, [str(one) for one in arguments])
        return status, *capsys.readouterr()

    return call


def found(project: Project, about: str) -> list[doctor.Finding]:
    again = Project.open(project.root, annotator="anna")
    try:
        return [one for one in doctor.examine(lambda: nullcontext(again)) if one.about == about]
    finally:
        again.close()


def edit(path: Path, old: str, new: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new, 1), encoding="utf-8")


def test_a_project_that_is_whole_is_well(project: Project) -> None:
    (store_finding,) = found(project, "store")
    assert store_finding.is_well
    assert found(project, "document") == []


def test_an_edit_by_hand_is_found_with_what_to_do_and_adopted(
    purport: Purport, project: Project
) -> None:
    (one,) = store.ids(project)
    edit(store.view_of(project, one), '"label": "PERSON"', '"label": "ORG"')
    (hint,) = found(project, "document")
    assert "was changed outside purport" in hint.words
    assert f"purport doctor {one} --adopt" in hint.words
    status, out, _ = purport("doctor", one, "--adopt")
    assert status == 0
    assert out.startswith(f"{one}: adopted as decision 4, 1 records")
    assert purport("doctor", one, "--adopt")[0] == 2
    assert list(project.verify()) == []


def test_an_edit_by_hand_is_dropped(purport: Purport, project: Project) -> None:
    (one,) = store.ids(project)
    before = store.view_of(project, one).read_bytes()
    edit(store.view_of(project, one), '"label": "PERSON"', '"label": "ORG"')
    status, out, _ = purport("doctor", one, "--discard")
    assert (status, out) == (0, f"{one}: made anew from the journal; 1 edits are dropped\n")
    assert store.view_of(project, one).read_bytes() == before


def test_what_is_good_of_a_damaged_journal_is_copied(purport: Purport, project: Project) -> None:
    (one,) = store.ids(project)
    path = store.journal_of(project, one)
    path.write_bytes(path.read_bytes().replace(b'"seq":3,', b'"seq":4,'))
    (hint,) = found(project, "document")
    assert f"purport doctor {one} --layer anna --salvage NAME" in hint.words
    damaged = path.read_bytes()
    status, out, _ = purport("doctor", one, "--salvage", "anna-2")
    assert status == 0
    assert "2 good decisions of anna are in the layer anna-2" in out
    assert path.read_bytes() == damaged
    assert project.layer(one, "anna-2").seq == 2


def test_one_way_of_mending_and_one_document_are_asked_for(
    purport: Purport, project: Project
) -> None:
    (one,) = store.ids(project)
    assert purport("doctor", "--adopt")[0] == 2
    assert purport("doctor", one, "--adopt", "--discard")[0] == 2


def test_a_network_disk_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.storage.mount.kind", lambda folder, *_: "nfs4")
    (disk,) = found(project, "disk")
    assert not disk.is_well
    assert "is on a network disk (nfs4): locks and durable writes are the server's" in disk.words


async def test_a_network_disk_is_told_in_the_reader(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.storage.mount.kind", lambda folder, *_: "nfs4")
    again = Project.open(project.root, annotator="anna")
    reader = PurportApp(again, suggesting=False)
    async with reader.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        assert "is on a network disk (nfs4)" in reader.reader._message[0][0]


async def test_an_edit_by_hand_is_told_in_the_reader_and_nothing_is_decided(
    project: Project,
) -> None:
    (one,) = store.ids(project)
    edit(store.view_of(project, one), '"label": "PERSON"', '"label": "ORG"')
    edited = store.contents(store.folder(project, one))
    reader = PurportApp(Project.open(project.root, annotator="anna"), suggesting=False)
    async with reader.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        assert "was changed outside purport" in reader.reader._message[0][0]
        await pilot.press("n", "a")
        await pilot.pause()
        assert reader.reader._message[0][0].startswith("Not saved: ")
        assert store.contents(store.folder(project, one)) == edited


def test_a_forked_journal_is_named_and_joined_and_the_rest_is_shown(
    project: Project, purport: Purport
) -> None:
    store.accept(project, store.ids(project)[0], 3)
    (document,) = store.ids(project)
    path = store.journal_of(project, document)
    first = path.read_bytes()
    common = first[: first.rindex(b"\n", 0, -1) + 1]
    path.write_bytes(common)
    store.view_of(project, document).unlink()
    again = Project.open(project.root, annotator="anna")
    store.accept(again, document, 4)
    again.close()
    path.write_bytes(first + path.read_bytes()[len(common) :])

    status, out, complaint = purport("status")
    assert status == 2
    assert document in out
    assert "went on from the same decision" in complaint
    assert "doctor DOC --layer anna --join" in complaint
    status, out, _ = purport("doctor", "--join")
    assert status == 0
    assert f"{document}: anna's 4 decisions of the first side are as they were" in out
    assert "1 decision of the other side follows them" in out
    assert purport("status")[0] == 0
    assert "nothing to join" in purport("doctor", "--join")[1]
    status, _, complaint = purport("doctor", document, "--join")
    assert status == 2
    assert "did not continue in two ways" in complaint


def test_a_lock_that_keeps_no_other_process_out_is_named(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (finding,) = found(project, "locks")
    assert finding.is_well
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    (finding,) = found(project, "locks")
    assert not finding.is_well
    assert "does not keep another process out" in finding.words
