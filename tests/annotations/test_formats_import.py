from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from labelled import example

from annotations import custody, formats
from annotations.errors import InputError, UnknownError
from annotations.formats import conll
from annotations.formats.documents import Labelled
from annotations.formats.importing import take_in
from annotations.formats.reading.offsets import Unit
from annotations.formats.writing.report import Report
from annotations.project import Project
from annotations.records import Document, Entity, Status
from annotations.span import Span
from annotations.text import Text

TEXT = example().document.text


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "reef", annotator="anna")
    yield project
    project.close()


def written(name: str, folder: Path) -> Path:
    chosen = formats.get(name)
    assert chosen.write
    out = folder / f"theirs{chosen.suffix}"
    chosen.write([example()], out, Report(name))
    return out


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


READ = [name for name, one in formats.FORMATS.items() if one.writes and one.reads]


@pytest.mark.parametrize("name", READ)
def test_documents_and_a_models_layer_come_of_a_file(
    name: str, project: Project, tmp_path: Path
) -> None:
    if name in ("conll", "csv"):  # they hold no text of their own
        project.add(example().document)
    taken = take_in(project, written(name, tmp_path), name, "theirs")
    assert taken.unplaced == []
    assert [one.id for one in project.documents()] == [TEXT.id]
    layer = project.layer(TEXT.id, "theirs")
    assert [(one.text, one.label) for one in layer.entities] == [
        ("Karin Keller", "PERSON"),
        ("Geneva", "GPE"),
    ]
    assert all(one.status is Status.SUGGESTED and one.origin for one in layer)
    assert layer.model["format"] == name
    if name != "conll":
        (claim,) = layer.claims
        assert (claim.stance, claim.certainty) == ("denies", "probable")
        assert claim.holder_name == "Karin Keller"
    if name not in ("conll", "csv", "doccano"):
        assert layer.claims[0].holder[0].entity in ("", layer.entities[0].id)
    # Suggestions like any other: the person decides on them.
    assert project.overlay(TEXT.id).open == len(layer.annotations)


def test_an_import_given_again_passes_over_what_is_there(project: Project, tmp_path: Path) -> None:
    path = written("doccano", tmp_path)
    first = take_in(project, path, "doccano", "theirs")
    assert (first.documents, first.added, first.skipped, first.entities) == (1, 1, 0, 2)
    again = take_in(project, path, "doccano", "theirs")
    assert (again.documents, again.added, again.skipped, again.entities) == (1, 0, 1, 0)
    forced = take_in(project, path, "doccano", "theirs", force=True)
    assert (forced.skipped, forced.entities) == (0, 2)
    assert len(project.layer(TEXT.id, "theirs").annotations) == 3


def test_one_that_was_cut_short_goes_on(project: Project, tmp_path: Path) -> None:
    path = lines(
        tmp_path / "x.jsonl", *({"text": f"Orlen {n}", "label": [[0, 5, "ORG"]]} for n in range(5))
    )
    seen: list[int] = []

    def stop(now: object) -> None:
        seen.append(1)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(project, path, "doccano", "theirs", progress=stop)
    taken = take_in(project, path, "doccano", "theirs")
    assert (taken.skipped, taken.added) == (3, 2)
    assert all(len(project.layer(one.id, "theirs").entities) == 1 for one in project.documents())


def test_a_document_that_comes_twice_has_what_both_say(project: Project, tmp_path: Path) -> None:
    path = lines(
        tmp_path / "x.jsonl",
        {"text": "Orlen in Arvel", "label": [[0, 5, "ORG"]]},
        {"text": "Orlen in Arvel", "label": [[9, 14, "GPE"]]},
    )
    take_in(project, path, "doccano", "theirs")
    (one,) = project.documents()
    assert [each.text for each in project.layer(one.id, "theirs").entities] == ["Orlen", "Arvel"]


@pytest.mark.parametrize("unit", [Unit.UTF16, Unit.BYTE])
def test_offsets_in_another_unit_are_named_and_then_read(
    unit: Unit, project: Project, tmp_path: Path
) -> None:
    measure = TEXT.utf16 if unit is Unit.UTF16 else TEXT.byte
    spans = [
        [measure(one.span.start), measure(one.span.end), one.label] for one in example().entities
    ]
    path = lines(tmp_path / "x.jsonl", {"text": TEXT, "label": spans})
    with pytest.raises(InputError, match=f"--offset-unit {unit}"):
        take_in(project, path, "doccano", "theirs")
    taken = take_in(project, path, "doccano", "theirs", unit=unit)
    assert taken.unplaced == []
    found = project.layer(TEXT.id, "theirs").entities
    assert [one.text for one in found] == ["Karin Keller", "Geneva"]


def test_a_span_that_has_other_words_is_listed_and_the_rest_goes_in(
    project: Project, tmp_path: Path
) -> None:
    path = lines(
        tmp_path / "x.jsonl",
        {
            "text": "Orlen in Arvel",
            "spans": [
                {"start": 0, "end": 5, "label": "ORG", "text": "Orlen"},
                {"start": 9, "end": 14, "label": "GPE", "text": "Marsh"},
                {"start": 9, "end": 99, "label": "GPE"},
            ],
        },
    )
    taken = take_in(project, path, "prodigy", "theirs")
    assert taken.entities == 1
    assert [words.partition(": ")[2] for words in taken.unplaced] == [
        "GPE 9-14 'Marsh' does not fit the text",
        "GPE 9-99 does not fit the text",
    ]
    assert list(taken.lines())[-1] == "1 document, 1 new: 1 entity, 0 claims, 2 without a place"


