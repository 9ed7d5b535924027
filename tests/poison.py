"""Projects with hostile strings in every field that a file, a colleague or a folder can fill.

What they may do is looked for in what reaches the terminal: `unclean` names each character that a
terminal obeys, or that hides, and is not one of our own.
"""

from __future__ import annotations

import asyncio
import gc
import io
import json
import os
import random
import re
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from unittest import mock

import forge
import scenes
import tomlkit
from driver import Reader

from annotations import changes
from annotations.cli.console import run
from annotations.errors import PurportError
from annotations.evidence import AUTHOR, Cue, Link, Provenance
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Annotation, Claim, Document, Entity, Status, suggestion_id
from annotations.span import Span
from annotations.symbols import shown
from annotations.text import Text
from tui.__main__ import app, with_default

MODEL: Final = "toy-1.0.0"
ORDERS: Final = (
    "\x1b]52;c;UFdO\x07", "\x1b]0;title\x07", "\x1b]8;;http://evil\x1b\\here\x1b]8;;\x1b\\", "\x1b[2J",
    "\x1b[1;1H", "\x1b[31m", "\x1bP+q544e\x1b\\", "\x1bc", "\x9b31m", "\x9d0;t\x9c", "\x90q\x9c",
    "\x07", "\x08\x08\x08", "\x7f", "\x0e", "\r", "\n", "\r\n", "\x0b", "\x0c", "\x85", "\u2028",
    "\u2029", "\u202e", "\u202d", "\u2066", "\u2067", "\u2069", "\u061c", "\u200e", "\u200f", "\u200b",
    "\u200c", "\u200d", "\u2060", "\u2063", "\ufeff", "\u00ad", "\u034f", "\u115f", "\u3164", "\uffa0",
    "\u180e", "\ufff9x\ufffay\ufffb", "\U000e0001\U000e0068\U000e0069\U000e007f", "\ufe0f", "\ufe01",
    "\U000e0101\U000e0142", "\uffff", "\ufdd0", "[link=http://evil]here[/link]",
    "[@click=app.quit]here[/]", "[bold red]", "\\[", "{0}%s", "\x00", "'\"", "$(touch x)", "..",
)  # fmt: skip
_LETTERS: Final = ("a", "Orlen", "é", "字", "می", "👩", "1", " ", "-", "_", "Z")
_ALONE: Final = "\ud800\udfff\udc9b"


class Words:
    """Hostile strings, the same ones for a seed.

    Attributes:
        count: how many were given.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        parts = [
            self.random.choice(ORDERS if self.random.random() < 0.6 else _LETTERS)
            for _ in range(self.random.randint(1, 6))
        ]
        return "".join(["x", *parts])

    def name(self) -> str:
        """One that may name a file."""
        words = re.sub(r"[/\0]", "", self()).encode("utf-8", "surrogateescape")[:60]
        return os.fsdecode(words + (b"\xff" if self.random.random() < 0.2 else b""))


def unclean(words: str) -> list[str]:
    """The characters that a terminal would obey, or that hide; line feeds and tabs are our own."""
    return [
        f"U+{ord(one):04X}"
        for one, other in zip(words, shown(words), strict=True)
        if one != other and one not in "\n\t"
    ]


def _layer(document: Document, words: Words) -> Layer:
    """A model's layer that says hostile things of each place of the text."""
    made: dict[str, Annotation] = {}
    text = document.text
    for number, found in enumerate(re.finditer(r"(?<=<)[^>]+(?=>)", text)):
        span = Span(*found.span())
        kind = Claim.kind if number % 3 == 2 else Entity.kind
        key = suggestion_id(MODEL, kind, span, str(number))
        common = {"id": key, "span": span, "text": span.of(text), "score": 0.5}
        record: Annotation
        if kind == Claim.kind:
            record = Claim(
                **common,  # type: ignore[arg-type]
                holder=(Link("span", span.of(text), span.start), AUTHOR),
                likelihood={"scale": words(), "band": words(), "phrase": words(), "range": words()},
                cues=(Cue(span.start, span.end, words(), words()),),
            )
        else:
            record = Entity(**common, label=words() if number % 2 else "PERSON")  # type: ignore[arg-type]
        origin = Provenance(
            MODEL, span.start, span.end, {"label": words()}, 0.5, (words(), words())
        )
        made[key] = replace(record, origin=origin, status=Status.SUGGESTED)
    return Layer(
        MODEL, document.id, made, model={"package": words(), "version": words(), "tidy": True}
    )


def settings(words: Words) -> str:
    """A `purport.toml` that can be read, with hostile words wherever it has words."""
    table = tomlkit.document()
    table["version"] = 1
    table["name"] = words()
    labels = {words(): words() for _ in range(4)}
    table["entities"] = {"labels": {"PERSON": words(), "ORG": "", **labels}, "nested": True}
    table["suggest"] = {"model": words()}
    return tomlkit.dumps(table)


