"""CAS that others wrote: INCEpTION's layers and zips, several views, and hostile ones."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from bounded import refusal

from annotations.errors import InputError
from annotations.formats import cas as reading
from annotations.formats import uima
from annotations.formats.documents import Labelled
from annotations.formats.reading.intake import Intake

DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
TEXT = "🏔️ Karin Keller said no agreements are expected in Geneva."


def read(path: Path) -> tuple[list[Labelled], Intake]:
    intake = Intake()
    return list(uima.read(path, intake)), intake


def said(one: Labelled) -> list[tuple[str, str]]:
    return [(each.text, each.label) for each in one.entities]


def told(intake: Intake) -> list[str]:
    return [
        line.removeprefix("left out, having no place here: ").partition(",")[0]
        for line in intake.omissions.lines()
    ]


TYPE_NAME_ANNOTATION = "uima.tcas.Annotation"
TYPE_NAME_STRING = "uima.cas.String"
TYPE_NAME_TOP = "uima.cas.TOP"


def inception() -> Any:
    """What INCEpTION would export: its own layers among those of DKPro."""
    cassis = pytest.importorskip("cassis")
    types = cassis.TypeSystem()

    def made(name: str, *features: str, base: str = TYPE_NAME_ANNOTATION) -> Any:
        found = types.create_type(name, base)
        for feature in features:
            types.create_feature(found, feature, TYPE_NAME_STRING)
        return found

    token = made(f"{DKPRO}segmentation.type.Token", "form")
    lemma = made(f"{DKPRO}segmentation.type.Lemma", "value")
    morphology = made(f"{DKPRO}lexmorph.type.morph.MorphologicalFeatures", "value")
    pos = made(f"{DKPRO}lexmorph.type.pos.POS_NOUN", "PosValue")
    link = made(f"{DKPRO}coref.type.CoreferenceLink", "referenceType")
    named = made(f"{DKPRO}ner.type.NamedEntity", "value", "identifier")
    argument = made("webanno.custom.Argument", "role")
    stance = made("webanno.custom.Stance", "kind", "comment")
    marked = made("webanno.custom.Highlight")
    slot = made("webanno.custom.ArgumentLink", "role", base=TYPE_NAME_TOP)
    relation = made("webanno.custom.Rel", "label")
    for end in ("Governor", "Dependent"):
        types.create_feature(relation, end, TYPE_NAME_ANNOTATION)
    theirs = made("org.example.Token", "label")
    cas = cassis.Cas(types)
    cas.sofa_string = TEXT
    cas.sofa_mime = "text/plain"

    def span(words: str) -> dict[str, int]:
        return {"begin": TEXT.index(words), "end": TEXT.index(words) + len(words)}

    karin, geneva = span("Karin Keller"), span("Geneva")
    first = named(**karin, value="PER", identifier="http://example.org/Q1")
    second = argument(**span("no agreements"), role="pro")
    cas.add_all(
        [
            *(token(**geneva, form="x"), lemma(**geneva, value="geneva")),
            *(morphology(**geneva, value="Case=Nom"), pos(**geneva, PosValue="NNP")),
            *(first, named(**geneva, value="LOC"), second),
            *(stance(**span("said"), kind="report", comment="sure?"), marked(**geneva)),
            *(slot(role="who"), relation(**karin, Governor=first, Dependent=second, label="r")),
            *(link(**karin, referenceType="nam"), theirs(**geneva, label="x")),
        ]
    )
    return cas


FOUND = [("Karin Keller", "PER"), ("no agreements", "pro"), ("said", "report"), ("Geneva", "LOC")]
PASSED = {
    *("1 values of NamedEntity.identifier", "1 values of Stance.comment", "2 relations"),
    *("1 Highlight annotations", "1 Token annotations"),
}  # fmt: skip


def members(folder: Path, ending: str) -> list[Path]:
    folder.mkdir()
    cas = inception()
    if ending == "json":
        cas.to_json(folder / "anna.json")
    else:
        cas.to_xmi(folder / "anna.xmi")
        cas.typesystem.to_xml(folder / "TypeSystem.xml")
    return sorted(folder.iterdir())


@pytest.mark.parametrize("ending", ["xmi", "json"])
@pytest.mark.parametrize("way", ["file", "folder", "zip", "folder of a zip"])
def test_layers_of_spans_are_entities_and_the_others_are_told(
    ending: str, way: str, tmp_path: Path
) -> None:
    parts = members(tmp_path / "in", ending)
    path = next(one for one in parts if one.suffix == f".{ending}")
    if way == "folder":
        path = path.rename(path.with_suffix(f".{ending.upper()}")).parent
    elif "zip" in way:
        path = tmp_path / "out" / "anna.zip"
        path.parent.mkdir()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in parts:
                archive.write(one, f"../../{one.name}")
        path = path.parent if way == "folder of a zip" else path
    before = sorted(tmp_path.rglob("*"))
    (one,), intake = read(path)
    assert sorted(tmp_path.rglob("*")) == before  # nothing is unpacked
    assert one.document.text == TEXT
    assert one.document.title == "anna"
    assert sorted(said(one)) == sorted(FOUND)
    # cassis keeps what is in the index of a view, and what that leads to.
    assert {*told(intake)} - {"1 ArgumentLink structures"} == PASSED
    notes = [note.rpartition(": ")[2] for note in intake.notes]
    assert sorted(notes) == [
        "the label of Argument is its role",
        "the label of Stance is its kind",
    ]
    assert intake.unplaced == []


@pytest.mark.parametrize("ending", ["xmi", "json"])
def test_each_view_is_a_document_with_its_own_spans(ending: str, tmp_path: Path) -> None:
    cassis = pytest.importorskip("cassis")
    types = cassis.TypeSystem()
    named = types.create_type("x.NamedEntity", TYPE_NAME_ANNOTATION)
    types.create_feature(named, "value", TYPE_NAME_STRING)
    cas = cassis.Cas(types)
    cas.sofa_string = "Orlen is in Geneva."
    cas.add(named(begin=12, end=18, value="LOC"))
    other = cas.create_view("german")
    other.sofa_string = "In Genf ist Orlen."
    other.add(named(begin=3, end=7, value="LOC"))
    cas.create_view("audio").sofa_uri = "file:///x.wav"
    path = tmp_path / f"x.{ending}"
    cas.to_json(path) if ending == "json" else cas.to_xmi(path)
    found, intake = read(path)
    assert [(one.document.title, said(one)) for one in found] == [
        ("x", [("Geneva", "LOC")]),
        ("x (german)", [("Genf", "LOC")]),
    ]
    assert intake.unplaced == []


def xmi(path: Path, *rows: str, sofa: str = ' sofaString="Orlen in Geneva"') -> Path:
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
        'xmlns:cas="http:///uima/cas.ecore" xmlns:c="http:///webanno/custom.ecore" '
        f'xmi:version="2.0">{"".join(rows)}<cas:Sofa xmi:id="1" sofaID="a"{sofa}/></xmi:XMI>',
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("row", "sofa", "words"),
    [
        ('<c:A sofa="1" begin="{}" end="2" value="x"/>'.format("9" * 6000), None, "no place in"),
        ('<c:A sofa="1" begin="0" end="-2" value="x"/>', None, "no whole number"),
        ('<c:A sofa="1" begin="0" end="" value="x"/>', None, "no whole number"),
        ("", ' sofaURI="file:///etc/passwd"', "no text in it"),
        ("<a>" * 200 + "</a>" * 200, None, "nested too deeply"),
    ],
)
def test_what_is_no_cas_is_refused_in_a_short_line(
    row: str, sofa: str | None, words: str, tmp_path: Path
) -> None:
    path = xmi(tmp_path / "x.xmi", row, **({} if sofa is None else {"sofa": sofa}))
    with pytest.raises(InputError, match=words) as caught:
        read(path)
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


def test_an_offset_of_a_thousand_digits_in_json_is_refused_in_a_short_line(tmp_path: Path) -> None:
    rows = [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": "Orlen"},
        {"%ID": 2, "%TYPE": "x.NamedEntity", "@sofa": 1, "begin": 10**3000, "end": 2, "": 1},
    ]
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"%FEATURE_STRUCTURES": rows}))
    with pytest.raises(InputError, match="is no place in a text") as caught:
        read(path)
    assert len(str(caught.value)) < 400


def test_a_span_in_a_view_without_a_text_has_no_place(tmp_path: Path) -> None:
    row = '<c:A sofa="7" begin="0" end="5" value="x"/><c:A sofa="1" begin="0" end="5" value="y"/>'
    (one,), intake = read(xmi(tmp_path / "x.xmi", row))
    assert said(one) == [("Orlen", "y")]
    assert [words.partition(": ")[2] for words in intake.unplaced] == [
        "x 0-5 is in a view without a text"
    ]


def test_ever_new_features_are_told_together(tmp_path: Path) -> None:
    rows = [f'<c:A sofa="1" begin="0" end="5" value="x" n{n}="y"/>' for n in range(1000)]
    _, intake = read(xmi(tmp_path / "x.xmi", *rows))
    assert len(told(intake)) < 300
    assert told(intake)[-1].endswith("values of further features")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 and no more", "no zip that can be read"),
        (b"PK\x05\x06" + b"\x00" * 18, r"no \.xmi or \.json file in it"),
        (b"PK\x05\x06" + b"\xff" * 18, "too many files"),
    ],
)
def test_a_zip_that_is_none_is_refused(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(InputError, match=words):
        read(path)


def test_a_zip_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.xmi", "<a>" + " " * 9_000_000)
    monkeypatch.setattr(reading, "_SIZE", 8_000_000)
    with pytest.raises(InputError, match="unpacks to over"):
        read(path)
    data = bytearray(path.read_bytes())
    size = (9_000_003).to_bytes(4, "little")
    assert data.count(size) == 2
    path.write_bytes(bytes(data).replace(size, (9).to_bytes(4, "little")))
    with pytest.raises(InputError):  # its list says less than it has
        read(path)


@pytest.mark.parametrize("row", ["<a/>", '<a begin="0" end="1" v="x"/>', "<a>", " "])
def test_an_xmi_of_millions_of_elements_is_refused_in_bounded_memory(
    row: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.xmi"
    head = '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI">'
    with path.open("w") as file:
        file.write(head)
        for _ in range(60):
            file.write(row * (1_000_000 // len(row)))
    words, megabytes = refusal("uima", path)
    assert "x.xmi: " in words
    assert megabytes < 500