def test_a_persons_layer_is_never_overwritten(project: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a person's layer"):
        take_in(project, written("jsonl", tmp_path), "jsonl", "anna")


def test_a_claim_that_the_schema_does_not_know_is_listed(project: Project, tmp_path: Path) -> None:
    project.add(Document(Text("The pact will hold."), "pact"))
    path = lines(tmp_path / "x.jsonl", {"quote": "The pact will hold", "stance": "sings"})
    taken = take_in(project, path, "extractions", "llm")
    assert taken.claims == 0
    assert "'sings' is no stance" in taken.unplaced[0]


def test_what_is_not_there_is_named(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UnknownError, match="did you mean 'conll'"):
        take_in(project, tmp_path, "conl", "x")
    with pytest.raises(InputError, match="Check the path"):
        take_in(project, tmp_path / "no", "conll", "x")


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("I-PER I-PER O B-LOC", ["a b", "d"]),
        ("I-PER B-PER O I-LOC", ["a", "b", "d"]),
        ("B-PER E-PER O S-LOC", ["a b", "d"]),
        ("B-PER L-PER O U-LOC", ["a b", "d"]),
        ("B-PER I-LOC O O", ["a", "b"]),
    ],
)
def test_every_scheme_of_tags_is_understood(
    tags: str, found: list[str], project: Project, tmp_path: Path
) -> None:
    rows = zip("abcd", tags.split(), strict=True)
    path = tmp_path / "x.conll"
    path.write_text("".join(f"{word} -X- -X- {tag}\n" for word, tag in rows), encoding="utf-8")
    take_in(project, path, "conll", "theirs")
    (one,) = project.documents()
    assert [each.text for each in project.layer(one.id, "theirs").entities] == found


def test_a_line_of_columns_may_be_a_remark_or_the_sign_itself(
    project: Project, tmp_path: Path
) -> None:
    text = Text("Win # 1 now.")
    one = Labelled(
        Document(text, "a title"),
        "anna",
        True,
        (Entity(id="a1", span=Span(4, 7), text="# 1", label="RANK", status=Status.ADDED),),
    )
    project.add(one.document)
    path = tmp_path / "x.conll"
    conll.write([one], path, Report("conll"))
    path.write_text(
        f"# by hand O\n# and more\n{path.read_text(encoding='utf-8')}", encoding="utf-8"
    )
    taken = take_in(project, path, "conll", "theirs")
    assert taken.unplaced == []
    assert [each.text for each in project.layer(text.id, "theirs").entities] == ["# 1"]


def test_a_brat_project_is_taken_over_whole(project: Project, tmp_path: Path) -> None:
    inner = tmp_path / "corpus" / "inner"
    inner.mkdir(parents=True)
    (inner / "a.txt").write_text("Orlen said\nit holds.", encoding="utf-8")
    (inner / "a.ann").write_text(
        "T1\tORG 0 5\tOrlen\nT2\tClaim 6 10;11 19\tsaid it holds\n"
        "A1\tStance T2 deny\nA2\tCertainty T2 probable\nR1\tHeldBy Arg1:T2 Arg2:T1\n"
        "E1\tMove:T1\n*\tEquiv T1 T2\n#1\tAnnotatorNotes T2\tcheck\n",
        encoding="utf-8",
    )
    take_in(project, tmp_path / "corpus", "brat", "theirs")
    (one,) = project.documents()
    layer = project.layer(one.id, "theirs")
    (claim,) = layer.claims
    assert claim.text == "said\nit holds"
    assert (claim.stance, claim.certainty, claim.note) == ("denies", "probable", "check")
    assert claim.holder[0].entity == layer.entities[0].id


def test_a_text_that_was_erased_does_not_come_back(project: Project, tmp_path: Path) -> None:
    theirs = written("jsonl", tmp_path)
    project.add(example().document)
    list(custody.redact(project, TEXT.id, "asked"))
    taken = take_in(project, theirs, "jsonl", "theirs")
    (note,) = taken.notes
    assert "was redacted by anna" in note
    assert taken.documents == 0
    assert project.is_redacted(TEXT.id)
    assert project.models(TEXT.id) == []
    quotes = lines(tmp_path / "quotes.jsonl", {"text": "Keller", "label": "PERSON"})
    assert len(take_in(project, quotes, "extractions", "a-model").unplaced) == 1


def test_another_programs_lines_may_say_less(project: Project, tmp_path: Path) -> None:
    text = "Karin Keller 😀 denies that Geneva pays."
    start = text.index("Geneva")
    row = {
        "text": text,
        "entities": [
            {"start": 0, "end": 12, "label": "PERSON", "score": 0.5},
            {"start": start, "end": start + 6, "label": "GPE", "text": "Geneva"},
        ],
        "claims": [
            {"start": start, "end": start + 11, "stance": "denies", "holder": "Karin Keller"}
        ],
    }
    path = lines(tmp_path / "theirs.jsonl", row, {"text": "Nothing here.", "title": "empty"})
    taken = take_in(project, path, "jsonl", "theirs")
    assert (taken.documents, taken.entities, taken.claims, taken.unplaced) == (2, 2, 1, [])
    layer = project.layer(Text(text).id, "theirs")
    assert [(one.text, one.label, one.score) for one in layer.entities] == [
        ("Karin Keller", "PERSON", 0.5),
        ("Geneva", "GPE", None),
    ]
    (claim,) = layer.claims
    assert (claim.text, claim.stance, claim.holder_name) == (
        "Geneva pays", "denies", "Karin Keller",
    )  # fmt: skip
    assert [one.title for one in project.documents()] == ["theirs:1", "empty"]
    broken = lines(tmp_path / "broken.jsonl", {"text": text, "entities": [{"start": 0, "end": 3}]})
    with pytest.raises(InputError, match=r"broken\.jsonl:1: 'label' is missing"):
        take_in(project, broken, "jsonl", "broken")
