"""Label Studio's results: regions of a text with their labels, and what else was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from annotations.errors import InputError
from annotations.formats.reading.intake import CLAIM, FIELDS, Intake
from annotations.formats.reading.offsets import Mark, whole
from annotations.formats.reading.parts import parts, score, told, word
from annotations.records import Claim, Entity, Plain

_LABELS: Final = ("labels", "hypertextlabels", "paragraphlabels")
_FIELDS: Final = {*FIELDS, "holder", "doubt"}


class Regions:
    """The results of one annotation of a task, one after another."""

    def __init__(self, text: str, starts: Sequence[int], where: str, intake: Intake) -> None:
        self._text = text
        self._starts = starts
        self._where = where
        self._intake = intake
        self._fields: dict[str, Plain] = {}
        self._more: list[tuple[str, str, str]] = []
        self._number = 0

    def marks(self, results: Sequence[Any]) -> list[Mark]:
        """The entities and claims among the results; what else there is, is told.

        A region with several labels is one of each.
        """
        made: list[tuple[str, Mark]] = []
        for pairs in parts(results, self._read, "result", self._where, self._intake):
            made += pairs
        claims: set[str] = set()
        for own, mark in made:
            if mark.kind == Claim.kind:
                claims.add(own)
                mark.fields = self._fields.get(own, {})
        for own, fields in self._fields.items():
            if own not in claims:
                self._more += ((own, name, "choices and texts") for name in fields)
        regions = {own for own, _ in made} if self._more else claims
        for own, name, kind in self._more:
            of = "regions" if own in regions else "the whole text"
            self._tell(f"{kind} of {of}", f"{own} {name}")
        return [mark for _, mark in made]

    def _read(self, result: Any) -> Iterable[tuple[str, Mark]]:
        """The marks of one result, each with the region's id; a field of a claim is kept for it."""
        self._number += 1
        kind, value = result.get("type", ""), result.get("value")
        own = str(self._number if result.get("id") is None else result["id"])
        if isinstance(value, dict):
            if kind in _LABELS or "labels" in value:
                return self._labelled(result, value, own)
            if "choices" in value or kind == "textarea":
                said = list(told(value["choices"] if "choices" in value else value.get("text")))
                name = str(result.get("from_name", ""))
                fields = self._fields.setdefault(own, {})
                if said and name in _FIELDS and name not in fields:
                    fields[name] = said.pop(0)
                self._more += ((own, name, "choices and texts") for _ in said)
                return ()
        self._tell("relations" if kind == "relation" else f"{kind or 'other'} results", own)
        return ()

    def _labelled(self, result: Plain, value: Plain, own: str) -> list[tuple[str, Mark]]:
        kind = result.get("type", "")
        labels = value.get(kind if kind in value else "labels")
        if not labels:
            raise InputError("it has no label")
        start, end = self._place(value)
        said, remark, number = value.get("text"), result.get("meta"), result.get("score")
        words = said if isinstance(said, str) else None
        note = "\n".join(told(remark.get("text"))) if isinstance(remark, dict) else ""
        made: list[tuple[str, Mark]] = []
        for one in labels if isinstance(labels, list) else [labels]:
            label = word(one, "label")
            kind = Claim.kind if label.upper() == CLAIM else Entity.kind
            made.append((own, Mark(kind, start, end, label, words, {}, score(number), note)))
        return made

    def _place(self, value: Plain) -> tuple[int, int]:
        """Where a region stands in the text; one of HTML or a dialogue has places of its own."""
        start, end = value["start"], value["end"]
        if isinstance(start, str):
            whole_text = value.get("globalOffsets")
            if isinstance(whole_text, dict):
                # They count the HTML's text without its tags, and only its words tell.
                if not value.get("text") and ("<" in self._text or "&" in self._text):
                    raise InputError("its place is in HTML, and it does not say its words")
                start, end = whole_text["start"], whole_text["end"]
            elif start.isdecimal() and str(end).isdecimal() and self._starts:
                ends = (
                    self._starts[int(number)] + whole(value[name], f"the {name}")
                    for number, name in ((start, "startOffset"), (end, "endOffset"))
                )
                return next(ends), next(ends)
            else:
                raise InputError(f"its place is the path {start!r:.60}, without globalOffsets")
        return whole(start, "the start"), whole(end, "the end")

    def _tell(self, what: str, which: str) -> None:
        self._intake.omissions.add(what, f"{self._where}: {which}")
