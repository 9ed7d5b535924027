"""V: links, swaps and sizes at places that the audit did not try."""

from __future__ import annotations

import ctypes
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from attack.forge import change
from attack.links import accept, clone
from attack.sandbox import Outcome, Ran, Sandbox, attack, attacks

SECRET: Final = "SECRET-0123456789"


def _tree(folder: Path) -> dict[str, bytes]:
    """Every plain file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _changes(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )


COMMANDS: Final = (
    ("status",),
    ("verify",),
    ("show", "{}"),
    ("log",),
    ("search", "ferry"),
    ("seal",),
    ("doctor",),
    ("doctor", "{}", "--adopt"),
    ("doctor", "{}", "--discard"),
    ("doctor", "{}", "--salvage", "saved"),
    ("replay", "{}", "--until", "1", "--as", "kept"),
    ("export", "o.jsonl", "--format", "jsonl", "--all"),
    ("import", "in.jsonl", "--format", "jsonl", "--layer", "theirs"),
    ("add", "new.txt"),
    ("redact", "{}", "--reason", "asked"),
)

PLACES: Final[dict[str, str]] = {
    "documents/": "documents",
    "a shard of documents/": "shard",
    "a document's folder": "folder",
    "annotators/": "annotators",
    "seals/": "seals",
    "the journal": "log",
    "the view": "view",
    "project.json": "project.json",
}


@attacks(
    "V", "{0} a link to the victim's own; all commands and the reader, what is written", PLACES
)
def link_at(box: Sandbox, place: str) -> Outcome:
    """Nothing may be written to where a link in a project leads."""
    project, document = clone(box)
    one = document.entity("Ilse Brandt")
    document.journal("anna").add("add", change(one)).write(document.folder)
    path = {
        "shard": document.folder.parent,
        "folder": document.folder,
        "log": document.folder / "anna.log",
        "view": document.folder / "anna.json",
    }.get(place, project.root / place)
    outside = box.home / "own"
    outside.mkdir()
    if path.is_dir():
        shutil.rmtree(outside)
        path.rename(outside)
        path.symlink_to(outside)
    elif path.exists():
        path.rename(outside / "file")
        path.symlink_to(outside / "file")
    else:
        (outside / "file").write_text(SECRET, encoding="utf-8")
        path.symlink_to(outside / "file" if place == "view" else outside)
    (box.home / "new.txt").write_text("The ferry sails again.\n", encoding="utf-8")
    rows = '{"text": "A boat sails.", "entities": [{"start": 2, "end": 6, "label": "X"}]}\n'
    (box.home / "in.jsonl").write_text(rows, encoding="utf-8")
    before = _tree(outside)
    faults = []
    for words in COMMANDS:
        arguments = [word.format(document.id) for word in words]
        ran = box.run(*arguments, "--annotator", "anna", project=project.root)
        if ran.fault:
            faults.append(f"{words[0]}: {ran.fault}")
    accept(box, project, "a", "e", "u")
    changed = _changes(before, _tree(outside))
    told = f"changed: {', '.join(changed)}" if changed else "nothing outside was written"
    return Outcome(bool(changed or faults), "; ".join([told, *faults]))


# Swaps while the program runs

_EXCHANGE: Final = 2


@contextmanager
def _swapping(one: Path, two: Path) -> Iterator[None]:
    """Exchange two names again and again, in one step each, until the block ends."""
    library = ctypes.CDLL(None, use_errno=True)
    first, second, ends = os.fsencode(one), os.fsencode(two), threading.Event()

    def swap() -> None:
        while not ends.is_set():
            library.renameat2(-100, first, -100, second, _EXCHANGE)
            time.sleep(0.0002)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()


_DECIDES: Final = r"""
import sys, time
from pathlib import Path
from annotations import changes
from annotations.errors import PurportError
from annotations.project import Project
from annotations.records import Action
ends = time.monotonic() + 8
said = refused = 0
number = 0
while time.monotonic() < ends:
    try:
        project = Project.open(Path(sys.argv[1]), annotator="anna")
        document = project.documents()[0].id
        for one in sorted(project.layer(document, "toy-1.0.0"), key=lambda one: one.span.start):
            made = changes.accept(one) if number % 2 else changes.reject(one)
            number += 1
            project.decide(document, Action.ACCEPT, [made])
            said += 1
    except (PurportError, IndexError):
        refused += 1
