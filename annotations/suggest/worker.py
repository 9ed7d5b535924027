"""The process that runs a model: it reads texts from a pipe and writes suggestions to another.

It is started by `worker_process` and is nobody else's. What a model prints goes nowhere, ctrl+c is
left to the program that started it, and it ends with that program, also where the model holds the
interpreter for ever.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import orjson

from annotations.errors import PurportError
from annotations.span import Span
from annotations.suggest import models
from annotations.suggest.entities import Batch, suggest_all, suggest_entities
from annotations.suggest.worker_messages import ROWS, Job, frame
from annotations.text import Text

if TYPE_CHECKING:
    from spacy.language import Language

    from annotations.suggest.claims.reader import ClaimReader

_PR_SET_PDEATHSIG: Final = 1
_FIRST_TO_GO: Final = "500"
"""Where memory runs out, Linux ends this process before the program that shows the text."""


def main(parent: int) -> int:
    """Serve the program with this process id until it closes the pipe."""
    _bind(parent)
    requests, answers = _pipes()
    worker: Worker | None = None
    try:
        first = _read(requests)
        if first is None:
            return 0
        worker = Worker(Job.parse(first), requests, answers)
        worker.serve()
    except BrokenPipeError:
        return 0
    except PurportError as error:
        _fail(answers, str(error), known=True)
        return 1
    except BaseException as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        _fail(answers, reason, known=False)
        return 1
    return 0


class Worker:
    """A loaded pipeline and the texts that it works on."""

    def __init__(self, job: Job, requests: BinaryIO, answers: BinaryIO) -> None:
        self._job = job
        self._requests = requests
        self._answers = answers
        self._reader = _reader(job)
        self._nlp: Language = models.load(job.model, parse=self._reader is not None)
        self._open: dict[str, Iterator[Batch]] = {}

    def serve(self) -> None:
        """Answer each request in turn; return when the pipe is closed."""
        self._say("ready")
        while (request := _read(self._requests)) is not None:
            match request["do"]:
                case "text":
                    self._portion(request)
                case "open":
                    self._open[request["key"]] = self._batches(request)
                case "next":
                    self._next(request["key"])

    def _say(self, what: str, **values: Any) -> None:
        self._answers.write(frame({"say": what, **values}))
        self._answers.flush()

    def _portion(self, first: dict[str, Any]) -> None:
        """Work on texts until their end is announced, several of them in one batch."""

        def texts() -> Iterator[tuple[str, Text]]:
            request: dict[str, Any] | None = first
            while request is not None and request["do"] == "text":
                self._say("taken", key=request["key"])
                yield request["key"], Text(request["text"])
                request = _read(self._requests)

        settings = {"tidy": self._job.tidy, "scores": self._job.scores}
        layer = self._job.model.layer
        for key, found in suggest_all(
            self._nlp, texts(), layer=layer, reader=self._reader, **settings
        ):
            rows = [one.plain() for one in found]
            for start in range(0, len(rows), ROWS):
                self._say("some", key=key, rows=rows[start : start + ROWS])
            self._say("done", key=key)

    def _batches(self, request: dict[str, Any]) -> Iterator[Batch]:
        first = None if request["first"] is None else Span(*request["first"])
        return suggest_entities(
            self._nlp,
            Text(request["text"]),
            layer=self._job.model.layer,
            first=first,
            tidy=self._job.tidy,
            scores=self._job.scores,
            reader=self._reader,
        )

    def _next(self, key: str) -> None:
        batch = next(self._open[key], None)
        if batch is None:
            del self._open[key]
            self._say("done", key=key)
            return
        rows = [one.plain() for one in batch.entities]
        rows += [one.plain() for one in batch.claims]
        self._say("batch", key=key, span=[batch.span.start, batch.span.end], rows=rows)


def _reader(job: Job) -> ClaimReader | None:
    if not job.claims:
        return None
    from annotations.suggest.claims.reader import ClaimReader

    settings = {} if job.threshold is None else {"claims_threshold": job.threshold}
    return ClaimReader.of(job.model.claims_layer, settings, job.root)


def _bind(parent: int) -> None:
    """End when the parent does, leave ctrl+c to it, and go first where memory runs out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
            file.write(_FIRST_TO_GO)
    if os.getppid() != parent:
        os._exit(1)  # it ended before the kernel was asked


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the program, under numbers of their own: what prints to 1 and 2 is not heard."""
    requests, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    warnings.simplefilter("ignore")
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")


def _read(requests: BinaryIO) -> dict[str, Any] | None:
    """The next request; None when the pipe is closed."""
    head = requests.read(4)
    if len(head) < 4:
        return None
    data = requests.read(int.from_bytes(head, "big"))
    request: dict[str, Any] = orjson.loads(data)
    return request


def _fail(answers: BinaryIO, reason: str, *, known: bool) -> None:
    with suppress(OSError):
        answers.write(frame({"say": "failed", "reason": reason, "known": known}))
        answers.flush()
