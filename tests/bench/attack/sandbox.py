"""A folder in which one attack runs: a victim's home, and one version of the program."""

from __future__ import annotations

import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

TESTS: Final = Path(__file__).parents[2]
sys.path.append(str(TESTS))

from terminal import Terminal  # noqa: E402

HANG: Final = 20.0
"""Seconds after which a command counts as hanging."""
MEMORY: Final = 6 << 30
"""Bytes of address space that a program may take, so that no attack takes the machine."""
_SCRIPT: Final = (
    "import sys\nfrom tui.__main__ import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attack came to.

    Attributes:
        harm: whether it did what it was made for; None where it could not be tried.
        words: what the victim or the attacker got.
    """

    harm: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack: its item, what is tried, and the function that runs it in a sandbox."""

    item: str
    tried: str
    run: Callable[[Sandbox], Outcome]


ATTACKS: Final[list[Attack]] = []


def attack(item: str, tried: str) -> Callable[[Callable[[Sandbox], Outcome]], Any]:
    """Register a function as an attack."""

    def register(run: Callable[[Sandbox], Outcome]) -> Callable[[Sandbox], Outcome]:
        ATTACKS.append(Attack(item, tried, run))
        return run

    return register


def attacks(item: str, tried: str, rows: Mapping[str, Any]) -> Callable[[Callable[..., Any]], Any]:
    """Register a function as one attack for each row; it gets the row's value."""

    def register(run: Callable[..., Outcome]) -> Callable[..., Outcome]:
        for name, value in rows.items():
            ATTACKS.append(Attack(item, tried.format(name), partial(_with_row, run, value)))
        return run

    return register


def _with_row(run: Callable[..., Outcome], value: Any, box: Sandbox) -> Outcome:
    return run(box, value)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended.

    Attributes:
        status: the exit status; negative for a signal.
        out: standard output.
        err: standard error.
        seconds: how long it took.
        megabytes: the most memory it held.
        hung: whether it had to be killed after the time given.
    """

    status: int
    out: bytes
    err: bytes
    seconds: float
    megabytes: int
    hung: bool

    @property
    def traceback(self) -> bool:
        """Whether the person saw a traceback."""
        return b"Traceback (most recent call last)" in self.err

    @property
    def both(self) -> bytes:
        """All that was printed."""
        return self.out + self.err

    @property
    def text(self) -> str:
        """All that was printed, as text."""
        return self.both.decode("utf-8", "replace")

    @property
    def fault(self) -> str:
        """`traceback`, `hang`, `signal N` or nothing."""
        if self.hung:
            return f"hang ({self.seconds:.0f} s)"
        if self.traceback:
            return f"traceback ({self.err.decode(errors='replace').strip().splitlines()[-1][:60]})"
        if self.status < 0:
            return f"signal {-self.status}"
        return ""

    @property
    def line(self) -> str:
        """The last line that was printed, for the table."""
        lines = self.text.strip().splitlines()
        return f"exit {self.status}: {lines[-1] if lines else 'nothing printed'}"


class Sandbox:
    """One version of the program in a folder of its own.

    Attributes:
        folder: the folder; nothing outside it is written.
        home: the victim's home in it.
        tree: the source tree of the version.
    """

    def __init__(self, folder: Path, tree: Path) -> None:
        self.folder, self.tree = folder, tree
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.script = folder / "bin" / "purport"
        self.script.parent.mkdir()
        self.script.write_text(f"#!{sys.executable}\n{_SCRIPT}", encoding="utf-8")
        self.script.chmod(0o755)

    # The victim

    def env(self, **more: str | None) -> dict[str, str]:
        """The environment: nothing of the person who runs the bench is in it."""
        made: dict[str, str | None] = {
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "LOGNAME": "anna",
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "PYTHONPATH": str(self.tree),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TERM": "xterm-256color",
            "TMPDIR": str(self._folder("tmp")),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "COLUMNS": "80",
            "LINES": "24",
        }
        for kind in ("cache", "config", "data", "state"):
            made[f"XDG_{kind.upper()}_HOME"] = str(self.home / f".{kind}")
        made |= more
        return {name: value for name, value in made.items() if value is not None}

    def _folder(self, name: str) -> Path:
        made = self.folder / name
        made.mkdir(exist_ok=True)
        return made

    def forget(self) -> None:
        """Empty the victim's cache, as in a fresh clone."""
        shutil.rmtree(self.home / ".cache", ignore_errors=True)

    # Running

    def run(
        self,
        *arguments: str | Path,
        project: Path | None = None,
        cwd: Path | None = None,
        timeout: float = HANG,
        stdout: Any = None,
        wrap: Sequence[str] = (),
        python: str = "",
        closed: Sequence[int] = (),
        memory: int = MEMORY,
        stdin: bytes = b"",
        **env: str | None,
    ) -> Ran:
        """Run `purport` (or a line of Python under the same version) to its end or the timeout."""
        command = [*wrap, sys.executable]
        command += ["-P", "-c", python] if python else [str(self.script)]
        command += [str(one) for one in arguments]
        if project is not None:
            command += ["--project", str(project)]
        out, err = self._folder("tmp") / _unique("out"), self._folder("tmp") / _unique("err")
        with out.open("wb") as first, err.open("wb") as second:
            begun = time.monotonic()
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=first if stdout is None else stdout,
                stderr=second,
                env=self.env(**env),
                cwd=cwd or self.home,
                start_new_session=True,
                preexec_fn=partial(_limits, memory, tuple(closed)),
            )
            assert process.stdin is not None
            try:
                process.stdin.write(stdin)
                process.stdin.close()
            except BrokenPipeError:
                pass
            status, usage, hung = _wait(process.pid, timeout)
            process.returncode = status
        ran = Ran(
            status,
            out.read_bytes(),
            err.read_bytes(),
            time.monotonic() - begun,
            usage.ru_maxrss // 1024,
            hung,
        )
        out.unlink()
        err.unlink()
        return ran

    def reader(
        self,
        *arguments: str | Path,
        project: Path | None = None,
        cwd: Path | None = None,
        size: tuple[int, int] = (80, 24),
        suggest: bool = False,
        memory: int = MEMORY,
        command: str = "read",
        annotator: str = "anna",
        **env: str | None,
    ) -> Reader:
        """The reader in a pseudo-terminal."""
        words = ["prlimit", f"--as={memory}"] if shutil.which("prlimit") else []
        words += [sys.executable, str(self.script), command]
        words += ["--no-suggest"] if command == "read" and not suggest else []
        words += [str(one) for one in arguments]
        words += ["--project", str(project)] if project is not None else []
        words += ["--annotator", annotator]
        own: dict[str, str | None] = dict.fromkeys(os.environ, None) | self.env(**env)
        own |= {"COLUMNS": None, "LINES": None, "COLORTERM": "truecolor"}
        return Reader(words, size=size, env=own, cwd=cwd or self.home)

    def build(self, code: str, *arguments: str | Path) -> Any:
        """Run Python under this version, to make honest files; returns the JSON that it prints.

        Raises:
            RuntimeError: it failed.
        """
        ran = self.run(*arguments, python=code, timeout=120)
        if ran.status:
            raise RuntimeError(ran.text)
        return json.loads(ran.out) if ran.out.strip() else None


