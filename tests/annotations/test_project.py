from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
import store

from annotations import changes
from annotations.errors import (
    InputError,
    NewerFormatError,
    ReadOnlyError,
    SchemaError,
    SourceError,
    SpanError,
    StorageError,
    UnknownError,
)
from annotations.layer import Layer
from annotations.project import MARKER, Project
from annotations.records import Action, Decision, Document, Status
from annotations.storage import clock, disk
from annotations.storage.recent import Recent
from annotations.storage.roster import user_name
from annotations.text import Text


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=3)
    yield made
    made.close()


def again(project: Project, annotator: str = "anna") -> Project:
    project.close()
    return Project.open(project.root, annotator=annotator)


def statuses(project: Project) -> list[list[str]]:
    return [[one.text for one in project.layer(each)] for each in store.ids(project)]


# Making and finding


def test_a_new_project_is_a_folder_with_a_settings_file_that_can_be_read(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "notes", annotator="anna")
    assert project.schema.name == "notes"
    assert sorted(path.name for path in project.root.iterdir()) == [
        *("annotators", "project.json", MARKER),
    ]
    project.close()


def test_a_hidden_project_is_named_after_the_folder_it_is_in(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "notes" / ".purport", annotator="anna")
    assert project.schema.name == "notes"
    project.close()


def test_a_project_in_the_current_folder_is_named_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project.create(Path(), annotator="anna")
    assert project.schema.name == tmp_path.name
    project.close()


def test_making_a_project_that_is_there_opens_it(project: Project) -> None:
    marker = project.root / MARKER
    marker.write_text('name = "mine"\n', encoding="utf-8")
    other = Project.create(project.root, annotator="boris")
    assert other.schema.name == "mine"
    assert len(other.documents()) == 3
    other.close()


def test_a_file_is_no_place_for_a_project(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file"):
        Project.create(tmp_path / "file")


def test_a_folder_without_its_settings_file_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(UnknownError, match=r"has no purport\.toml"):
        Project.open(tmp_path)


def test_the_nearest_project_upward_is_found_else_the_hidden_one(tmp_path: Path) -> None:
    deep = tmp_path / "project" / "a" / "b"
    deep.mkdir(parents=True)
    assert Project.find(deep) is None
    hidden = deep / ".purport"
    Project.create(hidden, annotator="anna").close()
    assert Project.find(deep) == hidden
    Project.create(tmp_path / "project", annotator="anna").close()
    assert Project.find(deep) == tmp_path / "project"


@pytest.mark.parametrize("name", ["", "a b", "../x", ".x", "document", "x.log", "ä", "a" * 65])
def test_a_name_that_may_not_name_a_file_names_no_annotator(tmp_path: Path, name: str) -> None:
    Project.create(tmp_path, annotator="anna").close()
    if not name:
        assert Project.open(tmp_path, annotator=name).annotator == user_name()
        return
    with pytest.raises(InputError, match="cannot name an annotator"):
        Project.open(tmp_path, annotator=name)


def test_without_a_name_it_is_the_environments_else_the_systems(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "Zoë D'Arc")
    assert user_name() == "ZoDArc"
    monkeypatch.setattr("getpass.getuser", lambda: "…")
    assert user_name() == "annotator"
    monkeypatch.setenv("PURPORT_ANNOTATOR", "boris")
    assert user_name() == "boris"


# Documents


def test_the_same_text_twice_is_one_document(project: Project) -> None:
    before = project.documents()
    document = project.document(before[0].id)
    assert not project.add(Document(document.text, "another title"))
    assert project.documents() == before


def test_a_text_is_kept_exactly(project: Project) -> None:
    text = Text("\ufeffa\r\nb\rc\x0c\x85\u2028d\x00🏝️e\u0301\n\n")
    assert project.add(Document(text, "odd", "odd.txt", metadata={"n": [1, None, "ä"]}))
    found = project.document("odd")
    assert found.text == text
    assert (found.source, found.metadata) == ("odd.txt", {"n": [1, None, "ä"]})
    assert (store.folder(project, text.id) / "text.txt").read_bytes() == text.encode()


def test_half_a_character_is_refused_with_its_place(project: Project) -> None:
    before = store.contents(project.root)
    with pytest.raises(SourceError, match=r"half\.txt: character 3 is half a character"):
        project.add(Document(Text("abc\ud800"), "half", "half.txt"))
    assert store.contents(project.root) == before


def test_documents_come_in_the_order_of_adding(project: Project) -> None:
    titles = ["z", "a", "m"]
    for title in titles:
        project.add(Document(Text(f"text {title}"), title))
    assert [one.title for one in project.documents()][3:] == titles


def test_a_document_is_found_by_id_prefix_and_title(project: Project) -> None:
    one, two, _ = store.ids(project)
    assert project.resolve(one) == project.resolve(one[:6]) == project.resolve("document 0") == one
    assert project.resolve("document 1") == two
    text = Text("A harbour at dawn.")
    assert project.add(Document(text, "Dawn", source="notes/harbour-log.txt"))
    assert project.resolve("harbour-log") == project.resolve("Dawn") == text.id
    with pytest.raises(UnknownError):
        project.resolve("harbour")


def test_a_reference_that_fits_none_or_several_says_what_would_do(project: Project) -> None:
    with pytest.raises(UnknownError, match="did you mean 'document 1'"):
        project.resolve("documend 1")
    with pytest.raises(UnknownError, match="purport status lists them"):
        project.resolve("zzz")
    with pytest.raises(UnknownError):
        project.resolve("")
    project.add(Document(Text("one more"), "document 0"))
    with pytest.raises(UnknownError, match="'document 0' fits 2 documents"):
        project.resolve("document 0")


def test_a_document_that_was_half_added_is_added_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = Document(Text("a new text"), "new")
    put = disk.put

    def fails(temporary: str, path: Path) -> None:
        if path.name == "document.json":
            raise PermissionError(errno.EACCES, "for the test")
        put(temporary, path)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "put", fails)
        with pytest.raises(ReadOnlyError):
            project.add(document)
    assert not project.has(document.id)
    assert len(project.documents()) == 3
    with pytest.raises(UnknownError):
        project.document("new")
    assert project.add(document)
    assert project.document("new").text == "a new text"


