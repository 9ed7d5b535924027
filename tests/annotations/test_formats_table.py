"""Tables that others wrote, or a spreadsheet saved."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
import store
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import InputError
from annotations.formats import table
from annotations.formats.documents import Labelled
from annotations.formats.export import export
from annotations.formats.importing import take_in
from annotations.formats.reading.intake import Intake
from annotations.records import Document
from annotations.text import Text

TEXT = Text("Orlen é in Arvel")


def read(
    path: Path, rows: str, encoding: str = "utf-8", intake: Intake | None = None
) -> list[Labelled]:
    path.write_text(rows, encoding=encoding, newline="")
    document = Document(TEXT, "a")
    intake = intake or Intake()
    intake.find = lambda name: document if name == "a" else None
    return list(table.read(path, intake))


@pytest.mark.parametrize("name", ["x.csv", "X.CSV", "x.tsv", "X.TSV"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_is_read_whatever_stands_between_its_cells(
    name: str, between: str, encoding: str, tmp_path: Path
) -> None:
    rows = 'Document,start,end,text,label,score\r\na,0,7,"Orlen é",ORG,"0,5"\r\n,,,,,\r\na,11,16,Arvel,GPE,\r\n'
    if between != ";":
        rows = rows.replace('"0,5"', "0.5")
    rows = rows.replace(",", between).replace("0;5", "0,5")
    (one,) = read(tmp_path / name, rows, encoding)
    assert [(each.text, each.label, each.score) for each in one.entities] == [
        ("Orlen é", "ORG", 0.5),
        ("Arvel", "GPE", None),
    ]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_table_in_another_encoding_is_refused_in_a_line(encoding: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Save it as UTF-8"):
        read(tmp_path / "x.csv", "document,start,end,text\na,0,7,Orlen é\n", encoding)


@pytest.mark.parametrize("score", ["1e999", "-1e999", "nan", "NaN", "inf", "high"])
def test_a_score_that_is_no_number_is_refused_with_its_line(score: str, tmp_path: Path) -> None:
    rows = f"document,start,end,label,score\na,0,5,ORG,0.5\na,11,16,GPE,{score}\n"
    with pytest.raises(InputError, match=rf"x\.csv:3: a broken row .*{score}"):
        read(tmp_path / "x.csv", rows)


@pytest.mark.parametrize("number", ["9" * 6000, "9" * 4000, "-5", "1.5", ""])
def test_an_offset_that_leads_nowhere_is_told_in_a_line(number: str, tmp_path: Path) -> None:
    intake = Intake()
    rows = f"document,start,end,label\na,{number},5,ORG\n"
    try:
        (one,) = read(tmp_path / "x.csv", rows, intake=intake)
    except InputError as error:
        assert "x.csv:2: a broken row" in str(error)
        assert len(str(error)) < 400
    else:
        assert one.entities == ()
        assert len(intake.unplaced) == 1


def test_what_a_table_has_beside_its_columns_is_told(tmp_path: Path) -> None:
    intake = Intake()
    rows = "document,start,end,label,colour,size\na,0,5,ORG,red,4,more\na,11,16,GPE,red,4,\n"
    read(tmp_path / "x.csv", rows, intake=intake)
    told = [line.replace(f"{tmp_path}/", "") for line in intake.omissions.lines()]
    assert told == [
        "left out, having no place here: 2 columns of a table, the first at x.csv: colour",
        "left out, having no place here: 1 rows with cells behind the last column, "
        "the first at x.csv:2",
    ]


@pytest.mark.parametrize("start", ["", "document,start,end\n", 'document,start,end\na,0,"'])
@pytest.mark.parametrize("piece", ["x", "x\n", ",", ',,"\n"'])
def test_a_row_without_an_end_is_refused_in_bounded_memory(
    start: str, piece: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "_ROW", 100_000)
    path = tmp_path / "x.csv"
    path.write_text(start + piece * (2_000_000 // len(piece)), encoding="utf-8")
    tracemalloc.start()
    with pytest.raises(InputError, match=r"row over|lacks the column|no table|no document"):
        list(table.read(path, Intake()))
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


SIGNS = "=+-@＝＋－＠"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("ahead", ["", " ", "\t", "\u3000", "\n ", "\xa0"])
def test_no_cell_begins_as_a_formula_and_each_is_read_back(sign: str, ahead: str) -> None:
    for cell in (f"{ahead}{sign}1+1", f"'{ahead}{sign}1", f"''{sign}", f" '{sign}", f"' '{sign}"):
        assert table.guarded(cell) == f"'{cell}"
        assert table.unguarded(table.guarded(cell)) == cell


@given(st.text(st.sampled_from(f"{SIGNS}' \t\r\n\u3000a字")))
def test_a_guarded_cell_is_what_it_was_whatever_it_is(cell: str) -> None:
    guarded = table.guarded(cell)
    assert table.unguarded(guarded) == cell
    assert guarded.strip()[:1] not in (*SIGNS,) or not guarded.strip()


def test_a_file_that_ends_between_quotes_is_refused_with_its_line(tmp_path: Path) -> None:
    rows = 'document,start,end,label,note\na,0,5,ORG,x\na,11,16,GPE,"said\nby'
    for cut in (rows, rows.removesuffix("by")):
        with pytest.raises(InputError, match=r"x\.csv:[34]: the file ends within a cell between"):
            read(tmp_path / "x.csv", cut)


def test_rows_that_lack_cells_are_counted(tmp_path: Path) -> None:
    intake = Intake()
    rows = "document,start,end,label,note\na,0,5,ORG,x\na,11,16,GPE"
    (one,) = read(tmp_path / "x.csv", rows, intake=intake)
    assert len(one.entities) == 2
    assert [note.replace(f"{tmp_path}/", "") for note in intake.notes] == [
        "x.csv:3: 1 row with fewer cells than the first line has. Is the file cut short?"
    ]


@pytest.mark.parametrize("name", ["x.csv", "x.tsv"])
def test_a_table_that_was_cut_since_it_was_written_is_told(name: str, tmp_path: Path) -> None:
    project = store.make(tmp_path / "project", words=20)
    (document,) = store.ids(project)
    for number in range(5):
        store.accept(project, document, number)
    store.finish(project)
    path = tmp_path / name
    export(project, path, "csv")
    assert not [note for note in take_in(project, path, "csv", "whole").lines() if "cut" in note]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    told = take_in(project, path, "csv", "cut").lines()
    assert [note for note in told if "it was changed or cut short since" in note]
    project.close()
