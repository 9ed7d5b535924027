"""Does what is on the disk hold together? Chains, folds, spans against texts, views."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeAlias

from annotations.errors import (
    CorruptError,
    PurportError,
    RedactedError,
    StorageError,
    UnsafeFileError,
)
from annotations.layer import Layer
from annotations.records import Decision, Plain, State
from annotations.schema import Schema
from annotations.storage import (
    clock,
    decision_check,
    document_check,
    journal,
    layer_check,
    line_check,
    redaction,
    safe_open,
    stray_files,
    text_hash,
    unsafe_files,
    view,
)
from annotations.storage.decoder import decoded
from annotations.storage.finding import Finding as Finding
from annotations.storage.layer_view import LayerView
from annotations.storage.ledger import JOURNAL, VIEW
from annotations.storage.shelf import ABOUT, Shelf, is_layer_name
from annotations.text import Text

Damage: TypeAlias = list[str] | None
"""Gets what is wrong with each journal that is damaged."""


def decisions(
    shelf: Shelf,
    document_id: str | None = None,
    layer: str | None = None,
    damage: Damage = None,
) -> list[Decision]:
    """The decisions of one document or all, of one layer or all, in the order of their time.

    Args:
        damage: gets what is wrong with each journal that is damaged; its good decisions are
            taken. Without it, the first such journal is an error.

    Raises:
        CorruptError: a journal fails its hashes.
    """
    found: list[Decision] = []
    for one in [document_id] if document_id else sorted(shelf.ids()):
        for name in shelf.layers(one)[0]:
            if layer in (None, name):
                path = shelf.folder(one) / f"{name}{JOURNAL}"
                try:
                    found += journal.read(path)[0]
                except StorageError as error:
                    if damage is None:
                        raise
                    damage.append(str(error))
                    with suppress(StorageError):
                        found += journal.good(path)[0]
    return sorted(found, key=lambda decision: (decision.at, decision.document, decision.seq))


def problems(
    root: Path, shelf: Shelf, schema: Schema, document_id: str | None = None
) -> Iterator[Finding]:
    """What is wrong with one document's files, or with all of a project's."""
    if document_id:
        yield from findings(shelf, document_id, schema)
        return
    yield from strays(root, shelf)
    for one in sorted(shelf.ids()):
        yield from findings(shelf, one, schema)


def strays(root: Path, shelf: Shelf) -> Iterator[Finding]:
    """The files beside the documents' folders, in `annotators/` and `seals/`, that are never read."""
    for path, problem in unsafe_files.in_project(root, shelf):
        yield Finding("", str(path), problem)
    for path in stray_files.in_project(root, shelf):
        yield Finding("", str(path), stray_files.PROBLEM, lost=False)
    with suppress(FileNotFoundError, NotADirectoryError, UnsafeFileError):
        for entry in sorted(safe_open.entries(root / "annotators"), key=lambda one: one.name):
            name = entry.name.removesuffix(VIEW)
            if entry.name.endswith(VIEW) and is_layer_name(name):
                yield from _annotator(root / "annotators" / entry.name, name)


def _annotator(path: Path, name: str) -> Iterator[Finding]:
    """What is wrong with the file that says since when an annotator works here."""
    try:
        said = (view.read(path) or {})["annotator"]["1"]
        is_theirs = said["name"] == name
        problem = decision_check.time_problem(said["since"], clock.latest())
    except PurportError as error:
        is_theirs, problem = True, str(error)
    except (KeyError, TypeError):
        is_theirs, problem = True, "it does not say whose it is and since when"
    if not is_theirs:
        problem = f"it is of {said['name']!r}"
    if problem:
        yield Finding("", str(path), problem, lost=False)


def findings(shelf: Shelf, document_id: str, schema: Schema) -> Iterator[Finding]:
    """What is wrong with one document's files, whatever they hold."""
    unsafe = dict(unsafe_files.in_document(shelf, document_id))
    for path, problem in unsafe.items():
        yield Finding(document_id, str(path), problem, lost=path.name.endswith(JOURNAL))
    for finding in _checked(shelf, document_id, schema):
        if not any(problem in finding.problem for problem in unsafe.values()):
            yield finding


def _checked(shelf: Shelf, document_id: str, schema: Schema) -> Iterator[Finding]:
    try:
        yield from _DocumentCheck(shelf, document_id, schema).findings()
    except Exception as error:  # another document is looked at all the same
        problem = f"it cannot be checked to the end ({type(error).__name__}: {error})"
        yield Finding(document_id, str(shelf.folder(document_id)), problem)


