"""A small project with suggestions to decide on, for the tests of the store and its benches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annotations import changes
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Decision, Document, Entity, suggestion_id
from annotations.text import Text

MODEL = "toy-1.0.0"


def text_of(words: int, name: str = "word") -> Text:
    return Text(" ".join(f"{name}{number}" for number in range(words)) + ".")


def suggestions(text: Text) -> Layer:
    """A model's layer that takes every word for a person."""
    made = {}
    for word in text.words(0):
        if word.of(text) != ".":
            key = suggestion_id(MODEL, Entity.kind, word, "PERSON")
            plain = Entity(id=key, span=word, text=word.of(text), label="PERSON", score=0.5)
            made[key] = changes.suggested(plain, MODEL)
    return Layer(MODEL, text.id, made, model={"package": "toy", "version": "1.0.0", "tidy": True})


def make(root: Path, *, documents: int = 1, words: int = 30, annotator: str = "anna") -> Project:
    """A project with documents `word0 word1 …`, `other0 …`, each word suggested as a person."""
    project = Project.create(root, annotator=annotator)
    for number in range(documents):
        text = text_of(words, "word" if number == 0 else f"other{number}x")
        project.add(Document(text, title=f"document {number}"))
        project.replace_layer(text.id, suggestions(text))
    return project


def ids(project: Project) -> list[str]:
    return [one.id for one in project.documents()]


def accept(project: Project, document: str, number: int) -> Decision:
    """Accept the suggestion on the word of that number."""
    suggested = list(project.layer(document, MODEL).index)[number]
    return project.decide(document, Action.ACCEPT, [changes.accept(suggested)])


def folder(project: Project, document: str) -> Path:
    return project.root / "documents" / document[:2] / document


def journal_of(project: Project, document: str) -> Path:
    return folder(project, document) / f"{project.annotator}.log"


def view_of(project: Project, document: str) -> Path:
    return folder(project, document) / f"{project.annotator}.json"


def contents(root: Path) -> dict[str, bytes]:
    """Every file below a folder, to see whether anything changed."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def tinydb_tables(path: Path) -> dict[str, Any]:
    """A file as TinyDB itself, with nothing of ours around it, opens it."""
    from tinydb import TinyDB

    with TinyDB(path, access_mode="r", encoding="utf-8") as database:
        return {name: database.table(name).all() for name in database.tables()}


def seqs(path: Path) -> list[int]:
    return [json.loads(line)["seq"] for line in path.read_bytes().split(b"\n") if line]


def finish(project: Project) -> None:
    """Mark every document done that is not."""
    for one in project.documents():
        state = project.layer(one.id).state
        if not state.finished:
            project.decide(one.id, Action.FINISH, [changes.finish(state)])
