"""The projects that the real reader is tried on."""

from __future__ import annotations

from pathlib import Path

import pytest
import scenes

from annotations.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two sample documents with suggestions, and one without any between them."""
    return scenes.bare(tmp_path / "project", scenes.SUMMIT, scenes.MINUTES, scenes.LIGHTHOUSE)


@pytest.fixture
def begun(tmp_path: Path) -> Project:
    """Every sample document, with decisions of each kind."""
    return scenes.build(tmp_path / "project")
