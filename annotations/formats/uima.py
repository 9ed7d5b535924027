"""UIMA CAS, as XMI and as JSON, for INCEpTION: a folder with `xmi/`, `json/` and the type system.

Entities are DKPro's NamedEntity, which INCEpTION has; claims are `webanno.custom.Claim`. Offsets on
the disk count UTF-16 units, as in Java. What the types have no feature for is one string of JSON in
`purport.Document`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring as _quote
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from xml.sax.saxutils import quoteattr

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.facts import fact
from annotations.formats.format import Format, missing
from annotations.formats.intake import FIELDS, Intake, fields_of, pack
from annotations.formats.markup import STANDS_IN, held
from annotations.formats.offsets import Mark, Unit, measure, whole
from annotations.formats.report import Report
from annotations.formats.stream import elements
from annotations.messages import counted
from annotations.records import Claim, Document, Entity, Plain
from annotations.sources.outcome import LIMIT
from annotations.storage.decoder import decoded
from annotations.storage.notation import PLAIN
from annotations.text import Text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TYPES: Final = "TypeSystem.xml"
NAMED: Final = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
CLAIM: Final = "webanno.custom.Claim"
CARRIED: Final = "purport.Document"
CLAIM_FEATURES: Final = (*FIELDS, "holder")

_STRING: Final = "uima.cas.String"
_ANNOTATION: Final = "uima.tcas.Annotation"
_FEATURES: Final = {
    NAMED: (_ANNOTATION, ("value", "identifier")),
    CLAIM: (_ANNOTATION, CLAIM_FEATURES),
    CARRIED: ("uima.cas.TOP", ("data",)),
}

UNHELD: Final = "has control characters; they are \ufffd in the XMI alone"


def type_system() -> str:
    """The type system's description, in XML."""
    rows = ['<?xml version="1.0" encoding="UTF-8"?>']
    rows.append('<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">')
    rows.append("  <types>")
    for name, (base, features) in _FEATURES.items():
        rows.append(f"    <typeDescription><name>{name}</name><description/>")
        rows.append(f"      <supertypeName>{base}</supertypeName><features>")
        rows += [
            f"        <featureDescription><name>{feature}</name><description/>"
            f"<rangeTypeName>{_STRING}</rangeTypeName></featureDescription>"
            for feature in features
        ]
        rows.append("      </features></typeDescription>")
    rows.append("  </types>")
    rows.append("</typeSystemDescription>\n")
    return "\n".join(rows)


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write the folder `path`; its files are named by the documents' ids."""
    xmis, jsons = path / "xmi", path / "json"
    for folder in (xmis, jsons):
        folder.mkdir(parents=True)
    (path / TYPES).write_text(type_system(), encoding="utf-8")
    for one in documents:
        name = one.document.id
        text = one.document.text
        kept = held(text)
        if kept != text:
            times = sum(a != b for a, b in zip(kept, text, strict=True))
            report.notes.append(
                f"{one.document.title}: {counted(times, 'control character')} became \ufffd in "
                f"xmi/{name}.xmi; XML has no place for them"
            )
        structures = [*_structures(one, pack(one))]
        xmi = _xmi(structures, kept)
        if STANDS_IN in xmi:
            _name_losses(one, structures, report)
        (xmis / f"{name}.xmi").write_bytes(xmi.encode("utf-8"))
        cas = _cas(structures, text)
        (jsons / f"{name}.json").write_bytes(cas.encode("utf-8"))


def _name_losses(one: Labelled, structures: Sequence[_Structure], report: Report) -> None:
    # What is carried comes last, and is of no annotation.
    for each, (_, _, values) in zip(one.standing, structures[:-1], strict=True):
        if any(held(value) != value for value in values.values()):
            report.lose(one.document, each, UNHELD, held=(each.span, fact(each)[3]))


_Structure: TypeAlias = tuple[str, tuple[int, int] | None, Mapping[str, str]]
"""A feature structure: its type, where it begins and ends if it is on the text, and the rest."""


def _structures(one: Labelled, data: str) -> Iterator[_Structure]:
    """The feature structures, to be numbered from 2; the text itself is 1."""
    units = measure(one.document.text, Unit.UTF16)
    for entity in one.entities:
        span = entity.span
        yield NAMED, (units(span.start), units(span.end)), {"value": entity.label}
    for claim in one.claims:
        span = claim.span
        yield CLAIM, (units(span.start), units(span.end)), fields_of(claim)
    yield CARRIED, None, {"data": data}


def _xmi(structures: Sequence[_Structure], text: str) -> str:
    spaces = {"ner": NAMED, "custom": CLAIM, "purport": CARRIED}
    tags = {kind: f"{prefix}:{kind.rpartition('.')[2]}" for prefix, kind in spaces.items()}
    head = "".join(
        f' xmlns:{prefix}="http:///{kind.rpartition(".")[0].replace(".", "/")}.ecore"'
        for prefix, kind in spaces.items()
    )
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
        f'xmlns:cas="http:///uima/cas.ecore"{head} xmi:version="2.0">\n<cas:NULL xmi:id="0"/>'
    ]
    for number, (kind, place, values) in enumerate(structures, 2):
        where = f' sofa="1" begin="{place[0]}" end="{place[1]}"' if place else ""
        # What is carried is JSON in ASCII, and as long as all the rest: XML holds it as it is.
        said = _quoted if kind == CARRIED else _value
        row = f'<{tags[kind]} xmi:id="{number}"{where}'
        for name, value in values.items():
            row += f" {name}={said(value)}"
        rows.append(f"{row}/>")
    rows.append(
        '<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text/plain" '
        f"sofaString={_quoted(text)}/>"
    )
    members = " ".join([str(number) for number, _ in enumerate(structures, 2)])
    rows.append(f'<cas:View sofa="1" members="{members}"/>\n</xmi:XMI>\n')
    return "\n".join(rows)


