"""The real reader: what it shows, where it goes, and what it withstands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import scenes
from driver import another, of_words, reading
from textual.command import CommandPalette

from annotations import changes
from annotations.project import Project
from annotations.records import Action, Claim, Document, Entity, State, Status, suggestion_id
from annotations.text import Text
from tui.place import Places
from tui.suggester import Suggested, SuggestingStopped
from tui.widgets.prompt import Prompt

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
        assert reader.foot == "q quit  ? all keys"
        await reader.press("?")
        assert "j documents" in reader.text
        await reader.press("escape")
        assert "purport add PATH" in reader.text
        keys = [one.key for one in reader.screen.commands if one.key]
        for key in keys:
            if key not in ("q", ":", "?", "j", "%", "S"):
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


async def test_next_goes_round_in_the_document_before_it_leaves(project: Project) -> None:
    async with reading(project) as reader:
        first, *_, last = reader.reading.overlay.index
        reader.reading.go(last)
        await reader.press("n")
        assert (reader.reading.document.title, reader.current.id) == (scenes.SUMMIT, first.id)
        await reader.press("p")
        assert (reader.reading.document.title, reader.current.id) == (scenes.SUMMIT, last.id)


async def test_next_goes_to_the_next_document_where_nothing_is_open_and_says_so(
    project: Project,
) -> None:
    found = project.overlay(project.document(scenes.SUMMIT).id).index
    made = [changes.accept(one) for one in found]
    project.decide(project.document(scenes.SUMMIT).id, Action.ACCEPT, made)
    async with reading(project) as reader:
        await reader.press("n")
        assert reader.reading.document.title == scenes.MINUTES
        assert reader.current == next(iter(reader.reading.overlay.index))
        assert reader.said == f"next document: {scenes.MINUTES}"
        await reader.press("<", "p")
        assert reader.reading.document.title == scenes.LIGHTHOUSE
        *_, last = reader.reading.overlay.index
        assert reader.current == last
        assert reader.said == f"previous document: {scenes.LIGHTHOUSE}"


async def test_next_on_the_only_open_suggestion_says_that_it_is(tmp_path: Path) -> None:
    project = scenes.written(tmp_path / "project", "Arvel left.", ("Arvel", "PERSON"))
    async with reading(project) as reader:
        await reader.press("n")
        assert reader.said.startswith("This is the only open suggestion left here; >")
        assert reader.current.text == "Arvel"


async def test_next_says_so_when_nothing_is_open_anywhere(tmp_path: Path) -> None:
    project = scenes.written(tmp_path / "project", "Arvel left.", ("Arvel", "PERSON"))
    async with reading(project) as reader:
        await reader.press("a")
        assert "No open suggestions left here" in reader.said
        await reader.press("n")
        assert reader.said == "No open suggestions are left in any document."


async def test_tab_goes_over_what_is_decided_too_and_stops_at_the_ends(begun: Project) -> None:
    async with reading(begun) as reader:
        await reader.go("Donald Trump")
        await reader.press("tab")
        assert (reader.current.text, reader.current.status) == ("Alaska", Status.ACCEPTED)
        await reader.press("shift+tab")
        assert reader.current.text == "Donald Trump"
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
        await reader.press("e", "e", "<")
        assert " · done · " in reader.status
        await reader.press("E")
        assert " · done · " not in reader.status
        await reader.press("E")
        assert reader.said == "This document is not marked done."
        assert [one.action for one in reader.journal()] == [Action.FINISH, Action.FINISH]


async def test_when_every_document_is_done_it_says_so(tmp_path: Path) -> None:
    project = scenes.written(tmp_path / "project", "Arvel left.")
    async with reading(project) as reader:
        await reader.press("e")
        assert reader.said == "Every document is done."
        assert " · done · " in reader.status


# Suggestions that arrive


async def test_suggestions_that_arrive_leave_cursor_and_page_alone(tmp_path: Path) -> None:
    text = "\n".join(f"{number}. Envoys told Arvel that the port was shut." for number in range(60))
    project = scenes.written(tmp_path / "project", text)
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
    project = scenes.written(tmp_path / "project", "Arvel met Orsk. Nobody saw Arvel.")
    async with reading(project) as reader:
        span = reader.reading.text.occurrences("Orsk")[0]
        key = suggestion_id(scenes.MODEL, "entity", span, "PERSON")
        orsk = Entity(id=key, span=span, text="Orsk", label="PERSON")
        made = [changes.suggested(orsk, scenes.MODEL)]
        reader.screen.post_message(Suggested(reader.reading.document.id, made, 0.5))
        await reader.pilot.pause()
        assert reader.current.text == "Orsk"
        assert "suggesting 50%" in reader.status


async def test_the_suggestion_that_one_stood_on_is_gone_to_when_it_is_made_anew(
    tmp_path: Path,
) -> None:
    project = scenes.written(tmp_path / "project", "Arvel met Orsk. Nobody saw Arvel.")
    made = []
    for words in ("Arvel", "Orsk"):
        span = project.document(project.order()[0]).text.occurrences(words)[0]
        key = suggestion_id(scenes.MODEL, "entity", span, "PERSON")
        one = Entity(id=key, span=span, text=words, label="PERSON")
        made.append(changes.suggested(one, scenes.MODEL))
    # As after a kill: the suggestions were seen, and their layer was not stored yet.
    async with reading(project) as reader:
        reader.screen.post_message(Suggested(reader.reading.document.id, made, 0.5))
        await reader.pilot.pause()
        await reader.go("Orsk")
        await reader.press("q")
    async with reading(another(project)) as reader:
        assert reader.reading.annotation is None
        reader.screen.post_message(Suggested(reader.reading.document.id, made[:1], 0.2))
        await reader.pilot.pause()
        assert reader.reading.annotation is None
        reader.screen.post_message(Suggested(reader.reading.document.id, made[1:], 0.5))
        await reader.pilot.pause()
        assert reader.current.text == "Orsk"


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


class Suggesting:
    """Stands for what makes suggestions: a document's are to come until they have."""

    def __init__(self) -> None:
        self.looked: list[str] = []

    def is_due(self, document_id: str, *, is_bare: bool) -> bool:
        return is_bare

    def look_at(self, document_id: str, visible: object) -> None:
        self.looked.append(document_id)


