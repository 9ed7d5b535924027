"""Projects and import files with something wrong in them, the same ones for a seed.

A project's journals are hashed again after a change, so that only what they say is wrong. Whatever
a command makes of it is a result; a traceback, a fault of the program's own, is not.
"""

from __future__ import annotations

import io
import json
import random
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import forge
import store

from annotations import changes
from annotations.cli import console
from annotations.cli.console import Status
from annotations.records import Action
from tui.__main__ import app

_made = cache(console.get_command)

VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, 10**400, float("nan"), "", "x", "9999-12-31T23:59:59.999999Z", "\ud800",
    "\x1b[2J", "../../x", [], {}, [None], {"a": 1}, [[[[]]]], "y" * 5_000, ["q"] * 50,
)  # fmt: skip
"""What stands in the place of a value."""

READS: Final = (
    ("status",), ("status", "--json"), ("search", "word"), ("search", "--label", "PERSON"), ("log",),
    ("log", "--json"), ("verify",), ("verify", "--json"), ("keys",), ("doctor",), ("formats",),
    ("show", "{document}"), ("show", "{document}", "--layer", store.MODEL),
    ("replay", "{document}", "--until", "2"), ("seal",), ("doctor", "{document}"),
    ("evaluate", "--predicted", store.MODEL), ("report", "{out}.html", "--force"),
    ("export", "{out}.jsonl", "--format", "jsonl", "--all", "--force"),
    ("export", "{out}.csv", "--format", "csv", "--all", "--force", "--layer", store.MODEL),
)  # fmt: skip
"""Commands that read a project; `{document}` is the one that is spoilt."""

IMPORTS: Final = ("jsonl", "prodigy", "doccano", "labelstudio", "csv", "conll", "brat", "uima", "webannotation", "huggingface", "spacy")  # fmt: skip


def make_project(root: Path) -> None:
    """A project of three documents with decisions, a model's layer each, a seal and a finish."""
    project = store.make(root, documents=3, words=12)
    for number, document in enumerate(store.ids(project)):
        for word in range(4):
            store.accept(project, document, word)
        entity = project.layer(document).entities[0]
        project.decide(document, Action.RELABEL, [changes.relabel(entity, "ORG", project.schema)])
        project.undo()
        if number:
            state = project.layer(document).state
            project.decide(document, Action.FINISH, [changes.finish(state)])
    project.close()
    _said(["seal", "--project", str(root)])


def make_files(folder: Path, root: Path) -> dict[str, Path]:
    """An export of the project in each format, as files and folders to spoil."""
    made = {}
    for name in IMPORTS:
        out = folder / name / f"x.{name}"
        out.parent.mkdir()
        line = ["export", str(out), "--format", name, "--all", "--project", str(root)]
        status, _ = _said(line)
        if status == 0:
            made[name] = out
    return made


def spoil_json(chance: random.Random, value: Any) -> Any:
    """Change, take away, double or rename something at a random place of a JSON value."""
    places = [(value, key) for key in _keys(value)]
    index = 0
    while index < len(places) and len(places) < 400:
        holder, key = places[index]
        places += [(holder[key], inner) for inner in _keys(holder[key])]
        index += 1
    if not places:
        return chance.choice(VALUES)
    holder, key = chance.choice(places)
    turn = chance.random()
    if turn < 0.7:
        holder[key] = chance.choice(VALUES)
    elif turn < 0.85 or not isinstance(holder, dict):
        del holder[key]
    else:
        holder[chance.choice(["", "x", "id", "layer", "\u202e"])] = holder.pop(key)
    return value


