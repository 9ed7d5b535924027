"""A1, A2, B3, C6: links, pipes and devices in a project, and a project that another person owns."""

from __future__ import annotations

import os
from pathlib import Path

from attack.forge import Document, Project
from attack.sandbox import Outcome, Sandbox, attack, attacks

TEXT = "Ilse Brandt said that the ferry might not sail on Sunday."
PAYLOAD = b"touch ~/PWNED # not json"
SIZE_LIMIT = 4 << 30


def clone(box: Sandbox, words: str = TEXT) -> tuple[Project, Document]:
    """A project in the victim's home with one document and one suggestion."""
    project = Project(box.home / "clone")
    document = project.document(words)
    document.model(document.suggestion("Ilse Brandt"))
    return project, document


def accept(box: Sandbox, project: Project, *keys: str) -> str:
    """Open the reader, press keys, and leave; what the screen said."""
    with box.reader(project=project.root) as reader:
        reader.sees("ferry", 10)
        reader.idle()
        for key in keys or ("a",):
            reader.send(key)
            reader.idle()
        shown = " ".join(reader.text.split())
        reader.quits()
    return shown


def _changed(path: Path, before: bytes | None, box: Sandbox) -> Outcome:
    now = path.read_bytes() if path.exists() else None
    name = path.relative_to(box.home)
    if now == before:
        return Outcome(False, f"~/{name} is as it was")
    return Outcome(True, f"~/{name} changed: {(now or b'')[:60]!r}")


def _torn(document: Document) -> None:
    (document.folder / "anna.log").write_bytes(PAYLOAD)


@attacks(
    "A1",
    "anna.log without a line feed, {0}; the reader, a",
    {
        "anna.log.torn a relative link to ~/.bashrc": "relative",
        "anna.log.torn an absolute link to ~/.bashrc": "absolute",
        "anna.log.torn a hard link of ~/.bashrc": "hard",
        "the document's folder a link to a folder in ~": "folder",
        "documents/ a link to a folder in ~": "documents",
    },
)
def torn_line(box: Sandbox, kind: str) -> Outcome:
    project, document = clone(box)
    victim = box.home / ".bashrc"
    victim.write_bytes(b"# mine\n")
    _torn(document)
    torn = document.folder / "anna.log.torn"
    if kind == "relative":
        torn.symlink_to("../../../../.bashrc")
    elif kind == "absolute":
        torn.symlink_to(victim)
    elif kind == "hard":
        os.link(victim, torn)
    else:
        outside = box.home / "own"
        moved = document.folder if kind == "folder" else project.root / "documents"
        moved.rename(outside)
        moved.symlink_to(outside)
        before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
        accept(box, project)
        changed = {p for p in outside.rglob("*") if p.is_file() and before.get(p) != p.read_bytes()}
        words = ", ".join(sorted(path.name for path in changed))
        return Outcome(bool(changed), f"written in ~/own: {words or 'nothing'}")
    accept(box, project)
    return _changed(victim, b"# mine\n", box)


@attack("A1", "the torn file a link to ~/.bashrc; purport doctor DOC --adopt")
def torn_by_command(box: Sandbox) -> Outcome:
    project, document = clone(box)
    victim = box.home / ".bashrc"
    victim.write_bytes(b"# mine\n")
    journal = document.journal("anna").add("add", _added(document)).write(document.folder)
    box.run("show", document.id, "--layer", "anna", project=project.root)
    view = document.folder / "anna.json"
    view.write_bytes(view.read_bytes().replace(b"PERSON", b"ORG"))
    with journal.open("ab") as file:
        file.write(PAYLOAD)
    document.link("anna.log.torn", "../../../../.bashrc")
    ran = box.run("doctor", document.id, "--adopt", "--annotator", "anna", project=project.root)
    outcome = _changed(victim, b"# mine\n", box)
    return Outcome(outcome.harm, f"{outcome.words}; {ran.line}")


@attack("A2", "anna.log a link to ~/.bash_login, which is not there; the reader, a")
def log_creates(box: Sandbox) -> Outcome:
    project, document = clone(box, "He said $(touch ~/PWNED2) and Ilse Brandt took the ferry.")
    document.link("anna.log", "../../../../.bash_login")
    accept(box, project)
    return _changed(box.home / ".bash_login", None, box)


@attack("A2", "anna.log a link to ~/token without a line feed; the reader, a")
def log_truncates(box: Sandbox) -> Outcome:
    project, document = clone(box)
    token = box.home / "token"
    token.write_bytes(b"SECRET-0123456789")
    document.link("anna.log", "../../../../token")
    accept(box, project)
    copied = [
        path.name
        for path in project.root.rglob("*")
        if path.is_file() and not path.is_symlink() and b"SECRET" in path.read_bytes()
    ]
    changed = _changed(token, b"SECRET-0123456789", box)
    words = f"{changed.words}; the secret is in {', '.join(copied) or 'no file of the project'}"
    return Outcome(changed.harm or bool(copied), words)


