"""doccano's JSON lines for sequence labelling, with relations.

A claim is an entity labelled CLAIM, and its holder, where that is an entity, a relation HELD_BY.
doccano has no attributes: stance, certainty and the rest are under `purport`, one more column,
which it keeps with the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from annotations.errors import InputError
from annotations.evidence import AUTHOR, Link
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.reading.intake import CLAIM, Intake, carrying
from annotations.formats.reading.offsets import Mark, whole
from annotations.formats.reading.parts import items, parts, tell, word
from annotations.formats.reading.stream import elements
from annotations.formats.writing.report import Report
from annotations.records import Annotation, Claim, Document, Entity, Plain
from annotations.text import Text

HELD_BY: Final = "HELD_BY"
_TEXTS: Final = ("text", "data", "sentence")
_LABELS: Final = ("entities", "label", "labels", "spans")
_OWN: Final = {*_LABELS, "relations", "Comments", "comments", "purport"}


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write one line a document."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for number, one in enumerate(documents, 1):
            file.write(carrying(_line(one, number), one) + "\n")


def _line(one: Labelled, number: int) -> Plain:
    annotations = one.standing
    numbers = {each.id: place for place, each in enumerate(annotations, 1)}
    relations: list[Plain] = []
    for claim in one.claims:
        holder = numbers.get(claim.holder[0].entity) if claim.holder else None
        if holder:
            relations.append(
                {
                    "id": len(relations) + 1,
                    "from_id": numbers[claim.id],
                    "to_id": holder,
                    "type": HELD_BY,
                }
            )
    return {
        "id": number,
        "text": one.document.text,
        "entities": [
            {
                "id": place,
                "label": CLAIM if isinstance(each, Claim) else each.label,
                "start_offset": each.span.start,
                "end_offset": each.span.end,
            }
            for place, each in enumerate(annotations, 1)
        ],
        "relations": relations,
        "Comments": [],
    }


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a file that doccano or `write` made: `entities`, or `label` triples.

    A claim has its first HELD_BY for its holder. Other relations, comments, and labels of a text
    as a whole are passed over.

    Raises:
        InputError: it is no such file; the message has the file and the line's number.
    """
    for where, row in elements(path):
        column = next((name for name in _TEXTS if name in row), None) if type(row) is dict else None
        if column is None:
            raise InputError(
                f'{where}: no document of doccano: it has no "text". If the text is in another '
                'column, call that "text".'
            )
        if not isinstance(row[column], str):
            intake.unplaced.append(f"{where}: left out: its text {row[column]!r:.60} is no text")
            continue
        numbers: dict[Any, int] = {}
        marks: list[Mark] = []
        for name in _LABELS:
            found = row.get(name)
            if found and (isinstance(found, str) or (type(found) is list and _is_of_all(found))):
                tell(found, "labels of the whole text", where, intake)
            elif found:
                what = "entity" if name == "entities" else "label"
                for number, mark in parts(found, _numbered, what, where, intake):
                    if isinstance(number, int | str):
                        numbers[number] = len(marks)
                    marks.append(mark)
        for name in ("comments", "Comments"):
            tell(row.get(name), "comments", where, intake)
        meta = {name: value for name, value in row.items() if name not in _OWN and name != column}
        title = f"{path.stem}:{row.get('id', where.rpartition(':')[2])}"
        document = Document(Text(row[column]), title, str(path), metadata=meta)
        made = intake.labelled(document, marks, where, pack=row.get("purport"))
        relations = items(row.get("relations"), "relations", where, intake)
        if made.document is not document:  # the pack has the holders
            others = [one for one in relations if _type(one) != HELD_BY]
            tell(others, "relations", where, intake)
        elif relations:
            made = _held(made, relations, numbers, where, intake)
        yield made


def _held(
    found: Labelled, relations: list[Any], numbers: dict[Any, int], where: str, intake: Intake
) -> Labelled:
    """The claims with the holders that relations name; the other relations are told."""
    by_id: dict[str, Annotation] = {one.id: one for one in found.standing}
    claims = {one.id: one for one in found.claims}
    named: set[str] = set()
    for one in relations:
        ends: list[Annotation | None] = [None, None]
        if _type(one) == HELD_BY:
            ids = (one.get("from_id"), one.get("to_id"))
            ends = [
                by_id.get(f"x{numbers.get(each)}") if isinstance(each, int | str) else None
                for each in ids
            ]
        claim, holder = ends
        if isinstance(claim, Claim) and isinstance(holder, Entity) and claim.id not in named:
            link = Link("entity", holder.text, holder.span.start, holder.id)
            claims[claim.id] = replace(claim, holder=(link, AUTHOR))
            named.add(claim.id)
        else:
            tell([one], "relations", where, intake)
    return replace(found, claims=tuple(claims.values()))


def _type(relation: Any) -> Any:
    return relation.get("type") if isinstance(relation, dict) else None


def _is_of_all(found: list[Any]) -> bool:
    """Whether these are labels of a text as a whole, and not of parts of it."""
    return all(isinstance(one, str) for one in found)


def _numbered(found: Any) -> tuple[Any, Mark]:
    """An annotation, as a triple or with names, and its id where it has one."""
    if isinstance(found, dict):
        at = found.get("start_offset", found.get("start"))
        end = found.get("end_offset", found.get("end"))
        return found.get("id"), _made(at, end, found.get("label"))
    if len(found) != 3:
        raise InputError(f"{found!r:.60} is not a start, an end and a label")
    start, end, label = found
    if isinstance(start, str):
        label, start, end = found
    elif isinstance(end, str):
        start, label, end = found
    return None, _made(start, end, label)


def _made(start: Any, end: Any, label: Any) -> Mark:
    name = word(label, "label")
    kind = Claim.kind if name.upper() == CLAIM else Entity.kind
    return Mark(kind, whole(start, "the start"), whole(end, "the end"), name)


FORMAT: Final = Format(
    name="doccano",
    suffix=".jsonl",
    description="doccano's documents, with claims as entities and holders as relations",
    write=write,
    read=read,
)
