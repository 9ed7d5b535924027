from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import store
from typer.main import get_command

from annotations import changes
from annotations.cli import app
from annotations.cli.console import project_for, run
from annotations.errors import InputError, UnknownError
from annotations.project import Project
from annotations.records import Action
from annotations.span import Span

COMMANDS = {
    "add",
    "suggest",
    "show",
    "export",
    "import",
    "formats",
    "status",
    "log",
    "verify",
    "seal",
    "replay",
    "redact",
}
PROGRAM = (
    "import sys; from annotations.cli import app; from annotations.cli.console import run;"
    "sys.exit(run(app))"
)


@dataclass
class Ended:
    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line that says what is wrong."""
        assert self.err.startswith("purport: ")
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1
        return self.err


Purport = Callable[..., Ended]


@pytest.fixture
def purport(capsys: pytest.CaptureFixture[str]) -> Purport:
    """Run a command line in this process."""

    def call(*arguments: object) -> Ended:
        capsys.readouterr()
        status = run(app, [str(one) for one in arguments])
        return Ended(status, *capsys.readouterr())

    return call


def process(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        **options,  # type: ignore[call-overload]
    )


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PURPORT_ANNOTATOR", "anna")
    return folder


@pytest.fixture
def project(here: Path) -> Iterator[Project]:
    """A project in the current folder: ten words, one accepted, one relabelled, done."""
    made = store.make(here, words=10)
    (one,) = store.ids(made)
    store.accept(made, one, 0)
    suggested = list(made.layer(one, store.MODEL).index)
    made.decide(one, Action.RELABEL, [changes.relabel(suggested[1], "ORG", made.schema)])  # type: ignore[arg-type]
    yield made
    made.close()


# What every command shares


def test_every_command_of_the_design_is_there_and_says_what_it_does(purport: Purport) -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert set(commands) >= COMMANDS
    listed = purport("--help")
    assert listed.status == 0
    for name in COMMANDS:
        assert f"\n  {name} " in listed.out
        told = purport(name, "--help")
        assert (told.status, told.err) == (0, "")
        assert f"purport {name}" in told.out
        assert commands[name].help.split(".")[0].split()[0] in told.out
        for option in ("--project", "--annotator"):
            assert (option in told.out) == (name != "formats")


def test_add_takes_decisions_along_for_who_gives_the_changed_source(
    purport: Purport, here: Path
) -> None:
    source = here / "pact.txt"
    source.write_text("Marsh came.")
    assert purport("add", source).err == ""
    for name in ("anna", "gold"):
        with closing(project_for([source], annotator=name)) as project:
            (one,) = project.order()
            text = project.document(one).text
            change = changes.add_entity(Span(0, 5), "PERSON", text, project.schema)
            project.decide(one, Action.ADD, [change])
    source.write_text("So Marsh came.")
    for name in ("anna", "gold"):
        told = purport("add", "pact.txt", "--annotator", name)
        assert told.err == (
            f"pact.txt: changed since {one}; 1 decisions moved, 0 ambiguous, 0 lost\n"
            "moved, in words that changed: 0-5 entity 'Marsh', now 3-8 in 'So Marsh came.'\n"
        )
        assert purport("add", source, "--annotator", name).err == ""


def test_the_version_is_told(purport: Purport) -> None:
    told = purport("--version")
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("purport 0.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bogus"], "No such command"),
        (["--bogus"], "No such option"),
        (["show"], "Missing argument"),
        (["show", "a", "b"], "unexpected extra argument"),
        (["suggest", "--jobs", "0"], "--jobs"),
        (["suggest", "--jobs", "many"], "--jobs"),
        (["export", "out.jsonl"], "--format"),
        (["export", "out.jsonl", "--format", "jsonl", "--seed", "x"], "--seed"),
    ],
)
def test_wrong_use_is_one_line(purport: Purport, arguments: list[str], words: str) -> None:
    told = purport(*arguments)
    assert (told.status, told.out) == (2, "")
    assert words in told.complaint


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["log"],
        ["verify"],
        ["show", "x"],
        ["suggest"],
        ["export", "o", "--format", "jsonl"],
    ],
)
def test_without_a_project_one_is_told_how_to_make_it(
    purport: Purport, arguments: list[str], here: Path
) -> None:
    told = purport(*arguments)
    assert (told.status, told.out) == (2, "")
    assert "Make one: purport add PATH" in told.complaint
    assert list(here.iterdir()) == []


def test_project_and_annotator_stand_before_the_command_or_behind_it(
    purport: Purport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.make(tmp_path / "one").close()
    store.make(tmp_path / "two", documents=2).close()

    def seen(*arguments: object) -> tuple[int, list[str]]:
        told = json.loads(purport(*arguments).out)
        return told["documents"], list(told["by"]["annotator"])

    one, two = tmp_path / "one", tmp_path / "two"
    assert seen("status", "--json", "--project", one) == (1, ["anna"])
    assert seen("--project", one, "--annotator", "boris", "status", "--json") == (1, ["boris"])
    assert seen("--project", one, "status", "--json", "--project", two) == (2, ["anna"])
    monkeypatch.setenv("PURPORT_PROJECT", str(two))
    assert seen("status", "--json", "--annotator", "boris") == (2, ["boris"])
    assert seen("--project", one, "status", "--json") == (1, ["anna"])


def test_a_name_that_cannot_name_an_annotator_is_one_line(
    purport: Purport, project: Project
) -> None:
    told = purport("status", "--annotator", "../x")
    assert told.status == 2
    assert "cannot name an annotator" in told.complaint


def test_settings_that_do_not_hold_together_are_one_line(purport: Purport, here: Path) -> None:
    (here / "purport.toml").write_text("colour = 1", encoding="utf-8")
    told = purport("status")
    assert told.status == 2
    assert "'colour' is no setting" in told.complaint


def test_ctrl_c_ends_with_one_line(purport: Purport, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("annotations.cli.console.project_for", interrupted)
    told = purport("status")
    assert (told.status, told.out, told.err) == (130, "", "purport: interrupted\n")


def test_a_pipe_that_nobody_reads_is_quiet(project: Project) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as broken:
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, "log", "--json"],
            stdout=broken,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (128 + signal.SIGPIPE, b"")


def test_a_terminal_that_lacks_a_character_gets_the_rest(here: Path) -> None:
    (here / "island.txt").write_text("Sarema 🏝️", encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    assert process("add", "island.txt", env=environment).returncode == 0
    told = process("show", "Sarema 🏝️", env=environment)
    assert (told.returncode, told.stderr) == (0, "")
    assert "Sarema \\U0001f3dd" in told.stdout


def test_commands_load_neither_spacy_nor_textual_before_they_need_them() -> None:
    code = "import sys, annotations.cli; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in told.stdout.split()}
    assert "typer" in loaded
    assert not loaded & {"spacy", "textual", "tinydb", "numpy"}


# Which project


def test_a_folder_that_is_opened_gets_a_hidden_project(tmp_path: Path, here: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "one.txt").touch()
    for paths, place in (
        ([docs], docs),
        ([docs / "one.txt"], docs),
        ([docs, "x.txt"], docs),
        ([docs / "one.txt", docs], here),
        (["-"], here),
        (["missing"], here),
    ):
        with pytest.raises(UnknownError):
            project_for(paths)
        made = project_for(paths, create=True)
        assert made.root == place / ".purport"
        made.close()
        assert project_for(paths).root == made.root
        shutil.rmtree(made.root)


def test_a_project_is_named_by_its_folder_or_the_one_it_is_hidden_in(tmp_path: Path) -> None:
    made = project_for(project=tmp_path / "named", create=True)
    assert made.root == tmp_path / "named"
    made.close()
    Project.create(tmp_path / "docs" / ".purport").close()
    assert project_for(project=tmp_path / "docs").root == tmp_path / "docs" / ".purport"
    with pytest.raises(UnknownError, match="is no project"):
        project_for(project=tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises((InputError, UnknownError)):
        project_for(project=tmp_path / "file", create=True)


# add


def test_adding_tells_a_line_for_each_document_and_each_refusal(
    purport: Purport, here: Path
) -> None:
    docs = here / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("Ada went home.", encoding="utf-8")
    (docs / "b.md").write_text("Bly stayed.", encoding="utf-8")
    (docs / "same.txt").write_text("Ada went home.", encoding="utf-8")
    (docs / "binary.txt").write_bytes(bytes(range(256)) * 4)
    (docs / "empty.txt").touch()
    (docs / "rows.jsonl").write_text('{"text": "Carl came."}\n{"text": \n', encoding="utf-8")
    told = purport("add", "docs", "missing.txt")
    assert told.status == 2
    rows = [row.split("  ") for row in told.out.splitlines()]
    assert [row[1] for row in rows] == ["added", "added", "added", "there already"]
    assert all(len(row[0]) == 12 for row in rows)
    refusals = told.err.splitlines()
    assert all(one.startswith("purport: ") for one in refusals)
    for name in ("binary.txt", "empty.txt", "rows.jsonl", "missing.txt"):
        assert sum(name in one for one in refusals) == 1, name
    assert "2" in next(one for one in refusals if "rows.jsonl" in one)
    assert len(project_for(["docs"]).documents()) == 3


def test_adding_again_adds_nothing(purport: Purport, here: Path) -> None:
    (here / "a.txt").write_text("Ada went home.", encoding="utf-8")
    assert purport("add", "a.txt").out.endswith("  added  Ada went home.\n")
    told = purport("add", "a.txt")
    assert (told.status, told.err) == (0, "")
    assert told.out.endswith("  there already  Ada went home.\n")


def test_a_document_comes_from_standard_input(
    purport: Purport, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Ada went home.")))
    assert purport("add", "-").status == 0
    (one,) = project_for().documents()
    assert project_for().document(one.id).text == "Ada went home."


def test_a_mistyped_path_makes_no_project(purport: Purport, here: Path) -> None:
    assert "is not there" in purport("add", "missing.txt").complaint
    (here / "empty").mkdir()
    told = purport("add", "empty")
    assert told.status == 2
    assert "nothing to read in it" in told.complaint
    assert [path.name for path in here.rglob("*")] == ["empty"]


def test_a_projects_own_copies_are_not_added_to_it(purport: Purport, project: Project) -> None:
    (project.root / "new.txt").write_text("A new one.", encoding="utf-8")
    told = purport("add", ".")
    assert told.status == 0
    assert [row.split("  ")[2] for row in told.out.splitlines()] == ["A new one."]


def test_a_title_is_no_way_to_the_terminal(purport: Purport, here: Path) -> None:
    (here / "rows.jsonl").write_text(
        json.dumps({"text": "Ada.", "meta": {"title": "x\x1b[2J"}, "title": "x\x1b[2J"}),
        encoding="utf-8",
    )
    purport("add", "rows.jsonl")
    for command in ("status", "add rows.jsonl"):
        told = purport(*command.split())
        assert "\x1b" not in told.out + told.err


# suggest


def test_suggesting_fills_what_lacks_a_layer(purport: Purport, here: Path, toy: Path) -> None:
    (here / "a.txt").write_text("Orlen saw the Arvel Strait.", encoding="utf-8")
    (here / "b.txt").write_text("The Ministry of Tides wrote.", encoding="utf-8")
    purport("add", "a.txt", "b.txt")
    told = purport("suggest", "Orlen saw the Arvel Strait.", "--model", toy)
    assert (told.status, told.out) == (0, "")
    assert told.err.endswith("en_toy-1.0.0: 1 document, 2 entities\n")
    told = purport("suggest", "--model", toy)
    assert told.err.endswith("en_toy-1.0.0: 1 document, 1 entity, 1 had it already\n")
    assert "2 documents" in purport("suggest", "--model", toy, "--force").err
    assert (
        purport("show", "Orlen saw the Arvel Strait.").out
        == "[Orlen PERSON?] saw the [Arvel Strait LOC?].\n"
    )


def test_suggesting_that_is_interrupted_says_what_is_saved(
    purport: Purport, here: Path, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        (here / f"{number}.txt").write_text(f"Orlen {number}", encoding="utf-8")
    purport("add", *[f"{number}.txt" for number in range(3)])
    whole = Project.replace_layer
    stored: list[str] = []

    def interrupted(self: Project, document_id: str, layer: object) -> None:
        if len(stored) == 2:
            raise KeyboardInterrupt
        stored.append(document_id)
        whole(self, document_id, layer)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Project, "replace_layer", interrupted)
        told = purport("suggest", "--model", toy)
    assert told.status == 130
    assert "interrupted; 2 of 3 documents done and saved" in told.err
    assert "1 document, 1 entity, 2 had it already" in purport("suggest", "--model", toy).err


def test_a_model_that_is_missing_is_one_line(purport: Purport, project: Project) -> None:
    told = purport("suggest", "--model", "no_such_model")
    assert (told.status, told.out) == (2, "")
    assert "is not an installed pipeline" in told.complaint


# show


def test_showing_marks_what_was_decided_and_suggested(purport: Purport, project: Project) -> None:
    told = purport("show", "document 0")
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("[word0 PERSON] [word1 ORG] [word2 PERSON?] ")
    own = purport("show", "document 0", "--layer", "anna")
    assert own.out.startswith("[word0 PERSON] [word1 ORG] word2 ")
    model = purport("show", "document 0", "--layer", store.MODEL)
    assert model.out.startswith("[word0 PERSON?] [word1 PERSON?] ")
    plain = purport("show", "document 0", "--plain")
    assert plain.out == f"{store.text_of(10)}\n"


def test_showing_what_is_not_there_is_one_line(purport: Purport, project: Project) -> None:
    assert "There is no document 'zzz'" in purport("show", "zzz").complaint
    told = purport("show", "document 0", "--layer", "toy")
    assert told.status == 2
    assert "has no layer 'toy'" in told.complaint


def test_colours_go_to_a_terminal_unless_they_are_not_wanted(
    purport: Purport, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" not in purport("show", "document 0").out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "\x1b[36m[\x1b[0mword0" in purport("show", "document 0").out
    assert "\x1b" not in purport("show", "document 0", "--plain").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in purport("show", "document 0").out


# status, log, verify


def test_status_tells_people_and_programs(purport: Purport, project: Project) -> None:
    told = json.loads(purport("status", "--json").out)
    assert set(told) == {"documents", "finished", "open", "decisions", "by"}
    assert (told["documents"], told["finished"], told["open"], told["decisions"]) == (1, 0, 8, 2)
    assert set(told["by"]) == {"document", "label", "annotator"}
    words = purport("status").out
    assert words.startswith("1 document, 0 done, 8 open suggestions, 2 decisions\n")
    assert "document 0" in words
    assert "anna" in words


def test_the_log_tells_each_change_with_what_was_before(purport: Purport, project: Project) -> None:
    project.undo()
    told = purport("log", "--json")
    assert (told.status, told.err) == (0, "")
    rows = [json.loads(row) for row in told.out.split("\n") if row]
    names = {"seq", "at", "by", "layer", "document", "action", "annotation", "before", "after"}
    assert [set(row) - {"of"} for row in rows] == [names] * 3
    assert [row["action"] for row in rows] == ["accept", "relabel", "undo"]
    assert rows[1]["before"] is None
    assert rows[1]["after"]["label"] == "ORG"
    assert rows[1]["after"]["origin"]["layer"] == store.MODEL
    assert (rows[2]["of"], rows[2]["after"]) == (2, None)
    words = purport("log").out.split("\n")
    assert "accept  “word0” PERSON (accepted)" in words[0]
    assert "undo of 2  “word1” ORG (corrected) → nothing" in words[2]


def test_the_log_is_narrowed_to_a_document_and_a_layer(purport: Purport, project: Project) -> None:
    assert len(purport("log", "document 0", "--layer", "anna").out.splitlines()) == 2
    assert purport("log", "--layer", "boris").out == ""
    assert purport("log", "zzz").status == 2


def test_a_claim_and_a_state_are_told_in_words(purport: Purport, project: Project) -> None:
    (one,) = store.ids(project)
    text = project.document(one).text
    added = changes.add_claim(text.words(0)[5], text, project.schema)
    project.decide(one, Action.ADD, [added])
    project.decide(one, Action.FINISH, [changes.finish(project.layer(one).state)])
    *_, claim, state, _ = purport("log").out.split("\n")
    assert claim.endswith("add  “word5” affirms certain author (added)")
    assert state.endswith("finish  done")


def test_verify_is_content_or_falls_short(purport: Purport, project: Project) -> None:
    told = purport("verify")
    assert (told.status, told.out, told.err) == (0, "", "all is well\n")
    assert purport("verify", "--json").out == ""
    (one,) = store.ids(project)
    path = store.view_of(project, one)
    path.write_text(path.read_text().replace('"ORG"', '"GPE"', 1), encoding="utf-8")
    told = purport("verify")
    assert (told.status, told.err) == (1, "1 findings\n")
    assert told.out.startswith(f"{path}: changed outside purport: ")
    (row,) = purport("verify", "--json").out.splitlines()
    assert set(json.loads(row)) == {"document", "path", "problem", "lost"}


def test_a_journal_that_is_damaged_is_one_line_in_every_command(
    purport: Purport, project: Project
) -> None:
    (one,) = store.ids(project)
    path = store.journal_of(project, one)
    path.write_bytes(path.read_bytes().replace(b'"by":"anna"', b'"by":"otto"', 1))
    for arguments in (
        ["status"],
        ["log"],
        ["show", one],
        ["export", "o.jsonl", "--format", "jsonl", "--all"],
    ):
        told = purport(*arguments)
        assert told.status == 2, arguments
        assert "decision 1 does not match its hash" in told.complaint
    assert purport("verify").status == 1


# export, formats


def test_exporting_writes_what_is_done_and_says_what(purport: Purport, project: Project) -> None:
    told = purport("export", "out.jsonl", "--format", "jsonl")
    assert told.status == 2
    assert "none of 1 documents is done" in told.complaint
    told = purport("export", "out.jsonl", "--format", "jsonl", "--all")
    assert (told.status, told.out) == (0, "")
    assert told.err == "out.jsonl: 1 document, 2 entities, 0 claims, 0 rejected\n"
    (row,) = Path("out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [one["label"] for one in json.loads(row)["entities"]] == ["PERSON", "ORG"]


def test_exporting_shares_documents_out_by_a_seed(
    purport: Purport, tmp_path: Path, here: Path
) -> None:
    store.make(here, documents=4).close()
    arguments = ["export", "out", "--format", "jsonl", "--all", "--split", "train=0.5,dev=0.5"]
    assert purport(*arguments, "--seed", "7").status == 0
    first = store.contents(here / "out")
    assert set(first) == {"card.md", "train.jsonl", "dev.jsonl"}
    assert purport(*arguments, "--seed", "7").status == 0
    assert store.contents(here / "out") == first
    assert "sum to 0.9" in purport(*arguments[:-1], "train=0.9").complaint


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["out.x", "--format", "nope"], "There is no format 'nope'"),
        (["out.jsonl", "--format", "jsonl", "--all", "--layer", "zoe"], "no layer 'zoe'"),
    ],
)
def test_exporting_in_a_wrong_way_is_one_line(
    purport: Purport, project: Project, arguments: list[str], words: str
) -> None:
    told = purport("export", *arguments)
    assert told.status == 2
    assert words in told.complaint


def test_every_format_is_listed_with_what_it_can_do(purport: Purport) -> None:
    from annotations.formats import FORMATS

    rows = purport("formats").out.splitlines()
    assert [row.split()[0] for row in rows] == list(FORMATS)
    for row, one in zip(rows, FORMATS.values(), strict=True):
        assert one.description in row
        assert ("write" in row.split()) >= one.writes
        assert one.cannot_hold in row


# Taking out and taking in


def test_an_export_is_verified_and_described(
    project: Project, purport: Purport, here: Path
) -> None:
    store.finish(project)
    told = purport("export", "out/x.jsonl", "--format", "doccano", "--verify")
    assert told.status == 0
    assert "purport's own reader: 1 document, 2 annotations, as written" in told.err
    card = (here / "out" / "x.card.md").read_text(encoding="utf-8")
    assert "| x | 1 | 2 | 0 | 0 |" in card
    assert "## Guide" in card
    assert "## Agreement" not in card


def test_the_card_says_how_far_two_people_agree(
    project: Project, purport: Purport, here: Path
) -> None:
    store.finish(project)
    other = Project.open(project.root, annotator="ben")
    store.finish(other)
    other.close()
    assert purport("export", "out/x.jsonl", "--format", "jsonl").status == 0
    card = (here / "out" / "x.card.md").read_text(encoding="utf-8")
    assert "- anna and ben, 1 document: F1 of" in card


def test_a_file_of_another_program_comes_in_and_what_does_not_fit_is_exit_1(
    purport: Purport, here: Path
) -> None:
    rows = [{"text": "Orlen left.", "label": [[0, 5, "ORG"]]}]
    (here / "x.jsonl").write_text(json.dumps(rows[0]) + "\n", encoding="utf-8")
    told = purport("import", "x.jsonl", "--format", "doccano", "--layer", "theirs")
    assert (told.status, told.out) == (0, "")
    assert told.err == "1 document, 1 new: 1 entity, 0 claims, 0 without a place\n"
    rows[0]["label"] = [[0, 50, "ORG"]]
    (here / "x.jsonl").write_text(json.dumps(rows[0]) + "\n", encoding="utf-8")
    told = purport("import", "x.jsonl", "--format", "doccano", "--layer", "theirs")
    assert told.status == 2
    assert "has a layer theirs already, from x.jsonl. Name another --layer" in told.complaint
    told = purport("import", "x.jsonl", "--format", "doccano", "--layer", "theirs", "--force")
    assert told.status == 1
    assert "ORG 0-50 does not fit the text" in told.err
    told = purport(
        "import", "x.jsonl", "--format", "doccano", "--layer", "t", "--offset-unit", "inch"
    )
    assert told.status == 2
    assert "code-point, utf-16, byte" in told.complaint


def test_an_export_goes_over_nobodys_file_unless_it_is_forced(
    project: Project, purport: Purport, here: Path
) -> None:
    arguments = ("export", "source.jsonl", "--format", "jsonl", "--all")
    (here / "source.jsonl").write_text("mine")
    told = purport(*arguments)
    assert told.status == 2
    assert "source.jsonl is there already, and no card says that purport wrote it" in told.complaint
    assert (here / "source.jsonl").read_text() == "mine"
    assert purport(*arguments, "--force").status == 0
    assert purport(*arguments).status == 0
    store = project.root.relative_to(here)
    for own in (store / "purport.toml", store / "documents" / "x.jsonl", store):
        told = purport("export", own, "--format", "jsonl", "--all", "--force")
        assert (told.status, "belongs to the project itself" in told.complaint) == (2, True)
    assert purport("export", "-", "--format", "jsonl", "--all").status == 2
    assert "standard output" in purport("export", "-", "--format", "jsonl", "--all").complaint


def test_without_a_terminal_a_line_now_and_then_says_how_far_it_is(
    purport: Purport, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotations.cli import exchange

    monkeypatch.setattr(exchange, "_MANY", 2)
    monkeypatch.setattr(exchange, "_LONG", 0.0)
    rows = [json.dumps({"text": f"Orlen {n}.", "label": [[0, 5, "ORG"]]}) for n in range(5)]
    (here / "x.jsonl").write_text("\n".join(rows), encoding="utf-8")
    told = purport("import", "x.jsonl", "--format", "doccano", "--layer", "theirs")
    assert told.err.splitlines()[:-1] == [
        "2 documents, 2 annotations",
        "4 documents, 4 annotations",
    ]
    told = purport("export", "y.jsonl", "--format", "jsonl", "--layer", "theirs")
    assert told.err.splitlines()[:-1] == [
        "2 documents, 2 annotations",
        "4 documents, 4 annotations",
    ]
    monkeypatch.setattr(exchange, "_LONG", 30.0)
    told = purport("export", "y.jsonl", "--format", "jsonl", "--layer", "theirs")
    assert len(told.err.splitlines()) == 1


def test_an_export_that_is_interrupted_says_that_nothing_was_written(
    project: Project, purport: Purport, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotations.formats import jsonl

    def interrupted(one: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(jsonl, "line", interrupted)
    told = purport("export", "x.jsonl", "--format", "jsonl", "--all")
    assert told.status == 130
    assert "interrupted after 1 document; nothing was written" in told.err
    assert list(here.glob("*x*")) == []
