from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import store
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import changes, search
from annotations.errors import RefusedError
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Claim, Entity, State, suggestion_id
from annotations.span import Span
from annotations.storage import view
from annotations.storage.intake import Intake
from annotations.storage.summary import Summary
from annotations.storage.sweep import settled


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=3)
    first, second, _ = store.ids(made)
    store.accept(made, first, 0)
    store.accept(made, first, 1)
    made.decide(second, Action.FINISH, [changes.finish(made.layer(second).state)])
    yield made
    made.close()


def index() -> Path:
    (path,) = Path(os.environ["XDG_CACHE_HOME"]).rglob("index.sqlite")
    return path


def again(project: Project) -> list[Summary]:
    project.close()
    return project.documents()


def test_a_summary_says_where_a_document_stands(project: Project) -> None:
    one, two, three = project.documents()
    assert [one.title, two.title, three.title] == ["document 0", "document 1", "document 2"]
    assert (one.decisions, one.open, one.finished, one.state) == (2, 28, False, "doing")
    assert (two.decisions, two.open, two.finished, two.state) == (1, 30, True, "done")
    assert (three.decisions, three.open, three.finished, three.state) == (0, 30, False, "to do")
    assert one.characters == len(project.document(one.id).text)


def test_what_a_second_model_says_too_is_counted_and_found_once(project: Project) -> None:
    before = [one.open for one in project.documents()]
    for document in store.ids(project):
        layer = project.layer(document, store.MODEL)
        twins = {}
        for one in layer:
            label = "ORG" if one.text.endswith("7") else "PERSON"
            key = suggestion_id("big-1.0.0", one.kind, one.span, label)
            twins[key] = changes.suggested(replace(one, id=key, label=label), "big-1.0.0")
        project.replace_layer(document, replace(layer, name="big-1.0.0", annotations=twins))
    new = sum(one.text.endswith("7") for one in project.layer(store.ids(project)[0], store.MODEL))
    counted = [one.open for one in again(project)]
    assert counted == [one + new for one in before]
    assert counted == [project.overlay(one).open for one in store.ids(project)]
    assert project.catalogue.totals().open == sum(counted)
    assert project.catalogue.labels()["ORG"]["suggested"] == new * 3
    query = search.Query(fields={"status": ["suggested"]})
    assert sum(1 for _ in search.search(project, query)) == sum(counted)
    query = search.Query(annotator="big-1.0.0")
    assert sum(1 for _ in search.search(project, query)) == sum(before) + 2  # what it says itself


def test_what_older_rules_said_is_not_open_where_newer_ones_have_spoken(project: Project) -> None:
    before = [one.open for one in project.documents()]
    first, second, _ = store.ids(project)
    for version, document in (("2", first), ("3", first), ("2", second)):
        name, text = f"toy-1.0.0+claims-{version}", project.document(document).text
        span = Span(0, 20 + int(version))
        one = Claim(id=suggestion_id(name, "claim", span, ""), span=span, text=span.of(text))
        layer = Layer(name, document, {one.id: changes.suggested(one, name)}, model={"v": version})
        project.replace_layer(document, layer)
    counted = [one.open for one in again(project)]
    assert counted == [before[0] + 1, before[1] + 1, before[2]]
    assert counted == [project.overlay(one).open for one in store.ids(project)]
    assert project.catalogue.totals().open == sum(counted)
    query = search.Query(fields={"status": ["suggested"]})
    assert sum(1 for _ in search.search(project, query)) == sum(counted)


def test_the_index_can_be_deleted_and_comes_back_the_same(project: Project) -> None:
    """Invariant 3."""
    before = project.documents()
    project.close()
    index().unlink()
    assert project.documents() == before


def test_an_index_that_is_damaged_is_made_anew(project: Project) -> None:
    before = project.documents()
    project.close()
    index().write_bytes(b"no database at all, and long enough to be looked at" * 50)
    assert project.documents() == before


def test_an_index_of_another_version_is_made_anew(project: Project) -> None:
    before = project.documents()
    project.close()
    other = sqlite3.connect(index())
    other.executescript("drop table documents; create table documents (x); pragma user_version=1")
    other.close()
    assert project.documents() == before


