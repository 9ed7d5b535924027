"""What can be shown of a document: the layers that can be read, with the words of its text.

A file of another person or of a model that is damaged must not keep the document from being read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from annotations import messages
from annotations.errors import PurportError, StorageError
from annotations.layer import Layer, Overlay
from annotations.text import Text


class ReadableOverlay(Overlay):
    """An overlay of what could be read.

    Attributes:
        problems: what could not, each with the reason.
    """

    problems: tuple[str, ...] = ()


def overlay(
    own: Layer,
    models: Iterable[Callable[[], Layer]],
    text: Callable[[], Text],
    *,
    nested: bool,
) -> ReadableOverlay:
    """The overlay of a person's layer and those of models.

    Args:
        own: the person's layer.
        models: reads each model's layer.
        text: reads the document's text; without it, words are not compared.
        nested: whether entities may stand on parts of each other.
    """
    problems = list[str]()
    layers = [own]
    for read in models:
        try:
            layers.append(read())
        except StorageError as error:
            problems.append(str(error))
    try:
        words = text()
    except PurportError:  # it was erased, or cannot be read, which is said where it is shown
        shown = layers
    else:
        shown = []
        for layer in layers:
            fitted, problem = fitting(layer, words)
            shown.append(fitted)
            problems += [problem] if problem else []
    made = ReadableOverlay(shown[0], shown[1:], nested=nested)
    made.problems = tuple(problems)
    return made


def fitting(layer: Layer, text: Text) -> tuple[Layer, str]:
    """The layer without annotations whose words are not the text's, and what is wrong with them."""
    wrong = {one.id for one in layer if text[one.span.start : one.span.end] != one.text}
    if not wrong:
        return layer, ""
    kept = {one.id: one for one in layer if one.id not in wrong}
    first = min(wrong)
    span = layer.annotations[first].span
    problem = messages.OTHER_WORDS.format(
        layer=layer.name,
        document=layer.document,
        count=len(wrong),
        id=first,
        start=span.start,
        end=span.end,
    )
    return replace(layer, annotations=kept, _index=None), problem
