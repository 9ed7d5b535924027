"""Annotations as JSON text, written in one go.

A record's `plain()` is a dictionary with others in it, and the encoder asks of each value what it
is. That is most of what it takes to move a million annotations, and what each has is known. The
text is the same; a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring, encode_basestring_ascii
from math import isfinite
from typing import Any, Final

from annotations.evidence import Holder, Provenance
from annotations.records import Annotation, Claim, Entity, Plain

_DEFAULTS: Final[Plain] = {"note": "", "by": "", "at": "", "rev": 0, "score": None, "origin": None}


class Notation:
    """How annotations are written.

    Args:
        is_ascii: write all other characters by their numbers.
        names: what `note`, `by`, `at`, `rev`, `score` and `origin` are called, if otherwise.
        is_whole: write these keys where they hold nothing, too.
        is_brief: of an `origin` that says what the annotation says, write the layer alone.
    """

    def __init__(
        self,
        *,
        is_ascii: bool = False,
        names: Mapping[str, str] | None = None,
        is_whole: bool = False,
        is_brief: bool = False,
    ) -> None:
        self.encode = json.JSONEncoder(ensure_ascii=is_ascii).encode
        self._quote = encode_basestring_ascii if is_ascii else encode_basestring
        self._names = names or {}
        self._keys = {name: f', "{self._names.get(name, name)}": ' for name in _DEFAULTS}
        self._default = {
            name: key + self.encode(_DEFAULTS[name]) if is_whole else ""
            for name, key in self._keys.items()
        }
        self._undecided = "".join(self._default[name] for name in ("note", "by", "at", "rev"))
        self._is_brief = is_brief
        self._no_target = ', "target": null' if is_whole else ""

    def list(self, annotations: Iterable[Annotation]) -> str:
        """The annotations as one JSON array."""
        return f"[{', '.join(map(self.of, annotations))}]"

    def suggestion(self, one: Entity, own: str, layer: str) -> str:
        """An entity as a suggestion of a model's layer, under an id of its own.

        It is what `of` makes of a record that says so, without making that record.
        """
        return self._suggested(one, own, layer, f'{{"label": {self._quote(one.label)}}}')

    def suggested_claim(self, one: Claim, own: str, layer: str, holder: Holder) -> str:
        """The same of a claim, with its holder as this layer knows it."""
        return self._suggested(one, own, layer, self._values(one, holder), self._evidence(one))

    def _suggested(self, one: Annotation, own: str, layer: str, values: str, more: str = "") -> str:
        """What is suggested stands there twice: as it is, and as what it began as."""
        quote, span = self._quote, one.span
        place = f'"start": {span.start}, "end": {span.end}'
        note = self._keys["note"] + quote(one.note) if one.note else ""
        score = "" if one.score is None else f', "score": {self._number(one.score)}'
        return (
            f'{{"id": "{own}", "kind": "{one.kind}", {place}, "text": {quote(one.text)}, '
            f'{values[1:-1]}{more}, "status": "suggested"{note}{score}, '
            f'"origin": {{"layer": "{layer}", {place}, "values": {values}{score}}}}}'
        )

    def of(self, one: Annotation) -> str:
        """One annotation as a JSON object."""
        quote, keys, default, span = self._quote, self._keys, self._default, one.span
        own = (
            f'"label": {quote(one.label)}'
            if isinstance(one, Entity)
            else f"{self._values(one, one.holder)[1:-1]}{self._evidence(one)}"
        )
        said = self._undecided
        if one.note or one.by or one.at or one.rev:
            said = (
                f"{keys['note'] + quote(one.note) if one.note else default['note']}"
                f"{keys['by'] + quote(one.by) if one.by else default['by']}"
                f"{keys['at'] + quote(one.at) if one.at else default['at']}"
                f"{keys['rev'] + str(one.rev) if one.rev else default['rev']}"
            )
        score, origin = one.score, one.origin
        number = "" if score is None else self._number(score)
        began = default["origin"]
        if origin and self._is_brief and is_repeated(one, origin):
            began = keys["origin"] + quote(origin.layer)
        elif origin:
            # A suggestion's score stands there twice, and is often the same object.
            inner = number if origin.score is score else None
            began = keys["origin"] + self._origin(origin, inner)
        return (
            f'{{"id": {quote(one.id)}, "kind": "{one.kind}", "start": {span.start}, '
            f'"end": {span.end}, "text": {quote(one.text)}, {own}, "status": "{one.status}"'
            f"{said}{keys['score'] + number if number else default['score']}{began}}}"
        )

    def _values(self, one: Claim, holder: Holder) -> str:
        """What `values()` of a claim is, with this holder."""
        quote = self._quote
        links = [
            f'{{"kind": {quote(link.kind)}}}' if link.start < 0 else self.encode(link.plain())
            for link in holder
        ]
        likelihood = self.encode(dict(one.likelihood)) if one.likelihood else "null"
        return (
            f'{{"stance": {quote(one.stance)}, "certainty": {quote(one.certainty)}, '
            f'"holder": [{", ".join(links)}], "frame": {quote(one.frame)}, '
            f'"time": {quote(one.time)}, "likelihood": {likelihood}, "quote": {quote(one.quote)}, '
            f'"doubt": {"true" if one.doubt else "false"}}}'
        )

    def _evidence(self, one: Claim) -> str:
        """What a claim has beside its values, each behind a comma."""
        cues = self.encode([cue.plain() for cue in one.cues]) if one.cues else "[]"
        target = self._no_target
        if one.target:
            target = f', "target": [{one.target.start}, {one.target.end}]'
        return f', "cues": {cues}{target}'

    def _origin(self, one: Provenance, number: str | None) -> str:
        quote, values = self._quote, one.values
        label = values.get("label")
        said = (
            f'{{"label": {quote(label)}}}'
            if type(label) is str and len(values) == 1
            else self.encode(dict(values))
        )
        if number is None:
            number = "" if one.score is None else self._number(one.score)
        score = f', "score": {number}' if number else ""
        why = f', "why": {self.encode(list(one.why))}' if one.why else ""
        return (
            f'{{"layer": {quote(one.layer)}, "start": {one.start}, "end": {one.end}, '
            f'"values": {said}{score}{why}}}'
        )

    def _number(self, value: Any) -> str:
        return repr(value) if type(value) is float and isfinite(value) else self.encode(value)


def is_repeated(one: Annotation, origin: Provenance) -> bool:
    """Whether an annotation stands as it was suggested: its origin says nothing but the layer."""
    span, score = one.span, one.score
    return (
        origin.start == span.start
        and origin.end == span.end
        and origin.score == score
        and type(origin.score) is type(score)
        and not origin.why
        and origin.values == one.values()
    )


PLAIN: Final = Notation()
"""As the files of a project have them."""

ASCII: Final = Notation(is_ascii=True)
"""The same without any other character, so that nobody takes one for the end of a line."""

PACKED: Final = Notation(is_ascii=True, is_brief=True)
"""As other formats carry them beside their own."""
