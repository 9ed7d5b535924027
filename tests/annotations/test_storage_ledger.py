from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import store
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import changes
from annotations.errors import (
    ConflictError,
    CorruptError,
    DiskError,
    DiskFullError,
    NewerFormatError,
    RefusedError,
    StorageError,
)
from annotations.layer import fold
from annotations.project import Project
from annotations.records import Action, Change, Status
from annotations.storage import journal, view
from annotations.storage.fold import Fold

CALLS = ("open", "write", "fsync", "replace")


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


def fail_in_call(
    monkeypatch: pytest.MonkeyPatch, place: int, number: int, only: str = ""
) -> list[str]:
    """Make one file call fail, counted from 0; returns the list of calls that were made."""
    made: list[str] = []

    def shim(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def shimmed(*arguments: Any, **options: Any) -> Any:
            made.append(name)
            if len(made) - 1 == place:
                raise OSError(number, os.strerror(number))
            return call(*arguments, **options)

        return shimmed

    for name in (only,) if only else CALLS:
        monkeypatch.setattr(os, name, shim(name, getattr(os, name)))
    return made


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("before", [0, 2])
def test_a_decision_whose_file_call_fails_leaves_nothing_behind(
    project: Project, document: str, number: int, before: int, tmp_path: Path
) -> None:
    """Invariants 2 and 6, for each file call of a decision in turn, and the next one is fine."""
    for word in range(before):
        store.accept(project, document, word)
    for place in range(40):
        root = tmp_path / f"copy-{place}"
        shutil.copytree(project.root, root)
        one = Project.open(root, annotator="anna")
        assert one.layer(document).seq == before
        one.documents()
        one.document(document)
        one.moment()
        contents = store.contents(root)
        suggested = list(one.layer(document, store.MODEL).index)[10]
        with pytest.MonkeyPatch.context() as patch:
            made = fail_in_call(patch, place, number)
            try:
                saved = one.decide(document, Action.ACCEPT, [changes.accept(suggested)]).seq
            except StorageError as error:
                assert "Not saved: " in str(error) or "Nothing changed. " in str(error)
                saved = before
        assert one.layer(document).seq == saved
        if saved == before:
            assert store.contents(root) == contents, made[place]
        assert store.accept(one, document, 11).seq == saved + 1
        assert list(one.verify()) == []
        assert view.read(store.view_of(one, document)) is not None
        one.close()
        if len(made) <= place:
            break  # every call of the decision has had its turn
    # What is done to the view comes last, and cannot make a saved decision look lost.
    assert made[-1] == "replace"
    assert made.count("fsync") == (2 if before == 0 else 1)
    assert made.count("write") == 2


def test_a_decision_is_saved_though_its_view_could_not_be_put_in_place(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.accept(project, document, 0)
    stale = store.view_of(project, document).read_bytes()
    fail_in_call(monkeypatch, 0, errno.EIO, only="replace")
    assert store.accept(project, document, 1).seq == 2
    monkeypatch.undo()
    assert store.view_of(project, document).read_bytes() == stale
    assert project.layer(document).seq == 2
    assert list(project.verify()) == []


def test_after_an_fsync_that_failed_the_line_is_gone_and_the_journal_read_again(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 6."""
    store.accept(project, document, 0)
    reads: list[journal.Mark] = []
    whole = Fold.read

    def counted(fold: Fold, descriptor: int) -> bool:
        reads.append(fold.mark)
        return whole(fold, descriptor)

    monkeypatch.setattr(Fold, "read", counted)
    with monkeypatch.context() as patch:
        fail_in_call(patch, 0, errno.EIO, only="fsync")
        with pytest.raises(DiskError, match="Not saved: the disk reported an error"):
            store.accept(project, document, 1)
    assert store.seqs(store.journal_of(project, document)) == [1]
    reads.clear()
    assert store.accept(project, document, 1).seq == 2
    assert reads[0].length == 0, "from its start, not from where the failed write began"


@pytest.mark.parametrize("kept", [0, 1, 200, 400])
def test_a_disk_that_fills_up_in_the_middle_of_a_line_keeps_no_part_of_it(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """Invariant 2."""
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    before = store.contents(path.parent)
    inode = path.stat().st_ino
    write = os.write
    parts: list[int] = []

    def filling(descriptor: int, data: Any) -> int:
        if os.fstat(descriptor).st_ino != inode:
            return write(descriptor, data)
        if parts:
            raise OSError(errno.ENOSPC, "No space left on device")
        parts.append(write(descriptor, bytes(data)[:kept]))
        return parts[0]

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", filling)
        with pytest.raises(DiskFullError, match="Nothing changed"):
            store.accept(project, document, 1)
    assert parts == [kept]
    assert store.contents(path.parent) == before
    assert store.accept(project, document, 1).seq == 2


def test_an_unfinished_last_line_is_cut_and_a_copy_kept(project: Project, document: str) -> None:
    """Invariant 5."""
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    whole = path.read_bytes()
    torn = whole[: len(whole) // 2]
    path.write_bytes(whole + torn)

    again = opened(project)
    assert again.layer(document).seq == 1
    (finding,) = again.verify()
    assert not finding.lost
    assert f"unfinished last line of {len(torn)} bytes" in finding.problem
    assert path.read_bytes() == whole + torn, "reading cuts nothing"

    assert store.accept(again, document, 1).seq == 2
    assert path.with_name("anna.log.torn").read_bytes() == torn + b"\n"
    assert store.seqs(path) == [1, 2]
    assert list(again.verify()) == []
    again.close()


def test_a_copy_of_a_torn_line_is_on_the_disk_before_the_line_is_cut(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 5."""
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    with path.open("ab") as file:
        file.write(b'{"v":1,"se')
    copy = path.with_name("anna.log.torn")
    steps: list[object] = []
    cut, sync = os.ftruncate, os.fsync

    def cutting(descriptor: int, length: int) -> None:
        steps.append("cut")
        cut(descriptor, length)

    def syncing(descriptor: int) -> None:
        if copy.exists() and os.fstat(descriptor).st_ino == copy.stat().st_ino:
            steps.append(copy.read_bytes())
        sync(descriptor)

    monkeypatch.setattr(os, "ftruncate", cutting)
    monkeypatch.setattr(os, "fsync", syncing)
    store.accept(opened(project), document, 1)
    assert steps == [b'{"v":1,"se\n', "cut"]


def spoilt(path: Path, how: str, stale: bytes) -> None:
    match how:
        case "missing":
            path.unlink()
        case "stale":
            path.write_bytes(stale)
        case "cut":
            path.write_bytes(path.read_bytes()[:40])
        case "empty":
            path.write_bytes(b"")


@pytest.mark.parametrize("how", ["missing", "stale", "cut", "empty"])
@pytest.mark.parametrize("by", ["reading", "deciding", "listing"])
def test_a_view_is_made_anew_the_same_to_the_byte(
    project: Project, document: str, how: str, by: str
) -> None:
    """Invariant 3."""
    store.accept(project, document, 0)
    path = store.view_of(project, document)
    stale = path.read_bytes()
    for word in range(1, 4):
        store.accept(project, document, word)
    whole = path.read_bytes()
    spoilt(path, how, stale)
    again = opened(project)
    if by == "reading":
        again.layer(document)
    elif by == "listing":
        assert again.documents()[0].decisions == 4
    else:
        again.undo()
        again.redo()
        assert (
            again.layer(document).annotations.keys() == project.layer(document).annotations.keys()
        )
    if by != "deciding":
        assert path.read_bytes() == whole
    assert list(again.verify()) == []
    again.close()


@pytest.mark.parametrize(("module", "name"), [(Fold, "read"), (view, "meta")])
def test_a_reader_never_puts_an_older_view_in_the_place_of_a_newer_one(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    """Invariant 1: another process decides while this one reads, or before it mends the view."""
    store.accept(project, document, 0)
    store.view_of(project, document).unlink()
    other = opened(project)
    looking = getattr(module, name)
    raced: list[int] = []

    def racing(*arguments: Any) -> Any:
        found = looking(*arguments)
        if not raced:
            raced.append(0)
            raced[0] = store.accept(project, document, 1).seq
        return found

    monkeypatch.setattr(module, name, racing)
    other.layer(document)
    monkeypatch.undo()
    assert raced == [2]
    assert store.tinydb_tables(store.view_of(project, document))["meta"][0]["seq"] == 2
    other.close()


def test_a_journal_that_ends_before_its_view_has_lost_decisions(
    project: Project, document: str
) -> None:
    """Invariant 5: neither is overwritten, and what can be done is said."""
    for word in range(3):
        store.accept(project, document, word)
    path = store.journal_of(project, document)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:2], b""]))
    before = store.contents(project.root)
    again = opened(project)
    for attempt in (
        lambda: again.layer(document),
        lambda: store.accept(again, document, 9),
    ):
        with pytest.raises(CorruptError, match=r"ends at decision 2, but anna\.json has 3"):
            attempt()
    assert [finding.lost for finding in again.verify()] == [True]
    assert store.contents(project.root) == before

    store.view_of(project, document).unlink()
    assert again.layer(document).seq == 2
    again.close()


