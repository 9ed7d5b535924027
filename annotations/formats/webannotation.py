"""W3C Web Annotations: a folder with a text and a page of annotations for each document.

Each annotation selects by quote and by position, its body classifies with the label (CLAIM for a
claim) and tags with the claim's fields, `stance:denies`. Positions count code points. The terms in
use stand in `context.jsonld`, for readers without a network. What the model has no term for is
under `purport:document`, one for each text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring_ascii as _quote
from pathlib import Path
from typing import Final

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.reading.folder import files
from annotations.formats.reading.intake import CLAIM, Intake, carrying, fields_of
from annotations.formats.reading.stream import elements
from annotations.formats.reading.textfile import beside, text_of
from annotations.formats.selection import Said, anchored, statements
from annotations.formats.writing.report import Report
from annotations.records import Annotation, Claim, Document, Plain
from annotations.text import Text

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
PURPORT: Final = "purport:document"
SUFFIX: Final = ".jsonld"
_PARTS: Final = {"items", "first", "target", "rows"}
_AROUND: Final = 32
"""Code points of the text ahead and behind that a quote is told by."""

_OA: Final = "http://www.w3.org/ns/oa#"
_TERMS: Final[Plain] = {
    "@context": {
        "id": {"@id": "@id", "@type": "@id"},
        "type": {"@id": "@type", "@type": "@vocab"},
        **{
            name: f"{_OA}{name}"
            for name in ("Annotation", "TextualBody", "TextQuoteSelector", "TextPositionSelector")
        },
        "classifying": f"{_OA}classifying",
        "tagging": f"{_OA}tagging",
        "commenting": f"{_OA}commenting",
        "Person": "http://xmlns.com/foaf/0.1/Person",
        "Software": "https://www.w3.org/ns/activitystreams#Application",
        "AnnotationPage": "https://www.w3.org/ns/activitystreams#OrderedCollectionPage",
        "items": {
            "@id": "https://www.w3.org/ns/activitystreams#items",
            "@type": "@id",
            "@container": "@list",
        },
        "motivation": {"@id": f"{_OA}motivatedBy", "@type": "@vocab"},
        "purpose": {"@id": f"{_OA}hasPurpose", "@type": "@vocab"},
        "body": {"@id": f"{_OA}hasBody", "@type": "@id"},
        "target": {"@id": f"{_OA}hasTarget", "@type": "@id"},
        "source": {"@id": f"{_OA}hasSource", "@type": "@id"},
        "selector": {"@id": f"{_OA}hasSelector", "@type": "@id"},
        "exact": f"{_OA}exact",
        "prefix": f"{_OA}prefix",
        "suffix": f"{_OA}suffix",
        "start": {
            "@id": f"{_OA}start",
            "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger",
        },
        "end": {
            "@id": f"{_OA}end",
            "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger",
        },
        "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
        "creator": {"@id": "http://purl.org/dc/terms/creator", "@type": "@id"},
        "created": {
            "@id": "http://purl.org/dc/terms/created",
            "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        },
        "name": "http://xmlns.com/foaf/0.1/name",
    }
}
"""The terms that are used here, as the recommendation maps them."""

# A term with a colon has to be what its prefix makes of it.
_OWN: Final[Plain] = {
    "purport": "urn:purport:",
    PURPORT: {"@id": "urn:purport:document", "@type": "@json"},
}


def context() -> Plain:
    """The context that readers without a network take for the one of the recommendation."""
    return _TERMS


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write the folder `path`: for each document its text, and a page of its annotations."""
    path.mkdir(parents=True)
    (path / "context.jsonld").write_text(json.dumps(_TERMS, indent=1) + "\n", encoding="utf-8")
    for one in documents:
        name = one.document.id
        (path / f"{name}.txt").write_bytes(one.document.text.encode("utf-8", "surrogatepass"))
        page = {
            "@context": [CONTEXT, _OWN],
            "id": f"urn:purport:{name}:{one.annotator}",
            "type": "AnnotationPage",
        }
        items = ", ".join([_annotation(each, one) for each in one.standing])
        with (path / f"{name}{SUFFIX}").open("w", encoding="utf-8", newline="\n") as file:
            file.write(carrying(page, one, PURPORT, items=f"[{items}]") + "\n")


