"""A table for people, CSV or TSV: one annotation a row, safe to open in a spreadsheet.

A cell that a spreadsheet would take for a formula stands behind an apostrophe, which reading takes
off again. The documents' texts are not in it, so that it is read back into the project it is of.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from math import isfinite
from pathlib import Path
from typing import Final, Self, TextIO

from annotations.errors import InputError
from annotations.evidence import authors_row
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.reading.intake import FIELDS, Intake, suggestion
from annotations.formats.reading.offsets import Mark
from annotations.formats.writing.report import Report
from annotations.messages import counted
from annotations.records import Annotation, Claim, Entity, Plain
from annotations.sources.outcome import LIMIT

COLUMNS: Final = (
    "document", "title", "kind", "start", "end", "text", "label",
    "stance", "certainty", "holder", "frame", "time", "quote", "doubt", "author",
    "status", "note", "score", "by", "at", "annotator",
)  # fmt: skip
_ROW: Final = LIMIT // 4
"""Characters of a row; no document's text is in it."""
_FORMULA: Final = re.compile(r"'*+[\t\r\n]|['\s]*+[=+\-@\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that a spreadsheet may calculate: some pass over white space before the sign,
and some take a full-width sign for the plain one."""


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write a row for each annotation, the rejected ones too; tabs between where it ends in .tsv."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, _dialect(path))
        rows.writerow(COLUMNS)
        for one in documents:
            for annotation in one:
                row = _row(one, annotation)
                rows.writerow([guarded(str(row.get(name, ""))) for name in COLUMNS])


def _dialect(path: Path) -> type[csv.Dialect]:
    return csv.excel_tab if path.suffix.lower() == ".tsv" else csv.excel


def _row(one: Labelled, annotation: Annotation) -> Plain:
    row: Plain = {
        "document": one.document.id,
        "title": one.document.title,
        "kind": annotation.kind,
        "start": annotation.span.start,
        "end": annotation.span.end,
        "text": annotation.text,
        "status": str(annotation.status),
        "note": annotation.note,
        "score": "" if annotation.score is None else annotation.score,
        "by": annotation.by,
        "at": annotation.at,
        "annotator": one.annotator,
    }
    if isinstance(annotation, Claim):
        row |= {name: getattr(annotation, name) for name in FIELDS}
        row["holder"] = annotation.holder_name
        row["doubt"] = "yes" if annotation.doubt else ""
        own = authors_row(
            annotation.holder, annotation.stance, annotation.certainty, annotation.cues
        )
        row["author"] = " ".join(own)
    else:
        row["label"] = annotation.label
    return row


def guarded(cell: str) -> str:
    """The cell, with an apostrophe ahead where a spreadsheet would calculate it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The annotations of a table, document by document.

    It needs the columns `document` (an id or title of the project), `start`, `end`, and `label` or
    `stance`. Between them stand commas, semicolons or tabs, as in the first line. Rejected ones are
    among `rejected`.

    Raises:
        InputError: a column is missing, a row is broken, or the project lacks its document.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _documents(path, file, intake)
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8. Save it as UTF-8 and import it again.") from None
    except csv.Error as error:
        raise InputError(f"{path}: no table ({error}).") from None
    except OSError as error:
        raise InputError(f"{path}: not readable ({error.strerror}).") from None


class _Lines:
    """The lines of a file, no more of which is held than a row may have."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path, self._file = path, file
        self._held = 0
        self._row: list[str] = []
        self._is_at_end = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._file.readline(_ROW + 1)
        self._held += len(line)
        if self._held > _ROW:
            raise InputError(
                f"{self._path}: a row over {_ROW // 1024**2} MB. Is a quote never closed?"
            )
        if not line:
            self._is_at_end = True
            raise StopIteration
        self._row.append(line)
        return line

    def rows(self, between: str) -> Iterator[tuple[int, list[str]]]:
        """The cells of each row, with the number of the line that it ends on."""
        rows = csv.reader(self, delimiter=between)
        for row in rows:
            if self._is_at_end:
                self._check_end(between, rows.line_num)
            self._held = 0
            self._row.clear()
            if any(row):
                yield rows.line_num, row

    def _check_end(self, between: str, number: int) -> None:
        """That the last row ends, and not the file within a cell between quotes."""
        try:
            list(csv.reader(self._row, delimiter=between, strict=True))
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise InputError(
                    f"{self._path}:{number}: the file ends within a cell between quotes. Is it cut "
                    "short? Import the whole file."
                ) from None


def _documents(path: Path, file: TextIO, intake: Intake) -> Iterator[Labelled]:
    csv.field_size_limit(_ROW)
    head = next(_Lines(path, file), "")
    between = max(",;\t", key=head.count)  # the comma, where there is none
    file.seek(0)
    rows = _Lines(path, file).rows(between)
    names = [name.strip().lower() for name in next(rows, (0, []))[1]]
    wanted = [name for name in ("document", "start", "end") if name not in names]
    if wanted:
        raise InputError(f"{path}: the first line lacks the column {wanted[0]!r}.")
    for name in names:
        if name and name not in COLUMNS:
            intake.omissions.add("columns of a table", f"{path}: {name[:60]}")
    has_commas = between == ";"  # as tables have where a comma stands in numbers
    plain = ((number, _row_of(names, row)) for number, row in _within(rows, names, path, intake))
    for (reference, _), group in groupby(
        plain, key=lambda row: (row[1]["document"], row[1].get("annotator", ""))
    ):
        first = next(group)
        where = f"{path}:{first[0]}"
        document = intake.find(reference)
        if document is None:
            raise InputError(
                f"{where}: the project has no document {reference[:60]!r}. "
                "Add it first: purport add PATH."
            )
        marks: list[Mark] = []
        for number, row in chain([first], group):
            try:
                marks.append(_mark(row, has_commas=has_commas))
            except ValueError as error:
                words = str(error)[:100]
                raise InputError(f"{path}:{number}: a broken row ({words}).") from None
        annotator = first[1].get("annotator", "")
        yield intake.labelled(document, marks, where, annotator=annotator)


def _within(
    rows: Iterable[tuple[int, list[str]]], names: list[str], path: Path, intake: Intake
) -> Iterator[tuple[int, list[str]]]:
    """The rows; what one has behind the last column, or lacks before it, is told."""
    short: list[int] = []
    for number, cells in rows:
        if len(cells) > len(names) and any(cells[len(names) :]):
            intake.omissions.add("rows with cells behind the last column", f"{path}:{number}")
        if len(cells) < len(names):
            short.append(number)
        yield number, cells
    if short:
        intake.notes.append(
            f"{path}:{short[0]}: {counted(len(short), 'row')} with fewer cells than the first line "
            "has. Is the file cut short?"
        )


def _row_of(names: list[str], cells: list[str]) -> dict[str, str]:
    """A row by its columns' names."""
    if "'" in "".join(cells):  # few have one anywhere
        cells = [unguarded(cell) for cell in cells]
    if len(cells) < len(names):
        cells = [*cells, *([""] * (len(names) - len(cells)))]
    return dict(zip(names, cells, strict=False))


def _mark(row: Mapping[str, str], *, has_commas: bool) -> Mark:
    is_claim = row.get("kind") == Claim.kind or (not row.get("label") and bool(row.get("stance")))
    score = row.get("score")
    return Mark(
        kind=Claim.kind if is_claim else Entity.kind,
        start=int(row["start"]),
        end=int(row["end"]),
        label=row.get("label", ""),
        words=row.get("text") or None,
        fields={name: value for name, value in row.items() if value} if is_claim else {},
        score=_number(score.replace(",", ".") if has_commas else score) if score else None,
        note=row.get("note", ""),
        decided={
            "status": suggestion(row.get("status")),
            "by": row.get("by", ""),
            "at": row.get("at", ""),
        },
    )


def _number(words: str) -> float:
    number = float(words)
    if not isfinite(number):
        raise ValueError(f"the score {words[:20]!r} is no number")
    return number


FORMAT: Final = Format(
    name="csv",
    suffix=".csv",
    description="a table for people, CSV or TSV, safe in a spreadsheet",
    cannot_hold="texts (it is read back into its project), provenance, cues, metadata, and holders "
    "beyond the first",
    lost=frozenset(["meta", "unfinished", "provenance", "likelihood", "cues", "chains"]),
    also=(".tsv",),
    write=write,
    read=read,
)
