"""What every headless command shares: how it ends, and which project it is about."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import typer
from typer.main import get_command

from annotations.cli import fault, streams
from annotations.cli.streams import (
    complain,
    confirmed,
    has_colour,
    put,
    put_json,
    put_text,
    relate,
    tell,
)
from annotations.errors import PurportError, UnknownError

if TYPE_CHECKING:
    from annotations.project import Project
    from annotations.storage.summary import Damage

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


__all__ = [
    "AnnotatorOption", "DocumentArgument", "JsonOption", "LayerOption", "ProjectOption", "Status",
    "complain", "confirmed", "has_colour", "name_damage", "opened", "project_for", "put", "put_json", "put_text", "relate",
    "run", "tell",
]  # fmt: skip


class Status(IntEnum):
    """How a command ends."""

    DONE = 0
    FELL_SHORT = 1
    WRONG = 2
    FAULT = 70
    INTERRUPTED = 128 + signal.SIGINT
    UNHEARD = 128 + signal.SIGPIPE


def run(app: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit status and raises nothing that a person should see."""
    with streams.guarded():
        try:
            status = _run(app, list(sys.argv[1:] if arguments is None else arguments))
            streams.finish()
        except BrokenPipeError:
            streams.hush()
            return Status.UNHEARD
        except PurportError as error:  # the last lines could not be written
            streams.hush()
            complain(error)
            return Status.WRONG
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
    except BrokenPipeError:
        raise
    except PurportError as error:
        complain(error)
        return Status.WRONG
    except _WrongUse as error:
        words = getattr(error, "format_message", error.__str__)()
        complain(f"{words.rstrip('.')}. See purport --help.")
        return Status.WRONG
    except Exception as error:  # whatever it is, a person gets one line and a status
        if os.environ.get(fault.SHOWN_BY):
            for words in fault.trace(error).split("\n"):
                tell(words)
        complain(fault.keep(error))
        return Status.FAULT
    return Status.DONE


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
    from annotations.project import DEFAULT_FOLDER, Project

    if project is not None:
        made = Project.create if create else Project.open
        return made(Project.named(project), annotator=annotator)
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


_NAMED: Final = 20
"""Damaged files that are named one by one; `purport verify` names them all."""


def name_damage(damage: Iterable[str | Damage]) -> None:
    """Name what could not be read, once each; what is sound was printed before.

    Raises:
        typer.Exit: there is something, and the command ends with status 2.
    """
    words = list(dict.fromkeys(one if isinstance(one, str) else one.problem for one in damage))
    for one in words[:_NAMED]:
        complain(one)
    if len(words) > _NAMED:
        tell(f"{len(words) - _NAMED:,} more cannot be read; purport verify names them all.")
    if words:
        raise typer.Exit(Status.WRONG)


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
