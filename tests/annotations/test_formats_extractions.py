from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotations.errors import InputError
from annotations.formats import extractions
from annotations.formats.documents import Labelled
from annotations.formats.reading.intake import Intake
from annotations.records import Document
from annotations.text import Text

WORDS = (
    "Orlen said on Friday that the “Arvel pact” will hold. Analysts, however,\nthink that the pact "
    "may not survive the winter. Orlen left."
)
DOCUMENT = Document(Text(WORDS), "pact")


def read(tmp_path: Path, *rows: object, array: bool = False) -> tuple[list[Labelled], Intake]:
    path = tmp_path / "x.json"
    words = json.dumps(rows) if array else "".join(json.dumps(row) + "\n" for row in rows)
    path.write_text(words, encoding="utf-8")
    intake = Intake(
        find=lambda name: DOCUMENT if name in ("pact", DOCUMENT.id) else None,
        documents=lambda: [DOCUMENT],
    )
    return list(extractions.read(path, intake)), intake


@pytest.mark.parametrize("array", [True, False])
def test_the_same_words_twice_are_two_places(tmp_path: Path, array: bool) -> None:
    rows = [{"text": "Orlen", "label": "ORG", "document": "pact"}] * 2
    (one,), intake = read(tmp_path, *rows, array=array)
    assert [each.span.start for each in one.entities] == [0, WORDS.rindex("Orlen")]
    assert (intake.notes, intake.unplaced) == ([], [])


@pytest.mark.parametrize(
    ("quote", "found", "is_noted"),
    [
        ("the pact may not survive the winter", "the pact may not survive the winter", False),
        ('The "Arvel pact" will hold', "the “Arvel pact” will hold", False),
        ("however, think that the pact", "however,\nthink that the pact", False),
        ("the pact may not survive this winter", "the pact may not survive the winter", True),
    ],
)
def test_a_quote_is_placed_by_its_words(
    tmp_path: Path, quote: str, found: str, is_noted: bool
) -> None:
    row = {"quote": quote, "stance": "denies", "certainty": "possible", "holder": "Analysts"}
    (one,), intake = read(tmp_path, row)
    (claim,) = one.claims
    assert claim.text == found
    assert (claim.stance, claim.certainty) == ("denies", "possible")
    assert bool(intake.notes) == is_noted
    assert not intake.unplaced


def test_a_holder_is_found_in_the_text(tmp_path: Path) -> None:
    row = {"quote": "the pact may not survive the winter", "holder": "Analysts"}
    (one,), _ = read(tmp_path, row)
    link = one.claims[0].holder[0]
    assert (link.kind, link.start) == ("span", WORDS.index("Analysts"))


def test_what_has_no_place_is_listed(tmp_path: Path) -> None:
    rows = [
        {"quote": "the moon is made of green cheese and honey"},
        {"text": "Marsh", "label": "ORG"},
        {"text": "Orlen", "label": "ORG"},
    ]
    (one,), intake = read(tmp_path, *rows)
    assert len(one.entities) == 1
    assert len(intake.unplaced) == 2
    assert "green cheese" in intake.unplaced[0]


def test_lists_in_an_object_belong_to_its_document(tmp_path: Path) -> None:
    row = {
        "document": "pact",
        "entities": [{"text": "Orlen", "label": "ORG"}],
        "claims": [{"quote": "the “Arvel pact” will hold"}],
    }
    (one,), _ = read(tmp_path, row)
    assert (len(one.entities), len(one.claims)) == (1, 1)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"document": "none", "text": "Orlen", "label": "ORG"}, "has no document 'none'"),
        ({"text": "Orlen"}, "neither a label"),
        ({"label": "ORG"}, "without words"),
        (3, "no extraction"),
    ],
)
def test_what_is_no_extraction_is_refused(tmp_path: Path, row: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, row)


OTHER = Document(
    Text("In Bergen, Orlen signed nothing; no formal pact was ever signed there."), "other"
)


def among(tmp_path: Path, words: str, *documents: Document) -> tuple[list[Labelled], Intake]:
    path = tmp_path / "answer.txt"
    path.write_text(words, encoding="utf-8")
    intake = Intake(
        find=lambda name: next((one for one in documents if name in (one.title, one.id)), None),
        documents=lambda: documents,
    )
    return list(extractions.read(path, intake)), intake


def test_words_of_several_documents_are_listed_and_not_guessed(tmp_path: Path) -> None:
    rows = [{"text": "Orlen", "label": "ORG"}, {"text": "Bergen", "label": "GPE"}]
    (one,), intake = among(tmp_path, json.dumps(rows), DOCUMENT, OTHER)
    assert (one.document, [each.text for each in one.entities]) == (OTHER, ["Bergen"])
    (line,) = intake.unplaced
    assert "'Orlen' stands in several documents, such as 'pact' and 'other'" in line


