"""The rows of one of brat's `.ann` files: what is an annotation here, and what is but told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from annotations.errors import InputError
from annotations.formats.reading.intake import FIELDS, Intake
from annotations.formats.reading.textfile import text_of
from annotations.records import Plain
from annotations.text import Text

CLAIM: Final = "Claim"
HOLDER: Final = "Holder"
HELD_BY: Final = "HeldBy"
BREAKS: Final = re.compile(r"[\r\n]+")

_FIELDS: Final = {*FIELDS, "holder", "doubt"}
_OTHERS: Final = {"E": "events", "*": "equivalences", "N": "normalizations"}


@dataclass(slots=True)  # not frozen, as `Mark`: there are as many
class Bound:
    """A text-bound annotation: its type, the place from its first piece to its last, its words."""

    label: str
    start: int
    end: int
    words: str | None


class Standoff:
    """What one file says.

    Attributes:
        bound: the text-bound annotations by their ids.
        marked: those of them that are annotations here, and not but a claim's holder.
        fields: the attributes of claims by the claim's id.
        remarks: the notes by the id of what they are on.
        holders: the id of a claim's holder by that of the claim.
    """

    def __init__(self, text: Text, path: Path, intake: Intake, *, is_alone: bool = True) -> None:
        """Read the file; its broken lines are listed.

        Args:
            text: what its offsets point into.
            path: the file.
            intake: what is told, and where.
            is_alone: refuse it if no line of it is one of brat's; of a folder the others go on.

        Raises:
            InputError: it is refused, or no text.
        """
        self.bound: dict[str, Bound] = {}
        self.fields: dict[str, Plain] = {}
        self.remarks: dict[str, list[str]] = {}
        self.holders: dict[str, str] = {}
        self._text = text
        self._path = path
        self._intake = intake
        # With where each stands: what they are on may come behind them.
        self._attributes: list[tuple[str, str, str, str | bool]] = []
        self._relations: list[tuple[str, str, str, str]] = []
        self._notes: list[tuple[str, str, str]] = []
        broken: list[str] = []
        count = 0
        for number, row in enumerate(text_of(path).split("\n"), 1):
            if row := row.rstrip("\r"):
                count += 1
                try:
                    self._row(row, number)
                except (ValueError, IndexError) as error:
                    broken.append(f"{path}:{number}: a broken line of brat ({error})")
        if is_alone and count and len(broken) == count:
            raise InputError(f"{broken[0]}.")
        intake.unplaced.extend(broken)
        self._settle()
        held = {one for one in self.holders.values() if self.bound[one].label == HOLDER}
        for key in held & set(self.remarks):
            intake.omissions.add("notes on holders", f"{path}: {key}")
        self.marked = {key: one for key, one in self.bound.items() if key not in held}

    def _row(self, row: str, number: int) -> None:
        columns = row.split("\t", 2)
        key, sort = columns[0], row[0]
        if sort == "T":
            self._bind(key, columns, number)
            return
        where = f"{self._path}:{number}: {key}"
        if sort in "AM":
            name, target, *value = columns[1].split(" ")
            self._attributes.append((where, target, name.lower(), value[0] if value else True))
        elif sort == "#":
            said = columns[2] if len(columns) > 2 else ""
            self._notes.append((where, columns[1].split(" ")[1], said))
        elif sort == "R":
            name, *ends = columns[1].split(" ")
            first, second = (end.partition(":")[2] for end in ends[:2])
            self._relations.append((where, name, first, second))
        elif sort in _OTHERS and len(columns) > 1:
            self._intake.omissions.add(_OTHERS[sort], where)
        else:
            raise ValueError(f"{row[:20]!r} is none of its kinds")

    def _bind(self, key: str, columns: list[str], number: int) -> None:
        name, _, places = columns[1].partition(" ")
        parts = [part.split(" ") for part in places.split(";")]
        start, end = int(parts[0][0]), int(parts[-1][1])
        is_gapped = len(parts) > 1 and any(
            not BREAKS.fullmatch(self._text[int(one[1]) : int(two[0])])
            for one, two in pairwise(parts)
        )
        words = columns[2] if len(columns) > 2 and not is_gapped else None
        if is_gapped:
            self._intake.notes.append(
                f"{self._path}: {key} is in pieces; what stands between them is taken, too"
            )
        if key in self.bound:
            self._intake.notes.append(
                f"{self._path}:{number}: {key} is there twice; both are taken, and what is said of "
                f"{key} is taken of the first"
            )
            key = f"{key}:{number}"
        self.bound[key] = Bound(name, start, end, words)

    def _settle(self) -> None:
        """Give attributes, notes and relations to what they are on; tell those that are on nothing."""
        claims = {key for key, one in self.bound.items() if one.label == CLAIM}
        tell = self._intake.omissions.add
        for where, target, name, value in self._attributes:
            fields = self.fields.setdefault(target, {}) if target in claims else None
            if fields is not None and name in _FIELDS and name not in fields:
                fields[name] = value
            elif target in claims:
                tell("attributes of claims", where)
            else:
                tell("attributes of entities" if target in self.bound else "attributes", where)
        for where, target, said in self._notes:
            if target not in self.bound:
                tell("notes on relations and events", where)
            elif said:
                self.remarks.setdefault(target, []).append(said)
        for where, name, first, second in self._relations:
            is_ours = name == HELD_BY and first in claims and second in self.bound
            if is_ours and first not in self.holders:
                self.holders[first] = second
            else:
                tell("relations", where)
