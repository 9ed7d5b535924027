"""One damaged document, layer or journal is named, and stops nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import store

from annotations.cli.app import app
from annotations.cli.console import run
from annotations.errors import InputError
from annotations.formats.export import export
from annotations.project import Project
from annotations.search import Query, search


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=3, words=6)
    for document in store.ids(made):
        store.accept(made, document, 0)
    boris = Project.open(made.root, annotator="boris")
    for document in store.ids(boris):
        store.accept(boris, document, 1)
    store.finish(boris)
    boris.close()
    store.finish(made)
    yield made
    made.close()


def own_journal(folder: Path) -> str:
    (folder / "anna.log").write_bytes(
        (folder / "anna.log").read_bytes().replace(b"accept", b"reject")
    )
    return "anna.log"


def others_journal(folder: Path) -> str:
    (folder / "boris.log").write_bytes(b"{}\n")
    return "boris.log"


def models_layer(folder: Path) -> str:
    path = folder / f"{store.MODEL}.json"
    path.write_text(path.read_text().replace('"score": 0.5', '"score": "x"', 1))
    return path.name


def models_origin(folder: Path) -> str:
    path = folder / f"{store.MODEL}.json"
    path.write_text(
        path.read_text().replace('"origin": {"layer": "toy-1.0.0"', '"origin": {"layer": 5', 1)
    )
    return path.name


def about(folder: Path) -> str:
    path = folder / "document.json"
    plain = json.loads(path.read_bytes())
    plain["document"]["1"]["title"] = ["a", "list"]
    path.write_text(json.dumps(plain))
    return "document.json"


def no_about(folder: Path) -> str:
    (folder / "document.json").unlink()
    return "document.json"


def text(folder: Path) -> str:
    (folder / "text.txt").write_text("another text")
    return "text.txt"


def no_text(folder: Path) -> str:
    (folder / "text.txt").unlink()
    return "text.txt"


DAMAGES = [own_journal, others_journal, models_layer, models_origin, about, no_about, text, no_text]
Damage = Callable[[Path], str]
damages = pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)


def command(project: Project, *words: str) -> int:
    return run(app, ["--project", str(project.root), "--annotator", "anna", *words])


@damages
@pytest.mark.parametrize("is_known", [True, False])
def test_the_sound_documents_are_listed_and_the_damage_is_named_once(
    project: Project, damage: Damage, is_known: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *sound = store.ids(project)
    file = damage(store.folder(project, first))
    project.close()
    if not is_known:
        project.catalogue.index.path.unlink()  # type: ignore[union-attr]
        project.close()
    for words in (["status", "--thorough"], ["status", "--json", "--thorough"]):
        assert command(project, *words) == 2
        said = capsys.readouterr()
        assert all(one in said.out for one in sound)
        assert said.err.count(file) == said.err.count("purport: ") == 1
    assert {one.id for one in project.documents()} >= set(sound)


@damages
def test_a_search_finds_all_that_is_sound(
    project: Project, damage: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *sound = store.ids(project)
    file = damage(store.folder(project, first))
    assert command(project, "search", "--status", "accepted", "--thorough") == 2
    said = capsys.readouterr()
    assert {line.split()[0] for line in said.out.splitlines()} >= set(sound)
    assert file in said.err
    found = {hit.document for hit in search(project, Query("word1"))} | {first}
    assert found == {first}
    assert {hit.document for hit in search(project, Query("other1x1"))} == {sound[0]}


@damages
def test_an_export_leaves_out_what_is_damaged_and_names_it(
    project: Project, damage: Damage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *sound = store.ids(project)
    file = damage(store.folder(project, first))
    project.look(thorough=True)
    status = command(project, "export", str(tmp_path / "out.jsonl"), "--format", "jsonl")
    said = capsys.readouterr()
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    is_about_another = damage in (others_journal, models_layer, models_origin)
    assert [row["id"] for row in rows] == ([first, *sound] if is_about_another else sound)
    assert status == (0 if is_about_another else 2)
    assert is_about_another or file in said.err


def test_an_export_of_damage_alone_says_so(project: Project, tmp_path: Path) -> None:
    for one in store.ids(project):
        own_journal(store.folder(project, one))
    again = Project.open(project.root, annotator="anna")
    again.look(thorough=True)
    with pytest.raises(InputError, match="3 documents cannot be read"):
        export(again, tmp_path / "out.jsonl", "jsonl")
    again.close()


def test_the_log_has_the_good_decisions_of_a_damaged_journal(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    path = store.folder(project, store.ids(project)[0]) / "boris.log"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b"finish", b"finnish"))
    assert command(project, "log", "--json") == 2
    said = capsys.readouterr()
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert len(rows) == 3 * 2 + 3 * 2 - 1
    assert said.err.count("boris.log") == 1


@pytest.mark.parametrize("damage", [own_journal, others_journal, models_layer])
def test_layers_are_measured_on_the_sound_documents(
    project: Project, damage: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(store.folder(project, store.ids(project)[0]))
    status = command(project, "evaluate", "--predicted", store.MODEL, "--json")
    said = capsys.readouterr()
    is_others = damage is others_journal
    assert json.loads(said.out)["documents"] == (3 if is_others else 2)
    assert status == (0 if is_others else 2)


@damages
def test_the_report_shows_the_sound_documents(
    project: Project, damage: Damage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *sound = store.ids(project)
    file = damage(store.folder(project, first))
    assert command(project, "report", str(tmp_path / "page.html")) == 2
    page = (tmp_path / "page.html").read_text()
    assert all(f'id="d{one}"' in page for one in sound)
    assert file in page
    assert file in capsys.readouterr().err


def test_another_persons_damage_leaves_a_document_open_to_decide_on(project: Project) -> None:
    first = store.ids(project)[0]
    others_journal(store.folder(project, first))
    assert not project.overlay(first).problems
    store.accept(project, first, 3)
    assert project.standing(first).can_decide


@pytest.mark.parametrize("damage", [models_layer, models_origin])
def test_a_models_damaged_layer_is_left_out_of_what_is_shown(
    project: Project, damage: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    first = store.ids(project)[0]
    file = damage(store.folder(project, first))
    overlay = project.overlay(first)
    assert [one.by for one in overlay.index] == ["anna"]
    assert file in overlay.problems[0]
    assert command(project, "show", first) == 2
    said = capsys.readouterr()
    assert "word0" in said.out and file in said.err


def test_words_that_are_not_the_texts_are_not_shown(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    first = store.ids(project)[0]
    path = store.folder(project, first) / f"{store.MODEL}.json"
    words = path.read_text()
    for old in ("word2", "word3"):
        words = words.replace(f'"text": "{old}"', f'"text": "{old.upper()}"')
    path.write_text(
        words.replace('"start": 24, "end": 29, "text"', '"start": 924, "end": 929, "text"', 1)
    )
    overlay = project.overlay(first)
    assert len(overlay.index) == 3
    assert "other words than 3 of its annotations" in overlay.problems[0]
    for more in ([], ["--layer", store.MODEL]):
        assert command(project, "show", first, *more) == 2
        assert "other words" in capsys.readouterr().err
    status = command(
        project,
        "export",
        "--layer",
        store.MODEL,
        str(path.parents[3].parent / "o.jsonl"),
        "--format",
        "jsonl",
    )
    assert status == 2


def test_what_has_no_text_to_show_is_passed_over(project: Project) -> None:
    first, second, third = store.ids(project)
    text(store.folder(project, second))
    project.look(thorough=True)
    assert project.catalogue.neighbour(first, 1) == third
    assert project.catalogue.neighbour(third, -1) == first


def test_what_is_mended_is_no_longer_named(project: Project) -> None:
    folder = store.folder(project, store.ids(project)[0])
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for damage in DAMAGES:
        damage(folder)
        again = Project.open(project.root, annotator="anna")
        assert again.look(thorough=True).damage()
        for path, data in before.items():
            path.write_bytes(data)
        assert again.look(thorough=True).damage() == []
        assert len(again.documents()) == 3
        again.close()
