"""B1, B2, C9, C10: stray files, malformed records, huge settings, a clock of another century."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any, Final

from attack import malformations
from attack.forge import TIME, Document, Project, change
from attack.sandbox import Outcome, Sandbox, attacks

TEXT: Final = "Ilse Brandt said that the ferry might not sail on Sunday."
HEALTHY: Final = "Tomas Vidal answered that the harbour is open on Monday."

# B1

NAMES: Final = {
    name: name
    for name in (
        b"notes 2.log",
        b"anna (conflicted copy 2026-11-30).log",
        "\u00e9.log".encode(),
        b"x.log.log",
        b"a b.json",
        b"bad\xff.log",
        b"bad\xff.json",
        b".DS_Store",
        b"document.log",
        b"anna.json.orig",
        b"\n.log",
    )
}


@attacks(
    "B1",
    "a stray {0} in a document's folder",
    {
        f"{os.fsdecode(name).encode('ascii', 'backslashreplace').decode()!r}, {cache}": (
            name,
            cache,
        )
        for name in NAMES
        for cache in ("known before", "fresh clone")
    },
)
def stray(box: Sandbox, row: tuple[bytes, str]) -> Outcome:
    name, cache = row
    project, document = two(box)
    if cache == "known before":
        box.run("status", project=project.root)
    (document.folder / os.fsdecode(name)).write_bytes(b"stray\n")
    wrong = []
    runs = {
        "status": box.run("status", project=project.root),
        "search": box.run("search", "ferry", project=project.root),
        "show": box.run("show", document.id, project=project.root),
        "export": box.run("export", "o.jsonl", "--format", "jsonl", "--all", project=project.root),
        "verify": box.run("verify", project=project.root),
        "doctor": box.run("doctor", project=project.root, timeout=60),
    }
    for command, ran in runs.items():
        if ran.fault:
            wrong.append(f"{command}: {ran.fault}")
        elif command in ("status", "search") and document.id not in ran.text:
            wrong.append(f"{command}: the document is hidden ({ran.line[:60]})")
        elif command in ("show", "export") and ran.status:
            wrong.append(f"{command}: {ran.line[:60]}")
    if not runs["verify"].status:
        wrong.append("verify: all is well")
    with box.reader("--open", document.id, project=project.root) as reader:
        if not reader.sees("ferry", 10):
            wrong.append("the reader does not open it")
        if words := reader.quits():
            wrong.append(f"the reader: {words}")
    return Outcome(bool(wrong), "; ".join(wrong) or runs["verify"].line)


# B2


def two(box: Sandbox) -> tuple[Project, Document]:
    """A project with the document that is to be damaged and a healthy one."""
    project = Project(box.home / "clone")
    document = project.document(TEXT, "damaged")
    document.model(document.suggestion("Ilse Brandt"))
    healthy = project.document(HEALTHY, "healthy")
    healthy.model(healthy.suggestion("Tomas Vidal"))
    return project, document


def _damage(box: Sandbox, row: tuple[str, Any]) -> tuple[Project, Document]:
    where, value = row
    project, document = two(box)
    folder = document.folder
    owner = "anna" if where.startswith("own") else "mallory"
    if where in ("entity", "own entity"):
        one = document.entity("Ilse Brandt", by=owner) | value
        own_id = value.get("id", "e1")
        journal = document.journal(owner)
        journal.add("add", {"annotation": own_id, "before": None, "after": one}).write(folder)
    elif where in ("claim", "own claim"):
        one = document.claim("the ferry might not sail", by=owner) | value
        document.journal(owner).add("add", change(one)).write(folder)
    elif where in ("head", "own head"):
        one = document.entity("Ilse Brandt", by=owner)
        document.journal(owner).add("add", change(one)).add(
            "add", change(document.entity("Brandt", "e2", by=owner, rev=2, at=TIME.format(2)))
        )
        journal = document.journal(owner).add("add", change(one))
        journal.add(
            "add", change(document.entity("Brandt", "e2", by=owner, rev=2, at=TIME.format(2)))
        )
        number = 0 if value.get("action") in ("undo", "redo") or "seq" in value else 1
        journal.lines[number] |= value
        journal.write(folder)
    elif where in ("body", "own body"):
        if value == "DEEP":
            (folder / f"{owner}.log").write_bytes(b'{"v":1,"body":' + b"[" * 100_000 + b"\n")
        else:
            document.journal(owner).add("add", body=value).write(folder)
    elif where == "model":
        document.model({**document.suggestion("Ilse Brandt"), **value})
    elif where == "model claim":
        one = document.claim("the ferry might not sail", status="suggested", score=0.5)
        one["origin"] = {
            "layer": "toy-1.0.0",
            "start": one["start"],
            "end": one["end"],
            "values": {},
        }
        document.model({**one, **value})
    elif where == "document.json" and isinstance(value, dict):
        record = {
            "format": 1,
            "id": document.id,
            "title": "damaged",
            "source": "",
            "added_at": TIME.format(0),
        }
        record |= {"characters": len(TEXT), "sha256": document.sha256, "metadata": {}}
        document.about(record | value)
    elif where == "purport.toml":
        (project.root / "purport.toml").write_bytes(value)
    else:
        path = (
            project.root if where in ("project.json", "annotators/anna.json") else folder
        ) / where
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(value)
    return project, document


COMMANDS: Final = (
    ("status",),
    ("verify",),
    ("doctor",),
    ("show", "{damaged}"),
    ("show", "{healthy}"),
    ("search", "harbour"),
    ("search", "--label", "PERSON"),
    ("log",),
    ("export", "o.jsonl", "--format", "jsonl", "--all"),
    ("evaluate", "--predicted", "toy-1.0.0", "--gold", "mallory", "--all"),
    ("replay", "{damaged}", "--until", "1", "--layer", "mallory"),
    ("report", "page.html"),
    ("seal",),
    ("keys",),
)


@attacks("B2", "{0}", malformations.rows())
def malformed(box: Sandbox, row: tuple[str, Any]) -> Outcome:
    project, document = _damage(box, row)
    healthy = next(
        path.parent.name
        for path in project.root.rglob("text.txt")
        if path.parent.name != document.id
    )
    is_whole = row[0] in ("purport.toml", "project.json")
    wrong, hidden = [], []
    for words in COMMANDS:
        ran = box.run(
            *(word.format(damaged=document.id, healthy=healthy) for word in words),
            "--annotator",
            "anna",
            project=project.root,
        )
        if ran.fault:
            wrong.append(f"{words[0]}: {ran.fault}")
        elif ran.megabytes > 500:
            wrong.append(f"{words[0]}: {ran.megabytes} MB")
        elif is_whole:
            continue
        elif (words[0] == "status" or words == ("search", "harbour")) and healthy not in ran.text:
            hidden.append(words[0])
        elif words == ("show", "{healthy}") and ran.status:
            hidden.append("show of the healthy one")
    with box.reader(project=project.root) as reader:
        reader.sees("said", 8)
        for key in ("tab", "a", "i", "H", "escape", "j", "escape", ">", "<", "%", "escape"):
            try:
                reader.send(key)
            except OSError:
                break
            reader.idle(0.1, 3)
        if words := reader.quits():
            if is_whole and words == "exit 2":
                words = ""
            else:
                wrong.append(f"the reader: {words} {_last(reader.text)}")
    if hidden:
        wrong.append(f"the healthy document is not there in {', '.join(hidden)}")
    count = len(wrong)
    return Outcome(
        bool(wrong),
        f"{count} of {len(COMMANDS) + 1}: " + "; ".join(wrong)
        if wrong
        else "each ended with a line of its own",
    )


def _last(shown: str) -> str:
    lines = [line for line in shown.splitlines() if line.strip()]
    return lines[-1].strip()[:100] if lines else ""


# C9, C10


@attacks(
    "C9",
    "purport.toml of {0}",
    {
        "6,000 labels; keys": (6_000, "keys"),
        "200,000 labels; status": (200_000, "status"),
        "200,000 labels; keys": (200_000, "keys"),
        "1,000 stances and 1,000 certainties; status": (1_000, "pairs"),
        "3,000 stances and 3,000 certainties; status": (3_000, "pairs"),
        "500,000 keys; status": (500_000, "many keys"),
    },
)
def huge_schema(box: Sandbox, row: tuple[int, str]) -> Outcome:
    count, command = row
    names = [f"L{number}" for number in range(count)]
    if command == "pairs":
        words = f"version = 1\n[claims]\nstance = {json.dumps(names)}\ncertainty = {json.dumps(names)}\n"
        command = "status"
    elif command == "many keys":
        words = "version = 1\n[keys]\n" + "".join(f'"{name}" = "x"\n' for name in names)
        command = "status"
    else:
        words = f"version = 1\n[entities]\nlabels = {json.dumps(names)}\n"
    project, _ = two(box)
    project.settings(words)
    ran = box.run(command, project=project.root, timeout=30)
    harm = bool(ran.fault) or ran.seconds > (5 if count == 6_000 else 20) or ran.megabytes > 500
    return Outcome(harm, f"{ran.seconds:.1f} s, {ran.megabytes} MB; {ran.fault or ran.line[:80]}")


@attacks(
    "C10",
    "a journal of {0} with a time in the year 2099; anna decides",
    {"boris": "boris", "anna on another document": "anna"},
)
def clock(box: Sandbox, who: str) -> Outcome:
    project, document = two(box)
    at = "2099-01-01T00:00:00.000000Z"
    other = next(p.parent for p in project.root.rglob("text.txt") if p.parent != document.folder)
    journal = Document.__new__(Document)
    journal.id, journal.text, journal.folder = other.name, HEALTHY, other
    one = journal.entity("Tomas Vidal", by=who, at=at)
    journal.journal(who).add("add", change(one), at=at).write(other)
    with box.reader("--open", document.id, project=project.root) as reader:
        reader.sees("ferry", 10)
        reader.send("a")
        reader.idle()
        shown = reader.text
        reader.quits()
    log = document.folder / "anna.log"
    if not log.exists():
        return Outcome(True, f"nothing was decided: {_last(shown)}")
    decided = json.loads(log.read_bytes().splitlines()[-1])["at"]
    is_late = decided > f"{datetime.now(UTC).year + 1}"
    verify = box.run("verify", project=project.root)
    told = "2099" in shown or "clock" in shown or "2099" in verify.text
    return Outcome(is_late and not told, f"decided at {decided}; verify: {verify.line[:100]}")
