"""Sealing, replaying, erasing, saving what is good: what each promises, by the invariant it keeps."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import store

from annotations import custody
from annotations.errors import (
    CorruptError,
    EditedError,
    InputError,
    RedactedError,
    RefusedError,
    UnknownError,
)
from annotations.project import Project
from annotations.records import Action
from annotations.storage import journal, redaction
from annotations.storage.ledger import Ledger


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=2)
    one, two = store.ids(made)
    for number in range(4):
        store.accept(made, one, number)
    store.accept(made, two, 0)
    made.undo()
    yield made
    made.close()


@pytest.fixture
def document(project: Project) -> str:
    return store.ids(project)[0]


def cut(path: Path, lines: int) -> None:
    """Take lines off the end of a file."""
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-lines]))


# Seals


def test_a_seal_holds_while_journals_grow(project: Project, document: str) -> None:
    line = custody.seal(project)
    assert line.startswith("purport-seal 2 ")
    assert "\n" not in line
    assert line.split()[3:5] == ["2", "6"], "two journals, six decisions"
    store.accept(project, document, 9)
    Project.open(project.root, annotator="boris").close()
    assert custody.check(project, line).findings == []


def test_a_seal_finds_a_cut_tail_that_no_chain_shows(project: Project, document: str) -> None:
    """Invariant 5: a cut at a line's end leaves a chain that holds; the seal tells."""
    line = custody.seal(project)
    path = store.journal_of(project, document)
    cut(path, 2)
    store.view_of(project, document).unlink()
    assert [one for one in project.verify() if one.lost] == []
    (finding,) = custody.check(project, line).findings
    assert (finding.document, finding.path) == (document, str(path))
    assert finding.problem.startswith("it is good up to decision 2 and was sealed at 4: 2 ")


def test_a_seal_finds_a_history_that_was_rewritten_with_hashes_and_all(
    project: Project, document: str
) -> None:
    line = custody.seal(project)
    path = store.journal_of(project, document)
    path.unlink()
    store.view_of(project, document).unlink()
    again = Project.open(project.root, annotator="anna")
    for number in range(5, 10):
        store.accept(again, document, number)
    assert list(again.verify()) == []
    (finding,) = custody.check(again, line).findings
    assert finding.problem == (
        "decision 4 is not the one that was sealed: the history was rewritten"
    )
    path.unlink()
    (finding,) = custody.check(again, line).findings
    assert finding.problem == "it was sealed at decision 4 and is gone"
    again.close()


def test_a_seal_needs_its_list_only_to_name_the_place(project: Project, document: str) -> None:
    line = custody.seal(project)
    shutil.rmtree(project.root / "seals")
    store.accept(project, document, 9)
    assert custody.check(project, line).findings == []
    cut(store.journal_of(project, document), 2)
    (finding,) = custody.check(project, line).findings
    assert "2 journals with 5 decisions" in finding.problem
    assert "not what was sealed (2 journals with 6 decisions): something was cut" in finding.problem


def test_a_list_that_was_changed_is_no_seal(project: Project) -> None:
    line = custody.seal(project)
    (path,) = (project.root / "seals").iterdir()
    path.write_bytes(b"")
    assert custody.check(project, line).findings == [], "the journals say it again"
    with pytest.raises(InputError, match="is no seal"):
        custody.check(project, line[:-1])


# Replay


def test_a_replay_is_the_file_that_stood_there_then(project: Project, document: str) -> None:
    """Invariant 3: the view is the fold of the journal, at every decision."""
    path = store.view_of(project, document)
    then = {}
    for number in range(10, 14):
        decision = store.accept(project, document, number)
        then[decision.seq] = decision.at, path.read_bytes()
    project.undo()
    before = store.contents(project.root)
    for seq, (at, data) in then.items():
        assert custody.replayed(project, document, seq).data == data
        assert custody.replayed(project, document, at).data == data
    assert custody.replayed(project, document, 10**6).data == path.read_bytes()
    assert custody.replayed(project, document, 0).layer.annotations == {}
    assert store.contents(project.root) == before


def test_a_replay_is_kept_as_a_layer_to_compare_and_never_in_a_journal(
    project: Project, document: str
) -> None:
    made = custody.replayed(project, document, 3)
    assert custody.keep_replay(project, made, "then") == 3
    assert project.models(document) == ["then", store.MODEL]
    assert not (store.folder(project, document) / "then.log").exists()
    kept = project.layer(document, "then")
    assert kept.model["replay"] == "anna"
    assert [one.span for one in kept] == [one.span for one in made.layer]
    assert list(project.verify()) == []
    with pytest.raises(InputError, match="is a person's layer"):
        custody.keep_replay(project, made, "anna")
    with pytest.raises(UnknownError, match="'boris' has decided nothing"):
        custody.replayed(project, document, 1, "boris")


# Erasing


def words_in(folder: Path) -> list[str]:
    """The files that still hold a word of the text."""
    return [name for name, data in store.contents(folder).items() if b"word" in data]


