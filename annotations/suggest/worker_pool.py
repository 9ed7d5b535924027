"""Suggestions for many texts, from processes that run the model.

A process that ends takes down only what it was working on. Each of those texts gets a process of
its own once more, so that the one which ends it can be named, and the others are done.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, TypeAlias

from annotations.errors import ModelEndedError, ModelError
from annotations.records import Annotation, Plain
from annotations.suggest.entities import BATCH
from annotations.suggest.worker_messages import Job, suggestions
from annotations.suggest.worker_process import WorkerProcess, pump
from annotations.text import Text

PORTION: Final = 30_000
"""The characters of documents that a process takes at once where there are several."""

MOST_ENDINGS: Final = 3
"""Texts in succession that may end their process: after them the model is to blame."""

_Given: TypeAlias = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there are no suggestions for a text, in words."""

    reason: str


@dataclass(slots=True)
class _Member:
    """A process and what it was given.

    Attributes:
        texts: what it was given and is not done with.
        found: the rows that came so far for these.
        ahead: characters that it was given and did not take up yet.
        portion: characters since the last end of a portion.
        is_alone: whether it works on one text that ended a process before.
    """

    process: WorkerProcess
    texts: dict[str, Text] = field(default_factory=dict)
    found: dict[str, list[Annotation]] = field(default_factory=dict)
    ahead: int = 0
    portion: int = 0
    is_alone: bool = False


class WorkerPool:
    """Processes that work through texts, one by default.

    Attributes:
        ready_at: when the first model was loaded, by `time.monotonic`; None before.
    """

    def __init__(self, job: Job, jobs: int = 1) -> None:
        self.ready_at: float | None = None
        self._job = job
        self._jobs = jobs
        self._members: list[_Member] = []
        self._alone: deque[_Given] = deque()
        self._endings = 0

    def run(self, texts: Iterable[_Given]) -> Iterator[tuple[str, list[Annotation] | Failure]]:
        """Each text's key with its suggestions, as soon as they are there.

        Raises:
            ModelError: the model cannot be loaded, or ends its process whatever it is given.
        """
        coming = iter(texts)
        is_more = True
        while True:
            while len(self._members) < self._jobs and (is_more or self._alone):
                # Each gets its work at once, so that no process is started for which there is none.
                self._members.append(_Member(WorkerProcess(self._job)))
                is_more = self._feed(self._members[-1], coming, is_more)
            for member in self._members:
                is_more = self._feed(member, coming, is_more)
            if not is_more and not self._alone and not any(one.texts for one in self._members):
                return
            pump([one.process for one in self._members])
            for member in list(self._members):
                yield from self._taken(member)

    def close(self) -> None:
        """End every process."""
        for member in self._members:
            member.process.close()
        self._members.clear()

    def _feed(self, member: _Member, coming: Iterator[_Given], is_more: bool) -> bool:
        """Give a process what keeps it busy; whether there is more to come."""
        if self._alone:
            if not member.texts:
                self._give(member, *self._alone.popleft())
                self._end_portion(member)
                member.is_alone = True
            return is_more
        if member.is_alone:
            if member.texts:
                return is_more
            member.is_alone = False
        most = 2 * BATCH if self._jobs == 1 else PORTION
        while is_more and member.ahead < most:
            given = next(coming, None)
            if given is None:
                is_more = False
                break
            self._give(member, *given)
            if self._jobs > 1 and member.portion >= PORTION:
                self._end_portion(member)
        if not is_more and member.portion:
            self._end_portion(member)
        return is_more

    def _give(self, member: _Member, key: str, text: Text) -> None:
        member.texts[key] = text
        member.found[key] = []
        member.ahead += len(text) + 1
        member.portion += len(text) + 1
        member.process.send({"do": "text", "key": key, "text": str(text)})

    def _end_portion(self, member: _Member) -> None:
        member.process.send({"do": "end"})
        member.portion = 0

    def _taken(self, member: _Member) -> Iterator[tuple[str, list[Annotation] | Failure]]:
        process = member.process
        if process.is_ready and self.ready_at is None:
            self.ready_at = monotonic()
        while process.messages:
            message = process.messages.popleft()
            key = message.get("key")
            if not isinstance(key, str) or key not in member.texts:
                raise ModelError("The model's process spoke of a text that it was not given.")
            if message["say"] == "taken":
                member.ahead -= len(member.texts[key]) + 1
            elif message["say"] == "some":
                self._some(member, key, message)
            elif message["say"] == "done":
                self._endings = 0
                del member.texts[key]
                yield key, member.found.pop(key)
        if process.has_ended:
            yield from self._ended(member)

    def _some(self, member: _Member, key: str, message: Plain) -> None:
        text, found = member.texts[key], member.found[key]
        rows = message.get("rows")
        if not isinstance(rows, list) or len(found) + len(rows) > most_rows(text):
            raise ModelError("The model's process sent more suggestions than a text can have.")
        found += suggestions(rows, text, self._job.model)

    def _ended(self, member: _Member) -> Iterator[tuple[str, Failure]]:
        """Name the text that ended a process, or find out which one did."""
        self._members.remove(member)
        package, reason = self._job.model.package, member.process.ending
        is_ready = member.process.is_ready
        member.process.close()
        if not is_ready:
            raise ModelEndedError(f"The process that loads {package} ended: {reason}.")
        if len(member.texts) > 1:
            self._alone.extend(member.texts.items())
            return
        self._endings += 1
        if self._endings >= MOST_ENDINGS:
            raise ModelEndedError(
                f"The process that runs {package} ended {MOST_ENDINGS} times in succession: "
                f"{reason}. What was done is saved."
            )
        for key in member.texts:
            yield key, Failure(reason)


def most_rows(text: Text) -> int:
    """The suggestions that a text can have at most."""
    return 4 * len(text) + 100
