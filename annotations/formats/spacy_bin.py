"""A DocBin by its columns, as spaCy stores it: to fill one, and to look into one.

spaCy makes an object of each span and asks the registry of plugins at each piece that it packs,
which takes five times as long as all the rest. What is written here is what spaCy would write of
the same documents, and what is read is what it would read; tests hold the two together.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from annotations.errors import InputError
from annotations.records import Plain
from annotations.span import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, DocBin
    from spacy.tokens import Span as SpacySpan

LANGUAGE: Final = "en"
"""The language whose tokens the files are in: those of `spacy init config --lang en`."""

OURS: Final = "purport"
"""Where `doc.user_data` has what this program wrote."""

Labels: TypeAlias = tuple[int, int, str]
"""Start and end in code points, and a label."""

# Words, and what a person decides of them; tags and parses are nobody's decision.
ATTRIBUTES: Final = ("ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_ID")

# An id, a knowledge base's id and a label by their hashes, then tokens and code points.
_SPAN: Final = Struct(">QQQllll")
_VERSION: Final = "0.1"
_BEGIN, _INSIDE, _OUTSIDE, _UNKNOWN = 3, 1, 2, 0


class Place(NamedTuple):
    """A span of whole tokens, with a label.

    Attributes:
        first: the number of its first token.
        last: the number of the token behind it.
        start: where it starts, in code points.
        end: where it ends.
        label: an entity's label or a claim's stance.
        id: that of the annotation.
    """

    first: int
    last: int
    start: int
    end: int
    label: str
    id: str


class _Keys(dict[str, int]):
    """The strings of a DocBin, each with the number that stands for it."""

    def __missing__(self, words: str) -> int:
        from spacy.strings import get_string_id

        self[words] = key = get_string_id(words)
        return key


class Tokens:
    """A text in spaCy's tokens, and what spans cover of them."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        # Hash, whether a space follows, offset, length.
        self.table: Any = self.doc.to_array(["ORTH", "SPACY", "IDX", "LENGTH"])
        self._starts: list[int] = self.table[:, 2].tolist()
        self._ends: list[int] = (self.table[:, 2] + self.table[:, 3]).tolist()

    def __len__(self) -> int:
        return len(self._starts)

    def of(self, span: Span, label: str, own: str) -> Place | None:
        """The span's tokens; None where it starts or ends inside one."""
        start, end = span.start, span.end
        first, last = bisect_left(self._starts, start), bisect_left(self._ends, end)
        if first <= last < len(self) and self._starts[first] == start and self._ends[last] == end:
            return Place(first, last + 1, start, end, label, own)
        return None

    def touched(self, span: Span, label: str, own: str) -> Place | None:
        """The tokens that the span touches; None where it is a space between two."""
        found = self.doc.char_span(span.start, span.end, alignment_mode="expand")
        if not found:
            return None
        return Place(found.start, found.end, found.start_char, found.end_char, label, own)


def flat(places: Sequence[Place]) -> list[int]:
    """Which of them overlap no longer one, by their numbers, as `filter_spans` chooses."""
    every = [*range(len(places))]
    if all(ahead.last <= behind.first for ahead, behind in pairwise(places)):
        return every
    taken: set[int] = set()
    kept = []
    for number in sorted(
        every, key=lambda at: (places[at].first - places[at].last, places[at].first)
    ):
        first, last = places[number].first, places[number].last
        if first not in taken and last - 1 not in taken:
            taken.update(range(first, last))
            kept.append(number)
    return kept


