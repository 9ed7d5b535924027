"""The design's table of keys, pressed in the real reader; and the one list that keys come from."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import scenes
from driver import Reader, reading

from annotations import changes
from annotations.errors import SchemaError
from annotations.project import Project
from annotations.records import Action, Claim, Decision, Entity, Record, State, Status
from annotations.schema import Label, default
from tui.commands import NAMED, Commands, Needs, commands
from tui.screens.handlers import LABEL
from tui.screens.reader import ReaderScreen

FIXED = {
    "suggestion.accept", "suggestion.reject", "suggestion.next", "suggestion.previous",
    "annotation.next", "annotation.previous", "annotation.remove", "annotation.note",
    "span.start_left", "span.start_right", "span.end_left", "span.end_right",
    "cursor.left", "cursor.right", "cursor.up", "cursor.down",
    "cursor.word_left", "cursor.word_right", "select.start", "same.apply", "claim.add",
    "stance.affirms", "stance.denies", "stance.open",
    "certainty.certain", "certainty.probable", "certainty.possible", "certainty.uncommitted",
    "claim.holder", "page.down", "page.up", "document.done", "document.next",
    "document.previous", "history.undo", "history.redo", "search.open", "help.open", "app.quit",
}  # fmt: skip
"""The ids that scripts drive the reader by; a label of the project has one more each."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return scenes.bare(tmp_path / "project", scenes.SUMMIT, scenes.LIGHTHOUSE)


@pytest.fixture
def key() -> dict[str, str]:
    """The default key of each command."""
    return {one.id: one.key for one in commands(default())}


def only(decision: Decision) -> Record:
    (change,) = decision.changes
    assert change.after is not None
    return change.after


async def one_more(reader: Reader, before: int) -> Decision:
    """The one decision that was made since there were `before`; it is on the disk."""
    made = reader.journal()
    assert len(made) == before + 1
    return made[-1]


# The table


@pytest.mark.parametrize(
    ("command", "action", "status"),
    [
        ("suggestion.accept", Action.ACCEPT, Status.ACCEPTED),
        ("suggestion.reject", Action.REJECT, Status.REJECTED),
    ],
)
async def test_one_key_decides_a_suggestion_and_goes_to_the_next(
    project: Project, key: dict[str, str], command: str, action: Action, status: Status
) -> None:
    async with reading(project) as reader:
        first = await reader.go("Moscow")
        await reader.press(key[command])
        assert reader.keys == 1
        decision = await one_more(reader, 0)
        record = only(decision)
        assert (decision.action, record.id) == (action, first.id)
        assert isinstance(record, Entity)
        assert record.status is status
        assert reader.current.text == "Washington"
        assert reader.current.status is Status.SUGGESTED


async def test_one_key_changes_a_label(project: Project, key: dict[str, str]) -> None:
    async with reading(project) as reader:
        trump = await reader.go("Trump")
        assert isinstance(trump, Entity)
        assert trump.label == "ORG"
        await reader.press(key["label.PERSON"])
        assert reader.keys == 1
        record = only(await one_more(reader, 0))
        assert isinstance(record, Entity)
        assert (record.id, record.label, record.status) == (trump.id, "PERSON", Status.CORRECTED)
        assert reader.current.id == trump.id


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("span.start_left", "in the Second World War"),
        ("span.start_right", "Second World War"),
        ("span.end_left", "the Second World"),
        ("span.end_right", "the Second World War while"),
    ],
)
async def test_one_key_moves_either_end_either_way(
    project: Project, key: dict[str, str], command: str, words: str
) -> None:
    async with reading(project) as reader:
        war = await reader.go("the Second World War")
        await reader.press(key[command])
        assert reader.keys == 1
        decision = await one_more(reader, 0)
        record = only(decision)
        assert isinstance(record, Entity)
        assert (decision.action, record.id, record.text) == (Action.RESIZE, war.id, words)
        assert record.span.of(reader.reading.text) == words


