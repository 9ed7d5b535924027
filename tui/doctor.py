"""What works here and what does not: the terminal, the model, the project, its locks."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from annotations import custody, messages
from annotations.errors import PurportError
from annotations.project import Project
from annotations.storage import lock, mount
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


def examine(
    opened: Callable[[], AbstractContextManager[Project]], document: str | None = None
) -> Iterator[Finding]:
    """Look at everything in turn; what fails does not stop the rest.

    Args:
        opened: opens the project.
        document: look into this one alone; all of them by default.
    """
    yield _terminal()
    yield _settings()
    try:
        with opened() as project:
            yield Finding("project", not project.readonly, project.readonly or str(project.root))
            yield _keys(project)
            yield _lock(project.root)
            yield _disk(project.root)
            yield from _models(project)
            yield from _store(project, document)
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
    """Lock a file beside the documents, as each write does, and try it from another process."""
    try:
        is_well = lock.works(root)
    except (OSError, PurportError) as error:
        return Finding("locks", False, f"a file in {root} cannot be locked: {error}")
    if not is_well:
        return Finding("locks", False, messages.NO_LOCKS.format(folder=root))
    return Finding("locks", True, "the kernel's, on the project's disk; they keep others out")


def _disk(root: Path) -> Finding:
    """Whether what is written there stays is this machine's affair."""
    kind = mount.network(root)
    if kind:
        return Finding("disk", False, messages.NETWORK.format(folder=root, kind=kind))
    return Finding("disk", True, mount.kind(root) or "the system does not tell its kind")


def _store(project: Project, document: str | None) -> Iterator[Finding]:
    wanted = project.resolve(document) if document else None
    broken = list(project.verify(wanted))
    words = "; ".join(f"{one.path}: {one.problem}" for one in broken[:3])
    yield Finding("store", not broken, words or "every chain, fold and span holds")
    for one in list(dict.fromkeys(one.document for one in broken))[:3]:
        if hint := project.standing(one).words:
            yield Finding("document", False, hint.replace("doctor DOC", f"doctor {one}"))


def mended(
    project: Project, reference: str, layer: str | None, *, salvage: str | None, adopting: bool
) -> str:
    """Mend one document in the way that a person asked for, and say what was done.

    Raises:
        PurportError: nothing was changed, for the reason it says.
    """
    one = project.resolve(reference)
    if salvage:
        source = layer or project.annotator
        count = custody.salvage(project, one, source, salvage)
        return (
            f"{one}: {count} good decisions of {source} are in the layer {salvage}; "
            f"{source}.log is as it was. Go on with: purport --annotator {salvage}"
        )
    if adopting:
        made = custody.adopt(project, one)
        return (
            f"{one}: adopted as decision {made.seq}, {len(made.changes)} records; u takes it back"
        )
    return f"{one}: made anew from the journal; {custody.discard(project, one)} edits are dropped"


def joined(project: Project, reference: str | None, layer: str | None) -> Iterator[str]:
    """Join a journal that went on in two ways, or all of the annotator's, and say what was done.

    Raises:
        PurportError: nothing was changed in the document that it names.
    """
    name = layer or project.annotator
    wanted = [project.resolve(reference)] if reference else custody.forked(project, name)
    if not wanted:
        yield f"No journal of {name} went on in two ways; there is nothing to join."
    for one in wanted:
        result = custody.join(project, one, name)
        added = messages.counted(result.added, "decision")
        yield (
            f"{one}: {name}'s {result.kept} decisions of the first side are as they were, and "
            f"{added} of the other side {'follows' if result.added == 1 else 'follow'} them; "
            f"{result.copy} has the file as it was"
        )
        yield from (f"{one}: {words}" for words in result.notes)


_SUMS: Final = {
    "known": "its files have the SHA-256 of those that purport was released with",
    "unknown": "not a package whose files purport knows; it is used as it is installed",
    "path": "a folder that you trust, not an installed package",
}


def _models(project: Project) -> Iterator[Finding]:
    from annotations.suggest import model_sums, models
    from annotations.suggest.run import chosen

    try:
        info = chosen(project)
        words = f"{info.layer}, from {info.package}"
        yield Finding("model", True, f"{words}; {_SUMS[model_sums.check(info)]}")
    except PurportError as error:
        yield Finding("model", False, str(error))
    others = ", ".join(one.package for one in models.installed())
    yield Finding("pipelines", bool(others), others or "none is installed")
