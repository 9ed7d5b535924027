"""What is read goes into the project behind the reader's back: the disk's waits cost no time."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Document

_WAITING: Final = 8
"""Documents that may wait for the disk: what is held in memory."""


class Keeping:
    """Puts documents and their layers into a project, in order, on a thread of its own.

    When the `with` is left, all that was given is durable, whatever ended it.

    Attributes:
        added: how many documents were new.
    """

    def __init__(self, project: Project) -> None:
        self.added = 0
        self._project = project
        self._waiting: dict[str, Future[None]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keeping")
        self._is_first = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._thread.shutdown()
        if error is None:
            for document_id in [*self._waiting]:
                self.wait(document_id)

    def keep(self, document: Document, layer: Layer | None) -> None:
        """Put a document in, and a model's layer on it if there is one.

        Raises:
            StorageError, InputError: it or one ahead of it did not go in.
        """
        if self._is_first:
            # The index that says when something was last decided is asked once, on this thread.
            self._is_first = False
            self._put(document, layer)
            return
        self.wait(document.id)
        while len(self._waiting) >= _WAITING:
            self.wait(next(iter(self._waiting)))
        self._waiting[document.id] = self._thread.submit(self._put, document, layer)

    def wait(self, document_id: str) -> None:
        """Wait until a document is in, if it was given.

        Raises:
            StorageError, InputError: it did not go in.
        """
        given = self._waiting.pop(document_id, None)
        if given is not None:
            given.result()

    def _put(self, document: Document, layer: Layer | None) -> None:
        self.added += self._project.add(document)
        if layer is not None:
            self._project.replace_layer(document.id, layer)
