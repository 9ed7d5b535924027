"""One row of words at an edge of the screen, with parts that matter more and less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

from annotations.symbols import shown
from tui.describe import Piece
from tui.flow import TIE, flowed

ROLES: Final = {
    "plain": "",
    "muted": "$text-muted",
    "strong": "bold",
    "key": "bold $primary",
    "good": "$success",
    "bad": "bold $error",
}
"""The style of each role of a piece; a theme gives the colours."""


def content(pieces: Sequence[Piece]) -> Content:
    """Pieces as Textual shows them; none of the words are read as markup, or obeyed."""
    return Content.assemble(
        *((words.replace(TIE, " "), ROLES[role]) for words, role in seen(pieces))
    )


def seen(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces with symbols for what a terminal would obey or hide, whoever made them."""
    return [(shown(words), role) for words, role in pieces]


def width(pieces: Sequence[Piece]) -> int:
    """The cells that pieces take."""
    return sum(cell_len(words) for words, _ in pieces)


def fitted(pieces: Sequence[Piece], cells: int) -> list[Piece]:
    """As much of the pieces as fits, with an ellipsis where something was left out."""
    if width(pieces) <= cells:
        return list(pieces)
    made: list[Piece] = []
    left = cells - 1
    for words, role in pieces:
        taken = words if cell_len(words) <= left else set_cell_size(words, max(0, left))
        made.append((taken, role))
        left -= cell_len(taken)
        if taken != words or left <= 0:
            break
    return [*made, ("…", "muted")] if cells > 0 else []


class Line(Static):
    """A row with words at the left and, where there is room, words at the right."""

    DEFAULT_CSS = """
    Line { height: 1; width: 1fr; padding: 0 1; text-wrap: nowrap; }
    Line.-whole { height: auto; max-height: 8; text-wrap: wrap; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", markup=False, id=id)
        self._left: Sequence[Piece] = ()
        self._right: Sequence[Piece] = ()
        self._whole = False

    def say(
        self, left: Sequence[Piece], right: Sequence[Piece] = (), *, whole: bool = False
    ) -> None:
        """Show these pieces; what is shown already costs nothing.

        Args:
            left: what matters most.
            right: what is shown at the other end.
            whole: take as many rows as the words at the left need, rather than leave some out.
        """
        left, right = seen(left), seen(right)
        if (left, right, whole) != (self._left, self._right, self._whole):
            self._left, self._right, self._whole = left, right, whole
            self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        room = self.content_size.width
        if not room:
            return
        is_long = self._whole and width(self._left) > room
        if is_long or self.has_class("-whole"):
            self.set_class(is_long, "-whole")
        if is_long:
            rows = flowed(self._left, room)
            self.update(Content("\n").join(content(row) for row in rows))
            return
        right = fitted(self._right, room)
        left = fitted(self._left, max(0, room - width(right) - (2 if right else 0)))
        gap = room - width(left) - width(right)
        self.update(content([*left, (" " * gap, "plain"), *right]), layout=False)

    @property
    def words(self) -> str:
        """What the row says, for tests and screen readers."""
        return "".join(words for words, _ in (*self._left, *self._right)).replace(TIE, " ")
