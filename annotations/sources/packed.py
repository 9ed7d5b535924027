"""What is packed with gzip, read as the file that it holds, no more of it than is allowed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from annotations.errors import SourceError
from annotations.sources.outcome import Outcome, Reader


def read(stream: BinaryIO, source: str, reader: Reader) -> Iterator[Outcome]:
    """What `reader` makes of the file inside; it unpacks as it reads, so that a bomb stays small.

    Raises:
        SourceError: it is no gzip file, is damaged, or holds what the reader refuses.
    """
    try:
        with gzip.open(stream, "rb") as inner:
            yield from reader(cast(BinaryIO, inner), source)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceError(f"{source}: is no gzip file that can be read ({error}).") from None