# Layers


def test_a_layer_that_is_not_there_is_named_with_the_nearest(project: Project) -> None:
    (one, *_) = store.ids(project)
    with pytest.raises(UnknownError, match=f"did you mean '{store.MODEL}'"):
        project.layer(one, "toy-1.0.1")


def test_a_models_layer_may_not_take_a_persons_name(project: Project) -> None:
    (one, *_) = store.ids(project)
    store.accept(project, one, 0)
    boris = Project.open(project.root, annotator="boris")
    for other in (project, boris):
        with pytest.raises(InputError, match="'anna' is a person's layer"):
            other.replace_layer(one, Layer("anna", one, model={"package": "x"}))
    boris.close()


def test_a_models_layer_with_other_words_than_the_text_is_refused(project: Project) -> None:
    one, two, _ = store.ids(project)
    before = store.contents(project.root)
    wrong = store.suggestions(project.document(two).text)
    with pytest.raises(SpanError, match="are the offsets code points"):
        project.replace_layer(one, Layer(store.MODEL, one, wrong.annotations, model={"p": "x"}))
    assert store.contents(project.root) == before


def test_a_models_layer_of_a_later_format_is_not_overwritten(project: Project) -> None:
    """Invariant 4."""
    (one, *_) = store.ids(project)
    path = store.folder(project, one) / f"{store.MODEL}.json"
    path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 2'))
    before = store.contents(project.root)
    with pytest.raises(NewerFormatError):
        project.replace_layer(one, store.suggestions(project.document(one).text))
    assert store.contents(project.root) == before


def test_a_models_layer_that_is_replaced_is_read_again(project: Project) -> None:
    (one, *_) = store.ids(project)
    layer = project.layer(one, store.MODEL)
    assert len(layer.annotations) == 30
    fewer = dict(list(layer.annotations.items())[:5])
    other = Project.open(project.root, annotator="boris")
    other.replace_layer(one, Layer(store.MODEL, one, fewer, model=layer.model))
    other.close()
    assert len(project.layer(one, store.MODEL).annotations) == 5


def test_no_more_layers_are_held_than_memory_has_room_for(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "_ledgers", Recent(2))
    monkeypatch.setattr(project._models, "held", Recent(2))
    for one in store.ids(project):
        store.accept(project, one, 0)
        store.accept(project, one, 1)
    assert len(project._ledgers) == len(project._models.held) == 2
    assert [project.layer(one).seq for one in store.ids(project)] == [2, 2, 2]


# Undo and redo


def test_undo_and_redo_cross_documents_and_restarts(project: Project) -> None:
    """Invariant 7."""
    one, two, three = store.ids(project)
    for document, number in ((one, 0), (two, 0), (one, 1), (three, 0), (two, 1)):
        store.accept(project, document, number)
    states = [statuses(project)]
    taken: list[Decision] = []
    while decision := project.undo():
        taken.append(decision)
        states.append(statuses(project))
        project = again(project)
    assert [each.document for each in taken] == [two, three, one, two, one]
    assert {each.action for each in taken} == {Action.UNDO}
    assert states[-1] == [[], [], []]
    back = []
    while decision := project.redo():
        back.append(decision.document)
        states.pop()
        assert statuses(project) == states[-1]
        project = again(project)
    assert back == [one, two, one, three, two]
    assert project.redo() is None
    assert list(project.verify()) == []
    project.close()


