"""An export replaces what an earlier one wrote, as its card says, and nothing that is anybody else's."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from labelled import example
from store import contents

from annotations.errors import DiskError, InputError
from annotations.formats import jsonl, spacy_docbin
from annotations.formats.documents import Labelled
from annotations.formats.export import export
from annotations.formats.writing import sums
from annotations.records import Document
from annotations.text import Text

SPLIT = "train=0.6,dev=0.2,test=0.2"


def given(number: int) -> Labelled:
    return Labelled(Document(Text(f"Report {number}."), f"report {number}"), "anna", True)


def some(first: int = 0, last: int = 10) -> list[Labelled]:
    return [given(number) for number in range(first, last)]


def refused(many: Iterable[Labelled], out: Path, name: str, **options: object) -> str:
    """What an export is refused with; it must leave all as it was."""
    root = out if out.is_dir() else out.parent
    before = contents(root)
    with pytest.raises(InputError) as caught:
        export(many, out, name, **options)  # type: ignore[arg-type]
    assert contents(root) == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "out", "mine"),
    [
        ("jsonl", "source.jsonl", "source.jsonl"),
        ("csv", "budget.csv", "budget.csv"),
        ("jsonl", "x.jsonl", "x.card.md"),
        ("labelstudio", "l.json", "l.config.xml"),
        ("labelstudio", "l.json", "l.card.md"),
    ],
)
def test_a_persons_own_file_is_not_replaced(tmp_path: Path, name: str, out: str, mine: str) -> None:
    (tmp_path / mine).write_text("mine")
    words = refused(some(), tmp_path / out, name)
    assert str(tmp_path / mine) in words
    assert "Name another place" in words
    assert ("--force" in words) == (mine == out)


@pytest.mark.parametrize("mine", ["card.md", "dev.jsonl"])
def test_a_persons_own_file_in_the_folder_of_a_split_is_not_replaced(
    tmp_path: Path, mine: str
) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / mine).write_text("mine")
    for force in (False, True):
        words = refused(some(), tmp_path / "s", "jsonl", split=SPLIT, force=force)
        assert str(tmp_path / "s" / mine) in words
        assert "--force" not in words


def test_an_export_that_is_as_it_was_is_replaced_with_its_card(tmp_path: Path) -> None:
    out = tmp_path / "x.json"
    export(some(0, 3), out, "labelstudio")
    assert set(contents(tmp_path)) == {"x.json", "x.config.xml", "x.card.md"}
    export(some(3, 9), out, "labelstudio")
    assert set(contents(tmp_path)) == {"x.json", "x.config.xml", "x.card.md"}
    assert "| x | 6 |" in (tmp_path / "x.card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["x.json", "x.config.xml", "x.card.md"])
def test_what_was_changed_since_is_replaced_on_request_alone(tmp_path: Path, name: str) -> None:
    out = tmp_path / "x.json"
    export(some(), out, "labelstudio")
    with (tmp_path / name).open("a") as file:
        file.write("mine")
    words = refused(some(), out, "labelstudio")
    assert f"{tmp_path / name} was changed since purport wrote it" in words
    assert "give --force" in words
    export(some(), out, "labelstudio", force=True)
    export(some(), out, "labelstudio")


def test_a_file_that_no_card_knows_is_replaced_on_request_and_its_neighbours_never(
    tmp_path: Path,
) -> None:
    out = tmp_path / "x.json"
    out.write_text("mine")
    (tmp_path / "x.config.xml").write_text("mine")
    assert "x.config.xml" in refused(some(), out, "labelstudio", force=True)
    (tmp_path / "x.config.xml").unlink()
    export(some(), out, "labelstudio", force=True)
    assert "mine" not in out.read_text()


def test_two_exports_of_one_stem_have_a_card_each(tmp_path: Path) -> None:
    export(some(), tmp_path / "x.jsonl", "jsonl")
    export(some(), tmp_path / "x.conll", "conll")
    export(some(), tmp_path / "x.jsonl", "jsonl")
    export(some(), tmp_path / "x.conll", "conll")
    assert set(contents(tmp_path)) == {"x.jsonl", "x.card.md", "x.conll", "x.conll.card.md"}


def test_two_datasets_of_a_folder_have_a_card_each(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    for _ in range(2):
        export(some(), tmp_path / "a.parquet", "huggingface")
        report = export(some(), tmp_path / "b.parquet", "huggingface")
        assert "README.md was left alone" in report.notes[0]
    assert set(contents(tmp_path)) == {"README.md", "a.parquet", "b.parquet", "b.card.md"}


def test_a_split_of_a_dataset_leaves_the_dataset_beside_it(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    export(some(), tmp_path / "a.parquet", "huggingface")
    export(some(), tmp_path, "huggingface", split=SPLIT)
    assert {"README.md", "a.parquet", "card.md", "test.parquet"} <= set(contents(tmp_path))


def test_a_folder_that_is_an_export_keeps_what_was_put_there(tmp_path: Path) -> None:
    out = tmp_path / "b"
    export([example()], out, "brat")
    notes = next(out.glob("*.ann"))
    whole = notes.read_bytes()
    notes.write_bytes(whole + b"T9\tORG 0 5\tSwiss\n")
    assert str(notes) in refused([example()], out, "brat")
    notes.write_bytes(whole)
    (out / "my-notes.txt").write_text("mine")
    assert str(out / "my-notes.txt") in refused([example()], out, "brat")
    (out / "my-notes.txt").unlink()
    (out / "sub").mkdir()
    assert str(out / "sub") in refused([example()], out, "brat")
    assert (out / "sub").is_dir()
    (out / "sub").rmdir()
    export([example()], out, "brat")
    with (out / "card.md").open("a") as card:
        card.write("mine")
    assert str(out / "card.md") in refused([example()], out, "brat")
    export([example()], out, "brat", force=True)
    export(some(), out, "brat")
    assert len(list(out.glob("*.ann"))) == 10


def test_a_folder_that_is_no_export_stays_even_on_request(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "my-notes.txt").write_text("mine")
    words = refused([example()], tmp_path / "b", "brat", force=True)
    assert "holds other files" in words
    assert "--force" not in words


def test_an_export_of_another_kind_is_not_replaced(tmp_path: Path) -> None:
    export(some(), tmp_path / "b", "brat")
    assert "another export" in refused(some(), tmp_path / "b", "jsonl", split=SPLIT)
    export(some(), tmp_path / "s", "jsonl", split=SPLIT)
    assert "another export" in refused(some(), tmp_path / "s", "brat", force=True)


def test_no_part_of_an_earlier_split_stays_beside_the_new_ones(tmp_path: Path) -> None:
    export(some(), tmp_path, "spacy", split=SPLIT, seed=7)
    (tmp_path / "notes.txt").write_text("mine")
    report = export(some(), tmp_path, "spacy", split="train=0.8,dev=0.2", seed=8)
    assert set(contents(tmp_path)) == {"train.spacy", "dev.spacy", "card.md", "notes.txt"}
    assert f"{tmp_path / 'test.spacy'}: removed; it was of the export before" in report.notes
    export(some(), tmp_path, "jsonl", split="train=0.8,dev=0.2", seed=8)
    assert set(contents(tmp_path)) == {"train.jsonl", "dev.jsonl", "card.md", "notes.txt"}


def test_a_part_that_was_changed_since_is_not_removed(tmp_path: Path) -> None:
    export(some(), tmp_path, "jsonl", split=SPLIT)
    (tmp_path / "test.jsonl").write_text("mine")
    for force in (False, True):
        words = refused(some(), tmp_path, "jsonl", split="train=0.8,dev=0.2", force=force)
        assert f"{tmp_path / 'test.jsonl'} was changed since" in words


def test_a_card_vouches_for_nothing_elsewhere(tmp_path: Path) -> None:
    """A card may come from anywhere; what it lists is looked for beside it alone."""
    out = tmp_path / "s"
    export(some(), out, "jsonl", split=SPLIT)
    (tmp_path / "mine.txt").write_text("mine")
    card = out / "card.md"
    line = sums.row(sums.of(tmp_path / "mine.txt"), "../mine.txt")
    card.write_text(card.read_text().replace("```text", f"```text\n{line}"))
    export(some(), out, "jsonl", split="train=0.8,dev=0.2", force=True)
    assert (tmp_path / "mine.txt").exists()
    assert not (out / "test.jsonl").exists()


def test_a_folder_of_portions_is_known_by_its_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "train.spacy"
    many = [example(f"Karin Keller said no deal is near in Geneva, {n} times.") for n in range(7)]
    with monkeypatch.context() as patch:
        patch.setattr(spacy_docbin, "PORTION", 25)
        export(many, out, "spacy")
        export(many, out, "spacy")
        (out / "notes.txt").write_text("mine")
        assert "was changed since" in refused(many, out, "spacy")
        (out / "notes.txt").unlink()
    export(many, out, "spacy")
    assert out.is_file()


def test_devices_pipes_and_sockets_are_no_places_for_files(tmp_path: Path) -> None:
    pipe, plug = tmp_path / "pipe", tmp_path / "plug"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(plug))
        (tmp_path / "link").symlink_to(pipe)
        for path, what in (
            (pipe, "a pipe"),
            (plug, "a socket"),
            (Path("/dev/null"), "a device"),
            (tmp_path / "link", "a pipe"),
        ):
            with pytest.raises(InputError, match=f"{path} is {what}"):
                export(some(), path, "jsonl", force=True)
    with pytest.raises(InputError, match="standard output"):
        export(some(), Path("-"), "jsonl")
    assert pipe.is_fifo()
    assert plug.is_socket()
    assert not Path("-").exists()


def test_a_part_is_never_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "s" / "dev.jsonl").symlink_to(tmp_path / "mine")
    assert "is a link" in refused(some(), tmp_path / "s", "jsonl", split=SPLIT, force=True)


def test_what_a_link_points_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "x.jsonl", tmp_path / "there" / "real.jsonl"
    link.symlink_to(target)
    for _ in range(2):
        export(some(), link, "jsonl")
        assert link.is_symlink()
        assert len(list(jsonl.read(target))) == 10
    assert (tmp_path / "there" / "real.card.md").exists()
    target.write_text("mine")
    assert str(target) in refused(some(), link, "jsonl")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(DiskError, match="Not exported"):
        export(some(), loop, "jsonl")


def test_drafts_of_an_export_that_was_killed_are_swept_when_they_are_old(tmp_path: Path) -> None:
    old = time.time() - 2 * 3600
    drafts = [
        tmp_path / name
        for name in (
            ".x.0123abcd.tmp.jsonl",
            ".x.card.0123abcd.tmp.md",
            ".x.0123abce.tmp.jsonl.first",
            ".y.0123abcd.tmp.jsonl",
            ".x.jsonl",
        )
    ]
    young = tmp_path / ".x.99999999.tmp.jsonl"
    for path in (*drafts, young):
        path.write_text("half a li")
    for path in drafts:
        os.utime(path, (old, old))
    export(some(), tmp_path / "x.jsonl", "jsonl")
    left = {path.name for path in tmp_path.iterdir() if path.name.startswith(".")}
    assert left == {".y.0123abcd.tmp.jsonl", ".x.jsonl", young.name}


def test_drafts_of_a_folder_are_swept_too(tmp_path: Path) -> None:
    old = time.time() - 2 * 3600
    for name in (".u.0123abcd.tmp", ".u.0123abce.tmp"):
        (tmp_path / name / "xmi").mkdir(parents=True)
        os.utime(tmp_path / name / "xmi", (old, old))
        os.utime(tmp_path / name, (old, old))
    (tmp_path / ".u.0123abce.tmp" / "xmi" / "new.xmi").write_text("")
    export(some(), tmp_path / "u", "uima")
    assert {one.name for one in tmp_path.iterdir()} == {"u", ".u.0123abce.tmp"}


@pytest.mark.parametrize("name", ["brat", "labelstudio"])
def test_a_failure_while_files_are_put_in_their_places_leaves_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    out = tmp_path / "x.json"
    export(some(0, 3), out, name)
    before = contents(tmp_path)
    real = Path.replace
    done: list[Path] = []

    def failing(self: Path, target: Path) -> Path:
        if ".tmp" in self.name:
            done.append(self)
            if len(done) == (1 if name == "brat" else 3):
                raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(DiskError):
        export(some(3, 9), out, name)
    assert contents(tmp_path) == before
    done.clear()
    with pytest.raises(DiskError):
        export(some(), tmp_path / "new.json", name)
    assert contents(tmp_path) == before
    monkeypatch.undo()
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
    export(some(3, 9), out, name)


def test_a_file_that_comes_while_documents_are_written_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "x.jsonl"

    def meanwhile() -> Iterable[Labelled]:
        yield from some()

    def see(one: Labelled) -> None:
        out.write_text("mine")

    with pytest.raises(InputError, match="changed while it was exported"):
        export(meanwhile(), out, "jsonl", see=see)
    assert contents(tmp_path) == {"x.jsonl": b"mine"}


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="it has no sha256sum")
def test_anybody_can_check_an_export_by_its_card(tmp_path: Path) -> None:
    def run(*command: str, at: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)

    export(some(), tmp_path / "s", "jsonl", split=SPLIT)
    done = run("sha256sum", "--check", "card.md", at=tmp_path / "s")
    assert done.returncode == 0
    assert done.stdout == "train.jsonl: OK\ndev.jsonl: OK\ntest.jsonl: OK\n"
    (tmp_path / "s" / "dev.jsonl").write_text("changed")
    assert run("sha256sum", "--check", "card.md", at=tmp_path / "s").returncode == 1
    export(some(), tmp_path / "u", "uima")
    card = (tmp_path / "u" / "card.md").read_text(encoding="utf-8")
    (words,) = re.findall(r"^    (find .*)$", card, re.M)
    told = run("sh", "-c", words, at=tmp_path / "u").stdout.split()[0]
    assert re.search(r"^([0-9a-f]{64})  \./$", card, re.M)[1] == told  # type: ignore[index]


@over(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.just("0" * 64)))
def test_sums_are_read_as_they_were_written(files: dict[str, str]) -> None:
    assert sums.parse("\n".join(sums.rows(files))) == files


def test_a_name_that_is_no_text_has_a_card(tmp_path: Path) -> None:
    out = tmp_path / os.fsdecode(b"odd\xff\n.jsonl")
    for _ in range(2):
        export(some(), out, "jsonl")
    (card,) = (one for one in tmp_path.iterdir() if one.name.endswith("card.md"))
    assert b"odd\xff\\n.jsonl" in card.read_bytes()


def test_the_folder_one_is_in_may_be_named_by_a_dot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b").mkdir()
    monkeypatch.chdir(tmp_path / "b")
    export(some(), Path(), "brat")
    assert (tmp_path / "b" / "annotation.conf").exists()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="holds other files"):
        export(some(), Path(), "brat", force=True)
    with pytest.raises(InputError, match="is a folder; name a file"):
        export(some(), Path(), "jsonl", force=True)
