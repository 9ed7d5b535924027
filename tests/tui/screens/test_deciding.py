"""What the real reader decides, keeps, refuses, and takes back."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import scenes
from driver import another, of_words, reading

from annotations import changes
from annotations.project import Project
from annotations.records import Action, Claim, Entity, Status, suggestion_id

# Deciding


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
        assert reader.foot.startswith("holder, now author: ")
        assert "1 Ukraine" in reader.foot
        await reader.press("1")
        claim = reader.current
        assert isinstance(claim, Claim)
        assert claim.holder_name == "Ukraine"
        assert not reader.foot.startswith("holder, ")
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


async def test_a_claim_s_key_on_an_entity_first_goes_to_the_claim_around_it(
    project: Project,
) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press("c")
        claim = reader.current
        for key, label in (
            ("d", "denies"),
            ("h", "holder"),
            ("@", "holder: nearest"),
            ('"', "holder: author"),
        ):
            inner = reader.reading.overlay.index.between(claim.span.start, claim.span.end)
            reader.reading.go(next(one for one in inner if isinstance(one, Entity)))
            assert isinstance(reader.current, Entity)
            await reader.press(key)
            assert reader.said == f"Here is the claim around it; {key} again: {label}."
            assert reader.current == claim
            assert len(reader.journal()) == 1
        await reader.press("d")
        assert isinstance(reader.current, Claim)
        assert reader.current.stance == "denies"
        assert len(reader.journal()) == 2
        await reader.press("escape", "y")
        assert reader.said.startswith("Here is the claim around it")


async def test_moving_an_end_of_a_claim_shows_its_words(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press("c", "{")
        assert reader.said == "“No formal agreements are expected on”"
        await reader.press("right")
        assert reader.said.startswith("“") is False


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
            assert before.startswith(reader.page), "what is said takes rows from the page's end"
            assert reader.current == moscow
        said = " ".join(reader.text.split())
        assert "no space left" in said
        assert "Free some space, then decide again." in said, "however long the folder's name is"
        disk.is_full = False
        assert reader.journal() == []
        await reader.press("a")
        assert reader.status.endswith("saved")
        assert "NOT SAVED" not in reader.status
        assert "Moscow GPE✓" in reader.page
        assert len(reader.journal()) == 1


async def test_a_project_that_may_not_be_written_can_be_read(project: Project) -> None:
    marker = project.root / "project.json"
    marker.write_text(marker.read_text().replace('"format": 2', '"format": 99'))
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


async def test_undo_and_redo_say_what_is_undone(project: Project) -> None:
    async with reading(project) as reader:
        await reader.go("Moscow")
        await reader.press("a", "u")
        assert reader.said == "undone: accept “Moscow”"
        await reader.press("r")
        assert reader.said == "done again: accept “Moscow”"
        await reader.press("e", "e", "u")
        assert reader.said == "undone: finish"
        await reader.go("Trump")
        await reader.press("=")
        many = len(reader.screen.mode.spans)  # type: ignore[union-attr]
        await reader.press("enter", "u")
        assert reader.said == f"undone: accept “Trump” and {many - 1} more"


async def test_every_holder_can_be_read_on_a_narrow_screen(project: Project) -> None:
    async with reading(project, size=(40, 16)) as reader:
        await reader.point("formal agreements")
        await reader.press("c")
        claim = reader.current
        await reader.press("h")
        choices = reader.foot.removeprefix("holder, now author: ").split("  ")
        assert len(set(choices)) == len(choices) > 5
        assert all(one in reader.text for one in choices), "none is cut or broken"
        await reader.press("escape")
        assert reader.current == claim
        assert reader.foot in reader.text


async def test_the_same_words_that_are_no_more_are_told_in_a_line(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press("c", "=")
        assert reader.said.startswith("There is no other “No formal")
        assert " … " in reader.said
        assert len(reader.said) < 80


async def test_all_the_same_goes_on_to_the_next_open_suggestion(project: Project) -> None:
    async with reading(project) as reader:
        first = await reader.go("Alaska")
        await reader.press("=", "enter")
        assert reader.current.status is Status.SUGGESTED
        assert reader.current.span > first.span
        assert "more like it" not in reader.said or reader.current.text != "Alaska"


async def test_one_looks_through_all_the_same_before_one_decides(project: Project) -> None:
    async with reading(project) as reader:
        first = await reader.go("Trump")
        await reader.press("=")
        mode = reader.screen.mode
        assert mode is not None
        count, top = len(mode.spans), reader.screen.page.visible_span()
        for number in (2, 3):
            await reader.press("down")
            assert reader.said == f"place {number} of {count}"
        await reader.press("up")
        assert reader.said == f"place 2 of {count}"
        await reader.press("up", "up")
        assert reader.said == f"place {count} of {count}", "it goes round"
        seen = reader.screen.page.visible_span()
        assert seen.start <= mode.spans[-1].start < seen.end
        await reader.press("b", "f")
        assert reader.screen.mode is mode
        assert reader.current == first
        await reader.press("escape")
        assert reader.screen.mode is None
        assert reader.screen.page.visible_span() == top
        assert reader.journal() == []
        await reader.press("=", "down", "enter")
        assert len(reader.journal()[-1].changes) == count


async def test_all_the_same_is_offered_and_counted_as_far_as_it_would_decide(
    project: Project,
) -> None:
    async with reading(project, (100, 24)) as reader:
        await reader.go("Trump")
        others = len(reader.reading.apply_same()[1]) - 1
        assert f"{others} more like it" in reader.said
        assert "= all the same" in reader.foot
        await reader.press("=", "enter")
        await reader.go("Trump")
        assert "more like it" not in reader.said
        assert "= all the same" not in reader.foot
        once = await reader.go("Anton Siluanov")
        assert "= all the same" not in reader.foot
        await reader.press("=")
        assert reader.said.startswith("There is no other “Anton Siluanov”")
        assert reader.current == once


async def test_undoing_all_the_same_leaves_one_where_one_is(project: Project) -> None:
    async with reading(project) as reader:
        first = await reader.go("Alaska")
        await reader.press("=", "enter", "u")
        assert (reader.current.id, reader.current.status) == (first.id, Status.SUGGESTED)


async def test_what_two_models_say_is_decided_once_and_the_next_is_there(project: Project) -> None:
    document = project.document(scenes.SUMMIT).id
    layer = project.layer(document, scenes.MODEL)
    twins = {}
    for one in layer:
        key = suggestion_id("other-1.0.0", one.kind, one.span, getattr(one, "label", ""))
        twins[key] = changes.suggested(replace(one, id=key), "other-1.0.0")
    project.replace_layer(document, replace(layer, name="other-1.0.0", annotations=twins))
    async with reading(project, (120, 30)) as reader:
        assert "and by    other-1.0.0" in reader.screen.inspector.words
        number = reader.screen.reading.overlay.open
        assert number == len(layer.annotations)
        first = reader.current
        await reader.press("a")
        assert reader.current.status is Status.SUGGESTED
        assert reader.current.span > first.span
        assert reader.screen.reading.overlay.open == number - 1


async def test_a_decision_that_settles_the_next_suggestion_goes_on_to_the_one_behind(
    project: Project,
) -> None:
    document = project.document(scenes.SUMMIT)
    layer = project.layer(document.id, scenes.MODEL)
    first, second, third, *_ = layer.index
    inner = replace(
        first,
        id=suggestion_id(scenes.MODEL, "entity", first.span, "GPE"),
        label="GPE",
    )
    made = {one.id: one for one in (*layer, changes.suggested(inner, scenes.MODEL))}
    project.replace_layer(document.id, replace(layer, annotations=made))
    async with reading(project) as reader:
        await reader.press("a")
        assert "No open" not in reader.said
        assert reader.current.id in (second.id, third.id)


# What changes nothing


async def test_accepting_again_decides_nothing_says_so_and_goes_on(project: Project) -> None:
    async with reading(project) as reader:
        await reader.go("Moscow")
        await reader.press("a")
        behind = reader.current
        for _ in range(3):
            await reader.go("Moscow")
            await reader.press("a")
            assert reader.said == "“Moscow” is accepted already."
            assert reader.current == behind
        assert len(reader.journal()) == 1


async def test_accepting_the_only_one_again_says_so_and_stays(tmp_path: Path) -> None:
    project = scenes.written(tmp_path / "project", "Arvel left.", ("Arvel", "PERSON"))
    async with reading(project) as reader:
        await reader.press("a", "a", "a")
        assert reader.said == "“Arvel” is accepted already."
        assert len(reader.journal()) == 1


@pytest.mark.parametrize(
    ("words", "before", "again", "said"),
    [
        ("Moscow", "x", "x", "“Moscow” is rejected already."),
        ("Trump", "1", "1", "“Trump” is PERSON already."),
        ("Trump", "1", "a", "“Trump” is corrected already."),
        ("Bering", "4", "a", "“Bering” is added already."),
        ("Bering", "4", "4", "“Bering” is LOC already."),
        ("formal agreements", "c", "a", "is added already."),
        ("formal agreements", "c", "y", "It is so already."),
        ("formal agreements", "c", '"', "It is so already."),
    ],
)
async def test_a_key_that_changes_nothing_decides_nothing_and_says_so(
    project: Project, words: str, before: str, again: str, said: str
) -> None:
    async with reading(project) as reader:
        await reader.point(words)
        await reader.press(before)
        (decision,) = reader.journal()
        here = reader.reading.overlay.index.get(decision.changes[0].id)
        assert here is not None
        reader.reading.go(here)
        await reader.press(again)
        assert reader.said.endswith(said)
        assert len(reader.journal()) == 1


async def test_what_another_terminal_changed_is_not_said_to_be_so_already(project: Project) -> None:
    async with reading(project) as reader:
        await reader.go("Moscow")
        await reader.press("a")
        moscow = await reader.go("Moscow")
        other = another(project)
        other.decide(reader.reading.document.id, Action.REJECT, [changes.reject(moscow)])
        await reader.press("a")
        assert reader.said.startswith("Not saved: changed by anna")
        assert "Moscow GPE×" in reader.page


# Labels


async def test_a_label_on_a_claim_decides_nothing_and_says_what_labels_are_for(
    project: Project,
) -> None:
    async with reading(project) as reader:
        await reader.point("Vladimir Putin")
        await reader.press("c")
        claim = reader.current
        assert isinstance(claim, Claim)
        await reader.press("1")
        assert reader.said == "Labels are for words: move there or select them first."
        assert reader.current == claim
        assert len(reader.journal()) == 1


async def test_words_in_a_claim_are_labelled_once_one_has_moved_there(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press("c", ".", "6")
        assert isinstance(reader.current, Entity)
        assert reader.current.text == "formal"


async def test_a_label_says_which_open_suggestions_it_took_the_place_of(project: Project) -> None:
    async with reading(project) as reader:
        await reader.point("Vladimir Putin")
        await reader.press("v", ".", ".", ".", "2")
        assert reader.said.startswith("added; in the place of: Vladimir Putin PERSON")
        await reader.press("u")
        assert of_words(project, "Vladimir Putin").status is Status.SUGGESTED


# Modes


async def test_a_key_that_means_nothing_in_all_the_same_stays_there(project: Project) -> None:
    async with reading(project) as reader:
        trump = await reader.go("Trump")
        await reader.press("=")
        mode, line = reader.screen.mode, reader.foot
        for key, name in (("Z", "Z"), ("a", "a"), ("tab", ""), ("space", "space")):
            await reader.press(key)
            assert reader.screen.mode is mode
            assert reader.foot == line
            if name:
                assert reader.said == f"{name} does nothing here; esc leaves."
        assert reader.current == trump
        await reader.press("escape")
        assert reader.screen.mode is None
        assert reader.journal() == []


async def test_a_decision_in_doubt_is_shown_as_such_and_settled_with_the_next_look(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = [True]
    real = {name: getattr(os, name) for name in ("fsync", "ftruncate")}

    def failing(name: str) -> Callable[..., None]:
        def shim(*arguments: Any) -> None:
            if fails[0]:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            real[name](*arguments)

        return shim

    async with reading(project) as reader:
        for name in real:
            monkeypatch.setattr(os, name, failing(name))
        await reader.press("a")
        assert reader.status.endswith("MAY BE SAVED")
        assert "May be saved: the disk reported an error" in reader.said
        fails[0] = False
        await reader.press("x")
        assert reader.status.endswith("· saved")
        assert reader.said.endswith("The decision is saved.")
        assert [one.action for one in reader.journal()] == [Action.ACCEPT, Action.REJECT]
