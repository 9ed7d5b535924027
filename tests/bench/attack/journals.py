"""B5 and C8: one journal in two clones, and long journals."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Final

from attack.forge import TIME, Project, change
from attack.honest import Honest
from attack.sandbox import Outcome, Sandbox, attack, attacks

_GIT: Final = (
    "git",
    "-c",
    "user.name=anna",
    "-c",
    "user.email=anna@localhost",
    "-c",
    "init.defaultBranch=main",
)


def _git(box: Sandbox, folder: Path, *words: str) -> str:
    done = subprocess.run(
        [*_GIT, *words], cwd=folder, env=box.env(), capture_output=True, text=True
    )
    return done.stdout + done.stderr


def _forked(box: Sandbox, how: str) -> tuple[Honest, Path, int]:
    """One annotator's project after two clones of it were merged; how many decisions there are."""
    own = Honest(box)
    _git(box, own.root, "init", "-q")
    if how == "union":
        (own.root / ".gitattributes").write_text("*.log merge=union\n", encoding="utf-8")
    _git(box, own.root, "add", "-A")
    _git(box, own.root, "commit", "-qm", "start")
    other = box.folder / "other"
    _git(box, box.folder, "clone", "-q", str(own.root), str(other))
    mine, first, second = own.root, own.first, own.second
    own.decide(
        (
            "anna",
            [
                ["accept", 0, 5],
                ["accept", 0, 6],
                ["reject", 0, 7],
                ["accept", 0, 8],
                ["accept", 0, 9],
            ],
        )
    )
    own.root = other
    own.decide(
        (
            "anna",
            [
                ["reject", 0, 5],
                ["accept", 0, 10],
                ["accept", 0, 0],
                ["reject", 0, 4],
                ["accept", 0, 9],
            ],
        )
    )
    own.root, own.first, own.second = mine, first, second
    for root in (mine, other):
        _git(box, root, "add", "-A")
        _git(box, root, "commit", "-qm", "more")
    _git(box, mine, "pull", "-q", "--no-rebase", "--no-edit", str(other), "main")
    if how == "ours":
        _git(box, mine, "checkout", "--ours", ".")
    return own, mine, 13


def decided(box: Sandbox, root: Path, *more: str) -> set[str]:
    """What is decided, as `purport log --json` says it."""
    ran = box.run("log", "--json", *more, project=root)
    rows = [json.loads(line) for line in ran.out.decode().splitlines() if line.startswith("{")]
    return {f"{row['document']} {row['annotation']} {row['action']}" for row in rows}


@attack("B5", "anna decided in two clones, git merged: status, show, search of all other documents")
def fork_hides(box: Sandbox) -> Outcome:
    own, root, _ = _forked(box, "conflict")
    conflicted = any(b"<<<<<<<" in path.read_bytes() for path in root.rglob("*.log"))
    if not conflicted:
        return Outcome(None, "git made no conflict")
    second = own.second.name
    runs = {
        "status": box.run("status", project=root),
        "show": box.run("show", second, project=root),
        "search": box.run("search", "ferry", project=root),
        "export": box.run(
            "export", "o.jsonl", "--format", "jsonl", "--all", "--layer", "boris", project=root
        ),
    }
    wrong = [
        f"{name}: {ran.fault or ran.line[:80]}"
        for name, ran in runs.items()
        if ran.fault
        or (name in ("status", "search", "show") and (name != "show" and second not in ran.text))
    ]
    return Outcome(bool(wrong), "; ".join(wrong) or "the other document is there in each")


@attack("B5", "anna decided in two clones, git merged: what verify and the reader say")
def fork_told(box: Sandbox) -> Outcome:
    own, root, _ = _forked(box, "conflict")
    ran = box.run("verify", project=root)
    with box.reader("--open", own.first.name, project=root) as reader:
        reader.sees("senate", 10)
        reader.idle()
        shown = " ".join(reader.text.split())
        words = reader.quits()
    is_named = any(
        re.search(r"merge|conflict|fork|two clones|two heads", text, re.I)
        for text in (ran.text, shown)
    )
    return Outcome(
        not is_named or bool(words) or bool(ran.fault),
        f"{ran.line[:150]}; reader: {words or shown[:100]}",
    )


def followed(box: Sandbox, root: Path, document: str) -> list[str]:
    """Run each `purport doctor …` that the program's own words ask for; which ones they were."""
    tried: list[str] = []
    for _ in range(4):
        said = box.run("verify", "--annotator", "anna", project=root).text
        told = box.run("doctor", document, "--annotator", "anna", project=root, timeout=60)
        said = " ".join((said + told.text).split()).replace("doctor DOC", f"doctor {document}")
        said = said.replace(" NAME", " saved")
        asked = re.findall(r"purport (doctor [0-9a-f]{12}(?: --?[a-z]+(?: [A-Za-z0-9]+)?)+)", said)
        fresh = sorted(set(asked) - set(tried))
        if not fresh:
            break
        tried += fresh
        for words in fresh[:3]:
            box.run(*words.split(), "--annotator", "anna", project=root, timeout=60)
    return tried