def _value(words: str) -> str:
    if words.isalnum():  # as most are: nothing to escape, and nothing that XML cannot hold
        return f'"{words}"'
    return _quoted(held(words))


def _quoted(words: str) -> str:
    # An attribute's line breaks and tabs become spaces unless they are escaped.
    return quoteattr(words, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


_TYPES: Final = PLAIN.encode(
    {
        kind: {
            "%NAME": kind,
            "%SUPER_TYPE": base,
            **{name: {"%NAME": name, "%RANGE": _STRING} for name in features},
        }
        for kind, (base, features) in _FEATURES.items()
    }
)


def _cas(structures: Sequence[_Structure], text: str) -> str:
    sofa = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView"}
    sofa |= {"mimeType": "text/plain", "sofaString": text}
    rows = [PLAIN.encode(sofa)]
    for number, (kind, place, values) in enumerate(structures, 2):
        where = f', "@sofa": 1, "begin": {place[0]}, "end": {place[1]}' if place else ""
        row = f'{{"%ID": {number}, "%TYPE": "{kind}"{where}'
        for name, value in values.items():
            row += f', "{name}": {_quote(value)}'
        rows.append(f"{row}}}")
    members = [number for number, _ in enumerate(structures, 2)]
    view = {"%SOFA": 1, "%MEMBERS": members}
    return (
        f'{{"%TYPES": {_TYPES}, "%FEATURE_STRUCTURES": [{", ".join(rows)}], '
        f'"%VIEWS": {PLAIN.encode({"_InitialView": view})}}}'
    )


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a folder of XMI or JSON files, or of one; where it has both, the JSON.

    Any type named NamedEntity, or with a `value` or `label`, is an entity of that label; any named
    Claim is a claim.

    Raises:
        InputError: a file is no CAS; the message names it.
    """
    files = [path]
    if path.is_dir():
        files = sorted(path.rglob("*.json")) or sorted(path.rglob("*.xmi"))
    if not files:
        raise InputError(f"{path}: no .xmi or .json file in it.")
    for one in files:
        text, found = _json(one) if one.suffix == ".json" else _xml(one)
        marks: list[Mark] = []
        carried: Any = None
        for kind, values in found:
            if kind == CARRIED.rpartition(".")[2]:
                carried = _carried(values, str(one))
            elif mark := _mark(kind, values, str(one)):
                marks.append(mark)
        document = Document(Text(text), one.stem, str(one))
        yield intake.labelled(document, marks, str(one), usual=Unit.UTF16, pack=carried)


def _carried(values: Plain, where: str) -> Any:
    try:
        return decoded(str(values.get("data")).encode())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: the part that purport wrote is damaged ({error}).") from None


def _mark(kind: str, values: Plain, where: str) -> Mark | None:
    if "begin" not in values or "end" not in values:
        return None
    label = values.get("value", values.get("label"))
    is_claim = kind == "Claim"
    if not is_claim and (kind != "NamedEntity" and not label):
        return None
    try:
        start = whole(_number(values["begin"]), "begin")
        end = whole(_number(values["end"]), "end")
    except InputError as error:
        raise InputError(f"{where}: {error}.") from None
    if not is_claim:
        return Mark(Entity.kind, start, end, str(label or kind))
    fields = {name: values[name] for name in CLAIM_FEATURES if values.get(name)}
    return Mark(Claim.kind, start, end, str(label or kind), fields=fields)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _json(path: Path) -> tuple[str, list[tuple[str, Plain]]]:
    text, found = "", []
    for where, cas in elements(path):
        try:
            structures = cas["%FEATURE_STRUCTURES"]
            rows = structures if isinstance(structures, list) else list(structures.values())
            for row in rows:
                kind = str(row["%TYPE"]).rpartition(".")[2]
                if kind == "Sofa":
                    text = text or str(row.get("sofaString", ""))
                else:
                    found.append((kind, row))
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{where}: no UIMA CAS in JSON ({error}).") from None
    return text, found


def _xml(path: Path) -> tuple[str, list[tuple[str, Plain]]]:
    text, found = "", []
    for element in _root(path):
        kind = element.tag.rpartition("}")[2]
        if kind == "Sofa":
            text = text or element.get("sofaString", "")
        elif kind not in ("NULL", "View"):
            found.append((kind, dict(element.attrib)))
    return text, found


def _root(path: Path) -> Element:
    try:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, parse
    except ImportError:
        raise missing("defusedxml", "uima", f"{path}: reading XMI") from None
    try:
        if path.stat().st_size > 4 * LIMIT:
            raise InputError(f"{path}: is over {4 * LIMIT // 1024**2} MB. Split it.")
        root: Element | None = parse(path, forbid_dtd=True).getroot()
    except DefusedXmlException:
        raise InputError(f"{path}: declares entities of its own, which is not read.") from None
    except (ParseError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: broken XML ({error}).") from None
    except OSError as error:
        raise InputError(f"{path}: not readable ({error.strerror}).") from None
    if root is None or root.tag.rpartition("}")[2] != "XMI":
        raise InputError(f"{path}: is no XMI.")
    return root


FORMAT: Final = Format(
    name="uima",
    suffix="",
    description="UIMA CAS as XMI and JSON, for INCEpTION; offsets in UTF-16 units on the disk",
    cannot_hold="control characters, in XMI alone; the JSON has them",
    unit=Unit.UTF16,
    write=write,
    read=read,
)
