"""Broken and hostile files end in one clear line."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from pathlib import Path

import pytest

from annotations import formats
from annotations.errors import InputError
from annotations.formats import table, uima, webannotation
from annotations.formats.reading import stream
from annotations.formats.reading.intake import Intake
from annotations.formats.writing.report import Report
from annotations.records import Document

READABLE = [name for name, one in formats.FORMATS.items() if one.reads]


def refused(name: str, path: Path) -> str:
    read = formats.get(name).read
    assert read
    with pytest.raises(InputError) as caught:
        list(read(path, Intake()))
    words = str(caught.value)
    assert path.name in words
    assert "\n" not in words.strip()
    return words


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00\x01\x02", b"{", b'{"a": 1}\n', b"[1, 2]\n", b"[" * 200_000, b"\x00" * 100],
    ids=["noise", "cut", "other", "numbers", "deep", "zeros"],
)
def test_what_is_no_such_file_is_refused_in_a_line(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"x{formats.get(name).suffix or '.ann'}"
    if name == "uima":
        path = tmp_path / "x.xmi"
    path.write_bytes(data)
    if name == "brat":
        path.with_suffix(".txt").write_text("Orlen", encoding="utf-8")
        path.write_bytes(b"T1\tORG zero five\tOrlen\n" + data)
    refused(name, path)


def test_json_nested_a_hundred_thousand_deep_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"text":' + "[" * 100_000 + "]" * 100_000 + "}\n", encoding="utf-8")
    with pytest.raises(InputError, match="nested too deeply"):
        list(stream.elements(path))


def test_a_line_without_an_end_is_refused_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LIMIT", 1024 * 1024)
    for start in ('{"text": "', '[{"text": "'):
        path = tmp_path / "x.json"
        path.write_text(start + "a" * 20_000_000, encoding="utf-8")
        tracemalloc.start()
        with pytest.raises(InputError, match="Split it"):
            list(stream.elements(path))
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
        tracemalloc.stop()


def test_an_array_is_read_an_item_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    rows = [{"text": "é" * 1000, "number": n} for n in range(5000)]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    tracemalloc.start()
    count = sum(value == rows[n] for n, (_, value) in enumerate(stream.elements(path)))
    assert count == 5000
    assert tracemalloc.get_traced_memory()[1] < 9_000_000
    tracemalloc.stop()


def test_values_over_several_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('\n{"a":\n  1}\n\n{"b": 2}\n{\n"c": "}"\n}\n', encoding="utf-8")
    assert [value for _, value in stream.elements(path)] == [{"a": 1}, {"b": 2}, {"c": "}"}]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_xml_that_declares_entities_is_refused(declared: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xmi"
    path.write_text(f'<?xml version="1.0"?>{declared}<x>&a;</x>', encoding="utf-8")
    with pytest.raises(InputError, match="entities of its own"):
        list(uima.read(path, Intake()))


def test_a_source_does_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Orlen", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    path = inner / "x.jsonld"
    for source in ("../secret.txt", "/etc/passwd", "..", "file:///etc/hostname"):
        page = {"target": {"source": source, "selector": []}}
        path.write_text(json.dumps(page), encoding="utf-8")
        with pytest.raises(InputError, match="there is no text for its source"):
            list(webannotation.read(path, Intake()))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\t=1", "'=1", "''+", "'plain", "", "a=1"]
)
def test_a_cell_is_never_a_formula_and_comes_back(cell: str) -> None:
    kept = table.guarded(cell)
    assert not kept.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert table.unguarded(kept) == cell


def test_labels_with_signs_of_the_format_come_back(tmp_path: Path) -> None:
    from dataclasses import replace

    from labelled import example

    odd = "\x1b[31m\"<&>'=\u2028"
    one = replace(example(), entities=(replace(example().entities[0], label=odd),))
    for name in (
        "jsonl",
        "prodigy",
        "doccano",
        "labelstudio",
        "webannotation",
        "huggingface",
        "csv",
    ):
        chosen = formats.get(name)
        assert chosen.write
        assert chosen.read
        out = tmp_path / f"{name}{chosen.suffix}"
        chosen.write([one], out, Report(name))
        known: dict[str, Document] = {one.document.id: one.document}
        (found,) = chosen.read(out, Intake(find=known.get))
        assert [each.label for each in found.entities] == [odd], name


def test_a_csv_about_no_document_of_the_project_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("document,start,end\nnone,0,1\n", encoding="utf-8")
    assert "has no document 'none'" in refused("csv", path)


def test_an_object_over_many_lines_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    rows = [{"text": 'a "}{" \\ of it', "n": [n]} for n in range(20_000)]
    words = json.dumps({"rows": rows}, indent=2) + "\n" + json.dumps({"b": 1}, indent=2)
    path.write_text(words, encoding="utf-8")
    started = time.process_time()
    assert [value for _, value in stream.elements(path)] == [{"rows": rows}, {"b": 1}]
    assert time.process_time() - started < 5  # a minute if each line were read again


@pytest.mark.parametrize(
    "words", ['{"a":\n1]\n}', '{"a": [\n}\n', '{\n"a" 1\n}', "{}\n}\n", '"a\n"']
)
def test_brackets_that_do_not_match_are_refused(words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(InputError, match="broken JSON"):
        list(stream.elements(path))


def test_values_without_number_are_refused_before_they_take_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_MANY", 1000)
    path = tmp_path / "x.json"
    for words in ('{"a": [' + "[]," * 2000 + "[]]}", "[[" + "[]," * 2000 + "[]]]"):
        path.write_text(words, encoding="utf-8")
        with pytest.raises(InputError, match="more than 1,000 values"):
            list(stream.elements(path))


@pytest.mark.parametrize("name", ["doccano", "prodigy", "jsonl"])
def test_what_is_packed_with_gzip_is_read_as_what_it_holds(name: str, tmp_path: Path) -> None:
    row = {"text": "Orlen in Arvel", "entities": [], "spans": []}
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress((json.dumps(row) + "\n").encode()))
    read = formats.get(name).read
    assert read
    assert [one.document.text for one in read(path, Intake())] == ["Orlen in Arvel"]
    path.write_bytes(path.read_bytes()[:-9])
    assert "no gzip file" in refused(name, path)


def test_a_gzip_bomb_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LIMIT", 1024 * 1024)
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "' + b"a" * 50_000_000))
    tracemalloc.start()
    with pytest.raises(InputError, match="Split it"):
        list(stream.elements(path))
    assert tracemalloc.get_traced_memory()[1] < 12_000_000
    tracemalloc.stop()
