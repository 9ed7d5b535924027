from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources import Outcome, jsonl, read


def read_lines(tmp_path: Path, *lines: bytes | str) -> list[Outcome]:
    path = tmp_path / "news.jsonl"
    path.write_bytes(b"\n".join(one.encode() if isinstance(one, str) else one for one in lines))
    return list(read([path]))


def test_each_line_is_a_document_with_its_meta(tmp_path: Path) -> None:
    meta = {"title": "A  title", "date": "2024-06-03", "pages": [1, None]}
    first, second = read_lines(
        tmp_path,
        b"\xef\xbb\xbf" + json.dumps({"text": "One\r\n\u2028é", "meta": meta}).encode(),
        "\r",
        '{"text": "Two", "meta": null, "other": 1}\r',
    )
    assert isinstance(first, Document) and isinstance(second, Document)
    assert (first.text, first.title, first.metadata) == ("One\r\n\u2028é", "A title", meta)
    assert (second.text, second.title, second.metadata) == ("Two", "news:3", {})
    assert first.source == second.source == str(tmp_path / "news.jsonl")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"text": "a"', "is broken JSON: Expecting ',' delimiter at column"),
        ('{"text": "a" "b"}', "is broken JSON"),
        ("[1]", "is no JSON object"),
        ("null", "is no JSON object"),
        ("{}", 'has no "text"'),
        ('{"text": 5}', 'has no "text"'),
        ('{"text": " \\n"}', "its text is blank"),
        ('{"text": "a", "meta": "b"}', 'its "meta" is no object'),
        ('{"text": "a", "meta": {"x": NaN}}', "NaN is no JSON number"),
        ('{"text": "a\\ud800"}', "half of a surrogate pair"),
        ('{"text": "a", "meta": {"\\udfff": 1}}', "half of a surrogate pair"),
        (b'{"text": "\xff"}', "byte 10 is not UTF-8"),
        ('{"text": "a", "n": ' + "9" * 5000 + "}", "is broken JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": "a", "meta": {"x":' + "[" * 100_000 + "]" * 100_000 + "}}", "too deeply"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_rest_go_in(
    tmp_path: Path, line: bytes | str, words: str
) -> None:
    good = '{"text": "Good."}'
    first, refused, last = read_lines(tmp_path, good, line, good)
    assert isinstance(first, Document) and isinstance(last, Document)
    assert isinstance(refused, SourceError)
    assert str(refused).startswith(f"{tmp_path}/news.jsonl:2: ")
    assert words in str(refused) and "\n" not in str(refused)


def test_a_pair_of_surrogates_is_one_character(tmp_path: Path) -> None:
    [document] = read_lines(tmp_path, '{"text": "\\ud83d\\ude00"}')
    assert isinstance(document, Document) and document.text == "😀"


@pytest.mark.parametrize("data", [b"", b"\n \r\n\n"])
def test_a_file_without_a_line_is_refused(tmp_path: Path, data: bytes) -> None:
    [refused] = read_lines(tmp_path, data)
    assert str(refused) == f"{tmp_path}/news.jsonl: is empty. There is nothing to read."


def test_utf_16_is_refused_once(tmp_path: Path) -> None:
    [refused] = read_lines(tmp_path, '{"text": "a"}\n{"text": "b"}'.encode("utf-16"))
    assert isinstance(refused, SourceError)
    assert str(refused).endswith("JSON lines in UTF-16. Save the file as UTF-8.")


class Watched(io.BytesIO):
    """A stream that remembers the most it was asked for at once, and refuses to give all."""

    most = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None and size > 0, "a whole line, however long"
        self.most = max(self.most, size)
        return super().readline(size)


def test_a_line_that_is_too_long_is_passed_over_in_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jsonl, "LIMIT", 40)
    monkeypatch.setattr(jsonl, "_CHUNK", 7)
    exact = b'{"text": "%s"}' % (b"y" * 28)
    assert len(exact) == 40
    long = b'{"text": "%s"}' % (b"x" * 100)
    stream = Watched(b"\n".join([exact, long, exact, b"", long]))
    first, refused, third, last = jsonl.read(stream, "in.jsonl")
    assert isinstance(first, Document) and isinstance(third, Document)
    assert third.title == "in:3"
    assert [str(one)[:12] for one in (refused, last)] == ["in.jsonl:2: ", "in.jsonl:5: "]
    assert "too large" in str(refused)
    assert stream.most == 41


def test_a_file_over_the_limit_is_read_when_its_lines_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.sources.LIMIT", 40)
    found = read_lines(tmp_path, *['{"text": "A short line."}'] * 3)
    assert [type(one) for one in found] == [Document] * 3


def test_lines_are_read_as_they_are_asked_for() -> None:
    stream = io.BytesIO(b'{"text": "a"}\n{"text": "b"}\n')
    first = next(iter(jsonl.read(stream, "in.jsonl")))
    assert isinstance(first, Document)
    assert stream.tell() == 14


def test_more_values_than_anybody_reads_are_refused_before_they_take_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "_MANY", 50)
    full = '{"text": "a", "meta": {"a": [' + "{}," * 50 + "1]}}"
    refused, taken = read_lines(tmp_path, full, '{"text": "b, c"}')
    assert isinstance(refused, SourceError)
    assert "news.jsonl:1: has over 50 values." in str(refused)
    assert isinstance(taken, Document)
