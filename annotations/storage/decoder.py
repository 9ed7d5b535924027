"""JSON as it is read from files: in C, where that makes no difference."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, Final, NoReturn

_WORTH: Final = 1_000_000
"""Bytes in one run from which on it is worth 20 ms to load what decodes in C."""


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


STRICT: Final = json.JSONDecoder(parse_constant=_refuse)
"""What refuses NaN and the infinities, which Python writes and JSON has no words for."""

# Every figure is a 0 in it, and every other byte a space.
_FIGURES: Final = bytes(48 if 48 <= byte < 58 else 32 for byte in range(256))
_LONG: Final = b"0" * 19


class _Run:
    """How many bytes were decoded in this run of the program."""

    total = 0


def decoded(data: bytes, *, is_strict: bool = False) -> Any:
    """One JSON value; a number of any size is one here, and a lone surrogate is a character.

    Args:
        data: UTF-8.
        is_strict: read what `STRICT` does, and nothing else.

    Raises:
        ValueError, UnicodeDecodeError, RecursionError: it is none.
    """
    _Run.total += len(data)
    # Twice as fast, but a number of more than 64 bits would be rounded.
    if _Run.total > _WORTH and _LONG not in data.translate(_FIGURES):
        import orjson

        with suppress(orjson.JSONDecodeError):  # what is wrong with it, if it is, is said below
            return orjson.loads(data)
    return STRICT.decode(data.decode("utf-8")) if is_strict else json.loads(data)
