from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import store

from annotations.project import Project
from annotations.records import Change
from annotations.span import Span
from annotations.storage import journal, view
from annotations.storage.audit import Finding


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=2)
    store.accept(made, store.ids(made)[0], 0)
    yield made
    made.close()


@pytest.fixture
def document(project: Project) -> str:
    return store.ids(project)[0]


def only(project: Project) -> Finding:
    (finding,) = project.verify()
    return finding


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_where_all_is_well_there_is_nothing_to_say(project: Project) -> None:
    assert list(project.verify()) == []


def test_a_view_that_was_edited_by_hand_is_named_with_the_annotation(
    project: Project, document: str
) -> None:
    (one,) = project.layer(document)
    path = store.view_of(project, document)
    edit(path, '"label": "PERSON"', '"label": "ORG"')
    finding = only(project)
    assert finding.path == str(path)
    assert finding.problem == f"changed outside purport: {one.id}"
    assert not finding.lost, "the journal has it all"
    assert finding.plain() == {
        "document": document,
        "path": str(path),
        "problem": finding.problem,
        "lost": False,
    }


def test_a_state_that_was_edited_by_hand_is_named(project: Project, document: str) -> None:
    edit(store.view_of(project, document), '"finished": false', '"finished": true')
    assert only(project).problem == "changed outside purport: the document"


@pytest.mark.parametrize("how", ["gone", "behind", "broken"])
def test_a_view_that_is_not_in_step_is_named_and_is_no_loss(
    project: Project, document: str, how: str
) -> None:
    path = store.view_of(project, document)
    first = path.read_bytes()
    store.accept(project, document, 1)
    match how:
        case "gone":
            path.unlink()
        case "behind":
            path.write_bytes(first)
        case "broken":
            path.write_bytes(b"{")
    finding = only(project)
    assert not finding.lost
    assert {"gone": "not there", "behind": "stands at decision 1", "broken": "not readable"}[
        how
    ] in finding.problem


def test_a_text_that_was_changed_is_a_loss(project: Project, document: str) -> None:
    edit(store.folder(project, document) / "text.txt", "word3", "word4")
    finding = only(project)
    assert finding.lost
    assert "its SHA-256 is not the document's" in finding.problem


def test_a_document_whose_file_is_gone_though_people_decided_on_it_is_a_loss(
    project: Project, document: str
) -> None:
    (store.folder(project, document) / "document.json").unlink()
    assert only(project).lost


def test_an_adding_that_was_interrupted_is_no_finding(project: Project) -> None:
    first, other = store.ids(project)
    (store.folder(project, other) / "document.json").unlink()
    assert list(project.verify()) == []
    assert store.ids(project) == [first]


def test_an_empty_journal_needs_no_view(project: Project) -> None:
    store.journal_of(project, store.ids(project)[1]).touch()
    assert list(project.verify()) == []


def test_a_journal_of_another_document_or_person_is_named(project: Project, document: str) -> None:
    other = store.ids(project)[1]
    store.journal_of(project, other).write_bytes(store.journal_of(project, document).read_bytes())
    boris = store.journal_of(project, document).with_name("boris.log")
    boris.write_bytes(store.journal_of(project, document).read_bytes())
    problems = {finding.path: finding.problem for finding in project.verify()}
    wrong = f"decision 1 belongs to anna on {document}"
    assert problems == {str(store.journal_of(project, other)): wrong, str(boris): wrong}


def test_words_that_are_not_those_of_the_text_are_named(project: Project, document: str) -> None:
    path = store.folder(project, document) / f"{store.MODEL}.json"
    layer = view.load(path)
    assert layer is not None
    edit(path, '"end": 5, "text": "word0"', '"end": 4, "text": "word0"')
    finding = only(project)
    first = next(iter(layer))
    assert finding.problem.startswith(
        f"{path}: record 1 of entities ({first.id}): text: 5 characters"
    )


def test_a_models_layer_that_is_broken_can_be_made_again(project: Project, document: str) -> None:
    (store.folder(project, document) / f"{store.MODEL}.json").write_bytes(b"{}")
    assert not only(project).lost


def test_verify_looks_at_one_document_where_one_is_named(project: Project, document: str) -> None:
    store.view_of(project, document).unlink()
    assert len(list(project.verify(document))) == 1
    assert list(project.verify(store.ids(project)[1])) == []


def test_a_decision_with_a_span_of_another_text_is_found_in_the_journal(
    project: Project, document: str
) -> None:
    """A chain may hold and the words still be wrong: both are checked."""
    (one,) = project.layer(document)
    path = store.journal_of(project, document)
    (decision,), _, _ = journal.read(path)
    shifted = Change(None, replace(one, span=Span(1, 6)))
    text = project.document(document).text.sha256
    line, _ = journal.encode(replace(decision, changes=(shifted,)), journal.GENESIS, text)
    path.write_bytes(line)
    store.view_of(project, document).unlink()
    problems = [finding.problem for finding in project.verify()]
    assert problems[0] == f"{one.id}: the text has 'ord0 ' at 1, not 'word0'"
