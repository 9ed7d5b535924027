"""A disk whose calls fail where a trial says so, and what a power cut would leave of a journal.

The model of a failed `fsync` is the worst that systems do: what it could not write counts as written
from then on, so that no later `fsync` writes it, though every reader sees it until a power cut.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import random
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import store

from annotations import changes
from annotations.errors import PurportError
from annotations.project import Project
from annotations.records import Action

CALLS = (
    "open", "write", "pwrite", "pread", "fsync", "ftruncate", "replace", "unlink", "utime", "close",
    "fstat", "stat", "lseek", "flock",
)  # fmt: skip
NUMBERS = (errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS)

Fails = Callable[[int, str], bool]
"""Whether the call of this number, from 0, and this name fails."""


class Disk:
    """Follows the bytes of one journal through calls that may fail.

    Attributes:
        made: the names of the calls so far.
        failed: how many failed.
    """

    def __init__(self, path: Path, chance: random.Random) -> None:
        self._path, self._chance = path, chance
        self._durable = path.read_bytes() if path.exists() else b""
        self._maybe = [self._durable]
        self._unwritten: set[int] = set()  # offsets that no fsync will write
        self._dirty: set[int] = set()
        self.made: list[str] = []
        self.failed = 0

    def _is_it(self, descriptor: int) -> bool:
        with suppress(OSError):
            about = _REAL["stat"](self._path)
            return os.path.samestat(_REAL["fstat"](descriptor), about)
        return False

    def _note(self, name: str, arguments: tuple[Any, ...], result: Any) -> None:
        """Take in what a call did to the journal."""
        if name in ("write", "pwrite"):
            end = arguments[2] + result if name == "pwrite" else _REAL["stat"](self._path).st_size
            offsets = range(end - result, end)
            self._dirty.update(offsets)
            self._unwritten.difference_update(offsets)
            self._maybe.append(self._path.read_bytes())
        elif name == "ftruncate":
            self._dirty = {one for one in self._dirty if one < arguments[1]}
            self._unwritten = {one for one in self._unwritten if one < arguments[1]}
            self._maybe.append(self._path.read_bytes())
        elif name == "fsync":
            cached = bytearray(self._path.read_bytes())
            for offset in self._unwritten:
                cached[offset] = 0
            self._durable, self._dirty = bytes(cached), set()
            self._maybe = [self._durable]

    def _lose(self) -> None:
        self._unwritten |= self._dirty
        self._dirty = set()

    def after_a_cut(self) -> set[str]:
        """The words whose decisions a power cut now is sure to leave."""
        return words_of(self._durable)

    def perhaps_after_a_cut(self) -> set[str]:
        """The words whose decisions a power cut now may leave: any state since the last `fsync`."""
        return set().union(*map(words_of, self._maybe))

    @contextmanager
    def failing(self, fails: Fails) -> Iterator[None]:
        """Let calls fail for as long as the block lasts."""
        for name in CALLS:
            setattr(_home(name), name, self._shim(name, fails))
        try:
            yield
        finally:
            for name in CALLS:
                setattr(_home(name), name, _REAL[name])

    def _shim(self, name: str, fails: Fails) -> Callable[..., Any]:
        real = _REAL[name]

        def shim(*arguments: Any, **options: Any) -> Any:
            is_it = bool(arguments) and isinstance(arguments[0], int) and self._is_it(arguments[0])
            if name == "close" and not _is_file(arguments[0]):
                return real(*arguments)  # the system never refuses to close a folder
            number = len(self.made)
            self.made.append(name)
            if not fails(number, name):
                result = real(*arguments, **options)
                if is_it:
                    self._note(name, arguments, result)
                return result
            self.failed += 1
            if name == "close":
                real(*arguments)
            elif name == "fsync" and is_it:
                self._lose()
            elif name == "write" and self._chance.random() < 0.7:
                part = bytes(arguments[1])
                part = part[: self._chance.randint(1, len(part))]
                result = real(arguments[0], part)
                if is_it:
                    self._note(name, arguments, result)
                if self._chance.random() < 0.5:
                    return result  # a short write, which is no error
            code = self._chance.choice(NUMBERS)
            raise OSError(code, os.strerror(code))

        return shim


def _home(name: str) -> Any:
    return fcntl if name == "flock" else os


_REAL: dict[str, Callable[..., Any]] = {name: getattr(_home(name), name) for name in CALLS}


def _is_file(descriptor: int) -> bool:
    return stat.S_ISREG(_REAL["fstat"](descriptor).st_mode)


def words_of(data: bytes) -> set[str]:
    """The words that a journal's bytes decide on, up to the first line that is not a decision."""
    found: set[str] = set()
    for line in data.split(b"\n")[:-1]:
        try:
            rows = json.loads(line)["body"]["changes"]
        except ValueError:
            break
        found |= {change["after"]["text"] for change in rows}
    return found


