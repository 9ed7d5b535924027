"""CoNLL-2003's columns: a token a line, IOB2 in the last, a blank line behind each sentence.

The second column has the token's offsets, `15-20` in code points, where the original has the part
of speech, so that the text is found again. On reading, IOB1, IOB2, BIOES and BILOU are understood,
and the columns of GermEval: a number that counts a sentence's tokens, the token, and a column of
tags for the outer entities and one for those inside of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final, Self, TextIO

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.reading.intake import Intake
from annotations.formats.reading.offsets import Mark
from annotations.formats.writing.report import Report
from annotations.formats.writing.tokens import chunks, joined, tag_parts, tokens
from annotations.records import Document, Entity
from annotations.sources.outcome import LIMIT
from annotations.span import Span
from annotations.text import Text

_START: Final = "-DOCSTART-"
_PLACE: Final = re.compile(r"[0-9]+-[0-9]+")
# A line that `write` made; the second column tells a token # from a remark.
_OURS: Final = re.compile(r"([^ \t]+) ([0-9]+-[0-9]+) -X- (O|[BI]-[^ \t\r\n]+)\n")

OVERLAPPING: Final = "overlaps a longer entity; left out, since a token has one label"
BLANK: Final = "covers white space alone; left out"
CUT: Final = "begins or ends in white space; cut to its words"
SPACED: Final = "has a label with white space; written with _"


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write one block a document, headed by `-DOCSTART-` with its id."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for one in documents:
            _write(one, file, report)


def _write(one: Labelled, file: TextIO, report: Report) -> None:
    text = one.document.text
    flat = _flat(one, report)
    words = tokens(text, [entity.span for entity in flat])
    letters = [text[start:end] for start, end in words]
    together = "".join(letters)
    if together.split() != [together]:  # as few do: white space is no token by itself
        words = [place for place, word in zip(words, letters, strict=True) if not word.isspace()]
        letters = ["_".join(text[start:end].split()) for start, end in words]
    starts = [start for start, _ in words]
    tags = ["O"] * len(words)
    inside: set[int] = set()
    for entity in flat:
        span = entity.span
        first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
        if first == last:
            report.lose(one.document, entity, BLANK)
            continue
        label = "_".join(entity.label.split())
        start, end = starts[first], words[last - 1][1]
        if label != entity.label or start != span.start or end != span.end:
            reason = SPACED if label != entity.label else CUT
            report.lose(one.document, entity, reason, held=(Span(start, end), label))
        tags[first] = f"B-{label}"
        for number in range(first + 1, last):
            tags[number] = f"I-{label}"
            inside.add(number)
    rows = [
        f"{word} {start}-{end} -X- {tag}\n"
        for word, (start, end), tag in zip(letters, words, tags, strict=True)
    ]
    for sentence in text.sentences():
        number = bisect_left(starts, sentence.end)
        while number in inside:  # no entity is cut in two
            number += 1
        if number < len(rows) and not rows[number].startswith("\n"):
            rows[number] = f"\n{rows[number]}"
    file.write(f"{_START} {one.document.id} -X- O\n\n{''.join(rows)}\n")


def _flat(one: Labelled, report: Report) -> list[Entity]:
    """The entities that do not overlap, the longer ones first chosen, in document order."""
    if all(ahead.span.end <= behind.span.start for ahead, behind in pairwise(one.entities)):
        return [*one.entities]
    taken: list[Span] = []
    kept: list[Entity] = []
    for entity in sorted(one.entities, key=lambda each: (-len(each.span), each.span.start)):
        place = bisect_right(taken, entity.span)
        if any(near.overlaps(entity.span) for near in taken[max(0, place - 1) : place + 1]):
            report.lose(one.document, entity, OVERLAPPING)
            continue
        taken.insert(place, entity.span)
        kept.append(entity)
    return sorted(kept, key=lambda each: each.span)


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a file in columns, the last of which is the tag.

    Where the file has our offsets and the project the document, its own text is taken; else the
    tokens are put together, with spaces between them and a line for each sentence. Where the first
    column counts the tokens, the second is the token and every one behind it has tags. A line of
    the sign # is a token where it has as many columns as the others and a tag in the last, else a
    remark.

    Raises:
        InputError: a line is none of it; the message has the file and the line's number.
    """
    block, found = _Block(), 0
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            remark = _Remark.of(_lines(path, file))
            file.seek(0)
            for number, line in enumerate(iter(partial(file.readline, LIMIT + 1), ""), 1):
                if len(line) > LIMIT:
                    raise _long(path, number)
                if row := _OURS.fullmatch(line):  # as most lines are
                    block.rows.append(row.groups())
                    block.counts = False
                    continue
                columns = _columns(line)
                if not columns:
                    block.rows.append(None)
                elif columns[0] == _START:
                    if any(block.rows):
                        found += 1
                        yield block.document(path, found, intake)
                    block = _Block(columns[1] if len(columns) > 1 else "", number)
                elif columns[0] == "#" and remark.is_one(line, columns, counted=block.counts):
                    words = " ".join(columns)[:60]
                    intake.omissions.add("remarks behind a #", f"{path}:{number}: {words}")
                elif len(columns) > 1 and tag_parts(columns[-1]):
                    block.add(columns)
                else:
                    raise InputError(
                        f"{path}:{number}: {columns[-1][:60]!r} is no tag; the last column is O, "
                        "B-PER and so on."
                    )
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8. Save it as UTF-8 and import it again.") from None
    except OSError as error:
        raise InputError(f"{path}: not readable ({error.strerror}).") from None
    if any(block.rows):
        yield block.document(path, found + 1, intake)


