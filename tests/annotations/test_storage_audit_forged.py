"""What `verify` finds in a project whose every hash holds, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import store
from forge import Lines, forge, lines_of, rehashed, renew

from annotations import changes, custody
from annotations.errors import CorruptError, InputError, UnknownError
from annotations.formats.export import export
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Document
from annotations.storage import document_check
from annotations.storage.audit import Finding
from annotations.text import Text


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Anna accepts three, relabels one, undoes that and does it again; boris accepts one."""
    made = store.make(tmp_path / "project")
    document = store.ids(made)[0]
    for number in range(3):
        store.accept(made, document, number)
    entity = made.layer(document).entities[0]
    made.decide(document, Action.RELABEL, [changes.relabel(entity, "ORG", made.schema)])
    made.undo()
    made.redo()
    boris = Project.open(made.root, annotator="boris")
    store.accept(boris, document, 9)
    boris.close()
    yield made
    made.close()


@pytest.fixture
def document(project: Project) -> str:
    return store.ids(project)[0]


@pytest.fixture
def path(project: Project, document: str) -> Path:
    return store.journal_of(project, document)


def problems(project: Project) -> list[str]:
    return [f"{Path(one.path).name}: {one.problem}" for one in project.verify()]


def findings(project: Project) -> list[Finding]:
    return list(project.verify())


def test_an_honest_project_has_no_findings(project: Project) -> None:
    assert problems(project) == []


def test_the_forging_itself_leaves_a_project_that_holds(project: Project, path: Path) -> None:
    before = path.read_bytes()
    forge(path, lambda lines: lines)
    assert path.read_bytes() == before
    assert problems(project) == []


# A journal that is gone


def test_a_persons_view_without_its_journal_is_named_and_is_no_models_layer(
    project: Project, document: str, path: Path
) -> None:
    path.unlink()
    (finding,) = project.verify()
    assert finding.lost
    assert finding.path == str(path.with_suffix(".json"))
    assert "shows a person's decisions up to 6, and their journal, anna.log, is gone" in (
        finding.problem
    )
    boris = Project.open(project.root, annotator="boris")
    assert boris.models(document) == [store.MODEL]
    with pytest.raises(CorruptError, match=r"their journal, anna\.log, is gone"):
        boris.layer(document, "anna")
    boris.overlay(document)
    assert boris.look().summaries()[0].open == 30 - 1
    boris.close()


def test_a_finished_layer_without_a_journal_is_not_exported(
    project: Project, document: str, path: Path, tmp_path: Path
) -> None:
    project.decide(document, Action.FINISH, [changes.finish(project.layer(document).state)])
    view = path.with_suffix(".json")
    view.with_name("carol.json").write_text(view.read_text().replace('"anna"', '"carol"'))
    with pytest.raises(UnknownError, match="There is no layer 'carol'"):
        export(project, tmp_path / "out.jsonl", "jsonl", layer="carol")
    assert not (tmp_path / "out.jsonl").exists()
    assert any("carol.log, is gone" in one for one in problems(project))


def test_nothing_takes_the_place_of_a_view_without_its_journal(
    project: Project, document: str, path: Path
) -> None:
    path.unlink()
    boris = Project.open(project.root, annotator="boris")
    with pytest.raises(InputError, match="'anna' is a person's layer"):
        boris.replace_layer(document, Layer("anna", document, model={"package": "x"}))
    boris.close()


# What a decision says


def body(line: dict[str, object]) -> Lines:
    return line["body"]["changes"]  # type: ignore[index,no-any-return]


def by_another(lines: Lines) -> None:
    lines[1]["by"] = "ceo"


def record_by_another(lines: Lines) -> None:
    body(lines[1])[0]["after"]["by"] = "boris"


def record_at_another_time(lines: Lines) -> None:
    body(lines[1])[0]["after"]["at"] = "2026-01-01T00:00:00.000000Z"


def record_of_another_revision(lines: Lines) -> None:
    body(lines[1])[0]["after"]["rev"] = 9


def time_that_falls(lines: Lines) -> None:
    lines[2]["at"] = body(lines[2])[0]["after"]["at"] = "2020-01-01T00:00:00.000000Z"


def time_to_come(lines: Lines) -> None:
    lines[5]["at"] = body(lines[5])[0]["after"]["at"] = "2999-01-01T00:00:00.000000Z"


def before_that_was_not_there(lines: Lines) -> None:
    body(lines[3])[0]["before"]["label"] = "GPE"


