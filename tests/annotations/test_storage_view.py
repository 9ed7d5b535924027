from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import store
from tinydb import Query, TinyDB

from annotations import changes
from annotations.errors import CorruptError, NewerFormatError, StorageError
from annotations.project import Project
from annotations.records import Action
from annotations.storage import layer_view, view


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", words=130)
    yield made
    made.close()


@pytest.fixture
def document(project: Project) -> str:
    return store.ids(project)[0]


def test_plain_tinydb_opens_every_json_file_of_a_project(project: Project, document: str) -> None:
    text = project.document(document).text
    store.accept(project, document, 0)
    added = changes.add_claim(text.words(0)[3], text, project.schema)
    project.decide(document, Action.ADD, [added])
    files = sorted(project.root.rglob("*.json"))
    assert [path.name for path in files] == [
        "anna.json",
        "anna.json",
        "document.json",
        f"{store.MODEL}.json",
        "project.json",
    ]
    for path in files:
        # Opened as people do, with nothing but the path.
        with TinyDB(path) as database:
            assert {name: len(database.table(name)) for name in database.tables()} == {
                name: len(table) for name, table in json.loads(path.read_bytes()).items()
            }
            assert sum(len(database.table(name)) for name in database.tables())
    with TinyDB(store.view_of(project, document)) as database:
        (entity,) = database.table("entities").search(Query().label == "PERSON")
        assert entity["text"] == "word0"
        assert [row["action"] for row in database.table("decisions")] == ["accept", "add"]
        assert database.table("claims").all()[0]["text"] == "word3"
        assert database.table("meta").all()[0]["seq"] == 2


def test_a_view_has_one_record_a_line_so_that_a_comparison_shows_what_changed(
    project: Project, document: str
) -> None:
    for number in (5, 1, 9):
        store.accept(project, document, number)
    path = store.view_of(project, document)
    before = path.read_text(encoding="utf-8").split("\n")
    project.decide(
        document,
        Action.RELABEL,
        [changes.relabel(list(project.layer(document))[1], "ORG", project.schema)],  # type: ignore[arg-type]
    )
    after = path.read_text(encoding="utf-8").split("\n")
    changed = [new for new in after if new not in before]
    assert next(line for line in before if '"word5"' in line) in after
    # Its own line, the meta record, the decision, and the comma that the last decision gained.
    assert len(changed) == 4
    numbers = [json.loads(f"{{{line.rstrip(',')}}}") for line in after if '"status"' in line]
    assert [next(iter(one)) for one in numbers][:3] == ["1", "2", "3"]


def test_a_view_repeats_the_last_decisions_and_no_more(project: Project, document: str) -> None:
    for number in range(layer_view.RECENT + 5):
        store.accept(project, document, number)
    decisions = store.tinydb_tables(store.view_of(project, document))["decisions"]
    assert [one["seq"] for one in decisions] == list(range(6, layer_view.RECENT + 6))


def test_a_models_layer_is_read_as_it_was_written(project: Project, document: str) -> None:
    held = view.load(store.folder(project, document) / f"{store.MODEL}.json")
    assert held == store.suggestions(project.document(document).text)


def test_the_meta_record_is_read_without_the_rest(project: Project, document: str) -> None:
    store.accept(project, document, 0)
    path = store.view_of(project, document)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(lines[:4]))
    found = view.meta(path)
    assert found is not None
    assert (found["layer"], found["document"], found["seq"]) == ("anna", document, 1)
    with pytest.raises(CorruptError):
        view.load(path)


def test_a_view_that_another_tool_laid_out_is_read_too(project: Project, document: str) -> None:
    store.accept(project, document, 0)
    path = store.view_of(project, document)
    about, layer = view.meta(path), view.load(path)
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=4), encoding="utf-8")
    assert view.meta(path) == about
    assert view.load(path) == layer


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"meta": []}',
        b'{"meta": {"1": {}}}',
        b'{"meta": {"1": {"format": "one"}}}',
        b'{"meta": {"1": {"format": 1}}}',
        b'{"meta": {"1": {"format": 1, "layer": "m", "document": "d"}}, "entities": {"1": {}}}',
        b"[" * 100_000,
    ],
)
def test_a_file_that_is_no_layer_is_one_line_with_the_path(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "layer.json"
    path.write_bytes(content)
    with pytest.raises(CorruptError) as caught:
        view.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_layer_of_a_later_format_is_named(tmp_path: Path) -> None:
    """Invariant 4."""
    path = tmp_path / "layer.json"
    path.write_bytes(b'{"meta": {"1": {"format": 2}}}')
    for read in (view.load, view.meta):
        with pytest.raises(NewerFormatError, match="format 2; this program knows up to 1"):
            read(path)


def test_a_file_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert view.read(tmp_path / "none") is None
    assert view.meta(tmp_path / "none") is None
    assert view.load(tmp_path / "none") is None


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    for read in (view.read, view.meta, view.load):
        with pytest.raises(StorageError, match="it is a folder, not a plain file"):
            read(tmp_path)


def test_a_tinydb_over_the_atomic_storage_keeps_what_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    with view.database(path) as database:
        database.table("rows").insert_multiple([{"name": "ä\u2028"}, {"name": "🏝️"}])
    with TinyDB(path, encoding="utf-8") as database:
        assert [row["name"] for row in database.table("rows")] == ["ä\u2028", "🏝️"]
    assert list(tmp_path.iterdir()) == [path]
