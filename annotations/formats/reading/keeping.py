"""What is read goes into the project in batches: the disk is waited for once for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from annotations.errors import InputError, NewerFormatError
from annotations.formats.reading.backlog import Backlog
from annotations.project import Project
from annotations.records import Claim, Document, Entity
from annotations.storage.disk import TOGETHER
from annotations.storage.view import Sheaf

_MOST: Final = 128
"""Documents of a batch."""

_LARGE: Final = 1_000_000
"""Characters and annotations after which a batch is full, however few its documents are."""


class Keeping:
    """Puts documents and their layers into a project, each whole.

    They stand in the project in the order in which they are given. What is added to a layer that
    went in already waits until the end, so that a layer is written twice at most, however often
    its document comes. When the `with` is left, all that was given is durable, whatever ended it.

    Attributes:
        added: how many documents were new, of those that went in.
        repeated: annotations by kind that were said again by a later piece of the same layer.
    """

    def __init__(self, project: Project) -> None:
        self.added = 0
        self.repeated: Counter[str] = Counter()
        self._project = project
        self._held: dict[str, tuple[Document, Sheaf | None]] = {}
        self._size = 0
        self._backlog = Backlog()
        self._threads = ThreadPoolExecutor(TOGETHER, thread_name_prefix="keeping")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with self._threads:
                self.flush()
                self._catch_up()
        finally:
            self._backlog.close()

    def __contains__(self, document_id: object) -> bool:
        """Whether a document was given and is not in yet."""
        return document_id in self._held

    def keep(self, document: Document, layer: Sheaf | None) -> None:
        """Put a document in, and a model's layer on it if there is one, soon.

        Raises:
            StorageError, InputError: one of its batch did not go in.
        """
        if document.id in self:
            self.flush()
        self._held[document.id] = document, layer
        self._grow(len(document.text) + (len(layer) if layer is not None else 0))

    def add(self, document: Document, piece: Sheaf) -> None:
        """Add to a layer on a document that was given before, or is in the project with it.

        Raises:
            StorageError, InputError: one of its batch did not go in.
        """
        _, held = self._held.get(document.id, (None, None))
        if held is None:
            piece.check_words(document.text)
            self._backlog.add(piece)
            return
        before = len(held)
        self._update(held, piece)
        self._grow(len(held) - before)

    def _grow(self, by: int) -> None:
        self._size += by
        if len(self._held) >= _MOST or self._size >= _LARGE:
            self.flush()

    def flush(self) -> None:
        """Put in what was given, now, but for what waits until the end.

        Raises:
            StorageError, InputError: one of them did not go in.
        """
        try:
            self._put([*self._held.values()])
        except Exception:
            self._held = {}  # it is told, and not tried again; after an interrupt they are
            raise
        self._held, self._size = {}, 0

    def _catch_up(self) -> None:
        """Add what waits to the layers that went in."""
        for piece in self._backlog.pieces():
            document = self._project.document(piece.document)
            earlier = self._project.layer(piece.document, piece.name)
            whole = Sheaf(piece.name, piece.document, dict(earlier.model))
            for one in earlier:
                whole.put(one)
            self._update(whole, piece)
            self.keep(document, whole)
        self.flush()

    def _update(self, layer: Sheaf, later: Sheaf) -> None:
        kinds = (Entity.kind, Claim.kind)
        before = {kind: layer.count(kind) + later.count(kind) for kind in kinds}
        layer.update(later)
        self.repeated.update({kind: before[kind] - layer.count(kind) for kind in kinds})

    def _put(self, held: Sequence[tuple[Document, Sheaf | None]]) -> None:
        if not held:
            return
        try:
            self.added += self._project.add_all(held, self._threads)
        except (InputError, NewerFormatError):
            if len(held) == 1:
                raise
            for one in held:  # what stands before the one that may not go in is kept
                self._put([one])
