"""A3: what reaches the terminal raw from the files of a project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attack.forge import Document, Project, change
from attack.sandbox import HOSTILE, Outcome, Ran, Sandbox, attack, attacks, raw

TEXT = "Ilse Brandt said that the ferry might not sail on Sunday."
WORST = "x\x1b]0;t\x07\x9b31m\x7f\u202e\u2066\u061c\u200e\u00ad\u200b\ufff9\U000e0041y"
"""Everything that a name, a label or a title may hide; a line feed is tried apart."""


def forged(box: Sandbox, settings: str = 'version = 1\nname = "forged"\n', **about: Any) -> Any:
    project = Project(box.home / "clone", settings)
    document = project.document(TEXT, **about)
    return project, document


def toml(words: str) -> str:
    """A TOML string with everything escaped."""
    return '"' + "".join(f"\\U{ord(one):08x}" for one in words) + '"'


def _outcome(*runs: Ran) -> Outcome:
    came = sorted({one for ran in runs for one in raw(ran.both)})
    faults = [ran.fault for ran in runs if ran.fault]
    words = f"raw: {' '.join(came)}" if came else f"nothing raw; {runs[-1].line}"
    return Outcome(bool(came or faults), "; ".join([words, *faults]))


@attacks("A3", "log: {0} of a decision", {name: name for name in ("at", "by", "layer", "document")})
def logged(box: Sandbox, name: str) -> Outcome:
    project, document = forged(box)
    journal = document.journal("boris")
    journal.add("add", change(document.entity("Ilse Brandt", by="boris")), **{name: HOSTILE})
    journal.write(document.folder)
    return _outcome(
        box.run("log", project=project.root), box.run("log", document.id, project=project.root)
    )


@attacks(
    "A3",
    "search {0}: known are …",
    {
        "--label X, a label of a model's layer": ("--label", "X"),
        "--label X, a label of purport.toml": ("--label", "settings"),
        "--stance X": ("--stance", "X"),
        "--certainty X": ("--certainty", "X"),
        "--status X": ("--status", "X"),
    },
)
def known(box: Sandbox, words: tuple[str, str]) -> Outcome:
    hostile = toml(HOSTILE)
    settings = f"version = 1\n[entities]\nlabels = [{hostile}]\n"
    settings += f"[claims]\nstance = [{hostile}]\ncertainty = [{hostile}]\n"
    project, document = forged(box, settings)
    if words[1] == "X":
        document.model(document.suggestion("Ilse Brandt", label=HOSTILE))
    return _outcome(box.run("search", words[0], "nope", project=project.root))


@attacks(
    "A3",
    "purport.toml: {0}",
    {
        f"{what}; {command}": (settings, command)
        for what, settings in {
            "[suggest] model": f"[suggest]\nmodel = {toml('./' + HOSTILE)}\n",
            "a key of [claims]": f"[claims]\n{toml(HOSTILE)} = ['a']\n",
            "a setting's name": f"{toml(HOSTILE)} = 1\n",
            "a pair of [claims]": f"[claims]\npairs = [[{toml(HOSTILE)}, 'a']]\n",
            "a key of [keys]": f"[keys]\n{toml(HOSTILE)} = 'a'\n",
            "a key's value in [keys]": f"[keys]\n'app.quit' = {toml(HOSTILE)}\n",
            "the project's name": f"name = {toml(HOSTILE)}\n",
        }.items()
        for command in ("doctor", "suggest", "keys", "status")
    },
)
def settings(box: Sandbox, row: tuple[str, str]) -> Outcome:
    words, command = row
    project, _ = forged(box, f"version = 1\n{words}")
    return _outcome(box.run(command, project=project.root, timeout=60))


def _redacted(box: Sandbox, **about: Any) -> tuple[Project, Document]:
    project, document = forged(box, **about)
    one = document.entity("Ilse Brandt", by="boris")
    journal = document.journal("boris").add("add", change(one))
    journal.add("redact", body={"changes": [], "reason": HOSTILE}, by=HOSTILE)
    for name in ("salt", "body"):
        del journal.lines[0][name]
    from hashlib import sha256

    from attack.forge import canonical

    journal.lines[0]["body_sha"] = sha256(canonical({})).hexdigest()
    journal.write(document.folder)
    (document.folder / "text.txt").unlink()
    return project, document


@attacks(
    "A3",
    "a redacted document, by and reason of the redaction: {0}",
    {
        "show": ("show", "{}"),
        "export": ("export", "out.jsonl", "--format", "jsonl", "--all"),
        "status": ("status",),
        "verify": ("verify",),
        "log": ("log",),
    },
)
def redacted(box: Sandbox, words: tuple[str, ...]) -> Outcome:
    project, document = _redacted(box)
    return _outcome(box.run(*(one.format(document.id) for one in words), project=project.root))


@attack("A3", "redact --reason, said again by show, export, log and verify")
def own_reason(box: Sandbox) -> Outcome:
    project, document = forged(box)
    reason = HOSTILE.replace("\r", "")
    first = box.run("redact", document.id, "--reason", reason, project=project.root)
    return _outcome(
        first,
        box.run("show", document.id, project=project.root),
        box.run("export", "o.jsonl", "--format", "jsonl", "--all", project=project.root),
        box.run("log", project=project.root),
        box.run("verify", project=project.root),
    )


@attacks(
    "A3",
    "document.json, {0}: status, show, search, export, verify",
    {name: name for name in ("id", "title", "source", "added_at", "metadata", "session")},
)
def about(box: Sandbox, name: str) -> Outcome:
    value: Any = {HOSTILE: HOSTILE} if name == "metadata" else HOSTILE
    project, document = forged(box, **({} if name == "title" else {name: value}))
    if name == "title":
        document.about(
            {
                "format": 1,
                "id": document.id,
                "title": HOSTILE,
                "source": "",
                "added_at": "",
                "characters": len(TEXT),
                "sha256": document.sha256,
                "metadata": {},
            }
        )
    return _outcome(
        *(
            box.run(*words, project=project.root)
            for words in (
                ("status",),
                ("show", document.id),
                ("show", "nope"),
                ("search", "ferry"),
                ("export", "o.jsonl", "--format", "jsonl", "--all"),
                ("verify",),
            )
        )
    )


NAMES = {
    "a layer's file": f"{WORST}.json",
    "a journal": f"{WORST}.log",
    "a stray file": WORST,
    "a torn file": f"{WORST}.log.torn",
}


@attacks(
    "A3",
    "a file's name in a document's folder, {0}",
    {
        f"{what}; {' '.join(words)}": (name, words)
        for what, name in NAMES.items()
        for words in (
            ("verify",),
            ("doctor",),
            ("show", "{}", "--layer", "nope"),
            ("evaluate", "--predicted", "nope"),
            ("replay", "{}", "--until", "1", "--layer", "nope"),
            ("status",),
        )
    },
)
def file_name(box: Sandbox, row: tuple[str, tuple[str, ...]]) -> Outcome:
    name, words = row
    project, document = forged(box)
    document.model(document.suggestion("Ilse Brandt"))
    source = document.model(document.suggestion("Ilse Brandt"), layer="other-1")
    (document.folder / name).write_bytes(source.read_bytes())
    ran = box.run(*(one.format(document.id) for one in words), project=project.root)
    return _outcome(ran)


@attack("A3", "a name of a layer in its meta record: show --layer nope, evaluate")
def meta_name(box: Sandbox) -> Outcome:
    project, document = forged(box)
    path = document.model(document.suggestion("Ilse Brandt"), layer="other-1")
    path.write_bytes(
        path.read_bytes().replace(
            b'"layer": "other-1"', b'"layer": ' + json.dumps(HOSTILE).encode()
        )
    )
    return _outcome(
        box.run("show", document.id, "--layer", "nope", project=project.root),
        box.run("evaluate", "--predicted", "nope", project=project.root),
        box.run("status", project=project.root),
        box.run("verify", project=project.root),
    )


@attacks(
    "A3",
    "a journal whose decision belongs elsewhere: {0}",
    {"verify": ("verify",), "doctor": ("doctor",), "doctor DOC": ("doctor", "{}")},
)
def belongs(box: Sandbox, words: tuple[str, ...]) -> Outcome:
    project, document = forged(box)
    journal = document.journal("boris")
    journal.add("add", change(document.entity("Ilse Brandt")), layer=HOSTILE, document=HOSTILE)
    journal.write(document.folder)
    return _outcome(box.run(*(one.format(document.id) for one in words), project=project.root))


@attack("A3", "replay to standard error: at of a decision")
def replayed(box: Sandbox) -> Outcome:
    project, document = forged(box)
    journal = document.journal("boris")
    journal.add("add", change(document.entity("Ilse Brandt", by="boris")), at=HOSTILE)
    journal.write(document.folder)
    ran = box.run("replay", document.id, "--until", "1", "--layer", "boris", project=project.root)
    return _outcome(ran)


@attacks(
    "A3",
    "the project's folder is named so: {0}",
    {
        "status": ("status",),
        "status in a broken one": ("broken",),
        "verify": ("verify",),
        "doctor": ("doctor",),
        "seal": ("seal",),
        "suggest": ("suggest", "nope"),
        "import": ("import", "nope", "--format", "jsonl", "--layer", "x"),
        "add": ("add", "nope"),
    },
)
def folder_name(box: Sandbox, words: tuple[str, ...]) -> Outcome:
    project = Project(box.home / WORST)
    document = project.document(TEXT)
    document.model(document.suggestion("Ilse Brandt"))
    (document.folder / "anna.log").write_bytes(b"not json\n")
    if words == ("broken",):
        (project.root / "purport.toml").write_bytes(b"= \n")
        words = ("status",)
    return _outcome(box.run(*words, project=project.root))


@attacks(
    "A3",
    "PURPORT_CONFIG names a folder so: {0}",
    {"doctor": ("doctor",), "keys": ("keys",), "read": ("read", "--no-suggest")},
)
def config_name(box: Sandbox, words: tuple[str, ...]) -> Outcome:
    project, _ = forged(box)
    place = box.home / WORST / "config.toml"
    place.parent.mkdir()
    place.write_bytes(b"= = \n")
    return _outcome(box.run(*words, project=project.root, PURPORT_CONFIG=str(place)))


@attacks("A3", "{0} of a path with such a name", {"add": "add", "read": "read"})
def path_name(box: Sandbox, command: str) -> Outcome:
    paths: list[Path] = []
    for number, ending in enumerate((".txt", ".docx", ".pdf", "", ".jsonl")):
        path = box.home / f"{number}{WORST}{ending}"
        path.write_bytes(b"\x00\xff" * number + b"{" * (ending == ".jsonl"))
        paths.append(path)
    project, _ = forged(box)
    more = ["--no-suggest"] if command == "read" else []
    ran = box.run(command, *more, *paths, project=project.root)
    return _outcome(ran, box.run("status", project=project.root))


@attacks(
    "A3",
    "--json: {0}",
    {
        " ".join(words): words
        for words in (
            ("status", "--json"),
            ("search", "ferry", "--json"),
            ("search", "--label", "PERSON", "--json"),
            ("log", "--json"),
            ("replay", "{}", "--until", "1", "--layer", "boris"),
            ("verify", "--json"),
            ("evaluate", "--predicted", "toy-1.0.0", "--gold", "boris", "--all", "--json"),
        )
    },
)
def as_json(box: Sandbox, words: tuple[str, ...]) -> Outcome:
    settings = f"version = 1\n[entities]\nlabels = [{toml(WORST)}, 'PERSON']\n"
    project, document = forged(box, settings, title=WORST, source=WORST)
    document.model(document.suggestion("Ilse Brandt", label=WORST))
    one = document.entity("Ilse Brandt", by="boris", label=WORST, note=WORST)
    document.journal("boris").add("add", change(one)).write(document.folder)
    (document.folder / f"{WORST}.json").write_bytes(b"{}")
    ran = box.run(*(one.format(document.id) for one in words), project=project.root)
    return _outcome(ran)
