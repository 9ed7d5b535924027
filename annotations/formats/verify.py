"""Whether an export has what it should: what was written against what another reader sees."""

from __future__ import annotations

import json
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from annotations.formats import official
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.writing.facts import Fact, held, known
from annotations.formats.writing.report import Loss, Report
from annotations.messages import counted
from annotations.records import Document
from annotations.text import Text

_NAMED = 20


@dataclass(slots=True)
class Verdict:
    """What a reader found in the files of an export.

    Attributes:
        reader: whose reader it was.
        documents: how many documents it saw.
        annotations: how many annotations it saw.
        differences: one line for each that it should have seen and did not, or the other way.
    """

    reader: str
    documents: int = 0
    annotations: int = 0
    differences: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The verdict for a person, a line at a time."""
        yield from self.differences[:_NAMED]
        if len(self.differences) > _NAMED:
            yield f"and {len(self.differences) - _NAMED} more"
        count = f"{counted(self.documents, 'document')}, {counted(self.annotations, 'annotation')}"
        if self.differences:
            yield f"{self.reader}: {count}, {counted(len(self.differences), 'difference')} from what was written"
        else:
            yield f"{self.reader}: {count}, as written"


class Verifier:
    """Remembers what goes into an export, and holds the files against it afterwards.

    What it remembers is in a file without a name, so that memory does not grow with the export.
    """

    def __init__(self, chosen: Format) -> None:
        self.chosen = chosen
        self.reader, self.check = official.check(chosen)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it closes with the verifier
        weakref.finalize(self, self._file.close)
        self._places: dict[str, list[int]] = {}

    def see(self, one: Labelled) -> None:
        """Take in a document that is being written."""
        document = one.document
        self._places.setdefault(document.id, []).append(self._file.tell())
        row = [document.title, document.text, known(one)]
        self._file.write(json.dumps(row, separators=(",", ":")).encode() + b"\n")

    def verdict(self, report: Report) -> Verdict:
        """Read the files again and compare; that a reader fails is a difference, too."""
        losses: dict[str, list[Loss]] = {}
        for loss in report.losses:
            losses.setdefault(loss.document, []).append(loss)
        made = Verdict(self.reader)
        # A document of several layers comes several times, and is compared when all have come.
        waiting = {one: len(places) for one, places in self._places.items()}
        partly: dict[str, Counter[Fact]] = {}
        for part in report.parts:
            try:
                for document_id, seen in self.check(part.path, self._document):
                    made.documents += 1
                    made.annotations += seen.total()
                    have = partly.pop(document_id, Counter()) + seen
                    waiting[document_id] = waiting.get(document_id, 0) - 1
                    if waiting[document_id] > 0:
                        partly[document_id] = have
                        continue
                    want = self._expected(document_id, losses.get(document_id, ()))
                    made.differences += _differences(document_id, want, have)
            except Exception as error:  # whatever another program's reader raises
                words = " ".join(str(error).split())
                made.differences.append(f"{part.path}: {type(error).__name__}: {words}")
        for document_id, missing in waiting.items():
            want = self._expected(document_id, losses.get(document_id, ()))
            if document_id in partly:
                made.differences += _differences(document_id, want, partly[document_id])
            elif missing > 0 and (want or self.chosen.name != "csv"):
                made.differences.append(f"{document_id}: is not there")
        return made

    def _expected(self, document_id: str, losses: Iterable[Loss]) -> Counter[Fact]:
        said = [*losses]
        parts = (
            held(((each, tuple(one)) for each, one in rows), said, self.chosen)
            for _, _, rows in self._rows(document_id)
        )
        return sum(parts, Counter())

    def _document(self, document_id: str) -> Document | None:
        for title, text, _ in self._rows(document_id):
            return Document(Text(text), title)
        return None

    def _rows(self, document_id: str) -> Iterator[list[Any]]:
        for place in self._places.get(document_id, ()):
            self._file.seek(place)
            yield json.loads(self._file.readline())


def _differences(document_id: str, want: Counter[Fact], have: Counter[Fact]) -> Iterator[str]:
    yield from (f"{document_id}: lacks {_told(one)}" for one in want - have)
    yield from (f"{document_id}: also has {_told(one)}" for one in have - want)


def _told(one: Fact) -> str:
    kind, start, end, value = one
    return f"{kind} {start}-{end} {value}"