def build(root: Path, words: Words, documents: int = 2) -> Project:
    """A project that the program itself would write, with hostile words in what may be free."""
    project = Project.create(root, annotator="anna")
    project.close()
    (root / "purport.toml").write_text(settings(words), encoding="utf-8", newline="")
    project = Project.open(root, annotator="anna")
    for number in range(documents):
        parts = " said that ".join(f"<{words()}>".replace("<x", "<", 1) for _ in range(6))
        document = Document(
            Text(f"Document {number}. {parts}\n\nIt {words()} ends."),
            title=words(),
            source=words(),
            metadata={words(): words()},
        )
        project.add(document)
        project.replace_layer(document.id, _layer(document, words))
        _decide(project, document, words)
    return project


def _decide(project: Project, document: Document, words: Words) -> None:
    """Accept, reject and note, as a colleague does whose program is another."""
    project._session = words()
    with mock.patch("annotations.project.app_name", words):
        for number, one in enumerate(project.layer(document.id, MODEL).index):
            with suppress(PurportError):
                match number % 4:
                    case 0:
                        project.decide(document.id, Action.ACCEPT, [changes.accept(one)])
                    case 1:
                        noted = changes.note(one, words())
                        project.decide(document.id, Action.NOTE, [noted])
                    case 2:
                        project.decide(document.id, Action.REJECT, [changes.reject(one)])


SLOTS: Final = (
    "title", "source", "metadata", "label", "note", "at", "by", "app", "session", "reason",
    "holder", "cues", "likelihood", "origin", "values", "why", "layer", "model", "package",
    "version", "annotators", "added_at", "stance", "certainty", "frame", "time", "quote", "text",
    "effect", "kind", "status", "id", "action", "document", "redacted",
)  # fmt: skip


def _strings(value: Any, key: str = "") -> Iterator[tuple[Callable[[Any], None], str]]:
    """A way to write each string of a JSON value, with the member that it is of."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                yield (lambda new, name=name: value.__setitem__(name, new)), name  # type: ignore[misc]
            else:
                yield from _strings(inner, name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            if isinstance(inner, str):
                yield (lambda new, place=place: value.__setitem__(place, new)), key  # type: ignore[misc]
            else:
                yield from _strings(inner, key)


def poison(root: Path, words: Words, most: int = 3) -> None:
    """Write hostile strings into some members of the files of a project; hashes still hold."""
    files = [
        one for one in sorted(root.rglob("*")) if one.suffix in (".json", ".log") and one.is_file()
    ]
    for path in words.random.sample(files, min(most, len(files))):
        data = path.read_bytes()
        if path.suffix == ".log":
            lines = [json.loads(row) for row in data.split(b"\n") if row]
            _spoil(lines, words)
            with suppress(UnicodeEncodeError, KeyError, AttributeError):
                path.write_bytes(forge.rehashed(lines))
        else:
            value = json.loads(data)
            _spoil(value, words)
            with suppress(UnicodeEncodeError):
                path.write_bytes(
                    json.dumps(value, ensure_ascii=words.random.random() < 0.5).encode()
                )


def _spoil(value: Any, words: Words) -> None:
    ways = [way for way, name in _strings(value) if name in SLOTS]
    for way in words.random.sample(ways, min(3, len(ways))):
        lone = words.random.choice(_ALONE) if words.random.random() < 0.05 else ""
        way(words() + lone)


@contextmanager
def shell(folder: Path, words: Words) -> Iterator[None]:
    """An environment whose variables and folders have hostile names."""
    names = {f"XDG_{kind}_HOME": str(folder / words.name()) for kind in ("CACHE", "STATE", "DATA")}
    names |= {
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PURPORT_CONFIG": str(folder / words.name()),
    }
    names |= {"TERM": words.name(), "COLORTERM": words.name()}
    with mock.patch.dict(os.environ, names):
        for name in ("NO_COLOR", "PURPORT_PROJECT", "PURPORT_ANNOTATOR"):
            os.environ.pop(name, None)
        yield


def commands(root: Path, folder: Path, words: Words) -> Iterator[list[str]]:
    """Every command on a project, by names that are there and by hostile ones."""
    ids = sorted(one.name for one in root.glob("documents/*/*"))[:1] or ["none"]
    with suppress(OSError):
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / f"{words.name()}.txt").write_text(f"Ada {words()} ends.", encoding="utf-8")
        rows = f"document,start,end,label,{words()!r}\n{words()!r},0,5,{words()!r}\n"
        (folder / "in" / f"{words.name()}.csv").write_text(rows, encoding="utf-8")
    given = sorted(str(one) for one in (folder / "in").iterdir())
    out = folder / words.name()
    yield from (
        ["status"], ["status", "--json"], ["log"], ["log", "--json"], ["verify"], ["verify", "--json"],
        ["seal"], ["keys"], ["doctor"], ["search", "ends"], ["search", "ends", "--json"],
        ["search", "x", "--label", words()], ["search", "x", "--stance", words()],
        ["log", "--by", words(), "--layer", words()], ["log", words()], ["show", words()],
        ["export", str(out), "--format", words()], ["export", f"{out}.csv", "--format", "csv", "--all"],
        ["export", f"{out}.jsonl", "--format", "jsonl", "--all", "--verify"],
        ["evaluate", "--predicted", MODEL, "--all"], ["evaluate", "--predicted", words()],
        ["evaluate", "--predicted", MODEL, "--gold", words()], ["report", f"{out}.html"],
        ["suggest"], ["suggest", "--model", words()], ["train", str(out)], ["review", "--layer", words()],
        ["read", words()], ["doctor", words(), "--salvage", words()], ["verify", "--seal", words()],
        ["log", "--since", words()], ["status", f"--{words()}"], [words()],
        ["--annotator", words(), "log"],
    )  # fmt: skip
    for one in ids:
        yield from (
            ["show", one], ["show", one, "--plain"], ["show", one, "--layer", MODEL],
            ["show", one, "--layer", words()], ["log", one, "--layer", MODEL],
            ["replay", one, "--until", "3"], ["replay", one, "--until", words()],
            ["replay", one, "--until", "2", "--as", words()],
        )  # fmt: skip
    for path in given:
        yield ["add", path]
        yield ["import", path, "--format", "csv", "--layer", words()]
        yield ["import", path, "--format", "csv", "--layer", "other"]
        yield ["import", path, "--format", "huggingface", "--layer", "other"]
    for one in ids:
        yield ["redact", one, "--reason", words()]
        yield ["show", one]
        yield ["export", f"{out}.2.csv", "--format", "csv", "--all"]


KEYS = (
    "tab", "i", "tab", "tab", "tab", "H", "escape", "?", "f", "escape", "g", "f", "escape", "j", "down",
    "/", "x", "escape", "escape", "%", "down", "down", "escape", "n", "w", "right", "down", "escape",
    ";", "escape", "/", "x", "enter", "S", "x", "enter", "down", "escape", "escape", ":", "x", "escape",
    "c", "h", "escape", "u", "=", "escape", "v", "right", "escape", ">", "tab", "k", "e", "E", "<", "+",
    "escape", "escape",
)  # fmt: skip


class Found:
    """What was seen.

    Attributes:
        strings: how many hostile strings were put in.
        runs: how many commands ran, or keys were pressed.
        dirty: the characters that arrived, by where.
        statuses: how commands ended.
    """

    def __init__(self) -> None:
        self.strings = self.runs = 0
        self.dirty: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.faults: Counter[str] = Counter()

    def look(self, words: str, where: str) -> None:
        """Look through what arrived."""
        for one in unclean(words):
            self.dirty[f"{where} {one}"] += 1


@contextmanager
def place(words: Words) -> Iterator[tuple[Path, Path]]:
    """A folder for all, and in it a project's, of a hostile name."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with shell(folder, words):
            root = folder / words.name()
            root.mkdir()
            yield folder, root


