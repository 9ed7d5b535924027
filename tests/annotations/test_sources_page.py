"""Pages: what encoding they are in, short ones, and how much of them is held."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations import sources
from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources import page

pytest.importorskip("trafilatura")
pytestmark = pytest.mark.filterwarnings("ignore")

MENU = '<a href="/">Home</a> <a href="/s">Sport</a>'


def told(tmp_path: Path, html: str | bytes) -> list[str]:
    path = tmp_path / "x.html"
    path.write_bytes(html.encode() if isinstance(html, str) else html)
    return [
        str(getattr(one, "text", one)).removeprefix(f"{path}: ") for one in sources.read([path])
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<html><body><nav>{MENU}</nav><article><p>Orlen left.</p></article></body></html>", "Orlen left."),
        (f"<html><body><div class='m'>{MENU}</div><div>Orlen left.</div></body></html>", "Orlen left."),
        (f"<html><body><ul><li>{MENU}</ul><h1>Arvel</h1><p>Orlen left.</p></body></html>", "Arvel\nOrlen left."),
        ("<html><body><p>Orlen <a href='x'>left</a> Arvel.</p><footer>Imprint</footer>", "Orlen left Arvel."),
        ("<p>Just one fragment about Orlen.</p>", "Just one fragment about Orlen."),
        ("Orlen left <b>Arvel</b>.<br>So it is &amp; was.", "Orlen left Arvel.\nSo it is & was."),
        ("<table><tr><td>A</td><td>B</td></tr></table><script>x</script>", "A B"),
    ],
    ids=["nav", "links", "list", "inline", "fragment", "words", "table"],
)  # fmt: skip
def test_a_short_page_gives_its_text_without_menus(
    tmp_path: Path, html: str, expected: str
) -> None:
    assert told(tmp_path, html) == [expected]


def test_an_encoding_that_is_guessed_is_said(tmp_path: Path) -> None:
    html = "<html><body><p>Café … Müller</p></body></html>".encode("cp1252")
    note, text = told(tmp_path, html)
    assert text == "Café … Müller"
    assert note == "is not UTF-8; read as cp1252, a guess. Check its accents."
    (found,) = [o for o in sources.read([tmp_path / "x.html"]) if isinstance(o, Document)]
    assert found.metadata["encoding_guessed"] is True


@pytest.mark.parametrize(
    ("words", "label", "encoding"),
    [
        ("Министр не подтвердил", "windows-1251", "cp1251"),
        ("“Quoted” by Müller", "iso-8859-1", "cp1252"),
        ("大臣は港が", "Shift_JIS", "shift_jis"),
        ("部长没有", "gb2312", "gb2312"),
    ],
)
def test_a_declared_encoding_is_no_guess(
    tmp_path: Path, words: str, label: str, encoding: str
) -> None:
    for declared in (
        f'<meta charset="{label}">',
        f'<!-- <meta charset=x> --><meta http-equiv="Content-Type" content="text/html; charset={label}">',
    ):
        html = f"<html><head>{declared}</head><body><p>{words}</p></body></html>"
        assert told(tmp_path, html.encode(encoding)) == [words]


def test_a_declaration_that_the_bytes_refute_is_said(tmp_path: Path) -> None:
    html = '<html><head><meta charset="iso-8859-1"></head><body><p>Café Müller</p></body></html>'
    assert told(tmp_path, html) == [
        "says that it is in iso-8859-1, and is in utf-8; read so.",
        "Café Müller",
    ]
    broken = html.replace("iso-8859-1", "euc-jp").encode("latin-1")
    (line,) = told(tmp_path, broken)
    assert line.startswith("damaged EUC_JP at byte")
    odd = html.replace("iso-8859-1", "rot13")
    assert told(tmp_path, odd) == ["Café Müller"]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>hi</p>" * (page.TAGS // 2 + 1), "has over 250,000 tags. Split it and try again."),
        ("a" * (page.PAGE + 1), "is 8 MB; one of its kind holds up to 8 MB. Split it and try again."),
        ("<p " + "a " * 30_000 + ">Orlen</p>", "has a tag in it that does not end. Mend it"),
    ],
)  # fmt: skip
def test_a_page_that_takes_too_much_is_refused_before_it_is_parsed(
    tmp_path: Path, html: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trafilatura.bare_extraction", lambda *_, **__: pytest.fail("parsed"))
    path = tmp_path / "x.html"
    path.write_text(html, encoding="utf-8")
    (found,) = sources.read([path])
    assert isinstance(found, SourceError)
    assert words in str(found)


def test_pictures_inside_a_page_do_not_count(tmp_path: Path) -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 1_000_000
    assert told(tmp_path, f"<p><img src='{picture}'>Orlen left.</p>") == ["Orlen left."]
