"""The real reader: what it shows, where it goes, what it keeps, and what it withstands."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
import scenes
from driver import reading
from textual.command import CommandPalette
from textual.widgets import Input

from annotations import changes
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Annotation, Claim, Document, Entity, Status, suggestion_id
from annotations.span import Span
from annotations.text import Text
from tui.place import Places
from tui.suggester import Suggested, SuggestingStopped
from tui.widgets.prompt import Prompt


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two sample documents with suggestions, and one without any between them."""
    return scenes.bare(tmp_path / "project", scenes.SUMMIT, scenes.MINUTES, scenes.LIGHTHOUSE)


@pytest.fixture
def begun(tmp_path: Path) -> Project:
    """Every sample document, with decisions of each kind."""
    return scenes.build(tmp_path / "project")


def another(project: Project) -> Project:
    """The same project as another terminal has it open."""
    return Project.open(project.root, annotator=project.annotator)


def of_words(project: Project, words: str, title: str = scenes.SUMMIT) -> Annotation:
    """What a fresh look at the project finds on the first of these words."""
    document = another(project).document(title)
    span = document.text.occurrences(words)[0]
    found = another(project).overlay(document.id).index.between(span.start, span.end)
    return next(one for one in found if one.span == span)


def written(folder: Path, text: str, *entities: tuple[str, str]) -> Project:
    """A project of one text, with a suggestion on the first of each of these words."""
    project = Project.create(folder, annotator=scenes.ANNOTATOR)
    document = Document(Text(text), title="a text")
    project.add(document)
    made: dict[str, Annotation] = {}
    for words, label in entities:
        start = text.index(words)
        span = Span(start, start + len(words))
        key = suggestion_id(scenes.MODEL, Entity.kind, span, label)
        entity = Entity(id=key, span=span, text=words, label=label)
        made[key] = changes.suggested(entity, scenes.MODEL)
    layer = Layer(scenes.MODEL, document.id, made, model={"package": "toy", "version": "1"})
    project.replace_layer(document.id, layer)
    return project


# Opening


async def test_the_first_open_suggestion_is_the_current_one(begun: Project) -> None:
    async with reading(begun) as reader:
        assert reader.current.text == "two"
        assert reader.current.status is Status.SUGGESTED
        assert "The two NUM? presidents" in reader.page
        assert "two NUM suggested" in reader.said
        assert f"1 of {len(begun.order())} · {reader.reading.overlay.open} open" in reader.status
        assert reader.status.endswith("anna · saved")


async def test_every_status_has_a_mark_of_its_own_in_the_text(begun: Project) -> None:
    async with reading(begun, (80, 40)) as reader:
        for shown in (
            "Moscow GPE?",
            "Anchorage GPE✓",
            "Trump PER±",
            "Elmendorf-Richardson FAC±",
            "Bering Strait LOC+",
            "Lend-Lease ORG×",
        ):
            assert shown in reader.page
        await reader.point("formal agreements")
        row = next(row for row in reader.page.split("\n") if "No formal agreements" in row)
        assert row.startswith("¬~+")


