"""What models said of a project's documents: layers that are replaced as a whole."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

from annotations import messages
from annotations.errors import CorruptError, InputError, StorageError
from annotations.layer import Layer
from annotations.records import Document
from annotations.storage import safe_open, view
from annotations.storage.ledger import JOURNAL, VIEW
from annotations.storage.recent import Recent
from annotations.storage.shelf import Shelf, layer_name
from annotations.text import Text

Given: TypeAlias = tuple[Document, Layer | view.Sheaf | None]
"""A document, and what a model said of it, on their way into a project."""

_MOST: Final = 8
"""Layers held: those of a document or two. Who goes through all of them is slowed by more."""


class ModelLayers:
    """The models' layers of one project.

    Attributes:
        held: those that were looked at last, each with what its file was then.
    """

    def __init__(self, shelf: Shelf, annotator: str) -> None:
        self._shelf = shelf
        self._annotator = annotator
        self.held: Recent[tuple[str, str], tuple[tuple[int, ...], Layer]] = Recent(_MOST)

    def _path(self, document_id: str, name: str) -> Path:
        return self._shelf.folder(document_id) / f"{layer_name(name)}{VIEW}"

    def names(self, document_id: str) -> list[str]:
        """The layers on a document that models made, sorted."""
        names = self._shelf.layers(document_id)[1]
        return [one for one in names if not self.is_persons(document_id, one)]

    def is_persons(self, document_id: str, name: str) -> bool:
        """Whether a file that has no journal says that it is the fold of one."""
        with suppress(StorageError):
            return view.is_persons(view.meta(self._path(document_id, name)) or {})
        return False

    def get(self, document_id: str, name: str) -> Layer:
        """One layer as its file is now.

        Raises:
            FileNotFoundError: there is none.
            CorruptError, NewerFormatError: its file is not what this program wrote, or is a
                person's whose journal is gone.
        """
        path = self._path(document_id, name)
        if self.is_persons(document_id, name):
            words = messages.NO_JOURNAL.format(path=path, journal=path.with_suffix(JOURNAL).name)
            raise CorruptError(words)
        about = safe_open.stat(path)
        stamp = (about.st_ino, about.st_size, about.st_mtime_ns)
        held = self.held.get((document_id, name))
        if held is None or held[0] != stamp:
            layer = view.load(path)
            assert layer is not None
            self.held.put((document_id, name), held := (stamp, layer))
        return held[1]

    def file(self, layer: Layer | view.Sheaf, text: Text) -> tuple[Path, bytes]:
        """Where a layer on this text stands, and what is to stand there.

        Raises:
            InputError: the name belongs to a person.
            NewerFormatError: a later version of purport made the layer that is there.
            SpanError: an annotation's words are not those of the text.
        """
        path = self._path(text.id, layer.name)
        is_persons = safe_open.exists(path.with_suffix(JOURNAL)) or self.is_persons(
            text.id, layer.name
        )
        if is_persons or layer.name == self._annotator:
            raise InputError(f"{layer.name!r} is a person's layer; give the model another name.")
        layer.check_words(text)
        with suppress(CorruptError):  # made anew, it is whole again
            view.meta(path)
        return path, view.model_layer(layer)
