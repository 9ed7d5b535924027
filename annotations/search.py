"""Search over all documents of a project: in their texts, or in what is marked there.

A search in the texts finds words one after the other, in any case and spelling, whatever stands
between two of them; the last may be the beginning of a longer one. As soon as it asks for a label
or the like, it finds annotations, and the words are looked for in those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import regex

from annotations import spelling
from annotations.errors import PurportError, UnknownError
from annotations.project import Project
from annotations.records import Plain, Status
from annotations.schema import Schema, nearest
from annotations.span import Span
from annotations.storage import find
from annotations.storage.find import FIELDS, Mark
from annotations.storage.intake import is_unspaced, prepared
from annotations.text import Text

CONTEXT: Final = 40
"""Characters told on each side of what was found."""

_WORD: Final = regex.compile(r"[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*")
_ASKED: Final = regex.compile(r'(?<!\S)(\w+):(?:"([^"]*)"?|(\S*))')


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Attributes:
        words: in the text, or in the annotation and its note.
        fields: for each of label, stance, certainty and status, the values that will do.
        holder: in the name of who holds the claim.
        annotator: whose annotations, if not those of the project's own annotator.
    """

    words: str = ""
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    holder: str = ""
    annotator: str = ""

    @property
    def asks_for_marks(self) -> bool:
        """Whether annotations are found, and no mere words."""
        return bool(self.fields or self.holder or self.annotator)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was found.

    Attributes:
        document: its id.
        title: its title.
        span: what was found, in code points.
        before: some of what stands ahead of it, on one line.
        text: the words found.
        after: some of what stands behind.
        mark: the annotation, where one was looked for.
    """

    document: str
    title: str
    span: Span
    before: str
    text: str
    after: str
    mark: Mark | None = None

    @property
    def about(self) -> str:
        """What the annotation says, in words; empty where there is none."""
        one = self.mark
        if one is None:
            return ""
        said = (
            (one.label,)
            if one.kind == "entity"
            else (one.stance, one.certainty, f"by {one.holder}")
        )
        return " ".join((*said, one.status))

    def plain(self) -> Plain:
        """The hit as `purport search --json` prints it."""
        made: Plain = {
            "document": self.document,
            "title": self.title,
            "start": self.span.start,
            "end": self.span.end,
            "before": self.before,
            "text": self.text,
            "after": self.after,
            "annotation": None,
        }
        if self.mark:
            names = ("id", "layer", "kind", *FIELDS, "holder", "note")
            said = {name: getattr(self.mark, name) for name in names}
            made["annotation"] = {name: value for name, value in said.items() if value}
        return made


def search(project: Project, query: Query) -> Iterator[Hit]:
    """The places that fit, in the order of the documents; bring the catalogue up to date before."""
    if query.asks_for_marks:
        found = find.marks(
            project.catalogue,
            query.annotator or project.annotator,
            query.fields,
            words=query.words,
            holder=query.holder,
        )
        yield from _in_marks(project, found)
    else:
        yield from _in_texts(project, query.words)


def _in_marks(project: Project, found: Iterator[Mark]) -> Iterator[Hit]:
    held, text = "", Text("")
    for one in found:
        if one.document != held:
            held, text = one.document, _text(project, one.document)
        span = Span(one.start, one.end)
        yield _hit(one.document, one.title, text, span, one)


def _in_texts(project: Project, words: str) -> Iterator[Hit]:
    parts = _WORD.findall(prepared(words))
    if not parts:
        return
    pattern = _pattern(parts)
    for document_id, title in find.texts(project.catalogue, parts):
        text = _text(project, document_id)
        for match in pattern.finditer(text):
            yield _hit(document_id, title, text, Span(match.start(), match.end()))


def _text(project: Project, document_id: str) -> Text:
    try:
        return project.document(document_id).text
    except PurportError:
        return Text("")  # gone, or damaged: `verify` says so


def _hit(document: str, title: str, text: Text, span: Span, mark: Mark | None = None) -> Hit:
    before = text[max(0, span.start - CONTEXT) : span.start]
    after = text[span.end : span.end + CONTEXT]
    words = text[span.start : span.end] or (mark.text if mark else "")
    return Hit(document, title, span, _flat(before), _flat(words), _flat(after), mark)


def _flat(words: str) -> str:
    return regex.sub(r"\s", " ", words)


def _pattern(parts: Sequence[str]) -> regex.Pattern[str]:
    """Where the words of a query stand in a text, by the rule of the index."""
    made, before = "", ""
    for part in parts:
        if before:
            gap = "*" if is_unspaced(before[-1]) or is_unspaced(part[0]) else "+"
            made += rf"[^\p{{L}}\p{{N}}\p{{Co}}\p{{M}}]{gap}"
        elif not is_unspaced(part[0]):
            made += r"(?<![\p{L}\p{N}\p{Co}\p{M}])"
        made += spelling.pattern(part)
        if part is not parts[-1] and not is_unspaced(part[-1]):
            made += r"(?![\p{L}\p{N}\p{Co}\p{M}])"
        before = part
    return regex.compile(made, regex.IGNORECASE)


# Queries as they are written


def known(project: Project) -> dict[str, list[str]]:
    """The values that can be asked for, by the name of the field."""
    schema: Schema = project.schema
    labels = [one.name for one in schema.labels]
    used = [label for label in project.catalogue.labels() if label not in (*labels, "claim")]
    return {
        "label": labels + sorted(used),
        "stance": list(schema.names("stance")),
        "certainty": list(schema.names("certainty")),
        "status": [str(one) for one in Status],
        "annotator": list(project.catalogue.layers()),
    }


def parse(typed: str, values: Mapping[str, Sequence[str]]) -> Query:
    """A query as it is typed: words, and `label:PERSON`, `holder:"Ada Orlen"` between them.

    The beginning of a value, in any case, stands for each value that begins so.

    Args:
        typed: what was typed.
        values: what `known` says.

    Raises:
        UnknownError: no value begins so.
    """
    fields: dict[str, Sequence[str]] = {}
    holder = annotator = ""
    for match in _ASKED.finditer(typed):
        name, sought = match[1].lower(), (match[2] or match[3] or "").lower()
        if name == "holder":
            holder = sought
        elif name in values and sought:
            fits = [one for one in values[name] if one.lower().startswith(sought)]
            if not fits:
                raise UnknownError(f"There is no {name} {sought!r}: {', '.join(values[name])}.")
            if name == "annotator":
                annotator = fits[0]
            else:
                fields[name] = fits
    words = _ASKED.sub(
        lambda match: "" if match[1].lower() in (*values, "holder") else match[0], typed
    )
    return Query(" ".join(words.split()), fields, holder, annotator)


def exactly(values: Mapping[str, Sequence[str]], **wanted: str | None) -> dict[str, list[str]]:
    """The fields of a query, each with the one value that was named, in any case.

    Raises:
        UnknownError: there is no such value.
    """
    made = {}
    for name, value in wanted.items():
        if value is None:
            continue
        fits = [one for one in values[name] if one.lower() == value.lower()]
        if not fits:
            raise UnknownError(f"There is no {name} {value!r}; {nearest(value, values[name])}")
        made[name] = fits
    return made
