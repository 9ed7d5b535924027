"""The façade that everyone else calls: documents, layers, decisions, history."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from annotations import messages, readable_layers
from annotations import schema as schemas
from annotations.errors import ConflictError, InputError, RefusedError, UnknownError
from annotations.layer import Layer, take_back
from annotations.readable_layers import ReadableOverlay
from annotations.records import Action, Change, Decision, Document, Plain
from annotations.storage import audit, disk, document_reference, project_search, safe_open, view
from annotations.storage.audit import Finding
from annotations.storage.catalogue import Catalogue
from annotations.storage.clock import after, followed
from annotations.storage.following import THOROUGH
from annotations.storage.ledger import JOURNAL, Ledger, Make, Settled, Standing
from annotations.storage.model_layers import Given, ModelLayers
from annotations.storage.recent import Recent
from annotations.storage.roster import app_name, begin, enrol, settings, upgrade, user_name
from annotations.storage.shelf import Shelf, layer_name, newest
from annotations.storage.summary import Summary
from annotations.text import Text

if TYPE_CHECKING:
    from concurrent.futures import Executor

MARKER: Final = project_search.MARKER
DEFAULT_FOLDER: Final = project_search.HIDDEN


class Project:
    """A folder with `purport.toml` and the documents' folders, seen by one annotator.

    Nothing is locked between calls: any number of processes may work on the same folder.
    While `blind` is set, the suggestions are hidden, and each decision's `app` says so.
    """

    def __init__(self, root: Path, annotator: str) -> None:
        self.root = root
        self.annotator = layer_name(annotator)
        self.schema = schemas.load(root / MARKER, settings(root / MARKER))
        self._shelf = Shelf(root)
        self._ledgers: Recent[str, Ledger] = Recent()
        self._models = ModelLayers(self._shelf, self.annotator)
        self.blind = False
        self._session = secrets.token_hex(4)
        self._clock: str | None = None
        self._text: Text | None = None
        self._catalogue: Catalogue | None = None
        self._is_upgraded = False
        self._refusal = enrol(root, root / MARKER, self.annotator)
        self.readonly = str(self._refusal or "")

    @classmethod
    def create(cls, root: Path, *, name: str = "", annotator: str | None = None) -> Self:
        """Make a project in a folder, which may exist; one that is there is opened.

        Raises:
            InputError: the folder is a file, or the annotator's name may not name a layer.
            DiskFullError, ReadOnlyError, DiskError: there is no project.
        """
        if root.exists() and not root.is_dir():
            raise InputError(f"{root} is a file; a project is a folder. Choose another name.")
        if not safe_open.exists(root / MARKER):
            place = root.resolve()
            named = place.parent if place.name == DEFAULT_FOLDER else place
            begin(root / MARKER, schemas.template(name or named.name or "purport"))
        return cls.open(root, annotator=annotator)

    @classmethod
    def open(cls, root: Path, *, annotator: str | None = None) -> Self:
        """Open the project in a folder.

        Raises:
            UnknownError: there is no `purport.toml`.
            SchemaError: it does not hold together.
            InputError: the annotator's name may not name a layer.
        """
        if not safe_open.exists(root / MARKER):
            raise UnknownError(
                f"{root} is no project: it has no {MARKER}. Make one: purport add PATH."
            )
        return cls(root, annotator or user_name())

    @staticmethod
    def find(start: Path) -> Path | None:
        """The nearest project: `purport.toml` upward from a folder, else `.purport/` in it.

        Raises:
            InputError: it belongs to another user, so it has to be named to be used.
        """
        return project_search.upward(start.resolve()) or project_search.inside(start.resolve())

    @staticmethod
    def named(folder: Path) -> Path:
        """The folder of the project that a person named: that folder, or its `.purport/`.

        Raises:
            InputError: its `.purport/` is a link, or another user's.
        """
        return project_search.named(folder)

    def _writable(self) -> None:
        if self._refusal:
            raise type(self._refusal)(f"Not saved. {self.readonly}")
        if not self._is_upgraded:
            upgrade(self.root, self.root / MARKER)
            self._is_upgraded = True

    def _last(self) -> str:
        """When the annotator last did anything here, in this run or an earlier one."""
        if self._clock is None or not followed(self._clock):
            self._clock = self.catalogue.last()
        return self._clock

    # Documents

    @property
    def catalogue(self) -> Catalogue:
        """What is known of all documents, as last refreshed."""
        if self._catalogue is None:
            nested = self.schema.nested
            self._catalogue = Catalogue(self._shelf, self.annotator, self.layer, nested=nested)
            self._catalogue.refresh(0)
        return self._catalogue

    def look(self, *, thorough: bool = False) -> Catalogue:
        """What is known of all documents, with all that purport did, in whatever process.

        What other programs did to the files is in it for certain if `thorough`; see `refresh`.
        """
        (found := self.catalogue).refresh(inf if thorough else THOROUGH)
        found.fill()
        return found

    def documents(self) -> list[Summary]:
        """Every document at a glance, in the order of adding."""
        return self.look().summaries()

    def order(self) -> list[str]:
        """Every document's id, in the order of adding."""
        self.catalogue.refresh()
        return self.catalogue.order()

    def without(self, model: str, fits: Callable[[Plain], bool]) -> list[str]:
        """The documents that lack a model's layer made by a fitting recipe, in order of adding."""
        self.catalogue.refresh()
        return self.catalogue.without(model, lambda recipe: fits(json.loads(recipe)))

    def next_open(self, document_id: str, *, forward: bool = True) -> str | None:
        """The next document not done with open suggestions, going round; None if no other has."""
        return self.catalogue.next_open(document_id, forward=forward)

    def next_unfinished(self, document_id: str) -> str | None:
        """The next document that is not marked done, going round at the end; None if all are."""
        return self.catalogue.next_unfinished(document_id)

    def document(self, reference: str) -> Document:
        """A document by id, by a unique prefix of it, or by title.

        Raises:
            UnknownError: none or several match.
            CorruptError: its text is not the one it was named after.
        """
        document = self._shelf.document(self.resolve(reference))
        self._text = document.text
        return document

    def resolve(self, reference: str) -> str:
        """The id of a document, from an id, a unique prefix of it, a title, or its file's name.

        Raises:
            UnknownError: none or several match.
        """
        return document_reference.resolve(reference, self._shelf, lambda: self.catalogue)

    def has(self, document_id: str) -> bool:
        """Whether a document of that id is in the project."""
        return self._shelf.has(document_id)

    def is_redacted(self, document_id: str) -> bool:
        """Whether a document's text was erased on request."""
        return self._shelf.is_redacted(document_id)

    def redacted(self, document_id: str) -> str:
        """Who erased a document's text, when and why, in one line; empty where nobody did."""
        return self._shelf.redacted(document_id)

    def add(self, document: Document) -> bool:
        """Take a document in; False if its text is there already.

        Raises:
            SourceError: another text of the same id is there; it is not added.
            DiskFullError, ReadOnlyError, DiskError, NewerFormatError: it is not there.
        """
        if self._shelf.has_text(document):
            return False
        self.add_all([(document, None)])
        self._text = document.text
        return True

    def add_all(self, given: Sequence[Given], threads: Executor | None = None) -> int:
        """Take documents in, each with a model's layer if there is one; returns how many are new.

        The disk is waited for once for all of them, and on several `threads` if given. A layer
        takes the place of what the same model said before.

        Raises:
            InputError, NewerFormatError, SpanError: a layer may not be kept, or a document has the
                id of another text; nothing was done.
            DiskFullError, ReadOnlyError, DiskError: each document is there with its layer, or not.
        """
        self._writable()
        new = [one for one, _ in given if not self._shelf.has_text(one)]
        timed = [replace(one, added_at=one.added_at or self.moment()) for one in new]
        layers = [self._models.file(layer, one.text) for one, layer in given if layer is not None]
        self._shelf.put_all(timed, layers, threads)
        return len(new)

    def moment(self) -> str:
        """Now, behind all that the annotator did here; a document's `added_at` sets its place."""
        self._clock = after(self._last())
        return self._clock

    # Layers

    def layers(self, document_id: str) -> list[str]:
        """The names of every layer on a document, people's before models'."""
        return self.people(document_id) + self.models(document_id)

    def people(self, document_id: str) -> list[str]:
        """The names of the layers that people's decisions made on a document."""
        return self._shelf.layers(document_id)[0]

    def models(self, document_id: str) -> list[str]:
        """The names of the models' layers on a document; no person's whose journal is gone."""
        return self._models.names(document_id)

    def layer(self, document_id: str, name: str | None = None) -> Layer:
        """One layer of a document, the annotator's own by default; empty if nothing was decided.

        Raises:
            UnknownError: neither a person nor a model of that name has a layer.
            CorruptError, NewerFormatError: its files are not what this program wrote.
        """
        name = name or self.annotator
        log = self._shelf.folder(document_id) / f"{layer_name(name)}{JOURNAL}"
        if name == self.annotator or safe_open.exists(log):
            return self._ledger(document_id, name).layer()
        try:
            return self._models.get(document_id, name)
        except FileNotFoundError:
            known = self.layers(document_id)
            raise UnknownError(
                f"Document {document_id} has no layer {name!r}; {schemas.nearest(name, known)}"
            ) from None

    def rows(self, document_id: str, name: str) -> list[Plain]:
        """A layer's annotations as its file has them, to look through many; it may lag behind."""
        return view.rows(self._shelf.folder(document_id) / f"{layer_name(name)}.json")

    def _ledger(self, document_id: str, name: str) -> Ledger:
        if name == self.annotator and (held := self._ledgers.get(document_id)):
            return held
        made = Ledger(folder := self._shelf.folder(document_id), document_id, name)
        if name == self.annotator:
            with suppress(OSError):
                disk.sweep(folder)
            self._ledgers.put(document_id, made)
        return made

    def standing(self, document_id: str) -> Standing:
        """The annotator's layer as far as its journal is good, and what is odd about its files."""
        return self._ledger(document_id, self.annotator).standing()

    def settled(self, document_id: str) -> Settled | None:
        """What became of the annotator's decision that may have been saved; said once."""
        return self._ledger(document_id, self.annotator).settled()

    def overlay(self, document_id: str, own: Layer | None = None) -> ReadableOverlay:
        """What the annotator sees: their own layer, or `own`, with the models' suggestions beside."""
        own, text = own or self.layer(document_id), partial(self._text_of, document_id)
        models = [partial(self.layer, document_id, one) for one in newest(self.models(document_id))]
        return readable_layers.overlay(own, models, text, nested=self.schema.nested)

    def replace_layer(self, document_id: str, layer: Layer | view.Sheaf) -> None:
        """Keep a model's layer, in the place of what the same model said before.

        Raises:
            InputError, NewerFormatError: the name is a person's, or of a later version's layer.
            SpanError: an annotation's words are not those of the text.
            DiskFullError, ReadOnlyError, DiskError: the old layer is as it was.
        """
        self._writable()
        disk.replace(*self._models.file(layer, self._text_of(document_id)))
        self._shelf.touch(document_id)

    # Decisions

    def decide(self, document_id: str, action: Action, changes: Iterable[Change]) -> Decision:
        """Keep what the annotator decided; it is durable, and seen by all, when this returns.

        Several changes are one decision, and one undo.

        Raises:
            RefusedError: the schema or the layer does not allow it.
            ConflictError: a record changed since it was seen.
            StorageError: in all its kinds; nothing was changed.
        """
        if not (wanted := tuple(changes)):
            raise RefusedError("Not saved: there is nothing to decide here.")
        text = self._text_of(document_id)

        def make(layer: Layer) -> tuple[Change, ...]:
            layer.check(wanted, text, self.schema)
            return wanted

        return self._commit(document_id, action, make)

    def _text_of(self, document_id: str) -> Text:
        """The text of a document; the last one asked for is kept at hand."""
        if (text := self._text) is None or text.id != document_id:
            text = self._text = self._shelf.document(document_id).text
        return text

    def undo(self) -> Decision | None:
        """Take back the annotator's last decision, in whichever document it was made."""
        return self._step(Action.UNDO)

    def redo(self) -> Decision | None:
        """Repeat the decision that was undone last, unless one was made since."""
        return self._step(Action.REDO)

    def _step(self, action: Action) -> Decision | None:
        self.catalogue.refresh(0)
        is_undo = action is Action.UNDO
        document_id = self.catalogue.undo() if is_undo else self.catalogue.redo()
        if document_id is None:
            return None
        layer = self.layer(document_id)
        if not (stack := layer.undoable if is_undo else layer.redoable):
            return None
        target = stack[-1]

        def make(layer: Layer) -> tuple[Change, ...]:
            stack = layer.undoable if is_undo else layer.redoable
            if not stack or stack[-1].seq != target.seq:
                raise ConflictError(messages.OVERTAKEN)
            back = take_back(target) if is_undo else target.changes
            return tuple(Change(layer.record(one.id), one.after) for one in back)

        return self._commit(document_id, action, make, of=target.seq)

    def _commit(self, document_id: str, action: Action, make: Make, of: int = 0) -> Decision:
        self._writable()
        ledger = self._ledger(document_id, self.annotator)
        plan = ledger.plan(
            action,
            self.annotator,
            make,
            not_before=self._last(),
            of=of,
            session=self._session,
            app=f"{app_name()} blind" if self.blind else app_name(),
        )
        with safe_open.kept():
            decision = ledger.decide(plan)
            self._shelf.touch(document_id)
        self._clock = decision.at
        return decision

    def log(
        self, document: str | None = None, layer: str | None = None, damage: audit.Damage = None
    ) -> Iterator[Decision]:
        """Decisions in the order of their time: of one document or all, of one layer or all.

        Raises:
            CorruptError: a journal is damaged, and there is no list to name it in.
        """
        yield from audit.decisions(self._shelf, document, layer, damage)

    def verify(self, document_id: str | None = None) -> Iterator[Finding]:
        """What is wrong with the files: chains, folds, spans against texts, views; empty if all is well."""
        yield from audit.problems(self.root, self._shelf, self.schema, document_id)

    def close(self) -> None:
        """Let go of the index."""
        if self._catalogue is not None:
            self._catalogue.close()
        self._catalogue = None
