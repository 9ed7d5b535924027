"""A clock that was wrong once dates no later decision in another document, and is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import store

from annotations.errors import RefusedError
from annotations.project import Project
from annotations.storage import clock
from annotations.storage.clock import after, followed, horizon, latest


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=3)
    yield made
    made.close()


def wrong(monkeypatch: pytest.MonkeyPatch, year: int) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Clock:
            return cls(year, 7, 1, 12, tzinfo=UTC)

    monkeypatch.setattr(clock, "datetime", Clock)
    monkeypatch.setattr(clock.time, "time", Clock.now().timestamp)


def times(project: Project) -> list[tuple[str, str]]:
    return [(one.document, one.at[:4]) for one in project.log()]


def test_other_documents_do_not_follow_a_time_in_the_future(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = store.ids(project)
    with monkeypatch.context() as patched:
        wrong(patched, 2099)
        store.accept(project, first, 0)
    year = str(datetime.now(UTC).year)
    store.accept(project, second, 0)
    project.close()
    again = Project.open(project.root, annotator="anna")
    store.accept(again, third, 0)
    last = store.accept(again, first, 1)
    assert last.at[:4] == "2099", "within a journal, times rise"
    store.accept(again, third, 1)
    assert sorted(times(again)) == sorted(
        [(first, "2099"), (first, "2099"), (second, year), (third, year), (third, year)]
    )
    assert not [one for one in again.verify() if "future" not in one.problem]
    again.close()


def test_undo_takes_back_what_lies_in_the_future_last_and_redo_repeats_it_first(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = store.ids(project)
    with monkeypatch.context() as patched:
        wrong(patched, 2099)
        store.accept(project, first, 0)
    store.accept(project, second, 0)
    store.accept(project, third, 0)
    undone = [project.undo() for _ in range(4)]
    assert [one and one.document for one in undone] == [third, second, first, None]
    redone = {one.document for _ in range(3) if (one := project.redo())}
    assert redone == {first, second, third}
    assert project.redo() is None


def test_a_decision_after_an_undo_leaves_nothing_to_redo(project: Project) -> None:
    first, second, _ = store.ids(project)
    store.accept(project, first, 0)
    project.undo()
    store.accept(project, second, 0)
    assert project.redo() is None


def test_times_in_the_future_are_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = store.ids(project)[0]
    assert project.look().ahead() == ""
    with monkeypatch.context() as patched:
        wrong(patched, 2099)
        store.accept(project, first, 0)
    assert project.look().ahead().startswith("2099-07-01T12:00:00")
    assert any("in the future" in one.problem for one in project.verify())


@pytest.mark.parametrize("year", [3000, 9999])
def test_a_time_that_no_journal_can_hold_is_refused(
    project: Project, year: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.ids(project)[0]
    before = store.contents(project.root)
    with monkeypatch.context() as patched:
        wrong(patched, year)
        with pytest.raises((RefusedError, OverflowError), match=f"Not saved: {year}"):
            store.accept(project, first, 0)
    assert {
        name: data for name, data in store.contents(project.root).items() if "documents" in name
    } == {name: data for name, data in before.items() if "documents" in name}


def test_the_last_time_of_all_is_followed_by_a_refusal_and_not_by_an_overflow() -> None:
    with pytest.raises(RefusedError, match="Not saved: 3000-01-01"):
        after("2999-12-31T23:59:59.999999Z")


def test_a_time_is_followed_up_to_two_years_from_now() -> None:
    assert followed(after("")) and followed(latest()) and followed(horizon()[:10])
    assert not followed("2099-01-01T00:00:00.000000Z")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", latest())
