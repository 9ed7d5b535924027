"""Two published data sets in their own formats: factuality of predicates, and sources of facts."""

from __future__ import annotations

import csv
import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotations.errors import InputError
from annotations.suggest.claims.tree import Tree

if TYPE_CHECKING:
    from spacy.language import Language

_TAG: Final = re.compile(r"<(/?)([A-Z][A-Za-z_:]*)>")


@dataclass(frozen=True)
class Judged:
    """A parsed sentence with the tokens that were judged, each from -3 (surely not) to 3."""

    tree: Tree
    targets: list[tuple[int, float]]


@dataclass(frozen=True)
class Sourced:
    """A parsed sentence with the tokens of attributed content, and those of each source."""

    tree: Tree
    content: set[int]
    sources: list[set[int]]


def uds(nlp: Language, path: Path) -> Iterator[Judged]:
    """The sentences of a file in the format of UDS-IH2: JSON lines with `text` and `targets`.

    Raises:
        InputError: the file is not in that format.
    """
    from spacy.tokens import Doc

    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        docs = (Doc(nlp.vocab, words=row["text"].split(" ")) for row in rows)
        for row, doc in zip(rows, nlp.pipe(docs, batch_size=64), strict=True):
            targets = [(int(one["span1"][0]), float(one["label"])) for one in row["targets"]]
            yield Judged(Tree.of(doc), targets)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not in the format of UDS-IH2 ({error}). Name another.") from None


def factappeal(nlp: Language, path: Path) -> Iterator[Sourced]:
    """The sentences of a file in the format of FactAppeal: CSV with `sentence` and `annotation`.

    Raises:
        InputError: the file is not in that format.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["sentence"], row["annotation"]) for row in csv.DictReader(file)]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path}: not in the format of FactAppeal ({error}).") from None
    docs = nlp.pipe((sentence for sentence, _ in rows), batch_size=64)
    for (sentence, annotation), doc in zip(rows, docs, strict=True):
        tree = Tree.of(doc)
        spans = _spans(annotation, sentence)
        content: set[int] = set()
        sources = []
        for name, start, end in spans:
            tokens = {
                one for one in range(len(tree)) if tree.starts[one] < end and tree.ends[one] > start
            }
            if "Appeal:" in name:
                words = {one for one in tokens if tree.words[one].strip()}
                content |= {one for one in words if tree.deps[one] != "punct"}
            elif name.startswith("Source:"):
                sources.append(tokens)
        yield Sourced(tree, content, sources)


def _spans(annotation: str, sentence: str) -> list[tuple[str, int, int]]:
    """The tags of an annotation as spans of the sentence."""
    found: list[tuple[str, int, int]] = []
    stack: list[tuple[str, int]] = []
    words: list[str] = []
    at = place = 0
    for match in _TAG.finditer(annotation):
        words.append(annotation[at : match.start()])
        place += match.start() - at
        at = match.end()
        if not match[1]:
            stack.append((match[2], place))
            continue
        for number in range(len(stack) - 1, -1, -1):
            if stack[number][0] == match[2]:
                found.append((match[2], stack.pop(number)[1], place))
                break
    words.append(annotation[at:])
    bare = "".join(words)
    if bare == sentence:
        return found
    moved: dict[int, int] = {}
    blocks = difflib.SequenceMatcher(None, bare, sentence, autojunk=False).get_matching_blocks()
    for one, two, size in blocks:
        moved.update((one + step, two + step) for step in range(size))
    return [
        (name, moved[start], moved[end - 1] + 1)
        for name, start, end in found
        if start in moved and end - 1 in moved
    ]
