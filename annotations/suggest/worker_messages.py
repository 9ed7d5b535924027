"""What a program and the process that runs a model say to each other: frames of JSON.

A frame is four bytes with the length of what follows, most significant first, and a JSON object.
Nothing that the other side sends is executed, and what a model's process sends is checked before
it counts as suggestions: a model may do what it likes in its own process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from annotations import record_parser
from annotations.errors import ModelError, PurportError
from annotations.records import Annotation, Claim, Entity, Plain, Status, suggestion_id
from annotations.suggest.model_info import ModelInfo
from annotations.text import Text

LARGEST: Final = 64 << 20
"""Bytes of a frame that is accepted from a model's process."""

ROWS: Final = 2000
"""Suggestions in one frame at most."""

_HEAD: Final = 4
_ID: Final = re.compile(r"s[0-9a-f]{11}")


@dataclass(frozen=True, slots=True)
class Job:
    """What a model's process is started for.

    Attributes:
        model: the pipeline.
        tidy, scores: how suggestions are wanted, as for `suggest_entities`.
        claims: whether claims are wanted.
        threshold: claims of a lower score are left out; None for the usual one.
        root: the project's folder; its own weights for claims are used.
    """

    model: ModelInfo
    root: Path
    tidy: bool = True
    scores: bool = True
    claims: bool = False
    threshold: float | None = None

    def plain(self) -> Plain:
        """The job as JSON holds it."""
        model = self.model
        return {
            "package": model.package,
            "lang": model.lang,
            "name": model.name,
            "version": model.version,
            "folder": str(model.folder.absolute()),
            "licence": model.licence,
            "components": list(model.components),
            "is_installed": model.is_installed,
            "tidy": self.tidy,
            "scores": self.scores,
            "claims": self.claims,
            "root": str(self.root.absolute()),
            "threshold": self.threshold,
        }

    @classmethod
    def parse(cls, plain: Plain) -> Job:
        """The job of `plain()`."""
        model = ModelInfo(
            package=plain["package"],
            lang=plain["lang"],
            name=plain["name"],
            version=plain["version"],
            folder=Path(plain["folder"]),
            licence=plain["licence"],
            components=tuple(plain["components"]),
            is_installed=plain["is_installed"],
        )
        settings = (plain[name] for name in ("tidy", "scores", "claims", "threshold"))
        return cls(model, Path(plain["root"]), *settings)


def frame(message: Plain) -> bytes:
    """A message as it is sent."""
    data = orjson.dumps(message)
    return len(data).to_bytes(_HEAD, "big") + data


class Frames:
    """Puts the messages together of which the bytes arrive in pieces."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Plain]:
        """The messages that are whole now.

        Raises:
            ModelError: what arrived is not a message.
        """
        self._held += data
        while len(self._held) >= _HEAD:
            size = int.from_bytes(self._held[:_HEAD], "big")
            if size > LARGEST:
                raise ModelError(f"The model's process sent a message of {size:,} bytes.")
            if len(self._held) < _HEAD + size:
                return
            whole = bytes(self._held[_HEAD : _HEAD + size])
            del self._held[: _HEAD + size]
            try:
                message = orjson.loads(whole)
            except ValueError:
                message = None
            if not isinstance(message, dict) or not isinstance(message.get("say"), str):
                raise ModelError("The model's process sent something that is not a message.")
            yield message


def suggestions(rows: Iterable[Any], text: Text, model: ModelInfo) -> list[Annotation]:
    """The suggestions that a model's process sent for a text.

    Raises:
        ModelError: one of them is not a suggestion of this model for this text.
    """
    found = []
    for row in rows:
        try:
            one = record_parser.record(row)
            problem = _problem(one, text, model)
        except (PurportError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
            one, problem = None, "is not a record"
        if problem or not isinstance(one, Entity | Claim):
            raise ModelError(f"The model's process sent a suggestion that {problem}.")
        found.append(one)
    return found


def _problem(one: object, text: Text, model: ModelInfo) -> str:
    """What is wrong with a suggestion, in words; empty if nothing is."""
    if not isinstance(one, Entity | Claim):
        return "is not an entity or a claim"
    span, origin = one.span, one.origin
    if type(span.start) is not int or type(span.end) is not int or span.of(text) != one.text:
        return "does not have the words of the text"
    if one.status is not Status.SUGGESTED or one.by or one.at or one.rev or one.note:
        return "is already decided"
    if one.score is not None and not (type(one.score) is float and 0 <= one.score <= 1):
        return "has a score that is not between 0 and 1"
    layer = model.layer if isinstance(one, Entity) else model.claims_layer
    if origin is None or (origin.layer, origin.start, origin.end, origin.score) != (
        *(layer, span.start, span.end),
        one.score,
    ):
        return "names another origin"
    if origin.values != one.values():
        return "differs from its origin"
    if isinstance(one, Entity):
        if type(one.label) is not str or not one.label:
            return "has no label"
        is_own = one.id == suggestion_id(layer, Entity.kind, span, one.label)
    else:
        is_own = type(one.id) is str and _ID.fullmatch(one.id) is not None
    return "" if is_own else "has another id"
