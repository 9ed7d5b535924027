"""Fit the shipped weights anew: `python -m annotations.suggest.claims --uds FILE --factappeal FILE`.

The same files give the same weights: nothing is drawn by chance.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from annotations.suggest import models
from annotations.suggest.claims.fitting import fit_published
from annotations.suggest.claims.scorer import WEIGHTS


def main() -> int:
    """Fit on the files named, and write one npz file a scorer."""
    parser = argparse.ArgumentParser(prog="python -m annotations.suggest.claims")
    parser.add_argument("--uds", type=Path, required=True, help="training part, JSON lines")
    parser.add_argument("--factappeal", type=Path, required=True, help="training part, CSV")
    parser.add_argument("--model", default=models.DEFAULT)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    info = models.find(given.model)
    nlp = models.load(info, parse=True)
    given.out.mkdir(parents=True, exist_ok=True)
    for name, (weights, about) in fit_published(nlp, given.uds, given.factappeal).items():
        weights.save(given.out / f"{name}.npz", about | {"pipeline": info.layer})
        sys.stderr.write(f"{name}: {len(weights.weights)} weights, {about['examples']} examples\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
