"""A Word file (.docx) to one document: its paragraphs and the rows of its tables, a line each."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from io import BytesIO
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources.outcome import LIMIT, Note, Outcome, missing, too_large, too_many
from annotations.sources.plain import title
from annotations.text import Text

UNPACKED: Final = 2 * LIMIT
"""Bytes that its parts may have when they are unpacked: a small file can hold a very large one."""

MARKS: Final = 2_000_000
"""Tags and attributes that its parts may have: each takes a hundred bytes and more once parsed."""

_CHUNK: Final = 1024 * 1024
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_OTHER: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_NOTES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

_BLOCKS: Final = frozenset({f"{_W}p", f"{_W}tbl"})
_BOX: Final = f"{_W}txbxContent"
_SIGNS: Final = {
    f"{_W}tab": "\t",
    f"{_W}ptab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
_PIECES: Final = frozenset({f"{_W}t", f"{_MATH}t", _BOX, *_SIGNS})
# What was taken out, the settings of what is there, how a word is spoken, and what older programs
# show in the place of what stands beside it.
_LEFT: Final = frozenset(
    {f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "rt")}
    | {f"{_OTHER}Fallback"}
)
_CHANGES: Final = tuple(f"{_W}{name}" for name in ("ins", "del", "moveTo"))


def read(stream: BinaryIO, source: str) -> Iterator[Outcome]:
    """The text in the order in which it stands, the cells of a row between tabs, the notes last.

    Tracked changes count as accepted, and a note says so.

    Raises:
        SourceError: it is no such file, too large or blank, or the reader is not installed.
    """
    try:
        from docx import Document as Word
        from docx.oxml import parse_xml
    except ImportError:
        raise missing("python-docx", "docx", source) from None
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise too_large(source)
    try:
        _weigh(data, source)
        main = Word(BytesIO(data)).part
        roots = [main.element.body]
        for kind in ("footnotes", "endnotes"):
            parts = (one.target_part for one in main.rels.values() if one.reltype == _NOTES + kind)
            notes = (note for part in parts for note in parse_xml(part.blob))
            roots += [
                note for note in notes if f"{_W}type" not in note.attrib
            ]  # the rest are rules
        text = "\n".join(_lines(roots))
        changes = sum(1 for root in roots for _ in root.iter(*_CHANGES))
    except SourceError:
        raise
    except BadZipFile:
        raise SourceError(f"{source}: is no .docx file.") from None
    except Exception as error:  # a damaged file fails in any of its parts
        words = " ".join(str(error).split())[:120]
        raise SourceError(f"{source}: is no .docx file that can be read ({words}).") from None
    if not text.strip():
        raise SourceError(f"{source}: is blank. There is nothing to read.")
    if changes:
        many = "tracked change" if changes == 1 else f"{changes} tracked changes"
        yield Note(source, f"read with its {many} accepted.")
    yield Document(Text(text), title(text, source), source)


def _weigh(data: bytes, source: str) -> None:
    """Refuse, before anything of it is parsed, what would take far more memory than a text does."""
    marks = 0
    with ZipFile(BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > UNPACKED:
            raise too_large(source)
        for part in parts.infolist():
            with parts.open(part) as inner:
                while marks <= MARKS and (chunk := inner.read(_CHUNK)):
                    marks += chunk.count(b"<") + chunk.count(b"=")
    if marks > MARKS:
        raise too_many(source, MARKS, "tags and attributes")


def _lines(roots: Iterable[Any]) -> Iterator[str]:
    held = ""
    for root in roots:
        for block in _inner(root, _BLOCKS):
            if block.tag != f"{_W}p":
                yield from _rows(block)
                continue
            boxes: list[Any] = []
            held += "".join(_pieces(block, boxes))
            # A break that was taken out joins its paragraph to the next.
            if not _has(block, "pPr/rPr", "del", "moveFrom"):
                yield held
                held = ""
            yield from _lines(boxes)
    if held:
        yield held


def _pieces(paragraph: Any, boxes: list[Any]) -> Iterator[str]:
    for piece in _inner(paragraph, _PIECES):
        if piece.tag == _BOX:
            boxes.append(piece)
        else:
            yield _SIGNS.get(piece.tag) or piece.text or ""


def _rows(table: Any) -> Iterator[str]:
    for row in _inner(table, {f"{_W}tr"}):
        if not _has(row, "trPr", "del"):
            cells = _inner(row, {f"{_W}tc"})
            yield "\t".join(_cell(cell) for cell in cells if not _has(cell, "tcPr", "cellDel"))


def _cell(cell: Any) -> str:
    # A cell that goes on from the row above has its text there.
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    is_again = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
    return "" if is_again else "\n".join(_lines([cell]))


def _has(element: Any, settings: str, *names: str) -> bool:
    path = "/".join(f"{_W}{name}" for name in settings.split("/"))
    return any(element.find(f"{path}/{_W}{name}") is not None for name in names)


def _inner(element: Any, wanted: Container[str]) -> Iterator[Any]:
    """The nearest elements below that are wanted, through whatever wraps them."""
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag not in _LEFT:
            yield from _inner(child, wanted)
