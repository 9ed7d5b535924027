"""Where a document's files stand: `documents/<ab>/<abcdef012345>/`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotations import file_header, messages
from annotations.errors import (
    CorruptError,
    DiskError,
    InputError,
    RedactedError,
    SourceError,
    UnknownError,
    UnsafeFileError,
)
from annotations.field_checks import RecordError, is_name
from annotations.records import Document, Plain
from annotations.storage import disk, safe_open, view
from annotations.storage.ledger import JOURNAL, VIEW
from annotations.storage.text_hash import ABOUT as ABOUT
from annotations.storage.text_hash import TEXT as TEXT
from annotations.text import ID_LENGTH, Text

if TYPE_CHECKING:
    from concurrent.futures import Executor

_RESERVED: Final = ("document", "text", "project")
_ID: Final = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_SHARD: Final = re.compile(r"[0-9a-f]{2}")


def is_layer_name(name: str) -> bool:
    """Whether it may name a layer and thus a file."""
    return is_name(name) and name not in _RESERVED and not name.endswith((JOURNAL, VIEW))


def is_document_id(name: str) -> bool:
    """Whether it may name a document and thus a folder."""
    return _ID.fullmatch(name) is not None


def is_shard(name: str) -> bool:
    """Whether it may name one of the folders around the documents' own."""
    return _SHARD.fullmatch(name) is not None


def layer_name(name: str) -> str:
    """The name, if it may name a layer and thus a file.

    Raises:
        InputError: it may not.
    """
    if not is_layer_name(name):
        raise InputError(
            f"{name!r} cannot name an annotator or a layer: use letters, digits and . _ @ + - "
            "(64 at most, a letter or digit first)."
        )
    return name


_VERSIONED: Final = re.compile(r"(.+\+claims-)(\d+)")


def newest(names: Iterable[str]) -> list[str]:
    """The layers without those that a newer version of the same rules has replaced."""
    names = list(names)
    last: dict[str, int] = {}
    for name in names:
        if match := _VERSIONED.fullmatch(name):
            last[match[1]] = max(last.get(match[1], 0), int(match[2]))
    found = ((name, _VERSIONED.fullmatch(name)) for name in names)
    return [name for name, match in found if not match or int(match[2]) == last[match[1]]]


