"""Documents shared out into parts, such as for training and for testing, by a seed."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

from annotations.errors import InputError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_DOCUMENTS: Final = "documents"


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
    documents: Iterable[str],
    shares: Mapping[str, float],
    seed: int = 0,
    *,
    groups: Mapping[str, str] | None = None,
    labels: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, list[str]]:
    """The ids that go into each part; the same whatever order they come in.

    Each part gets its share to the nearest document, and one at least where its share is not 0
    and there are enough for all. With groups or labels it comes as near to that as they allow.

    Args:
        documents: ids.
        shares: for each part what it gets of the whole; they sum to 1.
        seed: another one gives another split.
        groups: for each id what it belongs to; what belongs together goes into one part.
        labels: for each id how often it has each label; every part gets its share of each.
    """
    order = sorted(set(documents), key=lambda one: sha256(f"{seed}|{one}".encode()).digest())
    if groups is not None or labels is not None:
        return _balanced(order, shares, groups or {}, labels or {})
    parts, start = {}, 0
    for name, count in _counts(len(order), shares).items():
        parts[name] = order[start : start + count]
        start += count
    return parts


def _balanced(
    order: list[str],
    shares: Mapping[str, float],
    groups: Mapping[str, str],
    labels: Mapping[str, Mapping[str, int]],
) -> dict[str, list[str]]:
    """Iterative stratification (Sechidis, Tsoumakas and Vlahavas, 2011) of whole groups.

    The rarest label goes first, each group that has it to the part that lacks most of it.
    """
    units: dict[str, list[str]] = {}
    for one in order:
        units.setdefault(f"group {groups[one]}" if one in groups else f"id {one}", []).append(one)
    has: dict[str, Counter[str]] = {}
    for unit, ids in units.items():
        has[unit] = Counter({_DOCUMENTS: len(ids)})
        for one in ids:
            has[unit].update({f"label {name}": n for name, n in labels.get(one, {}).items()})
    total: Counter[str] = sum(has.values(), Counter())
    lacks = {name: {key: share * total[key] for key in total} for name, share in shares.items()}
    parts: dict[str, list[str]] = {name: [] for name in shares}
    holders = {key: [unit for unit in units if has[unit][key]] for key in total}
    waiting = dict.fromkeys(units)
    # The figure of all documents comes last: it is what those without a label are shared by.
    for key in sorted(total, key=lambda one: (one == _DOCUMENTS, len(holders[one]), one)):
        for unit in sorted(holders[key], key=lambda one: -has[one][key]):
            if unit not in waiting:
                continue
            del waiting[unit]
            chosen = max(
                (name for name in shares if shares[name] > 0),
                key=lambda name: (lacks[name][key], lacks[name][_DOCUMENTS]),
            )
            parts[chosen] += units[unit]
            for figure, times in has[unit].items():
                lacks[chosen][figure] -= times
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
