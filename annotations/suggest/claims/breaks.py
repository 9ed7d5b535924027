"""Where a sentence cannot go on: at a blank line, a heading, the next item of a list; what is a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from annotations.suggest.claims.tree import Tree

if TYPE_CHECKING:
    from spacy.tokens import Doc

_NEXT: Final = regex.compile(
    r"\n[^\S\n]*\n|\n(?=[^\S\n]*(?:[-*•#>]|\d+[.)])\s)|(?<=(?:^|\n)#+[^\n]*)\n"
)

_APART: Final = regex.compile(r"[^\S\n]*\n[^\S\n]*\n")
_STOPS: Final = ".!?:;,…)\"'”’»"
_LONGEST: Final = 16
"""The tokens of a heading at most."""


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


def is_heading(tree: Tree, first: int, end: int) -> bool:
    """Whether the tokens `[first, end)` are a line set apart, without a full stop: a title."""
    text = tree.text
    while end - 1 > first and not tree.words[end - 1].strip():
        end -= 1
    start, stop = tree.starts[first], tree.ends[end - 1]
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start].strip() or text[start:stop].lstrip()[:1]
    if before.startswith("#"):
        return True
    is_alone = not text[line:start].strip() and _APART.match(text, stop) is not None
    return (
        is_alone
        and "\n" not in text[start:stop].strip()
        and end - first <= _LONGEST
        and text[stop - 1] not in _STOPS
        and not before.startswith(("-", "*", "•", ">"))
    )