def before_of_nothing(lines: Lines) -> None:
    body(lines[2])[0]["before"] = body(lines[2])[0]["after"] | {"rev": 1}


def undo_of_another(lines: Lines) -> None:
    lines[4]["body"]["of"] = 2


def undo_that_writes_something_else(lines: Lines) -> None:
    body(lines[4])[0]["after"]["label"] = "GPE"
    body(lines[5])[0]["before"]["label"] = "GPE"


def redo_that_writes_something_else(lines: Lines) -> None:
    body(lines[5])[0]["after"]["label"] = "GPE"


def number_of_an_undo_elsewhere(lines: Lines) -> None:
    lines[2]["body"]["of"] = 1


def suggestion(lines: Lines) -> None:
    body(lines[2])[0]["after"]["status"] = "suggested"


def unknown_label(lines: Lines) -> None:
    body(lines[5])[0]["after"]["label"] = "PLANET"
    body(lines[3])[0]["after"]["label"] = "PLANET"
    body(lines[4])[0]["before"]["label"] = "PLANET"


def overlap(lines: Lines) -> None:
    body(lines[2])[0]["after"] |= {"start": 6, "end": 17, "text": "word1 word2"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (by_another, "decision 2: it is by 'ceo', and the journal is anna's"),
        (record_by_another, "decision 2: .*the record says 'boris'"),
        (record_at_another_time, "decision 2: .*the record says 'anna', 2026-01-01"),
        (record_of_another_revision, "decision 2: .* revision 9; the decision 'anna'.*, 2$"),
        (time_that_falls, "decision 3: its time, 2020.*, is not after that of the decision before"),
        (time_to_come, "decision 6: its time, 2999.*, is in the future"),
        (before_that_was_not_there, "decision 4: .*there before it is not what was there"),
        (before_of_nothing, "decision 3: .*there before it is not what was there"),
        (undo_of_another, "decision 5: it is an undo of decision 2, and 4 is next"),
        (undo_that_writes_something_else, "decision 5: it does not leave what the undo of"),
        (redo_that_writes_something_else, "decision 6: it does not leave what the redo of"),
        (number_of_an_undo_elsewhere, "decision 3: it names decision 1 and is neither"),
        (suggestion, ": it is a suggestion; a person's layer has none"),
        (unknown_label, ": the label 'PLANET' is not in the schema"),
        (overlap, "two entities overlap"),
    ],
    ids=lambda one: one.__name__ if callable(one) else "",
)
def test_a_decision_that_no_program_could_have_written_is_named(
    project: Project, path: Path, change: Callable[[Lines], None], words: str
) -> None:
    forge(path, change)
    found = problems(project)
    assert any(one.startswith("anna.log: ") and re.search(words, one) for one in found), found


def test_a_time_that_is_none_is_named(project: Project, path: Path) -> None:
    def change(lines: Lines) -> None:
        lines[5]["at"] = body(lines[5])[0]["after"]["at"] = "not a time"

    forge(path, change)
    assert any("decision 6" in one and "time" in one for one in problems(project))


def test_an_undo_of_nothing_is_named_and_stops_nothing(project: Project, path: Path) -> None:
    def change(lines: Lines) -> Lines:
        lines[0]["action"] = "undo"
        return lines[:1]

    forge(path, change)
    assert any(one.startswith("anna.log: ") and "decision 1" in one for one in problems(project))


def test_a_change_of_one_record_under_the_id_of_another_is_named(
    project: Project, path: Path
) -> None:
    def change(lines: Lines) -> None:
        body(lines[1])[0]["annotation"] = body(lines[0])[0]["annotation"]

    forge(path, change)
    assert any("decision 2" in one and "record" in one for one in problems(project))


def test_a_forged_redaction_that_hides_decisions_is_named(project: Project, path: Path) -> None:
    def change(lines: Lines) -> Lines:
        last = lines[-1]
        told = {"changes": [], "reason": "asked"}
        head = {"seq": 7, "at": last["at"].replace("Z", "9Z")[:-2] + "Z", "by": "boris"}
        head["at"] = last["at"][:-4] + "999Z"
        return [*lines, last | head | {"action": "redact", "body": told}]

    forge(path, change)
    (found,) = problems(project)
    assert found == (
        "anna.log: decision 7: it is a redaction by 'boris', and the document was not redacted"
    )


def test_a_redaction_that_another_person_finished_is_well(
    project: Project, document: str, path: Path
) -> None:
    about = path.with_name("document.json")
    list(custody.redact(project, document, "asked"))
    assert problems(project) == []
    boris = Project.open(project.root, annotator="boris")
    list(custody.redact(boris, document, "asked again"))
    assert json.loads(about.read_text())["document"]["1"]["redacted"]["by"] == "anna"
    assert problems(project) == []
    boris.close()


