"""Layers to files and back: one module a format, and a registry of them.

A format's module defines `FORMAT` and is listed here; nothing else knows of it. What a format
needs beyond the standard library is imported inside its functions, so that listing costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from annotations.errors import UnknownError
from annotations.formats import (
    brat,
    conll,
    doccano,
    extractions,
    huggingface,
    jsonl,
    labelstudio,
    prodigy,
    spacy_docbin,
    table,
    uima,
    webannotation,
)
from annotations.formats.format import Format
from annotations.schema import nearest

FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        module.FORMAT.name: module.FORMAT
        for module in (
            jsonl,
            spacy_docbin,
            prodigy,
            conll,
            brat,
            doccano,
            labelstudio,
            webannotation,
            uima,
            huggingface,
            table,
            extractions,
        )
    }
)
"""Every format, by the name that `--format` takes."""


def get(name: str) -> Format:
    """The format of that name.

    Raises:
        UnknownError: there is none.
    """
    if name not in FORMATS:
        raise UnknownError(f"There is no format {name!r}; {nearest(name, FORMATS)}")
    return FORMATS[name]
