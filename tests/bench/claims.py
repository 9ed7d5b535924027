"""How well claims are read, on data sets of two published formats and on our own examples.

    python tests/bench/claims.py --uds FILE.jsonl --factappeal FILE.csv [--json]

`--uds` takes a file in the format of UDS-IH2 (targets given, each from -3, surely did not happen,
to 3): Pearson's r of the scorer's factuality with the label; F1 of "denies" is that of the targets
below 0; the error of the score (ECE, ten bins) is that of the number shown beside a claim, the
probability that the reading of the rules agrees with what happened. `--factappeal` takes a file in
the format of FactAppeal: whether a source was found that overlaps the tagged one, and the tokens
of attributed content. Beside each figure stands what the simplest guess reaches.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from annotations.suggest import models
from annotations.suggest.claims import features, scorer
from annotations.suggest.claims.corpora import factappeal, uds
from annotations.suggest.claims.logistic import calibration_error
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.suggest import read
from annotations.suggest.claims.tree import Tree

sys.path.insert(0, str(Path(__file__).parents[1]))

import claims_gold

SEEDS = Path(__file__).parents[2] / "seeds"


@dataclass(frozen=True)
class Figure:
    """One figure with its bar, and what the simplest guess reaches."""

    name: str
    value: float
    bar: float
    base: float | None = None
    about: str = ""
    most: bool = False
    """Whether the bar is the most that will do, not the least."""

    @property
    def holds(self) -> bool:
        """Whether the bar is met."""
        return self.value <= self.bar if self.most else self.value >= self.bar


def f1(right: int, wrong: int, missed: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * right / max(1, 2 * right + wrong + missed)


def on_uds(nlp: object, path: Path) -> list[Figure]:
    """Factuality, "denies", and how honest the score is."""
    held = scorer.load()
    truth, guess, scores, right, ruled, denied = [], [], [], [], [], []
    for one in uds(nlp, path):  # type: ignore[arg-type]
        rules = Rules(one.tree)
        for place, label in one.targets:
            named = features.of_clause(one.tree, rules, place)
            value = rules.value(features.clause_of(one.tree, place))
            truth.append(label)
            guess.append(6 * held.factuality.score(named) - 3)
            denied.append(held.happened.score(named) < 0.5)
            scores.append(held.score(named, value))
            right.append(scorer.expects(value) == (label > 0))
            ruled.append(not scorer.expects(value))
    gold, below = np.array(truth), np.array(truth) < 0
    base = 2 * below.mean() / (1 + below.mean())

    def of(found: list[bool]) -> float:
        marked = np.array(found)
        return f1(
            int((marked & below).sum()), int((marked & ~below).sum()), int((~marked & below).sum())
        )

    always = float(np.mean(right))
    return [
        Figure("factuality, r", float(np.corrcoef(gold, guess)[0, 1]), 0.75, 0.0, f"{len(gold)} targets; base: the mean"),
        Figure("denies, F1", of(denied), 0.72, float(base), f"{below.mean():.0%} are; base: all denied; rules alone {of(ruled):.3f}"),
        Figure("score, ECE", calibration_error(scores, right), 0.03, abs(float(np.mean(scores)) - always), "base: the gap of the means", most=True),
        Figure("score shown, right where it is 0.8 or more", float(np.mean([ok for ok, score in zip(right, scores, strict=True) if score >= 0.8])), 0.0, always, f"{np.mean(np.array(scores) >= 0.8):.0%} of the targets; base: all"),
    ]  # fmt: skip


def on_factappeal(nlp: object, path: Path) -> list[Figure]:
    """Sources and attributed content."""
    held = scorer.load()
    tokens, heads, base = [0, 0, 0], [0, 0, 0], [0, 0]
    bare = [0, 0, 0]
    for one in factappeal(nlp, path):  # type: ignore[arg-type]
        rules = Rules(one.tree)
        kept, named = held.sourced(one.tree, rules)
        content = {
            each for found in kept for each in found.content if one.tree.deps[each] != "punct"
        }
        tokens = [
            tokens[0] + len(content & one.content),
            tokens[1] + len(content - one.content),
            tokens[2] + len(one.content - content),
        ]
        every = {each for each in range(len(one.tree)) if one.tree.deps[each] != "punct"}
        bare = [bare[0] + len(every & one.content), bare[1] + len(every - one.content), bare[2]]
        sources = [set(range(*each)) for each in named]
        hit = sum(any(source & mine for mine in sources) for source in one.sources)
        wrong = sum(not any(mine & source for source in one.sources) for mine in sources)
        heads = [heads[0] + hit, heads[1] + wrong, heads[2] + len(one.sources) - hit]
        nouns = [{start} for start, _, _ in one.tree.names[:1]]
        base[0] += sum(any(source & mine for mine in nouns) for source in one.sources)
        base[1] += sum(not any(mine & source for source in one.sources) for mine in nouns)
    sought = heads[0] + heads[2]
    return [
        Figure("holder overlap, F1", f1(*heads), 0.77, f1(base[0], base[1], sought - base[0]), f"{sought} sources; base: the first name"),
        Figure("attributed content, token F1", f1(*tokens), 0.80, f1(*bare), "base: every token"),
    ]  # fmt: skip


def on_gold(nlp: object) -> list[Figure]:
    """Our own examples."""
    examples = list(claims_gold.examples())
    counts = dict.fromkeys(("stance", "certainty", "holder", "cue"), 0)
    cued = 0
    for example, doc in zip(examples, nlp.pipe([one.text for one in examples]), strict=True):  # type: ignore[attr-defined]
        tree = Tree.of(doc)
        one = claims_gold.found(tree, read(tree, scorer.load()), example)
        cued += bool(example.cues)
        if one is None:
            continue
        counts["stance"] += one.value.stance == example.stance
        counts["certainty"] += one.value.certainty == example.certainty
        counts["holder"] += claims_gold.holder_of(tree, one).lower() == example.holder.lower()
        counts["cue"] += bool(example.cues) and claims_gold.has_cues(tree, one, example)
    total = len(examples)

    def base(of: Callable[[claims_gold.Example], str]) -> float:
        values = [of(one) for one in examples]
        return max(values.count(value) for value in set(values)) / total

    return [
        Figure("own examples: stance", counts["stance"] / total, 0.90, base(lambda one: one.stance), f"{total}; base: the commonest"),
        Figure("own examples: certainty", counts["certainty"] / total, 0.75, base(lambda one: one.certainty)),
        Figure("own examples: holder", counts["holder"] / total, 0.85, base(lambda one: one.holder)),
        Figure("own examples: every cue named", counts["cue"] / cued, 0.92, 0.0, f"{cued} with cues"),
    ]  # fmt: skip


def in_time(nlp: object, rounds: int = 5) -> Figure:
    """What claims add to the pipeline's own time, on the seeds."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.[tm]*"))] * 4
    held = scorer.load()
    bare, ours = [], []
    for _ in range(rounds):
        start = time.process_time()
        docs = list(nlp.pipe(texts))  # type: ignore[attr-defined]
        bare.append(time.process_time() - start)
        start = time.process_time()
        for doc in docs:
            read(Tree.of(doc), held)
        ours.append(time.process_time() - start)
    ratio = statistics.median(ours) / statistics.median(bare)
    return Figure("claims' share of the pipeline's time", ratio, 0.15, None, f"{sum(len(doc) for doc in docs)} tokens", most=True)  # fmt: skip


def main() -> int:
    """Print the figures; exit status 1 where a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--uds", type=Path)
    parser.add_argument("--factappeal", type=Path)
    parser.add_argument("--model", default=models.DEFAULT)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    nlp = models.load(models.find(given.model), parse=True)
    figures = [*on_gold(nlp), in_time(nlp)]
    if given.uds:
        figures += on_uds(nlp, given.uds)
    if given.factappeal:
        figures += on_factappeal(nlp, given.factappeal)
    if given.json:
        rows = [asdict(one) | {"holds": one.holds} for one in figures]
        print(json.dumps({"figures": rows}, indent=1))
    else:
        for one in figures:
            bar = f"{'≤' if one.most else '≥'} {one.bar:.2f}"
            base = "" if one.base is None else f"base {one.base:.3f}"
            print(f"{'✓' if one.holds else '✗'} {one.name:<44} {one.value:.3f}  {bar}  {base:<11} {one.about}")  # fmt: skip
    return int(not all(one.holds for one in figures))


if __name__ == "__main__":
    raise SystemExit(main())
