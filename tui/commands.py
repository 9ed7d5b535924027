"""The one list of commands and their keys.

Key dispatch, the line of keys, the palette, the help, `purport keys` and the README's table all
come from here. A key is what a person presses: a letter, a digit, a punctuation mark, or one of
the names in `NAMED`; none of them means anything to flow control or to a terminal multiplexer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import tomlkit
import tomlkit.items

from annotations.errors import SchemaError
from annotations.schema import Schema, nearest
from annotations.symbols import escaped_toml, line

NAMED: Final = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "enter": "enter",
    "escape": "esc",
    "tab": "tab",
    "shift+tab": "shift+tab",
    "space": "space",
    "backspace": "backspace",
    "pageup": "page up",
    "pagedown": "page down",
    "home": "home",
    "end": "end",
}
"""Keys that have a name, and how the screen shows them."""


class Needs(StrEnum):
    """What must be there for a command to mean something."""

    NOTHING = "always"
    ANNOTATION = "an annotation"
    SUGGESTION = "a suggestion"
    CLAIM = "a claim"
    DECISION = "something decided"
    QUEUE = "a review"
    DIFFERENCE = "a difference of two layers"
    BOTH = "two sides that may both stand"
    DONE = "a document that is done"
    HIDDEN = "hidden suggestions"


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do in the reader with one key.

    Attributes:
        id: `area.verb`, the name in keymaps.
        key: the key, as `NAMED` or as the character itself; empty if none.
        label: a word or two for the line of keys.
        about: what it does, for help and palette.
        group: the heading it stands under.
    """

    id: str
    key: str
    label: str
    about: str
    group: str
    needs: Needs = Needs.NOTHING

    @property
    def shown_key(self) -> str:
        """The key as the screen shows it."""
        return NAMED.get(self.key, self.key)


_DECIDE, _SPAN, _CLAIM = "Decide", "Spans", "Claims"
_MOVE, _DOCUMENT, _MORE = "Move", "Documents", "More"
_REVIEW = "Review"

_BEFORE_LABELS: Final = (
    Command("suggestion.accept", "a", "accept", "it is right: accept and go to the next suggestion", _DECIDE, Needs.ANNOTATION),
    Command("suggestion.reject", "x", "reject", "it is wrong: reject and go to the next suggestion", _DECIDE, Needs.ANNOTATION),
    Command("same.apply", "=", "all the same", "decide the same for all the same words, after a look", _DECIDE, Needs.DECISION),
    Command("annotation.remove", "-", "remove", "take the annotation out", _DECIDE, Needs.ANNOTATION),
    Command("annotation.note", ";", "note", "write a note on the annotation; a suggestion is accepted with it", _DECIDE, Needs.ANNOTATION),
    Command("history.undo", "u", "undo", "take the last decision back, in whichever document", _DECIDE),
    Command("history.redo", "r", "redo", "repeat the decision that was undone", _DECIDE),
)  # fmt: skip

_BEFORE_FIELDS: Final = (
    Command("select.start", "v", "select", "select from this word on; moving the cursor extends it", _SPAN),
    Command("select.clear", "escape", "let go", "let go of the selection, then of the annotation", _SPAN),
    Command("span.start_left", "[", "start ←", "move the start one word to the left", _SPAN),
    Command("span.start_right", "]", "start →", "move the start one word to the right", _SPAN),
    Command("span.end_left", "{", "end ←", "move the end one word to the left", _SPAN),
    Command("span.end_right", "}", "end →", "move the end one word to the right", _SPAN),
    Command("claim.add", "c", "claim", "make a claim of the selection, or of the clause here", _CLAIM),
)  # fmt: skip

