"""A text cut into chunks that a pipeline takes, each with its place in the text.

A pipeline refuses texts of more than a million characters, and a reader should not wait for the
end of a long one. Where a text is cut depends on the text alone, so that the visible part first
or last gives the same suggestions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from annotations.span import Span
from annotations.text import Text

SIZE: Final = 4000
"""The characters of a chunk: paragraphs are put together up to here, and to twice this at most."""

_SENTENCE_END = regex.compile(r"[.!?…]['\"”’)\]]*\s+")
_SPACE = regex.compile(r"\s+")


def chunks(text: Text, first: Span | None = None) -> list[Span]:
    """Spans that cover the text without gap or overlap, each of at most twice `SIZE`.

    They end at a blank line where one is near, else at a line's end, and inside a very long
    paragraph at a sentence's end or at white space.

    Args:
        text: what to cut.
        first: the chunks that share something with this come first; then what follows it, then
            what stands ahead of it. Without it they come in the order of the text.
    """
    spans = list(_cut(text))
    if first is None:
        return spans
    visible = [span for span in spans if span.overlaps(first)]
    behind = [span for span in spans if span.start >= first.end]
    ahead = [span for span in spans if span.end <= first.start]
    return visible + behind + ahead


def _cut(text: Text) -> Iterator[Span]:
    start = 0
    paragraphs = text.paragraphs
    for number, paragraph in enumerate(paragraphs):
        # A paragraph's line break goes with it.
        end = paragraphs[number + 1].start if number + 1 < len(paragraphs) else len(text)
        if end - start > 2 * SIZE and paragraph.start > start:
            yield Span(start, paragraph.start)
            start = paragraph.start
        while end - start > 2 * SIZE:
            cut = _inside(text, start)
            yield Span(start, cut)
            start = cut
        blank = not text[paragraph.start : paragraph.end].strip()
        if blank and end - start >= SIZE:
            yield Span(start, end)
            start = end
    if start < len(text):
        yield Span(start, len(text))


def _inside(text: Text, start: int) -> int:
    """Where to cut a paragraph that is too long: as late as may be, at the best place there is."""
    for edge in (_SENTENCE_END, _SPACE):
        places = [match.end() for match in edge.finditer(text, start + SIZE // 2, start + SIZE)]
        if places:
            return places[-1]
    return start + SIZE