class _DocumentCheck:
    """Looks at the files of one document."""

    def __init__(self, shelf: Shelf, document_id: str, schema: Schema) -> None:
        self._shelf, self._id, self._schema = shelf, document_id, schema
        self._folder = shelf.folder(document_id)
        self._people, self._models = shelf.layers(document_id)
        self._until = clock.latest()
        self._about: Plain = {}

    def findings(self) -> Iterator[Finding]:
        for path in stray_files.in_document(self._shelf, self._id):
            yield self._finding(path, stray_files.PROBLEM, lost=False)
        if not self._people and not self._shelf.has(self._id):
            return  # an adding that was interrupted: nobody was told that it is there
        text: Text | None = None
        try:
            text = self._shelf.document(self._id).text
        except RedactedError:
            for path, problem in redaction.unfinished(self._shelf, self._id):
                yield self._finding(path, problem)
        except PurportError as error:
            yield self._finding(self._folder, str(error))
            return
        yield from self._document(text)
        words = text or Text("")  # what still quotes it would be found to have other words
        for name in self._people:
            yield from self._person(name, words)
        for name in self._models:
            yield from self._model(name, words)

    def _finding(self, path: Path, problem: str, *, lost: bool = True) -> Finding:
        return Finding(self._id, str(path), problem, lost=lost)

    def _document(self, text: Text | None) -> Iterator[Finding]:
        path = self._folder / ABOUT
        self._about = self._shelf.about(self._id)
        for problem in document_check.problems(self._about, self._id, text, self._until):
            yield self._finding(path, problem)
        if problem := document_check.duplicate(path):
            yield self._finding(path, problem)

    # People

    def _person(self, name: str, text: Text) -> Iterator[Finding]:
        path = self._folder / f"{name}{JOURNAL}"
        try:
            decisions, mark, torn = journal.read(path)
        except PurportError as error:
            yield self._finding(path, str(error))
            return
        if torn:
            problem = (
                f"an unfinished last line of {len(torn)} bytes, of a decision nobody was told is "
                "saved"
            )
            yield self._finding(path, problem, lost=False)
        if problem := text_hash.mismatch(self._folder, mark.text):
            yield self._finding(path, problem)
        for decision in decisions:
            if (decision.layer, decision.document) != (name, self._id):
                problem = (
                    f"decision {decision.seq} belongs to {decision.layer} on {decision.document}"
                )
                yield self._finding(path, problem)
                return
        yield from self._lines(path, mark.length)
        check = decision_check.DecisionCheck(
            name, self._id, self._until, self._decisions_of, redaction.redactors(self._about)
        )
        for one in check.follow(decisions):
            yield self._finding(path, f"decision {one.seq}: {one.words}", lost=one.lost)
        if not check.is_whole:
            return
        for words, lost in layer_check.words(check.layer, text):
            yield self._finding(path, words, lost=lost)
        for words, lost in layer_check.values(check.layer, self._schema):
            yield self._finding(path, words, lost=lost)
        yield from self._view(self._folder / f"{name}{VIEW}", check.layer, decisions, mark)

    @cache  # noqa: B019 - it lives as long as one document is looked at
    def _decisions_of(self, name: str) -> list[Decision]:
        """The good decisions of another person's journal."""
        if name not in self._people:
            return []
        return journal.good(self._folder / f"{name}{JOURNAL}")[0]

    def _lines(self, path: Path, length: int) -> Iterator[Finding]:
        """What is wrong with the form of a journal's lines, which hold their hashes."""
        for seq, raw in enumerate(safe_open.read(path)[:length].split(b"\n")[:-1], 1):
            if problem := line_check.problem(raw):
                yield self._finding(path, f"decision {seq}: {problem}", lost=False)

    def _view(
        self, path: Path, layer: Layer, decisions: list[Decision], mark: journal.Mark
    ) -> Iterator[Finding]:
        try:
            held, about = view.load(path), view.meta(path)
        except PurportError as error:
            yield self._finding(path, str(error), lost=False)
            return
        if held is None or about is None:
            if mark.seq:  # a journal without a decision needs no view
                yield self._finding(path, "it is not there; the journal has it all", lost=False)
            return
        if (about.get("seq"), about.get("head")) != (mark.seq, mark.head):
            problem = f"it stands at decision {about.get('seq')}, the journal at {mark.seq}"
            yield self._finding(path, problem, lost=about.get("seq", 0) > mark.seq)
            return
        changed = view.differing(held, layer)
        if not changed:
            changed = _differing_tables(path, layer, decisions, mark)
        if changed:
            named = ["the document" if one == State.id else one for one in changed]
            problem = f"changed outside purport: {', '.join(named)}"
            yield self._finding(path, problem, lost=False)
        elif problem := document_check.duplicate(path):
            yield self._finding(path, problem, lost=False)

    # Models

    def _model(self, name: str, text: Text) -> Iterator[Finding]:
        path = self._folder / f"{name}{VIEW}"
        try:
            about, layer = view.meta(path), view.load(path)
        except PurportError as error:
            yield self._finding(path, str(error), lost=False)
            return
        if about is None or layer is None:
            return  # it went between two looks
        if view.is_persons(about):
            problem = (
                f"it shows a person's decisions up to {about.get('seq')}, and their journal, "
                f"{name}{JOURNAL}, is gone; restore the journal from a copy"
            )
            yield self._finding(path, problem)
            return
        if not layer.model:
            yield self._finding(path, "it has no journal and names no model", lost=False)
        if (layer.name, layer.document) != (name, self._id):
            problem = f"it belongs to {layer.name} on {layer.document}"
            yield self._finding(path, problem, lost=False)
        if problem := document_check.duplicate(path):
            yield self._finding(path, problem, lost=False)
        for words, lost in layer_check.words(layer, text):
            yield self._finding(path, words, lost=lost)
        for words, lost in layer_check.suggestions(layer):
            yield self._finding(path, words, lost=lost)


def _differing_tables(
    path: Path, layer: Layer, decisions: list[Decision], mark: journal.Mark
) -> list[str]:
    """The tables of a person's file that are not as purport writes them, beside the records."""
    rows = LayerView()
    for decision in decisions:
        rows.follow(decision)
    written, there = rows.data(layer, mark), safe_open.read(path)
    if there == written:
        return []
    try:
        wanted, held = decoded(written), decoded(there)
    except ValueError as error:
        raise CorruptError(f"{path}: {error}") from None
    return [f"table {name}" for name in {**wanted, **held} if wanted.get(name) != held.get(name)]
