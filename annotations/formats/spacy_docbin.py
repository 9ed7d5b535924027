"""spaCy's DocBin: what `spacy train`, `spacy debug data` and `spacy evaluate` read.

Each `Doc` has

- `doc.ents`: the entities that stand, flat; of two that overlap the longer one.
- `doc.spans["entities"]`: all of them, nested ones too, for a span categorizer.
- `doc.spans["claims"]`: the claims, their label the stance. Their other fields are in
  `doc.spans["claims"].attrs["fields"]`, one dict a claim, in the order of the spans.
- `doc.spans["rejected"]`: entities that were suggested and rejected: negatives for training.
- `doc.spans["rejected_claims"]`: claims that were, with their fields as above.
- `doc.user_data["purport"]`: `id`, `title`, `annotator`, `finished`, `meta` (JSON), and
  `misaligned`, the entities that have no tokens of their own.

Read it with spaCy alone:

    docs = DocBin().from_disk("train.spacy").get_docs(spacy.blank("en").vocab)
    for doc in docs:
        group = doc.spans["claims"]
        for span, fields in zip(group, group.attrs["fields"]):
            print(span.text, span.label_, fields["certainty"], fields["holder"])

In a finished document every other token is outside any entity; in one that is not, it is unknown,
and training does not learn from it. So are the tokens of a misaligned entity.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from annotations import record_parser
from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.reading.folder import files
from annotations.formats.reading.intake import FIELDS, Intake, suggestion
from annotations.formats.reading.offsets import Mark
from annotations.formats.spacy_bin import (
    LANGUAGE,
    Bin,
    Content,
    Place,
    Tokens,
    contents,
    flat,
    unpacked,
)
from annotations.formats.writing.facts import Fact
from annotations.formats.writing.report import Report
from annotations.records import Claim, Document, Entity, Plain, Status
from annotations.span import Span
from annotations.text import Text

SUFFIX: Final = ".spacy"

UNPLACED: Final = "off spaCy's token boundaries; its tokens are left unknown"
UNPLACED_NEGATIVE: Final = "off spaCy's token boundaries; left out of the rejected spans"
WIDENED: Final = "off spaCy's token boundaries; widened to whole tokens"
BLANK: Final = "covers no token of spaCy's; left out"
OVERLAPPING: Final = 'overlaps a longer entity; in doc.spans["entities"] alone'

PORTION: Final = 100_000
"""Tokens in one DocBin; spaCy holds all of one in memory, to write it and to read it."""

_SEEN: Final = 20_000
"""Different words after which a new language is made; one keeps each that it has seen."""


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write one DocBin, or, of more than `PORTION` tokens, a folder of them named as the file.

    `spacy train` takes the folder in the file's place. Each has words of its own, so that
    memory does not grow with the documents.
    """
    number = 0
    for number, made in enumerate(_portions(documents, report), 1):
        if number == 2:
            first = path.rename(path.with_name(f"{path.name}.first"))
            path.mkdir()
            first.rename(path / _name(1))
        made.save(path / _name(number) if number > 1 else path)
    if number > 1:
        report.notes.append(f"{number} DocBins, in a folder that spaCy reads as it would the file")


def _name(number: int) -> str:
    return f"{number:05}{SUFFIX}"


def _portions(documents: Iterable[Labelled], report: Report) -> Iterator[Bin]:
    import spacy

    language = spacy.blank(LANGUAGE)
    made = Bin(language)
    for one in documents:
        if made.size >= PORTION:
            yield made
            if len(language.vocab) > _SEEN:
                language = spacy.blank(LANGUAGE)
            made = Bin(language)
        _put(made, one, report)
    yield made


def _put(made: Bin, one: Labelled, report: Report) -> None:
    tokens = made.tokens(str(one.document.text))
    placed: list[tuple[Entity, Place]] = []
    unknown: list[Place] = []
    misaligned: list[Plain] = []
    for entity in one.entities:
        said = (entity.span, entity.label, entity.id)
        place = tokens.of(*said)
        if place is not None:
            placed.append((entity, place))
            continue
        if (touched := tokens.touched(*said)) is not None:
            unknown.append(touched)
        misaligned.append(entity.plain())
        report.lose(one.document, entity, UNPLACED)
    entities = [place for _, place in placed]
    kept = flat(entities)
    if len(kept) < len(placed):
        for number in sorted({*range(len(placed))} - {*kept}):
            entity = placed[number][0]
            report.lose(one.document, entity, OVERLAPPING, (entity.span, entity.label))
    claims = _claims(tokens, one.claims, one, report)
    rejected: list[Place] = []
    for annotation in one.rejected:
        if isinstance(annotation, Entity):
            place = tokens.of(annotation.span, annotation.label, annotation.id)
            if place is None:
                report.lose(one.document, annotation, UNPLACED_NEGATIVE)
            else:
                rejected.append(place)
    refused = [claim for claim in one.rejected if isinstance(claim, Claim)]
    made.add(
        tokens,
        [entities[number] for number in kept],
        unknown,
        {
            "entities": (entities, {}),
            "claims": claims,
            "rejected": (rejected, {}),
            "rejected_claims": _claims(tokens, refused, one, report),
        },
        {
            "id": one.document.id,
            "title": one.document.title,
            "annotator": one.annotator,
            "finished": one.finished,
            # As JSON: a number of any size is JSON, and not every one fits the file's packing.
            "meta": json.dumps(dict(one.document.metadata), ensure_ascii=False),
            "misaligned": misaligned,
        },
        finished=one.finished,
    )


