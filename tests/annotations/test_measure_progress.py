from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import store

from annotations import changes
from annotations.measure.progress import progress
from annotations.project import Project
from annotations.records import Action, Status
from annotations.storage.summary import Totals


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=2, words=10)
    yield made
    made.close()


def test_a_project_is_counted_by_document_label_and_annotator(project: Project) -> None:
    one, two = store.ids(project)
    suggested = list(project.layer(one, store.MODEL).index)
    text = project.document(one).text
    store.accept(project, one, 0)
    project.decide(one, Action.REJECT, [changes.reject(suggested[1])])
    project.decide(
        one,
        Action.RELABEL,
        [changes.relabel(suggested[2], "ORG", project.schema)],  # type: ignore[arg-type]
    )
    project.decide(one, Action.ADD, [changes.add_claim(text.words(0)[4], text, project.schema)])
    project.decide(one, Action.FINISH, [changes.finish(project.layer(one).state)])
    boris = Project.open(project.root, annotator="boris")
    store.accept(boris, two, 0)
    boris.close()

    made = progress(project)
    assert made.totals == Totals(2, 1, 17, 5)
    assert json.loads("".join(made.json())) == {
        "documents": 2,
        "finished": 1,
        "open": 17,
        "decisions": 5,
        "by": {
            "document": {
                one: {
                    "title": "document 0",
                    "state": "done",
                    "finished": True,
                    "open": 7,
                    "decisions": 5,
                },
                two: {
                    "title": "document 1",
                    "state": "to do",
                    "finished": False,
                    "open": 10,
                    "decisions": 0,
                },
            },
            "label": {
                "PERSON": {
                    "suggested": 17,
                    "accepted": 1,
                    "corrected": 0,
                    "added": 0,
                    "rejected": 1,
                },
                "ORG": {"suggested": 0, "accepted": 0, "corrected": 1, "added": 0, "rejected": 0},
                "claim": {"suggested": 0, "accepted": 0, "corrected": 0, "added": 1, "rejected": 0},
            },
            "annotator": {
                "anna": {"documents": 1, "finished": 1, "decisions": 5},
                "boris": {"documents": 1, "finished": 0, "decisions": 1},
            },
        },
    }


def test_labels_come_in_the_order_of_their_keys_and_unknown_ones_behind(project: Project) -> None:
    (one, _) = store.ids(project)
    suggested = list(project.layer(one, store.MODEL).index)
    for place, label in ((0, "GPE"), (1, "ORG")):
        change = changes.relabel(suggested[place], label, project.schema)  # type: ignore[arg-type]
        project.decide(one, Action.RELABEL, [change])
    assert list(progress(project).labels) == ["PERSON", "ORG", "GPE"]


def test_an_empty_project_is_counted_as_such(tmp_path: Path) -> None:
    project = Project.create(tmp_path, annotator="anna")
    made = progress(project)
    assert json.loads("".join(made.json()))["by"] == {
        "document": {},
        "label": {},
        "annotator": {"anna": {"documents": 0, "finished": 0, "decisions": 0}},
    }
    project.close()


def test_what_is_open_is_counted_alike_by_label_and_by_document(project: Project) -> None:
    for number in range(7):
        store.accept(project, store.ids(project)[number % 2], number)
    made = progress(project)
    by_label = sum(counts[Status.SUGGESTED] for counts in made.labels.values())
    assert by_label == made.totals.open == 13
