"""Which keys mean something now, and which of them the line at the foot shows."""

from __future__ import annotations

from collections.abc import Collection

from annotations.records import Claim, Entity, Status
from tui.commands import Command, Commands, Needs
from tui.describe import Piece
from tui.reading import Reading
from tui.widgets.line import width

_ENTITY = ("suggestion.accept", "suggestion.reject", "+labels", "+edges", "same.apply", "claim.add")
_CLAIM = (
    "+stance",
    "+certainty",
    "claim.holder",
    "+edges",
    "guide.open",
    "claim.fields",
)
_SUGGESTED_CLAIM = ("suggestion.accept", "suggestion.reject", *_CLAIM)
_SELECTION = ("+labels", "claim.add", "+edges", "select.clear")
_NOTHING = (
    "suggestion.next",
    "annotation.next",
    "+labels",
    "select.start",
    "claim.add",
    "search.open",
    "document.done",
    "documents.open",
)
_QUEUE = ("queue.skip", "queue.flag")
_DIFFERENCE = (
    "difference.left",
    "difference.right",
    "difference.neither",
    "difference.both",
    "queue.skip",
    "same.apply",
    "difference.agreed",
    "queue.flag",
)
_ALWAYS = ("help.open",)
_GAP = 2
"""Cells behind each key and its label; the last one needs none."""
_NO_DOCUMENT = {
    "documents.open",
    "corpus.search",
    "dashboard.open",
    "palette.open",
    "theme.next",
    "help.open",
    "app.quit",
}
_OPEN = ("suggestion.next", "suggestion.previous")
"""What leads to suggestions, so that there is nothing to lead to while these are hidden."""
_USUAL = ("suggestion.next", "history.undo", "document.done")


def valid(
    commands: Commands, reading: Reading | None, offers: Collection[Needs] = frozenset()
) -> set[str]:
    """The ids of the commands that mean something where one is.

    Args:
        reading: where one is; None while no document is open.
        offers: what the screen has besides, such as a queue.
    """
    if reading is None:
        return {one for one in _NO_DOCUMENT if commands[one].key}
    here = reading.annotation
    there = dict.fromkeys(Needs, False) | dict.fromkeys(offers, True)
    there |= {
        Needs.NOTHING: True,
        Needs.ANNOTATION: here is not None,
        Needs.SUGGESTION: here is not None and here.status is Status.SUGGESTED,
        Needs.CLAIM: reading.claim is not None,
        Needs.DECISION: here is not None,
    }
    hidden = _OPEN if there[Needs.HIDDEN] else ()
    return {one.id for one in commands if one.key and there[one.needs] and one.id not in hidden}


def hints(
    commands: Commands, reading: Reading | None, cells: int, offers: Collection[Needs] = frozenset()
) -> list[Piece]:
    """The keys that one is most likely to want here, as many as fit, help always the last."""
    here = reading.annotation if reading else None
    if reading is None:
        wanted: tuple[str, ...] = ("app.quit",)
    elif reading.selection:
        wanted = _SELECTION
    elif isinstance(here, Entity):
        wanted = (*_ENTITY, *_USUAL)
    elif isinstance(here, Claim):
        suggested = here.status is Status.SUGGESTED
        wanted = (*(_SUGGESTED_CLAIM if suggested else _CLAIM), *_USUAL)
    else:
        wanted = (*_NOTHING, "history.undo")
    if Needs.DIFFERENCE in offers:
        there = {*offers, Needs.DECISION}
        sides = [one for one in _DIFFERENCE if commands[one].needs in there]
        wanted = (*sides, *wanted)
    elif Needs.QUEUE in offers and here is not None:
        same = ("+labels", "same.apply") if isinstance(here, Entity) else ()
        wanted = (*wanted[:2], *_QUEUE, *same, *wanted[2:])
    if reading and Needs.DIFFERENCE not in offers and reading.more_like() == 0:
        wanted = tuple(one for one in wanted if one != "same.apply")
    if Needs.HIDDEN in offers:
        wanted = tuple("suggestions.reveal" if one in _OPEN else one for one in wanted)
    last = _group(commands, _ALWAYS[0])
    made: list[Piece] = []
    for one in dict.fromkeys(wanted):
        pieces = _group(commands, one)
        if width([*made, *pieces, *last]) - _GAP > cells:
            continue
        made += pieces
    made += last
    if made:
        made[-1] = (made[-1][0].rstrip(), made[-1][1])
    return made


def label_keys(commands: Commands) -> str:
    """The keys of the labels, or the first of them, in as few characters as tell them."""
    keys = [one.key for one in commands if one.id.startswith("label.") and one.key]
    digits = [one for one in keys if one.isdigit()]
    return "1-9" if len(digits) >= 9 else "".join(keys[:3])


def _group(commands: Commands, name: str) -> list[Piece]:
    """One command's key and label, or several that belong together."""
    if name == "+labels":
        labels = label_keys(commands)
        return [(labels, "key"), (" label  ", "muted")] if labels else []
    if name == "+edges":
        edges = [
            commands[f"span.{edge}"].shown_key
            for edge in ("start_left", "start_right", "end_left", "end_right")
        ]
        return [
            (" ".join(edges[:2]), "key"),
            (" start  ", "muted"),
            (" ".join(edges[2:]), "key"),
            (" end  ", "muted"),
        ]
    if name.startswith("+"):
        area = name[1:]
        keys = [one.shown_key for one in commands if one.id.startswith(f"{area}.") and one.key]
        return [(" ".join(keys), "key"), (f" {area}  ", "muted")] if keys else []
    return _shown(commands[name]) if commands[name].key else []


def _shown(command: Command) -> list[Piece]:
    return [(command.shown_key, "key"), (f" {command.label}  ", "muted")]