def test_reading_needs_no_room_for_the_index(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Invariant 4: neither a folder for it, nor the right to write, nor space."""
    before = project.documents()
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert again(project) == before


def test_an_index_that_fills_the_disk_is_kept_in_memory(project: Project) -> None:
    """Invariant 4."""
    before = project.documents()
    project.close()
    index().unlink()
    project.catalogue.index.run("pragma max_page_count = 3")
    assert project.documents() == before
    assert project.undo() is not None


def test_what_another_process_did_is_seen(project: Project) -> None:
    other = Project.open(project.root, annotator="anna")
    third = store.ids(project)[2]
    store.accept(other, third, 4)
    assert project.documents()[2].decisions == 1
    other.replace_layer(third, store.suggestions(project.document(third).text))
    other.close()
    assert project.documents()[2].open == 29


def test_each_annotator_sees_their_own(project: Project) -> None:
    boris = Project.open(project.root, annotator="boris")
    assert [one.decisions for one in boris.documents()] == [0, 0, 0]
    assert [one.open for one in boris.documents()] == [30, 30, 30]
    assert [one.decisions for one in project.documents()] == [2, 1, 0]
    boris.close()


def test_a_document_with_a_broken_journal_is_still_listed(project: Project) -> None:
    first = store.ids(project)[0]
    path = store.journal_of(project, first)
    path.write_bytes(b"{}\n" + path.read_bytes())
    assert first in store.ids(project)


def test_a_document_that_is_gone_is_gone(project: Project) -> None:
    third = store.ids(project)[2]
    for path in store.folder(project, third).iterdir():
        path.unlink()
    store.folder(project, third).rmdir()
    assert third not in [one.id for one in project.documents()]


def test_nothing_is_counted_twice(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.documents()
    taken: list[str] = []
    whole = Intake.take_contents

    def counted(self: Intake, number: int, document_id: str) -> None:
        taken.append(document_id)
        whole(self, number, document_id)

    monkeypatch.setattr(Intake, "take_contents", counted)
    *_, third = store.ids(project)
    assert taken == []
    store.accept(project, third, 0)
    project.documents()
    assert taken == [third]


def test_an_index_in_a_folder_that_may_not_be_written_to_is_not_needed(project: Project) -> None:
    """Invariant 4."""
    before = project.documents()
    project.close()
    folder = index().parent
    index().chmod(0o444)
    folder.chmod(0o555)
    try:
        other = Project.open(project.root, annotator="anna")
        if os.access(folder, os.W_OK):  # the superuser may write anywhere
            other.catalogue.index.run("pragma query_only = on")
        store.accept(other, store.ids(other)[2], 1)
        assert other.documents()[2].decisions == before[2].decisions + 1
        other.close()
    finally:
        folder.chmod(0o755)


def test_an_index_that_is_damaged_while_it_is_open_is_done_without(project: Project) -> None:
    before = project.documents()
    project.catalogue.index.run("pragma wal_checkpoint(truncate)")
    project.close()
    data = bytearray(index().read_bytes())
    data[4096 * 2 :] = os.urandom(len(data) - 4096 * 2)
    index().write_bytes(data)
    assert project.documents() == before


def test_a_file_that_another_program_wrote_in_place_is_seen(project: Project) -> None:
    """As `cp` and an editor do: neither the folder nor the one around it gets another time."""
    third = store.ids(project)[2]
    path = store.folder(project, third) / f"{store.MODEL}.json"
    half = store.suggestions(project.document(third).text)
    for one in list(half)[:10]:
        del half.annotations[one.id]
    path.write_bytes(view.model_layer(half))
    assert project.documents()[2].open == 20


def test_with_time_for_it_every_document_is_looked_at(project: Project) -> None:
    assert project.catalogue.refresh(10)


def test_a_young_time_is_not_relied_on() -> None:
    now = 1_700_000_000_500_000_000
    assert settled(now - 5_000_000, now) == 0
    assert settled(now - 200_000_000, now) == now - 200_000_000
    assert settled(now + 200_000_000, now) == 0, "a clock that is ahead"
    coarse = now - now % 1_000_000_000 - 1_000_000_000
    assert settled(coarse, now) == 0, "a file system that counts in seconds"


def test_the_next_open_document_is_open_on_the_disk_now(project: Project) -> None:
    first, second, third = store.ids(project)
    state = project.layer(second).state
    project.decide(second, Action.FINISH, [changes.finish(state, finished=False)])
    project.catalogue.refresh(0)
    assert project.next_open(first) == second
    other = Project.open(project.root, annotator="anna")
    every = [changes.accept(one) for one in other.layer(second, store.MODEL)]
    other.decide(second, Action.ACCEPT, every)
    other.close()
    assert project.next_open(first) == third
    assert project.next_open(first, forward=False) == third
    assert project.next_open(third) == first
    assert project.next_unfinished(first) == second


def test_the_next_open_document_is_not_done_on_the_disk_now(project: Project) -> None:
    first, _, third = store.ids(project)
    assert project.next_open(first) == third
    other = Project.open(project.root, annotator="anna")
    other.decide(third, Action.FINISH, [changes.finish(State())])
    other.close()
    assert project.next_open(first) is None
    assert project.next_open(third, forward=False) == first
    assert project.catalogue.totals().open


def test_nested_entities_leave_more_suggestions_open(tmp_path: Path) -> None:
    project = store.make(tmp_path / "nested", words=6)
    (one,) = store.ids(project)
    text = project.document(one).text
    over = changes.add_entity(Span(0, text.words(0)[2].end), "ORG", text, project.schema)
    project.decide(one, Action.ADD, [over])
    assert project.documents()[0].open == 3
    project.close()
    marker = tmp_path / "nested" / "purport.toml"
    words = marker.read_text(encoding="utf-8")
    marker.write_text(words.replace("nested = false", "nested = true"), encoding="utf-8")
    again = Project.open(tmp_path / "nested", annotator="anna")
    assert again.schema.nested
    assert again.documents()[0].open == 6
    again.close()


TABLES = {
    "documents": "id, shard, added_at, title, source, characters, suggested, taken",
    "layers": "(select id from documents where number = document), name, is_model, finished, "
    "decisions, at, made_at, undo_at, undone_at, settled",
    "annotations": "(select id from documents where number = document), layer, id, start, end, "
    "label, stance, certainty, holder, status, words, note",
    "settled": "(select id from documents where number = document), name, id, label",
    "tally": "layer, label, status, count",
    "queue": "reader, kind, added_at, id",
}


def rows(project: Project) -> dict[str, list[tuple[object, ...]]]:
    """What the index says, without what only tells when it was said."""
    run = project.look().index.run
    found = {name: run(f"select {what} from {name}").fetchall() for name, what in TABLES.items()}
    found["tally"] = [row for row in found["tally"] if row[3]]
    return {name: sorted(map(repr, each)) for name, each in found.items()}  # type: ignore[misc]


STEPS = st.tuples(
    st.sampled_from(["anna", "boris"]),
    st.sampled_from(["accept", "reject", "relabel", "add", "claim", "finish", "undo", "redo", "again", "look"]),
    st.integers(0, 2),
    st.integers(0, 5),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_the_index_says_what_one_made_anew_would_say(
    steps: list[tuple[str, str, int, int]],
) -> None:
    """Invariant 3, for two who decide in turn and each follow the other."""
    with tempfile.TemporaryDirectory() as name:
        people = {"anna": store.make(Path(name) / "project", documents=3, words=6)}
        people["boris"] = Project.open(Path(name) / "project", annotator="boris")
        keys = people["anna"].order()
        for who, what, place, number in steps:
            with suppress(RefusedError):
                take(people[who], what, keys[place], number)
        for one in people.values():
            one.catalogue.refresh(0)  # what purport did needs no longer look than this
            one.catalogue.fill()
        followed = rows(people["anna"])
        people["anna"].catalogue.index.to_memory()
        people["anna"].catalogue._set_up()
        anew = rows(people["anna"])
        anew["queue"] = [row for row in anew["queue"] if "anna" in row]
        followed["queue"] = [row for row in followed["queue"] if "anna" in row]
        for one in people.values():
            one.close()
        assert followed == anew


def take(project: Project, what: str, key: str, number: int) -> None:
    """Do one of `STEPS`."""
    seen = list(project.overlay(key).index)
    found = seen[number % len(seen)]
    text = project.document(key).text
    word = text.words(0)[number]
    if what in ("accept", "reject"):
        project.decide(key, Action(what), [getattr(changes, what)(found)])
    elif what == "relabel" and isinstance(found, Entity):
        project.decide(key, Action.RELABEL, [changes.relabel(found, "ORG", project.schema)])
    elif what == "add":
        project.decide(key, Action.ADD, [changes.add_entity(word, "GPE", text, project.schema)])
    elif what == "claim":
        project.decide(key, Action.ADD, [changes.add_claim(word, text, project.schema)])
    elif what == "finish":
        state = project.layer(key).state
        project.decide(key, Action.FINISH, [changes.finish(state, finished=not state.finished)])
    elif what == "again":
        half = store.suggestions(text)
        for one in list(half)[:number]:
            del half.annotations[one.id]
        project.replace_layer(key, half)
    elif what == "look":
        project.next_open(key)
        project.documents()
    elif what in ("undo", "redo"):
        getattr(project, what)()


def test_two_processes_make_one_index_at_once(tmp_path: Path) -> None:
    project = store.make(tmp_path / "project", documents=12, words=8)
    project.close()
    for path in index().parent.iterdir():
        path.unlink()
    code = (
        "import sys; from pathlib import Path; from annotations.project import Project\n"
        "one = Project.open(Path(sys.argv[1]), annotator=sys.argv[2])\n"
        "print(sum(each.open for each in one.documents())); one.close()"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(project.root), name],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for name in ("anna", "boris", "anna")
    ]
    assert [int(one.communicate()[0]) for one in running] == [96, 96, 96]
    followed = rows(project)
    project.catalogue.index.to_memory()
    project.catalogue._set_up()
    anew = rows(project)
    followed["queue"] = [row for row in followed["queue"] if "anna" in row]
    assert followed == anew
    project.close()
