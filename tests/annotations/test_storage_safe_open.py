"""No link, pipe, device or stranger's file of a project is opened, whatever its place."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import hostile
import pytest

from annotations.errors import UnsafeFileError
from annotations.storage import safe_open
from annotations.storage.ownership import may_own

ID = "b17df27e12f9"
STRANGER = 54_321


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder of a document in a project."""
    folder = tmp_path / "project" / "documents" / ID[:2] / ID
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    ("path", "base", "names"),
    [
        ("/p/documents/b1/b17df27e12f9/anna.log", "/p", 4),
        ("/p/documents/b1/b17df27e12f9", "/p", 3),
        ("/p/documents/b1", "/p", 2),
        ("/p/documents", "/p", 1),
        ("/p/annotators/anna.json", "/p", 2),
        ("/p/seals/0123.tsv", "/p", 2),
        ("/p/purport.toml", "/p", 1),
        ("/p/project.json", "/p", 1),
        ("/annotators/project.json", "/annotators", 1),
        ("/documents/b1/b17df27e12f9/text.txt", "/", 4),
        ("documents/b1/b17df27e12f9/text.txt", ".", 4),
        ("purport.toml", ".", 1),
        ("/p/documents/c1/b17df27e12f9/text.txt", "/p/documents/c1/b17df27e12f9", 1),
    ],
)
def test_the_names_below_a_project_are_those_it_gives_itself(
    path: str, base: str, names: int
) -> None:
    assert safe_open.split(path) == (base, tuple(path.split("/")[-names:]))


KINDS = [*hostile.KINDS]
NAMES = ["text.txt", "document.json", "anna.log", "anna.json"]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_a_plain_file_is_refused_and_does_not_block(
    place: Path, make: Callable[[Path], None], name: str
) -> None:
    make(place / name)
    before = names_in(place)
    for flags in (os.O_RDONLY, os.O_RDWR | os.O_APPEND):
        with hostile.within(5), pytest.raises(UnsafeFileError) as refused:
            safe_open.open_or_create(place / name, flags)
        assert str(place / name) in str(refused.value)
        assert "nothing changed" in str(refused.value)
    with hostile.within(5), pytest.raises(UnsafeFileError):
        safe_open.read(place / name)
    assert names_in(place) == before


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_folder_that_is_a_link_is_refused(place: Path, depth: int) -> None:
    (place / "text.txt").write_bytes(b"words")
    folder = (place, *place.parents)[depth]
    real = folder.rename(folder.with_name("real"))
    folder.symlink_to(real)
    for work in (
        lambda: safe_open.read(place / "text.txt"),
        lambda: safe_open.stat(place / "text.txt"),
        lambda: safe_open.remove(place / "text.txt"),
        lambda: safe_open.create_beside(place / "new"),
        lambda: list(safe_open.entries(place)),
        lambda: safe_open.make_folder(place),
    ):
        with pytest.raises(UnsafeFileError, match="symbolic link"):
            work()
    assert (place / "text.txt").read_bytes() == b"words"


def test_the_project_may_be_reached_through_a_link(place: Path, tmp_path: Path) -> None:
    (place / "text.txt").write_bytes(b"words")
    (tmp_path / "named").symlink_to(tmp_path / "project")
    path = tmp_path / "named" / "documents" / ID[:2] / ID / "text.txt"
    assert safe_open.read(path) == b"words"


def test_a_file_with_two_names_is_read_and_not_written_to(place: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"words")
    os.link(mine, place / "anna.log")
    assert safe_open.read(place / "anna.log") == b"words"
    with pytest.raises(UnsafeFileError, match="hard links"):
        safe_open.open_or_create(place / "anna.log", os.O_RDWR | os.O_APPEND)


def test_a_file_over_its_limit_is_not_read(place: Path) -> None:
    with (place / "document.json").open("wb") as file:
        file.truncate(1 << 40)
    with hostile.within(5), pytest.raises(UnsafeFileError, match="larger than"):
        safe_open.read(place / "document.json")
    (place / "text.txt").write_bytes(b"123456")
    assert safe_open.read(place / "text.txt", 6) == b"123456"
    with pytest.raises(UnsafeFileError, match="larger than 5 bytes"):
        safe_open.read(place / "text.txt", 5)


