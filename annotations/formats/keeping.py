"""What is read goes into the project behind the reader's back: the disk's waits cost no time."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from annotations.project import Project
from annotations.records import Document
from annotations.storage.view import Sheaf

_THREADS: Final = 4
"""Documents that are written at the same time: the disk's promises are waited for together."""

_WAITING: Final = 2 * _THREADS
"""Documents that are written or wait for it: what is held in memory."""


class Keeping:
    """Puts documents and their layers into a project, each whole, on threads of its own.

    They stand in the project in the order in which they are given. When the `with` is left, all
    that was given is durable, whatever ended it.

    Attributes:
        added: how many documents were new, of those waited for.
    """

    def __init__(self, project: Project) -> None:
        self.added = 0
        self._project = project
        self._waiting: dict[str, Future[bool]] = {}
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="keeping")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown()
        if error is None:
            for document_id in [*self._waiting]:
                self.wait(document_id)

    def keep(self, document: Document, layer: Sheaf | None) -> None:
        """Put a document in, and a model's layer on it if there is one.

        Raises:
            StorageError, InputError: one ahead of it did not go in.
        """
        self.wait(document.id)
        while len(self._waiting) >= _WAITING:
            self.wait(next(iter(self._waiting)))
        # The time is taken here: it is the order, and the index is asked for it on one thread.
        timed = replace(document, added_at=self._project.moment())
        self._waiting[document.id] = self._threads.submit(self._put, timed, layer)

    def wait(self, document_id: str) -> None:
        """Wait until a document is in, if it was given.

        Raises:
            StorageError, InputError: it did not go in.
        """
        given = self._waiting.pop(document_id, None)
        if given is not None:
            self.added += given.result()

    def _put(self, document: Document, layer: Sheaf | None) -> bool:
        is_new = self._project.add(document)
        if layer is not None:
            self._project.replace_layer(document.id, layer)
        return is_new