def test_a_redaction_leaves_no_word_and_the_chain_holds(project: Project, document: str) -> None:
    boris = Project.open(project.root, annotator="boris")
    store.accept(boris, document, 7)
    folder = store.folder(project, document)
    (folder / "anna.log.torn").write_bytes(b"word3")
    line = custody.seal(project)
    heads = [
        json.loads(raw)["hash"]
        for raw in store.journal_of(project, document).read_text().splitlines()
    ]
    list(custody.redact(project, document, "asked by a reader"))

    assert words_in(project.root / "documents" / document[:2]) == []
    assert sorted(path.name for path in folder.iterdir()) == [
        *("anna.json", "anna.log", "boris.json", "boris.log", "document.json"),
    ]
    assert list(project.verify()) == []
    assert custody.check(project, line).findings == []
    lines = [
        json.loads(raw) for raw in store.journal_of(project, document).read_text().splitlines()
    ]
    assert [one["hash"] for one in lines[:-1]] == heads
    assert not any("salt" in one or "body" in one for one in lines[:-1])
    for name in ("anna", "boris"):
        *erased, last = project.log(document, name)
        assert all(one.is_erased and not one.changes for one in erased)
        assert (last.action, last.by, last.reason) == (Action.REDACT, "anna", "asked by a reader")
    (said,) = custody.redacted(project)
    assert said.startswith(f"Document {document} was redacted by anna on ")
    boris.close()


def test_a_redaction_leaves_no_word_in_the_index(
    project: Project, document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 3: the index is derived, and follows what it is derived from."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    one = Project.open(project.root, annotator="anna")
    one.look()

    def holding() -> list[str]:
        held = store.contents(tmp_path / "cache")
        return [name for name, data in held.items() if b"word17" in data]

    assert holding()
    list(custody.redact(one, document, "asked"))
    assert holding() == []
    one.close()


def test_nothing_is_decided_undone_or_read_on_a_redacted_document(
    project: Project, document: str
) -> None:
    open_since_before = Project.open(project.root, annotator="anna")
    store.accept(open_since_before, document, 8)
    list(custody.redact(project, document, "asked"))
    before = store.contents(project.root)
    with pytest.raises(RedactedError, match="its text is erased"):
        project.document(document)
    suggested = store.suggestions(store.text_of(30))
    from annotations import changes

    with pytest.raises(RedactedError, match="Not saved"):
        open_since_before.decide(document, Action.ACCEPT, [changes.accept(next(iter(suggested)))])
    assert project.undo() is None
    assert project.layer(document).annotations == {}
    assert store.contents(project.root) == before
    assert not project.add(project.document(store.ids(project)[1]))
    one = project.documents()[0]
    assert (one.title, one.source, one.open) == ("(redacted)", "", 0)
    open_since_before.close()


def test_a_redaction_that_was_interrupted_is_found_and_goes_on(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    class Stopped(Exception):
        pass

    real = os.replace

    def stop(*arguments: object, **options: object) -> None:
        nonlocal calls
        calls += 1
        if calls == stop_at:
            raise Stopped
        real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", stop)
    monkeypatch.setattr(Path, "replace", lambda self, other: stop(self, other))
    for stop_at in (1, 2, 2):
        calls = 0
        with pytest.raises(Stopped):
            list(custody.redact(project, document, "asked"))
        if stop_at > 1:  # or nothing was begun
            assert any("give purport redact again" in one.problem for one in project.verify())
    stop_at = 0
    list(custody.redact(project, document, "asked"))
    assert list(project.verify()) == []
    assert words_in(store.folder(project, document)) == []
    again = store.contents(store.folder(project, document))
    list(custody.redact(project, document, "asked twice"))
    assert store.contents(store.folder(project, document)) == again


def test_what_was_decided_cannot_be_taken_out_without_a_redaction(
    project: Project, document: str
) -> None:
    """Invariant 5: an erased line that no decision accounts for is corruption."""
    path = store.journal_of(project, document)
    lines = path.read_bytes().splitlines()
    path.write_bytes(
        b"".join(one + b"\n" for one in (*lines[:2], journal.erased(lines[2]), lines[3]))
    )
    with pytest.raises(
        CorruptError, match=r"decision 3 .*no redaction says why.*last good one is 2"
    ):
        journal.read(path)
    assert len(journal.good(path)[0]) == 2
    assert any(one.lost for one in project.verify())


def test_a_damaged_journal_is_erased_as_well(project: Project, document: str) -> None:
    path = store.journal_of(project, document)
    path.write_bytes(path.read_bytes().replace(b'"seq":3', b'"seq":7') + b"half a word")
    told = list(custody.redact(project, document, "asked"))
    assert any("bytes that could not be read are gone" in one for one in told)
    assert list(project.verify()) == []
    assert redaction.is_done(path)
    assert words_in(store.folder(project, document)) == []


def test_a_redaction_says_why(project: Project, document: str) -> None:
    before = store.contents(project.root)
    with pytest.raises(InputError, match="needs a reason"):
        list(custody.redact(project, document, "  "))
    assert store.contents(project.root) == before


# Damage


def test_a_damaged_journal_is_read_only_and_what_is_good_is_salvaged(
    project: Project, document: str
) -> None:
    """Invariant 5: a complete line whose hash fails is corruption; nothing is cut."""
    path = store.journal_of(project, document)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b'"seq":4,', b'"seq":5,'))
    before = store.contents(project.root)
    project = Project.open(project.root, annotator="anna")
    with pytest.raises(CorruptError, match=r"decision 4 .*The last good one is 3.*--salvage NAME"):
        store.accept(project, document, 9)
    standing = project.standing(document)
    assert (standing.layer.seq, standing.can_decide) == (3, False)
    assert "The last good one is 3" in standing.words
    assert store.contents(project.root) == before

    assert custody.salvage(project, document, "anna", "anna-2") == 3
    saved = Project.open(project.root, annotator="anna-2")
    assert saved.layer(document).annotations == standing.layer.annotations
    assert store.accept(saved, document, 9).seq == 4
    assert path.read_bytes() != raw
    assert [one.path for one in saved.verify()] == [str(path)]
    saved.close()
    project.close()


