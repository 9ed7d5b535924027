"""A project that the program itself made, to be tampered with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from attack import forge
from attack.sandbox import Ran, Sandbox

FIRST: Final = "The senate did not approve the treaty on Monday. Ref 012e07b7\n"
SECOND: Final = "The senate has now approved the treaty on Monday. Ref 02ae6bc4\n"
"""Two texts that share the first 48 bits of their SHA-256."""
OTHER: Final = "Ilse Brandt said that the ferry might not sail on Sunday."

_HONEST: Final = r"""
import json, sys
from pathlib import Path
from annotations import changes
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Document, Entity, suggestion_id
from annotations.text import Text

root, sessions = Path(sys.argv[1]), json.loads(sys.argv[2])
first = sessions[0][0]
project = Project.open(root, annotator=first) if (root / "purport.toml").exists() else Project.create(root, annotator=first)
ids = []
for number, words in enumerate(json.loads(sys.argv[3])):
    text = Text(words)
    ids.append(text.id)
    if project.has(text.id):
        continue
    project.add(Document(text, title=f"letter {number}", source=f"letter-{number}.txt", metadata={"lang": "en"}))
    found = {}
    for word in text.words(0):
        own = suggestion_id("toy-1.0.0", "entity", word, "PERSON")
        one = Entity(id=own, span=word, text=word.of(text), label="PERSON", score=0.5)
        found[own] = changes.suggested(one, "toy-1.0.0")
    model = {"package": "toy", "version": "1.0.0", "tidy": True}
    project.replace_layer(text.id, Layer("toy-1.0.0", text.id, found, model=model))
project.close()
for annotator, steps in sessions:
    project = Project.open(root, annotator=annotator)
    for step in steps:
        kind, number, word = step
        text = ids[number]
        if kind == "undo":
            project.undo()
        elif kind == "finish":
            project.decide(text, Action.FINISH, [changes.finish(project.layer(text).state)])
        else:
            one = sorted(project.layer(text, "toy-1.0.0"), key=lambda one: one.span.start)[word]
            made = changes.accept(one) if kind == "accept" else changes.reject(one)
            project.decide(text, Action.ACCEPT if kind == "accept" else Action.REJECT, [made])
    project.close()
print(json.dumps(ids))
"""
ANNA: Final = (
    "anna",
    [
        ["accept", 0, 1],
        ["accept", 0, 2],
        ["reject", 0, 3],
        ["accept", 1, 0],
        ["accept", 1, 1],
        ["undo", 0, 0],
    ],
)
BORIS: Final = ("boris", [["accept", 0, 1], ["reject", 0, 4]])


class Honest:
    """A project that the program itself made, with a seal of it.

    Attributes:
        root: its folder.
        first: the folder of its first document.
        second: the folder of its second document.
    """

    def __init__(self, box: Sandbox) -> None:
        self.box, self.root = box, box.home / "work"
        self.decide(ANNA, BORIS)
        self.seal = self.sealed()

    def decide(self, *sessions: Any) -> None:
        """Let people decide, through the program."""
        words = json.dumps([FIRST, OTHER])
        ids = self.box.build(_HONEST, self.root, json.dumps(sessions), words)
        self.first, self.second = (self.root / "documents" / one[:2] / one for one in ids)

    def sealed(self) -> str:
        """The line that `purport seal` prints now."""
        ran = self.box.run("seal", project=self.root)
        return next(
            line for line in ran.out.decode().splitlines() if line.startswith("purport-seal")
        )

    def verify(self, *more: str) -> Ran:
        """`purport verify`, as another person would run it."""
        self.box.forget()
        return self.box.run("verify", *more, "--annotator", "carol", project=self.root)

    def refresh(self) -> None:
        """Let the program make the views that a tampering took away, as any look at them does."""
        for path in sorted(self.root.rglob("*.log")):
            if not path.with_suffix(".json").exists():
                words = ("show", path.parent.name, "--layer", path.stem, "--annotator", path.stem)
                self.box.run(*words, project=self.root)


def lines_of(folder: Path, layer: str = "anna") -> list[dict[str, Any]]:
    """A journal's lines."""
    return forge.read(folder / f"{layer}.log")


def put(
    folder: Path, lines: list[dict[str, Any]], layer: str = "anna", *, sound: bool = True
) -> None:
    """Write a journal again with hashes that hold, and let its view be made again."""
    data = forge.joined(forge.rehashed(lines) if sound else lines)
    (folder / f"{layer}.log").write_bytes(data)
    (folder / f"{layer}.json").unlink(missing_ok=True)
