"""What parsers are known to read wrongly, put right ahead of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from annotations.suggest.claims.tree import Tree

_PAPERS: Final = frozenset(
    [
        "data",
        "documents",
        "emails",
        "figures",
        "filings",
        "logs",
        "papers",
        "photos",
        "polls",
        "records",
        "reports",
        "statistics",
        "studies",
        "surveys",
        "videos",
    ]
)
_LONGEST: Final = 6
"""The words of such a source at most."""


def mend(tree: Tree) -> None:
    """Put right "…, court records show.", whose last words parsers take for a verb and its thing."""
    words = tree.words
    for first, end in tree.sentences:
        last = end - 1
        while last > first and not words[last].isalpha():
            last -= 1
        if words[last] == "show" and words[last - 1] in _PAPERS:
            _speak(tree, first, last, end)


def _speak(tree: Tree, first: int, verb: int, end: int) -> None:
    """Make the last two words subject and verb of a clause of their own, under the sentence's."""
    papers = verb - 1
    start = papers
    while start > first and papers - start < _LONGEST and tree.words[start - 1] != ",":
        start -= 1
    if start <= first + 1 or tree.words[start - 1] != ",":
        return
    if tree.tags[verb].startswith("VB") and tree.heads[papers] == verb:
        return
    own = range(start, verb + 1)
    root = next((one for one in range(first, start) if tree.deps[one] == "ROOT"), None)
    if root is None:
        return
    for one in range(first, end):
        if tree.heads[one] in own and one not in own:
            tree.heads[one] = root
    for one in range(start, papers):
        if tree.heads[one] not in own or tree.heads[one] == verb:
            tree.heads[one] = papers
    tree.heads[papers], tree.deps[papers], tree.tags[papers] = verb, "nsubj", "NNS"
    tree.heads[verb], tree.deps[verb], tree.tags[verb] = root, "parataxis", "VBP"
    tree.lemmas[verb] = "show"
