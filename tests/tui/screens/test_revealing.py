"""What is shown on request: weak suggestions, suggestions that were hidden, figures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import scenes
from driver import Reader, reading

from annotations.project import Project
from annotations.records import Action, Entity, Status
from annotations.review.missed import NAME
from annotations.storage import journal
from tui.app import PurportApp
from tui.config import Settings
from tui.hints import valid
from tui.screens.dashboard import DashboardScreen
from tui.screens.review import ReviewScreen


@asynccontextmanager
async def blind(project: Project) -> AsyncIterator[Reader]:
    app = PurportApp(project, Settings(theme="dark"), suggesting=False, blind=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield Reader(project, pilot)


# Missed


async def test_what_no_layer_marks_is_offered_when_asked_for(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("+")
        assert "1 weak suggestion: " in reader.said
        await reader.point("Bering Strait")
        weak = reader.current
        assert (weak.text, weak.status) == ("Bering Strait", Status.SUGGESTED)
        await reader.press("5")
        (decision,) = reader.journal()
        (change,) = decision.changes
        assert change.after is not None
        assert change.after.origin.layer == NAME  # type: ignore[union-attr]
        assert NAME not in project.layers(project.order()[0])


async def test_asked_for_again_nothing_is_new(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("+")
        count = len(reader.reading.overlay.index)
        await reader.press("+")
        assert len(reader.reading.overlay.index) == count
        assert "1 weak suggestion already: " in reader.said


# Blind


async def test_suggestions_are_hidden_until_they_are_revealed(project: Project) -> None:
    async with blind(project) as reader:
        assert len(reader.reading.overlay.index) == 0
        assert "suggestions hidden" in reader.status
        await reader.press("n")
        assert "# shows them" in reader.said
        await reader.point("Bering Strait")
        await reader.press("v", ".", "5")
        await reader.press("#")
        assert reader.reading.overlay.open > 0
        assert "suggestions hidden" not in reader.status
        await reader.press("n", "a")
    added, revealed, accepted = reader.journal()
    assert [one.action for one in (added, revealed, accepted)] == [
        Action.ADD,
        Action.REVEAL,
        Action.ACCEPT,
    ]
    path = next(project.root.rglob(f"{scenes.ANNOTATOR}.log"))
    kept, *_ = journal.read(path)
    assert [one.app.endswith(" blind") for one in kept] == [True, True, False]


async def test_what_was_revealed_stays_so_and_what_was_not_is_hidden_again(
    project: Project,
) -> None:
    async with blind(project) as reader:
        await reader.press("#")
    async with blind(project) as reader:
        assert reader.reading.overlay.open > 0
        await reader.press(">")
        assert "suggestions hidden" in reader.status
        await reader.press("<")
        assert "suggestions hidden" not in reader.status
        await reader.press("#")
        assert "No suggestions are hidden" in reader.said


@pytest.mark.parametrize("keys", [("#", "u"), ("e", "<", "E")])
async def test_what_was_seen_stays_seen_when_one_comes_back(
    project: Project, keys: tuple[str, ...]
) -> None:
    async with blind(project) as reader:
        await reader.press(*keys)
    async with blind(project) as reader:
        reader.screen.open(project.order()[0])
        assert reader.reading.overlay.open > 0
        await reader.press("n", "a")
        assert not reader.journal()[-1].app.endswith(" blind")


async def test_what_was_decided_on_a_suggestion_in_view_was_seen(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("a")
    async with blind(project) as reader:
        assert "suggestions hidden" not in reader.status
        await reader.press(">")
        assert "suggestions hidden" in reader.status, "the others were not"


async def test_what_is_behind_a_figure_hides_suggestions_too(project: Project) -> None:
    async with blind(project) as reader:
        await reader.point("Bering Strait")
        await reader.press("v", ".", "5", "%")
        await reader.until(lambda: "documents done" in reader.text)
        for _ in range(20):
            await reader.press("down")
            if "behind it" in reader.text:
                break
        await reader.press("enter")
        inner = reader.pilot.app.screen
        assert isinstance(inner, ReviewScreen)
        assert inner.reading is not None
        assert inner.reading.overlay.open == 0
        await reader.press("q", "q")
        assert "suggestions hidden" in reader.status


async def test_keys_that_would_do_nothing_here_are_not_called_valid(project: Project) -> None:
    def now(reader: Reader) -> set[str]:
        screen = reader.screen
        found = valid(screen.commands, reader.reading, screen.offers)
        return found & {"suggestions.reveal", "document.reopen", "suggestion.next"}

    async with reading(project) as reader:
        assert now(reader) == {"suggestion.next"}
        await reader.press("e", "e", "<")
        assert now(reader) == {"document.reopen", "suggestion.next"}
    async with blind(project) as reader:
        reader.screen.open(project.order()[1])
        assert now(reader) == {"suggestions.reveal"}
        assert reader.foot.startswith("# reveal  tab next mark")


async def test_a_document_that_is_done_shows_its_suggestions(project: Project) -> None:
    async with blind(project) as reader:
        await reader.press("e", "<")
        assert reader.reading.document.id == project.order()[0]
        assert reader.reading.overlay.open > 0
        await reader.press("E")
        assert "suggestions hidden" not in reader.status, "they were seen"
        await reader.press("u")
        assert reader.reading.overlay.open > 0


async def test_without_blind_nothing_is_hidden(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("#")
        assert "No suggestions are hidden" in reader.said
        await reader.press("a")
    (path,) = project.root.rglob(f"{scenes.ANNOTATOR}.log")
    assert not any("blind" in one.app for one in journal.read(path)[0])


async def test_a_queue_command_says_where_it_belongs(project: Project) -> None:
    async with reading(project) as reader:
        for key in ("space", "!", "(", ")", "_", "&"):
            await reader.press(key)
            assert "purport review" in reader.said


# Figures


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_figures_of_a_project_and_what_is_behind_them(
    begun: Project, size: tuple[int, int]
) -> None:
    async with reading(begun, size) as reader:
        await reader.press("%")
        await reader.until(lambda: "documents done" in reader.text)
        screen = reader.pilot.app.screen
        assert isinstance(screen, DashboardScreen)
        assert "documents done" in reader.text
        assert "1 of" in reader.text
        await reader.press("end")
        assert "enter" in reader.text
        await reader.press("enter")
        await reader.pilot.pause()
        inner = reader.pilot.app.screen
        assert isinstance(inner, ReviewScreen)
        assert f"of {len(inner.queue)}" in inner.status.words
        here = inner.reading
        assert here is not None
        assert here.annotation is not None
        assert here.annotation.status in (Status.REJECTED, Status.CORRECTED)
        await reader.press("a", "q")
        assert reader.pilot.app.screen is screen, "one is back at the figure"
        assert screen._list.current != 1, "and not at the first again"
        await reader.press("q")
        assert reader.pilot.app.screen is reader.screen
        assert reader.screen._seq == begun.layer(begun.order()[0]).seq


async def test_a_cell_of_a_table_opens_what_was_taken_for_what(begun: Project) -> None:
    async with reading(begun, (100, 30)) as reader:
        await reader.press("%")
        await reader.until(lambda: "documents done" in reader.text)
        for _ in range(20):
            await reader.press("tab")
            if "→ ×" in reader.text:
                break
        for _ in range(20):
            if "ORG → ×" in reader.text:
                break
            await reader.press("down")
        for _ in range(20):
            if "ORG → PERSON:" in reader.text:
                break
            await reader.press("right")
        await reader.press("enter")
        inner = reader.pilot.app.screen
        assert isinstance(inner, ReviewScreen)
        assert inner.review.name == "ORG → PERSON"
        here = inner.reading and inner.reading.annotation
        assert isinstance(here, Entity)
        assert (here.label, here.status) == ("PERSON", Status.CORRECTED)


async def test_a_narrow_table_of_figures_cuts_no_number(begun: Project) -> None:
    async with reading(begun, (40, 12)) as reader:
        await reader.press("%")
        await reader.until(lambda: "documents done" in reader.text)
        for _ in range(30):
            rows = reader.text.splitlines()
            assert not any("━" in one and one.rstrip().endswith("…") for one in rows)
            await reader.press("down")
        await reader.press("home", "down")
        assert "of " in reader.text.splitlines()[-2], "the foot tells the whole figure"


async def test_figures_that_cannot_be_read_say_so(begun: Project) -> None:
    async with reading(begun) as reader:
        journal = next(begun.root.rglob(f"{scenes.ANNOTATOR}.log"))
        journal.write_bytes(journal.read_bytes().replace(b"PERSON", b"PARSON"))
        await reader.press("%")
        await reader.until(lambda: "Left out" in reader.text)
        await reader.press("enter", "tab", "right", "escape")
        assert reader.pilot.app.screen is reader.screen


async def test_the_dashboard_of_an_untouched_project(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("%")
        await reader.until(lambda: "documents done" in reader.text)
        assert "0 of 3" in reader.text
        assert "none yet" in reader.text
        await reader.press("enter", "down", "escape")
        assert reader.pilot.app.screen is reader.screen


async def test_the_dashboard_of_an_empty_project(tmp_path: Path) -> None:
    async with reading(Project.create(tmp_path / "project", annotator="anna")) as reader:
        await reader.press("%")
        await reader.until(lambda: "0 of 0" in reader.text)
        await reader.press("end", "enter", "escape")
        assert reader.pilot.app.screen is reader.screen


async def test_what_was_seen_does_not_count_as_hidden_again(project: Project) -> None:
    async with blind(project) as reader:
        await reader.press("#", "u")
        assert reader.journal()[-1].action is Action.UNDO
        assert reader.reading.overlay.open > 0
        await reader.press("n", "a")
        await reader.press(">")
        assert "suggestions hidden" in reader.status
    path = next(project.root.rglob(f"{scenes.ANNOTATOR}.log"))
    kept, *_ = journal.read(path)
    assert not kept[-1].app.endswith(" blind")
