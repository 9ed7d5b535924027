"""What is drawn on the page: bars, a table shaded by what it holds, scores against what was right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from annotations.report.passage import name

_WIDTH: Final = 320
_HEIGHT: Final = 220
_LEFT: Final = 34
_BOTTOM: Final = 20
_TOP: Final = 8
_RIGHT: Final = 10


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """An HTML table; its cells are HTML already. Empty where there are no rows.

    Args:
        kind: a class of the style sheet.
    """
    lines = [
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    ]
    if not lines:
        return ""
    first = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    above = f"<caption>{caption}</caption>" if caption else ""
    begin = f'<table class="{kind}">' if kind else "<table>"
    top = f"<thead><tr>{first}</tr></thead>" if any(head) else ""
    return f'<div class="wide">{begin}{above}{top}<tbody>{"".join(lines)}</tbody></table></div>\n'


def bar(part: float) -> str:
    """A bar that is full at 1."""
    return f'<span class="bar" style="--part:{part:.3f}"></span>'


def heat(caption: str, made: Mapping[str, Mapping[str, int]], nothing: str) -> str:
    """A table of counts, each cell the darker the greater its part of the row.

    Args:
        made: row to column to count.
        nothing: what stands for nothing there; the first column, and the last row.
    """
    totals = {gold: sum(row.values()) for gold, row in made.items()}
    rows = sorted(made, key=lambda one: (one == nothing, -totals[one], one))
    every = {column for row in made.values() for column in row}
    columns = [one for one in rows if one != nothing]
    columns += sorted(every - {*rows, nothing})
    if nothing in every:
        columns.insert(0, nothing)
    return table(
        caption,
        ("", *map(name, columns)),
        (
            (
                name(gold),
                *(_cell(made[gold].get(one, 0), totals[gold], one == gold) for one in columns),
            )
            for gold in rows
        ),
        "heat",
    )


def _cell(count: int, total: int, is_same: bool) -> str:
    if not count:
        return '<span class="none">·</span>'
    kind = "cell same" if is_same else "cell"
    return f'<span class="{kind}" style="--part:{count / total:.2f}">{count}</span>'


def reliability(bins: Sequence[Mapping[str, Any]]) -> str:
    """The part that is right for each band of the score, with the line that a probability follows.

    The method is the reliability diagram: a bar under the line is a model that is over-sure.
    """
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    parts = []
    for one in bins:
        if not one["count"]:
            continue
        left, width = _LEFT + one["low"] * wide, (one["high"] - one["low"]) * wide
        tall = one["right"] * high
        told = f"score {one['low']:.1f} to {one['high']:.1f}: {one['right']:.0%} of {one['count']}"
        parts.append(
            f'<rect class="column" x="{left + 1:.1f}" y="{_TOP + high - tall:.1f}" '
            f'width="{width - 2:.1f}" height="{max(tall, 1):.1f}"><title>{told}</title></rect>'
        )
    for step in (0, 0.5, 1):
        x, y = _LEFT + step * wide, _TOP + (1 - step) * high
        parts.append(
            f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + wide}" y2="{y:.1f}"/>'
            f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{step:.0%}</text>'
            f'<text x="{x:.1f}" y="{_TOP + high + 14}" text-anchor="middle">{step:g}</text>'
        )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Part right by score">'
        + "".join(parts)
        + f'<line class="ideal" x1="{_LEFT}" y1="{_TOP + high}" x2="{_LEFT + wide}" y2="{_TOP}"/>'
        "</svg>\n"
    )