def _keys(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def spoil_bytes(chance: random.Random, data: bytes) -> bytes:
    """Cut, double, flip or put bytes in."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(spoilt) + 1)
        turn = chance.randrange(5)
        if turn == 0:
            del spoilt[at : at + chance.randint(1, 60)]
        elif turn == 1:
            spoilt[at:at] = spoilt[at : at + chance.randint(1, 200)]
        elif turn == 2 and at < len(spoilt):
            spoilt[at] ^= 1 << chance.randrange(8)
        elif turn == 3:
            spoilt[at:at] = chance.choice(
                [
                    b"\x00",
                    b"\xff\xfe",
                    b"\n",
                    b'"',
                    b"{",
                    b"]",
                    b"9" * 400,
                    b"\xed\xa0\x80",
                    b"<",
                    b"'",
                ]
            )
        else:
            spoilt = spoilt[:at]
    return bytes(spoilt)


def spoil_project(chance: random.Random, root: Path) -> str:
    """Spoil a project in one to three places; returns the id of a document in it."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    documents = [path.parent.name for path in files if path.name == "document.json"]
    for _ in range(chance.randint(1, 3)):
        path = chance.choice(files)
        if not path.exists():
            continue
        turn = chance.random()
        if path.suffix == ".log" and turn < 0.6:
            with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
                lines = forge.lines_of(path)
                path.write_bytes(forge.rehashed(_reordered(chance, lines)))
                if chance.random() < 0.5:
                    path.with_suffix(".json").unlink(missing_ok=True)
        elif path.suffix == ".json" and turn < 0.7:
            with suppress(ValueError, UnicodeEncodeError):
                value = spoil_json(chance, json.loads(path.read_bytes()))
                path.write_text(json.dumps(value, ensure_ascii=True), encoding="utf-8")
        elif turn < 0.95:
            path.write_bytes(spoil_bytes(chance, path.read_bytes()))
        elif turn < 0.98:
            path.unlink()
        else:
            name = chance.choice(["é.log", "x.log.log", "a b.json", "boris.json", "anna (1).log"])
            shutil.copyfile(path, path.with_name(name))
    return chance.choice(documents)


def _reordered(chance: random.Random, lines: forge.Lines) -> forge.Lines:
    """The lines with one changed, doubled, gone, or in another's place."""
    at = chance.randrange(len(lines))
    turn = chance.random()
    if turn < 0.75:
        lines[at] = spoil_json(chance, lines[at])
    elif turn < 0.85:
        del lines[at]
    elif turn < 0.95:
        lines.insert(at, json.loads(json.dumps(chance.choice(lines))))
    else:
        chance.shuffle(lines)
    return lines


def read_spoilt(chance: random.Random, root: Path, document: str, most: int) -> Iterator[str]:
    """Run some commands on a project, `verify` among them; yields what is a fault."""
    lines = [("verify",), *chance.sample(READS, most - 1)]
    out = root.with_name("out")
    for line in lines:
        words = [word.format(document=document, out=out) for word in line]
        status, said = _said([*words, "--project", str(root), "--annotator", "anna"])
        if status not in (Status.DONE, Status.FELL_SHORT, Status.WRONG):
            yield f"{' '.join(words)}: exit status {status}: {said[-2000:]}"


def import_spoilt(chance: random.Random, source: Path, name: str, folder: Path) -> Iterator[str]:
    """Spoil an export and import it into a new project; yields what is a fault."""
    given = folder / source.name
    if source.is_dir():
        shutil.copytree(source, given)
    else:
        shutil.copyfile(source, given)
    files = sorted(path for path in given.rglob("*") if path.is_file()) or [given]
    path = chance.choice(files)
    data = path.read_bytes()
    if chance.random() < 0.5:
        with suppress(ValueError, UnicodeError, RecursionError):
            rows = [json.loads(row) for row in data.split(b"\n") if row.strip()]
            at = chance.randrange(len(rows))
            rows[at] = spoil_json(chance, rows[at])
            data = "\n".join(json.dumps(row) for row in rows).encode("ascii")
    path.write_bytes(spoil_bytes(chance, data) if data == path.read_bytes() else data)
    root = folder / "project"
    line = ["import", str(given), "--format", name, "--layer", "theirs", "--project", str(root)]
    for words in (line, ["verify", "--project", str(root)]):
        if words is not line and not root.exists():
            continue
        status, said = _said(words)
        is_kept_wrong = words is not line and status == Status.FELL_SHORT
        if status not in (Status.DONE, Status.FELL_SHORT, Status.WRONG) or is_kept_wrong:
            yield f"{' '.join(words)}: exit status {status}: {said[-2000:]}"


def _said(words: list[str]) -> tuple[int, str]:
    """The exit status of a command, and what it said."""
    said = io.StringIO()
    # The commands are made from their signatures once, and not for each of many thousands.
    with redirect_stdout(said), redirect_stderr(said), patch.object(console, "get_command", _made):
        status = console.run(app, words)
    return status, said.getvalue()