def test_salvaging_takes_no_name_that_is_taken_and_nothing_that_is_whole(
    project: Project, document: str
) -> None:
    with pytest.raises(InputError, match="nothing to salvage"):
        custody.salvage(project, document, "anna", "anna-2")
    for name in ("anna", store.MODEL):
        with pytest.raises(InputError, match="already"):
            custody.salvage(project, document, "anna", name)
    with pytest.raises(UnknownError, match="'otto' has decided nothing"):
        custody.salvage(project, document, "otto", "otto-2")


# Edits by hand


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("when", ["while it is open", "before it is opened"])
def test_an_edit_by_hand_is_told_and_never_overwritten(
    project: Project, document: str, when: str
) -> None:
    """Invariants 2 and 3: the view is not the fold, and a person says what becomes of that."""
    path = store.view_of(project, document)
    project.layer(document)
    edit(path, '"label": "PERSON"', '"label": "ORG"')
    edited = path.read_bytes()
    one = project if when.startswith("while") else Project.open(project.root, annotator="anna")
    with pytest.raises(EditedError, match=r"Not saved: .* --adopt; or drop it: --discard"):
        store.accept(one, document, 9)
    standing = one.standing(document)
    assert "changed outside purport" in standing.words
    assert all(entity.label == "PERSON" for entity in standing.layer.entities), "as decided"
    assert path.read_bytes() == edited
    assert store.seqs(store.journal_of(project, document)) == [1, 2, 3, 4]
    if one is not project:
        one.close()


def test_an_edit_by_hand_is_adopted_as_one_decision(project: Project, document: str) -> None:
    path = store.view_of(project, document)
    first = project.layer(document).entities[0]
    edit(path, '"label": "PERSON", "status": "accepted"', '"label": "ORG", "status": "accepted"')
    decision = custody.adopt(project, document)
    assert (decision.seq, decision.action, decision.annotation) == (5, Action.ADOPT, first.id)
    now = project.layer(document).entities[0]
    assert (now.label, str(now.status)) == ("ORG", "corrected")
    assert list(project.verify()) == []
    project.undo()
    assert project.layer(document).entities[0].label == "PERSON"
    assert list(store.folder(project, document).glob("*.edited")) == []


def test_an_edit_that_does_not_fit_is_refused_and_kept(project: Project, document: str) -> None:
    path = store.view_of(project, document)
    edit(path, '"text": "word0"', '"text": "other"')
    edited = path.read_bytes()
    with pytest.raises(RefusedError):
        custody.adopt(project, document)
    assert path.read_bytes() == edited
    assert custody.discard(project, document) == 1
    assert list(project.verify()) == []
    with pytest.raises(InputError, match="nothing was changed in it"):
        custody.discard(project, document)


def test_a_file_that_was_only_written_in_other_words_is_made_anew(
    project: Project, document: str
) -> None:
    """Invariant 3: what plain TinyDB writes is the same layer when its records are."""
    path = store.view_of(project, document)
    written = path.read_bytes()
    path.write_text(json.dumps(json.loads(written)), encoding="utf-8")
    again = Ledger(path.parent, document, "anna")
    assert again.standing().words == ""
    assert path.read_bytes() == written


def test_an_unfinished_line_is_told_and_the_next_decision_sets_it_aside(
    project: Project, document: str
) -> None:
    """Invariant 5: only an unterminated last line is ever cut, and a copy is kept."""
    path = store.journal_of(project, document)
    with path.open("ab") as file:
        file.write(b'{"v":1,"seq":5')
    again = Project.open(project.root, annotator="anna")
    standing = again.standing(document)
    assert standing.can_decide
    assert "14 bytes of a decision that nobody was told is saved" in standing.words
    assert store.accept(again, document, 9).seq == 5
    assert path.with_name("anna.log.torn").read_bytes() == b'{"v":1,"seq":5\n'
    assert again.standing(document).words == ""
    again.close()
