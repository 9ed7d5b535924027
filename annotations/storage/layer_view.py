"""A person's layer as the TinyDB file that is written beside its journal."""

from __future__ import annotations

from collections import deque
from typing import Final

from annotations.layer import Layer
from annotations.records import Action, Annotation, Claim, Decision, Entity, Plain
from annotations.storage.journal import Mark
from annotations.storage.view import annotation_row, assemble, head, row, standing

RECENT: Final = 100
"""How many of the last decisions a view repeats; the journal has them all."""


class LayerView:
    """Writes a person's layer as a TinyDB file; rows that did not change are not made again.

    A record is numbered when it first appears and keeps its number and place for good, so that
    the file follows from the journal alone and a comparison of two versions shows what changed.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, str]] = {Entity.kind: {}, Claim.kind: {}}
        self._numbers: dict[str, int] = {}
        self._changed: dict[str, Annotation] = {}  # whose rows are to be made again
        self._recent: deque[Decision | str] = deque(maxlen=RECENT)

    def follow(self, decision: Decision) -> None:
        """Take one decision in."""
        if decision.action is Action.REDACT:
            for rows in self._rows.values():
                rows.clear()
            self._changed.clear()
            self._recent.clear()
        for change in decision.changes:
            self._numbers.setdefault(change.id, len(self._numbers) + 1)
            if isinstance(change.after, (Entity, Claim)):
                self._rows[change.after.kind].setdefault(change.id, "")
                self._changed[change.id] = change.after
            else:
                self._changed.pop(change.id, None)
                for rows in self._rows.values():
                    if change.id in rows:
                        rows[change.id] = ""
        self._recent.append(decision)

    def _write(self) -> None:
        """Make the rows that are missing."""
        for own, annotation in self._changed.items():
            self._rows[annotation.kind][own] = annotation_row(self._numbers[own], annotation)
        self._changed.clear()
        for place, one in enumerate(self._recent):
            if isinstance(one, Decision):
                self._recent[place] = row(one.seq, one.plain())

    def data(self, layer: Layer, mark: Mark) -> bytes:
        """The file's bytes, for a layer that has been followed up to `mark`."""
        self._write()
        return assemble(
            [
                ("meta", [row(1, _meta(layer, mark))]),
                ("entities", filter(None, self._rows[Entity.kind].values())),
                ("claims", filter(None, self._rows[Claim.kind].values())),
                ("decisions", map(str, self._recent)),
            ]
        )

    def plain(self) -> Plain:
        """What `of` makes a view of again, beside the layer's records."""
        self._write()
        return {
            "numbers": list(self._numbers),
            "rows": {kind: list(rows) for kind, rows in self._rows.items()},
            "recent": list(self._recent),
        }

    @classmethod
    def of(cls, plain: Plain, layer: Layer) -> LayerView:
        """A view that has followed the decisions which left a layer.

        Raises:
            KeyError, TypeError, ValueError: it is not one of that layer.
        """
        view = cls()
        numbers = map(str, plain["numbers"])
        view._numbers = {own: number for number, own in enumerate(numbers, 1)}
        for kind, rows in view._rows.items():
            rows.update((str(own), "") for own in plain["rows"][kind])
        for own, annotation in layer.annotations.items():
            if own not in view._rows[annotation.kind] or own not in view._numbers:
                raise ValueError("an annotation has no row")
            view._changed[own] = annotation
        for one in plain["recent"]:
            if not isinstance(one, str) or "\n" in one:
                raise ValueError("a decision that is not a row")
            view._recent.append(one)
        return view


def _meta(layer: Layer, mark: Mark) -> Plain:
    made = head(layer) | standing(layer)
    return made | {"length": mark.length, "head": mark.head}
