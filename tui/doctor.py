"""What works here and what does not: the terminal, the model, the project, its locks."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from annotations.errors import PurportError
from annotations.project import Project
from annotations.storage.lock import exclusive
from tui import config
from tui.commands import commands


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: what, in a word.
        is_well: whether it works.
        words: what was found, and what to do where it does not work.
    """

    about: str
    is_well: bool
    words: str


def examine(opened: Callable[[], AbstractContextManager[Project]]) -> Iterator[Finding]:
    """Look at everything in turn; what fails does not stop the rest."""
    yield _terminal()
    yield _settings()
    try:
        with opened() as project:
            yield Finding("project", not project.readonly, project.readonly or str(project.root))
            yield _keys(project)
            yield _lock(project.root)
            yield from _models(project)
            broken = [f"{one.path}: {one.problem}" for one in project.verify()]
            words = "; ".join(broken[:3]) or "every chain, fold and span holds"
            yield Finding("store", not broken, words)
    except PurportError as error:
        yield Finding("project", False, str(error))


def _terminal() -> Finding:
    size = shutil.get_terminal_size()
    kind = os.environ.get("TERM", "")
    parts = [
        kind or "TERM is not set",
        f"{size.columns} x {size.lines}",
        "NO_COLOR"
        if os.environ.get("NO_COLOR")
        else os.environ.get("COLORTERM", "256 or 16 colours"),
    ]
    if os.environ.get("TMUX"):
        parts.append("tmux")
    if os.environ.get("SSH_CONNECTION"):
        parts.append("over SSH")
    is_well = sys.stdout.isatty() and kind not in ("", "dumb")
    if not sys.stdout.isatty():
        parts.append("standard output is no terminal: the reader cannot open here")
    return Finding("terminal", is_well, ", ".join(parts))


def _settings() -> Finding:
    try:
        settings = config.load()
    except PurportError as error:
        return Finding("settings", False, str(error))
    return Finding(
        "settings", True, settings.where or f"the defaults ({config.path()} is not there)"
    )


def _keys(project: Project) -> Finding:
    try:
        settings = config.load()
        made = commands(project.schema, project.schema.keys, settings.keys)
    except PurportError as error:
        return Finding("keys", False, str(error))
    without = [one.id for one in made if not one.key]
    words = f"{len(list(made)) - len(without)} commands have a key"
    return Finding("keys", True, words + (f"; without: {', '.join(without)}" if without else ""))


def _lock(root: Path) -> Finding:
    """Lock and unlock a file beside the documents, as each write does."""
    try:
        with tempfile.TemporaryFile(dir=root) as file, exclusive(file.fileno(), root, 1.0):
            pass
    except (OSError, PurportError) as error:
        return Finding("locks", False, f"a file in {root} cannot be locked: {error}")
    return Finding("locks", True, "the kernel's, on the project's disk")


def _models(project: Project) -> Iterator[Finding]:
    from annotations.suggest import models
    from annotations.suggest.run import chosen

    try:
        info = chosen(project)
        yield Finding("model", True, f"{info.layer}, from {info.package}")
    except PurportError as error:
        yield Finding("model", False, str(error))
    others = ", ".join(one.package for one in models.installed())
    yield Finding("pipelines", bool(others), others or "none is installed")
