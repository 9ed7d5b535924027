from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
import store

from annotations.errors import CorruptError, NewerFormatError, StorageError
from annotations.project import Project
from annotations.storage import journal


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = store.make(tmp_path / "project", words=12)
    for number in range(3):
        store.accept(made, store.ids(made)[0], number)
    made.close()
    return made


@pytest.fixture
def path(project: Project) -> Path:
    return store.journal_of(project, store.ids(project)[0])


def test_the_chain_can_be_checked_by_anybody_from_its_description(path: Path) -> None:
    """Invariant 2, without any of our code."""
    prev = "0" * 64
    for number, raw in enumerate(path.read_bytes().removesuffix(b"\n").split(b"\n"), 1):
        line = json.loads(raw)
        body = json.dumps(
            line["body"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
        assert line["body_sha"] == sha256(line["salt"].encode() + body).hexdigest()
        names = ["v", "seq", "at", "by", "layer", "document", "action", "prev", "body_sha"]
        names += ["text"] if number == 1 else []
        head = {name: line[name] for name in names}
        canonical = json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert line["hash"] == sha256(canonical.encode()).hexdigest()
        assert (line["prev"], line["seq"]) == (prev, number)
        prev = line["hash"]
        assert ("text" in line) == (number == 1)
        assert line.get("text", line["document"])[:12] == line["document"]


def test_every_byte_that_is_changed_is_noticed(path: Path) -> None:
    """Invariant 5: no byte of any line can be another one."""
    data = path.read_bytes()
    for place in range(len(data) - 1):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises((CorruptError, NewerFormatError), match=r"last good one is \d|format 3"):
            journal.read(path)
    path.write_bytes(data)
    assert len(journal.read(path)[0]) == 3


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_line_that_fails_its_hash_is_never_cut_and_nothing_is_written(
    project: Project, path: Path, line: int
) -> None:
    """Invariant 5: a complete line is corruption, even the last."""
    lines = path.read_bytes().split(b"\n")
    lines[line] = lines[line].replace(b'"by":"anna"', b'"by":"anne"', 1)
    path.write_bytes(b"\n".join(lines))
    before = store.contents(project.root)
    again = Project.open(project.root, annotator="anna")
    document = store.ids(again)[0]
    for attempt in (
        lambda: store.accept(again, document, 5),
        lambda: again.layer(document),
        lambda: list(again.log()),
    ):
        with pytest.raises(CorruptError, match=rf"decision {line + 1} does not match its hash"):
            attempt()
    (finding,) = again.verify()
    assert finding.lost
    assert f"The last good one is {line}" in finding.problem
    assert store.contents(project.root) == before
    again.close()


def test_lines_in_another_order_or_one_left_out_are_noticed(path: Path) -> None:
    one, two, three, _ = path.read_bytes().split(b"\n")
    for lines in ([one, three, two], [one, three], [two, three], [one, one, two, three]):
        path.write_bytes(b"\n".join([*lines, b""]))
        with pytest.raises(CorruptError):
            journal.read(path)


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 5000, b'"v"'])
def test_a_line_of_rubbish_is_corruption(path: Path, rubbish: bytes) -> None:
    path.write_bytes(path.read_bytes() + rubbish + b"\n")
    with pytest.raises(CorruptError, match="decision 4 does not match"):
        journal.read(path)


def test_reading_goes_on_where_it_stopped(project: Project, path: Path) -> None:
    _, mark, _ = journal.read(path)
    store.accept(project, store.ids(project)[0], 7)
    decisions, further, torn = journal.read(path, mark)
    assert [one.seq for one in decisions] == [4]
    assert further.length == path.stat().st_size
    assert torn == b""


def test_a_tail_that_is_cut_while_one_looks_is_noticed(path: Path) -> None:
    _, mark, _ = journal.read(path)
    path.write_bytes(path.read_bytes()[:-300])
    with path.open("rb") as file:
        inode = path.stat().st_ino
        assert inode == mark.inode
        with pytest.raises(CorruptError, match="300 bytes were cut from its end"):
            journal.read_open(file.fileno(), path, mark)


def test_a_journal_that_is_replaced_is_read_from_its_start(path: Path, tmp_path: Path) -> None:
    _, mark, _ = journal.read(path)
    copy = tmp_path / "copy"
    copy.write_bytes(path.read_bytes())
    copy.replace(path)
    assert len(journal.read(path, mark)[0]) == 3


def test_a_journal_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert journal.read(tmp_path / "none.log") == ([], journal.Mark(), b"")


def test_a_line_of_a_later_format_is_named_and_nothing_is_written(
    project: Project, path: Path
) -> None:
    """Invariant 4."""
    path.write_bytes(path.read_bytes() + b'{"v":3,"new":true}\n')
    before = store.contents(project.root)
    again = Project.open(project.root, annotator="anna")
    for attempt in (
        lambda: again.layer(store.ids(again)[0]),
        lambda: store.accept(again, store.ids(again)[0], 5),
    ):
        with pytest.raises(NewerFormatError, match="decision 4 has format 3"):
            attempt()
    assert store.contents(project.root) == before
    again.close()


def test_a_journal_that_cannot_be_read_is_one_line(project: Project, path: Path) -> None:
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError, match="it is a folder, not a plain file"):
        journal.read(path)
