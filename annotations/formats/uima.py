"""UIMA CAS, as XMI and as JSON, for INCEpTION: a folder with `xmi/`, `json/` and the type system.

Entities are DKPro's NamedEntity, which INCEpTION has; claims are `webanno.custom.Claim`. Offsets on
the disk count UTF-16 units, as in Java. What the types have no feature for is one string of JSON in
`purport.Document`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as _quote
from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.sax.saxutils import quoteattr

from annotations.errors import InputError
from annotations.formats.cas import Cas, cases
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.markup import STANDS_IN, held
from annotations.formats.reading.intake import FIELDS, Intake, fields_of, pack
from annotations.formats.reading.offsets import Mark, Unit, measure, whole
from annotations.formats.writing.facts import fact
from annotations.formats.writing.report import Report
from annotations.messages import counted
from annotations.records import Claim, Document, Entity, Plain
from annotations.storage.decoder import decoded
from annotations.storage.notation import PLAIN
from annotations.text import Text

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
_LABELS: Final = (
    *("value", "label", "kind", "type", "category", "class", "tag", "role", "identifier", "name"),
)
"""Features that tell what kind of thing is annotated, the likeliest first."""
_PLACED: Final = frozenset(["begin", "end", "sofa", "@sofa", "%ID", "%TYPE"])
_CHAINED: Final = frozenset(["referenceType", "referenceRelation"])
_CUSTOM: Final = "webanno.custom."
_LINGUISTIC: Final = frozenset(
    ["Token", "Sentence", "Paragraph", "Lemma", "Stem", "POS", "MorphologicalFeatures", "Chunk"]
)
"""What is no entity in another program's types, either."""
_CHOSEN: Final = frozenset(["value"])
_CLAIMED: Final = frozenset([*CLAIM_FEATURES, "value", "label"])
_DIGITS: Final = 16
_FAR: Final = 10 ** (_DIGITS - 1)
_TOLD: Final = 200
"""Features that are told one by one."""


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
    """The documents of a folder of XMI or JSON files, of one such file, or of a zip of them.

    Each view is a document. An entity is any NamedEntity, and what else covers a span and has a
    `value`, a `label` or another feature that tells its kind; any named Claim is a claim. What
    every document of DKPro has (tokens, lemmas, parts of speech, parses) is passed over.

    Raises:
        InputError: a file is no CAS; the message names it.
    """
    told: set[tuple[str, str]] = set()
    for one in cases(path):
        yield from _documents(one, intake, told)


def _documents(cas: Cas, intake: Intake, told: set[tuple[str, str]]) -> Iterator[Labelled]:
    where = cas.where
    texts = {
        number: str(sofa["sofaString"])
        for number, sofa in cas.sofas.items()
        if sofa.get("sofaString") is not None
    }
    if not texts:
        raise InputError(f"{where}: no text in it. Export it again with its text.")
    first = next(iter(texts))
    marks: dict[str, list[Mark]] = {number: [] for number in texts}
    carried: Any = None
    title = cas.name
    for kind, values in cas.found:
        if kind == CARRIED:
            carried = _carried(values, where)
        elif kind.endswith(".type.DocumentMetaData"):
            title = str(values.get("documentTitle") or title)
        elif mark := _mark(kind, values, where, intake, told):
            number = str(values.get("sofa", values.get("@sofa", first)))
            if number in marks:
                marks[number].append(mark)
            else:
                intake.unplaced.append(f"{where}: {mark} is in a view without a text")
    for kind, count in cas.passed.items():
        for _ in range(count):
            intake.omissions.add(f"{_short(kind)} structures", where)
    for number, text in texts.items():
        if number != first and not text and not marks[number]:
            continue  # a view that nobody wrote to
        view = cas.sofas[number].get("sofaID", number)
        document = Document(Text(text), title if number == first else f"{title} ({view})", where)
        pack = carried if number == first else None
        yield intake.labelled(document, marks[number], where, usual=Unit.UTF16, pack=pack)


def _carried(values: Plain, where: str) -> Any:
    try:
        return decoded(str(values.get("data")).encode())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: the part that purport wrote is damaged ({error}).") from None