def test_what_was_undone_before_a_new_decision_is_never_done_again(project: Project) -> None:
    """Invariant 7: a redo repeats the last undo, not one that somebody has decided past."""
    one, two, _ = store.ids(project)
    store.accept(project, two, 0)
    project.undo()
    store.accept(project, one, 0)
    assert project.redo() is None
    assert (undone := project.undo())
    assert undone.document == one
    assert (redone := project.redo())
    assert redone.document == one, "not the other, which was given up"
    assert project.redo() is None


def test_a_bulk_decision_is_one_undo(project: Project) -> None:
    """Invariant 7."""
    (one, *_) = store.ids(project)
    suggested = list(project.layer(one, store.MODEL).index)
    project.decide(one, Action.ACCEPT, [changes.accept(each) for each in suggested[:10]])
    assert len(project.layer(one).annotations) == 10
    assert project.layer(one).seq == 1
    undone = project.undo()
    assert undone is not None
    assert len(undone.changes) == 10
    assert project.layer(one).annotations == {}
    project.redo()
    assert len(project.layer(one).annotations) == 10


def test_a_bulk_decision_is_made_whole_or_not_at_all(project: Project) -> None:
    """Invariant 2."""
    (one, *_) = store.ids(project)
    suggested = list(project.layer(one, store.MODEL).index)
    store.accept(project, one, 5)
    before = store.contents(project.root)
    with pytest.raises(StorageError):
        project.decide(one, Action.ACCEPT, [changes.accept(each) for each in suggested[:10]])
    assert store.contents(project.root) == before


def test_undo_takes_back_finishing_and_notes_too(project: Project) -> None:
    (one, *_) = store.ids(project)
    store.accept(project, one, 0)
    (accepted,) = project.layer(one)
    project.decide(one, Action.NOTE, [changes.note(accepted, "look again")])
    project.decide(one, Action.FINISH, [changes.finish(project.layer(one).state)])
    project.undo()
    assert not project.layer(one).state.finished
    project.undo()
    (back,) = project.layer(one)
    assert (back.note, back.status) == ("", Status.ACCEPTED)
    assert back.rev == project.layer(one).seq == 5


def test_where_nothing_was_decided_nothing_is_undone(project: Project) -> None:
    assert project.undo() is None
    assert project.redo() is None


def test_nobody_undoes_what_another_decided(project: Project) -> None:
    store.accept(project, store.ids(project)[0], 0)
    boris = Project.open(project.root, annotator="boris")
    assert boris.undo() is None
    boris.close()


# Time


class Clock(datetime):
    """A clock that can be set."""

    shift = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.now(tz) + cls.shift