async def test_a_missed_entity_costs_its_distance_and_its_words(
    project: Project, key: dict[str, str]
) -> None:
    async with reading(project) as reader:
        distance, words = 3, 2
        await reader.go("Russia")
        await reader.press(*[key["cursor.word_right"]] * distance)
        assert reader.reading.cursor.of(reader.reading.text) == "Bering"
        await reader.press(key["label.LOC"], *[key["span.end_right"]] * (words - 1))
        assert reader.keys == distance + words
        record = only(reader.journal()[-1])
        assert isinstance(record, Entity)
        assert (record.text, record.label, record.status) == ("Bering Strait", "LOC", Status.ADDED)
        assert record.origin is None


async def test_one_key_makes_a_claim_of_the_clause(project: Project, key: dict[str, str]) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press(key["claim.add"])
        assert reader.keys == 1
        record = only(await one_more(reader, 0))
        assert isinstance(record, Claim)
        assert record.text == scenes.CLAIM
        assert record.status is Status.ADDED
        assert reader.current.id == record.id


@pytest.mark.parametrize(
    ("command", "field", "value"),
    [
        ("stance.denies", "stance", "denies"),
        ("stance.open", "stance", "open"),
        ("certainty.probable", "certainty", "probable"),
        ("certainty.possible", "certainty", "possible"),
        ("certainty.uncommitted", "certainty", "uncommitted"),
        ("holder.nearest", "holder_name", "Ukraine"),
        ("holder.unnamed", "holder_name", "unnamed"),
    ],
)
async def test_one_key_sets_stance_certainty_or_holder(
    project: Project, key: dict[str, str], command: str, field: str, value: str
) -> None:
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press(key["claim.add"])
        claim = reader.current
        reader.keys = 0
        await reader.press(key[command])
        assert reader.keys == 1
        decision = await one_more(reader, 1)
        record = only(decision)
        assert (decision.action, record.id) == (Action.TAG, claim.id)
        assert str(getattr(record, field)) == value


@pytest.mark.parametrize("command", ["stance.affirms", "certainty.certain", "holder.author"])
async def test_one_key_sets_a_field_back(
    project: Project, key: dict[str, str], command: str
) -> None:
    other = {
        "stance.affirms": "stance.denies",
        "certainty.certain": "certainty.probable",
        "holder.author": "holder.unnamed",
    }
    async with reading(project) as reader:
        await reader.point("formal agreements")
        await reader.press(key["claim.add"])
        fresh = reader.current
        assert isinstance(fresh, Claim)
        await reader.press(key[other[command]])
        changed = reader.current
        assert isinstance(changed, Claim)
        assert changed.values() != fresh.values()
        reader.keys = 0
        await reader.press(key[command])
        assert reader.keys == 1
        record = only(await one_more(reader, 2))
        assert isinstance(record, Claim)
        assert record.values() == fresh.values()


async def test_two_keys_decide_all_the_same_after_a_look(
    project: Project, key: dict[str, str]
) -> None:
    async with reading(project) as reader:
        await reader.go("Trump")
        await reader.press(key["label.PERSON"])
        others = len(reader.reading.apply_same()[1])
        assert others > 5
        reader.keys = 0
        await reader.press(key["same.apply"])
        assert len(reader.journal()) == 1, "a look decides nothing"
        assert f"in {others} places" in reader.foot
        await reader.press("enter")
        assert reader.keys == 2
        decision = await one_more(reader, 1)
        labels = {
            change.after.label for change in decision.changes if isinstance(change.after, Entity)
        }
        assert labels == {"PERSON"}
        assert len(decision.changes) == others
        await reader.go("Trump")
        await reader.press(key["same.apply"])
        assert reader.said.startswith("There is no other “Trump”")


def settled(project: Project, title: str) -> None:
    """Decide all that is open in a document."""
    document = project.document(title)
    found = project.overlay(document.id).index
    made = [changes.accept(one) for one in found if one.status is Status.SUGGESTED]
    project.decide(document.id, Action.ACCEPT, made)


