"""Label Studio's tasks, with the labelling configuration beside them.

A person's layer is an annotation of its task, a model's a prediction. A claim is a region labelled
CLAIM, and each of its fields a per-region choice: a further result with the same id. What Label
Studio has no field for is in the task's `meta`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.facts import fact
from annotations.formats.format import Format
from annotations.formats.intake import CLAIM, FIELDS, Intake, carrying, fields_of
from annotations.formats.markup import held
from annotations.formats.offsets import Mark, whole
from annotations.formats.report import Report
from annotations.formats.stream import elements
from annotations.records import Annotation, Claim, Document, Entity, Plain, Status
from annotations.schema import Schema
from annotations.storage.notation import ASCII
from annotations.text import Text

UNHELD: Final = "has a label with control characters; they became \ufffd, since the config is XML"


def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
    """Write one task a document, a task a line of the array."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for number, one in enumerate(documents, 1):
            file.write(",\n" if number > 1 else "\n")
            file.write(_task(one, number))
            for each in one.standing:
                said = fact(each)[3]
                if (kept := held(said)) != said:
                    report.lose(one.document, each, UNHELD, held=(each.span, kept))
        file.write("\n]\n")


def _task(one: Labelled, number: int) -> str:
    annotations = one.standing
    result = [part for each in annotations for part in _results(each)]
    made: Plain = {
        "id": number,
        "data": {"text": one.document.text, "title": one.document.title},
        "annotations": [],
        "predictions": [],
    }
    if annotations and all(each.status is Status.SUGGESTED for each in annotations):
        made["predictions"] = [{"model_version": one.annotator, "result": result}]
    else:
        made["annotations"] = [
            {"id": number, "was_cancelled": False, "ground_truth": False, "result": result}
        ]
    return f'{ASCII.encode(made)[:-1]}, "meta": {carrying({}, one)}}}'


def _results(one: Annotation) -> Iterator[Plain]:
    label = CLAIM if isinstance(one, Claim) else held(one.label)
    yield _result(one, "label", "labels", [label])
    if isinstance(one, Claim):
        for name, value in fields_of(one).items():
            is_words = name not in FIELDS
            if is_words:
                yield _result(one, name, "textarea", [value])
            else:
                yield _result(one, name, "choices", [held(value)])


def _result(one: Annotation, name: str, kind: str, values: list[str]) -> Plain:
    made: Plain = {"id": one.id, "from_name": name, "to_name": "text", "type": kind}
    made["value"] = {
        "start": one.span.start,
        "end": one.span.end,
        "text": one.text if kind != "textarea" else values,
        **({kind: values} if kind != "textarea" else {}),
    }
    if kind == "labels" and one.score is not None:
        made["score"] = one.score
    return made


def config(schema: Schema, labels: Iterable[str]) -> str:
    """The labelling configuration for these labels and the schema's claim fields."""
    names = dict.fromkeys(map(held, labels))
    rows = [f"    <Label value={_quoted(label)}/>" for label in names]
    fields = []
    for name in FIELDS:
        choices = "".join(
            f"<Choice value={_quoted(each)}/>"
            for each in dict.fromkeys(map(held, schema.names(name)))
        )
        fields.append(
            f'  <Choices name="{name}" toName="text" perRegion="true" whenTagName="label" '
            f'whenLabelValue="{CLAIM}">{choices}</Choices>'
        )
    return "\n".join(
        [
            "<View>",
            '  <Header value="$title"/>',
            '  <Labels name="label" toName="text">',
            *rows,
            f'    <Label value="{CLAIM}"/>',
            "  </Labels>",
            '  <Text name="text" value="$text"/>',
            *fields,
            '  <TextArea name="holder" toName="text" perRegion="true" whenTagName="label" '
            f'whenLabelValue="{CLAIM}"/>',
            "</View>\n",
        ]
    )


def _quoted(words: str) -> str:
    # An attribute's line breaks and tabs become spaces unless they are escaped.
    return quoteattr(words, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def beside(path: Path, report: Report) -> Mapping[str, str]:
    """The configuration, named after the file."""
    names = [label.name for label in report.schema.labels]
    extra = sorted(set(report.labels) - set(names))
    return {f"{path.stem}.config.xml": config(report.schema, [*names, *extra])}


def read(path: Path, intake: Intake) -> Iterator[Labelled]:
    """The documents of a file of tasks, with the last annotation that was not cancelled.

    A task without one gives its last prediction.

    Raises:
        InputError: it is no such file; the message has the file and the task's number.
    """
    for where, task in elements(path):
        try:
            data = task["data"]
            text = data["text"] if "text" in data else _only_text(data)
            found = [one for one in task.get("annotations") or () if not one.get("was_cancelled")]
            found = found or list(task.get("predictions") or ())
            if len(found) > 1:
                intake.notes.append(f"{where}: {len(found)} annotators; the last one is taken")
            marks = _marks(found[-1].get("result") or ()) if found else []
            meta = task.get("meta") or {}
        except (KeyError, TypeError, AttributeError, ValueError, InputError) as error:
            raise InputError(f"{where}: no task of Label Studio with a text ({error}).") from None
        title = str(data.get("title") or f"{path.stem}:{task.get('id', where.rpartition(':')[2])}")
        yield intake.labelled(
            Document(Text(text), title, str(path), metadata=_rest(data, text)),
            marks,
            where,
            pack=meta.get("purport"),
            annotator=str(found[-1].get("model_version") or "") if found else "",
        )


def _only_text(data: Mapping[str, Any]) -> str:
    """The text of a configuration that calls it otherwise: the longest string."""
    return max((value for value in data.values() if isinstance(value, str)), key=len)


def _rest(data: Mapping[str, Any], text: str) -> Plain:
    return {name: value for name, value in data.items() if value != text and name != "title"}


def _marks(results: Iterable[Mapping[str, Any]]) -> list[Mark]:
    marks: dict[str, Mark] = {}
    fields: dict[str, Plain] = {}
    for place, one in enumerate(results):
        value = one.get("value")
        if not isinstance(value, dict):
            continue
        own = str(one.get("id", place))
        kind = one.get("type", "")
        if kind in ("labels", "hypertextlabels") or "labels" in value:
            label = str(value[kind if kind in value else "labels"][0])
            marks[own] = _mark(value, label, one.get("score"))
        elif "choices" in value:
            fields.setdefault(own, {})[str(one["from_name"])] = str(value["choices"][0])
        elif kind == "textarea":
            words = value.get("text")
            said = words[0] if isinstance(words, list) else words
            fields.setdefault(own, {})[str(one["from_name"])] = said
    for own, mark in marks.items():
        if mark.kind == Claim.kind:
            mark.fields = fields.get(own, {})
    return [*marks.values()]


def _mark(value: Mapping[str, Any], label: str, score: Any) -> Mark:
    words = value.get("text")
    return Mark(
        Claim.kind if label.upper() == CLAIM else Entity.kind,
        whole(value["start"], "the start"),
        whole(value["end"], "the end"),
        label,
        words if isinstance(words, str) else None,
        score=score if score is not None and isinstance(score, int | float) else None,
    )


FORMAT: Final = Format(
    name="labelstudio",
    suffix=".json",
    description="Label Studio's tasks and predictions, with the labelling configuration beside",
    cannot_hold="control characters in labels, each named",
    write=write,
    read=read,
    beside=beside,
)