def test_time_rises_though_the_clock_goes_back(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 7: the order of undoing is the order of deciding."""
    monkeypatch.setattr(clock, "datetime", Clock)
    one, two, three = store.ids(project)
    at = []
    for days, document in ((0, one), (-1, two), (-400, three), (-2, one)):
        monkeypatch.setattr(Clock, "shift", timedelta(days=days))
        at.append(store.accept(project, document, days % 7).at)
        project = again(project)
    assert at == sorted(set(at))
    assert [each.document for each in project.log()] == [one, two, three, one]
    undone = [project.undo() for _ in range(4)]
    assert [each and each.document for each in undone] == [one, three, two, one]
    project.close()


def test_an_index_that_is_gone_does_not_let_time_go_back(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Invariant 3."""
    one, two, _ = store.ids(project)
    first = store.accept(project, one, 0).at
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(clock, "datetime", Clock)
    monkeypatch.setattr(Clock, "shift", timedelta(days=-1))
    project = again(project)
    assert store.accept(project, two, 0).at > first
    project.close()


# No right to write, and later formats


def forbid(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """What the system does in a folder without the right to write; a test may run as root."""
    opening, access = os.open, os.access

    def guarded(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        around = options.get("dir_fd")
        folder = Path() if around is None else Path(f"/proc/self/fd/{around}").readlink()
        is_inside = isinstance(path, (str, Path)) and (folder / path).is_relative_to(root)
        if is_inside and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opening(path, flags, *rest, **options)

    def refused(path: Any, mode: int) -> bool:
        return access(path, mode) and not (mode & os.W_OK and Path(path).is_relative_to(root))

    monkeypatch.setattr(os, "open", guarded)
    monkeypatch.setattr(os, "access", refused)


def test_reading_needs_no_right_to_write(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 4."""
    one, two, _ = store.ids(project)
    store.accept(project, one, 0)
    store.view_of(project, one).unlink()
    before = store.contents(project.root)
    forbid(monkeypatch, project.root)
    project = again(project, "boris")
    assert "No right" in project.readonly or "no right to write" in project.readonly
    project = again(project)
    assert [each.decisions for each in project.documents()] == [1, 0, 0]
    assert project.layer(one).seq == 1
    assert project.overlay(one).open == 29
    assert len(list(project.log())) == 1
    assert [finding.lost for finding in project.verify()] == [False]
    for attempt in (
        lambda: store.accept(project, two, 0),
        lambda: project.undo(),
        lambda: project.add(Document(Text("new"), "new")),
        lambda: project.replace_layer(one, store.suggestions(project.document(one).text)),
    ):
        with pytest.raises(ReadOnlyError, match="Not saved"):
            attempt()
    assert store.contents(project.root) == before
    project.close()


def test_a_folder_that_may_not_be_written_in_refuses_though_the_project_may(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = store.ids(project)
    forbid(monkeypatch, store.folder(project, one))
    with pytest.raises(ReadOnlyError, match="Not saved: no right to write"):
        store.accept(project, one, 0)
    assert store.accept(project, two, 0).seq == 1


def test_opening_needs_no_space(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 4: somebody new can look at a project on a full disk."""

    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = store.contents(project.root)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        boris = again(project, "boris")
        assert len(boris.documents()) == 3
    assert store.contents(project.root) == before
    assert store.accept(boris, store.ids(boris)[0], 0).by == "boris"
    boris.close()


def test_a_project_of_a_later_format_is_opened_to_read(project: Project) -> None:
    """Invariant 4, in a folder whose path has any words in it."""
    (one, *_) = store.ids(project)
    path = project.root / "project.json"
    path.write_bytes(path.read_bytes().replace(b'"format": 2', b'"format": 3'))
    before = store.contents(project.root)
    project = again(project, "boris")
    assert "format 3, this program knows up to 2" in project.readonly
    assert len(project.documents()) == 3
    for attempt in (
        lambda: store.accept(project, one, 0),
        lambda: project.add(Document(Text("new"), "new")),
    ):
        with pytest.raises(NewerFormatError, match="Upgrade purport to write"):
            attempt()
    assert store.contents(project.root) == before
    project.close()


def test_a_refusal_for_want_of_rights_is_not_taken_for_a_later_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = store.make(tmp_path / "formats")
    (one,) = store.ids(project)
    forbid(monkeypatch, project.root)
    project = again(project)
    with pytest.raises(ReadOnlyError):
        store.accept(project, one, 0)
    project.close()


def test_settings_of_a_later_format_are_one_line(project: Project) -> None:
    """Invariant 4."""
    (project.root / MARKER).write_text("version = 2\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"version 2; this program knows up to 1\. Upgrade"):
        Project.open(project.root, annotator="anna")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"meta": []}', b'{"meta": {"1": {"format": "x"}}}']
)
def test_a_project_file_that_is_broken_is_one_line(project: Project, content: bytes) -> None:
    path = project.root / "project.json"
    path.write_bytes(content)
    with pytest.raises((SchemaError, StorageError), match=r"project\.json"):
        Project.open(project.root, annotator="anna")


def test_nothing_that_is_read_is_executed(project: Project) -> None:
    """Invariant 8: words that would be code in a careless reader stay words."""
    code = "__import__('os').system('exit 1')"
    one = Document(Text(f"{code} !!python/object/apply:os.system"), code, code, "", {code: code})
    assert project.add(one)
    added = changes.add_claim(one.text.words(0)[0], one.text, project.schema, note=code)
    project.decide(one.id, Action.ADD, [added])
    project = again(project)
    assert project.document(one.id).title == code
    assert [each.note for each in project.layer(one.id)] == [code]
    project.close()


# History


def test_the_log_is_in_the_order_of_time_and_can_be_narrowed(project: Project) -> None:
    one, two, _ = store.ids(project)
    boris = Project.open(project.root, annotator="boris")
    store.accept(project, two, 0)
    store.accept(boris, one, 0)
    store.accept(project, one, 1)
    told = [(each.by, each.document, each.seq) for each in project.log()]
    assert told == [("anna", two, 1), ("boris", one, 1), ("anna", one, 1)]
    assert [each.by for each in project.log(one)] == ["boris", "anna"]
    assert [each.document for each in project.log(layer="anna")] == [two, one]
    assert list(project.log(two, "boris")) == []
    boris.close()


def test_every_decision_says_who_when_and_with_what(project: Project) -> None:
    (one, *_) = store.ids(project)
    earliest = datetime.now(UTC)
    decision = store.accept(project, one, 0)
    (row,) = decision.rows()
    assert datetime.fromisoformat(row["at"]) >= earliest
    assert (row["by"], row["layer"], row["document"]) == ("anna", "anna", one)
    assert (row["seq"], row["action"], row["before"]) == (1, "accept", None)
    assert row["after"]["origin"]["layer"] == store.MODEL
    assert decision.app.startswith("purport")
    (kept,) = project.log()
    assert kept == decision
