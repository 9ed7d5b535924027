r"""JSON lines: one document a line, with everything that is known of its annotations.

    {"id", "title", "source", "added_at", "text", "meta", "annotator", "finished",
     "entities": [...], "claims": [...], "rejected": [...]}

An annotation has `id`, `kind`, `start`, `end` (code points of `text`), `text`, its label or claim
fields, `status`, `note`, `score`, `suggested_by` (null where a person added it; else the model's
layer with the offsets, values and score of the suggestion), `decided_by`, `decided_at` and `rev`.
Every key is always there. A line ends in LF and in nothing else: U+2028 and its like are escaped.

What other programs found may come with less, as long as no line says whose work it is:

    {"text", "entities": [{"start", "end", "label"}], "claims": [{"start", "end", "stance", …}]}

with `title` and `meta` of the document, and `text`, `score` and `note` of an annotation, if they are
known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from annotations.errors import InputError, PurportError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.reading.intake import Intake, document_of
from annotations.formats.reading.offsets import Mark, whole
from annotations.formats.reading.soundness import annotation, sound
from annotations.formats.reading.stream import opened
from annotations.formats.writing.report import Report
from annotations.records import Annotation, Claim, Document, Entity, Plain
from annotations.sources.outcome import LIMIT
from annotations.storage.decoder import decoded
from annotations.storage.notation import Notation
from annotations.text import Text

_RENAMED: Final = {"origin": "suggested_by", "by": "decided_by", "at": "decided_at"}
_LISTS: Final = ("entities", "claims", "rejected")
_WHOLE: Final = Notation(names=_RENAMED, is_whole=True)
# Other programs' readers take these for the end of a line.
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


_KNOWN: Final = frozenset(("text", "title", "meta", "entities", "claims"))
"""What is read of a line that another program wrote."""


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write one line a document; nothing is lost, so `report` stays as it is."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for one in documents:
            file.write(line(one))


def line(one: Labelled) -> str:
    """The line of one document, with its LF."""
    document = one.document
    head = _WHOLE.encode(
        {
            "id": document.id,
            "title": document.title,
            "source": document.source,
            "added_at": document.added_at,
            "text": document.text,
            "meta": dict(document.metadata),
            "annotator": one.annotator,
            "finished": one.finished,
        }
    )
    lists = "".join(f', "{name}": {_WHOLE.list(getattr(one, name))}' for name in _LISTS)
    return _LINE_ENDS.sub(_escaped, f"{head[:-1]}{lists}}}") + "\n"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def read(path: Path, intake: Intake | None = None) -> Iterator[Labelled]:
    """The documents of a file that `write` made, or of another program's with less in it.

    Raises:
        InputError: a line is not such a document; the message has the file and the line's number.
    """
    # A binary file's lines end in LF and in nothing else.
    with opened(path) as file:
        number = 0
        while row := file.readline(LIMIT + 1):
            number += 1
            if len(row) > LIMIT:
                raise InputError(f"{path}:{number}: a line over {LIMIT // 1024**2} MB.")
            if row.strip():
                yield _parse(row, path, number, intake or Intake())


def _parse(row: bytes, path: Path, number: int, intake: Intake) -> Labelled:
    where = f"{path}:{number}"
    try:
        plain = decoded(row)
        if "annotator" not in plain:
            title = " ".join(str(plain.get("title") or f"{path.stem}:{number}").split())
            meta = plain.get("meta") or {}
            for name in plain.keys() - _KNOWN:
                if plain[name] and isinstance(plain[name], list):
                    what = f"lists called {name!r:.40} (another --format may read them)"
                    intake.omissions.add(what, where)
            document = Document(Text(plain["text"]), title, str(path), metadata=dict(meta))
            return intake.labelled(document, list(_marks(plain, where, intake)), where)
        document = document_of(plain, Text(plain["text"]))
        if plain["id"] != document.id:
            raise InputError(f"{where}: the text is not the one that id {plain['id']} stands for.")
        read = {name: _annotations(plain[name], document.text, where, intake) for name in _LISTS}
        return Labelled(
            document=document,
            annotator=plain["annotator"],
            finished=plain["finished"],
            entities=tuple(one for one in read["entities"] if isinstance(one, Entity)),
            claims=tuple(one for one in read["claims"] if isinstance(one, Claim)),
            rejected=read["rejected"],
        )
    except PurportError as error:
        words = str(error)
        raise InputError(words if words.startswith(where) else f"{where}: {words}") from None
    except KeyError as error:
        raise InputError(f"{where}: {error} is missing or unknown.") from None
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{where}: no document of this format ({error}).") from None


def _marks(plain: Plain, where: str, intake: Intake) -> Iterator[Mark]:
    for name, kind in (("entities", Entity.kind), ("claims", Claim.kind)):
        for one in plain.get(name) or ():
            try:
                yield _mark(one, kind)
            except InputError as error:
                intake.unplaced.append(f"{where}: {kind} left out: {error}")


def _mark(one: Plain, kind: str) -> Mark:
    label = one["label"] if kind == Entity.kind else ""
    if not isinstance(label, str):
        raise InputError(f"its label {label!r:.60} is no text")
    return Mark(
        kind=kind,
        start=whole(one["start"], "the start"),
        end=whole(one["end"], "the end"),
        label=label,
        words=one.get("text"),
        fields={} if kind == Entity.kind else one,
        score=one.get("score"),
        note=str(one.get("note") or ""),
    )


def _annotations(rows: list[Any], text: Text, where: str, intake: Intake) -> tuple[Annotation, ...]:
    found = []
    renamed = [] if intake.suggests else [(there, name) for name, there in _RENAMED.items()]
    for row in rows:
        for there, name in renamed:
            if there in row:
                row[name] = row[there]
        found.append(sound(annotation(row), text))
    return tuple(found)


FORMAT: Final = Format(
    name="jsonl",
    suffix=".jsonl",
    description="one document a line, with everything that is known of its annotations",
    write=write,
    read=read,
)