def _annotation(each: Annotation, one: Labelled) -> str:
    """An annotation as JSON, one string and not seven dictionaries: only its body may vary."""
    document = one.document
    text, start, end = document.text, each.span.start, each.span.end
    made = f', "creator": {{"type": "Person", "name": {_quote(each.by)}}}' if each.by else ""
    when = f', "created": {_quote(each.at)}' if each.at else ""
    return (
        f'{{"id": {_quote(f"urn:purport:{document.id}:{one.annotator}:{each.id}")}, '
        f'"type": "Annotation", "motivation": "classifying", "body": {_body(each)}, '
        f'"target": {{"source": "{document.id}.txt", "selector": [{{"type": "TextQuoteSelector", '
        f'"exact": {_quote(each.text)}, "prefix": {_quote(text[max(0, start - _AROUND) : start])}, '
        f'"suffix": {_quote(text[end : end + _AROUND])}}}, '
        f'{{"type": "TextPositionSelector", "start": {start}, "end": {end}}}]}}{made}{when}}}'
    )


def _body(each: Annotation) -> str:
    words = {"classifying": [CLAIM if isinstance(each, Claim) else each.label]}
    if isinstance(each, Claim):
        words["tagging"] = [f"{name}:{value}" for name, value in fields_of(each).items()]
    if each.note:
        words["commenting"] = [each.note]
    bodies = [
        f'{{"type": "TextualBody", "purpose": "{purpose}", "value": {_quote(value)}}}'
        for purpose, values in words.items()
        for value in values
    ]
    return f"[{', '.join(bodies)}]"


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a folder of `.jsonld` pages, or of one such file; or of hypothes.is's rows.

    A target's source is a text file in the same folder, or a document of the project by id or
    title. Without a position, the quote is looked for, with what stands around it.

    Raises:
        InputError: it is no such file, or there is no text for any of its sources.
    """
    pages = [path]
    if path.is_dir():
        pages = [one for one in files(path, f"*{SUFFIX}") if one.name != "context.jsonld"]
    if not pages:
        raise InputError(f"{path}: no {SUFFIX} file in it.")
    taken, missing = 0, ""
    for page in pages:
        for one in _documents(page, intake):
            if isinstance(one, Labelled):
                taken += 1
                yield one
            else:
                missing = missing or one
    if missing and not taken:
        raise InputError(missing)


def _documents(path: Path, intake: Intake) -> Iterator[Labelled | str]:
    """The documents of one file, or why there is no text for one."""
    loose: list[Said] = []
    for where, found in elements(path):
        if not isinstance(found, dict) or not _PARTS & set(found):
            raise InputError(f"{where}: is no Web Annotation.")
        if PURPORT in found:
            yield from _page(path, where, found, [*statements(found, where, intake)], intake)
        else:
            loose += statements(found, where, intake)
    if loose:
        yield from _page(path, str(path), {}, loose, intake)


def _page(
    path: Path, where: str, page: Plain, said: Iterable[Said], intake: Intake
) -> Iterator[Labelled | str]:
    by_source: dict[str, list[Said]] = {}
    carried = page.get(PURPORT)
    if carried:
        name = carried.get("id") if isinstance(carried, dict) else None
        if not isinstance(name, str):
            raise InputError(
                f"{where}: the part that purport wrote is damaged; take it out to read the rest."
            )
        by_source[f"{name}.txt"] = []
    for one in said:
        by_source.setdefault(one.source, []).append(one)
    for source, many in by_source.items():
        document = _document(path, source, intake)
        if document is None:
            reason = f"there is no text for its source {source!r:.200}"
            places = [one.where for one in many] or [where]
            intake.unplaced.extend(f"{place} is left out: {reason}" for place in places)
            yield (
                f"{where}: {reason}. Put it beside the file, or add the document first: "
                "purport add PATH."
            )
            continue
        marks = [mark for one in many for mark in one.marks(intake)]
        pack = carried if carried and carried["id"] == document.id else None
        if pack is None or any(mark.start < 0 for mark in marks):
            marks = anchored(document.text, marks, where, intake)
        yield intake.labelled(document, marks, where, pack=pack)


def _document(path: Path, source: str, intake: Intake) -> Document | None:
    # Only the last part of its name is taken: a source may not lead out of the folder.
    name = source.rpartition("/")[2]
    found = intake.find(name.removesuffix(".txt")) or intake.find(source)
    if found is not None:
        return found
    text = beside(path, name)
    if text is None or text == path:
        return None
    return Document(Text(text_of(text)), text.stem, str(text))


FORMAT: Final = Format(
    name="webannotation",
    suffix="",
    description="W3C Web Annotations, by quote and position, in a folder with their texts",
    write=write,
    read=read,
)