def test_reading_stops_when_the_file_grows_over_its_limit(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place / "text.txt"
    path.write_bytes(b"1")
    real = os.pread

    def growing(descriptor: int, count: int, offset: int) -> bytes:
        with path.open("ab") as file:
            file.write(b"22")
        return real(descriptor, count, offset)

    monkeypatch.setattr(os, "pread", growing)
    with hostile.within(5), pytest.raises(UnsafeFileError, match="larger than 1,000 bytes"):
        safe_open.read(path, 1000)


@pytest.mark.parametrize(
    ("owner", "mode", "is_member", "may"),
    [
        (1000, 0o755, False, True),
        (1000, 0o777, False, True),
        (0, 0o1777, False, True),
        (1001, 0o755, True, False),
        (1001, 0o775, True, True),
        (1001, 0o2770, True, True),
        (1001, 0o775, False, False),
        (1001, 0o777, True, False),
        (1001, 0o1777, True, False),
    ],
)
def test_who_may_own_a_file(owner: int, mode: int, *, is_member: bool, may: bool) -> None:
    assert may_own(owner, {1000, 0}, mode, lambda: is_member) is may


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_strangers_file_is_refused(place: Path) -> None:
    (place / "text.txt").write_bytes(b"words")
    os.chown(place / "text.txt", STRANGER, -1)
    with pytest.raises(UnsafeFileError, match=f"another user .*{STRANGER}"):
        safe_open.read(place / "text.txt")
    os.chown(place.parents[2], STRANGER, -1)  # who owns the project owns the file
    assert safe_open.read(place / "text.txt") == b"words"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_who_owns_the_settings_may_own_the_rest(place: Path) -> None:
    (place / "text.txt").write_bytes(b"words")
    (place.parents[2] / "purport.toml").touch()
    for path in (place.parents[2] / "purport.toml", place / "text.txt"):
        os.chown(path, STRANGER, -1)
    assert safe_open.read(place / "text.txt") == b"words"


def test_a_new_file_never_goes_through_a_link(place: Path, tmp_path: Path) -> None:
    (place / "anna.log.torn").symlink_to(tmp_path / ".bashrc")
    path, descriptor = safe_open.create_beside(place / "anna.log.torn")
    os.write(descriptor, b"words")
    os.close(descriptor)
    assert path == place / "anna.log.torn.1"
    assert path.read_bytes() == b"words"
    assert not (tmp_path / ".bashrc").exists()


def swap(place: Path, secret: Path) -> None:
    """Put a link in the place of the document's folder."""
    place.rename(place.with_name("moved"))
    place.symlink_to(secret)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    folder = tmp_path / "secret"
    folder.mkdir()
    (folder / "text.txt").write_bytes(b"secret")
    return folder


def test_a_link_that_comes_after_the_check_of_the_folder_is_not_followed(
    place: Path, secret: Path
) -> None:
    (place / "text.txt").write_bytes(b"words")
    with safe_open.folder(place) as folder:
        swap(place, secret)
        assert folder.read("text.txt") == b"words"
        os.close(folder.create("new"))
    assert names_in(secret) == ["text.txt"]


def test_a_link_that_comes_between_two_looks_is_not_followed(place: Path, secret: Path) -> None:
    (place / "text.txt").write_bytes(b"words")
    with safe_open.kept():
        assert safe_open.read(place / "text.txt") == b"words"
        swap(place, secret)
        assert safe_open.read(place / "text.txt") == b"words"
        safe_open.renew(place / "text.txt")
        with pytest.raises(UnsafeFileError, match="symbolic link"):
            safe_open.read(place / "text.txt")


def test_a_link_that_comes_as_the_file_is_opened_is_not_followed(
    place: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "text.txt").write_bytes(b"words")
    real = os.open

    def late(name: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if name == "text.txt":
            (place / "text.txt").unlink()
            (place / "text.txt").symlink_to(secret / "text.txt")
        return real(name, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", late)
    with pytest.raises(UnsafeFileError, match="symbolic link"):
        safe_open.read(place / "text.txt")


@pytest.fixture(autouse=True)
def every_descriptor_is_closed() -> Iterator[None]:
    before = len(names_in(Path("/proc/self/fd")))
    yield
    assert len(names_in(Path("/proc/self/fd"))) == before


def test_a_folder_is_kept_open_for_a_while_and_then_closed(place: Path) -> None:
    (place / "text.txt").write_bytes(b"words")
    with safe_open.kept():
        with safe_open.folder(place) as first:
            pass
        with safe_open.folder(place) as second:
            pass
        assert first is second
        assert stat.S_ISDIR(os.fstat(first.descriptor).st_mode)
    with safe_open.folder(place) as third:
        assert third is not first
