from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import sources
from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources import LIMIT, Note, Outcome, read


def split(outcomes: list[Outcome]) -> tuple[list[Document], list[str]]:
    """The documents, and the lines that a person would be told."""
    documents = [one for one in outcomes if isinstance(one, Document)]
    lines = [str(one) for one in outcomes if isinstance(one, Note | SourceError)]
    assert not any("\n" in line for line in lines)
    return documents, lines


def refusal(path: Path) -> str:
    """The one line that this path gives and nothing else."""
    [outcome] = read([path])
    assert isinstance(outcome, SourceError)
    line = str(outcome)
    assert line.startswith(f"{path}: ") and "\n" not in line
    return line.removeprefix(f"{path}: ")


def write(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_every_sample_document_is_read_whole_and_without_a_remark(seeds: Path) -> None:
    documents, lines = split(list(read([seeds])))
    assert lines == []
    titles = [document.title for document in documents]
    assert titles[0] == "Putin and Trump to meet in Anchorage"
    assert "Fjordline Systems and Havgard Analytics agree to merge" in titles
    assert len(documents) == 9
    plain = [document for document in documents if not document.source.endswith(".jsonl")]
    for document in plain:
        assert document.text.encode() == Path(document.source).read_bytes()
        assert 250 <= len(document.text.split()) <= 600


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(
        lambda text: text.strip() and not text.startswith("\ufeff")
    )
)
def test_the_text_of_utf_8_and_utf_16_is_kept_to_the_last_break(text: str) -> None:
    encoded = [
        text.encode(),
        codecs.BOM_UTF8 + text.encode(),
        codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        text.encode("utf-32"),
    ]
    for data in encoded:
        if data[:2] == b"PK" or data.startswith(b"%PDF-"):
            continue
        [document] = read(["-"], stdin=io.BytesIO(data))
        assert isinstance(document, Document)
        assert document.text == text
        assert document.source == "-"


def test_line_breaks_are_not_translated(tmp_path: Path) -> None:
    body = "one\r\ntwo\rthree\n\x85\u2028\fend"
    [document] = read([write(tmp_path / "a.txt", body)])
    assert isinstance(document, Document)
    assert document.text == body
    assert (document.title, document.added_at, document.metadata) == ("one", "", {})


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Größe und Länge der Straße, schöne Häuser überall. " * 9, "cp1252"),
        ("Министр не подтвердил, что порт закрыт. " * 9, "cp1251"),
        ("大臣は港が閉鎖されたことを確認しなかった。" * 9, "shift_jis"),
    ],
    ids=["german", "russian", "japanese"],
)
def test_another_encoding_is_guessed_and_said(tmp_path: Path, text: str, encoding: str) -> None:
    path = write(tmp_path / "old.txt", text.encode(encoding))
    note, document = read([path])
    assert isinstance(document, Document) and document.text == text
    guess = document.metadata["encoding"]
    assert document.metadata["encoding_guessed"] is True
    assert text.encode(encoding).decode(guess) == text
    assert str(note) == f"{path}: is not UTF-8; read as {guess}, a guess. Check its accents."