def through_commands(words: Words, found: Found, *, spoil: bool) -> None:
    """Make a project, and run every command on it."""
    with place(words) as (folder, root):
        build(root, words).close()
        if spoil:
            poison(root, words)
        for arguments in commands(root, folder, words):
            out, err = io.StringIO(), io.StringIO()
            given = with_default(["--project", str(root), "--annotator", "anna", *arguments])
            with mock.patch.multiple(sys, stdout=out, stderr=err, stdin=io.StringIO()):
                status = run(app, given)
            found.runs += 1
            found.statuses[int(status)] += 1
            name = " ".join(one for one in arguments[:1] if one.isalpha())
            found.look(out.getvalue(), f"{name} stdout")
            found.look(err.getvalue(), f"{name} stderr")
            if status == 70:
                found.faults[f"{name}: {_fault()}"] += 1
    found.strings, words.count = found.strings + words.count, 0


def _fault() -> str:
    """Where the last error of the program itself came from."""
    with suppress(OSError):
        lines = (
            Path(os.environ["XDG_STATE_HOME"], "purport", "crash.txt")
            .read_text("utf-8")
            .split("\n")
        )
        places = [one.strip() for one in lines if one.startswith("  File ")]
        return f"{places[-1].rpartition('/')[2]} {lines[-2][:60]}"
    return "?"


async def _press(project: Project, found: Found) -> None:
    reader_app = scenes.app(project)
    async with reader_app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        reader = Reader(project, pilot)
        for key in KEYS:
            await reader.press(key)
            found.runs += 1
            screen = type(reader_app.screen).__name__
            for row in reader_app.screen._compositor.render_strips():
                for segment in row:
                    found.look(segment.text.replace("\n", "\0"), f"{screen} {key}")
                    if segment.style is not None and (segment.style.link or segment.style.meta):
                        found.dirty[f"{screen} {key} link or action {segment.style.meta}"] += bool(
                            segment.style.link or "@click" in segment.style.meta
                        )


def through_screens(words: Words, found: Found, *, spoil: bool) -> None:
    """Make a project, and open every screen of the reader on it."""
    with place(words) as (_, root):
        build(root, words).close()
        if spoil:
            poison(root, words, 2)
        try:
            project = Project.open(root, annotator="anna")
        except PurportError:
            return
        try:
            asyncio.run(_press(project, found))
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            place_ = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
            found.faults[f"reader: {place_} {type(error).__name__} {error}"[:110]] += 1
        finally:
            project.close()
            gc.enable()
    found.strings, words.count = found.strings + words.count, 0
