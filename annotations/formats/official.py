"""The readers that other programs have for their own formats, as witnesses of an export.

Each is an extra: what is not installed is named with the command that installs it. A format that has
no such reader in Python is read by purport's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeAlias

from annotations.errors import InputError
from annotations.formats import spacy_docbin
from annotations.formats.format import Format, missing
from annotations.formats.markup import held
from annotations.formats.reading.intake import CLAIM, Intake
from annotations.formats.reading.stream import elements
from annotations.formats.writing.facts import Fact, facts
from annotations.records import Claim, Document, Entity, Plain
from annotations.text import Text

Find: TypeAlias = Callable[[str], Document | None]
Seen: TypeAlias = Iterator[tuple[str, Counter[Fact]]]
Check: TypeAlias = Callable[[Path, Find], Seen]
"""What a reader sees in a file: for each document its id, with the facts."""


def check(chosen: Format) -> tuple[str, Check]:
    """The name of the reader for a format, and the reader.

    Raises:
        InputError: it is not installed, or nothing reads the format.
    """
    if chosen.name in _OFFICIAL:
        name, module, read = _OFFICIAL[chosen.name]
        if find_spec(module) is None:
            raise missing(name, "verify", f"Verifying {chosen.name}")
        return name, read
    own = chosen.read
    if own is None:
        raise InputError(f"{chosen.name} has no reader to verify it with.")

    def read_own(path: Path, find: Find) -> Seen:
        intake = Intake(find=find)
        for one in own(path, intake):
            yield one.document.id, facts(one)
        if intake.unplaced:
            raise InputError(f"What was written does not fit: {intake.unplaced[0]}.")

    return "purport's own reader", read_own


def module(chosen: Format) -> str:
    """The module that another program's reader is in; empty where purport reads it itself."""
    return _OFFICIAL[chosen.name][1] if chosen.name in _OFFICIAL else ""


def _claim(start: int, end: int, stance: object, certainty: object) -> Fact:
    return (Claim.kind, start, end, f"{stance} {certainty}")


def _labelstudio(path: Path, find: Find) -> Seen:
    from label_studio_sdk.label_interface import LabelInterface

    config = path.with_name(f"{path.stem}.config.xml").read_text(encoding="utf-8")
    interface = LabelInterface(config)
    for where, task in elements(path):
        found: Counter[Fact] = Counter()
        for kind, validate in (
            ("annotations", interface.validate_annotation),
            ("predictions", interface.validate_prediction),
        ):
            for one in task[kind]:
                if not validate(one):
                    raise InputError(
                        f"{where}: Label Studio refuses one of the {kind} of the task."
                    )
                found += _regions(one["result"], task["data"]["text"], path)
        yield Text(task["data"]["text"]).id, found


def _regions(results: Sequence[dict[str, Any]], text: str, path: Path) -> Counter[Fact]:
    fields: dict[str, dict[str, str]] = {}
    for one in results:
        if one["type"] == "choices":
            fields.setdefault(one["id"], {})[one["from_name"]] = one["value"]["choices"][0]
    found: Counter[Fact] = Counter()
    for one in results:
        if one["type"] != "labels":
            continue
        value = one["value"]
        start, end, label = value["start"], value["end"], value["labels"][0]
        if text[start:end] != value["text"]:
            raise InputError(f"{path}: the words at {start}-{end} are not those of the task.")
        said = fields.get(one["id"], {})
        if label == CLAIM and said:
            found[_claim(start, end, said["stance"], said["certainty"])] += 1
        else:
            found[(Entity.kind, start, end, label)] += 1
    return found


def _brat(path: Path, find: Find) -> Seen:
    from bioc import brat

    for notes in sorted(path.glob("*.ann")):
        # Opened here, so that no line break of the text is turned into another.
        with (
            notes.with_suffix(".txt").open(encoding="utf-8", newline="") as text,
            notes.open(encoding="utf-8", newline="\n") as rows,
        ):
            document = brat.load(text, rows)
        found: Counter[Fact] = Counter()
        said: dict[str, dict[str, str]] = {}
        for one in document.annotations:
            if isinstance(one, brat.BratAttribute):
                said.setdefault(one.refid, {})[one.type] = " ".join(one.attributes)
        for one in document.annotations:
            if isinstance(one, brat.BratEntity):
                start, end = one.locations.begin(), one.locations.end()
                if one.type == "Claim":
                    fields = said[one.id]
                    found[_claim(start, end, fields["Stance"], fields["Certainty"])] += 1
                elif one.type != "Holder":
                    found[(Entity.kind, start, end, one.type)] += 1
        yield Text(document.text).id, found