def test_utf_16_is_named_and_no_guess(tmp_path: Path) -> None:
    [document] = read([write(tmp_path / "a.txt", "Möwe\r\n".encode("utf-16"))])
    assert isinstance(document, Document)
    assert (document.text, document.metadata) == ("Möwe\r\n", {"encoding": "utf-16"})


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("\n \r\nThe report\r\nText.", "The report"),
        ("## Two  words ##\nText.", "Two words"),
        ("#hashtag first\n", "#hashtag first"),
        ("---\n# Head\n", "Head"),
        ("x" * 81 + "\nshort", "file"),
        ("x" * 80 + "\nshort", "x" * 80),
        ("…\n", "file"),
        ("a\x1b[31mb\tc", "a[31mb c"),
        ("👩‍👧 family", "👩‍👧 family"),
    ],
)
def test_the_title_is_a_short_first_line_else_the_stem(
    tmp_path: Path, body: str, title: str
) -> None:
    [document] = read([write(tmp_path / "file.md", body)])
    assert isinstance(document, Document)
    assert document.title == title
    assert document.text == body


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty."),
        (b" \r\n\t\xc2\xa0\xe2\x80\xa8", "is blank."),
        (codecs.BOM_UTF8, "is blank."),
        (b"text\0text", "is binary, not text."),
        (bytes(range(1, 256)) * 4, "is binary, not text."),
        (b"%PDF-1.7 text", "is a PDF file, not text."),
        (b"\x1f\x8b\x08 rest", "is a gzip archive, not text."),
        (codecs.BOM_UTF16_LE + b"a\0b", "damaged UTF-16 at byte"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    assert refusal(write(tmp_path / "a.txt", data)).startswith(words)


def test_utf_8_with_a_bad_byte_is_not_guessed_over(tmp_path: Path) -> None:
    data = "größere Häuser für Ärzte, schöne Gärten".encode() + b" \xff"
    line = refusal(write(tmp_path / "a.txt", data))
    assert line.startswith(f"damaged UTF-8 at byte {len(data) - 1}.")


def test_a_file_that_is_not_there_is_refused_and_the_rest_go_in(tmp_path: Path) -> None:
    good = write(tmp_path / "good.txt", "Good.")
    missing = tmp_path / "missing.txt"
    documents, lines = split(list(read([missing, good])))
    assert [document.text for document in documents] == ["Good."]
    assert lines == [f"{missing}: is not there. Check the path."]


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "shut.txt", "Shut.")
    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(path) == "may not be read. Check its permissions."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_permissions_of_the_disk_are_heeded(tmp_path: Path) -> None:
    path = write(tmp_path / "shut.txt", "Shut.")
    path.chmod(0)
    assert refusal(path).startswith("may not be read")


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to("loop.txt")
    assert refusal(loop).startswith("cannot be read (")


def test_a_path_with_a_nul_is_refused() -> None:
    [outcome] = read(["a\0b.txt"])
    assert isinstance(outcome, SourceError)
    assert str(outcome).startswith("a\\x00b.txt: cannot be read")


def test_a_large_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(LIMIT + 1)
    monkeypatch.setitem(sources.READERS, ".txt", lambda *_: pytest.fail("it was read"))
    assert refusal(path) == "is 64 MB; a document holds up to 64 MB. Split it and try again."


def test_a_large_stream_is_refused_without_holding_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.sources.plain.LIMIT", 10)
    [whole] = read(["-"], stdin=io.BytesIO(b"0123456789"))
    assert isinstance(whole, Document)
    stdin = io.BytesIO(b"0123456789" * 9)
    [outcome] = read(["-"], stdin=stdin)
    assert isinstance(outcome, SourceError) and "too large" in str(outcome)
    assert stdin.tell() == 11


def test_a_named_file_of_another_kind_is_tried_as_plain_text(tmp_path: Path) -> None:
    [document] = read([write(tmp_path / "notes.log", "A note.")])
    assert isinstance(document, Document) and document.text == "A note."


def test_the_standard_input_of_the_process_is_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x" * 81 + b"\r\n")))
    [document] = read(["-"])
    assert isinstance(document, Document)
    assert (document.title, document.text[-2:]) == ("stdin", "\r\n")


@pytest.mark.skipif(sys.platform == "darwin", reason="its names are always text")
def test_a_name_that_is_no_text_is_written_escaped(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path / "x") + b"\xff\n.txt"))
    path.write_bytes(b"\n")
    [outcome] = read([path])
    assert str(outcome).startswith(f"{tmp_path}/x\\xff\\n.txt: is blank")
    path.write_bytes(b"...")
    [document] = read([path])
    assert isinstance(document, Document)
    document.source.encode()
    document.title.encode()
