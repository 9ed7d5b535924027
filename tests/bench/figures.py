"""What a bench found: each figure with its bar and its peer, as a table or as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured.

    Attributes:
        name: what it is.
        value: how much; fewer is better, in every bench here.
        unit: of the value and of the peer's.
        bar: the most that will do; None where the figure is only told.
        peer: who was measured beside it, in the same run.
        other: the peer's value.
        note: how many, or under which conditions.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    peer: str = ""
    other: float | None = None
    note: str = ""

    def beside(self, peer: str, other: float, note: str = "") -> Figure:
        """The same figure with its peer's."""
        return replace(self, peer=peer, other=other, note=note)

    @property
    def ratio(self) -> float | None:
        """The value against the peer's."""
        return self.value / self.other if self.other else None

    @property
    def holds(self) -> bool:
        """Whether it is within its bar."""
        return self.bar is None or self.value <= self.bar


def parser(doc: str | None) -> argparse.ArgumentParser:
    """A bench's options, with `--json` among them."""
    made = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    return made


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of the values do not exceed (0.5 is the median)."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def tell(figures: Sequence[Figure], *, as_json: bool) -> int:
    """Print the figures; the exit status is 1 when one does not hold."""
    if as_json:
        rows = [asdict(one) | {"ratio": one.ratio, "holds": one.holds} for one in figures]
        print(json.dumps({"machine": machine(), "figures": rows}, ensure_ascii=False, indent=1))
    else:
        for row in _table(figures):
            print(row)
        print(machine())
    return 0 if all(one.holds for one in figures) else 1


def machine() -> str:
    """What it ran on, and how busy that was."""
    load = os.getloadavg()[0]
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}"


def _table(figures: Sequence[Figure]) -> list[str]:
    rows = [("", "figure", "bar", "peer", "ratio", "")]
    for one in figures:
        mark = " " if one.bar is None else "✓" if one.holds else "✗"
        peer = "" if one.other is None else f"{one.peer} {_number(one.other)} {one.unit}"
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        bar = "" if one.bar is None else f"≤ {_number(one.bar)}"
        rows.append(
            (f"{mark} {one.name}", f"{_number(one.value)} {one.unit}", bar, peer, ratio, one.note)
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
