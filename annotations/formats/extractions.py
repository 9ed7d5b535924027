"""A language model's extractions, without offsets: each quote is looked for in its text.

An object a line, an array of them, or an answer with such JSON between ``` and ```: each with `text`
and `label` for an entity, or `quote` and any of `stance`, `certainty`, `holder`, `frame`, `time` for a
claim, or lists of such objects in `entities`, `claims` or `extractions`. Other common names for these
are known. `document` (or `doc`) names the document of the project, and so does the `title` or `id` of
an object with such lists; without it, it is the one document in which the quote stands.

Exact words are placed first, then words alike but for case, quotes, dashes and white space, then the
passage most like them. What has no place is listed, and so is what was placed by likeness.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.reading.intake import FIELDS, Intake
from annotations.formats.reading.offsets import Mark
from annotations.formats.reading.quotes import placed, stands, stands_alike, stands_within
from annotations.formats.reading.stream import among, opened
from annotations.records import Claim, Document, Entity, Plain
from annotations.sources.outcome import LIMIT
from annotations.text import Text

_LISTS: Final = ("entities", "claims", "extractions", "results")
_CLAIMS: Final = "claims"
_DOCUMENT: Final = ("document", "doc", "document_id", "doc_id")
_ITS_NAME: Final = (*_DOCUMENT, "title", "id")
_QUOTE: Final = ("quote", "claim")
_WORDS: Final = ("text", "word", "mention", "span", "extraction_text", "name")
_LABEL: Final = (
    "label", "label_", "type", "entity_type", "entity_group", "category", "tag", "extraction_class",
)  # fmt: skip
_EITHER: Final = "entity"
"""What some call the label, and some the words beside a label."""
_FENCED: Final = re.compile(
    rb"^[ \t]*```[^\n]*\n(.*?)(?:^[ \t]*```|\Z)", flags=re.DOTALL | re.MULTILINE
)
_HEAD: Final = 4096


@dataclass(frozen=True, slots=True)
class _Extraction:
    """One that was understood: its words, an entity's label, and the object that it is of."""

    where: str
    words: str
    label: str
    row: Plain

    @property
    def is_claim(self) -> bool:
        return not self.label

    def __str__(self) -> str:
        return f"{self.where}: {' '.join(self.words.split())[:60]!r}"


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The extractions, document by document in the order in which they are first named.

    One that cannot be understood, or names a document that the project lacks, is listed.

    Raises:
        InputError: it is no such file, or that is so of all of them.
    """
    documents: dict[str, Document] = {}
    by_document: dict[str, list[_Extraction]] = {}
    nameless: list[_Extraction] = []
    problems: list[str] = []
    for where, value in _elements(path):
        for name, found in _extractions(value, "", where, problems):
            document = intake.find(name) if name else None
            if document is not None:
                documents[document.id] = document
                by_document.setdefault(document.id, []).append(found)
            elif name:
                problems.append(
                    f"{where}: the project has no document {name!r}. Add it first: purport add PATH."
                )
            else:
                nameless.append(found)
    if problems and not by_document and not nameless:
        raise InputError(problems[0])
    intake.unplaced += problems
    for document, found in _searched(nameless, intake):
        documents[document.id] = document
        by_document.setdefault(document.id, []).append(found)
    for document_id, rows in by_document.items():
        document = documents[document_id]
        marks = list(_marks(document.text, rows, intake))
        yield intake.labelled(document, marks, str(path))


def _elements(path: Path) -> Iterator[tuple[str, Any]]:
    """The values in the file, or in the fences of it, if it is an answer with words around them."""
    with opened(path) as file:
        head = file.read(_HEAD)
        file.seek(0)
        if head.lstrip()[:1] in (b"{", b"[") or b"```" not in head:
            yield from among(path, file)
            return
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise InputError(f"{path}: an answer over {LIMIT // 1024**2} MB. Split it.")
    for fenced in _FENCED.finditer(data):
        yield from among(path, io.BytesIO(fenced[1]))


def _extractions(
    value: Any, name: str, where: str, problems: list[str], *, is_claim: bool = False
) -> Iterator[tuple[str, _Extraction]]:
    """Each extraction in a value, with the name of its document if it has one."""
    if isinstance(value, list):
        for one in value:
            yield from _extractions(one, name, where, problems, is_claim=is_claim)
        return
    if not isinstance(value, dict):
        problems.append(
            f'{where}: {value!r:.60} is no extraction; write {{"text": "…", "label": "…"}}.'
        )
        return
    lists = [key for key in _LISTS if isinstance(value.get(key), list | dict)]
    its_name = _DOCUMENT if not lists else _ITS_NAME
    name = next((str(value[key]) for key in its_name if _names(value.get(key))), name)
    for key in lists:
        yield from _extractions(_rows(value[key]), name, where, problems, is_claim=key == _CLAIMS)
    if lists:
        return
    try:
        yield name, _understood(value, where, is_claim=is_claim)
    except InputError as error:
        problems.append(str(error))


def _names(value: Any) -> bool:
    return (isinstance(value, str) and bool(value.strip())) or type(value) is int


def _rows(found: list[Any] | dict[str, Any]) -> list[Any]:
    """What stands in a list, or by label in an object: {"ORG": ["Orlen"]}."""
    if isinstance(found, list):
        return found
    return [
        {"label": label, "text": one} if isinstance(one, str) else one
        for label, those in found.items()
        for one in (those if isinstance(those, list) else [those])
    ]


def _understood(value: Plain, where: str, *, is_claim: bool) -> _Extraction:
    words, label = _first(value, _QUOTE), ""
    if not words:
        words, label = _first(value, _WORDS), _first(value, _LABEL)
        either = _first(value, (_EITHER,))
        if either:
            words, label = (words, label or either) if words else (either, label)
    if not words:
        raise InputError(f'{where}: an extraction without words; it needs "text" or "quote".')
    if is_claim:
        label = ""
    elif not label and not _first(value, _QUOTE) and "stance" not in value:
        raise InputError(f'{where}: {words[:60]!r} has neither a label nor is it a "quote".')
    return _Extraction(where, words, label, value)


def _first(value: Plain, names: Sequence[str]) -> str:
    return next(
        (said for name in names if isinstance(said := value.get(name), str) and said.strip()), ""
    )


def _searched(
    nameless: Sequence[_Extraction], intake: Intake
) -> Iterator[tuple[Document, _Extraction]]:
    """Those that name no document, each with the one in which its words stand; the others are listed."""
    if not nameless:
        return
    wanted = {one.words.strip() for one in nameless}
    homes: dict[str, list[Document]] = {}
    only: Document | None = None
    for is_in in (stands, stands_within, stands_alike):
        if missing := {words for words in wanted if not homes.get(words)}:
            found, only = _homes(missing, is_in, intake)
            homes |= found
    for one in nameless:
        there = homes[one.words.strip()]
        if len(there) == 1:
            yield there[0], one
        elif there:
            intake.unplaced.append(
                f"{one} stands in several documents, such as {there[0].title!r} and "
                f'{there[1].title!r}; name one: "document": "…"'
            )
        elif only is not None:
            yield only, one
        else:
            intake.unplaced.append(f"{one} stands in no document")


def _homes(
    wanted: set[str], is_in: Callable[[Text, str], bool], intake: Intake
) -> tuple[dict[str, list[Document]], Document | None]:
    """For each words the first two documents in which they stand, and the only one if there is but one."""
    homes: dict[str, list[Document]] = {words: [] for words in wanted}
    only: Document | None = None
    open_still, documents = list(wanted), 0
    for document in intake.documents():
        only, documents = document, documents + 1
        for words in open_still:
            if is_in(document.text, words):
                homes[words].append(document)
        open_still = [words for words in open_still if len(homes[words]) < 2]
    return homes, only if documents == 1 else None


def _marks(text: Text, rows: Sequence[_Extraction], intake: Intake) -> Iterator[Mark]:
    seen: Counter[tuple[str, str]] = Counter()
    for one in rows:
        key = (one.words.strip(), one.label)
        span, likeness = placed(text, one.words, seen[key])
        if span is None:
            often = f" more than {seen[key]:,} ×" if seen[key] else ""
            intake.unplaced.append(f"{one} does not stand in the text{often}")
            continue
        seen[key] += 1
        if likeness < 1:
            intake.notes.append(
                f"{one} is placed at {span.start}-{span.end}, which is {likeness:.0%} like it"
            )
        score = one.row.get("score", one.row.get("confidence"))
        yield Mark(
            Claim.kind if one.is_claim else Entity.kind,
            span.start,
            span.end,
            one.label,
            words=span.of(text),
            fields=_fields(one.row) if one.is_claim else {},
            score=score if isinstance(score, int | float) else None,
        )


def _fields(row: Mapping[str, Any]) -> Plain:
    return {name: row[name] for name in (*FIELDS, "holder") if row.get(name) and name != "quote"}


FORMAT: Final = Format(
    name="extractions",
    suffix=".jsonl",
    description="a language model's extractions without offsets, placed by their words",
    cannot_hold="offsets; it is read and not written",
    also=(".json",),
    read=read,
)