_AFTER_FIELDS: Final = (
    Command("claim.holder", "h", "holder", "choose who holds it, among those near", _CLAIM, Needs.CLAIM),
    Command("holder.nearest", "@", "holder: nearest", "the nearest person or body before it holds it", _CLAIM, Needs.CLAIM),
    Command("holder.unnamed", "*", "holder: unnamed", "somebody holds it, the text does not say who", _CLAIM, Needs.CLAIM),
    Command("holder.author", '"', "holder: author", "the text itself says it", _CLAIM, Needs.CLAIM),
    Command("claim.fields", "w", "all fields", "choose all fields, frame, time, quotation and doubt too, and keep them together", _CLAIM, Needs.CLAIM),
    Command("guide.open", "g", "guide", "the definitions, with examples", _CLAIM),
    Command("suggestion.next", "n", "next", "to the next open suggestion here, else in the next document not done", _MOVE),
    Command("suggestion.previous", "p", "previous", "to the open suggestion before, in the same way", _MOVE),
    Command("annotation.next", "tab", "next mark", "to the next annotation, decided or not", _MOVE),
    Command("annotation.previous", "shift+tab", "mark before", "to the annotation before", _MOVE),
    Command("cursor.word_right", ".", "word →", "one word to the right", _MOVE),
    Command("cursor.word_left", ",", "word ←", "one word to the left", _MOVE),
    Command("cursor.right", "right", "→", "one word to the right", _MOVE),
    Command("cursor.left", "left", "←", "one word to the left", _MOVE),
    Command("cursor.down", "down", "↓", "one line down", _MOVE),
    Command("cursor.up", "up", "↑", "one line up", _MOVE),
    Command("page.down", "f", "page ↓", "one page down", _MOVE),
    Command("page.up", "b", "page ↑", "one page up", _MOVE),
    Command("search.open", "/", "search", "search the text; with nothing typed, enter goes to the next place", _MOVE),
    Command("corpus.search", "S", "search all", "search all documents, by words, label, stance or status", _MOVE),
    Command("document.done", "e", "done", "this document is done: mark it and open the next; asks first if suggestions are left", _DOCUMENT),
    Command("document.reopen", "E", "not done", "this document is not done after all", _DOCUMENT, Needs.DONE),
    Command("document.next", ">", "next", "the next document", _DOCUMENT),
    Command("document.previous", "<", "previous", "the document before", _DOCUMENT),
    Command("documents.open", "j", "documents", "the list of documents", _DOCUMENT),
    Command("queue.skip", "space", "skip", "not now: put it behind the others of the queue", _REVIEW, Needs.QUEUE),
    Command("queue.flag", "!", "flag", "in doubt: flag it, undecided, and put it at the very end", _REVIEW, Needs.QUEUE),
    Command("difference.left", "(", "left", "the left layer is right: take its side", _REVIEW, Needs.DIFFERENCE),
    Command("difference.right", ")", "right", "the right layer is right: take its side", _REVIEW, Needs.DIFFERENCE),
    Command("difference.neither", "_", "neither", "neither layer is right: reject what both say", _REVIEW, Needs.DIFFERENCE),
    Command("difference.both", "&", "both", "both layers are right, where the schema allows it", _REVIEW, Needs.BOTH),
    Command("difference.agreed", "|", "agreed", "accept all in this document that both layers say", _REVIEW, Needs.DIFFERENCE),
    Command("missed.show", "+", "missed", "look for what no layer marks: weak suggestions", _REVIEW),
    Command("suggestions.reveal", "#", "reveal", "show the suggestions that reading blind hides", _REVIEW, Needs.HIDDEN),
    Command("dashboard.open", "%", "figures", "progress, pace and accept rates, and what is behind them", _REVIEW),
    Command("view.kinds", "k", "show", "show entities, claims, or both", _MORE),
    Command("history.open", "H", "history", "who decided what on this annotation, and when", _MORE, Needs.ANNOTATION),
    Command("inspector.toggle", "i", "inspector", "show or hide the panel at the side; a narrow screen tells all at its foot", _MORE),
    Command("palette.open", ":", "commands", "find a command by its name", _MORE),
    Command("theme.next", "z", "theme", "the next theme: dark, light, the terminal's own", _MORE),
    Command("help.open", "?", "all keys", "all keys, those valid now first", _MORE),
    Command("app.quit", "q", "quit", "leave; everything is saved already", _MORE),
)  # fmt: skip

