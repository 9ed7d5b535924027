"""The commands that look back, as a person and a program use them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import store

from annotations import changes
from annotations.cli import app
from annotations.cli.console import run
from annotations.cli.trail import moment
from annotations.errors import InputError
from annotations.project import Project
from annotations.records import Action

Purport = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=2)
    monkeypatch.setenv("PURPORT_PROJECT", str(made.root))
    monkeypatch.setenv("PURPORT_ANNOTATOR", "anna")
    one, two = store.ids(made)
    store.accept(made, one, 0)
    first = made.layer(one).entities[0]
    made.decide(one, Action.RELABEL, [changes.relabel(first, "ORG", made.schema)])
    store.accept(made, two, 0)
    made.undo()
    boris = Project.open(made.root, annotator="boris")
    store.accept(boris, one, 1)
    boris.close()
    yield made
    made.close()


@pytest.fixture
def purport(capsys: pytest.CaptureFixture[str]) -> Purport:
    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run(app, [str(one) for one in arguments])
        return status, *capsys.readouterr()

    return call


def logged(purport: Purport, *arguments: object) -> list[tuple[str, str]]:
    status, out, _ = purport("log", *arguments, "--json")
    assert status == 0
    rows = [json.loads(row) for row in out.splitlines()]
    return [(row["by"], row["action"]) for row in rows]


def test_the_log_is_narrowed_by_who_what_and_where(purport: Purport, project: Project) -> None:
    one, two = store.ids(project)
    everything = [
        *(("anna", "accept"), ("anna", "relabel"), ("anna", "accept"), ("anna", "undo")),
        ("boris", "accept"),
    ]
    assert logged(purport) == everything
    assert logged(purport, two) == everything[2:4]
    assert logged(purport, "--by", "boris") == logged(purport, "--layer", "boris") == everything[4:]
    assert logged(purport, "--action", "undo", "--action", "relabel") == [
        ("anna", "relabel"),
        ("anna", "undo"),
    ]
    assert logged(purport, one, "--by", "anna", "--action", "accept") == everything[:1]


def test_the_log_is_narrowed_by_time_both_ends_with_it(purport: Purport, project: Project) -> None:
    at = [one.at for one in project.log()]
    assert len(logged(purport, "--since", at[1], "--until", at[3])) == 3
    assert len(logged(purport, "--until", at[0])) == 1
    assert len(logged(purport, "--since", at[0][:10], "--until", at[-1][:10])) == 5
    status, out, err = purport("log", "--since", "yesterday")
    assert (status, out) == (2, "")
    assert "'yesterday' is no time; write one such as" in err


def test_a_time_is_a_moment_in_utc() -> None:
    assert moment("2026-03-09") == "2026-03-09T00:00:00.000000Z"
    assert moment("2026-03-09", last=True) == "2026-03-09T23:59:59.999999Z"
    assert moment("2026-03-09T14", last=True) == "2026-03-09T14:59:59.999999Z"
    assert moment("2026-03-09 14:30", last=True) == "2026-03-09T14:30:59.999999Z"
    assert moment("2026-03-09T14:30:05Z", last=True) == "2026-03-09T14:30:05.999999Z"
    assert moment("2026-03-09T14:30:05.000001Z", last=True) == "2026-03-09T14:30:05.000001Z"
    assert moment("2026-03-09T14:30+02:00") == "2026-03-09T12:30:00.000000Z"
    with pytest.raises(InputError):
        moment("9 March")


def test_a_line_of_the_log_says_on_which_suggestion(purport: Purport, project: Project) -> None:
    _, out, _ = purport("log", "--action", "relabel")
    assert "PERSON (accepted) → “word0” ORG (corrected)  on toy-1.0.0 score 0.50" in out


def test_a_seal_is_one_line_and_verify_holds_the_journals_to_it(
    purport: Purport, project: Project
) -> None:
    status, line, err = purport("seal")
    assert (status, line.count("\n")) == (0, 1)
    assert "Keep this line on another machine" in err
    status, out, err = purport("verify", "--seal", line)
    assert (status, out) == (0, "")
    assert "unchanged: purport.toml\n" in err
    assert err.endswith("\nall is well\n")
    path = store.journal_of(project, store.ids(project)[0])
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    store.view_of(project, store.ids(project)[0]).unlink()
    status, out, err = purport("verify", "--seal", line)
    assert status == 1
    assert f"{path}: it is good up to decision 1 and was sealed at 2" in out
    status, out, _ = purport("verify", "--seal", line, "--json")
    assert status == 1
    assert {"document", "path", "problem", "lost"} == set(json.loads(out.splitlines()[-1]))
    assert purport("verify", "--seal", "nothing")[0] == 2


def test_verify_names_the_decision_that_does_not_hold(purport: Purport, project: Project) -> None:
    path = store.journal_of(project, store.ids(project)[0])
    path.write_bytes(path.read_bytes().replace(b'"label":"ORG"', b'"label":"GPE"', 1))
    status, out, _ = purport("verify")
    assert status == 1
    assert f"{path}: decision 2 does not match its hash (what was decided was changed)" in out
    assert "The last good one is 1." in out


@pytest.mark.parametrize(
    "name", ["purport.toml", "project.json", "seals/x.tsv", "annotators/anna.json"]
)
def test_a_replay_is_never_written_over_what_the_project_keeps(
    purport: Purport, project: Project, name: str
) -> None:
    one, _ = store.ids(project)
    out = project.root / name
    before = out.read_bytes() if out.exists() else None
    status, _, err = purport("replay", one, "--until", 1, "--out", out)
    assert status == 2
    assert "Choose another name" in err
    assert (out.read_bytes() if out.exists() else None) == before


def test_a_replay_goes_to_a_file_or_a_layer_or_the_output(
    purport: Purport, project: Project, tmp_path: Path
) -> None:
    one, _ = store.ids(project)
    out = tmp_path / "then.json"
    status, data, err = purport("replay", one, "--until", 1)
    assert (status, json.loads(data)["meta"]["1"]["seq"]) == (0, 1)
    assert err.startswith("anna after decision 1, ")
    assert purport("replay", one, "--until", 1, "--out", out)[0] == 0
    assert store.tinydb_tables(out)["entities"][0]["label"] == "PERSON"
    assert out.read_text() == data
    assert purport("replay", one, "--until", 1, "--as", "then")[0] == 0
    assert "then" in project.models(one)
    at = next(iter(project.log(one))).at
    assert purport("replay", one, "--until", at, "--layer", "anna")[1] == data
    before = store.contents(project.root)
    for wrong in (
        ["--until", "soon"],
        ["--until", 1, "--layer", "otto"],
        ["--until", 1, "--as", "boris"],
        ["--until", 1, "--as", "x", "--out", out],
        ["--until", 1, "--out", store.view_of(project, one)],
    ):
        assert purport("replay", one, *wrong)[0] == 2, wrong
    assert store.contents(project.root) == before


def test_a_redaction_is_told_and_every_command_has_one_line_for_it(
    purport: Purport, project: Project, tmp_path: Path
) -> None:
    one, _ = store.ids(project)
    assert purport("redact", one)[0] == 2, "a reason is asked for"
    status, out, err = purport("redact", one, "--reason", "asked by a reader")
    assert (status, out) == (0, "")
    assert f"{one}: redacted. Its journals still verify" in err
    status, out, err = purport("verify")
    assert (status, out) == (0, "")
    assert err.startswith(f"Document {one} was redacted by anna on ")
    assert err.endswith("all is well\n")
    assert logged(purport, one)[-1] == ("anna", "redact")
    _, out, _ = purport("log", one)
    assert "redact  (asked by a reader)" in out
    assert "accept  (redacted)" in out
    status, out, err = purport("show", one)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "was redacted by anna" in err
    status, _, err = purport("export", tmp_path / "o.jsonl", "--format", "jsonl", "--all")
    assert status == 0
    assert "left out: 1 redacted document" in err
    assert purport("status")[0] == 0
    assert purport("search", "the")[0] == 0
