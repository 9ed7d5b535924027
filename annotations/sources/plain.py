"""A plain text or Markdown file to one document, its text kept exactly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO, Final
from unicodedata import category

import regex

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources.encoding import Decoded, decode
from annotations.sources.outcome import LIMIT, Note, Outcome, too_large
from annotations.text import Text

TITLE_LENGTH: Final = 80
"""Code points up to which a first line is a title and not a paragraph."""

# Each line, and each run of white space, is read from its start alone and once.
_LINE: Final = regex.compile(r"(?<![^\r\n])[^\r\n\p{L}\p{N}]*+[\p{L}\p{N}][^\r\n]*+")
_HEADING: Final = regex.compile(r"^#{1,6}\s++|(?<!\s)\s++#++$")


def read(stream: BinaryIO, source: str) -> Iterator[Outcome]:
    """The file as one document, with a note where its encoding was guessed.

    Raises:
        SourceError: it is too large, blank, or no text.
    """
    # One byte more than allowed: a pipe does not tell its size beforehand.
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise too_large(source)
    decoded = decode(data, source)
    if not decoded.text.strip():
        raise SourceError(f"{source}: is {'blank' if data else 'empty'}. There is nothing to read.")
    if decoded.guessed:
        yield guess(decoded, source)
    yield Document(Text(decoded.text), title(decoded.text, source), source, metadata=decoded.facts)


def guess(decoded: Decoded, source: str) -> Note:
    """The note that an encoding was guessed."""
    return Note(source, f"is not UTF-8; read as {decoded.encoding}, a guess. Check its accents.")


def title(text: str, source: str) -> str:
    """The first line with a letter or digit, if it is short; else the file's stem."""
    line = _LINE.search(text)
    found = heading(line.group()) if line else ""
    if 0 < len(found) <= TITLE_LENGTH:
        return found
    return "stdin" if source == "-" else PurePath(source).stem


def heading(line: str) -> str:
    """A line as a title: no Markdown hashes, no control characters, single spaces."""
    words = " ".join(line.split())
    bare = "".join(letter for letter in words if category(letter) != "Cc")
    return str(_HEADING.sub("", bare)).strip()
