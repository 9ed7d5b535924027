"""The scorer's fit, and what a project's decisions teach it."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations.errors import InputError
from annotations.suggest.claims import scorer
from annotations.suggest.claims.fitting import LEAST, Decided, fit_decisions
from annotations.suggest.claims.logistic import Logistic, calibration_error, fit


def test_a_fit_finds_what_decides() -> None:
    rows = [["wet", "cold"], ["wet"], ["dry", "cold"], ["dry"]] * 20
    model = fit(rows, [1, 1, 0, 0] * 20, strength=0.1)
    assert model.score(["wet"]) > 0.95
    assert model.score(["dry"]) < 0.05
    assert abs(model.weights["cold"]) < 0.1


def test_the_same_rows_give_the_same_weights() -> None:
    rows = [["a"], ["b"], ["a", "b"], ["c"]] * 9
    labels = [1.0, 0.0, 0.7, 0.2] * 9
    assert fit(rows, labels) == fit(rows, labels)


def test_weights_come_back_as_they_were_kept(tmp_path: Path) -> None:
    model = Logistic({"": 0.5, "aux=\n": -1.25, "é": 2.0})
    model.save(tmp_path / "w.npz", {"data": "none"})
    assert Logistic.load(tmp_path / "w.npz") == (model, {"data": "none"})


def test_what_is_no_file_of_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    path.write_bytes(b"no weights")
    with pytest.raises(InputError, match="no weights of a scorer"):
        Logistic.load(path)


def test_an_honest_score_has_no_error() -> None:
    assert calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0)
    assert calibration_error([1.0] * 4, [False] * 4) == pytest.approx(1)


def test_the_shipped_weights_are_there() -> None:
    held = scorer.load()
    assert 0 < held.happened.score(["read=13"]) < 1
    assert len(held.attribution.weights) > 100


def decisions(count: int) -> list[Decided]:
    return [
        Decided(f"doc{number % 20}", [f"n={number}", "bad" if number % 3 else "good"], 0.6, not number % 3)
        for number in range(count)
    ]  # fmt: skip


def test_decisions_teach_and_the_change_is_told() -> None:
    weights, change = fit_decisions(decisions(300))
    assert change.learnt + change.held == 300
    assert change.is_better
    assert change.loss[1] < change.loss[0]
    assert weights.score(["good"]) > weights.score(["bad"])


def test_too_few_decisions_teach_nothing() -> None:
    with pytest.raises(InputError, match=f"{LEAST} are needed"):
        fit_decisions(decisions(LEAST - 1))
