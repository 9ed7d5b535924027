"""Prodigy's JSON lines: one task a document, for `spans.manual`, `ner.manual` and `review`.

Entities and claims stand in `spans`, claims under the label CLAIM with `stance`, `certainty`,
`holder` and the rest as keys of the span. Tokens are cut at every edge of a span, so that each span
has tokens of its own. What Prodigy has no field for is under `purport`, which it passes through.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from json.encoder import encode_basestring_ascii as _quote
from pathlib import Path
from typing import Any, Final

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.format import Format
from annotations.formats.reading.intake import CLAIM, Intake, carrying, fields_of
from annotations.formats.reading.offsets import Mark, whole
from annotations.formats.reading.parts import parts, score, tell, word, words
from annotations.formats.reading.stream import elements
from annotations.formats.writing.report import Report
from annotations.formats.writing.tokens import tokens
from annotations.records import Annotation, Claim, Document, Entity
from annotations.storage.notation import ASCII
from annotations.text import Text

_OWN: Final = {
    "text", "tokens", "spans", "relations", "options", "accept", "label", "answer", "meta",
    "config", "purport",
}  # fmt: skip


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

    Relations and choices are passed over; a span without offsets is placed by its tokens.

    Raises:
        InputError: it is no such file; the message has the file and the task's number.
    """
    for where, task in elements(path):
        if not isinstance(task, dict) or "text" not in task:
            raise InputError(f'{where}: no task of Prodigy: it has no "text".')
        if task.get("answer", "accept") != "accept":
            intake.notes.append(f"{where}: left out, since its answer is {task['answer']!r}")
            continue
        text = task["text"]
        if not isinstance(text, str):
            intake.unplaced.append(f"{where}: left out: its text {text!r:.60} is no text")
            continue
        meta = task.get("meta")
        more = {name: task[name] for name in task if name not in _OWN and not name.startswith("_")}
        meta = {**more, **meta} if isinstance(meta, dict) else more
        title = str(meta.get("title") or f"{path.stem}:{where.rpartition(':')[2]}")
        tell(task.get("relations"), "relations", where, intake)
        tell(task.get("accept"), "choices", where, intake)
        tell(task.get("label"), "labels of the whole text", where, intake)
        mark = partial(_mark, task.get("tokens"))
        yield intake.labelled(
            Document(Text(text), title, str(path), metadata=meta),
            parts(task.get("spans"), mark, "span", where, intake),
            where,
            pack=task.get("purport"),
            annotator=str(task.get("_annotator_id") or ""),
        )


def _mark(tokens: Any, span: Mapping[str, Any]) -> Mark:
    label = word(span.get("label"), "label")
    if span.get("start") is None and span.get("token_start") is not None:
        start, end = _by_tokens(tokens, span)
    else:
        start, end = whole(span["start"], "the start"), whole(span["end"], "the end")
    is_claim = label.upper() == CLAIM
    fields = {str(name): value for name, value in span.items()} if is_claim else {}
    kind = Claim.kind if is_claim else Entity.kind
    return Mark(kind, start, end, label, words(span.get("text")), fields, score(span.get("score")))


def _by_tokens(tokens: Any, span: Mapping[str, Any]) -> tuple[int, int]:
    """The place of a span that names its first and its last token alone."""
    first, last = whole(span["token_start"], "token_start"), whole(span["token_end"], "token_end")
    if not isinstance(tokens, list) or not 0 <= first <= last < len(tokens):
        raise InputError(f"it has no offsets, and there are no tokens {first} to {last}")
    start, end = tokens[first]["start"], tokens[last]["end"]
    return whole(start, "the start"), whole(end, "the end")


FORMAT: Final = Format(
    name="prodigy",
    suffix=".jsonl",
    description="Prodigy's tasks, with entities and claims as spans",
    write=write,
    read=read,
)
