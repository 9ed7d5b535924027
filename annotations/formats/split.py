"""Documents shared out into parts, such as for training and for testing, by a seed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from annotations.errors import InputError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def parse(spec: str) -> dict[str, float]:
    """The shares of `train=0.8,dev=0.1,test=0.1`: names of files, and figures that sum to 1.

    Raises:
        InputError: it is no such list.
    """
    shares: dict[str, float] = {}
    for part in spec.split(","):
        name, _, figure = (word.strip() for word in part.partition("="))
        share = _share(figure)
        if not _NAME.fullmatch(name) or share is None:
            raise InputError(
                f"--split {spec}: {part.strip()!r} is no part; write train=0.8,dev=0.1,test=0.1."
            )
        if name in shares:
            raise InputError(f"--split {spec}: {name!r} is there twice; give each part one name.")
        shares[name] = share
    total = math.fsum(shares.values())
    if not math.isclose(total, 1.0, abs_tol=1e-6):
        raise InputError(f"--split {spec}: the parts sum to {total:g}; they have to sum to 1.")
    return shares


def _share(figure: str) -> float | None:
    try:
        share = float(figure)
    except ValueError:
        return None
    return share if 0.0 <= share <= 1.0 else None


def share_out(
    documents: Iterable[str], shares: Mapping[str, float], seed: int = 0
) -> dict[str, list[str]]:
    """The ids that go into each part; the same whatever order they come in.

    Each part gets its share to the nearest document, and one at least where its share is not 0
    and there are enough for all.

    Args:
        documents: ids.
        shares: for each part what it gets of the whole; they sum to 1.
        seed: another one gives another split.
    """
    order = sorted(set(documents), key=lambda one: sha256(f"{seed}|{one}".encode()).digest())
    parts, start = {}, 0
    for name, count in _counts(len(order), shares).items():
        parts[name] = order[start : start + count]
        start += count
    return parts


def _counts(total: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers that sum to `total`, by the largest remainder."""
    exact = {name: total * share for name, share in shares.items()}
    counts = {name: math.floor(value + 1e-9) for name, value in exact.items()}
    by_rest = sorted(shares, key=lambda name: (counts[name] - exact[name], -shares[name]))
    for name in by_rest[: total - sum(counts.values())]:
        counts[name] += 1
    wanted = [name for name, share in shares.items() if share > 0]
    for name in wanted:
        richest = max(counts, key=lambda one: counts[one])
        if counts[name] == 0 and total >= len(wanted):
            counts[name], counts[richest] = 1, counts[richest] - 1
    return counts
