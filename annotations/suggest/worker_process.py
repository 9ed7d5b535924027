"""A process that runs a model, as the program sees it: started, fed, waited for, ended at will.

The process is killed, never asked: a pattern in a tokenizer may hold its interpreter for ever.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from annotations.errors import ModelError
from annotations.records import Plain
from annotations.suggest.packages import import_path
from annotations.suggest.pickles import FORCED
from annotations.suggest.worker_messages import Frames, Job, frame
from annotations.symbols import line

_BLOCK: Final = 1 << 16
_MAIN: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from annotations.suggest.worker import main; sys.exit(main(int(sys.argv[2])))"
)


class WorkerProcess:
    """One process with one model.

    Only the thread that started it may use it, except for `kill`: on Linux the process ends with
    that thread.

    Attributes:
        messages: what it said and nobody took yet.
        is_ready: whether its model is loaded.
    """

    def __init__(self, job: Job) -> None:
        self.messages: deque[Plain] = deque()
        self.is_ready = False
        self._model = job.model.package
        self._frames = Frames()
        self._reason = ""
        self._waiting = bytearray()
        self._process = _started(job)
        self._input, self._output = _pipe(self._process.stdin), _pipe(self._process.stdout)
        self._is_open = True
        for pipe in (self._input, self._output):
            os.set_blocking(pipe.fileno(), False)
        self.send(job.plain())

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return not self._is_open and not self.messages

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        if self._reason:
            return self._reason
        status = self._process.wait()
        if status >= 0:
            return f"it ended with status {status}"
        name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
        more = ", which may mean that memory ran out" if -status == signal.SIGKILL else ""
        return f"it was ended by {name}{more}"

    def send(self, message: Plain) -> None:
        """Have a message sent as soon as there is room for it."""
        if self._is_open:
            self._waiting += frame(message)
            self._write()

    def receive(self) -> Plain | None:
        """Wait for the next message; None when the process has ended.

        Raises:
            ModelError: the model cannot be loaded, or what came is not a message.
        """
        while not self.messages and self._is_open:
            pump([self])
        return self.messages.popleft() if self.messages else None

    def kill(self) -> None:
        """End the process at once, from any thread."""
        self._process.kill()

    def close(self) -> None:
        """End the process and let go of its pipes."""
        self._is_open = False
        self.messages.clear()
        self._process.kill()
        self._process.wait()
        for pipe in (self._input, self._output):
            try:
                pipe.close()
            except OSError:
                continue  # what was still to be written has nobody to read it

    def _write(self) -> None:
        try:
            while self._waiting:
                count = os.write(self._input.fileno(), self._waiting[:_BLOCK])
                del self._waiting[:count]
        except BlockingIOError:
            return
        except OSError:
            self._waiting.clear()  # it ended: its other pipe says so

    def _read(self) -> None:
        try:
            data = os.read(self._output.fileno(), _BLOCK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._is_open = False
            return
        for message in self._frames.feed(data):
            if message["say"] == "ready":
                self.is_ready = True
            elif message["say"] == "failed":
                self._failed(message)
            else:
                self.messages.append(message)

    def _failed(self, message: Plain) -> None:
        self._reason = line(str(message.get("reason", "")))[:400]
        if not self.is_ready:
            known = message.get("known") is True
            raise ModelError(self._reason if known else f"{self._model}: {self._reason}")


def pump(workers: Iterable[WorkerProcess]) -> None:
    """Wait until one of the processes says something, ends, or has room; take it in.

    Raises:
        ModelError: a model cannot be loaded, or what came is not a message.
    """
    poll = select.poll()
    by_number = {}
    for worker in workers:
        if worker._is_open:
            by_number[worker._output.fileno()] = worker
            poll.register(worker._output, select.POLLIN)
            if worker._waiting:
                by_number[worker._input.fileno()] = worker
                poll.register(worker._input, select.POLLOUT)
    for number, _ in poll.poll() if by_number else ():
        worker = by_number[number]
        if number == worker._output.fileno():
            worker._read()
        else:
            worker._write()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ModelError("The model's process has no pipe.")
    return pipe


def _started(job: Job) -> subprocess.Popen[bytes]:
    """The process, with the import path of this one but for the current folder and the project's."""
    own = Path(__file__).resolve().parents[2]
    path = [str(own), *map(str, import_path(job.root)), *_standard()]
    environment = {name: value for name, value in os.environ.items() if name != FORCED}
    command = [sys.executable, "-P", "-c", _MAIN]
    arguments = [json.dumps(list(dict.fromkeys(path))), str(os.getpid())]
    try:
        return subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env=environment,
        )
    except OSError as error:
        raise ModelError(f"The model's process cannot start ({error.strerror}).") from None


def _standard() -> list[str]:
    """Entries of the import path that are archives, such as the standard library's."""
    return [entry for entry in sys.path if entry.startswith("/") and entry.endswith(".zip")]
