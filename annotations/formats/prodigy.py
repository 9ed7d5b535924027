"""Prodigy's JSON lines: one task a document, for `spans.manual`, `ner.manual` and `review`.

Entities and claims stand in `spans`, claims under the label CLAIM with `stance`, `certainty`,
`holder` and the rest as keys of the span. Tokens are cut at every edge of a span, so that each span
has tokens of its own. What Prodigy has no field for is under `purport`, which it passes through.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from json.encoder import encode_basestring_ascii as _quote
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
from annotations.records import Annotation, Claim, Document, Entity
from annotations.storage.notation import ASCII
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
    fields = {
        "text": text,
        "meta": {"title": one.document.title},
        "answer": "accept",
        "_view_id": "spans_manual",
        "_annotator_id": one.annotator,
        "_session_id": one.annotator,
        "_input_hash": _hash(text),
        "_task_hash": _hash(f"{one.annotator}|{text}"),
    }
    spans = ", ".join([_span(each, words) for each in annotations])
    return carrying(fields, one, spans=f"[{spans}]", tokens=_tokens(text, words))


def _span(one: Annotation, words: Sequence[tuple[int, int]]) -> str:
    """An annotation as JSON, one string and not a dictionary: most have these fields alone."""
    start, end = one.span.start, one.span.end
    first, last = bisect_left(words, (start,)), bisect_left(words, (end,)) - 1
    if isinstance(one, Claim):
        label, more = CLAIM, f", {ASCII.encode(fields_of(one))[1:-1]}"
    else:
        label, more = one.label, ""
    return (
        f'{{"start": {start}, "end": {end}, "text": {_quote(one.text)}, "token_start": {first}, '
        f'"token_end": {last}, "label": {_quote(label)}{more}}}'
    )


def _tokens(text: Text, words: Iterable[tuple[int, int]]) -> str:
    """The tokens as JSON, in the same way: there are more of them than of all the rest."""
    rows = [
        f'{{"text": {_quote(text[start:end])}, "start": {start}, "end": {end}, "id": {number}, '
        f'"ws": {"true" if text[end : end + 1] == " " else "false"}}}'
        for number, (start, end) in enumerate(words)
    ]
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
    start, end = whole(span["start"], "the start"), whole(span["end"], "the end")
    is_claim = label.upper() == CLAIM
    fields = {str(name): value for name, value in span.items()} if is_claim else {}
    score = span.get("score")
    if score is not None and not isinstance(score, int | float):
        score = None
    kind = Claim.kind if is_claim else Entity.kind
    return Mark(kind, start, end, label, span.get("text"), fields, score)


FORMAT: Final = Format(
    name="prodigy",
    suffix=".jsonl",
    description="Prodigy's tasks, with entities and claims as spans",
    write=write,
    read=read,
)
