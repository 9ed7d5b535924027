"""A logistic regression over named features: fitted with numpy alone, in seconds, without chance."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from annotations.errors import InputError

Floats = NDArray[np.float64]

_MEMORY: Final = 8
"""How many steps the search remembers."""


@dataclass
class Logistic:
    """Weights by feature name; the bias stands under the empty name.

    Attributes:
        weights: a feature that is not there weighs nothing.
    """

    weights: dict[str, float]

    def raw(self, features: Sequence[str]) -> float:
        """The sum of the weights."""
        get = self.weights.get
        return get("", 0.0) + sum([get(one, 0.0) for one in features])

    def score(self, features: Sequence[str]) -> float:
        """The probability, 0 to 1."""
        value = self.raw(features)
        return float(1.0 / (1.0 + np.exp(-max(-30.0, min(30.0, value)))))

    def save(self, path: Path | BinaryIO, about: dict[str, Any]) -> None:
        """Keep names and weights, and what they were fitted on, in an npz file."""
        names = sorted(self.weights)
        np.savez_compressed(
            path,
            names=np.array(json.dumps(names, ensure_ascii=False)),
            weights=np.array([self.weights[name] for name in names], dtype=np.float32),
            about=np.array(json.dumps(about, ensure_ascii=False)),
        )

    @classmethod
    def load(cls, path: Path, data: bytes | None = None) -> tuple[Logistic, dict[str, Any]]:
        """The weights of `save`, and what they were fitted on.

        Args:
            path: the file.
            data: what the file holds, where it was read already.

        Raises:
            InputError: it is no such file.
        """
        try:
            with np.load(path if data is None else BytesIO(data), allow_pickle=False) as held:
                names = json.loads(str(held["names"]))
                weights = held["weights"].tolist()
                about = json.loads(str(held["about"]))
        except (OSError, ValueError, KeyError) as error:
            raise InputError(f"{path}: no weights of a scorer ({error}). Fit them again.") from None
        return cls(dict(zip(names, weights, strict=True))), about


def fit(
    rows: Sequence[Sequence[str]],
    labels: Sequence[float],
    *,
    strength: float = 1.0,
    least: int = 3,
    steps: int = 150,
) -> Logistic:
    """The weights that explain the labels best.

    Args:
        rows: the features of each example.
        labels: 0 to 1; between the two where the example was in doubt.
        strength: of the pull towards 0 (the ridge).
        least: a feature that fewer examples have is left out.
        steps: at most so many.
    """
    counts = Counter(name for row in rows for name in set(row))
    names = sorted(name for name, count in counts.items() if count >= least)
    numbers = {name: number for number, name in enumerate(names)}
    bias = len(names)
    columns: list[int] = []
    lengths = np.zeros(len(rows), dtype=np.int64)
    for number, row in enumerate(rows):
        own = [numbers[name] for name in sorted(set(row)) if name in numbers] + [bias]
        columns += own
        lengths[number] = len(own)
    where = np.array(columns)
    of = np.repeat(np.arange(len(rows)), lengths)
    wanted = np.array(labels, dtype=np.float64)

    def cost(weights: Floats) -> tuple[float, Floats]:
        sums = np.bincount(of, weights[where], minlength=len(wanted))
        loss = float(np.sum(np.logaddexp(0, sums) - wanted * sums))
        slope = np.bincount(where, (1 / (1 + np.exp(-sums)) - wanted)[of], minlength=bias + 1)
        pull = weights.copy()
        pull[bias] = 0
        return loss + 0.5 * strength * float(pull @ pull), slope + strength * pull

    found = _descend(cost, np.zeros(bias + 1), steps)
    weights = {name: float(found[number]) for name, number in numbers.items()}
    weights[""] = float(found[bias])
    return Logistic(weights)


def _descend(cost: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int) -> Floats:
    """The place of least cost, by L-BFGS with a halving step."""
    here = start
    value, slope = cost(here)
    moves: list[tuple[Floats, Floats]] = []
    for _ in range(steps):
        way = slope.copy()
        shares = []
        for move, change in reversed(moves):
            share = (move @ way) / (move @ change)
            shares.append(share)
            way -= share * change
        if moves:
            move, change = moves[-1]
            way *= (move @ change) / (change @ change)
        else:
            way /= max(1.0, float(np.linalg.norm(slope)))
        for (move, change), share in zip(moves, reversed(shares), strict=True):
            way += move * (share - (change @ way) / (move @ change))
        size = 1.0
        fall = float(slope @ way)
        while size > 1e-8:
            there = here - size * way
            new, new_slope = cost(there)
            if new <= value - 1e-4 * size * fall:
                break
            size /= 2
        else:
            break
        if (there - here) @ (new_slope - slope) > 1e-10:
            moves = [*moves, (there - here, new_slope - slope)][-_MEMORY:]
        done = value - new < 1e-6 * abs(value)
        here, value, slope = there, new, new_slope
        if done:
            break
    return here


def calibration_error(scores: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """The mean gap between score and share of right ones, over bins of equal width (ECE)."""
    found = np.array(scores)
    were = np.array(right, dtype=np.float64)
    place = np.minimum((found * bins).astype(int), bins - 1)
    gap = 0.0
    for number in range(bins):
        inside = place == number
        if inside.any():
            gap += abs(float(found[inside].mean() - were[inside].mean())) * float(inside.mean())
    return gap