async def test_one_key_marks_done_and_opens_the_next_document(
    project: Project, key: dict[str, str]
) -> None:
    settled(project, scenes.SUMMIT)
    async with reading(project) as reader:
        first = reader.reading.document
        await reader.press(key["document.done"])
        assert reader.keys == 1
        decision = await one_more(reader, 1)
        record = only(decision)
        assert (decision.action, decision.document) == (Action.FINISH, first.id)
        assert isinstance(record, State)
        assert record.finished
        assert reader.reading.document.title == scenes.LIGHTHOUSE


async def test_done_asks_for_a_second_press_where_suggestions_are_left(
    project: Project, key: dict[str, str]
) -> None:
    async with reading(project) as reader:
        left = reader.reading.overlay.open
        for other in ("right", "Y", "j", "?"):
            await reader.press(key["document.done"])
            assert reader.said == f"{left} open suggestions are left: e again marks it done."
            await reader.press(other, "escape")
            await reader.press(key["document.done"])
            assert reader.journal() == [], f"{other} cancels"
            await reader.press("escape")
        await reader.press(key["document.done"], key["document.done"])
        assert [one.action for one in reader.journal()] == [Action.FINISH]
        assert reader.reading.document.title == scenes.LIGHTHOUSE


async def test_one_key_takes_back_and_one_repeats(project: Project, key: dict[str, str]) -> None:
    async with reading(project) as reader:
        moscow = await reader.go("Moscow")
        await reader.press(key["suggestion.accept"])
        reader.keys = 0
        await reader.press(key["history.undo"])
        assert reader.keys == 1
        undo = await one_more(reader, 1)
        assert (undo.action, undo.of) == (Action.UNDO, 1)
        assert reader.current == moscow
        await reader.press(key["history.redo"])
        assert reader.keys == 2
        redo = await one_more(reader, 2)
        assert redo.action is Action.REDO
        assert reader.current.id == moscow.id
        assert reader.current.status is Status.ACCEPTED


async def test_undo_has_no_limit(project: Project, key: dict[str, str]) -> None:
    async with reading(project) as reader:
        await reader.press(*[key["suggestion.accept"]] * 12, *[key["history.undo"]] * 12)
        assert len(reader.journal()) == 24
        assert len(list(reader.project.layer(reader.reading.document.id))) == 0
        await reader.press(key["history.undo"])
        assert "nothing to undo" in reader.said


# The list


def test_every_command_does_something() -> None:
    schema = default()
    names = {f"{field}.{one}" for field in ("stance", "certainty") for one in schema.names(field)}
    names |= {f"{LABEL}{one.name}" for one in schema.labels}
    every = {one.id for one in commands(schema)}
    assert every == set(ReaderScreen.handlers) | names
    assert not set(ReaderScreen.handlers) & names


def test_the_ids_that_scripts_use_are_there() -> None:
    schema = default()
    every = {one.id for one in commands(schema)}
    assert every >= FIXED
    assert every >= {f"{LABEL}{one.name}" for one in schema.labels}


def test_every_default_key_is_a_key_that_any_terminal_passes_on() -> None:
    passed = {"up", "down", "left", "right", "enter", "escape", "tab", "shift+tab", "space"}
    for one in commands(default()):
        plain = len(one.key) == 1 and one.key.isascii() and one.key.isprintable()
        assert (plain and one.key != " ") or one.key in passed, one


def test_no_two_commands_have_one_key() -> None:
    keys = [one.key for one in commands(default()) if one.key]
    assert len(keys) == len(set(keys))


def test_every_command_says_what_it_does_and_where() -> None:
    for one in commands(default()):
        assert one.label and one.about and one.group, one
        assert isinstance(one.needs, Needs)


def test_every_key_is_found_by_what_is_pressed() -> None:
    known = commands(default())
    assert all(known.for_key(one.key) == one for one in known if one.key)
    assert known.for_key("") is None


# Keymaps


def keymapped(*keymaps: dict[str, str]) -> Commands:
    return commands(default(), *keymaps, where="here.toml")


def test_a_keymap_gives_a_key() -> None:
    known = keymapped({"history.undo": "U"})
    assert known.for_key("U") is known["history.undo"]
    assert known.for_key("u") is None


