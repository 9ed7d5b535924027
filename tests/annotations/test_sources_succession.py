"""A source that is given again: which document came of which, by whatever path, for whom."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotations import sources
from annotations.changes import add_entity
from annotations.project import Project
from annotations.records import Action, Document
from annotations.sources.succession import Succession
from annotations.span import Span
from annotations.text import Text

Give = Callable[..., list[str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a project in it, and the current one."""
    home = tmp_path / "home"
    home.mkdir()
    Project.create(home / ".purport", annotator="anna").close()
    monkeypatch.chdir(home)
    return home


@pytest.fixture
def give(home: Path) -> Give:
    """Add sources as an annotator, in a run of its own; returns the lines that were told."""

    def give(*paths: object, annotator: str = "anna") -> list[str]:
        with closing(Project.open(home / ".purport", annotator=annotator)) as project:
            taken, said = Succession(project), list[object]()
            for one in sources.read([os.fspath(str(path)) for path in paths]):
                assert isinstance(one, Document)
                taken.add(one)
                said += taken.lines()
            return [str(one) for one in (*said, *taken.finish())]

    return give


def mark(home: Path, text: str, words: str = "Marsh", annotator: str = "anna") -> None:
    with closing(Project.open(home / ".purport", annotator=annotator)) as project:
        found = project.document(Text(text).id)
        start = found.text.index(words)
        change = add_entity(Span(start, start + len(words)), "PERSON", found.text, project.schema)
        project.decide(found.id, Action.ADD, [change])


def marks(home: Path, text: str, annotator: str = "anna") -> list[tuple[int, str]]:
    with closing(Project.open(home / ".purport", annotator=annotator)) as project:
        return [(one.span.start, one.text) for one in project.layer(Text(text).id).index]


def source_of(home: Path, text: str) -> str:
    with closing(Project.open(home / ".purport", annotator="anna")) as project:
        return project.document(Text(text).id).source


def moved(lines: list[str]) -> list[str]:
    return [one.partition("; ")[2] for one in lines if "changed since" in one]


ONE = ["1 decisions moved, 0 ambiguous, 0 lost"]


def test_each_annotator_takes_their_own_along(home: Path, give: Give) -> None:
    file = home / "pact.txt"
    file.write_text("Marsh came.")
    give(file)
    for name, words in (("anna", "Marsh"), ("gold", "came")):
        mark(home, "Marsh came.", words, name)
    file.write_text("So Marsh came.")
    assert moved(give(file)) == ONE
    assert marks(home, "So Marsh came.", "gold") == []
    assert moved(give(file, annotator="gold")) == ONE
    assert marks(home, "So Marsh came.", "gold") == [(9, "came")]
    assert marks(home, "So Marsh came.") == [(3, "Marsh")]
    assert give(file) == give(file, annotator="gold") == give(file, annotator="bob") == []


def test_what_was_interrupted_is_done_when_it_is_given_again(home: Path, give: Give) -> None:
    file = home / "pact.txt"
    file.write_text("Marsh came.")
    give(file)
    mark(home, "Marsh came.")
    with closing(Project.open(home / ".purport", annotator="anna")) as project:
        project.add(Document(Text("So Marsh came."), "pact", "pact.txt"))
    file.write_text("So Marsh came.")
    assert moved(give(file)) == ONE
    assert give(file) == []


def test_what_was_taken_back_stays_so_and_the_next_version_has_the_one_before(
    home: Path, give: Give
) -> None:
    file = home / "pact.txt"
    for words in ("Marsh came.", "So Marsh came.", "And so Marsh came."):
        file.write_text(words)
        said = give(file)
        if words == "Marsh came.":
            mark(home, words)
            continue
        assert moved(said) == ONE
        if words == "So Marsh came.":
            with closing(Project.open(home / ".purport", annotator="anna")) as project:
                project.undo()
            assert give(file) == []
            assert marks(home, words) == []
    assert marks(home, "And so Marsh came.") == [(7, "Marsh")]


# By whatever path