_FIELD_KEYS: Final = {
    "affirms": "y",
    "denies": "d",
    "open": "o",
    "certain": "t",
    "probable": "l",
    "possible": "s",
    "uncommitted": "m",
}


class Commands:
    """The commands of one project: the fixed ones, and one for each of its labels."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = dict(commands)
        self._by_key = {one.key: one for one in self._commands.values() if one.key}

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __getitem__(self, command_id: str) -> Command:
        return self._commands[command_id]

    def __contains__(self, command_id: str) -> bool:
        return command_id in self._commands

    def for_key(self, key: str) -> Command | None:
        """The command of a key, if it has one."""
        return self._by_key.get(key)

    def groups(self) -> dict[str, list[Command]]:
        """The commands under their headings, in order."""
        made: dict[str, list[Command]] = {}
        for one in self:
            made.setdefault(one.group, []).append(one)
        return made

    def toml(self) -> str:
        """The keymap as TOML: one table `[keys]`, ready to edit."""
        rows = [_HEADING]
        for one in self:
            own = tomlkit.items.SingleKey(one.id, tomlkit.items.KeyType.Basic).as_string()
            rows.append(f"{own} = {tomlkit.item(one.key).as_string()} # {line(one.about)}")
        # Row by row: a table of tomlkit's takes time that grows with the square of its rows.
        return escaped_toml("\n".join(rows) + "\n")


_HEADING: Final = """\
# Keys of the reader. Put this table into purport.toml and edit it;
# a key that is left out keeps its default, "" takes it away.

[keys]"""


def commands(schema: Schema, *keymaps: Mapping[str, str], where: str = "[keys]") -> Commands:
    """The commands of a project, with the keys that keymaps give them; later ones win.

    A key that a keymap gives to one command is taken from the command that has it by default.

    Raises:
        SchemaError: a keymap names an unknown command or key, or gives one key to two commands.
    """
    labels = [
        Command(f"label.{one.name}", one.key, one.short, one.description or one.name, "Labels")
        for one in schema.labels
    ]
    fields = [
        Command(f"{field}.{one.name}", _FIELD_KEYS.get(one.name, ""), one.name, one.definition or one.name, _CLAIM, Needs.CLAIM)
        for field in ("stance", "certainty")
        for one in schema.fields[field]
    ]  # fmt: skip
    every = (*_BEFORE_LABELS, *labels, *_BEFORE_FIELDS, *fields, *_AFTER_FIELDS)
    made = {one.id: one for one in every}
    _free_defaults(made, {one.id for one in labels})
    for keymap in keymaps:
        given: dict[str, str] = {}
        for command_id, key in keymap.items():
            if command_id not in made:
                raise SchemaError(
                    f"{where}: no command {command_id!r}; {nearest(command_id, made)}"
                )
            if key and key not in NAMED and not (len(key) == 1 and key.isprintable()):
                raise SchemaError(
                    f"{where}: {key!r} for {command_id} is no key; write one character or one of "
                    f"{', '.join(NAMED)}."
                )
            name = "space" if key == " " else key
            if name and name in given:
                raise SchemaError(
                    f"{where}: {key!r} is given to {given[name]} and to {command_id}. Change one."
                )
            given[name] = command_id
        for one in list(made.values()):
            if one.key in given and given[one.key] != one.id:
                made[one.id] = replace(one, key="")
        for key, command_id in given.items():
            made[command_id] = replace(made[command_id], key=key)
        for command_id, key in keymap.items():
            if not key:
                made[command_id] = replace(made[command_id], key="")
    return Commands(made)


def _free_defaults(made: dict[str, Command], labels: set[str]) -> None:
    """Take a label's key away where a fixed command has it."""
    fixed = {one.key for one in made.values() if one.id not in labels}
    for one in list(made.values()):
        if one.id in labels and one.key in fixed:
            made[one.id] = replace(one, key="")


def key_name(key: str, character: str | None) -> str:
    """The name of a pressed key, from Textual's name and the character it sends."""
    if key in NAMED:
        return key
    if character and character.isprintable():
        return "space" if character == " " else character
    return key
