"""Long journals: a snapshot that the journal proves, and decisions that are read when asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import store
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import changes, custody
from annotations.errors import CorruptError, RefusedError
from annotations.layer import fold as folded
from annotations.project import Project
from annotations.records import Action, Change, Decision
from annotations.storage import fold, journal, snapshot
from annotations.storage.journal_source import JournalSource


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a snapshot of journals of any length, and few decisions in memory."""
    monkeypatch.setattr(snapshot, "WORTH", 1)
    monkeypatch.setattr(fold, "OFTEN", 3)
    monkeypatch.setattr(fold, "IN_MEMORY", 2)


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


def kept() -> list[Path]:
    return list(Path(os.environ["XDG_CACHE_HOME"]).rglob("snapshots/*.json"))


def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the decisions that are read from now on."""
    decode = journal.decode
    seqs: list[int] = []

    def counted(raw: bytes, mark: journal.Mark, path: Path) -> Any:
        seqs.append(mark.seq + 1)
        return decode(raw, mark, path)

    monkeypatch.setattr(journal, "decode", counted)
    return seqs


def test_a_journal_is_read_from_its_snapshot_on(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in range(6):
        store.accept(project, document, word)
    whole = opened(project).layer(document)
    (path,) = kept()
    assert path.stat().st_mode & 0o777 == 0o600
    assert project.root not in path.parents
    for word in (6, 7):
        store.accept(project, document, word)
    seqs = decoded(monkeypatch)
    again = opened(project)
    layer = again.layer(document)
    assert seqs == [7, 8]
    assert whole.seq == 6
    assert layer == folded("anna", document, journal.read(store.journal_of(project, document))[0])
    assert again.undo() is not None
    assert again.redo() is not None
    view = store.view_of(project, document)
    data = view.read_bytes()
    view.unlink()
    kept()[0].unlink()
    opened(project).layer(document)
    assert view.read_bytes() == data
    assert list(again.verify()) == []
    again.close()


def spoilt(data: bytes, how: str) -> bytes:
    _, _, body = data.partition(b"\n")
    said = json.loads(body)
    match how:
        case "empty":
            return b""
        case "cut":
            return data[:-20]
        case "nested":
            said = json.loads("[" * 500 + "]" * 500)
        case "another journal":
            said["sha256"] = "0" * 64
        case "version":
            said["version"] = 99
        case "layer":
            said["layer"] = "boris"
        case "length":
            said["mark"][0] += 10**9
        case "offsets":
            said["undoable"][0] = 10**9
        case "negative":
            said["undoable"][0] = -1
        case "record":
            said["annotations"][0] = {"kind": "entity"}
        case "state":
            said["state"] = {"kind": "entity"}
        case "row":
            said["view"]["rows"]["entity"] = []
        case "recent":
            said["view"]["recent"] = [5]
        case "times":
            said["undone_at"] = ["x"]
        case "number":
            said["revisions"] = {"a": "1"}
    body = json.dumps(said).encode()
    return sha256(body).hexdigest().encode() + b"\n" + body


@pytest.mark.parametrize(
    "how",
    [
        "empty", "cut", "nested", "another journal", "version", "layer", "length", "offsets",
        "negative", "record", "state", "row", "recent", "times", "number",
    ],
)  # fmt: skip
def test_a_snapshot_that_does_not_hold_together_is_not_used(
    project: Project, document: str, how: str
) -> None:
    for word in range(6):
        store.accept(project, document, word)
    whole = opened(project).layer(document)
    (path,) = kept()
    path.write_bytes(spoilt(path.read_bytes(), how))
    again = opened(project)
    assert again.layer(document) == whole
    assert store.accept(again, document, 7).seq == 7
    assert list(again.verify()) == []
    again.close()


def test_a_snapshot_is_not_read_through_a_link(
    project: Project, document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in range(6):
        store.accept(project, document, word)
    opened(project).layer(document)
    (path,) = kept()
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    seqs = decoded(monkeypatch)
    opened(project).layer(document)
    assert seqs == [1, 2, 3, 4, 5, 6]


def test_damage_before_the_snapshot_is_found(project: Project, document: str) -> None:
    for word in range(6):
        store.accept(project, document, word)
    opened(project).layer(document)
    path = store.journal_of(project, document)
    path.write_bytes(path.read_bytes().replace(b"word1", b"wordX"))
    with pytest.raises(CorruptError, match="decision 2 does not match its hash"):
        opened(project).layer(document)


def test_a_redaction_leaves_no_snapshot(project: Project, document: str) -> None:
    for word in range(6):
        store.accept(project, document, word)
    opened(project).layer(document)
    assert kept()
    list(custody.redact(project, document, "asked"))
    assert not any(b"word1" in one.read_bytes() for one in kept())


def test_the_history_of_a_record_is_read_from_the_journal(project: Project, document: str) -> None:
    store.accept(project, document, 0)
    (first,) = project.layer(document)
    for label in ("ORG", "GPE", "PERSON"):
        change = changes.relabel(project.layer(document).get(first.id), label, project.schema)  # type: ignore[arg-type]
        project.decide(document, Action.RELABEL, [change])
        store.accept(project, document, project.layer(document).seq)
    layer = opened(project).layer(document)
    actions = [one.action for one in layer.undoable.of(first.id)]
    assert actions == [Action.ACCEPT, *[Action.RELABEL] * 3]
    assert [one.seq for one in layer.undoable.of(first.id)] == [1, 2, 4, 6]
    assert layer.last_changes()[first.id].after == layer.get(first.id)


def test_a_decision_of_a_journal_that_was_replaced_is_not_made_up(
    project: Project, document: str
) -> None:
    for word in range(6):
        store.accept(project, document, word)
    layer = opened(project).layer(document)
    path = store.journal_of(project, document)
    path.with_name("copy").write_bytes(path.read_bytes())
    path.with_name("copy").replace(path)
    with pytest.raises(CorruptError, match="open it again"):
        _ = layer.undoable[0]
    path.unlink()
    with pytest.raises(CorruptError, match="open it again"):
        layer.undoable.of("x")


def test_lines_of_any_length_are_found_by_what_they_mention(tmp_path: Path) -> None:
    path = tmp_path / "anna.log"
    wanted = b'{"annotation":"e1"}\n'
    parts = [b"x" * 3_000_000 + b"\n", wanted, b'{"annotation":"e10"}\n', b"y" * 1_048_000, b"\n"]
    path.write_bytes(b"".join([*parts, wanted, wanted]) + b'{"annotation":"e1"}')
    second = sum(map(len, parts))
    found = JournalSource(path, path.stat().st_ino).mentioning("e1")
    assert found == {3_000_001, second, second + len(wanted)}


steps = st.lists(st.tuples(st.sampled_from("axlruuoof"), st.integers(0, 5)), max_size=30)


@settings(max_examples=40, deadline=None)
@given(steps, st.integers(0, 30))
def test_a_snapshot_and_the_rest_leave_what_the_whole_journal_leaves(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[str, int]], until: int
) -> None:
    project = store.make(tmp_path_factory.mktemp("snapshot") / "p", words=6)
    (document,) = store.ids(project)
    for number, (what, word) in enumerate(wanted):
        if number == until:
            opened(project).layer(document)  # leaves a snapshot
        suggested = list(project.layer(document, store.MODEL).index)[word]
        own = project.layer(document)
        one: Any = own.annotations.get(suggested.id, suggested)
        try:
            match what:
                case "a":
                    project.decide(document, Action.ACCEPT, [changes.accept(one)])
                case "x":
                    project.decide(document, Action.REJECT, [changes.reject(one)])
                case "l":
                    change = changes.relabel(one, "ORG", project.schema)
                    project.decide(document, Action.RELABEL, [change])
                case "r" if one.id in own.annotations:
                    project.decide(document, Action.REMOVE, [Change(one, None)])
                case "f":
                    finish = changes.finish(own.state, not own.state.finished)
                    project.decide(document, Action.FINISH, [finish])
                case "u":
                    project.undo()
                case "o":
                    project.redo()
        except RefusedError:
            continue
    decisions: list[Decision] = journal.read(store.journal_of(project, document))[0]
    whole = folded("anna", document, decisions)
    again = opened(project)
    layer = again.layer(document)
    assert layer == whole
    assert list(layer.annotations) == list(whole.annotations)
    assert layer.last_changes() == whole.last_changes()
    assert project.layer(document) == whole
    assert list(again.verify()) == []
    for one in kept():
        one.unlink()
    again.close()
    project.close()
