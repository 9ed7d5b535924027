"""Values of the wrong kind in a file end in a line or in a list, and never in the project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from labelled import example

from annotations.errors import InputError
from annotations.formats import doccano, jsonl
from annotations.formats.importing import take_in
from annotations.formats.reading.intake import Intake
from annotations.formats.reading.offsets import Mark, whole
from annotations.formats.writing.report import Report
from annotations.project import Project
from annotations.records import Document, Entity
from annotations.text import Text


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "reef", annotator="anna")
    yield project
    project.close()


def given(path: Path, *rows: Any) -> Path:
    words = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_text(words.replace("Infinity", "1e999"), encoding="utf-8")
    return path


DAMAGES = [
    ("title", 5), ("title", None), ("meta", [1]), ("source", 5), ("added_at", 1.0),
    ("annotator", 5), ("finished", "yes"), ("annotations", 5), ("annotations", [5]), ("rejected", 5),
]  # fmt: skip
INNER = [
    ("note", 5), ("start", 0.0), ("start", "0"), ("end", 1e999), ("end", 10**9), ("text", 5),
    ("text", "Marsh"), ("label", None), ("label", 5), ("score", 1e999), ("score", "high"),
    ("score", 10**400), ("id", 5), ("at", 5), ("rev", "1"), ("by", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), DAMAGES)
def test_the_part_that_purport_wrote_is_held_to_its_types(
    name: str, value: Any, project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "x.jsonl"
    doccano.write([example()], path, Report("doccano"))
    row = json.loads(path.read_text(encoding="utf-8"))
    row["purport"][name] = value
    with pytest.raises(InputError, match=r"x\.jsonl:1: the part that purport wrote is damaged"):
        take_in(project, given(path, row), "doccano", "theirs")


@pytest.mark.parametrize("suggests", [True, False])
@pytest.mark.parametrize(("name", "value"), INNER)
def test_so_is_each_annotation_in_it_and_in_json_lines(
    name: str, value: Any, suggests: bool, tmp_path: Path
) -> None:
    path = tmp_path / "x.jsonl"
    doccano.write([example()], path, Report("doccano"))
    row = json.loads(path.read_text(encoding="utf-8"))
    row["purport"]["annotations"][0][name] = value
    if not suggests or name not in ("at", "rev", "by"):  # which a suggestion has not
        with pytest.raises(InputError, match="is damaged"):
            list(doccano.read(given(path, row), Intake(suggests=suggests)))
    plain = json.loads(jsonl.line(example()))
    renamed = {"at": "decided_at", "by": "decided_by"}
    plain["entities"][0][name if suggests else renamed.get(name, name)] = value
    with pytest.raises(InputError, match=r"x\.jsonl:1: "):
        list(jsonl.read(given(path, plain), Intake(suggests=suggests)))


@pytest.mark.parametrize(("name", "value"), [("holder", [{"kind": "span", "text": 5, "start": 3}]),
    ("holder", [{"kind": 5}]), ("likelihood", [1]), ("doubt", "no"), ("target", ["a", "b"]),
    ("cues", [{"start": "0", "end": 1, "kind": "x"}]), ("stance", 5)])  # fmt: skip
def test_so_is_each_claim(name: str, value: Any, tmp_path: Path) -> None:
    plain = json.loads(jsonl.line(example()))
    plain["claims"][0][name] = value
    with pytest.raises(InputError, match=r"x\.jsonl:1: "):
        list(jsonl.read(given(tmp_path / "x.jsonl", plain), Intake()))


def test_half_a_character_in_a_label_is_listed_and_in_metadata_replaced(
    project: Project, tmp_path: Path
) -> None:
    row = {
        "text": "Orlen in Arvel",
        "title": "a \udc80 title",
        "meta": {"from \ud800": ["\ud800", 1]},
        "entities": [
            {"start": 0, "end": 5, "label": "OR\ud800G"},
            {"start": 9, "end": 14, "label": "GPE", "note": "n\udfff"},
            {"start": 9, "end": 14, "label": "GPE"},
        ],
    }
    taken = take_in(project, given(tmp_path / "x.jsonl", row), "jsonl", "theirs")
    assert taken.entities == 1
    assert [words.partition(": ")[2] for words in taken.unplaced] == [
        "'Orlen' is left out: half a character is in its values",
        "'Arvel' is left out: half a character is in its values",
    ]
    (one,) = project.documents()
    assert project.document(one.id).metadata == {"from ?": ["?", 1]}
    assert not list(project.verify())


def test_a_number_without_end_is_left_out_and_told(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(
        '{"text": "Orlen", "meta": {"p": NaN, "q": 1e999}, "entities": ['
        '{"start": 0, "end": 5, "label": "A", "score": 1e999},'
        '{"start": 0, "end": 5, "label": "B", "score": NaN},'
        f'{{"start": 0, "end": 5, "label": "C", "score": {"9" * 400}}},'
        '{"start": 0, "end": 5, "label": "D", "score": 0.5}]}\n',
        encoding="utf-8",
    )
    taken = take_in(project, path, "jsonl", "theirs")
    (one,) = project.documents()
    layer = project.layer(one.id, "theirs")
    assert {each.label: each.score for each in layer.entities} == {
        "A": None, "B": None, "C": None, "D": 0.5,
    }  # fmt: skip
    assert "3 scores that are no finite number" in "\n".join(taken.lines())
    assert project.document(one.id).metadata == {"p": None, "q": None}


def test_a_score_without_end_that_is_there_is_found(project: Project, tmp_path: Path) -> None:
    row = {"text": "Orlen", "entities": [{"start": 0, "end": 5, "label": "A", "score": 0.5}]}
    take_in(project, given(tmp_path / "x.jsonl", row), "jsonl", "theirs")
    (file,) = project.root.rglob("theirs.json")
    file.write_text(file.read_text(encoding="utf-8").replace("0.5", "Infinity"), encoding="utf-8")
    (finding,) = project.verify()
    assert "should be a finite number" in finding.problem


def test_offsets_with_nothing_behind_the_point_are_whole() -> None:
    assert whole(12.0, "the start") == 12
    for value in (0.5, True, "1", None, float("inf"), float("nan")):
        with pytest.raises(InputError, match="no whole number"):
            whole(value, "the start")


def test_an_offset_or_label_that_is_none_is_listed_and_the_rest_goes_in(
    project: Project, tmp_path: Path
) -> None:
    row = {
        "text": "Orlen in Arvel",
        "entities": [
            {"start": 0.0, "end": 5.0, "label": "ORG"},
            {"start": 0.5, "end": 5, "label": "ORG"},
            {"start": 0, "end": 5, "label": None},
        ],
    }
    taken = take_in(project, given(tmp_path / "x.jsonl", row), "jsonl", "theirs")
    assert (taken.entities, len(taken.unplaced)) == (1, 2)
    assert "its label None is no text" in taken.unplaced[1]


def test_words_that_are_no_words_do_not_fit() -> None:
    intake = Intake()
    marks = [Mark(Entity.kind, 0, 5, "ORG", words=5)]  # type: ignore[arg-type]
    intake.labelled(Document(Text("Orlen"), "t"), marks, "x:1")
    assert intake.unplaced == ["x:1: ORG 0-5 '5' does not fit the text"]


@pytest.mark.parametrize("said", [{"label": None}, {"label": 5}, {"label": "A", "note": 5}])
def test_a_label_or_note_that_is_no_text_is_listed(said: dict[str, Any]) -> None:
    intake = Intake()
    marks = [Mark(Entity.kind, 0, 5, **said), Mark(Entity.kind, 0, 5, "ORG")]
    found = intake.labelled(Document(Text("Orlen"), "t"), marks, "x:1")
    assert [one.label for one in found.entities] == ["ORG"]
    assert "that is no text" in intake.unplaced[0]


def test_links_and_pipes_are_not_opened(project: Project, tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(InputError, match="is no file"):
        take_in(project, tmp_path / "pipe.jsonl", "jsonl", "theirs")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Orlen", encoding="utf-8")
    (corpus / "a.ann").write_text("T1\tORG 0 5\tOrlen\n", encoding="utf-8")
    (corpus / "nowhere").symlink_to("gone")
    taken = take_in(project, corpus, "brat", "theirs")
    assert taken.entities == 1
