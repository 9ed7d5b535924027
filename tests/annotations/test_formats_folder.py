"""What of a folder is read: regular files below it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from annotations.errors import InputError
from annotations.formats.reading.folder import files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "corpus"
    (made / "b").mkdir(parents=True)
    (made / ".hidden").mkdir()
    for name in ("z.txt", "a.ann", "b/c.txt", ".d.txt", ".hidden/e.txt"):
        (made / name).write_text(name)
    (tmp_path / "outside.txt").write_text("of nobody's business")
    return made


def names(folder: Path, pattern: str = "*") -> list[str]:
    return [str(one.relative_to(folder)) for one in files(folder, pattern)]


def test_files_stand_in_the_order_of_their_paths_and_hidden_ones_are_left_out(folder: Path) -> None:
    assert names(folder) == ["a.ann", "b/c.txt", "z.txt"]
    assert names(folder, "*.txt") == ["b/c.txt", "z.txt"]
    assert names(folder, "b/*.txt") == ["b/c.txt"]


def test_pipes_are_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    assert "pipe.txt" not in names(folder, "*.txt")


def test_a_link_inside_the_folder_is_read(folder: Path) -> None:
    (folder / "link.txt").symlink_to("b/c.txt")
    assert "link.txt" in names(folder, "*.txt")


def test_a_linked_folder_inside_is_read_once(folder: Path) -> None:
    (folder / "again").symlink_to("b")
    (folder / "b" / "up").symlink_to("..")  # which has no end
    assert names(folder) == ["a.ann", "b/c.txt", "z.txt"]


@pytest.mark.parametrize("target", ["../outside.txt", "/dev/null", "../..", "/dev", "nowhere.txt"])
def test_a_link_that_leads_out_or_to_nothing_is_named(folder: Path, target: str) -> None:
    (folder / "bad.txt").symlink_to(target)
    with pytest.raises(InputError, match=r"bad\.txt: a link") as error:
        names(folder, "*.txt")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("target", ["../outside.txt", "nowhere.txt"])
def test_a_link_that_is_not_asked_for_is_passed_over(folder: Path, target: str) -> None:
    (folder / "other.bin").symlink_to(target)
    assert names(folder, "*.txt") == ["b/c.txt", "z.txt"]


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "there").symlink_to(folder)
    assert names(tmp_path / "there", "*.ann") == ["a.ann"]
