"""What every test has at hand: the sample documents, and modules that tests and benches share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

# `from long_text import long_text` works in every test: with import-mode=importlib, pytest
# itself leaves sys.path alone. At its end, so that tests/annotations never shadows the package.
if str(TESTS) not in sys.path:
    sys.path.append(str(TESTS))


@pytest.fixture
def seeds() -> Path:
    """The folder of sample documents."""
    return TESTS.parent / "seeds"


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what is derived, and the person's own settings, out of the test's way."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    for name in ("PURPORT_PROJECT", "PURPORT_ANNOTATOR"):
        monkeypatch.delenv(name, raising=False)
