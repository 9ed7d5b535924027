"""A text is known by its whole SHA-256: by the document, and by every journal that decides on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import store
from typer.testing import CliRunner

from annotations import changes, custody
from annotations.cli import app
from annotations.errors import CorruptError, SourceError
from annotations.formats import importing
from annotations.project import Project
from annotations.records import Action, Document
from annotations.span import Span
from annotations.storage import journal, text_hash
from annotations.text import Text

# Two texts whose SHA-256 begin with the same 12 digits; a second on one processor finds such a pair.
FIRST = Text("The tide gauge read 20605888 millimetres.")
SECOND = Text("The tide gauge read 27406123 millimetres.")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "project", annotator="anna")
    made.add(Document(FIRST, title="first"))
    change = changes.add_entity(Span(4, 14), "FAC", FIRST, made.schema)
    made.decide(FIRST.id, Action.ADD, [change])
    yield made
    made.close()


def text_file(project: Project) -> Path:
    return store.folder(project, FIRST.id) / "text.txt"


def swap(project: Project) -> None:
    """Put the second text in the first one's place, and its hash into `document.json`."""
    text_file(project).write_text(SECOND)
    path = text_file(project).with_name("document.json")
    path.write_text(path.read_text().replace(FIRST.sha256, SECOND.sha256))


def test_the_two_texts_have_one_id() -> None:
    assert FIRST.id == SECOND.id
    assert FIRST.sha256 != SECOND.sha256


def test_a_second_text_of_the_same_id_is_not_added_and_nothing_changes(project: Project) -> None:
    before = store.contents(project.root)
    for attempt in (
        lambda: project.add(Document(SECOND, title="second")),
        lambda: project.add_all([(Document(SECOND, title="second"), None)]),
    ):
        with pytest.raises(
            SourceError, match=r"'second' is not added: .* another document, 'first'"
        ):
            attempt()
    assert store.contents(project.root) == before
    assert not project.add(Document(FIRST, title="again"))


def test_add_refuses_it_in_one_line_and_adds_the_others(project: Project, tmp_path: Path) -> None:
    for name, words in (("a.txt", SECOND), ("b.txt", "Another text.")):
        (tmp_path / name).write_text(words)
    paths = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    made = CliRunner().invoke(app, ["add", *paths, "--project", str(project.root)])
    assert made.exit_code == 2
    assert made.output.count("is not added") == 1
    assert len(project.documents()) == 2


@pytest.mark.parametrize("is_there", [True, False])
def test_an_import_leaves_it_out_and_says_so(
    project: Project, tmp_path: Path, is_there: bool
) -> None:
    rows = [{"text": words, "label": [[0, 3, "FAC"]]} for words in (SECOND, "Another text.")]
    if not is_there:
        project = Project.create(tmp_path / "other", annotator="anna")
        rows.insert(0, {"text": FIRST, "label": [[0, 3, "FAC"]]})
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    taken = importing.take_in(project, path, "doccano", "theirs")
    assert [note for note in taken.notes if "is not added" in note]
    assert len(project.documents()) == 2
    assert project.document(FIRST.id).text == FIRST
    assert list(project.verify()) == []


def test_a_text_that_only_shares_the_digits_is_found(project: Project) -> None:
    text_file(project).write_text(SECOND)
    with pytest.raises(CorruptError, match="its SHA-256 is not the document's"):
        project.document(FIRST.id)
    (finding,) = project.verify()
    assert finding.lost
    assert "its SHA-256 is not the document's" in finding.problem


def test_a_journal_names_the_text_and_is_not_read_with_another(project: Project) -> None:
    path = store.journal_of(project, FIRST.id)
    first = json.loads(path.read_bytes().split(b"\n")[0])
    assert (first["v"], first["text"]) == (2, FIRST.sha256)
    swap(project)
    again = Project.open(project.root, annotator="anna")
    with pytest.raises(CorruptError, match="it decides on another text"):
        again.layer(FIRST.id)
    standing = again.standing(FIRST.id)
    assert not standing.can_decide
    before = store.contents(project.root)
    new = changes.add_entity(Span(0, 3), "FAC", SECOND, again.schema)
    with pytest.raises(CorruptError):
        again.decide(FIRST.id, Action.ADD, [new])
    assert store.contents(project.root) == before
    assert any("another text" in one.problem and one.lost for one in project.verify())
    again.close()


def test_only_the_first_line_names_the_text(project: Project) -> None:
    state = project.layer(FIRST.id).state
    project.decide(FIRST.id, Action.FINISH, [changes.finish(state)])
    lines = store.journal_of(project, FIRST.id).read_bytes().split(b"\n")[:-1]
    assert ["text" in json.loads(line) for line in lines] == [True, False]


def test_a_line_that_names_no_text_or_a_second_one_is_corrupt(project: Project) -> None:
    path = store.journal_of(project, FIRST.id)
    (decision,), mark, _ = journal.read(path)
    (line, _), whole = journal.encode(decision, journal.GENESIS), path.read_bytes()
    path.write_bytes(line)
    with pytest.raises(CorruptError, match="decision 1"):
        journal.read(path)

    again, _ = journal.encode(replace(decision, seq=2), mark.head, FIRST.sha256)
    path.write_bytes(whole + again)
    with pytest.raises(CorruptError, match=r"decision 2 .* a line before it does already"):
        journal.read(path)
    other, _ = journal.encode(decision, journal.GENESIS, "0" * 64)
    path.write_bytes(other)
    with pytest.raises(CorruptError, match="not one of the document's text"):
        journal.read(path)


def test_a_redaction_keeps_the_hash_and_no_word(project: Project) -> None:
    list(custody.redact(project, FIRST.id, "asked"))
    path = store.journal_of(project, FIRST.id)
    _, mark, _ = journal.read(path)
    assert mark.text == FIRST.sha256 == text_hash.recorded(path.parent)
    assert list(project.verify()) == []


def test_a_redaction_goes_on_where_the_text_is_gone(project: Project) -> None:
    store.journal_of(project, FIRST.id).unlink()
    store.view_of(project, FIRST.id).unlink()
    text_file(project).unlink()
    path = text_file(project).with_name("document.json")
    path.write_text(path.read_text().replace(FIRST.sha256, "lost"))
    list(custody.redact(project, FIRST.id, "asked"))
    _, mark, _ = journal.read(store.journal_of(project, FIRST.id))
    assert mark.text == FIRST.id + "0" * 52
    assert list(project.verify()) == []
