"""One annotator's journal that went on in two ways: recognised, kept whole, and joined."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import store
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations import changes, custody
from annotations.errors import (
    CorruptError,
    ForkedError,
    InputError,
    PurportError,
    RefusedError,
    UnknownError,
)
from annotations.project import Project
from annotations.records import Action, Change, Entity
from annotations.span import Span
from annotations.storage import journal


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "one", documents=2)
    yield made
    made.close()


@pytest.fixture
def document(project: Project) -> str:
    return store.ids(project)[0]


def clone(project: Project) -> Project:
    """The same project a second time, with a life of its own from here on."""
    place = project.root.with_name("two")
    shutil.copytree(project.root, place)
    return Project.open(place, annotator="anna")


def opened(project: Project) -> Project:
    return Project.open(project.root, annotator="anna")


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1]


def merged(ours: Path, theirs: Path, how: str) -> bytes:
    """A journal as git leaves it where both sides went on."""
    one, two = lines(ours), lines(theirs)
    common = 0
    while common < min(len(one), len(two)) and one[common] == two[common]:
        common += 1
    head, first, second = one[:common], one[common:], two[common:]
    parts = {
        "markers": [*head, b"<<<<<<< HEAD", *first, b"=======", *second, b">>>>>>> theirs"],
        "diff3": [
            *(*head, b"<<<<<<< HEAD", *first, b"||||||| base", b"=======", *second),
            b">>>>>>> theirs",
        ],
        "union": [*head, *first, *second],
        "mixed": [*head, *first[:1], *second, *first[1:]],
    }[how]
    return b"".join(raw + b"\n" for raw in parts)


def two_sides(project: Project, document: str) -> Project:
    """Three decisions that are common, two on this side, and three on the other, which comes back."""
    for word in range(3):
        store.accept(project, document, word)
    other = clone(project)
    for word in (3, 4):
        store.accept(project, document, word)
    for word in (5, 6, 7):
        store.accept(other, document, word)
    return other


HOW = ["markers", "diff3", "union", "mixed"]


@pytest.mark.parametrize("how", HOW)
def test_a_fork_is_called_a_fork_and_hides_no_other_document(
    project: Project, document: str, how: str
) -> None:
    other = two_sides(project, document)
    path = store.journal_of(project, document)
    path.write_bytes(merged(path, store.journal_of(other, document), how))
    before = path.read_bytes()
    again = opened(project)
    with pytest.raises(ForkedError) as caught:
        again.layer(document)
    words = str(caught.value)
    assert words.startswith(str(path))
    assert "3 decisions are common; then 2 follow on the first side and 3 on the other" in words
    assert "purport doctor DOC --layer anna --join" in words
    assert ("conflict markers" in words) == (how in ("markers", "diff3"))
    with pytest.raises(ForkedError):
        store.accept(again, document, 9)
    second = store.ids(again)[1]
    assert store.accept(again, second, 0).seq == 1
    assert [one.id for one in again.documents()] == [document, second]
    assert [one.lost for one in again.verify()] == [True]
    assert path.read_bytes() == before
    again.close()


@pytest.mark.parametrize("how", HOW)
def test_a_join_keeps_one_side_to_the_byte_and_every_decision_of_the_other(
    project: Project, document: str, how: str
) -> None:
    other = two_sides(project, document)
    path, theirs = store.journal_of(project, document), store.journal_of(other, document)
    ours = path.read_bytes()
    path.write_bytes(merged(path, theirs, how))
    forked = path.read_bytes()
    again = opened(project)
    joined = custody.join(again, document, "anna")
    assert (joined.kept, joined.added, joined.notes) == (5, 3, [])
    assert path.read_bytes().startswith(ours)
    assert joined.copy.read_bytes() == forked
    assert [one.text for one in again.layer(document)] == [f"word{number}" for number in range(8)]
    assert list(again.verify()) == []
    assert store.accept(again, document, 9).seq == 9
    last = journal.read(path)[0][-2]
    assert (last.by, last.action) == ("anna", Action.ACCEPT)
    assert last.reason.startswith("joined; decided 2")
    with pytest.raises(InputError, match="there is nothing to join"):
        custody.join(again, document, "anna")
    again.close()


def test_a_join_can_be_undone_decision_by_decision(project: Project, document: str) -> None:
    other = two_sides(project, document)
    path = store.journal_of(project, document)
    path.write_bytes(merged(path, store.journal_of(other, document), "union"))
    again = opened(project)
    custody.join(again, document, "anna")
    for _ in range(8):
        assert again.undo() is not None
    assert list(again.layer(document)) == []
    assert list(again.verify()) == []
    again.close()


def test_of_a_record_that_both_sides_changed_the_later_decision_holds_and_it_is_named(
    project: Project, document: str
) -> None:
    for word in (0, 1):
        store.accept(project, document, word)
    other = clone(project)
    first, second = list(project.layer(document))

    def relabel(where: Project, one: Entity, label: str) -> None:
        change = changes.relabel(one, label, where.schema)
        where.decide(document, Action.RELABEL, [change])

    assert isinstance(first, Entity)
    assert isinstance(second, Entity)
    relabel(project, first, "ORG")
    relabel(other, second, "GPE")
    relabel(other, first, "GPE")  # later than the other side's
    relabel(project, second, "ORG")  # later, too
    path = store.journal_of(project, document)
    path.write_bytes(merged(path, store.journal_of(other, document), "markers"))
    again = opened(project)
    joined = custody.join(again, document, "anna")
    labels = {one.text: one.label for one in again.layer(document) if isinstance(one, Entity)}
    assert labels == {"word0": "GPE", "word1": "ORG"}
    assert [one.partition(" ")[0] for one in joined.notes] == ["'word1'", "'word0'"]
    assert all("both sides changed it; the later decision" in one for one in joined.notes)
    assert list(again.verify()) == []
    again.close()


def test_what_the_other_side_has_and_cannot_be_kept_is_named(
    project: Project, document: str
) -> None:
    other = clone(project)
    text = project.document(document).text

    def add(where: Project, span: Span) -> None:
        where.decide(document, Action.ADD, [changes.add_entity(span, "ORG", text, where.schema)])

    add(project, Span(0, 11))
    add(other, Span(6, 17))  # overlaps it
    add(other, Span(30, 35))
    path = store.journal_of(project, document)
    path.write_bytes(merged(path, store.journal_of(other, document), "union"))
    again = opened(project)
    joined = custody.join(again, document, "anna")
    assert (joined.kept, joined.added) == (1, 1)
    (note,) = joined.notes
    assert "decision 1 of the other side" in note
    assert "left out: it would overlap 'word0 word1' ORG" in note
    assert {one.span for one in again.layer(document)} == {Span(0, 11), Span(30, 35)}
    assert list(again.verify()) == []
    again.close()


def test_an_undo_of_the_other_side_is_joined_as_what_it_left(
    project: Project, document: str
) -> None:
    for word in range(2):
        store.accept(project, document, word)
    other = clone(project)
    store.accept(project, document, 2)
    store.accept(other, document, 3)
    other.undo()
    other.undo()  # of a decision that both sides have
    other.redo()
    other.undo()
    path = store.journal_of(project, document)
    path.write_bytes(merged(path, store.journal_of(other, document), "union"))
    again = opened(project)
    assert custody.join(again, document, "anna").added == 5
    assert [one.text for one in again.layer(document)] == ["word0", "word2"]
    assert list(again.verify()) == []
    again.close()


def test_markers_around_nothing_and_repeated_lines_are_put_right(
    project: Project, document: str
) -> None:
    for word in range(3):
        store.accept(project, document, word)
    path = store.journal_of(project, document)
    whole = path.read_bytes()
    rows = lines(path)
    for spoilt in (
        b"\n".join([*rows, rows[-1], b""]),
        b"\n".join([*rows[:2], b"<<<<<<< HEAD", rows[2], b"=======", rows[2], b">>>>>>> x", b""]),
    ):
        path.write_bytes(spoilt)
        again = opened(project)
        with pytest.raises(ForkedError, match="3 decisions are common; none differs"):
            again.layer(document)
        joined = custody.join(again, document, "anna")
        assert (joined.kept, joined.added) == (3, 0)
        assert path.read_bytes() == whole
        again.close()


def test_damage_is_not_taken_for_a_fork(project: Project, document: str) -> None:
    other = two_sides(project, document)
    path = store.journal_of(project, document)
    data = merged(path, store.journal_of(other, document), "union")
    path.write_bytes(data.replace(b'"seq":4', b'"seq":9', 1))
    with pytest.raises(CorruptError, match="does not match its hash") as caught:
        opened(project).layer(document)
    assert not isinstance(caught.value, ForkedError)
    with pytest.raises(InputError, match="there is nothing to join"):
        custody.join(opened(project), document, "anna")
    with pytest.raises(UnknownError):
        custody.join(opened(project), document, "nobody")


def test_a_redaction_on_one_side_is_not_joined(project: Project, document: str) -> None:
    store.accept(project, document, 0)
    other = clone(project)
    store.accept(project, document, 1)
    list(custody.redact(other, document, "asked"))
    path = store.journal_of(project, document)
    path.write_bytes(merged(path, store.journal_of(other, document), "union"))
    before = store.contents(path.parent)
    with pytest.raises(PurportError):
        custody.join(opened(project), document, "anna")
    assert store.contents(path.parent) == before


@pytest.mark.parametrize("how", HOW)
def test_no_command_that_mends_loses_a_line_of_either_side(
    project: Project, document: str, how: str
) -> None:
    other = two_sides(project, document)
    path, theirs = store.journal_of(project, document), store.journal_of(other, document)
    every = {*lines(path), *lines(theirs)}
    path.write_bytes(merged(path, theirs, how))
    view = store.view_of(project, document)
    view.write_bytes(b"<<<<<<< HEAD\n" + view.read_bytes() + b"=======\n>>>>>>> theirs\n")
    again = opened(project)

    def there() -> set[bytes]:
        return {raw for one in path.parent.iterdir() for raw in one.read_bytes().split(b"\n")}

    for attempt in (
        lambda: custody.adopt(again, document),
        lambda: custody.discard(again, document),
        lambda: custody.salvage(again, document, "anna", "saved"),
        lambda: custody.join(again, document, "anna"),
    ):
        with suppress(PurportError):
            attempt()
        assert every <= there()
    assert [one for one in again.verify() if one.lost] == []
    again.close()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from("axrlu"), st.integers(0, 5)), max_size=16),
    st.sampled_from(HOW),
)
def test_any_two_sides_can_be_joined(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, str, int]], how: str
) -> None:
    project = store.make(tmp_path_factory.mktemp("fork") / "one", words=6)
    (document,) = store.ids(project)
    store.accept(project, document, 0)
    other = clone(project)
    for is_ours, what, number in steps:
        where = project if is_ours else other
        suggested = list(where.layer(document, store.MODEL).index)[number]
        one = where.layer(document).annotations.get(suggested.id, suggested)
        assert isinstance(one, Entity)
        try:
            match what:
                case "a":
                    where.decide(document, Action.ACCEPT, [changes.accept(one)])
                case "x":
                    where.decide(document, Action.REJECT, [changes.reject(one)])
                case "r" if one.id in where.layer(document).annotations:
                    where.decide(document, Action.REMOVE, [Change(one, None)])
                case "l":
                    change = changes.relabel(one, "ORG", where.schema)
                    where.decide(document, Action.RELABEL, [change])
                case "u":
                    where.undo()
        except RefusedError:
            continue
    path, theirs = store.journal_of(project, document), store.journal_of(other, document)
    ours, others = lines(path), lines(theirs)
    path.write_bytes(merged(path, theirs, how))
    again = opened(project)
    if custody.forked(again, "anna"):
        joined = custody.join(again, document, "anna")
        kept = lines(path)[: joined.kept]
        assert kept in (ours, others)
        assert {*ours, *others} <= {*lines(joined.copy)}
    assert custody.forked(again, "anna") == []
    assert [one for one in again.verify() if one.lost] == []
    for one in (again, project, other):
        one.close()


# Git itself


git = shutil.which("git")


def run_git(place: Path, *arguments: str, fails: bool = False) -> None:
    assert git
    names = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    done = subprocess.run([git, *names, *arguments], cwd=place, capture_output=True, check=False)
    assert bool(done.returncode) == fails, done.stderr


@pytest.mark.skipif(git is None, reason="git is not installed")
@pytest.mark.parametrize("is_union", [False, True])
def test_what_git_merges_is_joined(project: Project, document: str, is_union: bool) -> None:
    if is_union:
        (project.root / ".gitattributes").write_text("*.log merge=union\n")
    store.accept(project, document, 0)
    run_git(project.root, "init", "-q", "-b", "main")
    run_git(project.root, "add", "-A")
    run_git(project.root, "commit", "-q", "-m", "base")
    run_git(project.root, "clone", "-q", ".", "../two")
    other = Project.open(project.root.with_name("two"), annotator="anna")
    for word in (1, 2):
        store.accept(project, document, word)
    for word in (3, 4, 5):
        store.accept(other, document, word)
    for one in (project, other):
        run_git(one.root, "commit", "-q", "-a", "-m", "work")
    run_git(other.root, "pull", "-q", "--no-rebase", "--no-edit", fails=True)
    again = opened(other)
    assert custody.forked(again, "anna") == [document]
    joined = custody.join(again, document, "anna")
    assert joined.kept + joined.added == 6
    assert custody.forked(again, "anna") == []
    assert {one.text for one in again.layer(document)} == {f"word{number}" for number in range(6)}
    assert list(again.verify()) == []
    run_git(other.root, "add", "-A")
    run_git(other.root, "commit", "-q", "-m", "joined")
    # The first clone takes the joined journal over as it is.
    run_git(project.root, "pull", "-q", "--no-edit", "../two", "main")
    assert len(opened(project).layer(document).annotations) == 6
    for one in (again, other):
        one.close()
