"""The history of an annotation: each decision with who, when, from what to what, on what."""

from __future__ import annotations

from pathlib import Path

import pytest
import store
from screen_host import SIZES, Host

from annotations import changes, custody
from annotations.project import Project
from annotations.records import Action
from annotations.span import Span
from tui.app import PurportApp
from tui.screens.history import HistoryScreen


def decided(root: Path) -> Project:
    project = store.make(root)
    (one,) = store.ids(project)
    store.accept(project, one, 0)
    store.accept(project, one, 1)
    first = project.layer(one).entities[0]
    project.decide(one, Action.RELABEL, [changes.relabel(first, "ORG", project.schema)])
    first = project.layer(one).entities[0]
    project.decide(one, Action.NOTE, [changes.note(first, "a firm")])
    project.undo()
    return project


def told(project: Project, number: int, cells: int) -> list[str]:
    (one,) = store.ids(project)
    here = project.layer(one).entities[number]
    screen = HistoryScreen(here, project.log(one, "anna"), "H")
    return ["".join(words for words, _ in row) for row in screen._rows(cells)]


def test_each_decision_tells_from_what_to_what(tmp_path: Path) -> None:
    project = decided(tmp_path / "project")
    lines = told(project, 0, 200)
    together = "\n".join(lines)
    assert lines[0] == "word0"
    assert "suggested PERSON by toy-1.0.0, score .50, 0-5" in together
    at = [one.at[:19].replace("T", " ") for one in project.log()]
    assert f"1  {at[0]}  anna accept" in together
    assert f"3  {at[2]}  anna relabel" in together
    assert "PERSON, accepted, word0 (0-5) → ORG, corrected, word0 (0-5)" in together
    assert "note: a firm" in together
    assert f"5  {at[4]}  anna undo of decision 4" in together
    assert f"2  {at[1]}" not in together, "that was another annotation"
    project.close()


def test_a_claims_suggestion_is_told_in_words(tmp_path: Path) -> None:
    project = store.make(tmp_path / "project")
    span = Span(0, 11)
    text = project.document(store.ids(project)[0]).text
    blank = project.schema.blank_claim(
        id="c1", span=span, text=span.of(text), time="past_or_present"
    )
    claim = changes.suggested(blank, "claims")
    screen = HistoryScreen(claim, (), "H")
    rows = "\n".join("".join(words for words, _ in row) for row in screen._rows(200))
    assert "suggested affirms, certain, assertion, past or present by claims" in rows
    project.close()


@pytest.mark.parametrize("cells", [38, 78, 198])
def test_no_row_is_too_long(tmp_path: Path, cells: int) -> None:
    project = decided(tmp_path / "project")
    assert max(map(len, told(project, 0, cells))) <= cells
    project.close()


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_is_left_again(tmp_path: Path, size: tuple[int, int]) -> None:
    project = decided(tmp_path / "project")
    (one,) = store.ids(project)
    app = Host(HistoryScreen(project.layer(one).entities[0], project.log(one), "H"))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert app.seen()[0].startswith(" History")
        assert app.seen()[1].strip() == "word0"
        await pilot.press("escape")
        await pilot.pause()
        assert app.returned is None
    project.close()


async def test_a_key_in_the_reader_opens_it(tmp_path: Path) -> None:
    project = decided(tmp_path / "project")
    app = PurportApp(project, suggesting=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("tab", "shift+tab", "H")
        await pilot.pause()
        assert isinstance(app.screen, HistoryScreen)


async def test_damage_and_edits_by_hand_are_told_when_the_document_opens(tmp_path: Path) -> None:
    """The reader opens read-only on what is good, and names the last good decision."""
    project = decided(tmp_path / "project")
    (one,) = store.ids(project)
    project.close()
    path = store.journal_of(project, one)
    path.write_bytes(path.read_bytes().replace(b'"seq":5,', b'"seq":6,'))
    app = PurportApp(Project.open(project.root, annotator="anna"), suggesting=False)
    async with app.run_test(size=(200, 24)) as pilot:
        await pilot.pause()
        said = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "decision 5 does not match its hash" in said
        assert "read-only" in said
        assert app.reader.reading is not None
        before = path.read_bytes()
        await pilot.press("n", "a")
        await pilot.pause()
        assert path.read_bytes() == before
        assert app.reader._saved == "NOT SAVED"


async def test_a_redacted_document_is_passed_over(tmp_path: Path) -> None:
    project = store.make(tmp_path / "project", documents=3)
    one, two, three = store.ids(project)
    list(custody.redact(project, two, "asked"))
    app = PurportApp(project, suggesting=False, start=one)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(">")
        await pilot.pause()
        assert app.reader.reading is not None
        assert app.reader.reading.document.id == three
        await pilot.press("<")
        await pilot.pause()
        assert app.reader.reading.document.id == one
        app.reader.open(two)
        await pilot.pause()
        assert app.reader.reading.document.id == one
        assert "was redacted by anna" in app.reader._message[0][0]


async def test_a_project_of_redacted_documents_says_so(tmp_path: Path) -> None:
    project = store.make(tmp_path / "project")
    list(custody.redact(project, store.ids(project)[0], "asked"))
    app = PurportApp(project, suggesting=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.reader.detail.words.startswith("Every document was redacted.")
