"""The search over all documents: what it shows, finds and opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import store
from screen_host import SIZES, Host

from annotations.errors import RefusedError
from annotations.project import Project
from tui.app import PurportApp
from tui.config import Settings
from tui.corpus import Corpus
from tui.screens.search import SearchScreen


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=3)
    store.accept(made, store.ids(made)[1], 4)
    yield made
    made.close()


@pytest.fixture
def corpus(project: Project) -> Iterator[Corpus]:
    made = Corpus(project.root, "anna")
    yield made
    made.close()


async def until(pilot: Any, is_so: Callable[[], bool]) -> None:
    """Wait for a thread's answer to be shown."""
    for _ in range(500):
        await pilot.pause(0.02)
        if is_so():
            return
    raise AssertionError("it never came")


async def typed(pilot: Any, app: Host, words: str) -> list[str]:
    """Type these words and wait for what is found."""
    names = {" ": "space", ":": "colon"}
    await pilot.press(*(names.get(one, one) for one in words))
    await until(pilot, lambda: "looking" not in app.seen()[0])
    return app.seen()


@pytest.mark.parametrize("size", SIZES)
async def test_words_are_found_in_every_text(corpus: Corpus, size: tuple[int, int]) -> None:
    app = Host(SearchScreen(corpus))
    async with app.run_test(size=size) as pilot:
        assert "search all documents" in app.seen()[0]
        rows = await typed(pilot, app, "other1x7")
        assert rows[0].strip() == "1 of 1 place in 1 document"
        assert re.match(r" ▸ .*other1x6 other1x7 ", rows[1])
        assert "document 1" in rows[-3]
        await pilot.press("enter")
        await pilot.pause()
    words, hit = app.returned  # type: ignore[misc]
    assert words == "other1x7"
    assert hit.text == "other1x7"


async def test_a_label_and_a_status_find_annotations(corpus: Corpus) -> None:
    app = Host(SearchScreen(corpus))
    async with app.run_test(size=(80, 24)) as pilot:
        rows = await typed(pilot, app, "label:per status:acc")
        assert rows[0].strip() == "1 of 1 place in 1 document"
        assert "other1x4" in rows[1]
        assert rows[1].endswith("PERSON accepted")
        assert "document 1 · PERSON accepted · anna" in rows[-3]


async def test_what_is_not_there_is_said_and_nothing_opens(corpus: Corpus) -> None:
    app = Host(SearchScreen(corpus))
    async with app.run_test(size=(80, 24)) as pilot:
        rows = await typed(pilot, app, "nowhere")
        assert "nothing found" in rows[0]
        await pilot.press("enter")
        await pilot.pause()
        assert app.returned is Host.NOTHING
        await pilot.press("escape")
        await pilot.pause()
    assert app.returned == ("nowhere", None)


async def test_a_value_that_cannot_be_is_told_with_those_that_can(corpus: Corpus) -> None:
    app = Host(SearchScreen(corpus))
    async with app.run_test(size=(80, 24)) as pilot:
        rows = await typed(pilot, app, "stance:nonsense")
        assert any("There is no stance 'nonsense': affirms, denies, open." in one for one in rows)


async def test_who_reads_blind_finds_no_suggestions(project: Project) -> None:
    corpus = Corpus(project.root, "anna", blind=True)
    hits = corpus.find("label:PERSON", lambda: False)
    assert hits is not None
    assert [one.mark.status for one in hits if one.mark] == ["accepted"]
    for typed_ in ("status:suggested", f"annotator:{store.MODEL}"):
        with pytest.raises(RefusedError, match="while you read blind"):
            corpus.find(typed_, lambda: False)
    corpus.close()


async def test_arrows_go_through_the_places(corpus: Corpus) -> None:
    app = Host(SearchScreen(corpus, "label:person other2x1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "of 11 places" in app.seen()[0])
        await pilot.press("down", "down")
        await pilot.pause()
        assert app.seen()[0].strip().startswith("3 of 11 places")
        await pilot.press("enter")
        await pilot.pause()
    assert app.returned[1].text == "other2x11"  # type: ignore[index]


async def test_enter_opens_the_document_at_the_place(project: Project) -> None:
    app = PurportApp(project, Settings(), suggesting=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("S", *"other2x20")
        await until(pilot, lambda: "1 of 1" in app.screen.query_one("#status").words)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        reading = app.reader.reading
        assert reading is not None
        assert reading.document.title == "document 2"
        assert reading.cursor.of(reading.text) == "other2x20"
        await pilot.press("S")
        await pilot.pause()
        assert isinstance(app.screen, SearchScreen)
        assert "other2x20" in app.screen.query_one("Input").value  # type: ignore[attr-defined]
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.reader


async def test_enter_on_a_mark_makes_it_the_current_annotation(project: Project) -> None:
    app = PurportApp(project, Settings(), suggesting=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("S", *"status", "colon", *"accepted")
        await until(pilot, lambda: "1 of 1" in app.screen.query_one("#status").words)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        reading = app.reader.reading
        assert reading is not None and reading.annotation is not None
        assert (reading.annotation.text, reading.annotation.status) == ("other1x4", "accepted")
