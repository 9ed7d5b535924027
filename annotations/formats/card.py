"""The card beside an export: what is in it, whose work it is, and by which scheme."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from annotations.formats.format import Format
from annotations.formats.output import CARD, SIGN, is_ours
from annotations.formats.report import Report
from annotations.schema import Schema
from annotations.storage.roster import app_name

_README: Final = "README.md"
_TITLES: Final = {
    "label": "Entities by label",
    "stance": "Claims by stance",
    "certainty": "Claims by certainty",
    "status": "Annotations by status",
    "suggested by": "Suggested by",
    "annotator": "Documents by layer",
}
# What `datasets` calls a part for trying things out.
_SPLITS: Final = {"dev": "validation", "valid": "validation", "data": "train"}


def place(out: Path, chosen: Format, report: Report, *, parts: bool) -> Path:
    """Where the card of an export stands."""
    if chosen.name == "huggingface":
        readme = (out if parts else out.parent) / _README
        if not readme.exists() or is_ours(readme):
            return readme
        report.notes.append(f"{readme} was left alone; the dataset's card has another name")
    if parts or chosen.is_folder:
        return out / CARD
    return out.with_name(f"{out.stem}.{CARD}")


def fingerprint(schema: Schema) -> str:
    """12 hex digits that stand for the labels, the claim fields and their pairs."""
    said = {
        "labels": {label.name: label.description for label in schema.labels},
        "fields": {
            name: [(value.name, value.definition) for value in values]
            for name, values in schema.fields.items()
        },
        "pairs": schema.pairs,
    }
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


def card(
    report: Report,
    chosen: Format,
    *,
    split: str = "",
    seed: int = 0,
    agreement: Sequence[str] = (),
) -> str:
    """The card's text, in Markdown; for a Hugging Face dataset with the head that it wants."""
    rows = [*_head(report)] if chosen.name == "huggingface" else []
    rows += [SIGN, "", f"# {_plain(report.schema.name)}", "", f"{chosen.description}.", ""]
    rows += ["| part | documents | entities | claims | rejected |", "|---|---:|---:|---:|---:|"]
    rows += [
        f"| {part.name} | {part.documents} | {part.entities} | {part.claims} | {part.rejected} |"
        for part in report.parts
    ]
    if split:
        rows += ["", f"Split: `{_plain(split)}`, seed {seed}."]
    rows += ["", f"Format: {chosen.name}. Made by {app_name()}."]
    if chosen.cannot_hold:
        rows += ["", f"Not in it: {chosen.cannot_hold}."]
    for kind, title in _TITLES.items():
        figures = {value: n for (one, value), n in report.tally.items() if one == kind}
        if figures:
            rows += ["", f"## {title}", "", "| | |", "|---|---:|"]
            ordered = sorted(figures.items(), key=lambda figure: (-figure[1], figure[0]))
            rows += [f"| {_plain(value)} | {n} |" for value, n in ordered]
    if agreement:
        rows += ["", "## Agreement", "", *(f"- {_plain(words)}" for words in agreement)]
    rows += ["", "## Guide", ""]
    rows += [f"Version {fingerprint(report.schema)}: it changes with any word here.", ""]
    rows += [f"- {_plain(one.name)}: {_plain(one.description)}" for one in report.schema.labels]
    for name, values in report.schema.fields.items():
        rows += ["", f"{name}:", ""]
        rows += [f"- {_plain(value.name)}: {_plain(value.definition)}" for value in values]
    if report.losses or report.lacks:
        rows += ["", "## Not held", ""]
        rows += [f"- {_plain(words)}" for words in report.missing()]
    return "\n".join(rows) + "\n"


def _head(report: Report) -> Iterator[str]:
    yield from ("---", "task_categories:", "- token-classification", "configs:")
    yield from ("- config_name: default", "  data_files:")
    for part in report.parts:
        name = _SPLITS.get(part.name, part.name) if len(report.parts) > 1 else "train"
        yield f"  - split: {name}"
        yield f"    path: {json.dumps(part.path.name)}"
    yield "---"


def _plain(words: str) -> str:
    """The words on one line, without what Markdown or a table would take for its own."""
    line = " ".join(words.split())
    return "".join(f"\\{sign}" if sign in "|<>`[]*_\\" else sign for sign in line)
