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
from annotations.formats.format import Format
from annotations.formats.markup import held
from annotations.formats.reading.intake import CLAIM, FIELDS, Intake, carrying, fields_of
from annotations.formats.reading.offsets import Mark
from annotations.formats.reading.parts import items, tell
from annotations.formats.reading.stream import elements
from annotations.formats.regions import Regions
from annotations.formats.writing.facts import fact
from annotations.formats.writing.report import Report
from annotations.messages import counted
from annotations.records import Annotation, Claim, Document, Plain, Status
from annotations.schema import Schema
from annotations.storage.notation import ASCII
from annotations.text import Text

UNHELD: Final = "has a label with control characters; they became \ufffd, since the config is XML"
_STAMPS: Final = {"created_at", "updated_at", "annotator", "title"}


_LABELS: Final = frozenset(("label", "labels"))
"""What a control of labels is called, as a rule."""


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
    """The documents of a file of tasks, in Label Studio's JSON or its JSON_MIN.

    What any annotator of a task says is taken, but for those that cancelled it; of those that one
    is marked as ground truth, that alone. A task without annotations gives its predictions.

    Raises:
        InputError: it is no such file; the message has the file and the task's number.
    """
    many: list[str] = []
    for where, task in elements(path):
        data, takes = _parted(task, where, intake)
        text, starts = _text(data, where)
        if text is None:
            intake.unplaced.append(f"{where}: left out: its text is no text")
            continue
        if len(takes) > 1:
            many.append(where)
        marks: list[Mark] = []
        for take in takes:
            results = items(take.get("result"), "results", where, intake)
            marks += Regions(text, starts, where, intake).marks(results)
        if len(takes) > 1:  # what another said before adds nothing
            marks = [*{repr(mark): mark for mark in marks}.values()]
        meta = task.get("meta")
        meta = dict(meta) if isinstance(meta, dict) else {"meta": meta} if meta else {}
        pack = meta.pop("purport", None)
        title = str(data.get("title") or f"{path.stem}:{task.get('id', where.rpartition(':')[2])}")
        yield intake.labelled(
            Document(Text(text), title, str(path), metadata={**meta, **_rest(data, text)}),
            marks,
            where,
            pack=pack,
            annotator=str(takes[-1].get("model_version") or "") if takes else "",
        )
    if many:
        intake.notes.append(
            f"{path}: {counted(len(many), 'task')} with several annotators, the first at {many[0]}; "
            "what any of them says is taken"
        )


def _parted(task: Any, where: str, intake: Intake) -> tuple[Plain, list[Plain]]:
    """A task's data, and what is taken of what was said of it."""
    if not isinstance(task, dict):
        raise InputError(f"{where}: no task of Label Studio.")
    data = task.get("data")
    if isinstance(data, dict):
        return data, _takes(task, where, intake)
    # JSON_MIN: data and regions side by side, each control under its name.
    regions = {name: value for name, value in task.items() if _is_regions(value)}
    result = [
        {"from_name": name, "type": _kind(one), "value": one}
        for name, value in regions.items()
        for one in value
    ]
    rest = {name: value for name, value in task.items() if name not in regions}
    for name in _LABELS & rest.keys():
        tell(rest[name], "values under label that are no regions", where, intake)
    if not regions and not {"text", "annotator"} & set(rest):
        raise InputError(f'{where}: no task of Label Studio: it has neither "data" nor "text".')
    return {name: rest[name] for name in rest if name not in ("id", "meta")}, [{"result": result}]


def _is_regions(value: Any) -> bool:
    return isinstance(value, list) and any(_kind(one) and "start" in one for one in value)


def _kind(value: Any) -> str:
    """Which kind of labels a region of JSON_MIN has; it does not say."""
    names = value if isinstance(value, dict) else ()
    return next((name for name in names if name.endswith("labels")), "")


def _takes(task: Plain, where: str, intake: Intake) -> list[Plain]:
    """The annotations of a task that count, or else its predictions; the others are told."""
    said = items(task.get("annotations", task.get("completions")), "annotations", where, intake)
    live = [one for one in said if isinstance(one, dict)]
    odd = [one for one in said if not isinstance(one, dict)]
    tell(odd, "annotations that are no objects", where, intake)
    guesses = items(task.get("predictions"), "predictions", where, intake)
    guesses = [one for one in guesses if isinstance(one, dict) and one.get("result")]
    cancelled = [one for one in live if one.get("was_cancelled") or one.get("skipped")]
    tell(cancelled, "cancelled annotations", where, intake)
    tell(task.get("drafts"), "drafts", where, intake)
    live = [one for one in live if one not in cancelled] if cancelled else live
    if not live:
        return guesses
    tell(guesses, "predictions of texts that people annotated", where, intake)
    if truth := [one for one in live if one.get("ground_truth")]:
        others = [one for one in live if one not in truth]
        tell(others, "annotations beside the ground truth", where, intake)
        return truth
    full = [one for one in live if one.get("result")]
    if full and len(full) < len(live):
        empty = [one for one in live if not one.get("result")]
        tell(empty, "empty annotations beside others", where, intake)
    return full


def _text(data: Plain, where: str) -> tuple[str | None, list[int]]:
    """The text of a task, None if that is none, and where the paragraphs of a dialogue start.

    Raises:
        InputError: nothing in the data is a text.
    """
    if isinstance(data.get("text", ""), str):
        if "text" in data:
            return data["text"], []
        for value in data.values():
            if (said := _paragraphs(value)) is not None:
                break
        else:
            texts = [
                value
                for name, value in data.items()
                if isinstance(value, str) and name not in _STAMPS
            ]
            if not texts:
                raise InputError(f"{where}: no task of Label Studio with a text.")
            return max(texts, key=len), []  # a configuration that calls it otherwise
    elif (said := _paragraphs(data["text"])) is None:
        return None, []
    starts, at = [], 0
    for one in said:
        starts.append(at)
        at += len(one) + 1
    return "\n".join(said), starts


def _paragraphs(value: Any) -> list[str] | None:
    """What is said in each paragraph of a dialogue, if it is one."""
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        return None
    names = [name for name in value[0] if all(isinstance(one.get(name), str) for one in value)]
    if not names:
        return None
    name = max(names, key=lambda name: (name == "text", sum(len(one[name]) for one in value)))
    return [one[name] for one in value]


def _rest(data: Mapping[str, Any], text: str) -> Plain:
    return {name: value for name, value in data.items() if value != text and name != "title"}


FORMAT: Final = Format(
    name="labelstudio",
    suffix=".json",
    description="Label Studio's tasks and predictions, with the labelling configuration beside",
    cannot_hold="control characters in labels, each named",
    write=write,
    read=read,
    beside=beside,
)
