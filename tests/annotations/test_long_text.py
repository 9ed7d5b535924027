from __future__ import annotations

import subprocess
import sys

import pytest
from long_text import __file__ as script
from long_text import long_text


@pytest.mark.parametrize("words", [1, 500, 20_000])
def test_it_has_the_words_asked_for_and_little_more(words: int) -> None:
    assert words <= len(long_text(words).split()) <= words + 250


def test_the_same_seed_gives_the_same_text_and_another_another() -> None:
    assert long_text(5_000, 3) == long_text(5_000, 3)
    assert long_text(5_000, 3) != long_text(5_000, 4)


def test_it_is_no_mere_repetition() -> None:
    paragraphs = long_text(20_000).split("\n\n")
    assert len(set(paragraphs)) > len(paragraphs) / 2


def test_it_runs_as_a_script() -> None:
    made = subprocess.run([sys.executable, script, "600", "7"], capture_output=True, check=True)
    assert made.stdout.decode() == long_text(600, 7)
