"""Web Annotations as they stand in a file: what each says, and which words of a text it selects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from annotations.errors import InputError
from annotations.formats.reading.intake import CLAIM, FIELDS, Intake
from annotations.formats.reading.offsets import Mark, Unit, measure, place, whole
from annotations.formats.reading.parts import items, tell, told, words
from annotations.records import Claim, Entity, Plain
from annotations.span import Span
from annotations.text import Text

_TAGS: Final = tuple(f"{name}:" for name in (*FIELDS, "holder"))
_LABELLING: Final = ("classifying", "identifying")
_UNLABELLED: Final = "ANNOTATION"


@dataclass(slots=True)
class _Quote(Mark):
    """A mark with the quote that it is told by, empty where there is none."""

    quote: Mapping[str, Any] = field(default_factory=dict)

    def around(self, name: str) -> str:
        """The words ahead of it, its `prefix`, or behind it, its `suffix`."""
        words = self.quote.get(name)
        return words if isinstance(words, str) else ""


@dataclass(slots=True)  # not frozen, as `Mark`: there are as many
class Said:
    """What an annotation says of one of its targets.

    Attributes:
        where: the file and place, with the annotation's number.
        source: what the target is a part of.
        annotation: all of it, as JSON.
        selectors: what it selects of the source.
    """

    where: str
    source: str
    annotation: Plain
    selectors: Any

    def marks(self, intake: Intake) -> list[Mark]:
        """A mark for each of its labels; none where nothing is selected, and that is listed."""
        try:
            start, end, quote = _selected(self.selectors)
            said = words(quote.get("exact"))
        except InputError as error:
            intake.unplaced.append(f"{self.where} is left out: {error}")
            return []
        labels, fields, notes = self._bodies(intake)
        note = "\n".join(notes)
        made: list[Mark] = []
        for label in labels:
            kind, own = (Claim.kind, fields) if label.upper() == CLAIM else (Entity.kind, {})
            made.append(_Quote(kind, start, end, label, said, own, None, note, quote=quote))
        return made

    def _bodies(self, intake: Intake) -> tuple[list[str], dict[str, str], list[str]]:
        """Labels, a claim's fields, and remarks: all that the bodies say."""
        labels: list[str] = []
        tags: list[str] = []
        fields: dict[str, str] = {}
        notes: list[str] = []
        get = self.annotation.get
        general = get("motivation", "")
        if isinstance(general, list):
            general = general[0] if general else ""
        for body in _listed(get("body", get("bodyValue"))):
            value, purpose = body, general
            if isinstance(body, dict):
                value, purpose = body.get("value"), body.get("purpose", general)
            if not isinstance(value, str):
                intake.omissions.add("bodies that are no text", self.where)
            elif not value or value.isspace():
                continue
            elif purpose in _LABELLING:
                labels.append(value)
            elif purpose != "tagging":
                notes.append(value)
            elif value.startswith(_TAGS):
                name, _, rest = value.partition(":")
                fields[name] = rest
            else:
                tags.append(value)
        # hypothes.is has both beside each other, and no bodies.
        for name, among in (("tags", tags), ("text", notes)):
            if name in self.annotation:
                among += [one for one in told(get(name)) if one.strip()]
        if labels and tags:
            tell(tags, "tags beside a label", self.where, intake)
        found = labels or tags or [_UNLABELLED]
        return found if len(found) == 1 else [*dict.fromkeys(found)], fields, notes


def statements(found: Plain, where: str, intake: Intake) -> Iterator[Said]:
    """What is said in a page, in a collection's first page, in hypothes.is's rows, or by one alone."""
    if "target" in found or found.get("type") == "Annotation":
        yield from _targets(found, where, intake)
        return
    for name in ("first", "next"):
        inner = found.get(name)
        if isinstance(inner, dict):
            yield from statements(inner, where, intake)
        else:
            tell(inner, "pages that stand elsewhere", where, intake)
    for name in ("items", "rows"):
        for number, one in enumerate(items(found.get(name), name, where, intake), 1):
            here = f"{where}: annotation {number}"
            if not isinstance(one, dict):
                tell([one], "annotations that stand elsewhere", here, intake)
            elif {"items", "first"} & set(one):
                yield from statements(one, where, intake)
            else:
                yield from _targets(one, here, intake)


