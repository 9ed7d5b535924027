"""The real reader on a document with links and pipes where its files belong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import hostile
import pytest
import scenes
import store
from driver import reading

from annotations.project import Project
from tui.screens.help import HelpScreen


def place(project: Project, name: str) -> Path:
    document = project.document(scenes.SUMMIT).id
    return store.folder(project, document) / name


@pytest.mark.parametrize("kind", [hostile.link, hostile.broken_link, hostile.pipe])
@pytest.mark.parametrize(
    "name", ["{annotator}.log", "{annotator}.json", "text.txt", "document.json"]
)
async def test_an_unsafe_file_ends_neither_the_reader_nor_its_keys(
    project: Project, name: str, kind: Callable[[Path], None]
) -> None:
    path = place(project, name.format(annotator=project.annotator))
    kind(path)
    with hostile.within(30):
        async with reading(project) as reader:
            await reader.press("a", "n", "p", "a", "escape", "?")
            await reader.until(lambda: isinstance(reader.pilot.app.screen, HelpScreen))
    assert path.is_symlink() or path.is_fifo()


async def test_accepting_appends_nothing_to_a_file_of_the_persons_own(
    project: Project, tmp_path: Path
) -> None:
    own = tmp_path / ".bashrc"
    own.write_bytes(b"alias ls='ls -F'\n")
    journal = place(project, f"{project.annotator}.log")
    journal.write_bytes(b"touch ~/PWNED # not json")
    journal.with_name(f"{journal.name}.torn").symlink_to(own)
    async with reading(project) as reader:
        await reader.press("a")
        await reader.until(lambda: bool(reader.journal()))
    assert own.read_bytes() == b"alias ls='ls -F'\n"