def test_good_decisions_that_were_copied_out_of_damage_are_well(
    project: Project, document: str, path: Path
) -> None:
    path.write_bytes(path.read_bytes().replace(b'"seq":4,', b'"seq":9,'))
    custody.salvage(project, document, "anna", "anna-2")
    saved = Project.open(project.root, annotator="anna-2")
    store.accept(saved, document, 12)
    assert {one.split(":")[0] for one in problems(saved)} == {"anna.log"}
    saved.close()


# How a line is written


def raw_lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"by":"anna"', b'"by":"boris","by":"anna"', "decision 2: it has the member 'by' twice"),
        (b'{"v"', b'{"said":"by the ceo","v"', "decision 2: it has members that are in no hash"),
        (b'"seq":2,', b'"seq": 2,', "decision 2: it is not written as purport writes it"),
        (b'"by":"anna"', b'"by":"\\u0061nna"', "decision 2: it is not written as purport"),
        (b'"seq":2,"at"', b'"at"', None),
    ],
)
def test_a_line_that_is_written_otherwise_is_named(
    project: Project, path: Path, old: bytes, new: bytes, words: str | None
) -> None:
    first, second, *rest = raw_lines(path)
    assert old in second
    path.write_bytes(b"\n".join([first, second.replace(old, new, 1), *rest]))
    renew(path)
    found = problems(project)
    assert any(one.startswith(f"anna.log: {words or ''}") for one in found), found


# Models and documents


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"status": "suggested"', '"status": "accepted"', "it is accepted, and a model's layer"),
        ('"layer": "toy-1.0.0", "document"', '"layer": "other", "document"', "it belongs to other"),
        ('"format": 1', '"format": 9, "format": 1', "it has the member 'format' twice"),
        (
            '"end": 5, "text": "word0"',
            '"end": 4, "text": "word0"',
            "it should be 4 characters, as the span 0-4 has",
        ),
    ],
)
def test_a_models_layer_that_no_model_made_is_named(
    project: Project, document: str, old: str, new: str, words: str
) -> None:
    edited(store.folder(project, document) / f"{store.MODEL}.json", old, new)
    found = problems(project)
    assert any(one.startswith(f"{store.MODEL}.json: ") and words in one for one in found), found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"characters": ', '"characters": 9', "characters, and the text has"),
        ('"id": "', '"id": "0', "id: '0"),
        ('"added_at": "', '"added_at": "3', "time"),
        ('"title": ', '"title": "x", "title": ', "it has the member 'title' twice"),
        ('"sha256": "', '"sha256": "0', "SHA-256"),
    ],
)
def test_a_documents_record_that_was_changed_is_named(
    project: Project, document: str, old: str, new: str, words: str
) -> None:
    edited(store.folder(project, document) / "document.json", old, new)
    found = problems(project)
    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"anna"', '"boris"', "it is of 'boris'"),
        ('"since": "', '"since": "x', "is not a time as purport writes it"),
        ('"name"', '"nom"', "it does not say whose it is"),
        ("{", "[", "not readable as JSON"),
    ],
)
def test_an_annotators_file_that_was_changed_is_named(
    project: Project, old: str, new: str, words: str
) -> None:
    edited(project.root / "annotators" / "anna.json", old, new)
    (found,) = problems(project)
    assert words in found


def test_a_view_whose_other_tables_were_changed_is_named(project: Project, path: Path) -> None:
    view = path.with_suffix(".json")
    edited(view, '"action": "accept"', '"action": "reject"')
    assert problems(project) == ["anna.json: changed outside purport: table decisions"]


def test_one_damaged_document_does_not_stop_the_others(
    project: Project, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add(Document(Text("Another text."), "other"))
    ids = sorted([document, Text("Another text.").id])
    real = document_check.problems

    def broken(about: object, document_id: str, *rest: object) -> object:
        if document_id == ids[0]:
            raise RuntimeError("what nobody thought of")
        return real(about, document_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(document_check, "problems", broken)
    other = store.folder(project, ids[1]) / "document.json"
    edited(other, '"characters": ', '"characters": 9')
    found = findings(project)
    assert [one.document for one in found] == ids
    assert "cannot be checked to the end (RuntimeError: what nobody thought of)" in found[0].problem
    assert lines_of(store.journal_of(project, document)) and rehashed([]) == b""
