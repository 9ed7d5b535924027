"""Some hundreds of random events on the real reader; tests/bench/soak.py has the other 200,000."""

from __future__ import annotations

from pathlib import Path

import pytest
import soaking


@pytest.mark.parametrize("first", range(len(soaking.WAYS)))
def test_random_events_end_nothing_and_lose_nothing(tmp_path: Path, first: int) -> None:
    tally = soaking.soak(tmp_path, seed=12, count=80, each=80, first=first)
    assert tally.complaints == []
    assert tally.lost == 0


def test_random_bytes_in_a_terminal_end_nothing_and_lose_nothing(tmp_path: Path) -> None:
    assert soaking.in_terminal(tmp_path, seed=12, count=150) == []
