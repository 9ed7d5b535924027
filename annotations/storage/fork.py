"""A journal that went on in two ways from one decision: two clones, or two writers without locks.

Git merges a file's lines and knows nothing of chains. What it leaves is a journal with conflict
markers in it, or one in which two lines follow the same line. Each line names the line before it,
so the ways can be told apart whatever the order of the lines is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from annotations import messages

_MARKER: Final = re.compile(rb"(<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|)( .*)?|=======")


class Link(NamedTuple):
    """A line of a journal, as a link of a chain.

    Attributes:
        raw: the line, without its line feed.
        own: its hash.
        prev: the hash of the line before.
        at: when it was decided.
    """

    raw: bytes
    own: str
    prev: str
    at: str


class Fork(NamedTuple):
    """The ways on which a journal went on.

    Attributes:
        common: the lines that all ways share.
        first: those of the way that is first in the file, after these.
        others: all other lines, by their time.
        heads: how many ways there are.
        has_markers: whether git left conflict markers.
    """

    common: list[bytes]
    first: list[bytes]
    others: list[bytes]
    heads: int
    has_markers: bool

    def words(self, path: Path) -> str:
        """What is said of a journal that has it, and what to do."""
        how = messages.MARKERS if self.has_markers else messages.TWO_WAYS
        count = len(self.common)
        common = messages.counted(count, "decision is common", "decisions are common")
        rest = messages.ONE_WAY
        if self.heads > 1:
            rest = messages.WAYS.format(first=len(self.first), others=len(self.others))
        layer = path.name.removesuffix(".log")
        return messages.FORKED.format(path=path, how=how, common=common, rest=rest, layer=layer)


Read = Callable[[bytes], Link | None]
"""Reads a line by itself; None where it does not hold its own hash."""


def found(lines: Iterable[bytes], start: str, read: Read) -> Fork | None:
    """The fork in a journal's complete lines; None where something else is wrong with it.

    Args:
        start: what the first line of a journal names as the one before it.
    """
    links: dict[str, Link] = {}
    after: defaultdict[str, list[Link]] = defaultdict(list)
    has_markers = has_repeats = False
    for raw in lines:
        if _MARKER.fullmatch(raw):
            has_markers = True
            continue
        link = read(raw)
        if link is None:
            return None
        if link.own in links:
            has_repeats = True
            continue
        links[link.own] = link
        after[link.prev].append(link)
    if any(one.prev != start and one.prev not in links for one in links.values()):
        return None
    heads = sum(one.own not in after for one in links.values())
    if heads == 1 and not has_markers and not has_repeats:
        return None
    way, common = list[Link](), 0
    here = start
    while here in after:
        if len(after[here]) == 1 and common == len(way):
            common += 1
        way.append(after[here][0])
        here = way[-1].own
    kept = {one.own for one in way}
    others = sorted((one for one in links.values() if one.own not in kept), key=lambda one: one.at)
    raws = [one.raw for one in way]
    return Fork(raws[:common], raws[common:], [one.raw for one in others], heads, has_markers)
