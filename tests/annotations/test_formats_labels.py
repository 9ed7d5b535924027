"""Labels that an import brings get keys, or a line says how."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotations.formats.importing import Taken, take_in
from annotations.project import MARKER, Project
from annotations.records import Document
from annotations.text import Text

LABELS = ["PER", "PER", "MISC", "a b", 'q"\\', "Ä.1", "ORG"]


def imported(
    folder: Path, *, before: str | None = None, documents: int = 0
) -> tuple[Project, Taken]:
    project = Project.create(folder / "reef", annotator="anna")
    for number in range(documents):
        project.add(Document(Text(f"Sheet {number}"), "t"))
    if before is not None:
        (project.root / MARKER).write_text(before, encoding="utf-8")
        project = Project.open(project.root, annotator="anna")
    path = folder / "x.jsonl"
    spans = [[number, number + 1, label] for number, label in enumerate(LABELS)]
    path.write_text(json.dumps({"text": "abcdefghij", "label": spans}), encoding="utf-8")
    taken = take_in(project, path, "doccano", "theirs")
    project.close()
    return Project.open(project.root, annotator="anna"), taken


def test_a_project_that_the_import_made_gets_the_labels_behind_its_own(tmp_path: Path) -> None:
    fresh = Project.create(tmp_path / "other", name="reef", annotator="anna").schema
    project, taken = imported(tmp_path)
    names = [one.name for one in project.schema.labels]
    assert names == [*(one.name for one in fresh.labels), "PER", "MISC", "a b", 'q"\\', "Ä.1"]
    assert all(one.key for one in project.schema.labels)
    assert project.schema.labels[: len(fresh.labels)] == fresh.labels
    assert taken.keys == 'put into purport.toml, with a key each: PER, MISC, a b, q"\\, Ä.1'
    assert list(taken.lines())[-2] == taken.keys


def test_a_file_that_somebody_wrote_is_left_as_it_is(tmp_path: Path) -> None:
    words = '# mine\nname = "x"\n[entities]\nlabels.ORG = "firms"\n'
    project, taken = imported(tmp_path, before=words)
    assert (project.root / MARKER).read_text(encoding="utf-8") == words
    assert 'labels.PER = "", labels.MISC = "", labels."a b" = ""' in taken.keys
    assert taken.keys.startswith("without a key in this project: 5 labels, PER, MISC")


@pytest.mark.parametrize(
    "words", ['[entities]\nlabels = ["ORG", "GPE"]\n', "[entities]\nnested = false\n"]
)
def test_what_is_to_be_written_keeps_the_labels_that_are_there(words: str, tmp_path: Path) -> None:
    project, taken = imported(tmp_path, before=words)
    there = [one.name for one in project.schema.labels]
    line = taken.keys.partition(f"{MARKER}: ")[2]
    (project.root / MARKER).write_text(f"[entities]\n{line}\n", encoding="utf-8")
    schema = Project.open(project.root, annotator="anna").schema
    assert [one.name for one in schema.labels] == [*there, "PER", "MISC", "a b", 'q"\\', "Ä.1"]


def test_a_project_with_documents_is_told_and_not_changed(tmp_path: Path) -> None:
    project, taken = imported(tmp_path, documents=1)
    assert not project.schema.has_label("PER")
    assert taken.keys.startswith("without a key")