@attacks(
    "B5",
    "anna decided in two clones, git merged ({0}): are all decisions kept by what doctor says",
    {"with a conflict": "conflict", "by union": "union", "git checkout --ours": "ours"},
)
def fork_kept(box: Sandbox, how: str) -> Outcome:
    own, root, _ = _forked(box, how)
    other = box.folder / "other"
    wanted = decided(box, other)
    tried = followed(box, root, own.first.name)
    have = decided(box, root)
    lost = wanted - have
    if how == "ours":
        said = box.run("verify", project=root).line
        return Outcome(
            False, f"the other side is not in the folder any more; {said} ({len(lost)} not there)"
        )
    return Outcome(
        bool(lost),
        f"{len(lost)} of {len(wanted)} decisions of the other clone are in no journal; followed: {' | '.join(tried) or 'nothing was offered'}",
    )


@attacks(
    "C8",
    "{0} decisions in one document; opened a second time",
    {
        "100,000 on 2,000 annotations": (100_000, 2_000),
        "100,000 on 100,000 annotations": (100_000, 100_000),
    },
)
def long_journal(box: Sandbox, row: tuple[int, int]) -> Outcome:
    count, annotations = row
    project = Project(box.home / "clone")
    width = 7
    words = [f"w{number:05d}" for number in range(annotations)]
    document = project.document(" ".join(words) + " ferry")
    journal = document.journal("anna")
    last: dict[int, dict[str, object]] = {}
    for seq in range(1, count + 1):
        place = seq % annotations
        label = "PERSON" if (seq // annotations) % 2 else "ORG"
        at = TIME.format(seq)
        one = {
            "id": f"a{place:011d}",
            "kind": "entity",
            "start": place * width,
            "end": place * width + 6,
        }
        one |= {
            "text": words[place],
            "label": label,
            "status": "added",
            "by": "anna",
            "at": at,
            "rev": seq,
        }
        before = last.get(place)
        journal.add("relabel" if before else "add", change(one, before), at=at)
        last[place] = one
    journal.write(document.folder)
    first = box.run(
        "show",
        document.id,
        "--layer",
        "anna",
        "--annotator",
        "anna",
        project=project.root,
        timeout=120,
    )
    with box.reader(project=project.root) as reader:
        reader.sees("w00000", 120)
        reader.idle(0.5, 20)
        for key in ("v", "5", "u"):
            reader.send(key)
            reader.idle(0.5, 20)
        reader.quits(30)
    plain = box.run(
        "show", document.id, "--plain", "--annotator", "anna", project=project.root, timeout=120
    )
    begun = time.monotonic()
    with box.reader(project=project.root) as reader:
        seen = reader.sees("w00000", 120)
        opening = time.monotonic() - begun
        peak = reader.peak
        reader.idle(0.5, 20)
        begun = time.monotonic()
        reader.send(".")
        reader.send("v")
        reader.send("5")
        reader.idle(0.5, 30)
        deciding = time.monotonic() - begun - 0.5
        words_ = reader.quits(30)
    told = f"show {first.seconds:.1f} s, {first.megabytes} MB; --plain {plain.seconds:.1f} s; the reader {opening:.1f} s, {peak} MB; a decision {deciding:.2f} s"
    return Outcome(
        not seen or opening > 2.5 or peak > 500 or bool(words_),
        told + (f"; {words_}" if words_ else ""),
    )


@attacks(
    "V",
    "an early decision of 6,000 changed after the reader had it open; {0}",
    {name: name for name in ("verify", "seal", "log", "doctor")},
)
def behind_snapshot(box: Sandbox, command: str) -> Outcome:
    """What was read once is not believed for ever."""
    project = Project(box.home / "clone")
    document = project.document("Ilse Brandt said that the ferry sails. " * 20)
    journal = document.journal("anna")
    before = None
    for seq in range(1, 6_001):
        label = "PERSON" if seq % 2 else "ORG"
        one = document.entity("Ilse Brandt", label=label, at=TIME.format(seq), rev=seq)
        action = "relabel" if before else "add"
        journal.add(action, change(one, before), at=TIME.format(seq))
        before = one
    path = journal.write(document.folder)
    for _ in range(2):
        with box.reader(project=project.root) as reader:
            reader.sees("ferry", 30)
            reader.idle(0.5, 10)
            reader.quits()
    honest = box.run("verify", project=project.root, timeout=60)
    about = path.stat()
    data = path.read_bytes()
    place = data.index(b'"label":"ORG"', len(data) // 4)
    path.write_bytes(data[:place] + b'"label":"LAW"' + data[place + 13 :])
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    ran = box.run(command, project=project.root, timeout=60)
    if honest.status:
        return Outcome(None, f"not well before: {honest.line}")
    quiet = ran.status == 0
    return Outcome(quiet or bool(ran.fault), ran.fault or ran.line[:150])


@attack("V", "text.txt changed in size and time as it was; show, export, verify, the reader")
def same_size(box: Sandbox) -> Outcome:
    own = Honest(box)
    box.run("status", project=own.root)
    path = own.second / "text.txt"
    about, data = path.stat(), path.read_bytes()
    path.write_bytes(data.replace(b"might not", b"might now"))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    runs = {
        "show": box.run("show", own.second.name, project=own.root),
        "export": box.run("export", "o.jsonl", "--format", "jsonl", "--all", project=own.root),
        "verify": box.run("verify", project=own.root),
    }
    out = box.home / "o.jsonl"
    wrong = [name for name, ran in runs.items() if ran.fault or b"might now" in ran.out]
    if out.exists() and b"might now" in out.read_bytes():
        wrong.append("exported")
    if not runs["verify"].status:
        wrong.append("verify: all is well")
    return Outcome(bool(wrong), ", ".join(wrong) or runs["verify"].line)
