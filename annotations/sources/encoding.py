"""Bytes to text: UTF-8, UTF-16 and UTF-32 by their marks, and a named guess for the rest."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from annotations.errors import SourceError

# The longer marks come first: UTF-32's begins like UTF-16's.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES: Final = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_CONTROLS: Final = bytes(sorted({*range(32), 127} - set(b"\t\n\v\f\r\x1b")))
_NOT_ASCII: Final = bytes(range(128, 256))
_SAMPLE: Final = 256 * 1024
"""Bytes that a guess looks at; all of them are then decoded strictly."""
_DAMAGE: Final = 4
"""A file with this many times more good UTF-8 characters than bad bytes is damaged UTF-8."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and which encoding it was in.

    Attributes:
        encoding: Python's name of it.
        guessed: whether nothing in the file names the encoding.
    """

    text: str
    encoding: str = "utf-8"
    guessed: bool = False


def decode(data: bytes, source: str) -> Decoded:
    """The text of these bytes, exactly: line breaks stay, only a byte-order mark goes.

    Raises:
        SourceError: they are no text, or damaged text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(encoding), encoding)
            except UnicodeDecodeError as error:
                raise _damaged(source, encoding.upper(), error.start) from None
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise SourceError(f"{source}: is {kind}, not text. Save it as plain text first.")
    if b"\0" in data:
        raise _binary(source)
    try:
        return Decoded(data.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
    except UnicodeDecodeError as error:
        return _guess(data, source, error.start)


def _guess(data: bytes, source: str, bad: int) -> Decoded:
    if len(data) - len(data.translate(None, _CONTROLS)) > len(data) // 100:
        raise _binary(source)
    rough = data.decode("utf-8", "replace")
    broken = rough.count("\ufffd")
    wide = len(rough) - len(data.translate(None, _NOT_ASCII)) - broken
    # One bad byte in a UTF-8 text: a guess would turn every other accent into two wrong letters.
    if wide > broken * _DAMAGE:
        raise _damaged(source, "UTF-8", bad)
    for match in from_bytes(data[:_SAMPLE]):
        try:
            return Decoded(data.decode(match.encoding), match.encoding, guessed=True)
        except UnicodeDecodeError:
            continue
    raise _binary(source)


def _damaged(source: str, encoding: str, byte: int) -> SourceError:
    return SourceError(f"{source}: damaged {encoding} at byte {byte}. Mend it or save it again.")


def _binary(source: str) -> SourceError:
    return SourceError(f"{source}: is binary, not text. Save it as plain text in UTF-8 first.")
