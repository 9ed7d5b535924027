"""The stored pictures are those that the code makes now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from screenshots import FOLDER, SHOTS, Shot


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_picture_is_what_the_code_makes(shot: Shot, tmp_path: Path) -> None:
    stored = FOLDER / f"{shot.name}.svg"
    is_current = shot.take(tmp_path) == stored.read_text(encoding="utf-8")
    assert is_current, f"{stored.name} is out of date; run: python tests/screenshots.py"


def test_no_picture_is_left_from_before() -> None:
    assert {one.stem for one in FOLDER.glob("*.svg")} == {shot.name for shot in SHOTS}


def test_a_picture_asks_no_server_for_anything() -> None:
    for stored in FOLDER.glob("*.svg"):
        asked = re.findall(r"(?:url\(|href=|src=)[\"']?(?!#)[^\s)]*", stored.read_text("utf-8"))
        assert asked == [], stored.name
