"""What was used last, kept in memory; a project may hold more documents than memory has room for."""

from __future__ import annotations

from typing import Final, TypeVar

MOST: Final = 32
"""How many are kept, if it is not said otherwise; any other is read again when it is asked for."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(dict[Key, Value]):
    """A dictionary that forgets what was put into it first when it holds more than `most`."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self._most = most

    def put(self, key: Key, value: Value) -> None:
        """Hold on to a value."""
        self[key] = value
        if len(self) > self._most:
            del self[next(iter(self))]
