"""doccano's JSON lines for sequence labelling, with relations.

A claim is an entity labelled CLAIM, and its holder, where that is an entity, a relation HELD_BY.
doccano has no attributes: stance, certainty and the rest are under `purport`, one more column,
which it keeps with the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.intake import CLAIM, Intake, carrying
from annotations.formats.offsets import Mark, whole
from annotations.formats.report import Report
from annotations.formats.stream import elements
from annotations.records import Claim, Document, Entity, Plain
from annotations.text import Text

HELD_BY: Final = "HELD_BY"
_OWN: Final = {
    "text", "data", "label", "labels", "entities", "relations", "Comments", "comments", "purport"
}  # fmt: skip


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

    Raises:
        InputError: it is no such file; the message has the file and the line's number.
    """
    for where, row in elements(path):
        text = row.get("text", row.get("data")) if isinstance(row, dict) else None
        if not isinstance(text, str):
            raise InputError(f'{where}: no document of doccano: it has no "text".')
        meta = {name: value for name, value in row.items() if name not in _OWN}
        try:
            marks = [_mark(one) for one in row.get("entities") or ()]
            marks += [_triple(one) for one in row.get("label") or row.get("labels") or ()]
        except (KeyError, TypeError, ValueError, AttributeError, InputError) as error:
            raise InputError(f"{where}: a label of it is broken ({error}).") from None
        title = f"{path.stem}:{row.get('id', where.rpartition(':')[2])}"
        document = Document(Text(text), title, str(path), metadata=meta)
        yield intake.labelled(document, marks, where, pack=row.get("purport"))


def _mark(entity: Mapping[str, Any]) -> Mark:
    return _made(entity["start_offset"], entity["end_offset"], entity["label"])


def _triple(found: Any) -> Mark:
    start, end, label = found
    return _made(start, end, label)


def _made(start: Any, end: Any, label: Any) -> Mark:
    kind = Claim.kind if str(label).upper() == CLAIM else Entity.kind
    return Mark(kind, whole(start, "the start"), whole(end, "the end"), str(label))


FORMAT: Final = Format(
    name="doccano",
    suffix=".jsonl",
    description="doccano's documents, with claims as entities and holders as relations",
    write=write,
    read=read,
)