class Bin:
    """A DocBin that is being filled, and the language of its texts.

    Attributes:
        size: how many tokens are in it.
    """

    def __init__(self, language: Language) -> None:
        from spacy.tokens import DocBin
        from srsly import msgpack  # type: ignore[import-untyped]

        self.size = 0
        self._language = language
        # One for all: to make it is what asks the registry.
        self._pack: Callable[[Any], bytes] = msgpack.Packer(use_bin_type=True).pack
        self._attributes = DocBin(attrs=ATTRIBUTES).attrs
        self._tables: list[Any] = []
        self._spaces: list[Any] = []
        self._keys = _Keys()
        self._rest: dict[str, list[Any]] = {
            name: [] for name in ("cats", "flags", "span_groups", "user_data")
        }

    def tokens(self, text: str) -> Tokens:
        """A text's tokens, to be added with what there is on them."""
        return Tokens(self._language.tokenizer(text))

    def add(
        self,
        tokens: Tokens,
        entities: Sequence[Place],
        unknown: Iterable[Place],
        groups: Mapping[str, tuple[Sequence[Place], Plain]],
        about: Plain,
        *,
        finished: bool,
    ) -> None:
        """Put one document in.

        Args:
            tokens: its text.
            entities: `doc.ents`, without overlap.
            unknown: where nobody knows whether an entity is; the entities win.
            groups: `doc.spans`, with the attributes of each.
            about: what `doc.user_data` has under `purport`.
            finished: whether the tokens without an entity are known to have none.
        """
        import numpy

        size = len(tokens)
        iob = numpy.full(size, _OUTSIDE if finished else _UNKNOWN, dtype=numpy.uint64)
        kinds = numpy.zeros((2, size), dtype=numpy.uint64)
        for place in unknown:
            iob[place.first : place.last] = _UNKNOWN
        if entities:
            keys = self._keys
            firsts = numpy.array([one.first for one in entities])
            lengths = numpy.array([one.last for one in entities]) - firsts
            said = [[keys[one.label] for one in entities], [keys[one.id] for one in entities]]
            # Each entity's number once for each of its tokens, and the tokens of all of them.
            owners = numpy.repeat(numpy.arange(len(entities)), lengths)
            ahead = lengths.cumsum() - lengths
            inside = firsts[owners] + numpy.arange(len(owners)) - ahead[owners]
            iob[inside] = _INSIDE
            iob[firsts] = _BEGIN
            kinds[:, inside] = numpy.array(said, dtype=numpy.uint64)[:, owners]
        packed = {self._group(name, *group): [name] for name, group in groups.items()}
        rest = self._rest
        rest["cats"].append({})
        rest["flags"].append({"has_unknown_spaces": tokens.doc.has_unknown_spaces})
        rest["span_groups"].append(self._pack(packed))
        rest["user_data"].append(self._pack({OURS: about}))
        self._tables.append(self._table(tokens, iob, *kinds))
        self._spaces.append(tokens.table[:, 1].astype(bool))
        self.size += size

    def _table(self, tokens: Tokens, *entities: Any) -> Any:
        import numpy
        from spacy.attrs import ENT_ID, ENT_IOB, ENT_TYPE, ORTH

        columns = dict(zip((ENT_IOB, ENT_TYPE, ENT_ID), entities, strict=True))
        columns[ORTH] = tokens.table[:, 0]
        return numpy.stack([columns[each] for each in self._attributes], axis=1)

    def _group(self, name: str, spans: Sequence[Place], attrs: Plain) -> bytes:
        keys, packed = self._keys, _SPAN.pack
        rows = [
            packed(keys[own], 0, keys[label], first, last, start, end)
            for first, last, start, end, label, own in spans
        ]
        return self._pack({"name": name, "attrs": attrs, "spans": rows})

    def save(self, path: Path) -> None:
        """Write the file: what `DocBin.to_disk` would, compressed less and in half the time."""
        import numpy

        tokens = numpy.concatenate(self._tables or [numpy.empty((0, len(self._attributes)))])
        known = self._language.vocab.strings
        words = {known[word] for word in numpy.unique(tokens[:, 0]).tolist()}
        lengths = [len(table) for table in self._tables]
        parts = {
            "version": _VERSION,
            "attrs": self._attributes,
            "tokens": tokens.tobytes("C"),
            "spaces": b"".join(spaces.tobytes() for spaces in self._spaces),
            "lengths": numpy.asarray(lengths, dtype="int32").tobytes(),
            "strings": sorted(words.union(self._keys)),
            **self._rest,
        }
        path.write_bytes(zlib.compress(self._pack(parts), 1))


@dataclass(frozen=True, slots=True)
class Content:
    """A document of a DocBin.

    Attributes:
        text: its text.
        about: what this program wrote of it, under `purport` in `doc.user_data`; empty in others.
        entities: `doc.ents`: start and end in code points, and label; empty where it is ours.
        groups: the same of `doc.spans`, by name.
        attributes: those of each group.
        passed: what of it has no place in a project, by kind; empty where it is ours.
    """

    text: str
    about: Plain
    entities: Sequence[Labels]
    groups: Mapping[str, Sequence[Labels]]
    attributes: Mapping[str, Plain]
    passed: Sequence[str] = ()


UNPACKED: Final = 512 * 1024**2
"""Bytes that a DocBin may unpack to; spaCy holds all of one in memory."""

_PIECE: Final = 1024 * 1024
_ITEMS: Final = 2_000_000
"""Items of a list in it: of documents, or of different words."""


