"""Whether an export has what it should: what was written against what another reader sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from annotations.formats import official
from annotations.formats.documents import Labelled
from annotations.formats.facts import Fact, held
from annotations.formats.format import Format
from annotations.formats.report import Loss, Report
from annotations.records import Document

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
        count = f"{self.documents} documents, {self.annotations} annotations"
        if self.differences:
            yield f"{self.reader}: {count}, {len(self.differences)} differences from what was written"
        else:
            yield f"{self.reader}: {count}, as written"


class Verifier:
    """Remembers what goes into an export, and holds the files against it afterwards."""

    def __init__(self, chosen: Format) -> None:
        self.chosen = chosen
        self.reader, self.check = official.check(chosen)
        self._written: dict[str, list[Labelled]] = {}

    def see(self, one: Labelled) -> None:
        """Take in a document that is being written."""
        self._written.setdefault(one.document.id, []).append(one)

    def verdict(self, report: Report) -> Verdict:
        """Read the files again and compare; that a reader fails is a difference, too."""
        losses: dict[str, list[Loss]] = {}
        for loss in report.losses:
            losses.setdefault(loss.document, []).append(loss)
        expected: dict[str, Counter[Fact]] = {}
        for document_id, many in self._written.items():
            parts = (held(one, losses.get(document_id, []), self.chosen) for one in many)
            expected[document_id] = sum(parts, Counter())
        made = Verdict(self.reader)
        found: dict[str, Counter[Fact]] = {}
        for part in report.parts:
            try:
                for document_id, seen in self.check(part.path, self._text):
                    found[document_id] = found.get(document_id, Counter()) + seen
                    made.documents += 1
                    made.annotations += seen.total()
            except Exception as error:  # whatever another program's reader raises
                words = " ".join(str(error).split())
                made.differences.append(f"{part.path}: {type(error).__name__}: {words}")
        for document_id in {**expected, **found}:
            want, have = expected.get(document_id, Counter()), found.get(document_id)
            if have is None:
                if want or self.chosen.name != "csv":
                    made.differences.append(f"{document_id}: is not there")
                continue
            made.differences += [f"{document_id}: lacks {_told(one)}" for one in want - have]
            made.differences += [f"{document_id}: also has {_told(one)}" for one in have - want]
        return made

    def _text(self, document_id: str) -> Document | None:
        many = self._written.get(document_id)
        return many[0].document if many else None


def _told(one: Fact) -> str:
    kind, start, end, value = one
    return f"{kind} {start}-{end} {value}"
