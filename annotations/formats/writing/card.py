"""The card beside an export: what is in it, whose work it is, by which scheme, and how it is checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final

from annotations.formats.format import Format
from annotations.formats.writing import stamp, sums
from annotations.formats.writing.report import Report
from annotations.formats.writing.stamp import Kind
from annotations.schema import Schema
from annotations.storage.roster import app_name
from annotations.symbols import line, visible

_TITLES: Final = {
    "label": "Entities by label",
    "stance": "Claims by stance",
    "certainty": "Claims by certainty",
    "status": "Annotations by status",
    "suggested by": "Suggested by",
    "annotator": "Documents by layer",
}
_OF_A_FOLDER: Final = (
    f"find . -type f ! -path ./{stamp.CARD} -printf '%P\\n' | LC_ALL=C sort | "
    "xargs -d '\\n' sha256sum | sha256sum"
)
# What `datasets` calls a part for trying things out.
_SPLITS: Final = {"dev": "validation", "valid": "validation", "data": "train"}


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
    kind: Kind,
    files: Mapping[str, str],
    *,
    command: str,
    agreement: Sequence[str] = (),
) -> str:
    """The card's text, in Markdown; for a Hugging Face dataset with the head that it wants.

    Args:
        report: what was written.
        chosen: its format.
        kind: what the card stands beside.
        files: the digest of each file and folder that was written, by its name.
        command: what makes the same export again.
        agreement: how far people agree on these documents, a line each.
    """
    rows = [*_head(report)] if chosen.name == "huggingface" else []
    rows += [
        stamp.sign(kind),
        "",
        f"# {_plain(report.schema.name)}",
        "",
        f"{chosen.description}.",
        "",
    ]
    rows += ["| part | documents | entities | claims | rejected |", "|---|---:|---:|---:|---:|"]
    rows += [
        f"| {part.name} | {part.documents} | {part.entities} | {part.claims} | {part.rejected} |"
        for part in report.parts
    ]
    rows += ["", f"Format: {chosen.name}. Made by {app_name()}, with", "", f"    {_shown(command)}"]
    if chosen.cannot_hold:
        rows += ["", f"Not in it: {chosen.cannot_hold}."]
    for name, title in _TITLES.items():
        figures = {value: n for (one, value), n in report.tally.items() if one == name}
        if figures:
            rows += ["", f"## {title}", "", "| | |", "|---|---:|"]
            ordered = sorted(figures.items(), key=lambda figure: (-figure[1], figure[0]))
            rows += [f"| {_plain(value)} | {n} |" for value, n in ordered]
    if report.makers:
        rows += [
            "",
            "## Models and imports",
            "",
            *(f"- {_plain(words)}" for words in report.makers),
        ]
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
    rows += [*_files(files)]
    return stamp.sealed("\n".join(rows) + "\n", kind)


def _files(files: Mapping[str, str]) -> Iterator[str]:
    yield from ("", "## Files", "", "SHA-256, for `sha256sum --check`.")
    if any(name.endswith("/") for name in files):
        yield from ("A folder's is what this prints in it:", "", f"    {_OF_A_FOLDER}")
    yield from ("", "```text", *sums.rows(files), "```")


def _head(report: Report) -> Iterator[str]:
    yield from ("---", "task_categories:", "- token-classification", "configs:")
    yield from ("- config_name: default", "  data_files:")
    for part in report.parts:
        name = _SPLITS.get(part.name, part.name) if len(report.parts) > 1 else "train"
        yield f"  - split: {name}"
        yield f"    path: {json.dumps(part.path.name)}"
    yield "---"


def _shown(command: str) -> str:
    return visible(command).replace("\n", "\N{SYMBOL FOR LINE FEED}")


def _plain(words: str) -> str:
    """The words on one line, without what Markdown, a table or a terminal would take for its own."""
    return "".join(f"\\{sign}" if sign in "|<>`[]*_\\" else sign for sign in line(words))
