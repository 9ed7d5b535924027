from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotations.errors import InputError
from annotations.formats import extractions
from annotations.formats.documents import Labelled
from annotations.formats.intake import Intake
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
