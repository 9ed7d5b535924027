from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import store

from annotations import changes
from annotations.measure.activity import BREAK, Activity, _paces, activity, quartiles
from annotations.measure.verdicts import REJECTED, Place
from annotations.project import Project
from annotations.records import Action, Decision


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=2, words=10)
    yield made
    made.close()


def decisions(
    *seconds: float, session: str = "one", action: Action = Action.ACCEPT
) -> list[Decision]:
    start = datetime(2026, 3, 1, 14, 59, 50, tzinfo=UTC)
    return [
        Decision(
            number, (start + timedelta(seconds=at)).isoformat(timespec="microseconds"),
            "anna", "anna", "0" * 12, action, (), session=session,
        )
        for number, at in enumerate(seconds, 1)
    ]  # fmt: skip


def test_suggestions_are_counted_under_what_they_said_and_who_said_it(project: Project) -> None:
    one, two = store.ids(project)
    suggested = list(project.layer(one, store.MODEL).index)
    store.accept(project, one, 0)
    store.accept(project, two, 0)
    relabelled = changes.relabel(suggested[1], "ORG", project.schema)  # type: ignore[arg-type]
    project.decide(one, Action.RELABEL, [relabelled])
    project.decide(one, Action.REJECT, [changes.reject(suggested[2])])
    text = project.document(one).text
    project.decide(one, Action.ADD, [changes.add_claim(text.words(0)[4], text, project.schema)])

    made = activity(project)
    assert list(made.labels) == ["PERSON"]
    assert made.labels["PERSON"].plain() == {
        "accepted": 2,
        "corrected": 1,
        "rejected": 1,
        "accept_rate": 0.5,
    }
    verdicts = made.models[store.MODEL]
    assert len(verdicts) == 4
    assert verdicts.places[:2] == (Place(one, suggested[2].id), Place(one, suggested[1].id))
    became = {cell: len(behind) for cell, behind in verdicts.confusion().items()}
    assert became == {("PERSON", "PERSON"): 2, ("PERSON", "ORG"): 1, ("PERSON", REJECTED): 1}
    scores, bands = verdicts.calibration()
    assert scores is not None
    assert (scores.count, scores.ece) == (4, 0)  # each has the score .5, and half of them stood
    assert [len(band) for band in bands] == [0, 0, 0, 0, 0, 4, 0, 0, 0, 0]
    assert made.decisions == 5
    assert len(made.paces) == 4


def test_what_was_undone_counts_no_more_and_undoing_is_no_decision(project: Project) -> None:
    (one, _) = store.ids(project)
    store.accept(project, one, 0)
    project.undo()
    made = activity(project)
    assert made.labels == made.models == {}
    assert made.decisions == 1


def test_only_one_persons_work_is_counted(project: Project) -> None:
    (one, _) = store.ids(project)
    store.accept(project, one, 0)
    assert activity(project, "boris").plain() == {
        "layer": "boris",
        "decisions": 0,
        "an_hour": None,
        "median_seconds": None,
        "seconds": {},
        "quick_accepts": 0,
        "hours": {},
        "labels": {},
        "models": {},
        "seeded": {"caught": 0, "of": 0},
        "blindness": {},
    }


def test_a_break_is_no_time_spent_and_each_run_of_the_program_starts_anew() -> None:
    made = list(_paces(decisions(0, 2, 6, 6 + BREAK + 1, 6 + BREAK + 3)))
    assert [one.seconds for one in made] == [2, 4, 2]
    side_by_side = sorted(
        decisions(0, 4, session="one") + decisions(1, 3, session="two"), key=lambda one: one.at
    )
    assert [one.seconds for one in _paces(side_by_side)] == [2, 4]
    assert list(_paces([replace(one, session="") for one in decisions(0, 1)])) == []


def test_a_time_that_is_none_has_no_pace() -> None:
    first, second, third = decisions(0, 2, 6)
    bad = [first, replace(second, at="not a time"), replace(third, at=third.at.rstrip("Z"))]
    assert [one.seconds for one in _paces(bad)] == [6]


def test_decisions_an_hour_are_those_of_an_hour_of_work() -> None:
    made = Activity("anna", paces=list(_paces(decisions(0, 1, 4, 8))))
    assert made.median_seconds == 3
    assert made.an_hour == pytest.approx(3 * 3600 / 8)


def test_acceptances_too_quick_to_have_read_are_found() -> None:
    quick = Activity("anna", paces=list(_paces(decisions(0, 0.2, 3))))
    assert [one.seconds for one in quick.quick()] == [0.2]
    rejected = decisions(0, 0.2, action=Action.REJECT)
    assert Activity("anna", paces=list(_paces(rejected))).quick() == []


def test_the_time_of_a_decision_is_told_by_what_was_done() -> None:
    made = Activity("anna", paces=list(_paces(decisions(0, 1, 4, 8))))
    assert made.actions() == {Action.ACCEPT: [1, 3, 4]}
    assert quartiles([1, 3, 4]) == (2, 3, 3.5)
    assert quartiles([2]) == (2, 2, 2)


def test_counting_says_how_far_it_is_and_stops_when_told(project: Project) -> None:
    for document in store.ids(project):
        store.accept(project, document, 0)
    seen: list[int] = []

    def go_on(count: int) -> bool:
        seen.append(count)
        return count < 1

    assert len(activity(project, go_on=go_on).verdicts) == 1
    assert seen == [0, 1]


def test_what_was_marked_blind_is_set_beside_what_was_marked_in_view(project: Project) -> None:
    one, two = store.ids(project)
    text = project.document(one).text
    project.blind = True
    for word in text.words(0)[:4]:
        project.decide(one, Action.ADD, [changes.add_entity(word, "PERSON", text, project.schema)])
    project.decide(one, Action.REVEAL, [changes.reveal(project.layer(one).state)])
    project.blind = False
    store.accept(project, one, 8)  # seen by then: it does not count
    for number in range(10):
        store.accept(project, two, number)
    project.decide(two, Action.FINISH, [changes.finish(project.layer(two).state)])
    found = activity(project).blindness[store.MODEL]
    assert found.plain() == {
        "blind": {"documents": 1, "f1": pytest.approx(8 / 14)},
        "seen": {"documents": 1, "f1": 1.0},
    }


def test_a_document_that_is_still_read_blind_says_nothing_yet(project: Project) -> None:
    one, _ = store.ids(project)
    text = project.document(one).text
    project.blind = True
    word = text.words(0)[0]
    project.decide(one, Action.ADD, [changes.add_entity(word, "PERSON", text, project.schema)])
    assert activity(project).blindness == {}
