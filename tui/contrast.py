"""A difference of two layers in words: in one line, and side by side in the inspector."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final

from annotations.records import Annotation, Entity
from annotations.review.comparison import BOUNDARY, EXTRA, FIELDS, MISSING, Difference
from annotations.schema import Schema
from tui.describe import Piece, quoted, score
from tui.widgets.line import width

_ONE_SIDED = {EXTRA: "only left", MISSING: "only right"}

_WORDS: Final = (120, 60, 40, 32, 26, 21, 17, 13, 10)
"""How many characters of each side's words are tried, until the line fits."""


def kinds(difference: Difference) -> str:
    """In what the two differ, in words."""
    return ", ".join(
        _ONE_SIDED.get(kind, "other " + ("boundary" if kind == BOUNDARY else kind))
        for kind in difference.kinds
    )


def brief(difference: Difference, schema: Schema, cells: int) -> list[Piece]:
    """Both sides in a line of so many cells, as much of their words as fits, and how they differ."""
    made: list[Piece] = []
    for is_short, most in product((False, True), _WORDS):
        made = _line(difference, schema, most, is_short=is_short)
        if width(made) <= cells - 2:
            break
    return made


def _line(difference: Difference, schema: Schema, most: int, *, is_short: bool) -> list[Piece]:
    left, right = difference.left, difference.right
    made = [("left ", "key"), *_side(left, difference, schema, most), (" · right ", "key")]
    second = _side(right, difference, schema, most)
    if not is_short:
        return [*made, *second, (f" · {kinds(difference)}", "muted")]
    if isinstance(left, Entity) and isinstance(right, Entity) and left.span == right.span:
        second = [(second[-1][0].lstrip(), "plain")]  # only the label is another one
    return [*made, *second]


def _side(
    side: Annotation | None, difference: Difference, schema: Schema, most: int
) -> list[Piece]:
    if side is None:
        return [("nothing", "muted")]
    if isinstance(side, Entity):
        return [
            (quoted(side.text, most), "strong"),
            (f" {schema.label(side.label).short}", "plain"),
        ]
    fields = [one for one in FIELDS if one in difference.kinds] or ["stance", "certainty"]
    words = " ".join(_value(side, field) for field in fields)
    if BOUNDARY in difference.kinds:
        words = f"“{quoted(side.text, most)}” {words}"
    return [(words, "strong")]


def _value(side: Annotation, field: str) -> str:
    if field == "holder":
        return f"by {quoted(getattr(side, 'holder_name', ''), 24)}"
    return str(getattr(side, field)).replace("_", " ")


def full(difference: Difference, schema: Schema, names: Sequence[str]) -> list[list[Piece]]:
    """Both sides with all that they say, what differs the loudest."""
    lines: list[list[Piece]] = [[(kinds(difference), "strong")]]
    for place, name, side in zip(
        ("left", "right"), names, (difference.left, difference.right), strict=True
    ):
        lines += [[], [(f"{place:<10}", "key"), (name, "plain")]]
        if side is None:
            lines.append([("          ", "muted"), ("nothing", "muted")])
            continue
        loud = "strong" if BOUNDARY in difference.kinds else "plain"
        lines.append([("words     ", "muted"), (quoted(side.text, 120), loud)])
        fields = ("label",) if isinstance(side, Entity) else FIELDS
        for field in fields:
            role = "strong" if field in difference.kinds else "plain"
            lines.append([(f"{field:<10}", "muted"), (_value(side, field), role)])
        if side.score is not None:
            lines.append([("score     ", "muted"), (score(side.score)[6:], "plain")])
    return lines