def _lines(path: Path, file: TextIO) -> Iterator[tuple[int, str]]:
    """The lines by their numbers; none is read that is longer than a document may be."""
    for number, line in enumerate(iter(partial(file.readline, LIMIT + 1), ""), 1):
        if len(line) > LIMIT:
            raise _long(path, number)
        yield number, line


def _long(path: Path, number: int) -> InputError:
    return InputError(f"{path}:{number}: a line over {LIMIT // 1024**2} MB.")


def _columns(line: str) -> list[str]:
    if line.isspace():
        return []
    columns = line.strip("\r\n").replace("\t", " ").split(" ")
    return [each for each in columns if each] if "" in columns else columns


def _counts(columns: Sequence[str], number: int) -> bool:
    """Whether the columns begin with the token's number, the token, and a tag."""
    return columns[0] == str(number) and len(columns) > 2 and tag_parts(columns[2]) is not None


@dataclass(frozen=True, slots=True)
class _Remark:
    """What tells a remark from a token #, by the first line of the file that is neither.

    Attributes:
        width: how many columns it has; 0 where there is none.
        has_tabs: whether tabs stand between them.
        is_ours: whether `write` made it.
        counts: whether its first column may be the token's number, as the next line's.
    """

    width: int = 0
    has_tabs: bool = False
    is_ours: bool = False
    counts: bool = False

    @classmethod
    def of(cls, lines: Iterator[tuple[int, str]]) -> Self:
        """What the first line says that begins with no # and is no head."""
        for _, line in lines:
            columns = _columns(line)
            if columns and columns[0] not in ("#", _START):
                after = _columns(next(lines, (0, "\n"))[1])
                counts = _counts(columns, 1) and (not after or _counts(after, 2))
                return cls(len(columns), "\t" in line, _OURS.fullmatch(line) is not None, counts)
        return cls()

    def is_one(self, line: str, columns: Sequence[str], *, counted: bool) -> bool:
        """Whether a line whose first column is # is a remark.

        Args:
            line: as it stands in the file.
            columns: the same, taken apart.
            counted: whether all tokens ahead of it begin with their numbers.
        """
        return (
            self.is_ours
            or (self.counts and counted)
            or len(columns) < 2
            or tag_parts(columns[-1]) is None
            or (self.width > 0 and (len(columns), "\t" in line) != (self.width, self.has_tabs))
        )


@dataclass(slots=True)
class _Block:
    """The lines of one document.

    Attributes:
        reference: what `-DOCSTART-` says that it is, if anything.
        first: the number of its first line.
        rows: the columns of each token, of which the last is the tag; None for an empty line.
        counts: whether the first column counts the tokens of each sentence, so far.
        count: how many tokens the sentence has so far.
    """

    reference: str = ""
    first: int = 1
    rows: list[tuple[str, ...] | None] = field(default_factory=list)
    counts: bool = True
    count: int = 0

    def add(self, columns: Sequence[str]) -> None:
        """One more token."""
        if self.counts:
            self.count = self.count + 1 if self.rows and self.rows[-1] else 1
            self.counts = _counts(columns, self.count)
        place = columns[1] if len(columns) > 2 else ""
        self.rows.append(tuple(columns) if self.counts else (columns[0], place, columns[-1]))

    def document(self, path: Path, number: int, intake: Intake) -> Labelled:
        """What they say."""
        # One token alone that is the number 1 may be just that.
        counts = self.counts and sum(map(bool, self.rows)) > 1
        rows = [row[1:] if row else None for row in self.rows] if counts else self.rows
        tagged = [row for row in rows if row]
        document = intake.find(self.reference) if self.reference not in ("", "-X-") else None
        spans = _spans([row[1] for row in tagged]) if document is not None and not counts else None
        if document is None or spans is None:
            text, spans = joined([row[0] if row else "" for row in rows])
            document = Document(Text(text), f"{path.stem}:{number}", str(path))
        breaks = [at for at, row in enumerate(rows) if not row]
        marks: list[Mark] = []
        for column in range(1, max(map(len, tagged))) if counts else (-1,):
            # An empty line ends what is open: an entity is of one sentence.
            tags = [row[column] if row and column < len(row) else "O" for row in rows]
            for low, high, label in chunks(tags):
                at = low - bisect_left(breaks, low)
                # The words of its tokens, to see that this is the text that they are of.
                words = _words([row[0] for row in rows[low:high] if row])
                start, end = spans[at][0], spans[at + high - low - 1][1]
                marks.append(Mark(Entity.kind, start, end, label, words))
        return intake.labelled(document, marks, f"{path}:{self.first}")


def _spans(places: Sequence[str]) -> list[tuple[int, int]] | None:
    """Where each token stands, by our column; None where one has no such column."""
    if not all(map(_PLACE.fullmatch, places)):
        return None
    halves = [place.split("-") for place in places]
    return [(int(start), int(end)) for start, end in halves]


def _words(letters: list[str]) -> str | None:
    joined = "".join(letters)
    return None if "_" in joined else joined


FORMAT: Final = Format(
    name="conll",
    suffix=".conll",
    description="CoNLL-2003's columns in IOB2; IOB1, BIOES and BILOU are read, too",
    cannot_hold="claims, overlapping entities, titles, notes, scores, and who decided",
    lost=frozenset(
        [
            "title",
            "meta",
            "annotator",
            "unfinished",
            "rejected",
            "claims",
            "status",
            "notes",
            "scores",
            "provenance",
            "decisions",
        ]
    ),
    also=(".txt", ".iob", ".bio", ".tsv"),
    write=write,
    read=read,
)