@attacks(
    "A2",
    "{0} a link to a file of the victim; every command and the reader",
    {
        name: name
        for name in (
            "anna.json",
            "document.json",
            "text.txt",
            "toy-1.0.0.json",
            "project.json",
            "purport.toml",
            "annotators/anna.json",
        )
    },
)
def reads_through(box: Sandbox, name: str) -> Outcome:
    """A file that is read through a link is the victim's, printed or believed."""
    project, document = clone(box)
    is_of_document = "/" not in name and name not in ("project.json", "purport.toml")
    place = (document.folder if is_of_document else project.root) / name
    if name == "anna.json":
        document.journal("anna").add("add", _added(document)).write(document.folder)
        document.view("anna", document.entity("Ilse Brandt"))
    if name == "annotators/anna.json":
        place.write_bytes(b'{"annotator": {"1": {"name": "anna", "since": "x"}}}')
    secret = box.home / "victim"
    secret.write_bytes(place.read_bytes())
    place.unlink()
    place.symlink_to(os.path.relpath(secret, place.parent))
    before = secret.read_bytes()
    shown = box.run("show", document.id, project=project.root)
    found = box.run("verify", project=project.root)
    box.run("doctor", document.id, "--discard", "--annotator", "anna", project=project.root)
    accept(box, project)
    if secret.read_bytes() != before:
        return Outcome(True, "~/victim was written through the link")
    is_named = found.status != 0 and "link" in found.text
    followed = shown.status == 0 and not is_named
    words = f"show: exit {shown.status}; verify: {found.line}"
    return Outcome(followed or bool(shown.fault or found.fault), words)


def _added(document: Document) -> dict[str, object]:
    one = document.entity("Ilse Brandt")
    return {"annotation": one["id"], "before": None, "after": one}


@attacks(
    "B3",
    "document.json -> /dev/zero; {0}",
    {"status": ("status",), "verify": ("verify",), "show": ("show", "{}")},
)
def device(box: Sandbox, words: tuple[str, ...]) -> Outcome:
    project, document = clone(box)
    document.link("document.json", "/dev/zero")
    ran = box.run(
        *(word.format(document.id) for word in words),
        project=project.root,
        memory=SIZE_LIMIT,
        timeout=30,
    )
    harm = bool(ran.fault) or ran.megabytes > 500
    return Outcome(harm, f"{ran.fault or ran.line} ({ran.megabytes} MB, {ran.seconds:.1f} s)")


PIPES = (
    "document.json",
    "text.txt",
    "anna.log",
    "anna.json",
    "toy-1.0.0.json",
    "purport.toml",
    "project.json",
    "annotators/anna.json",
)


@attacks(
    "B3",
    "a pipe as {0}",
    {
        f"{name}; {command}": (name, command)
        for name in PIPES
        for command in ("status", "verify", "the reader")
    },
)
def pipe(box: Sandbox, row: tuple[str, str]) -> Outcome:
    name, command = row
    project, document = clone(box)
    at_root = name.startswith(("purport", "project", "annotators"))
    place = (project.root if at_root else document.folder) / name
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    if command != "the reader":
        ran = box.run(command, "--annotator", "anna", project=project.root, timeout=8)
        named = command != "verify" or ran.status != 0
        return Outcome(bool(ran.fault) or not named, ran.fault or ran.line)
    with box.reader(project=project.root) as reader:
        came = reader.sees("ferry", 6)
        if came:
            reader.send("a")
            reader.idle(0.3, 3)
        words = reader.quits(5)
    if words == "exit 2" and name in ("purport.toml", "project.json"):
        return Outcome(False, "refused: " + " ".join(reader.text.split())[-120:])
    return Outcome(bool(words), words or ("opened and closed" if came else "refused"))


@attack("C6", "a world-writable folder with another person's purport.toml; add below it")
def upward(box: Sandbox) -> Outcome:
    if os.geteuid():
        return Outcome(None, "needs root, to make a file of another owner")
    shared = box.folder / "shared"
    project = Project(shared)
    work = shared / "work" / "deep"
    work.mkdir(parents=True)
    secret = work / "secret.txt"
    secret.write_text("the secret of the ferry\n", encoding="utf-8")
    for path in [shared, *shared.rglob("*")]:
        os.chown(path, 65534, 65534)
    os.chown(work, 0, 0)
    os.chown(secret, 0, 0)
    shared.chmod(0o777)
    ran = box.run("add", "secret.txt", cwd=work)
    taken = (
        [path for path in (project.root / "documents").rglob("text.txt") if path.stat().st_size]
        if (project.root / "documents").exists()
        else []
    )
    return Outcome(bool(taken), f"{len(taken)} texts in the other's folder; {ran.line}")