def test_a_view_without_its_journal_is_not_overwritten(project: Project, document: str) -> None:
    store.accept(project, document, 0)
    store.journal_of(project, document).unlink()
    before = store.contents(project.root)
    again = opened(project)
    with pytest.raises(CorruptError, match="ends at decision 0"):
        store.accept(again, document, 1)
    assert store.contents(project.root) == before
    again.close()


def test_a_view_of_a_later_format_is_never_overwritten(project: Project, document: str) -> None:
    """Invariant 4."""
    store.accept(project, document, 0)
    path = store.view_of(project, document)
    path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 2'))
    before = store.contents(project.root)
    again = opened(project)
    assert again.layer(document).seq == 1, "the journal can be read"
    with pytest.raises(NewerFormatError, match="format 2; this program knows up to 1"):
        store.accept(again, document, 1)
    assert store.contents(project.root) == before
    again.close()


def test_a_journal_that_is_replaced_while_one_waits_for_it_gets_the_decision(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 1: nothing is written into a file that no name leads to any more."""
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    opening = os.open
    copies: list[Path] = []

    def replaced(name: Any, flags: int, *arguments: Any, **options: Any) -> int:
        descriptor = opening(name, flags, *arguments, **options)
        if name == path.name and flags & os.O_RDWR and not copies:
            copies.append(path.with_name("copy"))
            copies[0].write_bytes(path.read_bytes())
            copies[0].replace(path)
        return descriptor

    monkeypatch.setattr(os, "open", replaced)
    assert store.accept(project, document, 1).seq == 2
    assert len(copies) == 1
    assert store.seqs(path) == [1, 2]


def test_a_stale_decision_is_refused_and_overwrites_nothing(
    project: Project, document: str
) -> None:
    """Invariant 2."""
    store.accept(project, document, 0)
    other = opened(project)
    (seen,) = other.layer(document)
    project.decide(document, Action.RELABEL, [changes.relabel(seen, "ORG", project.schema)])
    before = store.contents(project.root)
    with pytest.raises(ConflictError, match=r"changed by anna at .* \(revision 2, you saw 1\)"):
        other.decide(document, Action.RELABEL, [changes.relabel(seen, "GPE", other.schema)])
    assert store.contents(project.root) == before
    other.close()


def test_a_refusal_leaves_no_file_behind(project: Project, document: str) -> None:
    """Invariant 2."""
    before = store.contents(project.root)
    (first, *_) = project.layer(document, store.MODEL)
    with pytest.raises(RefusedError, match="nothing to decide"):
        project.decide(document, Action.ACCEPT, [])
    with pytest.raises(RefusedError, match="half a character"):
        project.decide(document, Action.NOTE, [changes.note(first, "\ud800")])
    wrong = Change(None, replace(first, text="other words", status=Status.ACCEPTED))
    with pytest.raises(RefusedError, match="not those of the document"):
        project.decide(document, Action.ACCEPT, [wrong])
    assert store.contents(project.root) == before


steps = st.lists(
    st.one_of(
        st.tuples(st.just("accept"), st.integers(0, 7)),
        st.tuples(st.just("reject"), st.integers(0, 7)),
        st.tuples(st.just("relabel"), st.integers(0, 7)),
        st.tuples(st.just("remove"), st.integers(0, 7)),
        st.tuples(st.just("note"), st.integers(0, 7)),
        st.tuples(st.just("finish"), st.integers(0, 1)),
        st.tuples(st.just("claim"), st.integers(0, 7)),
        st.tuples(st.just("undo"), st.just(0)),
        st.tuples(st.just("redo"), st.just(0)),
        st.tuples(st.just("reopen"), st.just(0)),
    ),
    max_size=25,
)


def take(project: Project, document: str, what: str, number: int) -> None:
    own = project.layer(document)
    suggested = list(project.layer(document, store.MODEL).index)[number]
    one = own.annotations.get(suggested.id, suggested)
    text = project.document(document).text
    match what:
        case "accept":
            project.decide(document, Action.ACCEPT, [changes.accept(one)])
        case "reject":
            project.decide(document, Action.REJECT, [changes.reject(one)])
        case "relabel":
            project.decide(document, Action.RELABEL, [changes.relabel(one, "ORG", project.schema)])
        case "note":
            project.decide(document, Action.NOTE, [changes.note(one, "über 🏝️\u2028")])
        case "remove" if one.id in own.annotations:
            project.decide(document, Action.REMOVE, [Change(one, None)])
        case "finish":
            project.decide(document, Action.FINISH, [changes.finish(own.state, bool(number))])
        case "claim":
            added = changes.add_claim(one.span, text, project.schema)
            project.decide(document, Action.ADD, [added])
        case "undo":
            project.undo()
        case "redo":
            project.redo()


@settings(max_examples=40, deadline=None)
@given(steps)
def test_view_and_layer_are_the_journal_folded_whatever_was_decided(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[str, int]]
) -> None:
    """Invariant 3."""
    project = store.make(tmp_path_factory.mktemp("project") / "p", words=8)
    (document,) = store.ids(project)
    for what, number in wanted:
        if what == "reopen":
            project.close()
            project = opened(project)
            continue
        try:
            take(project, document, what, number)
        except RefusedError:
            continue
    layer = project.layer(document)
    decisions = journal.read(store.journal_of(project, document))[0]
    assert [one.seq for one in decisions] == list(range(1, len(decisions) + 1))
    assert fold("anna", document, decisions) == layer
    held = view.load(store.view_of(project, document))
    if decisions:
        assert held is not None
        assert held.annotations == layer.annotations
        assert (held.state, held.seq, held.at) == (layer.state, layer.seq, layer.at)
    else:
        assert held is None
    again = opened(project)
    assert again.layer(document) == layer
    assert list(again.verify()) == []
    again.close()
    project.close()
