"""Pages, PDFs, Word files, tables and what is packed, as documents."""

from __future__ import annotations

import gzip
import io
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from annotations import sources
from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources import outcome, packed, word

HTML = """<!DOCTYPE html><html><head><title>The Arvel pact</title><meta name="author" content="Ines Marsh">
<script>alert("no")</script></head><body><nav><a href="/">Home</a> <a href="/x">Menu</a></nav>
<article><h1>The Arvel pact</h1><p>Orlen said on Friday that the pact would hold through the winter, and
that no further talks were planned before the spring session of the senate in Arvel.</p>
<p>Analysts do not think that it will. They point to the harbour dues, which nobody has paid.</p></article>
<footer>Cookies &amp; imprint</footer></body></html>"""


def pdf(words: str, pages: int = 1) -> bytes:
    """The smallest file that a reader takes, with the words on each page."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(pages):
        body = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET" if words else ""
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(body)} >>\nstream\n{body}\nendstream",
        ]
    made, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    made += f"xref\n0 {count}\n0000000000 65535 f \n{table}"
    end = made.index("xref\n0")
    made += f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{end}\n%%EOF\n"
    return made.encode("latin-1")


def read(path: Path) -> list[sources.Outcome]:
    return list(sources.read([path]))


def document(path: Path) -> Document:
    (found,) = [one for one in read(path) if isinstance(one, Document)]
    return found


def refusal(path: Path) -> str:
    (found,) = read(path)
    assert isinstance(found, SourceError)
    assert "\n" not in str(found)
    return str(found)


@pytest.mark.filterwarnings("ignore")
def test_a_page_gives_its_main_text(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / "x.html"
    path.write_text(HTML, encoding="utf-8")
    found = document(path)
    assert found.title == "The Arvel pact"
    assert found.text.startswith(("The Arvel pact", "Orlen said"))
    assert "harbour dues" in found.text
    assert not any(word in found.text for word in ("alert", "Menu", "Cookies", "<"))
    assert found.metadata["author"] == "Ines Marsh"
    path.write_text("<html><body></body></html>", encoding="utf-8")
    assert "no main text" in refusal(path)


def test_a_pdf_gives_the_text_of_its_pages(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf("Orlen left.", pages=2))
    found = document(path)
    assert (found.text, found.metadata) == ("Orlen left.\n\nOrlen left.", {"pages": 2})
    path.write_bytes(pdf(""))
    assert "they may be pictures" in refusal(path)
    path.write_bytes(b"%PDF-1.4 nothing")
    assert "is no PDF that can be read" in refusal(path)


def locked(password: str) -> bytes:
    pypdf = pytest.importorskip("pypdf")
    made = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf("Orlen left."))))
    made.encrypt(password, "owner", algorithm="AES-256")
    file = io.BytesIO()
    made.write(file)
    return file.getvalue()


def test_a_pdf_is_locked_only_if_it_asks_for_a_password(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    path = tmp_path / "x.pdf"
    path.write_bytes(locked(""))
    assert document(path).text == "Orlen left."
    path.write_bytes(locked("secret"))
    assert "is locked with a password" in refusal(path)


def test_what_opens_a_locked_pdf_is_named_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pypdf = pytest.importorskip("pypdf")

    def refuse(*_: object) -> None:
        raise pypdf.errors.DependencyError("cryptography>=3.1 is required for AES algorithm")

    monkeypatch.setattr(pypdf, "PdfReader", refuse)
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf("Orlen left."))
    assert 'needs cryptography. Install it: pip install "purport[pdf]"' in refusal(path)


def test_a_word_file_gives_paragraphs_and_tables(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.add_paragraph("The pact")
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Orlen", "Marsh"
    made.add_paragraph("It holds.")
    path = tmp_path / "x.docx"
    made.save(str(path))
    assert document(path).text == "The pact\nOrlen\tMarsh\nIt holds."
    path.write_bytes(b"PK\x03\x04 nothing")
    assert "is no .docx file" in refusal(path)


def test_a_word_file_that_unpacks_to_very_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("docx")
    monkeypatch.setattr(word, "UNPACKED", 1024 * 1024)
    path = tmp_path / "x.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", b"a" * 150_000_000)
    tracemalloc.start()
    assert "too large" in refusal(path)
    assert tracemalloc.get_traced_memory()[1] < 80_000_000
    tracemalloc.stop()


def test_a_table_gives_a_document_for_each_row(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        '\ufeffid,Text,title\n1,"Orlen\nleft.",One\n2,,Two\n3,Marsh stayed.,\n', encoding="utf-8"
    )
    found = read(path)
    assert [type(one).__name__ for one in found] == ["Document", "SourceError", "Document"]
    first, blank, last = found
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert (first.text, first.title, first.metadata) == (
        "Orlen\nleft.",
        "One",
        {"id": "1", "title": "One"},
    )
    assert last.title == "x:5"
    assert "x.csv:4: its text is blank" in str(blank)
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "no column of it is called text or content or body" in refusal(path)
    path.with_suffix(".tsv").write_text("id\ttext\n1\tOrlen\n", encoding="utf-8")
    assert document(path.with_suffix(".tsv")).text == "Orlen"


def test_what_is_packed_is_read_as_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"Orlen left."))
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"text\nMarsh\n"))
    assert document(tmp_path / "a.txt.gz").text == "Orlen left."
    assert document(tmp_path / "b.csv.gz").text == "Marsh"
    assert [one.text for one in read(tmp_path) if isinstance(one, Document)] == ["Orlen left."]
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(b"Orlen left.")[:-9])
    assert "is no gzip file that can be read" in refusal(tmp_path / "c.txt.gz")


def test_a_packed_bomb_is_refused_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotations.sources import plain

    monkeypatch.setattr(plain, "LIMIT", 1024 * 1024)
    held = io.BytesIO(gzip.compress(b"a" * 50_000_000))
    tracemalloc.start()
    with pytest.raises(SourceError, match="is too large"):
        list(packed.read(held, "x.txt.gz", plain.read))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("suffix", "module", "extra"),
    [(".html", "trafilatura", "html"), (".pdf", "pypdf", "pdf"), (".docx", "docx", "docx")],
)
def test_a_reader_that_is_not_installed_is_named(
    suffix: str, module: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / f"x{suffix}"
    path.write_bytes(b"x")
    assert f'pip install "purport[{extra}]"' in refusal(path)
    assert outcome.LIMIT
