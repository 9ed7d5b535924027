"""brat's standoff: a folder with a `.txt` and an `.ann` for each document, and `annotation.conf`.

Entities are text-bound annotations; claims are too, of type Claim, with their fields as
attributes, and the first of their holders as the relation HeldBy. A span over line breaks is
written in fragments, as brat wants it, and joined again on reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from annotations.errors import InputError, SourceError
from annotations.evidence import AUTHOR, GENERIC, UNNAMED, Link
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.intake import FIELDS, Intake
from annotations.formats.offsets import Mark
from annotations.formats.report import Report
from annotations.records import Annotation, Claim, Document, Entity, Plain
from annotations.schema import Schema
from annotations.sources.encoding import decode
from annotations.sources.outcome import LIMIT
from annotations.span import Span
from annotations.text import Text

CLAIM: Final = "Claim"
HOLDER: Final = "Holder"
HELD_BY: Final = "HeldBy"

BLANK: Final = "covers white space alone; left out"
CUT: Final = "begins or ends in a line break; cut to what brat can hold"
RENAMED: Final = "has a label that brat cannot hold; its other signs became _"

_BREAKS: Final = re.compile(r"[\r\n]+")
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
    for match in _BREAKS.finditer(text, span.start, span.end):
        if at < match.start():
            found.append(Span(at, match.start()))
        at = match.end()
    if at < span.end:
        found.append(Span(at, span.end))
    return found


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a folder, whatever its depth, or of one `.ann` or `.txt` file.

    A claim is what is of type Claim. Events, equivalences and normalizations are passed over.

    Raises:
        InputError: a file of it is broken; the message has the file and the line's number.
    """
    if path.is_dir():
        texts = sorted(one for one in path.rglob("*.txt") if one.with_suffix(".ann").exists())
    else:
        texts = [path.with_suffix(".txt")]
    if not texts:
        raise InputError(f"{path}: no .txt with an .ann of the same name in it.")
    for one in texts:
        yield _read(one, intake)


def _read(path: Path, intake: Intake) -> Labelled:
    notes = path.with_suffix(".ann")
    text = Text(_decoded(path))
    bound: dict[str, Plain] = {}
    claims: dict[str, Plain] = {}
    remarks: dict[str, str] = {}
    holders: dict[str, str] = {}
    for number, row in enumerate(_decoded(notes).split("\n"), 1):
        row = row.rstrip("\r")
        columns = row.split("\t", 2)
        try:
            if row.startswith("T"):
                bound[columns[0]] = _parsed(columns, text)
            elif row.startswith(("A", "M")):
                name, target, *value = columns[1].split(" ")
                claims.setdefault(target, {})[name.lower()] = value[0] if value else True
            elif row.startswith("#"):
                remarks[columns[1].split(" ")[1]] = columns[2] if len(columns) > 2 else ""
            elif row.startswith("R"):
                name, *ends = columns[1].split(" ")
                if name == HELD_BY:
                    first, second = (end.partition(":")[2] for end in ends[:2])
                    holders.setdefault(first, second)
        except (ValueError, IndexError) as error:
            raise InputError(f"{notes}:{number}: a broken line of brat ({error}).") from None
    marks: list[Mark] = []
    entities: list[str] = []
    for key, one in bound.items():
        is_claim = one["label"] == CLAIM
        if one["label"] == HOLDER and key in holders.values():
            continue
        if one["gaps"]:
            intake.notes.append(
                f"{notes}: {key} is in pieces; what stands between them is taken, too"
            )
        marks.append(
            Mark(
                Claim.kind if is_claim else Entity.kind,
                one["start"],
                one["end"],
                one["label"],
                one["words"],
                claims.get(key, {}) if is_claim else {},
                note=remarks.get(key, ""),
            )
        )
        entities.append(key)
    found = intake.labelled(Document(text, path.stem, str(path)), marks, str(notes))
    return _held(found, entities, bound, holders)


def _held(
    found: Labelled, keys: list[str], bound: dict[str, Plain], holders: dict[str, str]
) -> Labelled:
    """The claims with the holders that the relations name."""
    by_key: dict[str, Annotation] = {}
    for one in found.standing:
        by_key[keys[int(one.id[1:])]] = one
    claims = []
    for key, one in by_key.items():
        if not isinstance(one, Claim):
            continue
        target = by_key.get(holders.get(key, ""))
        words = bound.get(holders.get(key, ""))
        if isinstance(target, Entity):
            link = Link("entity", target.text, target.span.start, target.id)
            one = replace(one, holder=(link, AUTHOR))
        elif words is not None:
            span = Span(words["start"], words["end"])
            if span.end <= len(found.document.text):
                link = Link("span", span.of(found.document.text), span.start)
                one = replace(one, holder=(link, AUTHOR))
        claims.append(one)
    return replace(found, claims=tuple(claims))


def _parsed(columns: list[str], text: Text) -> Plain:
    name, _, places = columns[1].partition(" ")
    parts = [part.split(" ") for part in places.split(";")]
    start, end = int(parts[0][0]), int(parts[-1][1])
    is_gapped = len(parts) > 1 and any(
        not _BREAKS.fullmatch(text[int(one[1]) : int(two[0])]) for one, two in pairwise(parts)
    )
    words = columns[2] if len(columns) > 2 and not is_gapped else None
    return {"label": name, "start": start, "end": end, "words": words, "gaps": is_gapped}


def _decoded(path: Path) -> str:
    try:
        if path.stat().st_size > LIMIT:
            raise InputError(
                f"{path}: is over {LIMIT // 1024**2} MB. Split it and import it again."
            )
        data = path.read_bytes()
        return decode(data, str(path)).text if data else ""
    except OSError as error:
        raise InputError(f"{path}: not readable ({error.strerror}).") from None
    except SourceError as refused:
        raise InputError(str(refused)) from None


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
