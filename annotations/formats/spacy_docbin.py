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
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotations.errors import InputError
from annotations.evidence import Link
from annotations.formats.documents import Labelled
from annotations.formats.facts import Fact
from annotations.formats.format import Format
from annotations.formats.intake import FIELDS, Intake, suggestion
from annotations.formats.offsets import Mark
from annotations.formats.report import Report
from annotations.records import Annotation, Claim, Document, Entity, Plain, Status
from annotations.span import Span
from annotations.text import Text

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc, DocBin
    from spacy.tokens import Span as Tokens

SUFFIX: Final = ".spacy"
LANGUAGE: Final = "en"
"""The language whose tokens the files are in: those of `spacy init config --lang en`."""

UNPLACED: Final = "off spaCy's token boundaries; its tokens are left unknown"
UNPLACED_NEGATIVE: Final = "off spaCy's token boundaries; left out of the rejected spans"
WIDENED: Final = "off spaCy's token boundaries; widened to whole tokens"
BLANK: Final = "covers no token of spaCy's; left out"
OVERLAPPING: Final = 'overlaps a longer entity; in doc.spans["entities"] alone'

# Words, and what a person decides of them; tags and parses are nobody's decision.
_ATTRIBUTES: Final = ("ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_ID")


PORTION: Final = 250_000
"""Tokens in one DocBin; spaCy holds all of one in memory, to write it and to read it."""


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
        made.to_disk(path / _name(number) if number > 1 else path)
    if number > 1:
        report.notes.append(f"{number} DocBins, in a folder that spaCy reads as it would the file")


def _name(number: int) -> str:
    return f"{number:05}{SUFFIX}"


def _portions(documents: Iterable[Labelled], report: Report) -> Iterator[DocBin]:
    import spacy
    from spacy.tokens import DocBin

    waiting = iter(documents)
    is_first = True
    while (one := next(waiting, None)) is not None or is_first:
        is_first = False
        tokenizer = spacy.blank(LANGUAGE).tokenizer
        made = DocBin(attrs=_ATTRIBUTES, store_user_data=True)
        count = 0
        while one is not None:
            doc = _doc(one, tokenizer, report)
            _add(made, doc)
            count += len(doc)
            one = next(waiting, None) if count < PORTION else None
        yield made


def _add(made: DocBin, doc: Doc) -> None:
    """What `made.add(doc)` does, but with each different word looked up once and not each token.

    That look-up is most of the time an export takes; a test holds the two to the same documents.
    """
    import numpy
    import srsly  # type: ignore[import-untyped]
    from spacy.attrs import ENT_IOB, SPACY

    tokens = doc.to_array([*made.attrs])
    made.tokens.append(tokens)
    made.spaces.append(doc.to_array(SPACY).reshape((-1, 1)).astype(bool))
    made.flags.append({"has_unknown_spaces": doc.has_unknown_spaces})
    made.cats.append(doc.cats)
    made.user_data.append(srsly.msgpack_dumps(doc.user_data))
    made.span_groups.append(doc.spans.to_bytes())
    keys = {key for group in doc.spans.values() for span in group for key in (span.label, span.id)}
    for column, attribute in enumerate(made.attrs):
        if attribute != ENT_IOB:
            keys.update(numpy.unique(tokens[:, column]).tolist())
    strings = doc.vocab.strings
    made.strings.update(strings[key] for key in keys)


def _doc(one: Labelled, tokenizer: Tokenizer, report: Report) -> Doc:
    from spacy.util import filter_spans

    doc: Doc = tokenizer(str(one.document.text))
    placed: list[Tokens] = []
    unknown: list[Tokens] = []
    misaligned: list[Plain] = []
    for entity in one.entities:
        span = _placed(doc, entity, entity.label)
        if span is not None:
            placed.append(span)
            continue
        if (touched := _widened(doc, entity, "")) is not None:
            unknown.append(touched)
        misaligned.append(entity.plain())
        report.lose(one.document, entity, UNPLACED)
    flat = filter_spans(placed)
    kept = {span.id_ for span in flat}
    for entity, span in _by_id(one.entities, placed):
        if span.id_ not in kept:
            report.lose(one.document, entity, OVERLAPPING, (entity.span, entity.label))
    doc.set_ents(
        flat,
        missing=_free(unknown, flat, doc),
        default="outside" if one.finished else "missing",
    )
    doc.spans["entities"] = placed
    _put_claims(doc, "claims", one.claims, one, report)
    negatives = []
    for annotation in one.rejected:
        if isinstance(annotation, Entity):
            span = _placed(doc, annotation, annotation.label)
            if span is None:
                report.lose(one.document, annotation, UNPLACED_NEGATIVE)
            else:
                negatives.append(span)
    doc.spans["rejected"] = negatives
    rejected_claims = [claim for claim in one.rejected if isinstance(claim, Claim)]
    _put_claims(doc, "rejected_claims", rejected_claims, one, report)
    doc.user_data["purport"] = {
        "id": one.document.id,
        "title": one.document.title,
        "annotator": one.annotator,
        "finished": one.finished,
        # As JSON, since a number of any size is JSON, and not every one fits the file's packing.
        "meta": json.dumps(dict(one.document.metadata), ensure_ascii=False),
        "misaligned": misaligned,
    }
    return doc