def _targets(one: Plain, where: str, intake: Intake) -> Iterator[Said]:
    """What it says of each of its targets."""
    for target in _listed(one.get("target")) or [None]:
        source, selectors = target, None
        if isinstance(target, dict):
            source, selectors = target.get("source"), target.get("selector")
            if isinstance(source, dict):
                source = source.get("id")
            elif source is None:
                source = target.get("id", one.get("uri"))
        if not isinstance(source, str) or not source:
            intake.unplaced.append(f"{where} is left out: it has no target with a source")
        elif selectors is None:
            what = "replies" if one.get("references") else "annotations of a whole source"
            intake.omissions.add(what, where)
        else:
            yield Said(where, source, one, selectors)


def _selected(selectors: Any) -> tuple[int, int, Mapping[str, Any]]:
    """A position, from -1 on where there is none, and a quote, empty where there is none."""
    quote: Mapping[str, Any] = {}
    position: Mapping[str, Any] = {}
    for each in _listed(selectors):
        kind = each.get("type") if isinstance(each, dict) else ""
        if kind == "TextQuoteSelector":
            quote = each
        elif kind == "TextPositionSelector":
            position = each
    if position:
        get = position.get
        return whole(get("start"), "the start"), whole(get("end"), "the end"), quote
    if not quote.get("exact"):
        kinds = [
            str(each.get("type") if isinstance(each, dict) else each)[:60]
            for each in _listed(selectors)
        ]
        raise InputError(
            f"it selects neither by position nor by quote, but by {', '.join(kinds) or 'nothing'}"
        )
    return -1, -1, quote


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def anchored(text: Text, marks: Sequence[Mark], where: str, intake: Intake) -> list[Mark]:
    """The marks with each in its place; one without a position, or with a wrong one, by its quote.

    Raises:
        InputError: the positions are in another unit, by what their quotes say.
    """
    unit = intake.unit or Unit.CODE_POINT
    count = measure(text, unit)
    spans = iter(_quoted(text, marks, unit, where, intake))
    made: list[Mark] = []
    for mark in marks:
        has_place = mark.start >= 0
        if not isinstance(mark, _Quote) or not mark.words or (has_place and next(spans)):
            made.append(mark)
            continue
        at, is_sure = _found(text, mark)
        if at < 0 and has_place:
            made.append(mark)
            continue
        if at < 0:
            said = " ".join(mark.words.split())[:60]
            intake.unplaced.append(f"{where}: {mark.label} {said!r} stands nowhere in the text")
            continue
        start, end = count(at), count(at + len(mark.words))
        made.append(replace(mark, start=start, end=end, is_placed=True))
        if has_place:
            intake.notes.append(f"{where}: {mark} is placed by its quote; its position is another")
        if not is_sure:
            intake.notes.append(
                f"{where}: {made[-1]} is there several times, and what it has around it does not "
                "tell which it is; the first is taken"
            )
    return made


def _quoted(
    text: Text, marks: Sequence[Mark], unit: Unit, where: str, intake: Intake
) -> list[Span | None]:
    """The span of each mark that has a position and a quote; None where they differ."""
    quoted = [mark for mark in marks if mark.start >= 0 and mark.words]
    found = place(text, quoted, unit, where)
    if intake.unit is None and None in found:
        for other in Unit:
            if other is not unit and None not in place(text, quoted, other, where):
                raise InputError(
                    f"{where}: its positions fit their quotes if they count in {other}. "
                    f"Import it again with --offset-unit {other}."
                )
    return found


def _found(text: Text, quote: _Quote) -> tuple[int, bool]:
    """Where the words stand, -1 if nowhere; and whether they can be meant nowhere else."""
    said = quote.words or ""
    prefix, suffix = quote.around("prefix"), quote.around("suffix")
    for ahead, behind in ((prefix, suffix), (prefix, ""), ("", suffix), ("", "")):
        sought = ahead + said + behind
        at = text.find(sought)
        if at >= 0:
            return at + len(ahead), text.find(sought, at + 1) < 0
    return -1, True
