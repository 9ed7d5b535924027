"""Prodigy's JSON lines: one task a document, for `spans.manual`, `ner.manual` and `review`.

Entities and claims stand in `spans`, claims under the label CLAIM with `stance`, `certainty`,
`holder` and the rest as keys of the span. Tokens are cut at every edge of a span, so that each span
has tokens of its own. What Prodigy has no field for is under `purport`, which it passes through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from json.encoder import encode_basestring_ascii
from pathlib import Path
from typing import Any, Final

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.intake import CLAIM, Intake, carrying, fields_of
from annotations.formats.offsets import Mark, whole
from annotations.formats.report import Report
from annotations.formats.stream import elements
from annotations.formats.tokens import tokens
from annotations.records import Claim, Document, Entity, Plain
from annotations.text import Text


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write one task a document."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for one in documents:
            file.write(_task(one) + "\n")


def _task(one: Labelled) -> str:
    text = one.document.text
    annotations = one.standing
    words = tokens(text, [each.span for each in annotations])
    starts = {start: number for number, (start, _) in enumerate(words)}
    ends = {end: number for number, (_, end) in enumerate(words)}
    spans: list[Plain] = []
    for each in annotations:
        span: Plain = {"start": each.span.start, "end": each.span.end, "text": each.text}
        span["token_start"] = starts[each.span.start]
        span["token_end"] = ends[each.span.end]
        if isinstance(each, Claim):
            span |= {"label": CLAIM, **fields_of(each)}
        else:
            span["label"] = each.label
        spans.append(span)
    fields = {
        "text": text,
        "spans": spans,
        "meta": {"title": one.document.title},
        "answer": "accept",
        "_view_id": "spans_manual",
        "_annotator_id": one.annotator,
        "_session_id": one.annotator,
        "_input_hash": _hash(text),
        "_task_hash": _hash(f"{one.annotator}|{text}"),
    }
    return carrying(fields, one, tokens=_tokens(text, words))


def _tokens(text: Text, words: Iterable[tuple[int, int]]) -> str:
    """The tokens as JSON, one string and not a dictionary each: there are more of them than of all."""
    quote = encode_basestring_ascii
    rows = (
        f'{{"text": {quote(text[start:end])}, "start": {start}, "end": {end}, "id": {number}, '
        f'"ws": {"true" if text[end : end + 1] == " " else "false"}}}'
        for number, (start, end) in enumerate(words)
    )
    return f"[{', '.join(rows)}]"


def _hash(words: str) -> int:
    """A signed number of 32 bits, as Prodigy tells inputs and tasks apart."""
    digest = sha256(words.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big", signed=True)


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a file that Prodigy or `write` made; tasks not accepted are left out.

    Raises:
        InputError: it is no such file; the message has the file and the task's number.
    """
    for where, task in elements(path):
        if not isinstance(task, dict) or not isinstance(task.get("text"), str):
            raise InputError(f'{where}: no task of Prodigy: it has no "text".')
        if task.get("answer", "accept") != "accept":
            intake.notes.append(f"{where}: left out, since its answer is {task['answer']!r}")
            continue
        meta = task.get("meta")
        meta = meta if isinstance(meta, dict) else {}
        title = str(meta.get("title") or f"{path.stem}:{where.rpartition(':')[2]}")
        try:
            marks = [_mark(span) for span in task.get("spans") or ()]
        except (KeyError, TypeError, AttributeError, InputError) as error:
            raise InputError(f"{where}: a span of it is broken ({error}).") from None
        yield intake.labelled(
            Document(Text(task["text"]), title, str(path), metadata=meta),
            marks,
            where,
            pack=task.get("purport"),
            annotator=str(task.get("_annotator_id") or ""),
        )


def _mark(span: Mapping[str, Any]) -> Mark:
    label = str(span["label"])
    is_claim = label.upper() == CLAIM
    return Mark(
        kind=Claim.kind if is_claim else Entity.kind,
        start=whole(span["start"], "the start"),
        end=whole(span["end"], "the end"),
        label=label,
        words=span.get("text"),
        fields={str(name): value for name, value in span.items()} if is_claim else {},
        score=span.get("score") if isinstance(span.get("score"), int | float) else None,
    )


FORMAT: Final = Format(
    name="prodigy",
    suffix=".jsonl",
    description="Prodigy's tasks, with entities and claims as spans",
    write=write,
    read=read,
)
