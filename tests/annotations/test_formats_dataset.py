"""Hugging Face datasets that others wrote, in parquet and in JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from bounded import refusal
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from annotations.errors import InputError
from annotations.formats import dataset, huggingface
from annotations.formats.documents import Labelled
from annotations.formats.reading.intake import Intake

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
LABEL = {"names": TAGS, "_type": "ClassLabel"}


def made(path: Path, rows: list[dict[str, Any]], features: object = None) -> Path:
    found = pa.Table.from_pylist(rows)
    if features is not None:
        described = json.dumps({"info": {"features": features}})
        found = found.replace_schema_metadata({"huggingface": described})
    parquet.write_table(found, path)
    return path


def read(path: Path) -> tuple[list[Labelled], Intake]:
    intake = Intake()
    return list(huggingface.FORMAT.read(path, intake)), intake  # type: ignore[misc]


def said(one: Labelled) -> list[tuple[str, str]]:
    return [(each.text, each.label) for each in one.entities]


def told(intake: Intake, folder: Path) -> list[str]:
    head = "left out, having no place here: "
    return [line.removeprefix(head).replace(f"{folder}/", "") for line in intake.omissions.lines()]


@pytest.mark.parametrize("kind", ["Sequence", "List", "list"])
@pytest.mark.parametrize("column", ["ner_tags", "ner", "ner_labels", "tags", "labels"])
def test_tags_have_their_names_whatever_their_column_is_called(
    column: str, kind: str, tmp_path: Path
) -> None:
    row = {"tokens": ["Karin", "Keller", "in", "Geneva"], column: [1, 2, 0, 3], "pos_tags": [1] * 4}
    feature = [LABEL] if kind == "list" else {"feature": LABEL, "_type": kind}
    (one,), intake = read(made(tmp_path / "x.parquet", [row], {column: feature}))
    assert said(one) == [("Karin Keller", "PER"), ("Geneva", "LOC")]
    assert told(intake, tmp_path) == ["1 columns of the dataset, the first at x.parquet: pos_tags"]


def test_a_token_without_a_label_is_no_entity(tmp_path: Path) -> None:
    rows = [{"tokens": ["Karin", "in", "Geneva"], "ner_tags": [-1, -100, 3]}]
    path = made(tmp_path / "x.parquet", rows, {"ner_tags": {"feature": LABEL}})
    (one,), intake = read(path)
    assert said(one) == [("Geneva", "LOC")]
    (line,) = told(intake, tmp_path)
    assert line.startswith("2 tokens without a label")


def test_tokens_are_found_in_the_text_that_stands_beside_them(tmp_path: Path) -> None:
    row = {
        "text": "“Karin\nKeller” spoke—in   Geneva’s 🏔️ old-town.",
        "tokens": ["``", "Karin", "Keller", "''", "spoke", "in", "Geneva", "'s", "old", "-town"],
        "ner_tags": [0, 1, 2, 0, 0, 0, 3, 0, 3, 4],
    }
    (one,), intake = read(
        made(tmp_path / "x.parquet", [row], {"ner_tags": {"feature": LABEL}}),
    )
    assert one.document.text == row["text"]
    assert said(one) == [("Karin\nKeller", "PER"), ("Geneva", "LOC"), ("old-town", "LOC")]
    assert intake.unplaced == []


def test_a_token_that_is_not_in_the_text_is_told(tmp_path: Path) -> None:
    row = {"text": "Marsh in Geneva", "tokens": ["Orlen", "in", "Geneva"], "tags": [1, 0, 3]}
    path = made(tmp_path / "x.parquet", [row], {"tags": {"feature": LABEL}})
    (one,), intake = read(path)
    assert said(one) == [("Geneva", "LOC")]
    assert [words.partition(": ")[2] for words in intake.unplaced] == [
        "PER 'Orlen' does not stand in the text"
    ]


@given(st.lists(st.text("aé🏔\u0301.'", min_size=1, max_size=4), min_size=1), st.data())
def test_tokens_joined_by_any_white_space_are_found(words: list[str], data: st.DataObject) -> None:
    gaps = [data.draw(st.sampled_from([" ", "\n", "  ", "\u00a0"])) for _ in words]
    text = "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    places = dataset._found(text, words)
    at = 0
    for word, gap, place in zip(words, gaps, places, strict=True):
        assert place == (at, at + len(word))
        at += len(word) + len(gap)


def test_tags_without_a_prefix_are_those_of_one_entity_as_long_as_they_are_the_same(
    tmp_path: Path,
) -> None:
    row = {"tokens": ["Karin", "Keller", "in", "Geneva"], "tags": ["PER", "PER", "O", "LOC"]}
    (one,), _ = read(made(tmp_path / "x.parquet", [row]))
    assert said(one) == [("Karin Keller", "PER"), ("Geneva", "LOC")]
    with pytest.raises(InputError, match=r"x\.parquet:1: 'NN' in tags is no tag of an entity"):
        read(made(tmp_path / "x.parquet", [{**row, "tags": ["NNP", "NNP", "NN", "NNP"]}]))


@pytest.mark.parametrize("as_lists", [False, True])
@pytest.mark.parametrize("column", ["entities", "spans"])
def test_spans_are_read_by_their_offsets(column: str, as_lists: bool, tmp_path: Path) -> None:
    spans: Any = [{"start": 0, "end": 5, "label": 0}, {"start": 9, "end": 15, "label": 1}]
    spans += [{"start": 0, "end": 15, "label": -1}]
    if as_lists:
        spans = {name: [one[name] for one in spans] for name in ("start", "end", "label")}
    names = {"names": ["PER", "LOC"], "_type": "ClassLabel"}
    features = {column: {"feature": {"label": names}} if as_lists else [{"label": names}]}
    path = made(tmp_path / "x.parquet", [{"text": "Orlen in Geneva", column: spans}], features)
    (one,), intake = read(path)
    assert said(one) == [("Orlen", "PER"), ("Geneva", "LOC")]
    assert [words.partition(": ")[2] for words in intake.unplaced] == ["entity 0-15 has no label"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"tokens": ["Orlen"], "ner_tags": [1]}, "numbers, and the file does not name them"),
        ({"tokens": ["Orlen", "x"], "ner_tags": ["O"]}, "2 tokens and 1 ner_tags"),
        ({"tokens": ["Orlen"], "ner_tags": "O"}, "1 tokens and no list of ner_tags"),
        ({"text": "x", "spans": [{"start": 0, "end": 1, "label": 3}]}, "does not name them"),
        ({"text": "x", "spans": [{"start": "0", "end": 1, "label": "A"}]}, "no whole number"),
        ({"words": ["x"]}, "no document with a text"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_what_is_no_such_row_is_refused_in_a_line(
    row: dict[str, Any], words: str, ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"x.{ending}"
    if ending == "parquet":
        made(path, [row])
    else:
        path.write_text(json.dumps(row))
    with pytest.raises(InputError, match=words) as caught:
        read(path)
    assert f"{path}:1: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_number_behind_the_last_name_is_refused(tmp_path: Path) -> None:
    rows = [{"tokens": ["Orlen"], "ner_tags": [5]}]
    with pytest.raises(InputError, match=r"x\.parquet:1: 5 in its ner_tags has no name"):
        read(made(tmp_path / "x.parquet", rows, {"ner_tags": {"feature": LABEL}}))


@pytest.mark.parametrize("name", ["x.jsonl", "X.JSON", "x.ndjson"])
def test_rows_of_json_are_read_as_those_of_parquet(name: str, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "0", "tokens": ["Karin", "Keller", None, ""], "ner_tags": ["B-PER", "I-PER", "O", "O"]},
        {"text": "in Geneva", "tokens": ["in", "Geneva"], "ner_tags": ["O", "B-LOC"], "lang": "en"},
        {"text": "in Geneva", "spans": [{"start": 3, "end": 9, "label": "GPE"}], "lang": "en"},
    ]  # fmt: skip
    written = json.dumps(rows) if name == "X.JSON" else "\n".join(map(json.dumps, rows))
    (tmp_path / name).write_text(written)
    for path in (tmp_path / name, tmp_path):
        found, intake = read(path)
        assert [said(one) for one in found] == [
            [("Karin Keller", "PER")],
            [("Geneva", "LOC")],
            [("Geneva", "GPE")],
        ]
        assert told(intake, tmp_path) == [f"1 columns of the dataset, the first at {name}:2: lang"]


def test_the_names_may_stand_beside_the_rows(tmp_path: Path) -> None:
    features = {"ner_tags": {"feature": LABEL, "_type": "Sequence"}}
    (tmp_path / "dataset_info.json").write_text(json.dumps({"features": features}))
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"tokens": ["Orlen"], "ner_tags": [1]}))
    for one in (path, tmp_path):
        (found,), _ = read(one)
        assert said(found) == [("Orlen", "PER")]


def _hostile(path: Path, kind: str) -> None:
    entities = pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64())]))
    count = 1 if kind in ("one", "list") else 16
    texts = {"one": "a" * 400_000_000, "list": "a"}.get(kind, "a" * 60_000_000)
    table = {"text": [texts] * count, "spans": pa.array([[]] * count, entities)}
    if kind == "list":
        table |= {"tokens": pa.array([[""] * 30_000_000]), "tags": pa.array([["O"]])}
        del table["spans"]
    parquet.write_table(pa.table(table), path, compression="zstd", use_dictionary=kind != "plain")


@pytest.mark.parametrize("kind", ["one", "plain", "dictionary", "list"])
def test_a_few_bytes_do_not_become_gigabytes(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    made = subprocess.run(
        [sys.executable, "-c", _MAKE, str(path), kind, str(Path(__file__))], check=True
    )
    assert made.returncode == 0
    assert path.stat().st_size < 100_000
    words, megabytes = refusal("huggingface", path)
    assert "over 64 MB" in words or "as no text does" in words
    assert megabytes < 300


_MAKE = """
import importlib.util, pathlib, sys
sys.path.append(str(pathlib.Path(sys.argv[3]).parents[1]))
spec = importlib.util.spec_from_file_location("made", sys.argv[3])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module._hostile(pathlib.Path(sys.argv[1]), sys.argv[2])
"""


def test_rows_that_are_too_long_for_one_group_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotations.formats import parquet as bounded

    monkeypatch.setattr(bounded, "LIMIT", 10_000)
    monkeypatch.setattr(bounded, "_LONG", 1000)
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 2000)))
    rows = [{"text": letters[number:], "spans": None} for number in range(20)]
    with pytest.raises(InputError, match="such as row_group_size=16"):
        read(made(tmp_path / "x.parquet", rows))
    monkeypatch.setattr(bounded, "_LONG", 1_000_000)
    assert len(read(tmp_path / "x.parquet")[0]) == 20
    monkeypatch.setattr(bounded, "LIMIT", 2000)
    with pytest.raises(InputError, match="one document in it is over"):
        read(tmp_path / "x.parquet")


def test_a_string_that_is_not_utf8_is_refused_with_its_row(tmp_path: Path) -> None:
    bad = pa.array([b"Orlen", b"\xff\xfe"], pa.binary())
    text = pa.StringArray.from_buffers(2, bad.buffers()[1], bad.buffers()[2])
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.table({"text": text}), path)
    with pytest.raises(InputError, match=r"x\.parquet:2: a string in it is not UTF-8"):
        read(path)
