"""Small pipelines that load at once, for tests that need no trained model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language

MakePipeline = Callable[..., Path]


@pytest.fixture(scope="session")
def make_pipeline(tmp_path_factory: pytest.TempPathFactory) -> MakePipeline:
    """Write a rule pipeline to the disk: `make_pipeline({"Orlen": "PERSON"}, version="1.0.0")`."""

    def make(phrases: dict[str, str], **meta: Any) -> Path:
        nlp: Language = spacy.blank("en")
        ruler = nlp.add_pipe("entity_ruler")
        ruler.add_patterns(  # type: ignore[attr-defined]
            [{"label": label, "pattern": words} for words, label in phrases.items()]
        )
        nlp.meta.update({"name": "toy", "version": "1.0.0"} | meta)
        folder = tmp_path_factory.mktemp("pipeline") / "toy"
        nlp.to_disk(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def toy(make_pipeline: MakePipeline) -> Path:
    """A pipeline that knows a person, a place and a ministry."""
    return make_pipeline(
        {"Orlen": "PERSON", "the Arvel Strait": "LOC", "Ministry of Tides": "ORG"},
    )