def _put_claims(doc: Doc, key: str, claims: Sequence[Claim], one: Labelled, report: Report) -> None:
    spans, fields = [], []
    for claim in claims:
        span = _placed(doc, claim, claim.stance)
        if span is None:
            span = _widened(doc, claim, claim.stance)
            if span is None:
                report.lose(one.document, claim, BLANK)
            else:
                held = (Span(span.start_char, span.end_char), f"{claim.stance} {claim.certainty}")
                report.lose(one.document, claim, WIDENED, held)
        if span is not None:
            spans.append(span)
            fields.append(claim.plain())
    doc.spans[key] = spans
    doc.spans[key].attrs["fields"] = fields


def _placed(doc: Doc, annotation: Annotation, label: str) -> Tokens | None:
    """The annotation's tokens; None where it starts or ends inside one."""
    where = annotation.span
    return doc.char_span(where.start, where.end, label=label, span_id=annotation.id)


def _widened(doc: Doc, annotation: Annotation, label: str) -> Tokens | None:
    """The tokens that the annotation touches; None where it is a space between two."""
    where = annotation.span
    span = doc.char_span(
        where.start, where.end, label=label, span_id=annotation.id, alignment_mode="expand"
    )
    return span if span else None


def _free(unknown: Iterable[Tokens], flat: Iterable[Tokens], doc: Doc) -> list[Tokens]:
    """The unknown tokens that no entity covers, a span each."""
    taken = {token for span in flat for token in range(span.start, span.end)}
    wanted = {token for span in unknown for token in range(span.start, span.end)}
    return [doc[token : token + 1] for token in sorted(wanted - taken)]


def _by_id(entities: Iterable[Entity], spans: Iterable[Tokens]) -> list[tuple[Entity, Tokens]]:
    by_id = {entity.id: entity for entity in entities}
    return [(by_id[span.id_], span) for span in spans]


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a DocBin, or of all in a folder.

    Of those that `write` made all that they hold, of others `doc.ents` and every span group.

    Raises:
        InputError: it is no DocBin.
    """
    for number, (part, doc) in enumerate(_docs(path), 1):
        where = f"{part}:{number}"
        about = doc.user_data.get("purport")
        about = about if isinstance(about, dict) else {}
        title = str(about.get("title") or f"{path.stem}:{number}")
        try:
            marks = _marks(doc, about)
            meta = json.loads(about.get("meta", "{}"))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"{where}: what purport wrote is damaged ({error}).") from None
        document = Document(Text(doc.text), title, str(path), metadata=meta)
        yield intake.labelled(
            document,
            marks,
            where,
            annotator=str(about.get("annotator", "")),
            finished=bool(about.get("finished", True)),
        )


def _docs(path: Path) -> Iterator[tuple[Path, Doc]]:
    """The file and the `Doc` of each document, one DocBin after another."""
    import spacy
    from spacy.tokens import DocBin

    parts = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not parts:
        raise InputError(f"{path}: no {SUFFIX} file in it.")
    for part in parts:
        try:
            # `from_bytes` reads msgpack alone: nothing in the file is executed.
            yield from (
                (part, doc)
                for doc in DocBin().from_disk(part).get_docs(spacy.blank(LANGUAGE).vocab)
            )
        except OSError as error:
            raise InputError(f"{part}: not readable ({error.strerror}).") from None
        except Exception as error:
            raise InputError(f"{part}: is no DocBin ({error}).") from None


def _marks(doc: Doc, about: Plain) -> list[Mark]:
    groups = doc.spans
    if "purport" not in doc.user_data:
        spans = [*doc.ents, *(span for name in groups for span in groups[name])]
        seen = {(span.start_char, span.end_char, span.label_, span.text) for span in spans}
        return [Mark(Entity.kind, *one) for one in sorted(seen)]
    marks = [
        Mark(Entity.kind, span.start_char, span.end_char, span.label_, span.text)
        for span in groups["entities"]
    ]
    for plain in about["misaligned"]:
        marks.append(Mark(Entity.kind, plain["start"], plain["end"], plain["label"], plain["text"]))
    marks += [
        Mark(Entity.kind, span.start_char, span.end_char, span.label_, span.text, decided=_REJECTED)
        for span in groups["rejected"]
    ]
    for name, decided in (("claims", {}), ("rejected_claims", _REJECTED)):
        for plain in groups[name].attrs["fields"]:
            holder = tuple(Link.parse(link) for link in plain["holder"])
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


def seen(path: Path, find: object = None) -> Iterator[tuple[str, Counter[Fact]]]:
    """What spaCy alone sees in a file that `write` made: each document's id and its facts."""
    for _, doc in _docs(path):
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
