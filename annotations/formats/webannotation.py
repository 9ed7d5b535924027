"""W3C Web Annotations: a folder with a text and a page of annotations for each document.

Each annotation selects by quote and by position, its body classifies with the label (CLAIM for a
claim) and tags with the claim's fields, `stance:denies`. Positions count code points. The terms in
use stand in `context.jsonld`, for readers without a network. What the model has no term for is
under `purport:document`, one for each text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring_ascii as _quote
from pathlib import Path
from typing import Any, Final

from annotations.errors import InputError, SourceError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.intake import CLAIM, FIELDS, Intake, carrying, fields_of
from annotations.formats.offsets import Mark, whole
from annotations.formats.report import Report
from annotations.formats.stream import elements
from annotations.records import Annotation, Claim, Document, Entity, Plain
from annotations.sources.encoding import decode
from annotations.sources.outcome import LIMIT
from annotations.text import Text

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
PURPORT: Final = "purport:document"
SUFFIX: Final = ".jsonld"
_PARTS: Final = {"items", "first", "target"}
_TAGS: Final = tuple(f"{name}:" for name in (*FIELDS, "holder"))
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
    """The documents of a folder of `.jsonld` pages, or of one such file.

    A target's source is a text file in the same folder, or a document of the project by id or
    title. Without a position, the quote is looked for, with what stands around it.

    Raises:
        InputError: it is no such file, or there is no text for a source.
    """
    pages = [path]
    if path.is_dir():
        pages = [one for one in sorted(path.rglob(f"*{SUFFIX}")) if one.name != "context.jsonld"]
    if not pages:
        raise InputError(f"{path}: no {SUFFIX} file in it.")
    for page in pages:
        for where, found in elements(page):
            yield from _page(page, where, found, intake)


def _page(path: Path, where: str, page: Any, intake: Intake) -> Iterator[Labelled]:
    by_source: dict[str, list[Plain]] = {}
    if not isinstance(page, dict) or not _PARTS & set(page):
        raise InputError(f"{where}: is no Web Annotation.")
    carried = page.get(PURPORT)
    try:
        if carried:
            by_source[f"{carried['id']}.txt"] = []
        for one in _annotations(page):
            target = one["target"]
            target = target[0] if isinstance(target, list) else target
            source = target["source"]
            source = source["id"] if isinstance(source, dict) else source
            by_source.setdefault(str(source), []).append(one)
        for source, annotations in by_source.items():
            document = _document(path, source, where, intake)
            marks = [_mark(one, document.text) for one in annotations]
            pack = carried if carried and carried["id"] == document.id else None
            yield intake.labelled(document, marks, where, pack=pack)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise InputError(f"{where}: no Web Annotation that is understood ({error}).") from None


def _annotations(page: Any) -> Iterator[Plain]:
    """The annotations of a page, a collection's first page, or one alone."""
    if page.get("type") == "Annotation" or "target" in page:
        yield page
    for inner in (page.get("first"), *(page.get("items") or ())):
        if not isinstance(inner, dict):
            continue
        if "items" in inner or "first" in inner:
            yield from _annotations(inner)
        elif "target" in inner or inner.get("type") == "Annotation":
            yield inner


def _document(path: Path, source: str, where: str, intake: Intake) -> Document:
    name = source.rpartition("/")[2]
    found = intake.find(name.removesuffix(".txt")) or intake.find(source)
    if found is not None:
        return found
    # Only the last part of its name is taken: a source may not lead out of the folder.
    beside = path.with_name(name) if name not in ("", "..") else path
    if beside == path or not beside.is_file():
        raise InputError(
            f"{where}: there is no text for its source {source!r}. Put it beside the file, or add "
            "the document first: purport add PATH."
        )
    if beside.stat().st_size > LIMIT:
        raise InputError(f"{beside}: is over {LIMIT // 1024**2} MB. Split it and import it again.")
    data = beside.read_bytes()
    try:
        text = decode(data, str(beside)).text if data else ""
    except SourceError as refused:
        raise InputError(str(refused)) from None
    return Document(Text(text), beside.stem, str(beside))


def _mark(one: Mapping[str, Any], text: Text) -> Mark:
    label = ""
    fields: dict[str, str] = {}
    notes: list[str] = []
    bodies = one.get("body") or ()
    for body in bodies if isinstance(bodies, list) else [bodies]:
        if isinstance(body, dict):
            value, purpose = str(body.get("value", "")), body.get("purpose", "")
        else:
            value, purpose = str(body), ""
        if purpose == "tagging" and value.startswith(_TAGS):
            name, _, rest = value.partition(":")
            fields[name] = rest
        elif purpose in ("commenting", "describing", "replying"):
            notes.append(value)
        elif value and (not label or purpose in ("classifying", "identifying")):
            label = value
    target = one["target"]
    target = target[0] if isinstance(target, list) else target
    selectors = target["selector"]
    quote, position = {}, None
    for each in selectors if isinstance(selectors, list) else [selectors]:
        if each["type"] == "TextQuoteSelector":
            quote = each
        elif each["type"] == "TextPositionSelector":
            position = each
    words = quote.get("exact")
    if position is None:
        start = _found(text, quote)
        position = {"start": start, "end": start + len(words or "")}
    is_claim = label.upper() == CLAIM
    return Mark(
        kind=Claim.kind if is_claim else Entity.kind,
        start=whole(position["start"], "the start"),
        end=whole(position["end"], "the end"),
        label=label or "ANNOTATION",
        words=words,
        fields=fields if is_claim else {},
        note="\n".join(notes),
    )


def _found(text: Text, quote: Mapping[str, Any]) -> int:
    """Where the quote stands, with what is around it if that is there; behind the text if nowhere."""
    words = str(quote["exact"])
    prefix, suffix = str(quote.get("prefix", "")), str(quote.get("suffix", ""))
    for ahead, behind in ((prefix, suffix), (prefix, ""), ("", suffix), ("", "")):
        at = text.find(ahead + words + behind)
        if at >= 0:
            return at + len(ahead)
    return len(text)


FORMAT: Final = Format(
    name="webannotation",
    suffix="",
    description="W3C Web Annotations, by quote and position, in a folder with their texts",
    write=write,
    read=read,
)
