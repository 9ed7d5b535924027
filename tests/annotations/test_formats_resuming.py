"""An import that was cut short, wherever, comes to the same when it is given again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotations.formats.importing import Taken, take_in
from annotations.formats.reading import keeping
from annotations.project import Project
from annotations.records import Document
from annotations.text import Text

WORDS = "Orlen met Arvel in Marsh with Keller and Bergen."
PLACES = [(0, 5), (10, 15), (19, 24), (30, 36), (41, 47)]


def doccano(path: Path, order: list[int]) -> Path:
    """A file in which documents come in this order, each time with one entity more."""
    times: dict[int, int] = {}
    rows = []
    for number in order:
        times[number] = turn = times.get(number, -1) + 1
        start, end = PLACES[turn % len(PLACES)]
        rows.append({"text": f"{WORDS} Sheet {number}.", "label": [[start, end, f"L{turn}"]]})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def files(project: Project) -> dict[str, bytes]:
    return {
        one: (project.root / "documents" / one[:2] / one / "theirs.json").read_bytes()
        for one in project.order()
    }


def stopping(after: int) -> Callable[[Taken], None]:
    left = after

    def stop(_: Taken) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt

    return stop


def kill(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was held goes with the process, as at a kill."""

    def gone(self: Any, *_: object) -> None:
        self._threads.shutdown()
        self._backlog.close()

    monkeypatch.setattr(keeping.Keeping, "__exit__", gone)


ORDERS = {
    "beside each other": [0, 0, 1, 1, 2, 2],
    "in turns": [0, 1, 0, 1, 0, 1, 0],
    "one thrice": [0, 1, 2, 1, 3, 1],
    "once": [0, 1, 2, 3],
}


@pytest.mark.parametrize("is_killed", [False, True], ids=["interrupted", "killed"])
@pytest.mark.parametrize("most", [1, 2, 128])
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_cut_short_anywhere_and_given_again_it_is_as_if_it_had_run_through(
    order: list[int], most: int, is_killed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = doccano(tmp_path / "x.jsonl", order)
    whole = Project.create(tmp_path / "whole", annotator="anna")
    take_in(whole, path, "doccano", "theirs")
    wanted = files(whole)
    monkeypatch.setattr(keeping, "_MOST", most)
    for after in range(1, len(order) + 1):
        project = Project.create(tmp_path / f"cut-{after}", annotator="anna")
        with monkeypatch.context() as patch:
            if is_killed:
                kill(patch)
            with pytest.raises(KeyboardInterrupt):
                take_in(project, path, "doccano", "theirs", progress=stopping(after))
        take_in(project, path, "doccano", "theirs")
        assert files(project) == wanted, after
        assert not list(project.verify())
        again = take_in(project, path, "doccano", "theirs")
        assert (again.documents, again.skipped) == (len(set(order)), len(set(order)))
        assert again.entities == 0
        project.close()
    whole.close()


def test_a_layer_of_a_file_without_repeats_says_nothing_of_parts(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "reef", annotator="anna")
    take_in(project, doccano(tmp_path / "x.jsonl", [0, 1, 1, 1]), "doccano", "theirs")
    parts = sorted(str(project.layer(one, "theirs").model.get("parts")) for one in project.order())
    assert parts == ["3", "None"]
    project.close()


def test_an_annotation_said_twice_counts_once_and_so_does_its_document(tmp_path: Path) -> None:
    row = {"text": WORDS, "label": [[0, 5, "ORG"]]}
    path = tmp_path / "x.jsonl"
    path.write_text(f"{json.dumps(row)}\n" * 3, encoding="utf-8")
    project = Project.create(tmp_path / "reef", annotator="anna")
    taken = take_in(project, path, "doccano", "theirs")
    assert (taken.documents, taken.added, taken.entities) == (1, 1, 1)
    project.close()


def test_rows_of_many_documents_in_turns_write_each_layer_twice_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project.create(tmp_path / "reef", annotator="anna")
    ids = []
    for number in range(12):
        document = Document(Text(f"{'Orlen ' * 40}{number}"), f"sheet {number}")
        project.add(document)
        ids.append(document.id)
    rows = [f"{one},{turn * 6},{turn * 6 + 5},ORG" for turn in range(40) for one in ids]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["document,start,end,label", *rows]), encoding="utf-8")
    monkeypatch.setattr(keeping, "_MOST", 5)
    written: list[str] = []
    real = Project.add_all

    def counted(self: Project, given: Any, threads: Any = None) -> int:
        written.extend(one.id for one, layer in given if layer is not None)
        return real(self, given, threads)

    monkeypatch.setattr(Project, "add_all", counted)
    taken = take_in(project, path, "csv", "theirs")
    assert (taken.documents, taken.entities) == (12, 480)
    assert max(written.count(one) for one in ids) <= 2
    assert all(len(project.layer(one, "theirs").entities) == 40 for one in ids)
    project.close()


def test_what_is_forced_takes_the_place_of_all_parts(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "reef", annotator="anna")
    path = doccano(tmp_path / "x.jsonl", [0, 1, 0, 1])
    take_in(project, path, "doccano", "theirs")
    wanted = files(project)
    forced = take_in(project, path, "doccano", "theirs", force=True)
    assert (forced.skipped, forced.entities) == (0, 4)
    assert files(project) == wanted
    project.close()
