"""brat's standoff: a folder with a `.txt` and an `.ann` for each document, and `annotation.conf`.

Entities are text-bound annotations; claims are too, of type Claim, with their fields as
attributes, and the first of their holders as the relation HeldBy. A span over line breaks is
written in fragments, as brat wants it, and joined again on reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from annotations.errors import InputError
from annotations.evidence import AUTHOR, GENERIC, UNNAMED, Link
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.reading.folder import files
from annotations.formats.reading.intake import FIELDS, Intake
from annotations.formats.reading.offsets import Mark
from annotations.formats.reading.textfile import beside, text_of
from annotations.formats.standoff import BREAKS, CLAIM, HELD_BY, HOLDER, Standoff
from annotations.formats.writing.report import Report
from annotations.records import Annotation, Claim, Document, Entity
from annotations.schema import Schema
from annotations.span import Span
from annotations.text import Text

BLANK: Final = "covers white space alone; left out"
CUT: Final = "begins or ends in a line break; cut to what brat can hold"
RENAMED: Final = "has a label that brat cannot hold; its other signs became _"

_ODD: Final = re.compile(r"[^A-Za-z0-9_-]")
# What brat, and its readers, take for a line's end or a column's.
_SPACES: Final = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write the folder `path`; its files are named by the documents' ids."""
    path.mkdir(parents=True)
    labels: set[str] = set()
    for one in documents:
        name = one.document.id
        (path / f"{name}.txt").write_bytes(one.document.text.encode("utf-8", "surrogatepass"))
        rows = list(_rows(one, report, labels))
        (path / f"{name}.ann").write_bytes("".join(f"{row}\n" for row in rows).encode("utf-8"))
    names = {type_name(label.name) for label in report.schema.labels} | labels
    (path / "annotation.conf").write_text(config(report.schema, sorted(names)), encoding="utf-8")


def type_name(label: str) -> str:
    """The label as brat can hold it."""
    return _ODD.sub("_", label) or "_"


def config(schema: Schema, labels: Iterable[str]) -> str:
    """`annotation.conf` for these labels and the schema's claim fields."""
    attributes = [
        f"{name.capitalize()}\tArg:{CLAIM}, Value:{'|'.join(schema.names(name))}" for name in FIELDS
    ]
    kinds = f"{UNNAMED.kind}|{GENERIC.kind}"
    return "\n".join(
        [
            "[entities]",
            *labels,
            CLAIM,
            HOLDER,
            "",
            "[relations]",
            f"{HELD_BY}\tArg1:{CLAIM}, Arg2:<ENTITY>",
            "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
            "",
            "[events]",
            "",
            "[attributes]",
            *attributes,
            f"Doubt\tArg:{CLAIM}",
            f"Holder\tArg:{CLAIM}, Value:{kinds}\n",
        ]
    )


def _rows(one: Labelled, report: Report, labels: set[str]) -> Iterator[str]:
    text = one.document.text
    numbers: dict[str, str] = {}
    count = {"T": 0, "A": 0, "R": 0, "#": 0}

    def new(sort: str) -> str:
        count[sort] += 1
        return f"{sort}{count[sort]}"

    for each in one.standing:
        label = CLAIM if isinstance(each, Claim) else each.label
        fragments = _fragments(text, each.span)
        if not each.text.strip():
            report.lose(one.document, each, BLANK)
            continue
        name = type_name(label)
        held = Span(fragments[0].start, fragments[-1].end)
        if held != each.span or name != label:
            reason = CUT if held != each.span else RENAMED
            value = f"{each.stance} {each.certainty}" if isinstance(each, Claim) else name
            report.lose(one.document, each, reason, held=(held, value))
        labels.update({name} - {CLAIM})
        numbers[each.id] = number = new("T")
        yield _bound(number, name, fragments, text)
        if each.note.strip():
            yield f"{new('#')}\tAnnotatorNotes {number}\t{_SPACES.sub(' ', each.note)}"
        if isinstance(each, Claim):
            for field in FIELDS:
                yield f"{new('A')}\t{field.capitalize()} {number} {getattr(each, field)}"
            if each.doubt:
                yield f"{new('A')}\tDoubt {number}"
    for claim in one.claims:
        if claim.id in numbers and claim.holder:
            first = claim.holder[0]
            target = numbers.get(first.entity)
            if first in (UNNAMED, GENERIC):
                yield f"{new('A')}\t{HOLDER} {numbers[claim.id]} {first.kind}"
                continue
            if target is None and first.start >= 0 and first.text.strip():
                fragments = _fragments(text, Span(first.start, first.start + len(first.text)))
                if not fragments or fragments[-1].end > len(text):
                    continue
                target = new("T")
                yield _bound(target, HOLDER, fragments, text)
            if target is not None:
                yield f"{new('R')}\t{HELD_BY} Arg1:{numbers[claim.id]} Arg2:{target}"