print(f"[{said}, {refused}]")
"""


@attacks(
    "V",
    "{0} exchanged with a link to the victim's, again and again, while decisions are made",
    {
        "the journal": "anna.log",
        "the view": "anna.json",
        "the document's folder": "",
        "the torn file": "anna.log.torn",
    },
)
def swapped(box: Sandbox, name: str) -> Outcome:
    project, document = clone(box)
    outside = box.home / "own"
    outside.mkdir()
    document.journal("anna").add("add", change(document.entity("Ilse Brandt"))).write(
        document.folder
    )
    target = document.folder / name if name else document.folder
    planted = box.folder / "planted"
    if name:
        victim = outside / "victim"
        victim.write_text(SECRET, encoding="utf-8")
        planted.symlink_to(victim)
        if not target.exists():
            target.write_bytes(b"{}")
    else:
        shutil.copytree(document.folder, outside / "copy")
        planted.symlink_to(outside / "copy")
    if name == "anna.log.torn":
        with (document.folder / "anna.log").open("ab") as file:
            file.write(b"touch ~/PWNED # not json")
    before = _tree(outside)
    with _swapping(target, planted):
        ran = box.run(project.root, python=_DECIDES, timeout=60)
    changed = _changes(before, _tree(outside))
    told = f"changed: {', '.join(changed)}" if changed else "nothing outside was written"
    return Outcome(bool(changed or ran.fault), f"{told}; {ran.fault or ran.line}")


# Sizes


@attacks(
    "V",
    "{0}",
    {
        f"{name} of 1 TB without a byte in it; {command}": (name, command)
        for name in (
            "text.txt",
            "document.json",
            "anna.log",
            "anna.json",
            "toy-1.0.0.json",
            "purport.toml",
            "project.json",
            "annotators/anna.json",
        )
        for command in ("status", "verify", "show", "the reader")
    },
)
def sparse(box: Sandbox, row: tuple[str, str]) -> Outcome:
    name, command = row
    project, document = clone(box)
    at_root = "/" in name or name in ("purport.toml", "project.json")
    path = (project.root if at_root else document.folder) / name
    with path.open("ab") as file:
        file.truncate(1 << 40)
    if command == "the reader":
        with box.reader(project=project.root) as reader:
            reader.sees("ferry", 10)
            reader.idle(0.3, 3)
            peak = reader.peak
            words = reader.quits()
        bad = bool(words) and words != "exit 2"
        return Outcome(bad or peak > 500, f"{words or 'opened and closed'}, {peak} MB")
    words_ = (command, document.id) if command == "show" else (command,)
    ran = box.run(*words_, "--annotator", "anna", project=project.root, memory=4 << 30)
    harm = bool(ran.fault) or ran.megabytes > 500
    silent = command == "verify" and ran.status == 0
    return Outcome(
        harm or silent, f"{ran.fault or ran.line} ({ran.megabytes} MB, {ran.seconds:.1f} s)"
    )


@attacks(
    "V",
    "a project of {0}; status, verify, the reader",
    {
        "200,000 stray files in a document's folder": "stray",
        "100,000 stray files in documents/": "documents",
        "50,000 empty folders of documents": "empty",
        "50,000 annotators": "annotators",
        "10,000 layers on one document": "layers",
        "10,000 journals on one document": "journals",
        "folders 1,000 deep in a document's folder": "deep",
    },
)
def many(box: Sandbox, what: str) -> Outcome:
    project, document = clone(box)
    if what == "stray":
        for number in range(200_000):
            os.close(os.open(document.folder / f"{number}.x", os.O_CREAT | os.O_WRONLY))
    elif what == "documents":
        for number in range(100_000):
            os.close(os.open(project.root / "documents" / f"{number}.x", os.O_CREAT | os.O_WRONLY))
    elif what == "empty":
        for number in range(50_000):
            name = f"{number * 5555555:012x}"
            (project.root / "documents" / name[:2] / name).mkdir(parents=True, exist_ok=True)
    elif what == "annotators":
        for number in range(50_000):
            os.close(
                os.open(project.root / "annotators" / f"a{number}.json", os.O_CREAT | os.O_WRONLY)
            )
    elif what == "layers":
        data = (document.folder / "toy-1.0.0.json").read_bytes()
        for number in range(10_000):
            (document.folder / f"m{number}.json").write_bytes(
                data.replace(b'"layer": "toy-1.0.0"', b'"layer": "m%d"' % number, 1)
            )
    elif what == "journals":
        for number in range(10_000):
            name = f"p{number}"
            document.journal(name).add(
                "add", change(document.entity("Ilse Brandt", by=name))
            ).write(document.folder)
    else:
        here = os.open(document.folder, os.O_DIRECTORY)
        for _ in range(1_000):
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_DIRECTORY, dir_fd=here)
            os.close(here)
            here = below
        os.close(here)
    runs = {
        name: box.run(name, project=project.root, timeout=60, memory=4 << 30)
        for name in ("status", "verify")
    }
    told = [
        f"{name} {ran.fault or f'{ran.seconds:.1f} s'}, {ran.megabytes} MB"
        for name, ran in runs.items()
    ]
    slow = any(ran.fault or ran.seconds > 20 or ran.megabytes > 500 for ran in runs.values())
    begun = time.monotonic()
    with box.reader(project=project.root) as reader:
        shown = reader.sees("ferry", 20)
        told.append(f"the reader {time.monotonic() - begun:.1f} s, {reader.peak} MB")
        slow |= not shown or reader.peak > 500
        if words := reader.quits():
            told.append(words)
            slow = True
    if what == "deep":
        os.system(f"rm -rf '{document.folder}'")
    return Outcome(slow, "; ".join(told))


# Exports and other files that a person names


@attacks(
    "V",
    "the clone has {0} a link to ~/.bashrc; the person's command writes there",
    {
        "out.jsonl": ("out.jsonl", ("export", "out.jsonl", "--format", "jsonl", "--all")),
        "out.card.json, out.jsonl.card.json and the like beside OUT": (
            "card",
            ("export", "out.jsonl", "--format", "jsonl", "--all"),
        ),
        "out/train.jsonl": (
            "out/train.jsonl",
            (
                "export",
                "out",
                "--format",
                "jsonl",
                "--all",
                "--split",
                "train=0.5,dev=0.5",
                "--force",
            ),
        ),
        "out/annotation.conf": (
            "out/annotation.conf",
            ("export", "out", "--format", "brat", "--all", "--force"),
        ),
        "out/letter.txt": (
            "out/letter.txt",
            ("export", "out", "--format", "brat", "--all", "--force"),
        ),
        "page.html": ("page.html", ("report", "page.html")),
        "old.json": (
            "old.json",
            ("replay", "{}", "--until", "1", "--layer", "anna", "--out", "old.json"),
        ),
        "taught/meta.json": ("taught/meta.json", ("train", "taught", "--layer", "anna")),
    },
)
def planted_out(box: Sandbox, row: tuple[str, tuple[str, ...]]) -> Outcome:
    name, words = row
    project, document = clone(box)
    document.journal("anna").add("add", change(document.entity("Ilse Brandt"))).write(
        document.folder
    )
    victim = box.home / ".bashrc"
    victim.write_text("# mine\n", encoding="utf-8")
    first = box.run(*(one.format(document.id) for one in words), cwd=project.root)
    made = [
        path
        for path in project.root.iterdir()
        if path.name.startswith(("out", "page", "old", "taught"))
    ]
    targets = [project.root / name]
    if name == "card":
        targets = [path for path in made if path.name != "out.jsonl"]
    for target in targets:
        target.parent.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)
        target.symlink_to(victim)
    ran = box.run(*(one.format(document.id) for one in words), cwd=project.root)
    is_changed = victim.read_text(encoding="utf-8") != "# mine\n"
    told = f"~/.bashrc changed ({ran.line})" if is_changed else f"~/.bashrc as it was; {ran.line}"
    return Outcome(is_changed or bool(ran.fault), f"{told} (first: exit {first.status})")


@attack("V", "redact: the words of the text in any file of the project, the cache or the state")
def erased(box: Sandbox) -> Outcome:
    project, document = clone(box, "Ilse Brandt said that the ferry SECRETWORD might not sail.")
    document.journal("anna").add("add", change(document.entity("SECRETWORD"))).write(
        document.folder
    )
    for words in (
        ("status",),
        ("search", "ferry"),
        ("show", document.id, "--layer", "anna"),
        ("verify",),
        ("seal",),
    ):
        box.run(*words, "--annotator", "anna", project=project.root)
    with box.reader(project=project.root) as reader:
        reader.sees("ferry", 10)
        for key in (
            "tab",
            "a",
            "/",
            "SECRETWORD",
            "enter",
            "escape",
            ";",
            "note SECRETWORD",
            "enter",
            "u",
        ):
            reader.send(key)
            reader.idle(0.2)
        reader.quits()
    ran = box.run(
        "redact", document.id, "--reason", "asked", "--annotator", "anna", project=project.root
    )
    left = [
        str(path.relative_to(box.home))
        for path in box.home.rglob("*")
        if path.is_file() and not path.is_symlink() and b"SECRETWORD" in path.read_bytes()
    ]
    return Outcome(
        bool(left) or ran.status != 0, f"{ran.line}; the word is in {', '.join(left) or 'no file'}"
    )


# The index in the cache


def _database(box: Sandbox) -> Path | None:
    return next(iter(sorted((box.home / ".cache").rglob("*.sqlite"))), None)


INDEX: Final[dict[str, Callable[[Path, Path], None]]] = {}


def _poison(name: str) -> Callable[[Callable[[Path, Path], None]], None]:
    def register(run: Callable[[Path, Path], None]) -> None:
        INDEX[name] = run

    return register


@_poison("garbage")
def _garbage(path: Path, victim: Path) -> None:
    path.write_bytes(b"garbage" * 1000)


@_poison("cut in half")
def _half(path: Path, victim: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@_poison("with other bytes in each page")
def _flipped(path: Path, victim: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(100, len(data), 397):
        data[place] ^= 0xFF
    path.write_bytes(bytes(data))


@_poison("a link to the victim's file")
def _linked(path: Path, victim: Path) -> None:
    path.unlink()
    path.symlink_to(victim)


@_poison("a pipe")
def _piped(path: Path, victim: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@_poison("a folder")
def _foldered(path: Path, victim: Path) -> None:
    path.unlink()
    path.mkdir()


@_poison("empty")
def _emptied(path: Path, victim: Path) -> None:
    path.write_bytes(b"")


@_poison("of no permission")
def _forbidden(path: Path, victim: Path) -> None:
    path.chmod(0)


@_poison("with other tables")
def _tables(path: Path, victim: Path) -> None:
    import sqlite3

    base = sqlite3.connect(path)
    for (name,) in base.execute(
        "select name from sqlite_master where type='table' and sql not like '%virtual%'"
    ).fetchall():
        try:
            base.execute(f'alter table "{name}" rename to "{name}_x"')
            base.execute(f'create table "{name}" (a, b)')
        except sqlite3.Error:
            continue
    base.commit()
    base.close()


@attacks("V", "the index in the cache {0}: status, search, the reader", INDEX)
def index(box: Sandbox, poison: Callable[[Path, Path], None]) -> Outcome:
    project, document = clone(box)
    box.run("status", project=project.root)
    path = _database(box)
    if path is None:
        return Outcome(None, "no index was made")
    victim = box.home / "victim"
    victim.write_text(SECRET, encoding="utf-8")
    poison(path, victim)
    runs: dict[str, Ran] = {
        "status": box.run("status", project=project.root),
        "search": box.run("search", "ferry", project=project.root),
    }
    shown = accept(box, project)
    wrong = [
        f"{name}: {ran.fault or ran.line[:80]}"
        for name, ran in runs.items()
        if ran.fault or document.id not in ran.text
    ]
    if "ferry" not in shown:
        wrong.append(f"the reader: {shown[-100:]}")
    if victim.read_text(encoding="utf-8") != SECRET:
        wrong.append("the victim's file was written")
    return Outcome(bool(wrong), "; ".join(wrong) or "made again, or done without")


@attacks(
    "V",
    "the cache folder {0}: status, search, the reader",
    {
        "a file": "file",
        "read-only": "mode",
        "a link to nowhere": "nowhere",
        "HOME unset": "unset",
        "not a path": "dots",
    },
)
def cache(box: Sandbox, how: str) -> Outcome:
    project, document = clone(box)
    place = box.home / ".cache"
    env: dict[str, str | None] = {}
    if how == "file":
        place.write_text(SECRET, encoding="utf-8")
    elif how == "mode":
        place.mkdir(mode=0o500)
    elif how == "nowhere":
        place.symlink_to("/nonexistent/cache")
    elif how == "unset":
        env = {
            "HOME": None,
            "XDG_CACHE_HOME": None,
            "XDG_STATE_HOME": None,
            "XDG_CONFIG_HOME": None,
            "XDG_DATA_HOME": None,
        }
        return Outcome(None, "would write into the real home of the person who runs the bench")
    else:
        env = {"XDG_CACHE_HOME": "/dev/null/x"}
    runs = {
        "status": box.run("status", project=project.root, **env),
        "search": box.run("search", "ferry", project=project.root, **env),
    }
    with box.reader(project=project.root, **env) as reader:
        reader.sees("ferry", 10)
        words = reader.quits()
    wrong = [
        f"{name}: {ran.fault or ran.line}"
        for name, ran in runs.items()
        if ran.fault or document.id not in ran.text
    ]
    return Outcome(bool(wrong or words), "; ".join([*wrong, words]) or "works without")
