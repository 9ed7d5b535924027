"""A UIMA CAS from a file: the texts of its views, and what else it holds, by full type names.

XMI is read an element at a time, so that no tree of it is ever held. A zip, as INCEpTION exports it,
is read where it is: nothing of it is unpacked to the disk, whatever its members are called.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from annotations.errors import InputError
from annotations.formats.format import missing
from annotations.formats.reading.folder import files
from annotations.formats.reading.stream import elements
from annotations.records import Plain
from annotations.sources.outcome import LIMIT
from annotations.storage.decoder import decoded

SOFA: Final = "uima.cas.Sofa"

_PIECE: Final = 1024 * 1024
_SIZE: Final = 4 * LIMIT
"""Bytes of one XMI, or of a zip when it is unpacked."""
_ELEMENTS: Final = 3_000_000
_KEPT: Final = 500_000
"""Annotations of one document."""
_DEPTH: Final = 100
_ID: Final = "{http://www.omg.org/XMI}id"
_DIRECTORY: Final = 1024**2
"""Bytes of the list of a zip's members, which is read as a whole."""
_DKPRO: Final = "de.tudarmstadt.ukp.dkpro.core.api."
_USUAL: Final = (
    *("uima.", f"{_DKPRO}segmentation.type.", f"{_DKPRO}lexmorph.type."),
    *(f"{_DKPRO}syntax.type.", f"{_DKPRO}metadata.type."),
)
"""Types of what every such document has: tokens, lemmas, parts of speech, parses, tagsets."""


@dataclass(slots=True)
class Cas:
    """What a CAS holds.

    Attributes:
        where: the file, and in a zip its member.
        name: of the document, by its file.
        sofas: each view's features, by its number.
        found: what is annotated, and what purport wrote: the type and its features.
        passed: how many there are of each type that is not on a text.
    """

    where: str
    name: str
    sofas: dict[str, Plain] = field(default_factory=dict)
    found: list[tuple[str, Plain]] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)

    def put(self, kind: str, number: str, values: Plain) -> None:
        """One more feature structure; those that nobody asks for are left out.

        Raises:
            InputError: there are too many.
        """
        if kind == SOFA:
            self.sofas[number] = values
        elif _is_usual(kind):
            return
        elif ("begin" in values and "end" in values) or _is_about(kind):
            self.found.append((kind, values))
        else:
            self.passed[kind] += 1
        if len(self.found) > _KEPT or len(self.sofas) + len(self.passed) > 10_000:
            raise InputError(f"{self.where}: holds over {_KEPT:,} annotations. Split it.")


def cases(path: Path) -> Iterator[Cas]:
    """Every CAS of a folder, a zip or a file; of those that are there in both, the JSON.

    Raises:
        InputError: there is none, or one is broken or too large; the message names it.
    """
    found = [path]
    if path.is_dir():
        by_ending: dict[str, list[Path]] = {}
        for one in files(path):
            by_ending.setdefault(one.suffix.lower(), []).append(one)
        found = by_ending.get(".json") or by_ending.get(".xmi") or []
        found += by_ending.get(".zip", [])
    if not found:
        raise InputError(f"{path}: no .xmi, .json or .zip file in it.")
    for one in found:
        try:
            if one.suffix.lower() == ".json":
                yield from _all(str(one), one.stem, elements(one))
                continue
            with one.open("rb") as file:
                head = file.read(4)
                file.seek(0)
                if head in (b"PK\3\4", b"PK\5\6"):
                    yield from _packed(one, file)
                else:
                    yield _xmi(str(one), one.stem, file)
        except OSError as error:
            raise InputError(f"{one}: not readable ({error.strerror}).") from None