def _claims(
    tokens: Tokens, claims: Iterable[Claim], one: Labelled, report: Report
) -> tuple[list[Place], Plain]:
    """The claims as a group of spans, with their fields as its attribute."""
    spans: list[Place] = []
    fields: list[Plain] = []
    for claim in claims:
        said = (claim.span, claim.stance, claim.id)
        place = tokens.of(*said)
        if place is None:
            place = tokens.touched(*said)
            if place is None:
                report.lose(one.document, claim, BLANK)
                continue
            held = (Span(place.start, place.end), f"{claim.stance} {claim.certainty}")
            report.lose(one.document, claim, WIDENED, held)
        spans.append(place)
        fields.append(claim.plain())
    return spans, {"fields": fields}


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a DocBin, or of all in a folder.

    Of those that `write` made all that they hold, of others `doc.ents` and every span group.

    Raises:
        InputError: it is no DocBin.
    """
    for number, (part, found) in enumerate(_contents(path), 1):
        yield _labelled(found, f"{part}:{number}", path, number, intake)


def _labelled(found: Content, where: str, path: Path, number: int, intake: Intake) -> Labelled:
    about = found.about
    for what in found.passed:
        intake.omissions.add(what, where)
    title = str(about.get("title") or f"{path.stem}:{number}")
    try:
        marks = _marks(found)
        meta = json.loads(about.get("meta", "{}"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{where}: what purport wrote is damaged ({error}).") from None
    return intake.labelled(
        Document(Text(found.text), title, str(path), metadata=meta),
        marks,
        where,
        annotator=str(about.get("annotator", "")),
        finished=bool(about.get("finished", True)),
    )


def _contents(path: Path) -> Iterator[tuple[Path, Content]]:
    for part in _parts(path):
        try:
            yield from ((part, found) for found in contents(unpacked(part)))
        except InputError:
            raise
        except OSError as error:
            raise InputError(f"{part}: not readable ({error.strerror}).") from None
        except Exception as error:
            words = " ".join(str(error).split())[:200]
            raise InputError(f"{part}: is no DocBin ({words}).") from None


def _parts(path: Path) -> list[Path]:
    """The file of each DocBin."""
    parts = [*files(path, "*.[sS][pP][aA][cC][yY]")] if path.is_dir() else [path]
    if not parts:
        raise InputError(f"{path}: no {SUFFIX} file in it.")
    return parts


def _marks(found: Content) -> list[Mark]:
    text, groups = found.text, found.groups
    if not found.about:
        spans = {*found.entities, *chain.from_iterable(groups.values())}
        return [_mark(text, each) for each in sorted(spans)]
    marks = [_mark(text, each) for each in groups["entities"]]
    for plain in found.about["misaligned"]:
        marks.append(Mark(Entity.kind, plain["start"], plain["end"], plain["label"], plain["text"]))
    for each in groups["rejected"]:
        marks.append(_mark(text, each))
        marks[-1].decided = _REJECTED
    for name, decided in (("claims", {}), ("rejected_claims", _REJECTED)):
        for plain in found.attributes[name]["fields"]:
            holder = tuple(map(record_parser.link, plain["holder"]))
            fields = {field: plain[field] for field in FIELDS} | {"doubt": plain["doubt"]}
            marks.append(
                Mark(
                    Claim.kind,
                    plain["start"],
                    plain["end"],
                    words=plain["text"],
                    fields=fields | {"holder": holder},
                    score=plain.get("score"),
                    note=plain.get("note", ""),
                    decided={"status": suggestion(plain["status"])} | decided,
                )
            )
    return marks


def _mark(text: str, found: tuple[int, int, str]) -> Mark:
    start, end, label = found
    return Mark(Entity.kind, start, end, label, text[start:end])


def seen(path: Path, find: object = None) -> Iterator[tuple[str, Counter[Fact]]]:
    """What spaCy alone sees in a file that `write` made: each document's id and its facts."""
    import spacy
    from spacy.tokens import DocBin

    vocab = spacy.blank(LANGUAGE).vocab
    bins = (DocBin().from_disk(part) for part in _parts(path))
    for doc in chain.from_iterable(made.get_docs(vocab) for made in bins):
        found: Counter[Fact] = Counter(
            (Entity.kind, span.start_char, span.end_char, span.label_)
            for span in doc.spans["entities"]
        )
        claims = doc.spans["claims"]
        for span, fields in zip(claims, claims.attrs["fields"], strict=True):
            value = f"{span.label_} {fields['certainty']}"
            found[(Claim.kind, span.start_char, span.end_char, value)] += 1
        yield Text(doc.text).id, found


_REJECTED: Final = {"status": Status.REJECTED}

FORMAT: Final = Format(
    name="spacy",
    suffix=SUFFIX,
    description="spaCy's DocBin, for `spacy train`, with claims and rejected suggestions as spans",
    cannot_hold="spans off token boundaries and overlapping entities in doc.ents, each named; of "
    "entities their notes, scores and who decided",
    lost=frozenset(["notes", "scores", "provenance", "decisions"]),
    write=write,
    read=read,
)
