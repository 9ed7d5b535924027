"""Writes cells to a terminal in few bytes: pens, columns, and the ways of the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

from rich.cells import cell_len, split_graphemes
from rich.color import Color, ColorSystem
from rich.style import Style

from annotations.symbols import shown


class Pen(NamedTuple):
    """What a cell is drawn with: Rich's attribute bits, SGR colour codes, and a link."""

    attributes: int = 0
    fg: str = ""
    bg: str = ""
    link: str = ""


Cell: TypeAlias = tuple[str, Pen]
"""One column: a grapheme cluster and its pen. A wide cluster leaves its further columns empty."""

PLAIN: Final = Pen()
UNKNOWN: Final[Cell] = ("\0", PLAIN)
"""A column of which nothing is known, so that whatever is wanted there differs."""

_ON: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
_OFF: Final = ("22", "22", "23", "24", "25", "25", "27", "28", "29", "24")
_SEEN_ON_BLANK: Final = 0b1111101001000
"""Underline, reverse, strike, double underline, frame, circle, overline."""


@lru_cache(maxsize=4096)
def _pen(
    attributes: int, color: Color | None, bgcolor: Color | None, link: str, system: ColorSystem
) -> Pen:
    fg = ";".join(color.downgrade(system).get_ansi_codes()) if color else ""
    bg = ";".join(bgcolor.downgrade(system).get_ansi_codes(False)) if bgcolor else ""
    link = "".join(filter(_is_graphic, link))
    return Pen(attributes, "" if fg == "39" else fg, "" if bg == "49" else bg, link)


def pen_of(style: Style | None, system: ColorSystem) -> Pen:
    """The pen that draws a Rich style."""
    if style is None:
        return PLAIN
    link = f"id={style.link_id};{style.link}" if style.link else ""
    attributes = style._attributes & style._set_attributes
    return _pen(attributes, style.color, style.bgcolor, link, system)


@lru_cache(maxsize=4096)
def bare(pen: Pen) -> Pen:
    """As much of a pen as can be seen on a blank."""
    return pen if pen.attributes & _SEEN_ON_BLANK or pen.link else Pen(bg=pen.bg)


@lru_cache(maxsize=4096)
def turn(old: Pen, new: Pen) -> str:
    """The shortest escape sequence that changes one pen for another."""
    link = f"\x1b]8;{new.link or ';'}\x1b\\" if new.link != old.link else ""
    if old[:3] == new[:3]:
        return link
    fresh = ["0", *_codes(new.attributes), new.fg, new.bg]
    ways = [";".join(filter(None, fresh)) if any(new[:3]) else ""]
    lost, gained = old.attributes & ~new.attributes, new.attributes & ~old.attributes
    if lost < 1 << len(_OFF):
        off = dict.fromkeys(_OFF[bit] for bit in range(len(_OFF)) if lost >> bit & 1)
        # One code may end two attributes, such as bold and dim: what stays is set again.
        for bit, code in enumerate(_OFF):
            if code in off:
                gained |= new.attributes & (1 << bit)
        fg = "" if new.fg == old.fg else new.fg or "39"
        bg = "" if new.bg == old.bg else new.bg or "49"
        ways.append(";".join(filter(None, [*off, *_codes(gained), fg, bg])))
    return f"{link}\x1b[{min(ways, key=len)}m"


def _codes(attributes: int) -> list[str]:
    return [code for bit, code in enumerate(_ON) if attributes >> bit & 1]


@lru_cache(maxsize=8192)
def cells(text: str, pen: Pen) -> tuple[Cell, ...]:
    """The columns that a text takes; what has no column, as a control character, is left out.

    So is what is hidden. What a document or a project says is made of symbols long before; this is
    the last place before the terminal.
    """
    blank = (" ", bare(pen))
    if text.isascii() and text.isprintable():
        return tuple(blank if letter == " " else (letter, pen) for letter in text)
    made: list[Cell] = []
    text = _drawn(text)
    for start, end, width in split_graphemes(text)[0]:
        cluster = text[start:end]
        if width and cluster:
            made.append(blank if cluster == " " else (cluster, pen))
            made.extend([("", pen)] * (width - 1))
    return tuple(made)


def _drawn(text: str) -> str:
    """The text without the characters for which a symbol should stand."""
    seen = shown(text)
    if seen == text:
        return text
    return "".join(one for one, other in zip(text, seen, strict=True) if one == other)


