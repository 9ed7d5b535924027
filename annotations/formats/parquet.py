"""The rows of a parquet file, some at a time, where the file says that they are not too large.

A few thousand bytes of parquet may be gigabytes of text. How much there is of each column stands
at the file's end, and is looked at before any of it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotations.errors import InputError
from annotations.records import Plain
from annotations.sources.outcome import LIMIT

if TYPE_CHECKING:
    import pyarrow
    from pyarrow.parquet import ParquetFile

_ROWS: Final = 16
"""Rows that are read at a time."""
_VALUES: Final = 4 * 1024**2
"""Values that the lists of one row may have."""
_TIGHT: Final = 100
"""How many times larger than in the file a row group of over `LIMIT` // 4 may be: no text is so."""
_LONG: Final = 1024**2
"""Bytes that rows may have on average in one of over `LIMIT` * 4: a page of it may be all of it."""


def rows(file: ParquetFile, columns: Collection[str], path: Path) -> Iterator[Plain]:
    """Each row, with the columns of these names.

    Raises:
        InputError: a row is over `LIMIT`, a string is not UTF-8, or row groups are too large to be read piece by piece.
        pyarrow.ArrowException: the file is broken.
        OSError: so it is, or it cannot be read.
    """
    number = 0
    for group in range(file.metadata.num_row_groups):
        size = _size(file, group, columns, path)
        portion = max(1, min(_ROWS, 2 * LIMIT // max(1, size)))
        for batch in file.iter_batches(
            batch_size=portion, row_groups=[group], columns=[*columns], use_threads=False
        ):
            _held(batch, path)
            for row in _rows(batch, path, number):
                number += 1
                yield row


def _rows(batch: pyarrow.RecordBatch, path: Path, before: int) -> list[Plain]:
    """The rows of a batch; `before` is how many came before it."""
    try:
        return list(batch.to_pylist())
    except UnicodeDecodeError:
        made: list[Plain] = []
        with suppress(UnicodeDecodeError):
            for place in range(batch.num_rows):
                made += batch.slice(place, 1).to_pylist()
        raise InputError(
            f"{path}:{before + len(made) + 1}: a string in it is not UTF-8. Write the file again "
            "with strings that are, and import that."
        ) from None


def _size(file: ParquetFile, number: int, columns: Collection[str], path: Path) -> int:
    """Bytes that a row group has in these columns; a value that is there often counts once."""
    group = file.metadata.row_group(number)
    chunks = [group.column(at) for at in range(group.num_columns)]
    chunks = [one for one in chunks if one.path_in_schema.partition(".")[0] in columns]
    size = int(sum(one.total_uncompressed_size for one in chunks))
    packed = sum(one.total_compressed_size for one in chunks)
    count = max(1, group.num_rows)
    values = max((one.num_values for one in chunks), default=0)
    if size // count > LIMIT or values // count > _VALUES:
        raise _too_large(path)
    if size > LIMIT // 4 and size // _TIGHT > packed:
        raise InputError(
            f"{path}: {packed:,} bytes in it unpack to {size // 1024**2:,} MB, as no text does. "
            "Write it again without compression."
        )
    if size > 4 * LIMIT and size // count > _LONG:
        raise InputError(
            f"{path}: {size // 1024**2:,} MB in one row group. Write it again with smaller ones, "
            "such as row_group_size=16."
        )
    return size


def _held(batch: pyarrow.RecordBatch, path: Path) -> None:
    """That what was read is not too large to be made objects of."""
    import pyarrow as pa

    values = 0
    for column in batch.columns:
        while pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            column = column.flatten()
            values += len(column)
    if batch.nbytes > 2 * LIMIT or values > batch.num_rows * _VALUES:
        raise _too_large(path)


def _too_large(path: Path) -> InputError:
    return InputError(
        f"{path}: one document in it is over {LIMIT // 1024**2} MB. Split it and import it again."
    )