@dataclass
class Tally:
    """What several trials found.

    Attributes:
        lost: decisions that were acknowledged and are not there.
        ghosts: decisions of which it was said that they are not saved, and that are there.
        unsettled: how often it was said that a decision may be saved.
        wrong: what else was wrong, in words.
    """

    trials: int = 0
    calls: int = 0
    failed: int = 0
    acknowledged: int = 0
    refused: int = 0
    unsettled: int = 0
    lost: int = 0
    ghosts: int = 0
    wrong: list[str] = field(default_factory=list)


def trial(base: Path, place: Path, tally: Tally, fails: Fails, seed: int, decisions: int) -> int:
    """Decide in a copy of a project while calls fail; returns how many calls were made.

    After each decision, and at the end when nothing fails any more, the journal is read by other
    code and compared with what was said of each decision.
    """
    chance = random.Random(seed)
    shutil.copytree(base, place)
    project = Project.open(place, annotator="anna")
    (document,) = store.ids(project)
    project.layer(document)
    project.documents()
    project.moment()
    suggested = list(project.layer(document, store.MODEL).index)
    path = store.journal_of(project, document)
    disk = Disk(path, chance)
    there = _words(path)
    kept, refused, open_ = set(there), set[str](), set[str]()
    for number in range(decisions):
        word = f"word{len(there) + number}"
        with disk.failing(fails):
            try:
                change = changes.accept(suggested[len(there) + number])
                project.decide(document, Action.ACCEPT, [change])
                kept.add(word)
                tally.acknowledged += 1
            except PurportError as error:
                (refused if error.saved is False else open_).add(word)
                tally.refused += error.saved is False
                tally.unsettled += error.saved is None
            except BaseException as error:
                tally.wrong.append(f"seed {seed}: {type(error).__name__}: {error}")
                open_.add(word)
        _compare(tally, _words(path), kept, refused, seed)
        _compare(tally, disk.after_a_cut(), kept, set(), seed)
        _compare(tally, kept | disk.perhaps_after_a_cut(), kept, refused, seed)
    said = project.standing(document).words
    last = _words(path)
    if open_ and "The disk failed during the decision" in said:
        is_saved = "is saved" in said
        tally.ghosts += not is_saved and bool(open_ & last) and len(open_) == 1
        tally.lost += is_saved and not open_ & last
    _compare(tally, last, kept, refused, seed)
    if store.accept(project, document, 25).seq != len(last) + 1:
        tally.wrong.append(f"seed {seed}: the next decision has another number")
    tally.wrong += [f"seed {seed}: {one.problem}" for one in project.verify() if one.lost]
    tally.trials += 1
    tally.calls += len(disk.made)
    tally.failed += disk.failed
    project.close()
    shutil.rmtree(place)
    return len(disk.made)


def _words(path: Path) -> set[str]:
    return words_of(path.read_bytes()) if path.exists() else set()


def _compare(tally: Tally, there: set[str], kept: set[str], refused: set[str], seed: int) -> None:
    if gone := kept - there:
        tally.lost += len(gone)
        tally.wrong.append(f"seed {seed}: lost {sorted(gone)}")
    if back := refused & there:
        tally.ghosts += len(back)
        tally.wrong.append(f"seed {seed}: refused and there {sorted(back)}")


def prepared(folder: Path, decisions: int) -> Path:
    """A project with so many decisions, to copy for each trial."""
    base = folder / f"base-{decisions}"
    project = store.make(base)
    (document,) = store.ids(project)
    for number in range(decisions):
        store.accept(project, document, number)
    project.close()
    return base


def each_alone_and_in_pairs(base: Path, folder: Path, tally: Tally, step: int = 1) -> None:
    """Let each call of a decision fail, alone and with each one after it, or every `step`-th."""
    first = 0
    while True:
        second, most = first, first + 1
        while second < most:
            pair = {first, second}
            seed = first * 1000 + second
            made = trial(base, folder / f"{seed}", tally, lambda at, _, p=pair: at in p, seed, 1)
            most = made
            second += step
        if first >= most:
            return
        first += step


def at_random(base: Path, folder: Path, tally: Tally, trials: int, seed: int) -> None:
    """Let calls fail with a chance that each trial has anew, over several decisions."""
    for number in range(seed, seed + trials):
        chance = random.Random(number)
        rate = chance.choice((0.01, 0.03, 0.1, 0.3))
        calls = chance.choice((CALLS, ("write", "fsync", "ftruncate")))
        after = chance.choice((0.0, 0.5, 1.0))  # how likely what follows a failure fails as well
        broken = [False]  # whether a write to the disk failed last

        def fails(_: int, name: str, chance: random.Random = chance, rate: float = rate,
                  after: float = after, broken: list[bool] = broken,
                  calls: tuple[str, ...] = calls) -> bool:  # fmt: skip
            wait = name in ("fsync", "ftruncate")
            chances = after if wait and broken[0] else rate
            failed = name in calls and chance.random() < chances
            if wait or name == "write":
                broken[0] = failed
            return failed

        trial(base, folder / f"random-{number}", tally, fails, number, 6)