def test_a_file_is_known_by_its_place_beside_the_project(
    home: Path, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "in").mkdir()
    file = home / "in" / "pact.txt"
    file.write_text("Marsh came.")
    give("in/pact.txt")
    assert source_of(home, "Marsh came.") == "in/pact.txt"
    mark(home, "Marsh came.")
    for number, (folder, path) in enumerate(
        [(home, file), (home / "in", "pact.txt"), (home.parent, "home/in/../in/pact.txt")]
    ):
        monkeypatch.chdir(folder)
        words = f"{'So ' * (number + 1)}Marsh came."
        file.write_text(words)
        assert moved(give(path)) == ONE
        assert source_of(home, words) == "in/pact.txt"


def test_files_of_one_name_in_several_folders_are_several(
    home: Path, give: Give, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("one", "two", "../apart"):
        (home / name).mkdir()
        monkeypatch.chdir(home / name)
        Path("pact.txt").write_text(f"Marsh came {name}.")
        assert give("pact.txt") == []
        mark(home, f"Marsh came {name}.")
    assert source_of(home, "Marsh came ../apart.") == str(tmp_path / "apart" / "pact.txt")
    monkeypatch.chdir(home / "two")
    Path("pact.txt").write_text("So Marsh came two.")
    assert give("pact.txt")[0].startswith(
        f"two/pact.txt: changed since {Text('Marsh came two.').id}; "
    )


@pytest.mark.parametrize("form", ["{home}/pact.txt", "home/pact.txt", "pact.txt"])
def test_a_source_as_earlier_versions_kept_it_is_the_same(
    home: Path, give: Give, form: str
) -> None:
    with closing(Project.open(home / ".purport", annotator="anna")) as project:
        project.add(Document(Text("Marsh came."), "pact", form.format(home=home.resolve())))
    mark(home, "Marsh came.")
    (home / "pact.txt").write_text("So Marsh came.")
    assert moved(give("pact.txt")) == ONE


def test_two_files_of_one_text_are_told(home: Path, give: Give) -> None:
    (home / "a.txt").write_text("Marsh came.")
    (home / "b.txt").write_text("Marsh came.")
    assert give("a.txt") == []
    assert give("b.txt") == [
        "b.txt: its text is there already, from a.txt; "
        "when only one of them changes, its decisions are followed from there alone."
    ]


def test_a_link_to_a_file_keeps_its_own_name(home: Path, give: Give) -> None:
    (home / "v1.txt").write_text("Marsh came.")
    (home / "v2.txt").write_text("So Marsh came.")
    (home / "now.txt").symlink_to("v1.txt")
    give("now.txt")
    mark(home, "Marsh came.")
    (home / "now.txt").unlink()
    (home / "now.txt").symlink_to("v2.txt")
    assert moved(give("now.txt")) == ONE


def test_standard_input_comes_of_nothing(home: Path) -> None:
    with closing(Project.open(home / ".purport", annotator="anna")) as project:
        taken = Succession(project)
        taken.add(Document(Text("Marsh came."), "stdin", "-"))
        mark(home, "Marsh came.")
        taken.add(Document(Text("So Marsh came."), "stdin", "-"))
        assert list(taken.finish()) == []


def test_an_earlier_journal_that_is_damaged_stops_nothing(home: Path, give: Give) -> None:
    file = home / "pact.txt"
    file.write_text("Marsh came.")
    give(file)
    mark(home, "Marsh came.")
    (journal,) = (home / ".purport" / "documents").rglob("anna.log")
    journal.write_text(journal.read_text().replace("PERSON", "POISON"))
    file.write_text("So Marsh came.")
    (line,) = give(file)
    assert line.startswith("pact.txt: no decisions moved. ")


# Rows


def rows(home: Path, *many: dict[str, object]) -> Path:
    file = home / "rows.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in many))
    return file


@pytest.mark.parametrize("key", ["id", "title"])
def test_a_row_is_followed_by_its_id_or_title_and_not_by_its_number(
    home: Path, give: Give, key: str
) -> None:
    def row(text: str, name: str) -> dict[str, object]:
        return {"text": text, "meta": {key: name}}

    give(rows(home, row("Marsh came.", "7"), row("Marsh went.", "8")))
    mark(home, "Marsh came.")
    mark(home, "Marsh went.")
    assert moved(give(rows(home, row("Marsh went.", "8"), row("So Marsh came.", "7")))) == ONE
    assert marks(home, "So Marsh came.") == [(3, "Marsh")]
    assert moved(give(rows(home, row("And so Marsh came.", "7")))) == ONE
    assert marks(home, "And so Marsh came.") == [(7, "Marsh")]


def test_an_id_beside_the_text_counts(home: Path, give: Give) -> None:
    give(rows(home, {"id": 7, "text": "Marsh came."}))
    mark(home, "Marsh came.")
    assert moved(give(rows(home, {"id": 7, "text": "So Marsh came."}))) == ONE


def test_rows_that_nobody_can_follow_are_counted(home: Path, give: Give) -> None:
    give(rows(home, {"text": "Marsh came."}, {"text": "Marsh went."}))
    mark(home, "Marsh came.")
    assert give(
        rows(home, {"text": "So Marsh came."}, {"text": "Marsh went."}, {"text": "New."})
    ) == [
        "rows.jsonl: 2 new rows without id or title cannot be followed, and 1 row with decisions "
        "is gone: no decisions moved between them. A column id helps."
    ]
    assert marks(home, "So Marsh came.") == []


def test_rows_of_one_name_are_not_taken_for_each_other(home: Path, give: Give) -> None:
    def row(text: str) -> dict[str, object]:
        return {"id": 7, "text": text}

    give(rows(home, row("Marsh came.")))
    mark(home, "Marsh came.")
    assert give(rows(home, row("So Marsh came."), row("Marsh went."))) == [
        "rows.jsonl: 2 rows of id '7', which several rows have or had: "
        "no decisions moved there. An id of its own for each row helps."
    ]
    mark(home, "Marsh went.")
    (line,) = give(rows(home, row("And so Marsh came.")))  # which of the two was it?
    assert line.startswith("rows.jsonl: 1 row of id '7', which several rows have or had: ")


def test_a_new_row_takes_nothing_from_one_that_is_still_there(home: Path, give: Give) -> None:
    def row(text: str) -> dict[str, object]:
        return {"text": text, "meta": {"title": "Update"}}

    give(rows(home, row("Marsh came.")))
    mark(home, "Marsh came.")
    assert give(rows(home, row("Marsh came."), row("So Marsh came."))) == []
    assert marks(home, "So Marsh came.") == []


def test_decisions_that_cannot_come_any_more_are_told(home: Path, give: Give) -> None:
    for words in ("Marsh left early.\n", "A head.\nMarsh left early.\n"):
        (home / "a.txt").write_text(words)
        give("a.txt", annotator="root")
        if words.startswith("Marsh"):
            mark(home, words, annotator="bob")
    mark(home, words, "head", annotator="bob")
    (told,) = give("a.txt", annotator="bob")
    assert "1 decision on" in told and "did not move" in told
    assert marks(home, words, annotator="bob") == [(2, "head")]
    assert give("a.txt", annotator="root") == []


def test_a_revert_tells_of_what_is_only_on_the_later_text(home: Path, give: Give) -> None:
    first, second = "Marsh left early.\n", "A head.\nMarsh left early.\n"
    (home / "a.txt").write_text(first)
    give("a.txt")
    mark(home, first)
    (home / "a.txt").write_text(second)
    assert "1 decisions moved" in give("a.txt")[0]
    assert give("a.txt") == []
    mark(home, second, "head")
    (home / "a.txt").write_text(first)
    (told,) = give("a.txt")
    assert "1 decision on" in told and "did not move" in told


def test_rows_with_decisions_that_are_gone_are_told(home: Path, give: Give) -> None:
    rows = home / "a.csv"
    rows.write_text("id,text\n1,Marsh left early.\n2,Orlen stayed on.\n")
    give("a.csv")
    mark(home, "Marsh left early.")
    rows.write_text("id,text\n2,Orlen stayed on.\n")
    (told,) = give("a.csv")
    assert "1 row with decisions is not in it any more" in told
