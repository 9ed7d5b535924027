"""DocBins that unpack to more than they should."""

from __future__ import annotations

import tracemalloc
import zlib
from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin
from spacy.tokens import Span as SpacySpan
from srsly import msgpack

from annotations.errors import InputError
from annotations.formats import spacy_bin, spacy_docbin
from annotations.formats.reading.intake import Intake


def made(path: Path, *texts: str) -> DocBin:
    language = spacy.blank("en")
    found = DocBin()
    for text in texts:
        doc = language(text)
        if len(doc):
            doc.ents = [SpacySpan(doc, 0, 1, label="ORG")]
        found.add(doc)
    found.to_disk(path)
    return found


@pytest.mark.parametrize("texts", [(), ("Orlen in Arvel.",), ("Orlen.", "", "Marsh is here.")])
def test_a_docbin_is_what_spacy_makes_of_it(texts: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "X.SPACY"
    made(path, *texts)
    theirs, ours = DocBin().from_disk(path), spacy_bin.unpacked(path)
    vocab = spacy.blank("en").vocab
    assert [doc.to_json() for doc in ours.get_docs(vocab)] == [
        doc.to_json() for doc in theirs.get_docs(vocab)
    ]
    assert (ours.attrs, ours.strings) == (theirs.attrs, theirs.strings)
    found = list(spacy_docbin.read(tmp_path if texts else path, Intake()))
    assert [each.text for one in found for each in one.entities] == [
        text.split()[0].strip(".") for text in texts if text
    ]


def test_zeros_without_end_are_refused_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spacy_bin, "UNPACKED", 8 * 1024**2)
    path = tmp_path / "x.spacy"
    path.write_bytes(zlib.compress(bytes(100_000_000), 9))
    list(spacy_docbin.read(_whole(tmp_path), Intake()))  # what it imports is not counted
    tracemalloc.start()
    with pytest.raises(InputError, match="over 8 MB"):
        list(spacy_docbin.read(path, Intake()))
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()


def _whole(folder: Path) -> Path:
    made(folder / "whole.spacy", "Orlen.")
    return folder / "whole.spacy"


@pytest.mark.parametrize(
    "change",
    [
        {"lengths": b"\xff\xff\xff\xff"},
        {"lengths": b"\x07\x00\x00\x00"},
        {"cats": []},
        {"tokens": b""},
        {"attrs": []},
        {"strings": [[None] * 1_000_000] * 12},
        {"strings": "\ud7ff" * 10},
    ],
)
def test_a_docbin_at_odds_with_itself_is_refused_in_a_line(
    change: dict[str, object], tmp_path: Path
) -> None:
    parts = msgpack.unpackb(zlib.decompress(_whole(tmp_path).read_bytes()))
    path = tmp_path / "x.spacy"
    path.write_bytes(zlib.compress(msgpack.packb(parts | change)))
    with pytest.raises(InputError, match=r"x\.spacy: is no DocBin") as caught:
        list(spacy_docbin.read(path, Intake()))
    assert "\n" not in str(caught.value)


def test_half_a_docbin_is_refused(tmp_path: Path) -> None:
    path = _whole(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="ends too early"):
        list(spacy_docbin.read(path, Intake()))


def test_what_others_put_into_a_docbin_beside_spans_is_told(tmp_path: Path) -> None:
    doc = spacy.blank("en")("Orlen in Arvel.")
    doc.ents = [SpacySpan(doc, 0, 1, label="ORG", kb_id="Q1"), SpacySpan(doc, 2, 3, label="GPE")]
    doc.cats = {"news": 1.0}
    path = tmp_path / "x.spacy"
    DocBin(docs=[doc]).to_disk(path)
    intake = Intake()
    (one,) = spacy_docbin.read(path, intake)
    assert [each.label for each in one.entities] == ["ORG", "GPE"]
    assert [line.partition(": ")[2].partition(",")[0] for line in intake.omissions.lines()] == [
        "1 documents' categories",
        "1 entities' identifiers",
    ]