async def test_while_suggestions_are_made_the_reader_says_so_and_not_that_none_is_open(
    tmp_path: Path,
) -> None:
    project = Project.create(tmp_path / "project", annotator="anna")
    project.add(Document(Text("Arvel met Orsk."), title="a text"))
    async with reading(project) as reader:
        screen = reader.screen
        screen.suggester = Suggesting()  # type: ignore[assignment]
        document = reader.reading.document.id
        screen.open(document)
        assert "suggesting …" in reader.status
        assert "0 open" not in reader.status
        assert reader.said == "suggestions are being made"
        await reader.press("e")
        assert reader.said == "Suggestions are still being made here: e again marks it done."
        await reader.press("n")
        assert reader.said.startswith("Suggestions are still being made here; ")
        assert reader.journal() == []
        span = reader.reading.text.occurrences("Orsk")[0]
        orsk = Entity(id="m1", span=span, text="Orsk", label="PERSON")
        made = [changes.suggested(orsk, scenes.MODEL)]
        screen.post_message(Suggested(document, made, 0.5))
        await reader.pilot.pause()
        assert reader.current.text == "Orsk"
        assert "Orsk PER suggested" in reader.said
        assert "1 open · suggesting 50%" in reader.status
        screen.post_message(Suggested(document, (), 1.0))
        await reader.pilot.pause()
        assert "suggesting" not in reader.status


async def test_where_no_suggestion_came_the_reader_says_so(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project", annotator="anna")
    project.add(Document(Text("Nobody was there."), title="a text"))
    async with reading(project) as reader:
        reader.screen.suggester = Suggesting()  # type: ignore[assignment]
        reader.screen.open(reader.reading.document.id)
        await reader.press("n")
        reader.screen.post_message(Suggested(reader.reading.document.id, (), 1.0))
        await reader.pilot.pause()
        assert reader.said == "no annotation here"
        assert " 0 open " in reader.status
        await reader.press("e")
        assert [one.action for one in reader.journal()] == [Action.FINISH]


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


@pytest.mark.parametrize("opened", ["", "/", "?", "j"])
async def test_ctrl_c_ends_the_program_from_wherever_it_is_pressed(
    project: Project, opened: str
) -> None:
    async with reading(project) as reader:
        if opened:
            await reader.press(opened)
        await reader.press("ctrl+c")
        assert reader.pilot.app._exit


async def test_the_theme_goes_round(project: Project) -> None:
    async with reading(project) as reader:
        first = reader.pilot.app.theme
        assert first == "purport-dark"
        seen = []
        for _ in range(3):
            await reader.press("z")
            seen.append(reader.pilot.app.theme)
            words = seen[-1].removeprefix("purport-").replace("ansi", "terminal")
            assert reader.said == f"theme: {words}"
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


async def test_all_fields_keep_what_was_chosen_as_one_decision(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press("c", "w", "right", "down", "right", "down", "right")
        assert [one.action for one in reader.journal()] == [Action.ADD]
        await reader.press("enter")
        claim = of_words(project, scenes.CLAIM)
        assert isinstance(claim, Claim)
        assert (claim.stance, claim.certainty, claim.frame) == ("denies", "probable", "question")
        assert [one.action for one in reader.journal()] == [Action.ADD, Action.TAG]
        await reader.press("u")
        assert isinstance(reader.current, Claim)
        assert (reader.current.stance, reader.current.frame) == ("affirms", "assertion")


async def test_all_fields_that_are_left_change_nothing_and_say_so(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        for keys in (("right", "escape"), ("enter",), ("right", "left", "w")):
            await reader.press("escape")
            await reader.point("formal agreements")
            await reader.press("c" if not reader.journal() else "right", "w", *keys)
            assert reader.said == "nothing changed"
            assert len(reader.journal()) == 1


ODD = "[bold]x[/] said \x1b[31mred\x07 and \u202eleft\u202c to [@click=app.quit]Arvel[/]."


async def test_what_looks_like_markup_or_a_terminal_s_orders_is_text(tmp_path: Path) -> None:
    project = scenes.written(
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
    project = scenes.written(tmp_path / "project", ODD)
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


async def test_what_was_said_is_gone_behind_another_screen(project: Project) -> None:
    async with reading(project) as reader:
        await reader.press("(")
        assert "for a review" in reader.said
        await reader.press("g", "escape")
        assert "for a review" not in reader.said


async def test_next_passes_over_documents_that_are_done_with_open_suggestions_left(
    tmp_path: Path,
) -> None:
    project = scenes.bare(tmp_path / "project")
    first, second, third, *others = project.order()

    def settle(key: str) -> None:
        found = [one for one in project.overlay(key).index if one.status is Status.SUGGESTED]
        project.decide(key, Action.ACCEPT, [changes.accept(one) for one in found])

    for one in (second, *others):
        project.decide(one, Action.FINISH, [changes.finish(State())])
    settle(first)
    async with reading(project) as reader:
        assert reader.reading.document.id == first
        await reader.press("n")
        assert reader.reading.document.id == third
        settle(third)
        reader.screen.reload()
        for key in ("n", "p"):
            await reader.press(key)
            assert reader.said == "No open suggestions are left in documents that are not done."
            assert reader.reading.document.id == third
