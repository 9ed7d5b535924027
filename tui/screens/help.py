"""All keys: those valid now in brief, then every command with what it does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from tui.commands import Command, Commands, Needs
from tui.describe import Piece, visible
from tui.flow import flowed, tied
from tui.screens.leaflet import Leaflet
from tui.widgets.line import width

_TWO_COLUMNS: Final = 76
"""Cells of a row; a screen of 80 has these."""

_GAP: Final = 2
_WIDEST: Final = 120
_KEY: Final = 6


class HelpScreen(Leaflet):
    """Every command and its key.

    Args:
        commands: the commands of the project.
        valid: the ids of those that mean something where one is.
    """

    def __init__(self, commands: Commands, valid: set[str]) -> None:
        opened_by = commands["help.open"].key
        super().__init__("All keys", lambda cells: rows(commands, valid, cells), "?", opened_by)


def rows(commands: Commands, valid: set[str], cells: int) -> list[list[Piece]]:
    """The help as rows of at most so many cells: in two columns where there is room."""
    cells = min(cells, _WIDEST)
    now = [one for one in commands if one.id in valid and one.key]
    made: list[list[Piece]] = [[("Valid now", "key")]]
    made += flowed((piece for one in now for piece in tied(one.shown_key, one.label)), cells)
    for group, members in commands.groups().items():
        made += [[], [(group, "key")]]
        if cells < _TWO_COLUMNS:
            made += (row for one in members for row in _entry(one, one.id in valid, cells))
        else:
            made += _columns(members, valid, cells)
    return made


def _columns(members: list[Command], valid: set[str], cells: int) -> Iterator[list[Piece]]:
    """A group in two columns, the first half at the left."""
    room, half = (cells - _GAP) // 2, (len(members) + 1) // 2
    left, right = (
        [row for one in part for row in _entry(one, one.id in valid, room)]
        for part in (members[:half], members[half:])
    )
    for one, other in zip_longest(left, right, fillvalue=list[Piece]()):
        yield [*one, (" " * (room - width(one) + _GAP), "plain"), *other]


def _entry(one: Command, is_valid: bool, cells: int) -> list[list[Piece]]:
    """A command: its key, its label and what it does; what it needs where that is missing."""
    key = f"{one.shown_key or '—':<{_KEY - 1}} "
    about = f"  {visible(one.about)}" if one.about != one.label else ""
    missing = f" (needs {one.needs})" if not is_valid and one.needs is not Needs.NOTHING else ""
    pieces = [
        (key, "key" if is_valid else "muted"),
        (visible(one.label), "strong" if is_valid else "muted"),
        (about, "plain" if is_valid else "muted"),
        (missing, "muted"),
    ]
    return flowed(pieces, cells, indent=_KEY)
