"""A5: rolled back projects, altered seals, false alarms, two texts of one id."""

from __future__ import annotations

import shutil

from attack.honest import FIRST, SECOND, Honest
from attack.sandbox import Outcome, Sandbox, attack, attacks
from attack.tampering import view_alone


@attacks(
    "A5",
    "the whole project rolled back: verify --seal, {0}",
    {"the newer seal": True, "the older seal and the newer one in seals/": False},
)
def rolled_back(box: Sandbox, newer: bool) -> Outcome:
    own = Honest(box)
    copy = box.folder / "copy"
    shutil.copytree(own.root, copy)
    own.decide(("anna", [["accept", 1, 3]]))
    seal = own.sealed() if newer else own.seal
    shutil.rmtree(own.root)
    shutil.copytree(copy, own.root)
    ran = own.verify("--seal", seal)
    if not newer:
        return Outcome(False, f"an old seal cannot know; {ran.line}")
    return Outcome(ran.status == 0, ran.line)


@attack("A5", "boris.json without a log, finished; export --layer boris")
def exported_view(box: Sandbox) -> Outcome:
    own = Honest(box)
    view_alone(own)
    out = box.home / "out.jsonl"
    ran = box.run("export", out, "--format", "jsonl", "--layer", "dora", project=own.root)
    wrote = out.exists() and b"PERSON" in out.read_bytes()
    return Outcome(ran.status == 0 and wrote, ran.line)


@attacks(
    "A5", "the seal's line altered: {0}", {"its time": 2, "its journals": 3, "its decisions": 4}
)
def seal_line(box: Sandbox, place: int) -> Outcome:
    own = Honest(box)
    parts = own.seal.split()
    parts[place] = "2999-01-01T00:00:00.000000Z" if place == 2 else str(int(parts[place]) + 1)
    ran = own.verify("--seal", " ".join(parts))
    return Outcome(ran.status == 0, ran.line)


@attack("A5", "a second text of the same 12 digits: add")
def collision(box: Sandbox) -> Outcome:
    for name, words in (("one", FIRST), ("two", SECOND)):
        (box.home / f"{name}.txt").write_text(words, encoding="utf-8")
    project = box.home / "work"
    box.run("add", box.home / "one.txt", project=project)
    ran = box.run("add", box.home / "two.txt", project=project)
    silent = ran.status == 0 and "already" in ran.text
    return Outcome(silent or bool(ran.fault), ran.line)


@attack(
    "A5", "the lists in seals/ lost, a colleague's honest older decisions merged: verify --seal"
)
def false_alarm(box: Sandbox) -> Outcome:
    own = Honest(box)
    other = box.folder / "other"
    shutil.copytree(own.root, other)
    (other / "seals").exists() and shutil.rmtree(other / "seals")
    own.root, mine = other, own.root
    own.decide(("dora", [["accept", 0, 1], ["accept", 1, 1]]))
    own.root = mine
    own.decide(("anna", [["accept", 1, 3]]))
    seal = own.sealed()
    shutil.rmtree(mine / "seals")
    for path in other.rglob("dora.*"):
        shutil.copy(path, mine / path.relative_to(other))
    ran = own.verify("--seal", seal)
    alarm = "cut or rewritten" in ran.text
    return Outcome(alarm or bool(ran.fault), ran.line)
