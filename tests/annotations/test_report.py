from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import store

from annotations import changes, custody
from annotations.cli import app
from annotations.cli.console import run
from annotations.project import Project
from annotations.records import Action, Annotation, Claim, Document, Entity, Status
from annotations.report.page import write
from annotations.report.passage import Palette, passage
from annotations.review.seeding import NAME
from annotations.span import Span
from annotations.text import Text

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """What a browser would make of a page: its elements, properly nested, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in {*self._open, "all"}:
            self.words[tag] = self.words.get(tag, "") + data


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=2, words=10)
    yield made
    made.close()


def entity(start: int, end: int, text: str, label: str = "ORG") -> Entity:
    return Entity(
        id=f"e{start}-{end}", span=Span(start, end), text=text[start:end], label=label,
        status=Status.ACCEPTED,
    )  # fmt: skip


def claim(start: int, end: int, text: str) -> Claim:
    return Claim(
        id=f"c{start}-{end}", span=Span(start, end), text=text[start:end], status=Status.ADDED
    )


def test_the_words_are_the_documents_and_the_tags_name_what_is_marked() -> None:
    text = Text("Ada Orlen left\nReefport at noon.")
    shown: list[Annotation] = [
        entity(0, 9, text, "PERSON"),
        entity(4, 9, text, "FAC"),
        claim(0, 23, text),
        claim(10, 31, text),
    ]
    html = passage(text, shown, Palette())
    page = Page(html)
    assert page.words["mark"] == "Ada Orlen"
    assert page.words["small"] == "FAC✓PERSON✓[affirms certain, author+][affirms certain, author+]"
    bare = page.words["all"]
    for tag in ("FAC✓", "PERSON✓", "[affirms certain, author+]"):
        bare = bare.replace(tag, "")
    assert bare == text


def test_what_was_rejected_is_plain_text() -> None:
    text = Text("Orlen left.")
    wrong = Entity(id="e", span=Span(0, 5), text="Orlen", label="ORG", status=Status.REJECTED)
    assert passage(text, [wrong], Palette()) == "Orlen left."
    assert passage(Text(""), [], Palette()) == ""


def test_nothing_in_a_text_or_a_name_is_markup(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", name="<script>alert(1)</script>", annotator="anna")
    text = Text("<script>alert('1')</script> & \x1b[31m \u202e \"quoted\" </details></style>")
    project.add(Document(text, title='"><img src=x onerror=alert(1)>'))
    added = changes.add_entity(Span(1, 7), "ORG", text, project.schema)
    project.decide(text.id, Action.ADD, [added])
    kept = project.layer(text.id).get(added.id)
    project.decide(text.id, Action.NOTE, [changes.note(kept, '" onclick="alert(1)')])
    out = tmp_path / "page.html"
    write(project, out)
    html = out.read_text(encoding="utf-8")
    page = Page(html)
    assert not {"script", "img", "iframe", "link"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert not [value for _, name, value in page.attributes if name in ("src", "href")]
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "alert('1')" in page.words["div"]
    assert "http" not in html.replace("http-equiv", "")
    project.close()


def test_the_page_has_the_figures_and_every_document(project: Project, tmp_path: Path) -> None:
    one, _ = store.ids(project)
    suggested = list(project.layer(one, store.MODEL).index)
    project.decide(one, Action.ACCEPT, [changes.accept(each) for each in suggested[:8]])
    project.decide(one, Action.REJECT, [changes.reject(suggested[8])])
    project.decide(one, Action.FINISH, [changes.finish(project.layer(one).state)])
    out = tmp_path / "deep" / "page.html"
    words = ["report", str(out), "--project", str(project.root), "--annotator", "anna"]
    assert run(app, words) == 0
    html = out.read_text(encoding="utf-8")
    page = Page(html)
    told = page.words["body"]
    assert "2 documents, 1 done, 11 open suggestions, 3 decisions" in told
    assert "89%" in told  # of nine decided on, eight were accepted
    assert f"{store.MODEL} by anna" in told
    assert "0.889" in told  # eight of the model's ten are right: F1 is 16 / 18
    assert "Calibration error" in told
    assert page.tags.count("svg") == 1
    assert "Label suggested by" in told
    assert "accepted in under 0.5 s0 of 8" in told  # all eight at once, as the first decision
    assert "None were made wrong on purpose" in told
    assert "No document was read with its suggestions hidden" in told
    assert page.tags.count("details") == 2
    assert "prefers-color-scheme: dark" in html
    assert page.words["mark"].startswith("word0")


def test_an_empty_project_makes_a_page_that_says_so(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", annotator="anna")
    write(project, tmp_path / "page.html")
    told = Page((tmp_path / "page.html").read_text(encoding="utf-8")).words["body"]
    assert "anna has decided nothing yet" in told
    assert "No model has suggested anything yet." in told
    project.close()


def test_a_model_without_finished_documents_is_not_measured(
    project: Project, tmp_path: Path
) -> None:
    write(project, tmp_path / "page.html")
    assert "anna has none yet" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_only_a_page_is_replaced(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    words = ["report", str(tmp_path / "thesis.txt"), "--project", str(project.root)]
    assert run(app, words) == 2
    assert "Name another file" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    words[1] = str(tmp_path)
    assert run(app, words) == 2
    assert "name a file, such as" in (told := capsys.readouterr().err)
    assert told.endswith("/data.html.\n")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")] == []


def test_the_page_says_how_closely_suggestions_were_read(project: Project, tmp_path: Path) -> None:
    one, two = store.ids(project)
    suggested = project.layer(one, store.MODEL).entities
    for number, each in enumerate(suggested[:3]):
        wrong = changes.suggested(replace(each, id=f"s{number}", label="GPE"), NAME)
        change = changes.reject(wrong) if number else changes.accept(wrong)
        project.decide(one, Action.REJECT if number else Action.ACCEPT, [change])
    text = project.document(two).text
    project.blind = True
    for word in text.words(0)[:5]:
        project.decide(two, Action.ADD, [changes.add_entity(word, "PERSON", text, project.schema)])
    project.decide(two, Action.REVEAL, [changes.reveal(project.layer(two).state)])
    out = tmp_path / "page.html"
    write(project, out)
    told = Page(out.read_text(encoding="utf-8")).words["body"]
    assert "wrong on purpose, and caught2 of 3" in told
    assert f"{store.MODEL}0.671–0" in told  # five of ten blind, and nothing in view yet
    assert "None were made wrong on purpose" not in told


def test_a_redacted_document_is_named_and_the_rest_is_there(
    project: Project, tmp_path: Path
) -> None:
    erased, kept = store.ids(project)
    words = str(project.document(erased).text)[:20]
    list(custody.redact(project, erased, "asked by a reader"))
    write(project, tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8")).words["all"]
    assert "asked by a reader" in page
    assert words not in page
    assert project.document(kept).title in page
