"""The guide: definitions and examples, those of the field in hand first."""

from __future__ import annotations

from collections.abc import Iterator

from annotations import guide
from annotations.schema import Schema
from annotations.vocabulary import Value
from tui.describe import Piece, visible
from tui.flow import MEASURE, flowed
from tui.screens.leaflet import Leaflet


class GuideScreen(Leaflet):
    """What each value of a claim's fields and each label means.

    Args:
        schema: the project's schema.
        field: the field in hand, or `labels`; its part comes first.
        opened_by: the key that opens it.
    """

    def __init__(self, schema: Schema, field: str, opened_by: str) -> None:
        sections = guide.sections(schema, field)
        super().__init__("Guide", lambda cells: rows(sections, cells), opened_by)


def rows(sections: list[guide.Section], cells: int) -> list[list[Piece]]:
    """The guide as rows of at most so many cells."""
    cells = min(cells, MEASURE)
    made: list[list[Piece]] = []
    for section in sections:
        made += [[]] if made else []
        made += flowed([(section.name, "key"), (f" · {section.about}", "muted")], cells)
        for value in section.values:
            made += _value(value, cells)
    return made


def _value(value: Value, cells: int) -> Iterator[list[Piece]]:
    name = (f"  {visible(value.name).replace('_', ' ')}", "strong")
    yield from flowed([name, (f"  {visible(value.definition)}", "plain")], cells, indent=4)
    if value.example:
        example = [
            (words, "strong" if is_claim else "muted")
            for words, is_claim in guide.parts(visible(value.example))
        ]
        yield from flowed([("    ", "plain"), *example], cells, indent=4)