class Reader(Terminal):
    """A running reader, with all its bytes kept."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.recording = True

    def sees(self, words: str, timeout: float = HANG) -> bool:
        """Whether this is on the screen within the time."""
        try:
            self.wait_for(words, timeout)
        except TimeoutError:
            return False
        return True

    def idle(self, seconds: float = 0.4, timeout: float = HANG) -> None:
        """Take in what comes until nothing comes for a while."""
        self.settle(seconds, timeout)

    def ends(self, timeout: float = 10.0) -> int | None:
        """The exit status, or None where the program goes on after the time."""
        try:
            return self.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    @property
    def crash(self) -> str:
        """The line of a crash that is on the screen or in what was written; else nothing."""
        shown = self.log.decode("utf-8", "replace")
        for words in ("Traceback", "stopped by its own fault", "stopped by a fault"):
            if words in shown:
                return words
        return ""

    def quits(self, timeout: float = 10.0) -> str:
        """Press q; nothing where the program ends well, else what happened instead."""
        try:
            self.send("escape")
            self.idle(0.2, 3)
            self.send("q")
        except OSError:
            pass
        status = self.ends(timeout)
        if self.crash:
            return f"crash ({self.crash})"
        return "q does nothing" if status is None else "" if status == 0 else f"exit {status}"

    @property
    def peak(self) -> int:
        """The most megabytes that the program held so far; 0 where it has ended."""
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
            return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))
        return 0

    def close(self) -> None:
        """End the whole session: a model may run in a process of its own."""
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        super().close()


def _limits(memory: int, closed: tuple[int, ...]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in closed:
        os.close(number)


def _wait(pid: int, timeout: float) -> tuple[int, resource.struct_rusage, bool]:
    descriptor = os.pidfd_open(pid)
    try:
        hung = not select.select([descriptor], [], [], timeout)[0]
    finally:
        os.close(descriptor)
    if hung:
        os.killpg(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage, hung


_COUNT = iter(range(1 << 30))


def _unique(name: str) -> str:
    return f"{name}-{next(_COUNT)}"


def raw(data: bytes, *, colours: bool = False) -> list[str]:
    """The characters in an output that command or deceive a terminal, sorted, by code point."""
    text = data.decode("utf-8", "replace")
    if colours:
        import re

        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return sorted({f"U+{ord(one):04X}" for one in text if is_hostile(one)})


def is_hostile(letter: str) -> bool:
    """Whether a character commands a terminal or hides what a person reads."""
    code = ord(letter)
    return (
        (code < 0x20 and letter not in "\n\t")
        or 0x7F <= code < 0xA0
        or code in (0x61C, 0x200B, 0x200E, 0x200F, 0xFEFF, 0xAD)
        or 0x2060 <= code <= 0x2064
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or 0xFFF9 <= code <= 0xFFFB
        or 0xE0000 <= code <= 0xE007F
    )


HOSTILE: Final = "h\x1b]52;c;UFdO\x07\x1b[31m\x9b31m\x85\x7f\x08\r\u202e\u2066\u061c\u200ft"
"""What a hostile field holds: commands in ESC, C0, C1 and DEL, and marks that turn the line."""