async def test_an_empty_project_says_how_to_fill_it(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project", annotator="anna")
    async with reading(project) as reader:
        assert "purport add PATH" in reader.text
        keys = [one.key for one in reader.screen.commands if one.key]
        for key in keys:
            if key not in ("q", ":", "?", "j"):
                await reader.press(key)
        await reader.press("1")
        assert reader.said == "There is no document open."
        await reader.press("d")
        assert reader.said == "There is no document open."
        assert reader.journal() == []


async def test_an_empty_project_can_be_left(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project", annotator="anna")
    async with reading(project) as reader:
        await reader.press("q")
        assert reader.pilot.app._exit


async def test_a_document_that_cannot_be_read_is_named_and_takes_nothing_down(
    project: Project,
) -> None:
    async with reading(project) as reader:
        second = project.order()[1]
        text = project.root / "documents" / second[:2] / second / "text.txt"
        text.chmod(0o644)
        text.write_text("other words")
        await reader.press(">")
        assert second in reader.said
        assert reader.reading.document.title == scenes.SUMMIT


# Going on


async def test_next_goes_on_in_the_next_document_that_has_open_suggestions(
    project: Project,
) -> None:
    async with reading(project) as reader:
        *_, last = reader.reading.overlay.index
        reader.reading.go(last)
        await reader.press("n")
        assert reader.reading.document.title == scenes.MINUTES
        first = reader.current
        assert first == next(iter(reader.reading.overlay.index))
        await reader.press("p")
        assert reader.reading.document.title == scenes.SUMMIT
        assert reader.current.id == last.id


async def test_next_says_so_when_nothing_is_open_anywhere(tmp_path: Path) -> None:
    project = written(tmp_path / "project", "Arvel left.", ("Arvel", "PERSON"))
    async with reading(project) as reader:
        await reader.press("a")
        assert "No open suggestions left here" in reader.said
        await reader.press("n")
        assert reader.said == "No open suggestions are left in any document."


async def test_tab_goes_over_what_is_decided_too_and_stops_at_the_ends(begun: Project) -> None:
    async with reading(begun) as reader:
        await reader.press("shift+tab")
        assert (reader.current.text, reader.current.status) == ("Friday", Status.ACCEPTED)
        await reader.press("tab", "tab")
        assert reader.current.text == "Trump"
        reader.reading.go(next(iter(reader.reading.overlay.index)))
        await reader.press("shift+tab")
        assert reader.said == "That is the first annotation here."
        assert reader.current.text == "Putin"


async def test_pages_turn_and_the_cursor_goes_along(project: Project) -> None:
    async with reading(project) as reader:
        before = reader.page
        await reader.press("f")
        assert reader.page != before
        seen = reader.screen.page.visible_span()
        assert seen.start <= reader.reading.cursor.start < seen.end
        await reader.press("b")
        assert reader.page == before


async def test_up_and_down_keep_to_a_column(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("presidents")
        start = reader.reading.cursor
        await reader.press("down", "up")
        assert reader.reading.cursor == start


async def test_documents_are_turned_in_order_and_the_ends_are_named(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("<")
        assert reader.said == "That is the first document."
        await reader.press(">", ">", ">")
        assert reader.said == "That is the last document."
        assert reader.reading.document.title == scenes.LIGHTHOUSE


async def test_a_document_is_done_and_can_be_opened_again(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("e")
        assert "open suggestions were left in the one before" in reader.said
        await reader.press("<")
        assert " · done · " in reader.status
        await reader.press("E")
        assert " · done · " not in reader.status
        await reader.press("E")
        assert reader.said == "This document is not marked done."
        assert [one.action for one in reader.journal()] == [Action.FINISH, Action.FINISH]


async def test_when_every_document_is_done_it_says_so(tmp_path: Path) -> None:
    project = written(tmp_path / "project", "Arvel left.")
    async with reading(project) as reader:
        await reader.press("e")
        assert reader.said == "Every document is done."
        assert " · done · " in reader.status


# Searching


async def test_search_shows_each_place_and_enter_stays_there(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        await reader.type("moscow")
        places = len(reader.reading.text.occurrences("Moscow"))
        assert reader.said == f"“moscow”: 1 of {places}"
        await reader.press("enter")
        assert reader.current.text == "Moscow"
        assert not reader.screen.prompt.is_asking


async def test_enter_on_nothing_goes_to_the_next_place(project: Project) -> None:
    async with reading(project) as reader:
        places = reader.reading.text.occurrences("Moscow")
        await reader.press("/")
        await reader.type("moscow")
        await reader.press("enter")
        for number in (2, 3, 4):
            await reader.press("/", "enter")
            assert reader.reading.cursor == places[number - 1]
            assert reader.said == f"“moscow”: {number} of {len(places)}"
        for _ in places:
            await reader.press("/", "enter")
        assert reader.reading.cursor == places[3], "round the end to the start"


async def test_esc_leaves_the_search_where_one_was(project: Project) -> None:
    async with reading(project) as reader:
        before = (reader.reading.cursor, reader.current, reader.page)
        await reader.press("/")
        await reader.type("Siluanov")
        assert reader.page != before[2], "the place is shown while one types"
        await reader.press("escape")
        assert not reader.screen.prompt.is_asking
        assert (reader.reading.cursor, reader.current) == before[:2]
        assert reader.page == before[2]


async def test_a_search_for_what_is_not_there_says_so(project: Project) -> None:
    async with reading(project) as reader:
        before = reader.reading.cursor
        await reader.press("/")
        await reader.type("[zebra")
        await reader.press("enter")
        assert reader.said == "“[zebra” is not in this document."
        assert reader.reading.cursor == before


# Deciding


async def test_a_note_is_kept_and_can_be_changed(project: Project) -> None:
    async with reading(project) as reader:
        here = await reader.go("Moscow")
        await reader.press(";")
        await reader.type("the city?")
        await reader.press("enter")
        assert of_words(project, "Moscow").note == "the city?"
        assert reader.current.id == here.id
        assert "“the city?”" in reader.said
        await reader.press(";", "backspace", "enter")
        assert of_words(project, "Moscow").note == "the city"
        assert [one.action for one in reader.journal()] == [Action.NOTE, Action.NOTE]


async def test_a_note_that_is_left_changes_nothing(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press(";")
        await reader.type("axe")
        await reader.press("escape")
        assert reader.journal() == []
        assert reader.screen.keys.display


async def test_keys_that_are_typed_into_a_prompt_decide_nothing(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        await reader.type("axu1=c")
        assert reader.screen.query_one(Input).value == "axu1=c"
        assert reader.journal() == []


async def test_undo_opens_the_document_that_it_is_about(project: Project) -> None:
    async with reading(project) as reader:
        moscow = await reader.go("Moscow")
        await reader.press("x", ">", "a", "u")
        assert reader.reading.document.title == scenes.MINUTES
        await reader.press("u")
        assert reader.reading.document.title == scenes.SUMMIT
        assert reader.current == moscow
        await reader.press("r", "r")
        assert reader.reading.document.title == scenes.MINUTES
        assert reader.current.status is Status.ACCEPTED
        await reader.press("r")
        assert reader.said == "There is nothing to redo."


async def test_undo_goes_back_behind_a_restart(project: Project) -> None:
    async with reading(project) as reader:
        await reader.go("Moscow")
        await reader.press("a")
    async with reading(another(project)) as reader:
        await reader.press("u")
        assert (reader.current.text, reader.current.status) == ("Moscow", Status.SUGGESTED)


async def test_what_is_refused_is_said_and_changes_nothing(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("presidents")
        await reader.press("a")
        assert reader.said == "There is no annotation under the cursor."
        await reader.press("d")
        assert "There is no claim here" in reader.said
        assert reader.journal() == []
        await reader.press("right")
        assert "no claim" not in reader.said, "it stands until the next key"


async def test_an_impossible_pair_is_put_right_and_said(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press("c", "l")
        await reader.press("o")
        claim = reader.current
        assert isinstance(claim, Claim)
        assert (claim.stance, claim.certainty) in project.schema.pairs
        assert reader.said == f"certainty is now {claim.certainty}, which goes with open."


async def test_a_holder_is_chosen_among_those_near(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press("c", "h")
        assert reader.foot.startswith("holder: ")
        assert "1 Ukraine" in reader.foot
        await reader.press("1")
        claim = reader.current
        assert isinstance(claim, Claim)
        assert claim.holder_name == "Ukraine"
        assert not reader.foot.startswith("holder: ")
        await reader.press("h", "escape")
        assert len(reader.journal()) == 2


async def test_esc_leaves_the_look_at_all_the_same(project: Project) -> None:
    async with reading(project) as reader:
        await reader.go("Trump")
        await reader.press("1", "=")
        assert "→ PERSON in" in reader.foot
        await reader.press("escape")
        assert "→ PERSON in" not in reader.foot
        assert len(reader.journal()) == 1


async def test_removing_what_one_added_leaves_nothing_there(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("Bering")
        await reader.press("4", "-")
        assert reader.said == "no annotation here"
        assert "Bering LOC" not in reader.page
        await reader.press("u")
        assert "Bering LOC+" in reader.page


# Two terminals


async def test_a_stale_decision_is_refused_said_and_shown_as_it_is_now(project: Project) -> None:
    async with reading(project) as reader:
        moscow = await reader.go("Moscow")
        assert isinstance(moscow, Entity)
        plan = changes.relabel(moscow, "ORG", project.schema)
        other = another(project)
        other.decide(reader.reading.document.id, Action.RELABEL, [plan])
        await reader.press("x")
        assert reader.said.startswith("Not saved: changed by anna")
        assert "Moscow ORG±" in reader.page
        assert reader.current.id == moscow.id
        assert len(reader.journal()) == 1
        await reader.press("x")
        assert [one.action for one in reader.journal()] == [Action.RELABEL, Action.REJECT]


async def test_what_another_terminal_decided_shows_with_the_next_decision(
    project: Project,
) -> None:
    async with reading(project) as reader:
        other = another(project)
        washington = of_words(project, "Washington")
        other.decide(reader.reading.document.id, Action.REJECT, [changes.reject(washington)])
        await reader.go("Moscow")
        await reader.press("a")
        assert "Moscow GPE✓" in reader.page
        assert "Washington GPE×" in reader.page
        assert len(reader.journal()) == 2


# Disks


class FullDisk:
    """No file takes another byte while it is full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = False
        self._write = os.write
        monkeypatch.setattr("os.write", self.write)

    def write(self, descriptor: int, data: bytes) -> int:
        if self.is_full and stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._write(descriptor, data)


async def test_a_full_disk_is_said_and_no_mark_changes(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(monkeypatch)
    async with reading(project) as reader:
        moscow = await reader.go("Moscow")
        before = reader.page
        disk.is_full = True
        for key in ("a", "x", "2", "]", "c"):
            await reader.press(key)
            assert "NOT SAVED" in reader.status
            assert reader.page == before
            assert reader.current == moscow
        assert "no space left" in reader.said
        disk.is_full = False
        assert reader.journal() == []
        await reader.press("a")
        assert reader.status.endswith("saved")
        assert "NOT SAVED" not in reader.status
        assert "Moscow GPE✓" in reader.page
        assert len(reader.journal()) == 1


async def test_a_project_that_may_not_be_written_can_be_read(project: Project) -> None:
    marker = project.root / "project.json"
    marker.write_text(marker.read_text().replace('"format": 1', '"format": 99'))
    async with reading(another(project)) as reader:
        assert reader.status.endswith("read-only")
        moscow = await reader.go("Moscow")
        await reader.press("a")
        assert reader.said.startswith("Not saved. Read-only")
        assert reader.current == moscow
        assert "Moscow GPE?" in reader.page
        await reader.press("/")
        await reader.type("Siluanov")
        await reader.press("enter")
        assert reader.current.text == "Anton Siluanov"
        assert reader.journal() == []


# Suggestions that arrive


async def test_suggestions_that_arrive_leave_cursor_and_page_alone(tmp_path: Path) -> None:
    text = "\n".join(f"{number}. Envoys told Arvel that the port was shut." for number in range(60))
    project = written(tmp_path / "project", text)
    found = [
        changes.suggested(
            Entity(
                id=suggestion_id(scenes.MODEL, "entity", span, "PERSON"),
                span=span,
                text="Arvel",
                label="PERSON",
            ),
            scenes.MODEL,
        )
        for span in Text(text).occurrences("Arvel")
    ]
    async with reading(project) as reader:
        document = reader.reading.document.id
        await reader.press("f", "right", "right")
        where = (reader.reading.cursor, reader.reading.current)
        top = reader.screen.page.visible_span().start
        assert "PER?" not in reader.page
        # Ahead of the page, on it, and behind it.
        for part, share in ((found[:5], 0.1), (found[5:50], 0.9), (found[50:], 1.0)):
            reader.screen.post_message(Suggested(document, part, share))
            await reader.pilot.pause()
            assert (reader.reading.cursor, reader.reading.current) == where
            assert reader.screen.page.visible_span().start == top
        assert "Arvel PER?" in reader.page
        assert "60 open" in reader.status
        reader.screen.post_message(SuggestingStopped())
        await reader.pilot.pause()
        assert "suggesting" not in reader.status


async def test_the_first_suggestion_that_arrives_is_gone_to_while_nothing_was_pressed(
    tmp_path: Path,
) -> None:
    project = written(tmp_path / "project", "Arvel met Orsk. Nobody saw Arvel.")
    async with reading(project) as reader:
        span = reader.reading.text.occurrences("Orsk")[0]
        key = suggestion_id(scenes.MODEL, "entity", span, "PERSON")
        orsk = Entity(id=key, span=span, text="Orsk", label="PERSON")
        made = [changes.suggested(orsk, scenes.MODEL)]
        reader.screen.post_message(Suggested(reader.reading.document.id, made, 0.5))
        await reader.pilot.pause()
        assert reader.current.text == "Orsk"
        assert "suggesting 50%" in reader.status


async def test_suggestions_for_another_document_show_nothing_here(project: Project) -> None:
    async with reading(project) as reader:
        before = reader.text
        other = project.order()[1]
        made = list(scenes.suggestions(project.document(other).text))
        reader.screen.post_message(Suggested(other, made, 0.5))
        await reader.pilot.pause()
        assert reader.text == before


async def test_why_no_suggestions_come_is_said_and_one_reads_on(project: Project) -> None:
    async with reading(project) as reader:
        reader.screen.post_message(SuggestingStopped("there is no pipeline 'x'."))
        await reader.pilot.pause()
        assert reader.said == "No suggestions: there is no pipeline 'x'."
        await reader.press("a")
        assert len(reader.journal()) == 1


# Places


async def test_a_killed_reader_opens_again_where_one_was(project: Project) -> None:
    async with reading(project) as killed:
        await killed.press(">", "n", "tab", "f")
        here = killed.reading
        places = lambda: Places(project.root, project.annotator)  # noqa: E731
        await killed.until(lambda: places().of(here.document.id).cursor == here.cursor.start)
        # The first reader is never told to end: all that the second knows is on the disk.
        async with reading(another(project)) as reader:
            assert reader.reading.document.id == here.document.id
            assert reader.reading.cursor == here.cursor
            assert reader.reading.current == here.current
            assert reader.page == killed.page


async def test_each_document_keeps_a_place(project: Project) -> None:
    async with reading(project) as reader:
        siluanov = await reader.go("Anton Siluanov")
        await reader.press(">", "<")
        assert reader.current == siluanov


async def test_a_place_whose_annotation_is_gone_is_still_a_place(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("Bering")
        await reader.press("4", ">")
        other = another(project)
        other.undo()
        await reader.press("<")
        assert reader.reading.cursor.of(reader.reading.text) == "Bering"
        assert reader.reading.current is None


# Sizes

SIZES = [(40, 12), (20, 5), (1, 1), (80, 24), (120, 40)]


async def test_no_size_takes_what_one_is_typing(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("/")
        typed = ""
        for letter, size in zip("mosco", SIZES, strict=True):
            await reader.type(letter)
            typed += letter
            await reader.resize(*size)
            assert reader.screen.query_one(Input).value == typed
            assert reader.screen.prompt.is_asking
        await reader.type("w")
        await reader.press("enter")
        assert reader.current.text == "Moscow"
        assert "Moscow GPE?" in reader.page


async def test_the_current_annotation_stays_in_view_in_every_size(project: Project) -> None:
    async with reading(project) as reader:
        zelensky = await reader.go("Zelensky", 1)
        for size in [*SIZES, (80, 24)]:
            await reader.resize(*size)
            seen = reader.screen.page.visible_span()
            if min(size) > 5:
                assert seen.start <= zelensky.span.start < seen.end
        assert "Zelensky PER?" in reader.page


@pytest.mark.parametrize("size", [(40, 12), (20, 5), (1, 1), (3, 2)])
async def test_every_key_can_be_pressed_in_any_size(
    project: Project, size: tuple[int, int]
) -> None:
    async with reading(project, size) as reader:
        for one in reader.screen.commands:
            if one.key and one.id not in ("app.quit", "palette.open"):
                await reader.press(one.key, "escape")
        assert reader.screen.reading is not None
        await reader.resize(80, 24)
        assert reader.status.startswith(reader.reading.document.title)


async def test_the_inspector_shows_from_110_columns_on(begun: Project) -> None:
    async with reading(begun, (109, 30)) as reader:
        assert not reader.screen.inspector.display
        await reader.press("i")
        assert "needs 110 columns" in reader.said
        await reader.press("i")
        await reader.resize(110, 30)
        assert reader.screen.inspector.display
        assert "by model  en_core_web_md-3.7.1" in reader.screen.inspector.words
        await reader.press("i")
        assert not reader.screen.inspector.display


async def test_the_inspector_tells_what_became_of_a_suggestion(begun: Project) -> None:
    async with reading(begun, (120, 40)) as reader:
        await reader.go("Trump")
        words = reader.screen.inspector.words
        assert "status    corrected" in words
        assert "suggested ORG" in words
        assert "anna relabel PERSON" in words


# The mouse


async def test_a_click_goes_to_the_word_and_its_annotation(project: Project) -> None:
    async with reading(project) as reader:
        rows = reader.page.split("\n")
        y, row = next((y, row) for y, row in enumerate(rows) if "Washington GPE?" in row)
        await reader.pilot.click("#page", offset=(row.index("Washington") + 2, y))
        await reader.pilot.pause()
        assert reader.current.text == "Washington"


async def test_a_drag_selects_whole_words_either_way(project: Project) -> None:
    async with reading(project) as reader:
        rows = reader.page.split("\n")
        y, row = next((y, row) for y, row in enumerate(rows) if "back to power" in row)
        first, last = (row.index("back") + 1, y), (row.index("power") + 1, y)
        for start, end in ((first, last), (last, first)):
            await reader.pilot.mouse_down("#page", offset=start)
            await reader.pilot.hover("#page", offset=end)
            await reader.pilot.mouse_up("#page", offset=end)
            await reader.pilot.pause()
            assert reader.said == "selected: back to power"
            await reader.press("escape")
        assert reader.reading.selection is None


async def test_a_drag_and_a_label_make_an_entity(project: Project) -> None:
    async with reading(project) as reader:
        rows = reader.page.split("\n")
        y, row = next((y, row) for y, row in enumerate(rows) if "Bering Strait" in row)
        await reader.pilot.mouse_down("#page", offset=(row.index("Bering"), y))
        await reader.pilot.hover("#page", offset=(row.index("Strait"), y))
        await reader.pilot.mouse_up("#page", offset=(row.index("Strait"), y))
        await reader.press("4")
        assert of_words(project, "Bering Strait").status is Status.ADDED


# More


async def test_the_palette_finds_a_command_and_runs_it(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press(":")
        palette = reader.pilot.app.screen
        assert isinstance(palette, CommandPalette)
        await reader.type("search the text")
        await reader.until(lambda: palette.query_one("CommandList").option_count > 0)  # type: ignore[attr-defined]
        await reader.press("enter")
        await reader.until(lambda: reader.screen.query_one(Prompt).is_asking)
        assert not isinstance(reader.pilot.app.screen, CommandPalette)


async def test_ctrl_c_says_how_to_leave_and_leaves_nothing(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("ctrl+c")
        assert reader.said == "q leaves; everything is saved already."
        assert not reader.pilot.app._exit
        await reader.press("q")
        assert reader.pilot.app._exit


async def test_the_theme_goes_round(project: Project) -> None:
    async with reading(project) as reader:
        first = reader.pilot.app.theme
        assert first == "purport-dark"
        seen = []
        for _ in range(3):
            await reader.press("z")
            seen.append(reader.pilot.app.theme)
            assert reader.said == f"theme: {seen[-1].removeprefix('purport-')}"
        assert seen == ["purport-light", "purport-ansi", "purport-dark"]


async def test_a_key_without_a_command_says_where_the_keys_are(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("Y")
        assert reader.said == "Y does nothing here; ? lists the keys."


@pytest.mark.parametrize("key", ["?", "g", "j"])
async def test_every_screen_beside_the_reader_is_left_by_esc(project: Project, key: str) -> None:
    async with reading(project) as reader:
        before = reader.text
        await reader.press(key)
        assert reader.pilot.app.screen is not reader.screen
        await reader.press("escape")
        assert reader.pilot.app.screen is reader.screen
        assert reader.text == before


async def test_the_list_of_documents_opens_the_one_that_is_chosen(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("j", "down", "enter")
        assert reader.reading.document.title == scenes.MINUTES


async def test_all_fields_set_a_field_durably(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press("c", "w", "right", "escape")
        claim = of_words(project, scenes.CLAIM)
        assert isinstance(claim, Claim)
        assert claim.stance != "affirms"
        assert [one.action for one in reader.journal()] == [Action.ADD, Action.TAG]


ODD = "[bold]x[/] said \x1b[31mred\x07 and \u202eleft\u202c to [@click=app.quit]Arvel[/]."


async def test_what_looks_like_markup_or_a_terminal_s_orders_is_text(tmp_path: Path) -> None:
    project = written(
        tmp_path / "project", ODD, ("[bold]x[/]", "PERSON"), ("\x1b[31mred\x07", "ORG")
    )
    async with reading(project, (120, 30)) as reader:
        assert "[bold]x[/] PER?" in reader.page
        assert "[@click=app.quit]Arvel[/]." in reader.page
        assert "[bold]x[/]" in reader.said
        assert "[bold]x[/]" in reader.screen.inspector.words
        await reader.press("a")
        assert "␛[31mred␇" in reader.said
        assert "␛[31mred␇ ORG?" in reader.page
        for shown in (reader.text, reader.page, reader.said):
            assert not {"\x1b", "\x07", "\u202e"} & set(shown)


async def test_a_selection_of_odd_characters_is_shown_by_symbols(tmp_path: Path) -> None:
    project = written(tmp_path / "project", ODD)
    async with reading(project) as reader:
        await reader.point("said")
        await reader.press("v", *["right"] * 5)
        assert reader.said.startswith("selected: said ␛[31mred")
        assert "\x1b" not in reader.text


async def test_the_title_is_text_too(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project", annotator="anna")
    document = Document(Text("Arvel left."), title="x")
    project.add(replace(document, title="[bold]\x1b[2J[/] title"))
    async with reading(project) as reader:
        assert reader.text.split("\n")[0].startswith(" [bold]␛[2J[/] title")