class Shelf:
    """The documents' folders of one project."""

    def __init__(self, root: Path) -> None:
        self.root = root / "documents"
        self._last = Path()
        self._durable: set[str] = set()  # the folders around documents that are there for good

    def folder(self, document_id: str) -> Path:
        """The folder of one document, there or not."""
        last = self._last  # other threads ask, too
        if last.name != document_id:  # one document is asked for again and again
            self._last = last = Path(f"{self.root}/{document_id[:2]}/{document_id}")
        return last

    def ids(self, beginning: str = "") -> Iterator[str]:
        """The documents' ids, or those that begin so, in no order that means anything."""
        for shard in self.shards():
            if shard.name.startswith(beginning[:2]):
                yield from (
                    entry.name
                    for entry in self.folders(shard.name)
                    if entry.name.startswith(beginning)
                )

    def shards(self) -> Iterator[os.DirEntry[str]]:
        """The folders around the documents' own; what else lies beside them is passed over."""
        with suppress(FileNotFoundError):
            for entry in safe_open.entries(self.root):
                if _SHARD.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                    yield entry

    def folders(self, shard: str) -> Iterator[os.DirEntry[str]]:
        """The documents' folders in one of the folders around them."""
        for entry in safe_open.entries(self.root / shard):
            # One in the wrong place is not found by its id; nor is a file, nor a link.
            is_own = _ID.fullmatch(entry.name) and entry.name[:2] == shard
            if is_own and entry.is_dir(follow_symlinks=False):
                yield entry

    def touch(self, document_id: str) -> None:
        """Leave a mark on the folder around a document's own, for the index: its files changed.

        Call it behind every change. Where it cannot be left, the index finds the change later.
        """
        with suppress(OSError, UnsafeFileError):
            safe_open.touch(f"{self.root}/{document_id[:2]}")

    def has(self, document_id: str) -> bool:
        """Whether the document is wholly there."""
        is_id = _ID.fullmatch(document_id) is not None  # what a file names leads nowhere else
        return is_id and safe_open.exists(self.folder(document_id) / ABOUT)

    def has_text(self, document: Document) -> bool:
        """Whether the document's very text is there.

        Raises:
            SourceError: another text is, whose SHA-256 begins with the same digits.
        """
        if not self.has(document.id):
            return False
        about: Plain = {}
        with suppress(CorruptError, DiskError):
            about = self.about(document.id)
        if about.get("sha256", document.text.sha256) != document.text.sha256:
            raise SourceError(
                messages.SAME_ID.format(
                    title=document.title, document=document.id, other=about.get("title", "")
                )
            )
        return True

    def put_all(
        self,
        documents: Sequence[Document],
        layers: Iterable[tuple[Path, bytes]] = (),
        threads: Executor | None = None,
    ) -> None:
        """Keep new documents, and models' layers on them or on others; the disk is waited for once.

        A document's `document.json` comes last: without it, it is not there.

        Args:
            documents: each is there when all its files are, layers among them.
            layers: the files and their bytes.
            threads: what to wait on; see `disk.replace_all`.

        Raises:
            SourceError: a text holds half a character, or its metadata is nested too deeply;
                nothing was done.
            DiskFullError, ReadOnlyError, DiskError: each of the documents is there, or is not.
        """
        texts = [(f"{self.folder(one.id)}", _encoded(one)) for one in documents]
        about = [(Path(f"{self.folder(one.id)}/{ABOUT}"), _about(one)) for one in documents]
        shards = {one.id[:2]: Path(f"{self.root}/{one.id[:2]}") for one in documents}
        around = [self.folder(one.id) for one in documents]
        if not self._durable.issuperset(shards):
            around += [*shards.values(), self.root]
        for folder, _ in texts:
            with disk.explained(Path(folder)):
                safe_open.make_folder(folder)
        # The names of the folders first, so that a document that is there is there for good.
        files = [*((Path(f"{folder}/{TEXT}"), data) for folder, data in texts), *layers]
        disk.replace_all(files, around=around, threads=threads)
        self._durable.update(shards)
        if about:
            disk.replace_all(about, threads=threads)
        for document_id in {path.parent.name for path, _ in files}:
            self.touch(document_id)

    def about(self, document_id: str) -> Plain:
        """What `document.json` says.

        Raises:
            UnknownError: there is no such document.
            CorruptError: the file is not what purport wrote.
        """
        path = self.folder(document_id) / ABOUT
        tables = view.read(path)
        if tables is None:
            raise UnknownError(f"There is no document {document_id} in {self.root.parent}.")
        found = tables.get("document", {}).get("1")
        if type(found) is not dict:
            raise CorruptError(f"{path}: no document's file. Restore it from a copy.")
        try:
            return file_header.document(found, document_id)
        except RecordError as error:
            words = messages.MALFORMED_FILE.format(path=path, problem=error)
            raise CorruptError(words) from None

    def is_redacted(self, document_id: str) -> bool:
        """Whether a document's text was erased on request."""
        is_there = safe_open.exists(self.folder(document_id) / TEXT)
        return not is_there and self.has(document_id) and bool(self.redacted(document_id))

    def redacted(self, document_id: str) -> str:
        """Who erased the document, when and why, in one line; empty where nobody did."""
        return _redaction(self.about(document_id))

    def document(self, document_id: str) -> Document:
        """The document with its text.

        Raises:
            UnknownError: there is no such document.
            RedactedError: its text was erased on request.
            CorruptError: its text is not the one it was named after.
        """
        with safe_open.kept():
            return self._document(document_id)

    def _document(self, document_id: str) -> Document:
        about = self.about(document_id)
        if words := _redaction(about):
            raise RedactedError(words)
        path = self.folder(document_id) / TEXT
        try:
            text = Text(safe_open.read(path).decode("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise CorruptError(f"{path}: not readable ({error}). Restore it from a copy.") from None
        if text.id != document_id or text.sha256 != about.get("sha256", text.sha256):
            raise CorruptError(messages.CHANGED_TEXT.format(path=path))
        return Document(
            text,
            about["title"],
            about["source"],
            about["added_at"],
            about["metadata"],
            about.get("session", ""),
        )

    def layers(self, document_id: str) -> tuple[list[str], list[str]]:
        """The names of the layers that people's journals and that models made, each sorted."""
        try:
            return self.sorted_layers(self.files(document_id))
        except FileNotFoundError:
            return [], []

    def sorted_layers(self, names: Iterable[str]) -> tuple[list[str], list[str]]:
        """The layers among these names of files: people's and models'."""
        people, views = set(), set()
        for name in names:
            stem, dot, ending = name.rpartition(".")
            if not is_layer_name(stem):
                continue  # a stray file hides neither the document nor its other layers
            if dot + ending == JOURNAL:
                people.add(stem)
            elif dot + ending == VIEW:
                views.add(stem)
        return sorted(people), sorted(views - people)

    def signature(self, document_id: str) -> str:
        """What changes whenever one of the document's files does."""
        return sign(self.files(document_id))

    def files(self, document_id: str) -> dict[str, str]:
        """The document's files by name, and of each what changes whenever it does."""
        found = {}
        for entry in safe_open.entries(self.folder(document_id)):
            name = entry.name
            if name in (TEXT, ABOUT) or (
                name.endswith((JOURNAL, VIEW)) and is_layer_name(name.rpartition(".")[0])
            ):
                with suppress(FileNotFoundError):  # it went between two looks
                    about = entry.stat(follow_symlinks=False)
                    found[name] = f"{about.st_ino}:{about.st_size}:{about.st_mtime_ns}"
        return found


def _encoded(document: Document) -> bytes:
    """The text as its file has it.

    Raises:
        SourceError: it holds half a character.
    """
    try:
        return document.text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourceError(
            f"{document.source or document.title}: character {error.start} is half a "
            "character. Mend it in the source, then add it again."
        ) from None


def _about(document: Document) -> bytes:
    """What `document.json` has of a new document.

    Raises:
        SourceError: its metadata is nested more deeply than JSON is written here.
    """
    made = {
        "format": view.VERSION,
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "added_at": document.added_at,
        "characters": len(document.text),
        "sha256": document.text.sha256,
        "metadata": dict(document.metadata),
    }
    if document.session:
        made["session"] = document.session
    try:
        file_header.document(made, document.id)
        return view.dump({"document": {1: made}})
    except RecursionError:
        problem = "its metadata is nested too deeply"
    except RecordError as error:
        problem = str(error)
    raise SourceError(
        f"{document.source[:200] or document.title[:200]}: {problem}. "
        "Take that out of the source, then add it again."
    )


def _redaction(about: Plain) -> str:
    erased = about.get("redacted")
    if not erased:
        return ""
    return messages.REDACTED.format(
        document=about["id"], by=erased["by"], day=erased["at"][:10], reason=erased["reason"]
    )


def sign(files: dict[str, str]) -> str:
    """The one word for all of a document's files."""
    return "|".join(f"{name}:{files[name]}" for name in sorted(files))
