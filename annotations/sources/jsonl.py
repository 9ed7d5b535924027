"""JSON lines to documents: one object a line, with `text` and, if wanted, `meta` and an `id`."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO, Final

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources.outcome import LIMIT, Outcome, too_large
from annotations.sources.plain import heading
from annotations.text import Text

_CHUNK: Final = 1024 * 1024
_MANY: Final = 2_500_000
_PARTED: Final = (b",", b"[", b"{")
"""What stands ahead of each value; the commas of a text are counted with them, of which few have so many."""


def read(stream: BinaryIO, source: str) -> Iterator[Outcome]:
    """A document for each line; a line that is none is refused with its number, the rest go in.

    The file may have any size: no more than one line of it is held.

    Raises:
        SourceError: the file is not in UTF-8, or no line of it holds anything.
    """
    number = filled = 0
    while line := stream.readline(LIMIT + 1):
        number += 1
        if number == 1:
            if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise SourceError(f"{source}: JSON lines in UTF-16. Save the file as UTF-8.")
            line = line.removeprefix(codecs.BOM_UTF8)
        place = f"{source}:{number}"
        if len(line) > LIMIT and not line.endswith(b"\n"):
            _skip_line(stream)
            filled += 1
            yield too_large(place)
        elif line.strip():
            filled += 1
            try:
                yield _document(line, source, number)
            except SourceError as refused:
                yield refused
    if not filled:
        raise SourceError(f"{source}: is empty. There is nothing to read.")


def _skip_line(stream: BinaryIO) -> None:
    while (part := stream.readline(_CHUNK)) and not part.endswith(b"\n"):
        pass


def _document(line: bytes, source: str, number: int) -> Document:
    place = f"{source}:{number}"
    # Each value takes a hundred bytes and more, however few it has in the file.
    if sum(map(line.count, _PARTED)) > _MANY:
        raise SourceError(f"{place}: has over {_MANY:,} values. Take out what nobody reads.")
    found = _parse(line, place)
    if not isinstance(found, dict):
        raise SourceError(f'{place}: is no JSON object. Write {{"text": "…"}} on each line.')
    text, meta = found.get("text"), found.get("meta")
    if not isinstance(text, str):
        raise SourceError(f'{place}: has no "text" in quotes. Add one, or take the line out.')
    if not text.strip():
        raise SourceError(f"{place}: its text is blank. There is nothing to read.")
    if not isinstance(meta, dict | None):
        raise SourceError(
            f'{place}: its "meta" is no object. Write {{"title": "…"}} or leave it out.'
        )
    metadata = meta or {}
    own = found.get("id")
    if isinstance(own, str | int) and not isinstance(own, bool) and "id" not in metadata:
        metadata = {"id": own, **metadata}
    name = metadata.get("title")
    title = heading(name) if isinstance(name, str) else ""
    return Document(
        Text(text), title or f"{PurePath(source).stem}:{number}", source, metadata=metadata
    )


def _parse(line: bytes, place: str) -> Any:
    try:
        found = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
        # Half of a surrogate pair passes the parser, and then no file can hold it.
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8"
    except UnicodeEncodeError:
        reason = "half of a surrogate pair in it is no character"
    except RecursionError:
        reason = "it is nested too deeply"
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at column {error.colno}"
    except ValueError as error:
        reason = str(error)
    else:
        return found
    raise SourceError(f"{place}: is broken JSON: {reason}. Mend the line and add it again.")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
