"""Suggestions made while one reads: the document in view first, then the rest of the project."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from textual.message import Message

from annotations.errors import ModelEndedError, PurportError
from annotations.project import Project
from annotations.records import Annotation
from annotations.span import Span
from annotations.symbols import line

if TYPE_CHECKING:
    from annotations.suggest.entities import Batch
    from annotations.suggest.model_info import ModelInfo
    from annotations.suggest.worker_process import WorkerProcess


class Suggested(Message):
    """Suggestions for a part of a document have come.

    Attributes:
        share: how much of the document is done, 0 to 1; at 1 its layer is stored.
    """

    def __init__(self, document: str, suggestions: Sequence[Annotation], share: float) -> None:
        self.document = document
        self.suggestions = suggestions
        self.share = share
        super().__init__()


class SuggestingNote(Message):
    """Something to know about what is suggested; suggestions go on."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__()


class SuggestingStopped(Message):
    """No more suggestions will come, for this reason; empty when all is done."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__()


class Suggester:
    """Works through a project's documents in a thread of its own, which waits for a process.

    Args:
        root: the project's folder; the thread opens it for itself.
        annotator: whose project it is.
        model: the pipeline's name or path; None for the one in the project's settings.
        post: takes messages, from any thread.
    """

    def __init__(
        self, root: Path, annotator: str, model: str | None, post: Callable[[Message], object]
    ) -> None:
        self._root = root
        self._annotator = annotator
        self._model = model
        self._post = post
        self._urgent = ""
        self._visible: Span | None = None
        self._waiting: Sequence[str] | None = None
        self._worker: WorkerProcess | None = None
        self._has_ended = False
        self._lock = Lock()

    def is_due(self, document_id: str, *, is_bare: bool) -> bool:
        """Whether suggestions for a document are still to come.

        Args:
            is_bare: whether no model has looked at it; tells as long as it is not known here.
        """
        return is_bare if self._waiting is None else document_id in self._waiting

    def look_at(self, document_id: str, visible: Span | None) -> None:
        """Say what is being read; from the next batch on it comes first."""
        self._visible = visible
        self._urgent = document_id

    def run(self, is_cancelled: Callable[[], bool]) -> None:
        """Fill the layers that lack; between two batches, look whether to go on."""
        try:
            self._run(lambda: self._has_ended or is_cancelled())
        except PurportError as error:
            self._post(SuggestingStopped(str(error)))
        finally:
            self._let_go()

    def end(self) -> None:
        """End the model's process at once, whatever it does; from any thread."""
        with self._lock:
            self._has_ended = True
            if self._worker is not None:
                self._worker.kill()

    def _let_go(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.close()
                self._worker = None

    def _working(self, project: Project, model: ModelInfo) -> WorkerProcess:
        """The process that runs the model, started when there is none."""
        from annotations.suggest.run import job
        from annotations.suggest.worker_process import WorkerProcess

        with self._lock:
            if self._worker is None:
                self._worker = WorkerProcess(job(project, model))
                if self._has_ended:
                    self._worker.kill()
            return self._worker

    def _run(self, is_cancelled: Callable[[], bool]) -> None:
        # What suggests takes a while to import, so not before the first paint.
        from annotations.suggest.model_sums import remark
        from annotations.suggest.run import chosen, iter_document, unfilled, without_claims
        from annotations.suggest.worker_pool import MOST_ENDINGS

        project = Project.open(self._root, annotator=self._annotator)
        if project.readonly:
            raise PurportError(project.readonly)
        model = chosen(project, self._model)
        self._waiting = waiting = unfilled(project, model)
        running: dict[str, Iterator[Batch]] = {}
        unknown = remark(model) if waiting else ""
        if unknown:
            self._post(SuggestingNote(unknown))
        noted = False
        failures = 0
        sizes: dict[str, tuple[int, int]] = {}
        while waiting and not is_cancelled():
            document_id = self._urgent if self._urgent in waiting else waiting[0]
            if not noted and (words := without_claims(project, document_id, model)):
                noted = True
                self._post(SuggestingNote(f"{words} {unknown}".strip()))
            if document_id not in running:
                visible = self._visible if document_id == self._urgent else None
                sizes[document_id] = (0, len(project.document(document_id).text))
                running[document_id] = iter_document(
                    project,
                    document_id,
                    model,
                    first=visible,
                    worker=self._working(project, model),
                )
            try:
                batch = next(running[document_id], None)
            except ModelEndedError as error:
                if is_cancelled():
                    return
                failures += 1
                self._let_go()
                running.clear()  # what it had begun is begun again
                if failures >= MOST_ENDINGS:
                    raise
                waiting.remove(document_id)
                title = line(project.document(document_id).title)
                self._post(SuggestingNote(f"No suggestions for {title!r}: {error}"))
                self._post(Suggested(document_id, (), 1.0))
                continue
            done, size = sizes[document_id]
            if batch is None:
                failures = 0
                waiting.remove(document_id)
                del running[document_id]
                self._post(Suggested(document_id, (), 1.0))
                continue
            done += len(batch.span)
            sizes[document_id] = (done, size)
            found: list[Annotation] = [*batch.entities, *batch.claims]
            self._post(Suggested(document_id, found, min(0.99, done / max(size, 1))))
        self._post(SuggestingStopped())
