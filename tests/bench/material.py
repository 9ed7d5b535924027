"""What the benches work on: projects with suggestions in them, and the programs that open them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
sys.path.append(str(TESTS))

from long_text import long_text  # noqa: E402
from terminal import Terminal  # noqa: E402

from annotations.changes import suggested  # noqa: E402
from annotations.layer import Layer  # noqa: E402
from annotations.project import Project  # noqa: E402
from annotations.records import Annotation, Document, Entity, suggestion_id  # noqa: E402
from annotations.span import Span  # noqa: E402
from annotations.suggest import models  # noqa: E402
from annotations.text import Text  # noqa: E402

SEEDS = ROOT / "seeds"
ANNOTATOR = "anna"
LABELS = ("PERSON", "ORG", "GPE")
_WORD = re.compile(r"\S*\w")


def document(words: int, seed: int = 0) -> Document:
    """A document of at least so many words, the same for the same numbers."""
    return Document(Text(long_text(words, seed)), title=f"bench-{words}-{seed}", source="bench")


def layer_of(one: Document, every: int) -> Layer:
    """A model's layer that suggests an entity for one word in so many; with 0, for none.

    It bears the name and the recipe of the default model, so that the reader takes the document
    to be done and starts no model.
    """
    info = models.find()
    found = {made.id: made for made in _suggestions(one, every, info.layer)}
    return Layer(info.layer, one.id, found, model=info.recipe(tidy=True))


def _suggestions(one: Document, every: int, layer: str) -> Iterator[Annotation]:
    if not every:
        return
    for number, match in enumerate(_WORD.finditer(one.text)):
        if number % every:
            continue
        span, label = Span(*match.span()), LABELS[number // every % len(LABELS)]
        entity = Entity(
            id=suggestion_id(layer, "entity", span, label),
            span=span,
            text=match.group(),
            label=label,
            score=0.5,
        )
        yield suggested(entity, layer)


def project(root: Path, documents: list[Document], *, every: int) -> Project:
    """A project that holds these documents, one word in so many suggested as an entity."""
    made = Project.create(root, name="bench", annotator=ANNOTATOR)
    for one in documents:
        made.add(one)
        made.replace_layer(one.id, layer_of(one, every))
    return made


def reader(
    root: Path, home: Path, *, size: tuple[int, int] = (80, 24), code: Path = ROOT
) -> Terminal:
    """The reader on a project, in a terminal, with no settings but its own, and no model.

    Args:
        code: the folder of the version of the program that is run.
    """
    env = {
        "PYTHONPATH": str(code),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_STATE_HOME": str(home / "state"),
    }
    command = [sys.executable, "-m", "tui", "read", "--no-suggest"]
    command += ["--project", str(root), "--annotator", ANNOTATOR]
    return Terminal(command, size=size, env=env, cwd=home)  # Python looks for code there first


def slate(one: Document, folder: Path, every: int, *, size: tuple[int, int] = (80, 24)) -> Terminal:
    """SLATE on the same text, with as many words labelled."""
    text = folder / "slate.txt"
    text.write_text(one.text, encoding="utf-8")
    with (folder / "slate.txt.annotations").open("w", encoding="utf-8") as file:
        number = 0
        for row, line in enumerate(one.text.split("\n")):
            for column, _ in enumerate(line.split()):
                if number % every == 0:
                    print(f"({row}, {column}) - label:{'asd'[number // every % 3]}", file=file)
                number += 1
    command = [sys.executable, "-m", "slate", "-o", "-l", folder / "log", text]
    return Terminal(command, size=size, cwd=folder)


def opening(one: Document) -> str:
    """A word of a document's first line: when it shows, the text is on the screen."""
    return max(one.text.split()[1:8], key=len)
