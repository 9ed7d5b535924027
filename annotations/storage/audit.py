"""Does what is on the disk hold together? Chains, folds, spans against texts, views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path

from annotations.errors import PurportError, RedactedError, SpanError
from annotations.layer import Layer, fold
from annotations.records import Decision, Plain, State
from annotations.storage import journal, redaction, stray_files, text_hash, view
from annotations.storage.ledger import JOURNAL, VIEW
from annotations.storage.shelf import Shelf
from annotations.text import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold together.

    Attributes:
        path: the file.
        problem: what is wrong, and the exact place.
        lost: whether decisions may be lost; what is only derived can be made again.
    """

    document: str
    path: str
    problem: str
    lost: bool = True

    def plain(self) -> Plain:
        """The finding as JSON holds it."""
        return asdict(self)


def decisions(
    shelf: Shelf, document_id: str | None = None, layer: str | None = None
) -> list[Decision]:
    """The decisions of one document or all, of one layer or all, in the order of their time.

    Raises:
        CorruptError: a journal fails its hashes.
    """
    found: list[Decision] = []
    for one in [document_id] if document_id else sorted(shelf.ids()):
        for name in shelf.layers(one)[0]:
            if layer in (None, name):
                found += journal.read(shelf.folder(one) / f"{name}{JOURNAL}")[0]
    return sorted(found, key=lambda decision: (decision.at, decision.document, decision.seq))


def strays(root: Path, shelf: Shelf) -> Iterator[Finding]:
    """The files beside the documents' folders, in `annotators/` and `seals/`, that are never read."""
    for path in stray_files.in_project(root, shelf):
        yield Finding("", str(path), stray_files.PROBLEM, lost=False)


def findings(shelf: Shelf, document_id: str) -> Iterator[Finding]:
    """What is wrong with one document's files."""
    folder = shelf.folder(document_id)
    for path in stray_files.in_document(shelf, document_id):
        yield Finding(document_id, str(path), stray_files.PROBLEM, lost=False)
    people, models = shelf.layers(document_id)
    if not people and not shelf.has(document_id):
        return  # an adding that was interrupted: nobody was told that it is there
    try:
        text = shelf.document(document_id).text
    except RedactedError:
        for path, problem in redaction.unfinished(shelf, document_id):
            yield Finding(document_id, str(path), problem)
        text = Text("")  # what still quotes it would be found to have other words
    except PurportError as error:
        yield Finding(document_id, str(folder), str(error))
        return
    for name in people:
        yield from _person(folder, document_id, name, text)
    for name in models:
        path = folder / f"{name}{VIEW}"
        try:
            layer = view.load(path)
        except PurportError as error:
            yield Finding(document_id, str(path), str(error), lost=False)
            continue
        assert layer is not None
        yield from _spans(layer, path, text)


def _person(folder: Path, document_id: str, name: str, text: Text) -> Iterator[Finding]:
    path = folder / f"{name}{JOURNAL}"
    try:
        decisions, mark, torn = journal.read(path)
    except PurportError as error:
        yield Finding(document_id, str(path), str(error))
        return
    if torn:
        problem = (
            f"an unfinished last line of {len(torn)} bytes, of a decision nobody was told is saved"
        )
        yield Finding(document_id, str(path), problem, lost=False)
    if problem := text_hash.mismatch(folder, mark.text):
        yield Finding(document_id, str(path), problem)
    for decision in decisions:
        if (decision.layer, decision.document) != (name, document_id):
            problem = f"decision {decision.seq} belongs to {decision.layer} on {decision.document}"
            yield Finding(document_id, str(path), problem)
            return
    layer = fold(name, document_id, decisions)
    yield from _spans(layer, path, text)
    yield from _view(folder / f"{name}{VIEW}", layer, mark, document_id)


def _view(path: Path, layer: Layer, mark: journal.Mark, document_id: str) -> Iterator[Finding]:
    try:
        held, about = view.load(path), view.meta(path)
    except PurportError as error:
        yield Finding(document_id, str(path), str(error), lost=False)
        return
    if held is None or about is None:
        if not mark.seq:
            return  # a journal without a decision needs no view
        yield Finding(document_id, str(path), "it is not there; the journal has it all", lost=False)
    elif (about.get("seq"), about.get("head")) != (mark.seq, mark.head):
        problem = f"it stands at decision {about.get('seq')}, the journal at {mark.seq}"
        is_ahead = about.get("seq", 0) > mark.seq
        yield Finding(document_id, str(path), problem, lost=is_ahead)
    elif differing := view.differing(held, layer):
        named = ["the document" if one == State.id else one for one in differing]
        problem = f"changed outside purport: {', '.join(named)}"
        yield Finding(document_id, str(path), problem, lost=False)


def _spans(layer: Layer, path: Path, text: Text) -> Iterator[Finding]:
    for one in layer:
        scores = (one.score, one.origin.score if one.origin else None)
        if not all(score is None or _is_finite(score) for score in scores):
            problem = f"{one.id}: its score is no finite number, which other readers of JSON refuse"
            yield Finding(layer.document, str(path), problem, lost=False)
        try:
            words = one.span.of(text)
        except SpanError as error:
            yield Finding(layer.document, str(path), f"{one.id}: {error}")
            continue
        if words != one.text:
            problem = f"{one.id}: the text has {words!r} at {one.span.start}, not {one.text!r}"
            yield Finding(layer.document, str(path), problem)


def _is_finite(score: object) -> bool:
    try:
        return isinstance(score, int | float) and isfinite(score)
    except OverflowError:
        return False