def test_a_quote_without_a_document_is_not_placed_by_likeness_among_several(tmp_path: Path) -> None:
    row = {"quote": "the pact may not survive this winter"}
    found, intake = among(tmp_path, json.dumps(row), OTHER, DOCUMENT)
    assert found == []
    assert "stands in no document" in intake.unplaced[0]
    (one,), _ = among(tmp_path, json.dumps({**row, "doc": "pact"}), OTHER, DOCUMENT)
    assert len(one.claims) == 1
    (one,), _ = among(tmp_path, json.dumps({"quote": 'THE "Arvel pact"'}), OTHER, DOCUMENT)
    assert one.document == DOCUMENT  # but for case and quotes it is told by its words


def test_whole_words_tell_the_document_from_parts_of_words(tmp_path: Path) -> None:
    longer = Document(Text("Orlensians came."), "longer")
    (one,), intake = among(tmp_path, '{"text": "Orlen", "label": "ORG"}', longer, DOCUMENT)
    assert (one.document, intake.unplaced) == (DOCUMENT, [])


def test_a_title_or_id_of_an_extraction_is_no_documents(tmp_path: Path) -> None:
    rows = [{"text": "Orlen", "label": "ORG", "id": "e1", "title": "Dr"}]
    (one,), intake = among(tmp_path, json.dumps(rows), DOCUMENT)
    assert (len(one.entities), intake.unplaced) == (1, [])


def test_what_cannot_be_understood_is_listed_beside_what_can(tmp_path: Path) -> None:
    rows = [
        {"text": " ", "label": "ORG"},
        {"text": "Orlen", "label": None},
        {"text": 5, "label": "ORG"},
        {"text": "Orlen", "label": "ORG", "document": "nowhere"},
        "Orlen",
        {"text": "Orlen", "label": "ORG", "score": 10**400},
    ]
    (one,), intake = among(tmp_path, json.dumps(rows), DOCUMENT)
    assert [each.score for each in one.entities] == [None]
    assert len(intake.unplaced) == 5
    assert not any("None" in each.label for each in one.entities)


def test_words_given_more_often_than_they_stand_there_are_listed(tmp_path: Path) -> None:
    rows = [{"text": "Orlen", "label": "ORG"}] * 3 + [{"text": "arvel PACT", "label": "LAW"}] * 2
    (one,), intake = among(tmp_path, json.dumps(rows), DOCUMENT)
    assert [each.text for each in one.entities] == ["Orlen", "Orlen", "Arvel pact"]
    assert [line.partition(": ")[2] for line in intake.unplaced] == [
        "'Orlen' does not stand in the text more than 2 ×",
        "'arvel PACT' does not stand in the text more than 1 ×",
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"text": "Orlen", "type": "ORG"},
        {"entity": "Orlen", "type": "ORG"},
        {"word": "Orlen", "entity": "ORG"},
        {"text": "Orlen", "label_": "ORG"},
        {"name": "Orlen", "category": "ORG"},
        {"extraction_text": "Orlen", "extraction_class": "ORG"},
        {"entities": {"ORG": ["Orlen"]}},
    ],
)
def test_common_names_of_words_and_label_are_known(tmp_path: Path, row: object) -> None:
    (one,), intake = among(tmp_path, json.dumps(row), DOCUMENT)
    assert [(each.text, each.label) for each in one.entities] == [("Orlen", "ORG")]
    assert intake.unplaced == []


def test_an_answer_with_fences_is_read(tmp_path: Path) -> None:
    row = {"entities": [{"text": "Orlen", "type": "ORG"}], "claims": [{"text": "Orlen left"}]}
    words = json.dumps(row, indent=2)
    for answer in (
        f"Here you are:\n\n```json\n{words}\n```\nAnything else?\n",
        f"```\n{words}\n```",
        f"```json\n{words}\n",  # cut short behind the last bracket
        words,
    ):
        (one,), intake = among(tmp_path, answer, DOCUMENT)
        assert (len(one.entities), len(one.claims), intake.unplaced) == (1, 1, [])


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("no formal … signed", "no formal pact was ever signed"),
        ("In Bergen, [...] nothing", "In Bergen, Orlen signed nothing"),
        ("…Orlen signed nothing...", "Orlen signed nothing"),
    ],
)
def test_dots_stand_for_what_a_quote_leaves_out(tmp_path: Path, quote: str, found: str) -> None:
    (one,), intake = among(tmp_path, json.dumps({"quote": quote}), OTHER)
    assert [each.text for each in one.claims] == [found]
    assert not intake.unplaced


def test_a_text_outside_ascii_does_not_make_a_placed_quote_doubtful(tmp_path: Path) -> None:
    there = Document(Text("😀 Überorlen und Orlen."), "t")
    (one,), _ = among(tmp_path, '{"text": "orlen", "label": "ORG"}', there)
    assert len(one.entities) == 1