def test_a_keymap_takes_a_key_from_the_command_that_had_it() -> None:
    known = keymapped({"history.undo": "a"})
    assert known.for_key("a") is known["history.undo"]
    assert known["suggestion.accept"].key == ""


def test_two_keys_can_change_places() -> None:
    known = keymapped({"suggestion.accept": "x", "suggestion.reject": "a"})
    assert known.for_key("x") is known["suggestion.accept"]
    assert known.for_key("a") is known["suggestion.reject"]


def test_a_keymap_takes_a_key_away() -> None:
    known = keymapped({"app.quit": ""})
    assert known["app.quit"].key == ""
    assert known.for_key("q") is None


def test_a_later_keymap_wins() -> None:
    known = keymapped({"history.undo": "U", "history.redo": "R"}, {"history.undo": "Z"})
    assert known.for_key("Z") is known["history.undo"]
    assert known.for_key("R") is known["history.redo"]
    assert known.for_key("U") is None


def test_the_space_bar_can_be_a_key() -> None:
    assert keymapped({"suggestion.accept": " "}).for_key("space") is not None
    assert keymapped({"suggestion.accept": "space"}).for_key("space") is not None


@pytest.mark.parametrize(
    ("keymap", "words"),
    [
        ({"suggestion.acept": "a"}, "no command 'suggestion.acept'; did you mean"),
        ({"history.undo": "ctrl+s"}, "'ctrl+s' for history.undo is no key"),
        ({"history.undo": "\x13"}, "is no key"),
        ({"history.undo": "u", "history.redo": "u"}, "given to history.undo and to history.redo"),
        ({"history.undo": " ", "history.redo": "space"}, "Change one"),
    ],
)
def test_a_keymap_that_does_not_hold_is_refused(keymap: dict[str, str], words: str) -> None:
    with pytest.raises(SchemaError) as caught:
        keymapped(keymap)
    message = str(caught.value)
    assert message.startswith("here.toml: ")
    assert words in message
    assert "\n" not in message


def test_a_label_never_takes_the_key_of_a_fixed_command() -> None:
    labels = {one.id: one.key for one in commands(default()) if one.id.startswith(LABEL)}
    fixed = {one.key for one in commands(default()) if not one.id.startswith(LABEL)}
    assert not fixed & set(labels.values())
    assert [labels[f"{LABEL}{one.name}"] for one in default().labels[:9]] == list("123456789")


def test_the_keymap_is_toml_that_can_be_read_back() -> None:
    known = commands(default())
    table = tomllib.loads(known.toml())
    assert set(table) == {"keys"}
    assert table["keys"] == {one.id: one.key for one in known}
    again = commands(default(), table["keys"])
    assert list(again) == list(known)


def test_the_keymap_is_toml_whatever_a_label_is_called() -> None:
    name = 'la\nb"el\\\x1b]0;x\x07\x9b\u202e\u200b\u3164\U000e0041 字'
    label = Label(name, "L", "", "means\r\nthis: \x1b[2J\u202e")
    known = commands(replace(default(), labels=(label,)))
    assert tomllib.loads(known.toml())["keys"] == {one.id: one.key for one in known}
    assert known.toml().replace("\n", "").isprintable()


def test_named_keys_are_shown_as_they_are_written_on_keyboards() -> None:
    known = commands(default())
    assert known["cursor.up"].shown_key == "↑"
    assert known["select.clear"].shown_key == "esc"
    assert all(NAMED[one.key] == one.shown_key for one in known if one.key in NAMED)


async def test_a_person_s_own_key_works_in_the_reader(tmp_path: Path) -> None:
    project = scenes.bare(tmp_path / "project", scenes.LIGHTHOUSE)
    async with reading(project, keys={"suggestion.accept": "space"}) as reader:
        await reader.press("a")
        assert "a does nothing here" in reader.said
        assert reader.journal() == []
        await reader.press("space")
        assert len(reader.journal()) == 1
        assert "space" in reader.foot
