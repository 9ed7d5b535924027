"""Word files: what was tracked, what wraps text, merged cells, and how much of it is held."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from annotations import sources
from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources import Note, word

docx = pytest.importorskip("docx")

NOTES = (
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Marsh, page 9.</w:t></w:r></w:p>'
    "</w:footnote></w:footnotes>"
)
RELATION = (
    '<Relationship Id="rId99" Target="footnotes.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"/>'
)
TYPE = (
    '<Override PartName="/word/footnotes.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/>'
)


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*pieces: str) -> str:
    return f"<w:p>{''.join(pieces)}</w:p>"


def cell(*blocks: str, settings: str = "") -> str:
    return f"<w:tc><w:tcPr>{settings}</w:tcPr>{''.join(blocks)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def file(path: Path, body: str, notes: str = "") -> Path:
    plain = io.BytesIO()
    docx.Document().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name).decode() if name.endswith((".xml", ".rels")) else old.read(name)
            if name == "word/document.xml" and isinstance(data, str):
                data = data.replace("<w:body>", f"<w:body>{body}")
            if notes and name == "word/_rels/document.xml.rels" and isinstance(data, str):
                data = data.replace("</Relationships>", f"{RELATION}</Relationships>")
            if notes and name == "[Content_Types].xml" and isinstance(data, str):
                data = data.replace("</Types>", f"{TYPE}</Types>")
            new.writestr(name, data)
        if notes:
            new.writestr("word/footnotes.xml", notes)
    return path


def text(path: Path) -> str:
    (found,) = [one for one in sources.read([path]) if isinstance(one, Document)]
    return str(found.text)


def test_what_was_put_in_counts_and_what_was_taken_out_does_not(tmp_path: Path) -> None:
    body = paragraph(
        run("The pact will "),
        f'<w:ins w:id="1" w:author="A">{run("not ")}</w:ins>',
        '<w:del w:id="2" w:author="A"><w:r><w:delText>surely </w:delText></w:r></w:del>',
        f'<w:moveFrom w:id="3" w:author="A">{run("today ")}</w:moveFrom>',
        run("hold."),
    )
    note, found = sources.read([file(tmp_path / "x.docx", body)])
    assert isinstance(found, Document) and isinstance(note, Note)
    assert found.text == "The pact will not hold."
    assert str(note).endswith("x.docx: read with its 2 tracked changes accepted.")


def test_a_paragraph_whose_break_was_taken_out_goes_on_in_the_next(tmp_path: Path) -> None:
    broken = '<w:pPr><w:rPr><w:del w:id="1" w:author="A"/></w:rPr></w:pPr>'
    body = paragraph(broken, run("Orlen ")) + paragraph(run("left.")) + paragraph(run("Marsh."))
    assert text(file(tmp_path / "x.docx", body)) == "Orlen left.\nMarsh."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<w:sdt><w:sdtContent>{paragraph(run('Orlen left.'))}</w:sdtContent></w:sdt>", "Orlen left."),
        (
            paragraph(run("Orlen "), f"<w:sdt><w:sdtContent>{run('left.')}</w:sdtContent></w:sdt>"),
            "Orlen left.",
        ),
        (
            paragraph(run("Page "), f'<w:fldSimple w:instr="PAGE">{run("9")}</w:fldSimple>'),
            "Page 9",
        ),
        (paragraph(f'<w:smartTag w:element="n">{run("Orlen")}</w:smartTag>', run(".")), "Orlen."),
        (paragraph(f'<w:hyperlink w:anchor="x">{run("Orlen")}</w:hyperlink>'), "Orlen"),
        (
            paragraph("<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/></w:r>",
                      "<w:r><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>"),
            "a\tb\nc-d",
        ),
        (
            paragraph(run("Here."), f"<w:r><w:pict><w:txbxContent>{paragraph(run('In a box.'))}"
                                    "</w:txbxContent></w:pict></w:r>"),
            "Here.\nIn a box.",
        ),
    ],
    ids=["block", "inline", "field", "tag", "link", "signs", "box"],
)  # fmt: skip
def test_text_is_found_in_whatever_wraps_it(tmp_path: Path, body: str, expected: str) -> None:
    assert text(file(tmp_path / "x.docx", body)) == expected


def test_a_merged_cell_is_there_once_and_a_nested_table_is_read(tmp_path: Path) -> None:
    one, two = paragraph(run("one")), paragraph(run("two"))
    wide = cell(paragraph(run("MERGED")), settings='<w:gridSpan w:val="3"/>')
    tall = cell(paragraph(run("TALL")), settings='<w:vMerge w:val="restart"/>')
    below = cell(paragraph(), settings="<w:vMerge/>")
    body = table(
        wide, tall + cell(one), below + cell(two), cell(table(cell(one) + cell(two)), "<w:p/>")
    )
    made = text(file(tmp_path / "x.docx", body))
    assert made == "MERGED\nTALL\tone\n\ttwo\none\ttwo\n"


def test_a_row_that_was_taken_out_is_left_out(tmp_path: Path) -> None:
    gone = '<w:trPr><w:del w:id="1" w:author="A"/></w:trPr>' + cell(paragraph(run("gone")))
    body = table(cell(paragraph(run("kept"))), gone)
    assert text(file(tmp_path / "x.docx", body)) == "kept"


def test_footnotes_stand_at_the_end(tmp_path: Path) -> None:
    body = paragraph(run("Orlen left."), '<w:r><w:footnoteReference w:id="1"/></w:r>')
    made = text(file(tmp_path / "x.docx", body + paragraph(run("So it is.")), NOTES))
    assert made == "Orlen left.\nSo it is.\nMarsh, page 9."


def test_a_file_with_more_tags_than_can_be_held_is_refused_before_it_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(tmp_path / "x.docx", "<w:p/>" * (word.MARKS + 1))
    monkeypatch.setattr("docx.Document", lambda *_: pytest.fail("it was parsed"))
    (found,) = sources.read([path])
    assert isinstance(found, SourceError)
    assert str(found).endswith("has over 2,000,000 tags and attributes. Split it and try again.")
