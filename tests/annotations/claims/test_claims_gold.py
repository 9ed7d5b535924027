"""Our own examples against the rules: the guide's own one by one, all of them by their share."""

from __future__ import annotations

import claims_gold
import pytest
from spacy.language import Language

from annotations.schema import default
from annotations.suggest.claims import scorer
from annotations.suggest.claims.suggest import Reading, read
from annotations.suggest.claims.tree import Tree

EXAMPLES = list(claims_gold.examples())
GUIDE = EXAMPLES[:30]
"""Those of the guide itself stand first."""


@pytest.fixture(scope="module")
def readings(parser: Language) -> list[tuple[Tree, Reading | None]]:
    made = []
    for example, doc in zip(EXAMPLES, parser.pipe([one.text for one in EXAMPLES]), strict=True):
        tree = Tree.of(doc)
        made.append((tree, claims_gold.found(tree, read(tree, scorer.load()), example)))
    return made


@pytest.mark.parametrize("number", range(len(GUIDE)), ids=[one.text for one in GUIDE])
def test_the_guides_examples_are_read_as_the_guide_reads_them(
    number: int, readings: list[tuple[Tree, Reading | None]]
) -> None:
    example, (tree, one) = GUIDE[number], readings[number]
    assert one is not None
    assert (one.value.stance, one.value.certainty) == (example.stance, example.certainty)
    assert claims_gold.holder_of(tree, one).lower() == example.holder.lower()
    assert not example.frame or one.value.frame == example.frame


def share(of: str, readings: list[tuple[Tree, Reading | None]]) -> float:
    right = 0
    for example, (tree, one) in zip(EXAMPLES, readings, strict=True):
        if one is None:
            continue
        right += {
            "stance": one.value.stance == example.stance,
            "certainty": one.value.certainty == example.certainty,
            "holder": claims_gold.holder_of(tree, one).lower() == example.holder.lower(),
            "cues": claims_gold.has_cues(tree, one, example),
            "span": claims_gold.overlap(tree, one, example) > 0.85,
        }[of]
    return right / len(EXAMPLES)


@pytest.mark.parametrize(
    ("of", "bar"),
    [("stance", 0.95), ("certainty", 0.95), ("holder", 0.95), ("cues", 0.92), ("span", 0.85)],
)
def test_nearly_all_of_our_own_examples_are_read_right(
    of: str, bar: float, readings: list[tuple[Tree, Reading | None]]
) -> None:
    assert len(EXAMPLES) >= 180
    assert share(of, readings) >= bar


def test_every_reading_is_one_that_the_schema_allows(
    readings: list[tuple[Tree, Reading | None]],
) -> None:
    schema = default()
    for _, one in readings:
        if one is not None:
            assert (one.value.stance, one.value.certainty) in schema.pairs
            assert one.value.frame in schema.names("frame")
            assert one.value.time in schema.names("time")
            assert one.quote in schema.names("quote")
