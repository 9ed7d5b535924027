"""Bytes to text: by their mark, by what they declare, as UTF-8, and a named guess for the rest."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Any, Final

import regex
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

WESTERN: Final = "cp1252"
"""What a browser takes text for that neither says what it is in nor is UTF-8."""
_SURE: Final = 0.3
"""How much like a language a guess has to read, from 0 to 1, to be taken instead."""
_NEAR: Final = 0.05
"""By how much more it has to read like one than the Western reading does, where both do."""
_FOREIGN: Final = 1 / 3
"""With more of the letters than this beyond ASCII, a text is in no Western language."""
# Not those of DOS, HP and old Macs: short texts in common ones often read like a language in these.
_USUAL: Final = regex.compile(
    r"cp125\d|cp874|cp9\d\d|iso8859_\d+|koi8_\w|gb\w+|big5\w*|\w*jis\w*|euc_\w+"
)
_TAG: Final = re.compile(rb"<[^<>]{0,999}>")
_LETTER: Final = regex.compile(r"\p{L}")

_TEXTS: Final = regex.compile(
    r"utf-8|ascii|cp\d+|iso8859-\d+|koi8-\w|mac-\w+|gb\w+|big5\w*|hz|shift_jis\w*|euc_\w+|iso2022_\w+|johab"
)
# The names that pages have for an encoding of which they use more than it holds, and UTF-16, which
# no page can be in that declares it in ASCII: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT: Final = {
    "ascii": WESTERN,
    "iso8859-1": WESTERN,
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}


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

    @property
    def facts(self) -> dict[str, Any]:
        """What a document's metadata keeps of it: nothing where it is UTF-8."""
        facts: dict[str, Any] = {} if self.encoding == "utf-8" else {"encoding": self.encoding}
        return facts | ({"encoding_guessed": True} if self.guessed else {})


def decode(data: bytes, source: str, declared: str = "") -> Decoded:
    """The text of these bytes, exactly: line breaks stay, only a byte-order mark goes.

    Args:
        declared: Python's name of the encoding that they say they are in, from `meant`.

    Raises:
        SourceError: they are no text, or damaged text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, source, encoding)
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise SourceError(f"{source}: is {kind}, not text. Save it as plain text first.")
    if b"\0" in data:
        raise _binary(source)
    has_mark = data.startswith(codecs.BOM_UTF8)
    # Western text is UTF-8 by no accident: it was saved anew, and its declaration left as it was.
    if declared not in ("", "utf-8", WESTERN) and not has_mark:
        return _strictly(data, source, declared)
    try:
        return Decoded(data.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
    except UnicodeDecodeError as error:
        if declared == WESTERN and not has_mark:
            return _strictly(data, source, declared)
        return _guess(data, source, error.start)


def meant(label: str) -> str:
    """Python's name of the encoding that a page means by this label; "" if it means none."""
    try:
        name = codecs.lookup(label.lower().removeprefix("x-")).name
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if _TEXTS.fullmatch(name) else ""


def _strictly(data: bytes, source: str, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise _damaged(source, encoding.upper(), error.start) from None


def _guess(data: bytes, source: str, bad: int) -> Decoded:
    if len(data) - len(data.translate(None, _CONTROLS)) > len(data) // 100:
        raise _binary(source)
    rough = data.decode("utf-8", "replace")
    broken = rough.count("\ufffd")
    wide = len(rough) - len(data.translate(None, _NOT_ASCII)) - broken
    # One bad byte in a UTF-8 text: a guess would turn every other accent into two wrong letters.
    if wide > broken * _DAMAGE:
        raise _damaged(source, "UTF-8", bad)
    for encoding in _guesses(_TAG.sub(b" ", data[:_SAMPLE])):
        try:
            return Decoded(data.decode(encoding), encoding, guessed=True)
        except UnicodeDecodeError:
            continue
    raise _binary(source)


def _guesses(sample: bytes) -> list[str]:
    """What it may be in, the likeliest first: Western, unless another reads more like a language."""
    found = list(from_bytes(sample))
    usual = (match for match in found if _USUAL.fullmatch(match.encoding))
    likely = max(usual, key=lambda match: match.coherence, default=None)
    western = [match.coherence for match in found if WESTERN in match.could_be_from_charset]
    names = [match.encoding for match in found]
    if western and likely and likely.coherence < western[0] + _NEAR:
        return [WESTERN, *names]
    if likely and likely.coherence >= _SURE:
        return [likely.encoding, *names]
    letters = _LETTER.findall(sample.decode(WESTERN, "replace"))
    is_foreign = sum(not letter.isascii() for letter in letters) > len(letters) * _FOREIGN
    return [*names, WESTERN] if is_foreign else [WESTERN, *names]


def _damaged(source: str, encoding: str, byte: int) -> SourceError:
    return SourceError(f"{source}: damaged {encoding} at byte {byte}. Mend it or save it again.")


def _binary(source: str) -> SourceError:
    return SourceError(f"{source}: is binary, not text. Save it as plain text in UTF-8 first.")
