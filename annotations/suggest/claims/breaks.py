"""Where a sentence cannot go on: at a blank line, a heading, the next item of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from spacy.tokens import Doc

_NEXT: Final = regex.compile(r"\n[^\S\n]*\n|\n(?=[^\S\n]*(?:[-*•#>]|\d+[.)])\s)")


def broken(doc: Doc) -> Doc:
    """The words with a sentence set to begin behind each break, ahead of the parse."""
    text = doc.text
    ends = [match.end() for match in _NEXT.finditer(text)]
    if not ends:
        return doc
    waiting = iter(ends)
    end = next(waiting)
    for token in doc:
        if token.idx < end or token.is_space:
            continue
        token.is_sent_start = True
        while end <= token.idx:
            end = next(waiting, len(text) + 1)
    return doc
