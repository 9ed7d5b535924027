"""What every headless command shares: where lines go, how it ends, which project it is about."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TextIO, cast

import typer
from typer.main import get_command

from annotations.errors import PurportError, UnknownError
from annotations.marked import line

if TYPE_CHECKING:
    from annotations.project import Project

# typer brings its own copy of click, older ones used the real one: this is the ancestor in both.
_WrongUse: Final = cast(type[Exception], typer.BadParameter.__mro__[2])

PROJECT_HELP: Final = "The project's folder; else the nearest purport.toml upward."
ANNOTATOR_HELP: Final = "Who decides; else the system user's name."
ProjectOption = Annotated[Path | None, typer.Option("--project", metavar="DIR", help=PROJECT_HELP)]
AnnotatorOption = Annotated[
    str | None, typer.Option("--annotator", metavar="NAME", help=ANNOTATOR_HELP)
]
DocumentArgument = Annotated[
    str, typer.Argument(metavar="DOC", help="An id, the start of one, or a title.")
]
LayerOption = Annotated[
    str | None, typer.Option("--layer", metavar="L", help="A person's name, or a model's layer.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs.")]


class Status(IntEnum):
    """How a command ends."""

    DONE = 0
    FELL_SHORT = 1
    WRONG = 2
    INTERRUPTED = 128 + signal.SIGINT
    UNHEARD = 128 + signal.SIGPIPE


def put(words: str = "") -> None:
    """A line of data, to standard output."""
    sys.stdout.write(f"{words}\n")


def tell(words: str) -> None:
    """A line for the person, to standard error."""
    print(words, file=sys.stderr)


def complain(error: object) -> None:
    """What went wrong, on one line of standard error."""
    tell(f"purport: {' '.join(str(error).split())}")


def relate(said: Iterable[object]) -> None:
    """What became of decisions, a line each; notes as what `complain` says."""
    for one in said:
        if isinstance(one, str):
            tell(line(one))
        else:
            complain(one)


def confirmed(question: str) -> bool:
    """Whether a person at the terminal answers yes; no, where nobody can be asked."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    tell(f"{line(question)} Type y for yes, then Enter:")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def has_colour(stream: TextIO) -> bool:
    """Whether colours may be sent: to a terminal, unless `NO_COLOR` is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def run(app: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit status and raises nothing that a person should see."""
    for stream in (sys.stdout, sys.stderr):
        if (change := getattr(stream, "reconfigure", None)) is not None:
            change(
                errors="backslashreplace"
            )  # a terminal that lacks a character loses nothing else
    try:
        status = _run(app, list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        _hush()
        return Status.UNHEARD
    return status


def _run(app: typer.Typer, arguments: list[str]) -> int:
    try:
        command: Any = get_command(app)
        with command.make_context("purport", arguments) as context:
            command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    except (KeyboardInterrupt, typer.Abort) as stopped:
        complain(str(stopped) or "interrupted")
        return Status.INTERRUPTED
    except PurportError as error:
        complain(error)
        return Status.WRONG
    except _WrongUse as error:
        words = getattr(error, "format_message", error.__str__)()
        complain(f"{words.rstrip('.')}. See purport --help.")
        return Status.WRONG
    return Status.DONE


def _hush() -> None:
    """Let the interpreter flush what is left to nowhere, so that it says nothing at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def project_for(
    paths: Iterable[str | Path] = (),
    project: Path | None = None,
    annotator: str | None = None,
    *,
    create: bool = False,
) -> Project:
    """The project that a command line means.

    That is the folder given; else the nearest `purport.toml` upward from the folder opened, else
    `.purport/` in it. The folder opened is the first path, if it is a folder; the file's, if one
    file is given; else the current one.

    Raises:
        UnknownError: there is none, and `create` is not set.
        InputError, SchemaError, StorageError: it cannot be opened or made.
    """
    from annotations.project import DEFAULT_FOLDER, MARKER, Project

    if project is not None:
        hidden = project / DEFAULT_FOLDER
        if not (project / MARKER).exists() and (hidden / MARKER).exists():
            project = hidden
        made = Project.create if create else Project.open
        return made(project, annotator=annotator)
    start = _folder_opened([Path(path) for path in paths])
    found = Project.find(start)
    if found is not None:
        return Project.open(found, annotator=annotator)
    if not create:
        raise UnknownError(
            f"There is no project in {start} or above it. Make one: purport add PATH; "
            "or name one: --project DIR."
        )
    return Project.create(start / DEFAULT_FOLDER, annotator=annotator)


def _folder_opened(paths: list[Path]) -> Path:
    here = Path.cwd()
    if paths and paths[0].is_dir():
        return paths[0].resolve()
    if len(paths) == 1 and paths[0].is_file():
        return paths[0].resolve().parent
    return here


@contextmanager
def opened(
    context: typer.Context,
    project: Path | None,
    annotator: str | None,
    paths: list[str] | None = None,
    *,
    create: bool = False,
) -> Iterator[Project]:
    """The project of this command line; what stands behind the command's name comes first."""
    outer_project, outer_annotator = context.obj or (None, None)
    with closing(
        project_for(
            paths or (), project or outer_project, annotator or outer_annotator, create=create
        )
    ) as found:
        yield found
