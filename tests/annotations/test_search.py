from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import store

from annotations import changes
from annotations.cli import app
from annotations.cli.console import run
from annotations.errors import UnknownError
from annotations.project import Project
from annotations.records import Action, Document
from annotations.search import Query, exactly, known, parse, search
from annotations.text import Text

TEXTS = (
    "The Café on the quay was shut.\nAda said: the quay\nis closed.",
    "東京の会議は明日です。Quayside tea in 東京.",
    "Nothing of the kind, said Ōtani-Lund.",
    "Nor said Jose\u0301 Nu\u0301n\u0303ez.",
)


@pytest.fixture(params=[True, False], ids=["fts5", "like"])
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Project]:
    """Three texts; the second run is as with an SQLite that was built without FTS5."""
    made = Project.create(tmp_path / "project", annotator="anna")
    for number, words in enumerate(TEXTS):
        made.add(Document(Text(words), title=f"text {number}"))
    if not request.param:
        made.catalogue.index.run("drop table texts")
        made.catalogue.index.run("create table texts (words text)")
        made.catalogue.index.has_words = False
    yield made
    made.close()


def places(project: Project, query: Query) -> list[tuple[str, int, str]]:
    project.look()
    return [(one.title, one.span.start, one.text) for one in search(project, query)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("quay", [("text 0", 16, "quay"), ("text 0", 45, "quay"), ("text 1", 11, "Quay")]),
        ("the quay", [("text 0", 12, "the quay"), ("text 0", 41, "the quay")]),
        ("QUAY is", [("text 0", 45, "quay is")]),
        ("café", [("text 0", 4, "Café")]),
        ("cafe\u0301", [("text 0", 4, "Café")]),
        ("cafe", []),
        ("uay", []),
        ("東京", [("text 1", 0, "東京"), ("text 1", 27, "東京")]),
        ("会議は", [("text 1", 3, "会議は")]),
        ("josé núñ", [("text 3", 9, "Jose\u0301 Nu\u0301n\u0303")]),
        ("ōtani lund", [("text 2", 26, "Ōtani-Lund")]),
        ('said "the', [("text 0", 35, "said: the")]),
        ("...", []),
        ("%", []),
        ("* OR NEAR(", []),
    ],
)
def test_words_are_found_one_after_the_other_the_last_may_go_on(
    project: Project, words: str, found: list[tuple[str, int, str]]
) -> None:
    assert places(project, Query(words)) == found


def test_what_is_seen_is_found_by_what_it_says(tmp_path: Path) -> None:
    anna = store.make(tmp_path / "project", documents=2, words=6)
    one, two = store.ids(anna)
    store.accept(anna, one, 2)
    text = anna.document(two).text
    claim = changes.add_claim(text.words(0)[4], text, anna.schema)
    anna.decide(two, Action.ADD, [claim])
    boris = Project.open(anna.root, annotator="boris")
    assert places(anna, Query(fields={"status": ["accepted"]})) == [("document 0", 12, "word2")]
    assert len(places(anna, Query(fields={"label": ["PERSON"]}))) == 12
    assert len(places(anna, Query(fields={"status": ["suggested"]}))) == 11
    assert len(places(boris, Query(fields={"status": ["suggested"]}))) == 12
    assert len(places(boris, Query(annotator="anna", fields={"status": ["accepted"]}))) == 1
    assert len(places(anna, Query(annotator=store.MODEL))) == 12
    assert [one[0] for one in places(anna, Query(fields={"stance": ["affirms"]}))] == ["document 1"]
    assert [one[0] for one in places(anna, Query(holder="auth"))] == ["document 1"]
    assert places(anna, Query("word3", fields={"label": ["PERSON"]})) == [
        ("document 0", 18, "word3")
    ]
    for project in (anna, boris):
        project.close()


def test_an_erased_document_leaves_no_word_in_the_index(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project", annotator="anna")
    text = Text("the xylophonist sings")
    project.add(Document(text, title="a"))
    project.add(Document(Text("quite another text"), title="b"))
    assert places(project, Query("xylophonist"))
    for path in store.folder(project, text.id).iterdir():
        path.unlink()
    store.folder(project, text.id).rmdir()
    assert places(project, Query("xylophonist")) == []
    path = project.catalogue.index.path
    project.close()
    assert path is not None
    assert b"xylophon" not in b"".join(one.read_bytes() for one in path.parent.iterdir())


def test_a_query_is_words_with_fields_between_them(tmp_path: Path) -> None:
    project = store.make(tmp_path / "project")
    project.look()
    values = known(project)
    assert parse("old harbour", values) == Query("old harbour")
    query = parse('old label:per holder:"Ada Lund" status:ACC harbour annotator:toy', values)
    assert query == Query(
        "old harbour",
        {"label": ["PERSON", "PERCENT"], "status": ["accepted"]},
        "ada lund",
        store.MODEL,
    )
    with pytest.raises(UnknownError, match="no stance 'nonsense': affirms, denies, open"):
        parse("old stance:nonsense", values)
    with pytest.raises(UnknownError, match="no annotator 'bob'"):
        parse("annotator:bob", values)
    assert parse("at 10:30", values).words == "at 10:30"
    with pytest.raises(UnknownError, match="PERSON"):
        exactly(values, label="PERSN")
    project.close()


def test_the_command_prints_document_offset_and_context(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = store.make(tmp_path / "project", words=6)
    (one,) = store.ids(project)
    project.close()
    common = ["--project", str(project.root), "--annotator", "anna"]
    assert run(app, ["search", "word2", *common]) == 0
    out, err = capsys.readouterr()
    assert out == f"{one}       12  word0 word1 «word2» word3 word4 word5.\n"
    assert err == "1 place\n"
    assert (
        run(app, ["search", "--label", "person", "--status", "suggested", "--json", *common]) == 0
    )
    assert len(capsys.readouterr().out.strip().split("\n")) == 6
    assert run(app, ["search", *common]) == 2
    assert run(app, ["search", "--stance", "maybe", *common]) == 2
