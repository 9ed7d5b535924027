"""The history of one annotation: who decided, when, from what to what, on which suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from annotations.errors import PurportError, RefusedError
from annotations.records import Annotation, Decision, Entity, Record, State
from tui.describe import Piece, quoted, score, visible
from tui.flow import MEASURE, flowed
from tui.screens.leaflet import Leaflet

if TYPE_CHECKING:
    from tui.screens.reader import ReaderScreen


_UNSAID = ("none", "unspecified")
"""Values of a claim's fields that say nothing of it."""


def open_history(screen: ReaderScreen) -> None:
    """Show what the annotator decided on the annotation under the cursor."""
    reading, project = screen.reading, screen.project
    here = reading.annotation if reading else None
    if reading is None or here is None:
        raise RefusedError("There is no annotation under the cursor to tell the history of.")
    try:
        decisions = list(project.log(reading.document.id, project.annotator, []))
    except PurportError as error:
        screen.say(str(error), "bad")
        return
    opened_by = screen.commands["history.open"].key
    screen.app.push_screen(HistoryScreen(here, decisions, opened_by))


class HistoryScreen(Leaflet):
    """Every decision on one annotation, the first one first.

    Args:
        annotation: as it is now.
        decisions: of its layer; those on other annotations are left out.
        opened_by: the key that opens it.
    """

    def __init__(
        self, annotation: Annotation, decisions: Iterable[Decision], opened_by: str
    ) -> None:
        own = [
            one for one in decisions if any(change.id == annotation.id for change in one.changes)
        ]
        super().__init__("History", lambda cells: rows(annotation, own, cells), opened_by)


def rows(annotation: Annotation, decisions: Iterable[Decision], cells: int) -> list[list[Piece]]:
    """The history as rows of at most so many cells."""
    cells = min(cells, MEASURE)
    made = flowed([(quoted(annotation.text, 200), "strong")], cells)
    made += _suggestion(annotation, cells)
    past = list(decisions)
    for one in past:
        made += [[], *_decision(one, annotation.id, cells)]
    if not past:
        made += [[], *flowed([("You have decided nothing on it yet.", "muted")], cells)]
    return made


def _suggestion(annotation: Annotation, cells: int) -> Iterator[list[Piece]]:
    origin = annotation.origin
    if origin is None:
        yield from flowed([("added by a person, no model suggested it", "muted")], cells)
        return
    said = (value for value in origin.values.values() if isinstance(value, str))
    words = ", ".join(one.replace("_", " ") for one in said if one not in _UNSAID)
    number = "" if origin.score is None else f", {score(origin.score)}"
    place = f", {origin.start}-{origin.end}"
    yield from flowed(
        [
            ("suggested ", "muted"),
            (words, "plain"),
            (f" by {origin.layer}{number}{place}", "muted"),
        ],
        cells,
        indent=2,
    )


def _decision(decision: Decision, annotation_id: str, cells: int) -> Iterator[list[Piece]]:
    change = next(one for one in decision.changes if one.id == annotation_id)
    when = decision.at[:19].replace("T", " ")
    of = f" of decision {decision.of}" if decision.of else ""
    others = len(decision.changes) - 1
    more = f", with {others} more" if others else ""
    yield from flowed(
        [
            (f"{decision.seq}  ", "muted"),
            (f"{when}  ", "muted"),
            (f"{decision.by} ", "plain"),
            (f"{decision.action}{of}", "strong"),
            (more, "muted"),
        ],
        cells,
    )
    before, after = _record(change.before), _record(change.after)
    pieces: list[Piece] = [("   ", "plain")]
    if change.before is not None:
        pieces += [(before, "muted"), (" → ", "muted")]
    pieces.append((after or "nothing", "plain"))
    yield from flowed(pieces, cells, indent=3)
    note = getattr(change.after, "note", "")
    if note and note != getattr(change.before, "note", ""):
        yield from flowed([("   ", "plain"), (f"note: {visible(note)}", "plain")], cells, indent=3)


def _record(record: Record | None) -> str:
    if record is None or isinstance(record, State):
        return ""
    if isinstance(record, Entity):
        what = record.label
    else:
        what = f"{record.stance} {record.certainty} by {quoted(record.holder_name, 40)}"
    place = f"{record.span.start}-{record.span.end}"
    return f"{what}, {record.status}, {quoted(record.text, 40)} ({place})"