def _uima(path: Path, find: Find) -> Seen:
    import cassis

    with (path / "TypeSystem.xml").open("rb") as file:
        types = cassis.load_typesystem(file)
    for name in sorted(one.stem for one in (path / "xmi").glob("*.xmi")):
        with (path / "xmi" / f"{name}.xmi").open("rb") as file:
            from_xmi = _cas(cassis.load_cas_from_xmi(file, typesystem=types))
        with (path / "json" / f"{name}.json").open("rb") as file:
            cas = cassis.load_cas_from_json(file)
        found = _cas(cas)
        kept: Counter[Fact] = Counter()
        for (kind, start, end, value), times in found.items():
            kept[kind, start, end, held(value)] += times
        if from_xmi != kept:
            raise InputError(f"{path}: {name}.xmi and {name}.json do not say the same.")
        yield Text(cas.sofa_string).id, found


def _cas(cas: Any) -> Counter[Fact]:
    found: Counter[Fact] = Counter()
    for one in cas.select_all():
        if one.type.name.endswith(".NamedEntity"):
            found[(Entity.kind, one.begin, one.end, one.value)] += 1
        elif one.type.name.endswith(".Claim"):
            found[_claim(one.begin, one.end, one.stance, one.certainty)] += 1
    return found


def _huggingface(path: Path, find: Find) -> Seen:
    import tempfile

    import datasets

    datasets.disable_progress_bars()
    with tempfile.TemporaryDirectory() as cache:
        made = datasets.Dataset.from_parquet(str(path), cache_dir=cache)
        tags = made.features["ner_tags"].feature
        for row in made:
            found: Counter[Fact] = Counter()
            for one in row["entities"]:
                found[(Entity.kind, one["start"], one["end"], one["label"])] += 1
            for one in row["claims"]:
                found[_claim(one["start"], one["end"], one["stance"], one["certainty"])] += 1
            _check_tags(tags.int2str(row["ner_tags"]), row, path)
            yield row["id"], found
        del made


def _check_tags(tags: Sequence[str], row: Plain, path: Path) -> None:
    """Hold a row's tags against its entities; those without tags must overlap one that has them."""
    starts = row["token_starts"]
    ends = [start + len(word) for start, word in zip(starts, row["tokens"], strict=True)]
    tagged: list[tuple[int, int, str]] = []
    for start, end, tag in zip(starts, ends, tags, strict=True):
        if tag.startswith("I-"):
            tagged.append((tagged.pop()[0], end, tag[2:]))
        elif tag != "O":
            tagged.append((start, end, tag[2:]))
    entities = [(one["start"], one["end"], one["label"]) for one in row["entities"]]
    if Counter(tagged) - Counter(entities):
        raise InputError(f"{path}: the tags of {row['id']} say otherwise than its entities.")
    for start, end, label in Counter(entities) - Counter(tagged):
        if not any(low < end and start < high for low, high, _ in tagged):
            raise InputError(f"{path}: {row['id']} has no tags for {label} at {start}-{end}.")


def _conll(path: Path, find: Find) -> Seen:
    from seqeval.metrics.sequence_labeling import get_entities

    document_id = ""
    tags: list[str] = []
    places: list[tuple[int, int]] = []
    with path.open(encoding="utf-8", newline="\n") as file:
        for row in chain(file, ["-DOCSTART- "]):
            columns = row.rstrip("\n").split(" ")
            if columns[0] == "-DOCSTART-":
                if document_id:
                    yield document_id, _chunks(get_entities(tags), places)
                document_id, tags, places = columns[1], [], []
            elif len(columns) == 4:
                start, _, end = columns[1].partition("-")
                places.append((int(start), int(end)))
                tags.append(columns[3])


def _chunks(found: Sequence[Any], places: Sequence[tuple[int, int]]) -> Counter[Fact]:
    return Counter(
        (Entity.kind, places[first][0], places[last][1], label) for label, first, last in found
    )


_OFFICIAL: Final[dict[str, tuple[str, str, Check]]] = {
    "spacy": ("spacy", "spacy", spacy_docbin.seen),
    "labelstudio": ("label-studio-sdk", "label_studio_sdk", _labelstudio),
    "brat": ("bioc", "bioc", _brat),
    "uima": ("dkpro-cassis", "cassis", _uima),
    "huggingface": ("datasets", "datasets", _huggingface),
    "conll": ("seqeval", "seqeval", _conll),
}
