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

from home import SAID_BY_THE_SHELL, home  # noqa: E402 - only found from here on


@pytest.fixture
def seeds() -> Path:
    """The folder of sample documents."""
    return TESTS.parent / "seeds"


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep a person's own settings, places and caches out of the test's way, and it out of theirs."""
    for name, folder in home(tmp_path_factory.mktemp("home")).items():
        monkeypatch.setenv(name, folder)
    for name in SAID_BY_THE_SHELL:
        monkeypatch.delenv(name, raising=False)