@lru_cache(maxsize=1024)
def _short(kind: str) -> str:
    return kind.rpartition(".")[2][:60]


def _mark(
    kind: str, values: Plain, where: str, intake: Intake, told: set[tuple[str, str]]
) -> Mark | None:
    """What covers a span, if it is an annotation here; what of it is none is told."""
    short = _short(kind)
    if short == CLAIM.rpartition(".")[2]:
        fields = {name: values[name] for name in CLAIM_FEATURES if values.get(name)}
        label = str(values.get("value") or values.get("label") or short)
        chosen = _CLAIMED
        mark = Mark(Claim.kind, *_place(values, where), label, fields=fields)
    else:
        feature, label = _label(kind, values)
        if not label:
            what = "relations" if _is_relation(values) else f"{short} annotations"
            intake.omissions.add(what, f"{where}: {short} {str(values['begin'])[:20]}")
            return None
        chosen = _CHOSEN if feature == "value" else frozenset([feature])
        if feature not in ("", "value", "label") and (kind, feature) not in told:
            told.add((kind, feature))
            intake.notes.append(f"{where}: the label of {short} is its {feature}")
        mark = Mark(Entity.kind, *_place(values, where), label)
    for name in values.keys() - _PLACED - chosen:
        if values[name] in (None, "", "0", "false", False, 0) or name[:1] in "{%^":
            continue  # what begins so is its number, and what the type system says of it
        what = f"values of {short}.{name[:60]}"
        if (kind, name) not in told and len(told) < _TOLD:
            told.add((kind, name))
        elif (kind, name) not in told:
            what = "values of further features"
        intake.omissions.add(what, where)
    return mark


def _is_relation(values: Plain) -> bool:
    """Whether it leads from one annotation to another, as relations and links of a chain do."""
    names = {name.removeprefix("@") for name in values}
    return {"Governor", "Dependent"} <= names or bool(_CHAINED & names)


def _label(kind: str, values: Plain) -> tuple[str, str]:
    """The feature that has its label, and the label; both empty where it has none."""
    if _short(kind) == "NamedEntity" or ".ner.type." in kind:
        name = "value" if values.get("value") else "label" if values.get("label") else ""
        return name, str(values[name]) if name else _short(kind)
    if kind.startswith("de.tudarmstadt.ukp.dkpro.core.") or _is_relation(values):
        return "", ""
    is_custom = kind.startswith(_CUSTOM)
    if not is_custom and _short(kind) in _LINGUISTIC:
        return "", ""
    words = {
        name: value
        for name, value in values.items()
        if isinstance(value, str) and name not in _PLACED and value and name[:1] not in "{%^@"
    }
    for name in _LABELS:
        if name in words:
            return name, words[name]
    # In XMI, numbers, answers and what leads elsewhere are words, too.
    plain = [name for name, value in words.items() if not value.replace(" ", "").isdecimal()]
    plain = [name for name in plain if words[name] not in ("true", "false")]
    return (plain[0], words[plain[0]]) if is_custom and len(plain) == 1 else ("", "")


def _place(values: Plain, where: str) -> tuple[int, int]:
    begin, end = values["begin"], values["end"]
    if type(begin) is type(end) is int and 0 <= begin <= end < _FAR:  # as most are
        return begin, end
    try:
        return _number(begin, "begin"), _number(end, "end")
    except InputError as error:
        raise InputError(f"{where}: {error}.") from None


def _number(value: Any, what: str) -> int:
    if isinstance(value, str) and value.isdecimal() and len(value) < _DIGITS:
        value = int(value)
    if isinstance(value, str | int) and len(words := str(value)) >= _DIGITS:
        raise InputError(f"{what} {words[:_DIGITS]!r} and so on is no place in a text")
    return whole(value, what)


FORMAT: Final = Format(
    name="uima",
    suffix="",
    description="UIMA CAS as XMI and JSON, for INCEpTION; offsets in UTF-16 units on the disk",
    cannot_hold="control characters, in XMI alone; the JSON has them",
    unit=Unit.UTF16,
    write=write,
    read=read,
)
