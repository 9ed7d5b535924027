"""The default pipeline with its parser, loaded once."""

from __future__ import annotations

import pytest
from spacy.language import Language

from annotations.suggest import models


@pytest.fixture(scope="session")
def parser() -> Language:
    """The default pipeline, complete."""
    return models.load(models.find(), parse=True)
