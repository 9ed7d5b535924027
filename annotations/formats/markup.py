"""What XML 1.0 can hold of words."""

from __future__ import annotations

import re
from typing import Final

# There is no place for these, not even escaped.
_UNHELD: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

STANDS_IN: Final = "\N{REPLACEMENT CHARACTER}"
"""What stands in for a character that XML cannot hold."""


def held(words: str) -> str:
    """The words as XML can hold them, as long as they were."""
    if words.replace("\n", "").isprintable():  # three times as fast as to look for what is not held
        return words
    return _UNHELD.sub(STANDS_IN, words)
