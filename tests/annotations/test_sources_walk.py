from __future__ import annotations

from pathlib import Path

import pytest

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources import Note, read

NAMES = ["b/deep/x.md", "a.txt", "b.txt", "b/y.TXT", "c/.hidden/z.txt", ".purport/t.txt", ".h.txt"]


def fill(folder: Path, names: list[str]) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Text of {name}.", encoding="utf-8")


def sources_of(folder: Path) -> list[str]:
    found = [one for one in read([folder]) if isinstance(one, Document)]
    return [str(Path(one.source).relative_to(folder)) for one in found]


def test_a_folder_gives_its_files_sorted_and_nothing_hidden(tmp_path: Path) -> None:
    fill(tmp_path, NAMES)
    assert sources_of(tmp_path) == ["a.txt", "b/deep/x.md", "b/y.TXT", "b.txt"]


def test_the_source_is_the_path_as_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, ["in/a.txt"])
    monkeypatch.chdir(tmp_path)
    assert [one.source for one in read(["in"]) if isinstance(one, Document)] == ["in/a.txt"]
    assert [one.source for one in read(["in/a.txt"]) if isinstance(one, Document)] == ["in/a.txt"]


def test_a_hidden_folder_that_is_named_is_read(tmp_path: Path) -> None:
    fill(tmp_path, [".kept/a.txt"])
    assert sources_of(tmp_path / ".kept") == ["a.txt"]


def test_files_of_other_kinds_are_counted_not_tried(tmp_path: Path) -> None:
    fill(tmp_path, ["a.txt", "a.odt", "b/c.png", "x.card.md"])
    *_, note = read([tmp_path])
    assert isinstance(note, Note)
    assert str(note) == (
        f"{tmp_path}: 3 files of other kinds were left out; a folder gives .docx, .htm, "
        ".html, .jsonl, .md, .pdf, .txt."
    )
    (tmp_path / "a.odt").unlink()
    (tmp_path / "x.card.md").unlink()
    *_, note = read([tmp_path])
    assert "1 file of another kind was left out" in str(note)


def test_a_folder_with_nothing_in_it_says_so(tmp_path: Path) -> None:
    [note] = read([tmp_path])
    assert isinstance(note, Note) and "nothing to read in it" in str(note)


def test_links_that_go_in_circles_end_and_a_folder_is_entered_once(tmp_path: Path) -> None:
    fill(tmp_path, ["a/x.txt"])
    (tmp_path / "a/up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "a")
    assert sources_of(tmp_path) == ["a/x.txt"]


def test_a_link_out_of_the_folder_is_left_out_and_named(tmp_path: Path) -> None:
    fill(tmp_path, ["out/x.txt", "in/a.txt", "in/b/c.txt"])
    (tmp_path / "in/folder").symlink_to(tmp_path / "out")
    (tmp_path / "in/secret.txt").symlink_to("../out/x.txt")
    (tmp_path / "in/inside.txt").symlink_to("b/c.txt")
    outcomes = list(read([tmp_path / "in"]))
    sources = [Path(one.source).name for one in outcomes if isinstance(one, Document)]
    assert sources == ["a.txt", "c.txt", "inside.txt"]
    notes = [str(one) for one in outcomes if isinstance(one, Note)]
    assert [note.partition(":")[0] for note in notes] == [
        str(tmp_path / "in/folder"),
        str(tmp_path / "in/secret.txt"),
    ]
    assert all("leads out of the folder" in note for note in notes)


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    fill(tmp_path, ["out/x.txt"])
    (tmp_path / "link").symlink_to("out")
    assert sources_of(tmp_path / "link") == ["x.txt"]


def test_a_broken_link_is_refused_and_the_rest_go_in(tmp_path: Path) -> None:
    fill(tmp_path, ["z.txt"])
    (tmp_path / "a.txt").symlink_to("nowhere")
    refused, document = read([tmp_path])
    assert isinstance(refused, SourceError) and "is not there" in str(refused)
    assert isinstance(document, Document)


def test_a_folder_that_cannot_be_listed_is_refused_and_the_rest_go_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, ["a/x.txt", "b/y.txt"])
    listed = Path.iterdir

    def refuse(path: Path) -> object:
        if path.name == "a":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    refused, document = read([tmp_path])
    assert str(refused) == (
        f"{tmp_path}/a: cannot be listed (Permission denied). Check its permissions."
    )
    assert isinstance(document, Document) and document.source.endswith("b/y.txt")


def test_the_texts_that_a_project_keeps_are_not_its_sources(tmp_path: Path) -> None:
    fill(tmp_path, ["purport.toml", "documents/ab/text.txt", "in/documents/a.txt"])
    assert sources_of(tmp_path) == ["in/documents/a.txt"]


def test_a_folder_deeper_than_calls_may_nest_is_walked_to_its_end(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(1200):
        deep /= "d"
        deep.mkdir()
    (deep / "x.txt").write_text("Deep.", encoding="utf-8")
    try:
        assert sources_of(tmp_path) == ["d/" * 1200 + "x.txt"]
    finally:
        # `shutil.rmtree` recurses, so that nobody else could take this down.
        (deep / "x.txt").unlink()
        while deep != tmp_path:
            deep.rmdir()
            deep = deep.parent
