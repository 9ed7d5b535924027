"""An HTML page to one document: its main text, without menus, scripts and footers."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO, Final

from annotations.errors import SourceError
from annotations.records import Document
from annotations.sources.encoding import decode, meant
from annotations.sources.outcome import LIMIT, Note, Outcome, missing, too_large, too_many
from annotations.sources.plain import guess, heading
from annotations.text import Text

TAGS: Final = 250_000
"""Tags that a page may have, opening and closing ones: each takes a kilobyte and more."""

PAGE: Final = LIMIT // 8
"""Bytes that a page may have besides the pictures in it: reading one takes twenty times its size."""

_HEAD: Final = 16 * 1024
"""Bytes in which a page says what encoding it is in; browsers look at 1,024, and pages are worse."""
_PICTURE: Final = re.compile(rb"data:[\w/+.;=-]{0,99},[\w/+%=-]*")
# A parser compares each attribute of a tag with all others: a million of them take hours.
_ENDLESS: Final = re.compile(rb"""<[a-zA-Z](?:[^<>"']|"[^"]*+"|'[^']*+'){20000}""")
_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARED: Final = re.compile(
    rb"""<(?:meta\s[^<>]*?\bcharset|\?xml\s[^<>]*?\bencoding)\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)

_WHOLE: Final = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_AROUND: Final = [
    "//nav",
    "//menu",
    "//aside",
    "//*[@role='navigation']",
    "//footer[not(ancestor::article)]",
    "//header[not(.//h1 or ancestor::article or ancestor::main)]",
    "//form[not(.//p or .//article)]",
]

_SHORT: Final = 250
"""Code points under which trafilatura finds no place surely, and gives menus, or lines in pieces."""
_NO_TEXT: Final = (
    "//head | //script | //style | //noscript | //template | //svg | //select | //button"
)
_LINKS: Final = (
    "//*[self::ul or self::ol or self::div or self::p]"
    "[count(.//a) > 1 and not(.//text()[normalize-space() and not(ancestor::a)])]"
)
_INLINE: Final = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del",
    "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "ruby", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
})  # fmt: skip


def read(stream: BinaryIO, source: str) -> Iterator[Outcome]:
    """The page's main text as one document; nothing that it links to is fetched.

    Raises:
        SourceError: it is too large, has no text, or the reader is not installed.
    """
    try:
        import trafilatura
    except ImportError:
        raise missing("trafilatura", "html", source) from None
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise too_large(source)
    data = _PICTURE.sub(b"data:,", data)
    if len(data) > PAGE:
        raise too_large(source, len(data), PAGE)
    if _ENDLESS.search(data):
        raise SourceError(f"{source}: has a tag in it that does not end. Mend it and try again.")
    label = _label(data)
    decoded = decode(data, source, meant(label))
    del data
    html = decoded.text
    if html.count("<") > TAGS:
        raise too_many(source, TAGS, "tags")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it tells every flaw of a page
    if not _WHOLE.search(html):
        html = f"<html><body><div>{html}</div></body></html>"
    try:
        found = trafilatura.bare_extraction(
            html, include_comments=False, with_metadata=True, prune_xpath=_AROUND
        )
        text = (found.text or "") if found is not None else ""
        if len(text) < _SHORT and (tree := trafilatura.load_html(html)) is not None:
            whole = _whole(tree)
            text = whole if len(whole) < 2 * _SHORT and whole else text
    except (RecursionError, ValueError) as error:
        raise SourceError(f"{source}: its HTML cannot be read ({error}).") from None
    if not text.strip():
        raise SourceError(f"{source}: no main text was found in the page.")
    if decoded.guessed:
        yield guess(decoded, source)
    elif meant(label) not in ("", decoded.encoding):
        yield Note(source, f"says that it is in {label}, and is in {decoded.encoding}; read so.")
    facts = {name: getattr(found, name, None) for name in ("author", "date", "sitename", "url")}
    title = heading(str(getattr(found, "title", "") or "")) or PurePath(source).stem
    metadata = {name: str(value) for name, value in facts.items() if value} | decoded.facts
    yield Document(Text(text), title, source, metadata=metadata)


def _label(data: bytes) -> str:
    declared = _DECLARED.search(_COMMENT.sub(b"", data[:_HEAD]))
    return declared[1].decode("ascii", "replace") if declared else ""


def _whole(page: Any) -> str:
    """All that a short page says, but for what is around it: its blocks, a line each."""
    for path in (*_AROUND, _LINKS, _NO_TEXT):
        for one in page.xpath(path):
            if one.getparent() is not None:
                one.drop_tree()
    # Of a list of articles, all.
    places = page.xpath("//article[not(ancestor::article)]") or page.xpath("//main") or [page]
    words = "".join(piece for place in places for piece in _pieces(place))
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(element: Any) -> Iterator[str]:
    edge = "" if element.tag in _INLINE else " " if element.tag in ("td", "th") else "\n"
    # Line breaks in the file are spaces in the page.
    yield edge + " ".join((element.text or "").split("\n"))
    for child in element:
        yield from _pieces(child)
        yield " ".join((child.tail or "").split("\n"))
    yield edge
