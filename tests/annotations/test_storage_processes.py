"""What the store promises when processes die, wait and write beside one another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import store

from annotations.errors import LockedError
from annotations.project import Project
from annotations.records import Action
from annotations.storage import journal, lock
from annotations.storage.ledger import Ledger

SCRIPT = Path(store.__file__).with_name("store_process.py")


@contextmanager
def process(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def told(*arguments: object) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def say(running: subprocess.Popen[str], words: str) -> None:
    assert running.stdin
    running.stdin.write(words)
    running.stdin.flush()


def hear(running: subprocess.Popen[str]) -> Any:
    assert running.stdout
    return json.loads(running.stdout.readline())


def assert_whole(project: Project, document: str) -> None:
    """Nothing is wrong, the view is the journal folded, and plain TinyDB opens it."""
    layer = project.layer(document)
    assert list(project.verify()) == []
    assert store.seqs(store.journal_of(project, document)) == list(range(1, layer.seq + 1))
    tables = store.tinydb_tables(store.view_of(project, document))
    assert tables["meta"][0]["seq"] == layer.seq
    assert {row["id"] for row in tables["entities"]} == set(layer.annotations)


def test_a_kill_in_any_file_call_of_a_decision_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """Invariants 1, 2, 3 and 5."""
    store.make(tmp_path / "base").close()
    outcomes = told("faults", tmp_path / "base")

    for kind in ("first", "next", "undo"):
        of_kind = [one for one in outcomes if one["kind"] == kind]
        # Open, write and rename the view, open, write and sync the journal: three ways each.
        assert sum(not one["acknowledged"] for one in of_kind) >= 3 * 5
        for one in of_kind:
            before = 0 if kind == "first" else 3
            project = Project.open(Path(one["place"]), annotator="anna")
            (document,) = store.ids(project)
            seq = project.layer(document).seq
            allowed = [before + 1] if one["acknowledged"] else [before, before + 1]
            assert seq in allowed, one
            assert store.accept(project, document, 9).seq == seq + 1
            assert_whole(project, document)
            project.close()


def test_twenty_kills_lose_no_acknowledged_decision(tmp_path: Path) -> None:
    """Invariants 1 and 2."""
    project = store.make(tmp_path / "project", words=600)
    (document,) = store.ids(project)
    rounds = told("kills", project.root, 20)
    acknowledged = [seq for one in rounds for seq in one["acknowledged"]]
    assert len(rounds) == 20
    assert len(acknowledged) >= 20
    assert set(acknowledged) <= set(store.seqs(store.journal_of(project, document)))
    assert acknowledged == sorted(set(acknowledged))
    store.accept(project, document, 599)
    assert_whole(project, document)
    project.close()


def test_two_processes_of_one_annotator_both_decide(tmp_path: Path) -> None:
    """Invariants 1 and 2: everything is there, and `seq` has no gap."""
    project = store.make(tmp_path / "project", words=100)
    (document,) = store.ids(project)
    with (
        process("decide", project.root, "anna", 0, 40) as one,
        process("decide", project.root, "anna", 40, 40) as two,
    ):
        for running in (one, two):
            assert hear(running) == {"ready": True}
        for running in (one, two):
            say(running, "go\n")
        seqs = [hear(running)["seq"] for _ in range(40) for running in (one, two)]
    assert sorted(seqs) == list(range(1, 81))
    assert len(project.layer(document).annotations) == 80
    assert_whole(project, document)
    project.close()


def test_of_two_processes_that_decide_on_the_same_one_is_refused(tmp_path: Path) -> None:
    """Invariant 2: nothing that one of them has not seen is overwritten."""
    project = store.make(tmp_path / "project", words=30)
    (document,) = store.ids(project)
    with (
        process("decide", project.root, "anna", 0, 20) as one,
        process("decide", project.root, "anna", 0, 20) as two,
    ):
        for running in (one, two):
            assert hear(running) == {"ready": True}
        for running in (one, two):
            say(running, "go\n")
        outcomes = [hear(running) for _ in range(20) for running in (one, two)]
    assert sorted(one["word"] for one in outcomes if "seq" in one) == list(range(20))
    assert sorted(one["conflict"] for one in outcomes if "conflict" in one) == list(range(20))
    assert_whole(project, document)
    project.close()


def test_two_annotators_write_into_files_of_their_own(tmp_path: Path) -> None:
    project = store.make(tmp_path / "project", words=30)
    (document,) = store.ids(project)
    with (
        process("decide", project.root, "anna", 0, 10) as one,
        process("decide", project.root, "boris", 0, 10) as two,
    ):
        for running in (one, two):
            assert hear(running) == {"ready": True}
        for running in (one, two):
            say(running, "go\n")
        seqs = [[hear(running)["seq"] for _ in range(10)] for running in (one, two)]
    assert seqs == [list(range(1, 11))] * 2
    assert project.people(document) == ["anna", "boris"]
    names = [
        store.tinydb_tables(path)["annotator"][0]["name"]
        for path in sorted((project.root / "annotators").iterdir())
    ]
    assert names == ["anna", "boris"]
    project.close()


def test_a_lock_that_another_process_holds_is_waited_for_and_named(tmp_path: Path) -> None:
    """Invariant 6: locks last a write; a write does not wait for ever."""
    project = store.make(tmp_path / "project")
    (document,) = store.ids(project)
    store.accept(project, document, 0)
    path = store.journal_of(project, document)
    before = store.contents(path.parent)
    ledger = Ledger(path.parent, document, "anna")
    plan = ledger.plan(
        Action.UNDO, "anna", lambda layer: (layer.undoable[-1].changes[0].inverse,), of=1
    )
    with process("hold", path) as running:
        assert hear(running) == {"held": True}
        with pytest.raises(
            LockedError, match=rf"(process {running.pid}|another process) has held anna\.log"
        ):
            ledger.decide(plan, patience=0.05)
        assert ledger.layer().seq == 1, "reading waits for nobody"
        assert store.contents(path.parent) == before
        say(running, "")
        assert running.stdin
        running.stdin.close()
        running.wait()
        assert ledger.decide(plan).seq == 2
    assert_whole(project, document)
    project.close()


def test_no_lock_is_held_between_two_decisions(tmp_path: Path) -> None:
    """Invariant 6."""
    project = store.make(tmp_path / "project")
    (document,) = store.ids(project)
    store.accept(project, document, 0)
    project.layer(document)
    path = store.journal_of(project, document)
    with path.open("r+b") as file:
        assert lock.take(file.fileno(), path)
    project.close()


def test_a_disk_that_is_full_is_met_before_anything_changes(tmp_path: Path) -> None:
    """Invariant 2, with the kernel itself refusing."""
    project = store.make(tmp_path / "project")
    (document,) = store.ids(project)
    refused, again = told("full", project.root)
    assert refused["error"] == "DiskFullError"
    assert refused["kept"] == refused["seen"] > 0
    assert again == {"seq": refused["kept"] + 1}
    assert [path.name for path in store.folder(project, document).glob(".*")] == []
    assert journal.read(store.journal_of(project, document))[2] == b""
    assert_whole(project, document)
    project.close()
