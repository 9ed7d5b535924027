"""Other processes for the tests of the store: `python store_process.py WHAT ROOT …`.

`decide ROOT ANNOTATOR FIRST COUNT [unlocked]`: wait for a line, accept that many words, tell each
outcome; with locks that do nothing, if so said, until the journal is forked.
`hold PATH`: hold the lock of a file, say so, and let go at the end of the input.
`faults ROOT`: for each file call of a decision, die before it, behind it and half way through it.
`kills ROOT COUNT [SIGNAL]`: so often, decide until killed; tell each decision that was acknowledged.
`until ROOT ANNOTATOR [unsynced]`: decide for ever and tell each; without any fsync, if so said.
`full ROOT`: decide under a limit on the size of files, then without it.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import store

from annotations.errors import ConflictError, ForkedError, PurportError
from annotations.project import Project

CALLS = ("open", "write", "fsync", "ftruncate", "replace", "unlink")


def tell(**words: Any) -> None:
    print(json.dumps(words), flush=True)


def decide(root: str, annotator: str, first: str, count: str, how: str = "") -> None:
    if how == "unlocked":
        fcntl.flock = lambda *_: None
    project = Project.open(Path(root), annotator=annotator)
    (document,) = store.ids(project)
    tell(ready=True)
    sys.stdin.readline()
    for number in range(int(first), int(first) + int(count)):
        try:
            tell(seq=store.accept(project, document, number).seq, word=number)
        except ConflictError:
            tell(conflict=number)
        except ForkedError as error:
            tell(forked=number, saved=error.saved)
            break


def hold(path: str) -> None:
    with Path(path).open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        tell(held=True)
        sys.stdin.read()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(call: Callable[..., Any], name: str, when: str, left: list[int]) -> Callable[..., Any]:
    def shim(*arguments: Any, **options: Any) -> Any:
        if name == "open" and not arguments[1] & (os.O_RDWR | os.O_WRONLY):
            return call(*arguments, **options)  # of a folder, or to read: it leaves nothing behind
        left[0] -= 1
        if left[0] != 0:
            return call(*arguments, **options)
        if when == "half" and name == "write":
            call(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
        elif when == "behind":
            call(*arguments, **options)
        die()
        return None

    return shim


def dies_in_call(root: Path, number: int, when: str, kind: str) -> bool:
    """Decide in a copy of the process that dies in its so-and-so-manieth file call."""
    child = os.fork()
    if child == 0:
        project = Project.open(root, annotator="anna")
        document = store.ids(project)[0]
        project.layer(document)
        left = [number]
        for name in CALLS:
            setattr(os, name, dying(getattr(os, name), name, when, left))
        if kind == "undo":
            project.undo()
        else:
            store.accept(project, document, 5)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0
        return False
    return True


def faults(root: str) -> None:
    base = Path(root)
    for kind in ("first", "next", "undo"):
        for when in ("before", "half", "behind"):
            number = 0
            is_dead = True
            while is_dead:
                number += 1
                place = base.with_name(f"{kind}-{when}-{number}")
                shutil.copytree(base, place)
                if kind != "first":
                    project = Project.open(place, annotator="anna")
                    for word in range(3):
                        store.accept(project, store.ids(project)[0], word)
                    project.close()
                is_dead = dies_in_call(place, number, when, kind)
                tell(place=str(place), kind=kind, acknowledged=not is_dead)


def kills(root: str, count: str, number: str = str(int(signal.SIGKILL))) -> None:
    fatal = signal.Signals(int(number))
    for kill in range(int(count)):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            if fatal is not signal.SIGKILL:
                signal.signal(fatal, signal.SIG_DFL)  # as the reader has it
            project = Project.open(Path(root), annotator="anna")
            document = store.ids(project)[0]
            word = project.layer(document).seq
            while True:
                os.write(writer, b"%d\n" % store.accept(project, document, word).seq)
                word += 1
        os.close(writer)
        with os.fdopen(reader, "rb") as heard:
            acknowledged = [int(heard.readline()) for _ in range(1 + kill % 4)]
            os.kill(child, fatal)
            acknowledged += [int(line) for line in heard if line.endswith(b"\n")]
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == fatal
        tell(acknowledged=acknowledged)


def until(root: str, annotator: str, how: str = "") -> None:
    if how == "unsynced":
        os.fsync = lambda descriptor: None  # type: ignore[misc, assignment]
    project = Project.open(Path(root), annotator=annotator)
    document = store.ids(project)[0]
    word = project.layer(document).seq
    while True:
        tell(seq=store.accept(project, document, word).seq)
        word += 1


def full(root: str) -> None:
    project = Project.open(Path(root), annotator="anna")
    document = store.ids(project)[0]
    kept = 0
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, hard))
    try:
        while True:
            store.accept(project, document, kept)
            kept += 1
    except PurportError as error:
        tell(kept=kept, error=type(error).__name__, seen=project.layer(document).seq)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    tell(seq=store.accept(project, document, kept).seq)


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    known = {
        "decide": decide,
        "hold": hold,
        "faults": faults,
        "kills": kills,
        "until": until,
        "full": full,
    }
    known[what](*arguments)