def _is_graphic(letter: str) -> bool:
    return not (letter < " " or "\x7f" <= letter < "\xa0")


@cache
def is_doubtful(cluster: str) -> bool:
    """Whether terminals disagree on the width: joined, combined and pictorial characters."""
    if len(cluster) != 1:
        return len(cluster) > 1
    if cluster < "\u2e80":
        return cell_len(cluster) > 1
    return "\U0001f000" <= cluster < "\U00020000"


class Writer:
    """Collects the sequences of one frame, and knows where the cursor is and with which pen."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.pen = PLAIN
        self.y = -1
        self.x = -1

    def move(self, y: int, x: int) -> None:
        """Take the cursor to a cell by the shortest way; an `x` of -1 means it was lost."""
        if (y, x) != (self.y, self.x):
            self.parts.append(self._way(y, x))
            self.y, self.x = y, x

    def _way(self, y: int, x: int) -> str:
        if y != self.y:
            if x == 0:
                return "\r\n" if self.y >= 0 and y == self.y + 1 else f"\x1b[{y + 1}H"
            return f"\x1b[{y + 1};{x + 1}H"
        column, forward = f"\x1b[{x + 1}G", x - self.x
        if self.x < 0 or forward < 0:
            return column
        return min("\x1b[C" if forward == 1 else f"\x1b[{forward}C", column, key=len)

    def can_run_on(self, row: Sequence[Cell], y: int, x: int) -> bool:
        """Whether writing what already stands up to `x` costs no more than a move."""
        if y != self.y or not 0 <= self.x < x:
            return False
        room = len(self._way(y, x))
        for cell in islice(row, self.x, x):
            room -= len(cell[0].encode())
            if room < 0 or cell is UNKNOWN or not self._draws(cell):
                return False
        return True

    def _draws(self, cell: Cell) -> bool:
        text, pen = cell
        return pen == (bare(self.pen) if text == " " else self.pen)

    def put(self, row: Sequence[Cell], start: int, end: int) -> None:
        """Write the cells from `start` to `end` at the cursor."""
        for x in range(start, end):
            cell = row[x]
            if cell[1] is not self.pen and cell[0] and not self._draws(cell):
                self._take(row, x, end)
            self.parts.append(cell[0])
        self.x = end

    def _take(self, row: Sequence[Cell], x: int, end: int) -> None:
        text, pen = row[x]
        if text == " " and pen == Pen(bg=pen.bg):
            # A blank shows only its background, so the pen of the word behind it will do.
            ahead = (next_pen for next_text, next_pen in islice(row, x, end) if next_text != " ")
            word = next(ahead, None)
            if word is not None and bare(word) == pen:
                pen = word
            else:
                seen = self.pen.attributes & ~_SEEN_ON_BLANK
                pen = Pen(seen, self.pen.fg, pen.bg)
        self.parts.append(turn(self.pen, pen))
        self.pen = pen

    def put_doubtful(self, row: Sequence[Cell], y: int, end: int) -> None:
        """Write a whole row so that each cluster starts in its own column in any terminal."""
        x = 0
        while x < end:
            after = x + 1
            while after < end and not row[after][0]:
                after += 1
            if row[x] is not UNKNOWN:
                self.move(y, x)
                if is_doubtful(row[x][0]):
                    # A terminal that takes the cluster to be narrower must not show old cells.
                    blanks = [(" ", bare(row[x][1]))] * (after - x)
                    self.put(blanks, 0, len(blanks))
                    self.x = -1
                    self.move(y, x)
                    self.put(row, x, after)
                    self.x = -1
                else:
                    self.put(row, x, after)
            x = after

    def erase(self, row: Sequence[Cell], y: int, x: int) -> None:
        """Blank the row from `x` to its end with the background of its last cell."""
        self.move(y, x)
        if not self._draws(row[x]):
            self._take(row, x, len(row))
        self.parts.append("\x1b[K")

    def finish(self) -> str:
        """The frame, ending as Textual expects it: with the plain pen."""
        return "".join([*self.parts, turn(self.pen, PLAIN)])


def has_doubtful(row: Iterable[Cell]) -> bool:
    """Whether a row holds a cluster on whose width terminals disagree."""
    return any(map(is_doubtful, {text for text, _ in row}))
