"""JSON of any length, an element at a time: an array's items, or one value a line."""

from __future__ import annotations

import codecs
import gzip
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from annotations.errors import InputError
from annotations.sources.outcome import LIMIT
from annotations.storage.decoder import STRICT, decoded

_CHUNK: Final = 1024 * 1024
_HEAD: Final = 4096
"""Bytes in which a file's first sign stands, behind white space."""
_SPACE: Final = " \t\r\n"
_PACKED: Final = b"\x1f\x8b"
"""What a gzip file begins with."""
_MANY: Final = 8_000_000
"""Values of one document: in memory each takes some 60 bytes, however few it has in the file."""
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?', flags=re.DOTALL)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked as they are read if it is packed with gzip.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            is_packed = file.read(len(_PACKED)) == _PACKED
            file.seek(0)
            if not is_packed:
                yield file
                return
            with gzip.open(file, "rb") as inner:
                yield cast(BinaryIO, inner)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path}: is no gzip file that can be read ({error}).") from None
    except OSError as error:
        raise InputError(f"{path}: not readable ({error.strerror}).") from None


def elements(path: Path) -> Iterator[tuple[str, Any]]:
    """Each item of the array in the file, or each value that stands in it, with its place.

    The file may be packed with gzip. No more than one of them is held, and none may be over `LIMIT`.

    Raises:
        InputError: it is no JSON, not UTF-8, too large or nested too deeply.
    """
    with opened(path) as file:
        yield from among(path, file)


def among(path: Path, file: BinaryIO) -> Iterator[tuple[str, Any]]:
    """The same of a file that is open, from its start.

    Raises:
        InputError: as `elements`.
    """
    number = 0
    try:
        head = file.read(_HEAD)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise InputError(f"{path}: JSON in UTF-16. Save the file as UTF-8.")
        is_array = head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"[")
        file.seek(0)
        for value in _items(path, file) if is_array else _values(path, file):
            number += 1
            yield f"{path}:{number}", value
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8. Save it as UTF-8 and import it again.") from None
    except RecursionError:
        raise InputError(f"{path}:{number + 1}: JSON that is nested too deeply.") from None


def _values(path: Path, file: BinaryIO) -> Iterator[Any]:
    """One value a line; one that goes over several lines is taken as a whole.

    Strings end with their line, so that the brackets that are open tell where the value goes on.
    """
    held: list[bytes] = []
    size = depth = number = 0
    while line := file.readline(LIMIT + 1):
        number += 1
        line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        size += len(line)
        if size > LIMIT:
            raise _large(path)
        if not held and not line.strip():
            size = 0
            continue
        held.append(line)
        if len(held) > 1 and (depth := depth + _opened(line)) > 0:
            continue
        data = b"".join(held)
        try:
            value = _decoded(data, path, number)
        except json.JSONDecodeError as error:
            # A first line that is broken at its very end may go on in the next.
            depth = _opened(line) if len(held) == 1 else 0
            if depth <= 0 or error.pos < len(error.doc.rstrip()) - 1:
                raise _broken(path, number, error) from None
        except UnicodeDecodeError:
            raise
        except ValueError as error:
            raise _broken(path, number, error) from None
        else:
            held, size = [], 0
            yield value
    if held:
        raise _broken(path, number, "the file ends in the middle of a value")


def _opened(line: bytes) -> int:
    """How many more brackets a line opens than it closes, outside of its strings."""
    bare = _STRING.sub(b"", line) if b'"' in line else line
    return bare.count(b"{") + bare.count(b"[") - bare.count(b"}") - bare.count(b"]")


def _decoded(data: bytes, path: Path, number: int) -> Any:
    if len(data) > _MANY and data.count(b",") > _MANY:
        raise _numerous(path, number)
    return decoded(data, is_strict=True)


def _items(path: Path, file: BinaryIO) -> Iterator[Any]:
    """The items of one array, whatever its line breaks."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    held = decode(file.read(_CHUNK)).lstrip("\ufeff" + _SPACE)
    at, number, is_last, by_line = 1, 1, False, True
    while True:
        while at < len(held) and held[at] in _SPACE + ",":
            at += 1
        if held.startswith("]", at):
            return
        # Many write an item a line: it is a value by itself. Once one is not, none is tried.
        if by_line and (end := held.find("\n", at)) > 0:
            try:
                value = _decoded(held[at:end].rstrip(_SPACE + ",").encode(), path, number)
            except ValueError:
                by_line = False
            else:
                yield value
                at, number = end, number + 1
                continue
        if len(held) - at > _MANY and held.count(",", at) > _MANY:
            raise _numerous(path, number)
        try:
            value, end = STRICT.raw_decode(held, at)
            # A number at the end of what was read so far may go on.
            is_whole = end < len(held)
        except ValueError as error:
            if is_last:
                raise _broken(path, number, error) from None
            is_whole = False
        if is_whole:
            yield value
            at, number = end, number + 1
            continue
        if is_last:
            raise _broken(path, number, "the array is not closed; is the file whole?")
        if len(held) - at > LIMIT:
            raise _large(path)
        # As much again, so that a large item is not looked at a thousand times.
        more = file.read(max(_CHUNK, len(held) - at))
        is_last = not more
        held, at = held[at:] + decode(more, is_last), 0


def _broken(path: Path, number: int, error: object) -> InputError:
    return InputError(f"{path}:{number}: broken JSON ({error}). Mend it and import it again.")


def _large(path: Path) -> InputError:
    return InputError(
        f"{path}: one document in it is over {LIMIT // 1024**2} MB. Split it and import it again."
    )


def _numerous(path: Path, number: int) -> InputError:
    return InputError(
        f"{path}:{number}: more than {_MANY:,} values in one document. Split it and import it again."
    )
