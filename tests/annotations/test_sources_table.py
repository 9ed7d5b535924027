"""Tables: what is between cells, quotes that are not closed, and how much of a file is held."""

from __future__ import annotations

import csv
import gzip
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import sources
from annotations.records import Document
from annotations.sources import table


def told(path: Path, data: str | bytes) -> list[str]:
    """The texts, and the lines a person is told, without the folder."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    found = sources.read([path])
    return [
        str(one.text) if isinstance(one, Document) else str(one).removeprefix(f"{path.parent}/")
        for one in found
    ]


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(
            str.strip
        ),
        min_size=1,
    ),
    st.sampled_from([",", ";", "\t"]),
)
def test_any_texts_are_read_back_as_they_were_written(texts: list[str], between: str) -> None:
    file = io.StringIO()
    rows = csv.writer(file, delimiter=between)
    rows.writerows([["id", "Text"], *([str(n), text] for n, text in enumerate(texts))])
    stream = io.BytesIO(file.getvalue().encode())
    found = list(table.read(stream, "x.csv"))
    assert [one.text for one in found if isinstance(one, Document)] == texts
    assert len(found) == len(texts)


@pytest.mark.parametrize("sign", [",", "\t"])
def test_a_quote_that_is_not_closed_is_refused_with_its_line(tmp_path: Path, sign: str) -> None:
    name = "x.csv" if sign == "," else "x.tsv"
    data = 'id,text\n1,First\n2,"Unclosed quote here\n3,Third row\n4,Fourth row\n'
    first, line = told(tmp_path / name, data.replace(",", sign))
    assert first == "First"
    assert line.startswith(f"{name}:3: a quote in this row is not closed")
    _, line = told(tmp_path / name, data.replace("4,Fourth", '4,"Fourth').replace(",", sign))
    assert line.startswith(f"{name}:3: a quote in this row is not closed")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Q.TSV", "id\ttext\n1\tOrlen, who left; so be it.\n"),
        ("x.csv", "id;text\n1;Orlen, who left\n"),
        ("x.csv", "sep=;\r\nid;text\r\n1;Orlen, who left\r\n"),
        ("x.csv", '"sep=|"\nid|TEXT\n1|Orlen, who left\n'),
        ("x.csv", "id\tText\n1\tOrlen, who left\n"),
        ("x.csv", 'id,text\n1,"Orlen, who left"\n'),
        ("x.csv", 'id,text\r1,"Orlen, who left"\r'),
    ],
)
def test_what_is_between_the_cells_is_found_by_the_first_line(
    tmp_path: Path, name: str, data: str
) -> None:
    (text,) = told(tmp_path / name, data)
    assert text.startswith("Orlen, who left")


def test_two_columns_of_texts_are_refused_and_named(tmp_path: Path) -> None:
    assert told(tmp_path / "x.csv", "Text,id,text\na,1,b\n") == [
        "x.csv:1: its columns 1 (Text) and 3 (text) have the same name. "
        "Rename the one without texts."
    ]


def test_messages_give_the_line_that_a_row_begins_with(tmp_path: Path) -> None:
    data = 'text,id\n"one\ntwo\nthree",1\n\n,2\nfour, and more,3\nfive,4\n'
    assert told(tmp_path / "x.csv", data) == [
        "one\ntwo\nthree",
        "x.csv:6: its text is blank. There is nothing to read.",
        "x.csv:7: has 3 cells, and the first line names 2. Put quotes around a text with commas in it.",
        "five",
    ]


def test_a_row_with_bytes_that_are_not_utf_8_is_named(tmp_path: Path) -> None:
    (line,) = told(tmp_path / "x.csv", b"text\n\nCaf\xe9\n")
    assert line == "x.csv:3: is a table, and not in UTF-8. Save it as UTF-8."


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_row_without_an_end_is_refused_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_packed: bool
) -> None:
    monkeypatch.setattr(table, "ROW", 1024 * 1024)
    data = b"text\nfirst\n" + b"a" * 30_000_000
    path = tmp_path / ("x.csv.gz" if is_packed else "x.csv")
    path.write_bytes(gzip.compress(data, 1) if is_packed else data)
    del data
    tracemalloc.start()
    first, line = [str(getattr(one, "text", one)) for one in sources.read([path])]
    assert tracemalloc.get_traced_memory()[1] < 6_000_000
    tracemalloc.stop()
    assert first == "first"
    assert f"{path.name}:3: this row is over 1 MB, or a quote in it is not closed" in line


def test_a_quote_over_many_lines_is_bounded_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "ROW", 1000)
    (line,) = told(tmp_path / "x.csv", 'text\n"open\n' + "more\n" * 1000)
    assert line.startswith("x.csv:2: this row is over")


def test_a_row_of_millions_of_cells_is_refused(tmp_path: Path) -> None:
    (line,) = told(tmp_path / "x.csv", b"text\n" + b"," * (table.CELLS + 1))
    assert line == "x.csv:2: has over 1,000,000 cells. Split it and try again."
