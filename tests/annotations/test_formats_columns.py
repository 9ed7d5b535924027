"""Columns that others wrote: sentences, the sign #, and a number ahead of each token."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import InputError
from annotations.formats import conll
from annotations.formats.documents import Labelled
from annotations.formats.reading.intake import Intake
from annotations.formats.writing.report import Report
from annotations.records import Document, Entity, Status
from annotations.span import Span
from annotations.text import Text


def read(path: Path, rows: str) -> tuple[list[Labelled], Intake]:
    path.write_text(rows, encoding="utf-8", newline="")
    intake = Intake()
    return list(conll.read(path, intake)), intake


def said(one: Labelled) -> list[tuple[str, str]]:
    return [(each.text, each.label) for each in one.entities]


def test_an_entity_of_iob1_ends_with_its_sentence(tmp_path: Path) -> None:
    (one,), _ = read(
        tmp_path / "x.conll",
        "-DOCSTART- -X- -X- O\n\nLeicestershire NNP I-NP I-ORG\n\n"
        "Somerset NNP I-NP I-ORG\nCCC NNP I-NP I-ORG\nwon VBD I-VP O\n\n\nEssex NNP I-NP I-ORG\n",
    )
    assert one.document.text == "Leicestershire\nSomerset CCC won\nEssex"
    assert said(one) == [("Leicestershire", "ORG"), ("Somerset CCC", "ORG"), ("Essex", "ORG")]


@given(st.data())
def test_an_entity_across_sentences_comes_back_from_our_own_columns(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = Text("He left. She # stayed! Who won? 1. Nobody did.\n\nThe end. ")
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    if not text[span.start : span.end].strip():
        return
    entity = Entity(
        id="a1", span=span, text=text[span.start : span.end], label="X", status=Status.ADDED
    )
    one = Labelled(Document(text, "a title"), "anna", True, (entity,))
    path = tmp_path_factory.mktemp("columns") / "x.conll"
    report = Report("conll")
    conll.write([one], path, report)
    held = [loss.held[0] for loss in report.losses if loss.held] or [span]
    (found,) = conll.read(path, Intake(find=lambda _: one.document))
    assert [each.span for each in found.entities] == held


@pytest.mark.parametrize(
    ("rows", "text", "remarks"),
    [
        ("# O\nParis B-LOC\n", "# Paris", 0),
        ("# # I-NP O\n1 CD I-NP O\nParis NNP I-NP I-LOC\n", "# 1 Paris", 0),
        ("#\tO\nParis\tB-LOC\n", "# Paris", 0),
        ("# by hand O\nParis B-LOC\n# O\n", "Paris #", 1),
        ("# by O\nParis\tB-LOC\n# and more\n", "Paris", 2),
        ("#\thttps://example.org/a [2009]\n1\tParis\tB-LOC\tO\n# a b O\n2\tis\tO\tO\n", "Paris is", 2),
    ],
)  # fmt: skip
def test_the_sign_is_a_token_where_its_line_is_as_the_others(
    rows: str, text: str, remarks: int, tmp_path: Path
) -> None:
    (one,), intake = read(tmp_path / "x.conll", rows)
    assert one.document.text == text
    assert said(one) == [("Paris", "LOC")]
    told = [*intake.omissions.lines()]
    assert len(told) == bool(remarks)
    assert all(f" {remarks} remarks behind a #, the first at " in each for each in told)


def test_a_number_that_counts_the_tokens_is_none_of_them(tmp_path: Path) -> None:
    (one,), _ = read(
        tmp_path / "x.tsv",
        "# a source\n1\tGermania\tB-ORG\tB-LOC\n2\tWien\tI-ORG\tI-LOC\n3\tsiegt\tO\tO\n\n"
        "# another\n1\tParis\tB-LOC\tO\n2\t1\tO\tO\n",
    )
    assert one.document.text == "Germania Wien siegt\nParis 1"
    assert sorted(said(one)) == [
        ("Germania Wien", "LOC"),
        ("Germania Wien", "ORG"),
        ("Paris", "LOC"),
    ]


def test_numbers_that_count_nothing_are_tokens(tmp_path: Path) -> None:
    (one,), _ = read(tmp_path / "x.conll", "1 CD I-NP O\n\n2 CD I-NP O\nParis NNP I-NP I-LOC\n")
    assert one.document.text == "1\n2 Paris"
    assert said(one) == [("Paris", "LOC")]


def test_a_column_that_is_no_tag_is_named_in_a_short_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no tag") as caught:
        read(tmp_path / "x.conll", f"Paris B-LOC\nis {'x' * 10_000}\n")
    assert len(str(caught.value)) < 300
