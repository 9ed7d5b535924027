"""A language model's extractions, without offsets: each quote is looked for in its text.

An object a line, or an array of them, with `text` and `label` for an entity, or `quote` and any of
`stance`, `certainty`, `holder`, `frame`, `time` for a claim, or lists of such objects in
`entities`, `claims` or `extractions`. `document` (or `doc`, `title`, `id`) names the document of the
project; without it, it is the one in which the quote stands.

Exact words are placed first, then words alike but for case, quotes, dashes and white space, then the
passage most like them. What has no place is listed, and so is what was placed by likeness.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.intake import FIELDS, Intake
from annotations.formats.offsets import Mark
from annotations.formats.stream import elements
from annotations.records import Claim, Document, Entity, Plain
from annotations.span import Span
from annotations.text import Text

ALIKE: Final = 0.85
"""How like the words a passage has to be, 1 being the same."""

_LISTS: Final = ("entities", "claims", "extractions", "results")
_NAMES: Final = ("document", "doc", "title", "id")
_PLAIN: Final = str.maketrans("“”„«»‘’‚–—‑\u00a0", '"""""\'\'\'--- ')


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The extractions, document by document in the order in which they are first named.

    Raises:
        InputError: it is no such file, or it names a document that the project lacks.
    """
    by_document: dict[str, list[tuple[str, Plain]]] = {}
    documents: dict[str, Document] = {}
    for where, value in elements(path):
        for name, found in _extractions(value, "", where):
            document = _document(name, found, where, intake)
            if document is None:
                words = str(found.get("quote") or found.get("text"))
                intake.unplaced.append(f"{where}: {words[:60]!r} stands in no document")
                continue
            documents[document.id] = document
            by_document.setdefault(document.id, []).append((where, found))
    for document_id, rows in by_document.items():
        document = documents[document_id]
        marks = list(_marks(document.text, rows, intake))
        yield intake.labelled(document, marks, str(path))


def _extractions(value: Any, name: str, where: str) -> Iterator[tuple[str, Plain]]:
    if isinstance(value, list):
        for one in value:
            yield from _extractions(one, name, where)
        return
    if not isinstance(value, dict):
        raise InputError(f'{where}: no extraction; write {{"text": "…", "label": "…"}}.')
    name = next((str(value[key]) for key in _NAMES if value.get(key)), name)
    lists = [value[key] for key in _LISTS if isinstance(value.get(key), list)]
    if lists:
        for one in lists:
            yield from _extractions(one, name, where)
        return
    words = value.get("quote", value.get("text"))
    if not isinstance(words, str) or not words.strip():
        raise InputError(f'{where}: an extraction without words; it needs "text" or "quote".')
    if "quote" not in value and not isinstance(value.get("label"), str):
        raise InputError(f'{where}: {words[:60]!r} has neither a label nor is it a "quote".')
    yield name, value


def _document(name: str, found: Plain, where: str, intake: Intake) -> Document | None:
    if name:
        document = intake.find(name)
        if document is None:
            raise InputError(
                f"{where}: the project has no document {name!r}. Add it first: purport add PATH."
            )
        return document
    words = str(found.get("quote") or found.get("text"))
    first: Document | None = None
    for number, one in enumerate(intake.documents()):
        if words in one.text:
            return one
        first = one if number == 0 else None
    return first


def _marks(text: Text, rows: list[tuple[str, Plain]], intake: Intake) -> Iterator[Mark]:
    seen: Counter[tuple[str, str]] = Counter()
    for where, row in rows:
        is_claim = "quote" in row
        words = str(row["quote"] if is_claim else row["text"])
        label = "" if is_claim else str(row["label"])
        span, likeness = placed(text, words, seen[words, label])
        seen[words, label] += 1
        if span is None:
            intake.unplaced.append(
                f"{where}: {' '.join(words.split())[:80]!r} does not stand in the text"
            )
            continue
        if likeness < 1:
            intake.notes.append(
                f"{where}: {' '.join(words.split())[:60]!r} is placed at {span.start}-{span.end}, "
                f"which is {likeness:.0%} like it"
            )
        score = row.get("score", row.get("confidence"))
        yield Mark(
            Claim.kind if is_claim else Entity.kind,
            span.start,
            span.end,
            label,
            fields=_fields(row) if is_claim else {},
            score=float(score) if isinstance(score, int | float) else None,
        )


def _fields(row: Mapping[str, Any]) -> Plain:
    return {name: row[name] for name in (*FIELDS, "holder") if row.get(name) and name != "quote"}


def placed(text: Text, words: str, nth: int = 0) -> tuple[Span | None, float]:
    """Where the words stand for the `nth` time, and how like them the passage is.

    White space around them is not looked for. None where nothing is at least `ALIKE`.
    """
    words = words.strip()
    whole = text.occurrences(words)
    if whole:
        return whole[min(nth, len(whole) - 1)], 1.0
    at = text.find(words)
    if at >= 0:
        return Span(at, at + len(words)), 1.0
    plain, places = _plain(text)
    wanted = _plain(words)[0]
    at = plain.find(wanted) if wanted else -1
    if at >= 0:
        return Span(places[at], places[at + len(wanted) - 1] + 1), 1.0
    return _likest(text, wanted)


@lru_cache(maxsize=4)
def _plain(words: str) -> tuple[str, tuple[int, ...]]:
    """The words in lower case with plain quotes, dashes and single spaces, and where each stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(words.translate(_PLAIN)):
        if letter.isspace():
            if letters and letters[-1] != " ":
                letters.append(" ")
                places.append(place)
            continue
        lower = letter.lower()
        letters.append(lower)
        places += [place] * len(lower)
    # One entry a character, though a capital may have two in lower case.
    made = "".join(letters)
    return made.rstrip(), tuple(places)


@lru_cache(maxsize=2)
def _words(text: Text) -> tuple[tuple[str, Span], ...]:
    return tuple(
        (word.of(text).lower(), word)
        for number in range(len(text.paragraphs))
        for word in text.words(number)
    )


def _likest(text: Text, wanted: str) -> tuple[Span | None, float]:
    """The run of words most like these, by the words that it shares, then by its letters."""
    goal = [word.of(wanted).lower() for word in Text(wanted).words(0)] if wanted else []
    there = _words(text)
    if not goal or len(goal) > len(there) * 2:
        return None, 0.0
    size = min(len(goal), len(there))
    need = Counter(goal)
    window: Counter[str] = Counter()
    shared, best = 0, []
    for place, (word, _) in enumerate(there):
        window[word] += 1
        shared += window[word] <= need[word]
        if place >= size:
            gone = there[place - size][0]
            shared -= window[gone] <= need[gone]
            window[gone] -= 1
        if place >= size - 1:
            best.append((shared, -place))
    best.sort(reverse=True)
    found: tuple[Span | None, float] = (None, 0.0)
    for count, last in best[:8]:
        if count * 2 < size:
            break
        for start in range(-last - size, -last - size + 3):
            for end in range(-last - 2, -last + 3):
                if 0 <= start <= end < len(there):
                    span = Span(there[start][1].start, there[end][1].end)
                    passage = _plain(span.of(text))[0]
                    ratio = difflib.SequenceMatcher(None, passage, wanted, autojunk=False).ratio()
                    if ratio > found[1]:
                        found = (span, ratio)
    return found if found[1] >= ALIKE else (None, found[1])


FORMAT: Final = Format(
    name="extractions",
    suffix=".jsonl",
    description="a language model's extractions without offsets, placed by their words",
    cannot_hold="offsets; it is read and not written",
    also=(".json",),
    read=read,
)