def _bound(number: str, name: str, fragments: list[Span], text: Text) -> str:
    places = ";".join(f"{part.start} {part.end}" for part in fragments)
    words = " ".join(_SPACES.sub(" ", text[part.start : part.end]) for part in fragments)
    return f"{number}\t{name} {places}\t{words}"


def _fragments(text: Text, span: Span) -> list[Span]:
    at, found = span.start, []
    for match in BREAKS.finditer(text, span.start, span.end):
        if at < match.start():
            found.append(Span(at, match.start()))
        at = match.end()
    if at < span.end:
        found.append(Span(at, span.end))
    return found


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a folder, whatever its depth, or of one `.ann` or `.txt` file.

    A claim is what is of type Claim. What else brat can say of entities is passed over. In a
    folder, a text without an `.ann` is a document, too.

    Raises:
        InputError: it is no such folder or file; the message has the file and the line's number.
    """
    if not path.is_dir():
        notes = path.with_suffix(".ann")
        text = beside(notes, f"{path.stem}.txt")
        if text is None:
            raise InputError(f"{notes}: there is no {path.stem}.txt beside it, its text.")
        yield _read(text, notes, intake, is_alone=True)
        return
    texts = list(files(path, "*.txt"))
    notes_of = {one.with_suffix(".txt"): one for one in files(path, "*.ann")}
    if notes_of.keys().isdisjoint(texts):
        raise InputError(f"{path}: no .txt with an .ann of the same name in it.")
    lost = sorted(notes_of.keys() - set(texts))
    intake.unplaced.extend(
        f"{notes_of[one]}: left out: there is no {one.name} beside it, its text" for one in lost
    )
    used: set[str] = set()
    for one in texts:
        made = _read(one, notes_of.get(one), intake)
        used.update(entity.label for entity in made.entities)
        yield made
    known = {type_name(label.name) for label in intake.schema.labels} | {CLAIM, HOLDER} | used
    for one in files(path, "annotation.conf"):
        if new := [name for name in labels_of(text_of(one)) if name not in known]:
            intake.notes.append(
                f"{one}: has labels that nothing here is marked with and the project does not "
                f"know: {', '.join(new)}. Put those that are needed into purport.toml"
            )


def labels_of(config: str) -> Iterator[str]:
    """The entities' labels in an `annotation.conf`, in its order."""
    section = ""
    for row in config.split("\n"):
        name = row.strip().split("\t")[0].strip()
        if name.startswith("["):
            section = name.strip("[]").lower()
        elif section == "entities" and name and name[0] not in "#<$" and name.strip("-"):
            yield name.lstrip("!")


def _read(path: Path, notes: Path | None, intake: Intake, *, is_alone: bool = False) -> Labelled:
    text = Text(text_of(path))
    document = Document(text, path.stem, str(path))
    if notes is None:
        return intake.labelled(document, [], str(path))
    sheet = Standoff(text, notes, intake, is_alone=is_alone)
    marks = [
        Mark(
            Claim.kind if one.label == CLAIM else Entity.kind,
            one.start,
            one.end,
            one.label,
            one.words,
            sheet.fields.get(key, {}),
            note="\n".join(sheet.remarks.get(key, ())),
        )
        for key, one in sheet.marked.items()
    ]
    found = intake.labelled(document, marks, str(notes))
    return _held(found, sheet) if sheet.holders else found


def _held(found: Labelled, sheet: Standoff) -> Labelled:
    """The claims with the holders that the relations name."""
    keys = [*sheet.marked]
    by_key: dict[str, Annotation] = {keys[int(one.id[1:])]: one for one in found.standing}
    claims = []
    for key, one in by_key.items():
        if not isinstance(one, Claim):
            continue
        target = by_key.get(sheet.holders.get(key, ""))
        words = sheet.bound.get(sheet.holders.get(key, ""))
        if isinstance(target, Entity):
            link = Link("entity", target.text, target.span.start, target.id)
            one = replace(one, holder=(link, AUTHOR))
        elif words is not None:
            span = Span(words.start, words.end)
            if span.end <= len(found.document.text):
                link = Link("span", span.of(found.document.text), span.start)
                one = replace(one, holder=(link, AUTHOR))
        claims.append(one)
    return replace(found, claims=tuple(claims))


FORMAT: Final = Format(
    name="brat",
    suffix="",
    description="a folder of brat's standoff files with annotation.conf",
    cannot_hold="titles, rejected suggestions, scores, provenance, cues, and holders beyond the first",
    lost=frozenset(
        [
            "title",
            "meta",
            "annotator",
            "unfinished",
            "rejected",
            "status",
            "scores",
            "provenance",
            "decisions",
            "likelihood",
            "cues",
            "chains",
        ]
    ),
    write=write,
    read=read,
)