def _packed(path: Path, file: BinaryIO) -> Iterator[Cas]:
    """Every CAS of a zip, by its own name where there is but one."""
    try:
        # A list of a million members would be read before any of it is seen.
        file.seek(-min(path.stat().st_size, 66_000), 2)
        tail = file.read()
        ends = tail.rfind(b"PK\5\6")
        size = int.from_bytes(tail[ends + 12 : ends + 16], "little") if ends >= 0 else 0
        if b"PK\6\7" in tail or size > _DIRECTORY:
            raise InputError(f"{path}: a zip of too many files. Unpack it and import the folder.")
        with ZipFile(file) as parts:
            by_ending: dict[str, list[Any]] = {}
            for part in parts.infolist():
                member = PurePosixPath(part.filename)
                if not part.is_dir() and not member.name.startswith("."):
                    by_ending.setdefault(member.suffix.lower(), []).append(part)
            found = by_ending.get(".json") or by_ending.get(".xmi") or []
            if not found:
                raise InputError(f"{path}: no .xmi or .json file in it.")
            if sum(part.file_size for part in found) > _SIZE:
                raise InputError(f"{path}: unpacks to over {_SIZE // 1024**2} MB. Split it.")
            for part in found:
                where = f"{path}/{part.filename}"
                name = PurePosixPath(part.filename).stem if len(found) > 1 else path.stem
                with parts.open(part) as inner:
                    if part.filename.lower().endswith(".json"):
                        yield from _all(where, name, iter([(where, _decoded(inner, where))]))
                    else:
                        yield _xmi(where, name, inner)
    except (BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        if isinstance(error, RecursionError):
            raise
        words = " ".join(str(error).split())[:120]
        raise InputError(f"{path}: no zip that can be read ({words}).") from None


def _decoded(file: Any, where: str) -> Any:
    data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise InputError(f"{where}: is over {LIMIT // 1024**2} MB. Split it.")
    try:
        return decoded(data.removeprefix(b"\xef\xbb\xbf"))
    except UnicodeDecodeError:
        raise InputError(f"{where}: is not UTF-8. Save it as UTF-8 and import it again.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: broken JSON ({error}).") from None


def _all(where: str, name: str, values: Iterator[tuple[str, Any]]) -> Iterator[Cas]:
    for place, value in values:
        made = Cas(where, name)
        try:
            structures = value["%FEATURE_STRUCTURES"]
            if isinstance(structures, Mapping):
                structures = [{"%ID": key} | row for key, row in structures.items()]
            for row in structures:
                made.put(str(row["%TYPE"]), str(row.get("%ID", "")), row)
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{place}: no UIMA CAS in JSON ({error}).") from None
        yield made


@lru_cache(maxsize=1024)
def _is_usual(kind: str) -> bool:
    return kind.startswith(_USUAL) and not _is_about(kind)


def _is_about(kind: str) -> bool:
    """Whether it tells of the document as a whole."""
    return kind.startswith("purport.") or kind.endswith(".type.DocumentMetaData")


@lru_cache(maxsize=1024)
def _type(tag: str) -> str:
    """The full name of a type, as `de.tudarmstadt…type.NamedEntity`, by its tag in XMI."""
    space, _, name = tag.rpartition("}")
    room = space.removeprefix("{http:///").removesuffix(".ecore").replace("/", ".")
    return f"{room}.{name}" if room and "}" not in room and room != "uima.noNamespace" else name


class _Elements:
    """Takes the elements of an XMI as the parser comes by them, and holds on to no tree."""

    def __init__(self, made: Cas) -> None:
        self.made = made
        self.count = self._depth = 0

    def start(self, tag: str, values: Plain) -> None:
        self.count += 1
        self._depth += 1
        if self._depth == 2:
            self.made.put(_type(tag), values.get(_ID, ""), values)
        elif self._depth == 1 and tag.rpartition("}")[2] != "XMI":
            raise InputError(f"{self.made.where}: is no XMI.")
        if self.count > _ELEMENTS:
            raise InputError(f"{self.made.where}: holds over {_ELEMENTS:,} elements. Split it.")
        if self._depth > _DEPTH:
            raise InputError(f"{self.made.where}: elements nested too deeply.")

    def end(self, _: str) -> None:
        self._depth -= 1

    def close(self) -> None:
        """There is nothing to be made of all of them."""


def _xmi(where: str, name: str, file: Any) -> Cas:
    try:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import DefusedXMLParser, ParseError
    except ImportError:
        raise missing("defusedxml", "uima", f"{where}: reading XMI") from None
    made = Cas(where, name)
    target = _Elements(made)
    try:
        parser = DefusedXMLParser(target=target, forbid_dtd=True)
        _fed(parser.feed, file, target, where)
        parser.close()
    except DefusedXmlException:
        raise InputError(f"{where}: declares entities of its own, which is not read.") from None
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(f"{where}: broken XML ({error}).") from None
    return made


def _fed(feed: Callable[[bytes], None], file: Any, target: _Elements, where: str) -> None:
    """Give the parser all of a file, unless one element of it is larger than any text."""
    size = last = count = 0
    while piece := file.read(_PIECE):
        feed(piece)
        size += len(piece)
        if target.count > count:
            last, count = size, target.count
        if size > _SIZE or size - last > 2 * LIMIT:
            raise InputError(f"{where}: is over {_SIZE // 1024**2} MB. Split it.")
