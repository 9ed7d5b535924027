"""A press of the mouse on a text: a click, or a drag over whole words."""

from __future__ import annotations

from annotations.span import Span
from annotations.text import Text


class Drag:
    """One press, from button down to button up.

    Args:
        text: the document's text.
        offset: the code point that was pressed.
    """

    def __init__(self, text: Text, offset: int) -> None:
        self.offset = offset
        self.span: Span | None = None
        self._text = text
        self._begun = text.word_at(offset)

    def move(self, offset: int) -> Span | None:
        """The words from the press to `offset`, if they are others than before; else None.

        A press that never leaves its word is a click and has no words.
        """
        now = self._text.word_at(offset)
        if self._begun is None or now is None or (now == self._begun and self.span is None):
            return None
        span = Span(min(self._begun.start, now.start), max(self._begun.end, now.end))
        if span == self.span:
            return None
        self.span = span
        return span