def unpacked(path: Path) -> DocBin:
    """What `DocBin.from_disk` makes of a file, in bounded memory; nothing in it is executed.

    Raises:
        InputError: it unpacks to more than `UNPACKED`.
        OSError: it cannot be read.
        Exception: of any other kind, where it is no such thing.
    """
    import numpy
    from spacy.tokens import DocBin
    from srsly import msgpack

    parts = msgpack.unpackb(
        _inflated(path), raw=False, list_hook=_Count(), max_array_len=_ITEMS, max_map_len=_ITEMS
    )
    made = DocBin()
    made.attrs, made.strings = parts["attrs"], set(parts["strings"])
    lengths = numpy.frombuffer(parts["lengths"], dtype="int32")
    tokens = numpy.frombuffer(parts["tokens"], dtype="uint64").reshape(-1, len(made.attrs))
    spaces = numpy.frombuffer(parts["spaces"], dtype=bool).reshape(-1, 1)
    if not len(tokens) == len(spaces) == lengths.sum() or lengths.min(initial=0) < 0:
        raise ValueError("its documents' lengths are not those of its tokens")
    ends = lengths.cumsum()[:-1]
    made.tokens = numpy.split(tokens, ends) if len(lengths) else []
    made.spaces = numpy.split(spaces, ends) if len(lengths) else []
    made.cats = parts["cats"]
    made.span_groups = parts.get("span_groups", [b""] * len(lengths))
    made.flags = parts.get("flags", [{} for _ in lengths])
    made.user_data = list(parts.get("user_data", [None] * len(lengths)))
    for each in (made.cats, made.span_groups, made.flags, made.user_data):
        if len(each) != len(lengths):
            raise ValueError("it does not say the same of each of its documents")
    return made


class _Count:
    """Counts the items of all lists as they are unpacked: each may be a byte in the file."""

    def __init__(self) -> None:
        self._left = 5 * _ITEMS

    def __call__(self, found: list[Any]) -> list[Any]:
        self._left -= len(found)
        if self._left < 0:
            raise ValueError("its lists are too long")
        return found


def _inflated(path: Path) -> bytearray:
    made = bytearray()
    unpacker = zlib.decompressobj()
    with path.open("rb") as file:
        while not unpacker.eof and (piece := unpacker.unconsumed_tail or file.read(_PIECE)):
            made += unpacker.decompress(piece, 4 * _PIECE)
            if len(made) > UNPACKED:
                raise InputError(
                    f"{path}: unpacks to over {UNPACKED // 1024**2} MB. Write its documents into "
                    "several files and import their folder."
                )
    made += unpacker.flush()
    if not unpacker.eof:
        raise ValueError("it ends too early")
    return made


def contents(made: DocBin) -> Iterator[Content]:
    """The documents of a DocBin, one after another; those of others as spaCy reads them.

    Raises:
        Exception: of any kind, where it holds no such thing.
    """
    import spacy
    from spacy.attrs import ORTH
    from spacy.strings import get_string_id
    from srsly import msgpack

    unpacker = msgpack.Unpacker(raw=False, strict_map_key=False)

    def unpack(data: bytes) -> Any:
        unpacker.feed(data)
        return unpacker.unpack()

    abouts = [_ours(unpack(data)) if data else {} for data in made.user_data]
    if len(abouts) < len(made) or not all(abouts):
        yield from map(_content, made.get_docs(spacy.blank(LANGUAGE).vocab))
        return
    strings = {get_string_id(words): words for words in made.strings}
    column = made.attrs.index(ORTH)
    for number, about in enumerate(abouts):
        words = [strings[key] for key in made.tokens[number][:, column].tolist()]
        spaces = [" " if space else "" for space in made.spaces[number].ravel().tolist()]
        text = "".join(chain.from_iterable(zip(words, spaces, strict=True)))
        groups, attributes = {}, {}
        for data, (name, *_) in dict(unpack(made.span_groups[number])).items():
            group = unpack(data)
            spans = [_SPAN.unpack(row) for row in group["spans"]]
            groups[name] = [(start, end, strings[label]) for _, _, label, _, _, start, end in spans]
            attributes[name] = group["attrs"]
        yield Content(text, about, (), groups, attributes)


def _content(doc: Doc) -> Content:
    groups = {name: [_labels(span) for span in group] for name, group in doc.spans.items()}
    return Content(
        text=doc.text,
        about=_ours(doc.user_data),
        entities=[_labels(span) for span in doc.ents],
        groups=groups,
        attributes={name: group.attrs for name, group in doc.spans.items()},
        passed=["documents' categories"] * bool(doc.cats)
        + ["entities' identifiers"] * sum(bool(span.kb_id_) for span in doc.ents),
    )


def _ours(data: Any) -> Plain:
    about = data.get(OURS) if isinstance(data, dict) else None
    return about if isinstance(about, dict) else {}


def _labels(span: SpacySpan) -> Labels:
    return span.start_char, span.end_char, span.label_
