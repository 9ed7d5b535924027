from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nervaluate import Evaluator

from annotations.measure.matching import Counts, Outcome, Scheme, counted, matched, paired
from annotations.records import Entity
from annotations.span import Span

LABELS = ("PERSON", "ORG", "GPE")
THEIRS = {
    Scheme.STRICT: "strict",
    Scheme.EXACT: "exact",
    Scheme.PARTIAL: "partial",
    Scheme.TYPE: "ent_type",
}


def entity(start: int, end: int, label: str = "PERSON", key: str = "") -> Entity:
    return Entity(
        id=key or f"{start}-{end}-{label}", span=Span(start, end), text="x" * (end - start),
        label=label,
    )  # fmt: skip


@st.composite
def flat(draw: st.DrawFn) -> list[Entity]:
    """Entities that do not overlap, at most 100 characters each."""
    # The library takes less than a hundredth of an entity for no overlap at all.
    edges = sorted(draw(st.sets(st.integers(0, 60), max_size=14)))
    spans = [pair for pair in pairwise(edges) if draw(st.booleans())]
    return [entity(start, end, draw(st.sampled_from(LABELS))) for start, end in spans]


def as_theirs(entities: list[Entity]) -> list[dict[str, object]]:
    # Their ends are inclusive.
    return [
        {"label": one.label, "start": one.span.start, "end": one.span.end - 1} for one in entities
    ]


def counts_of(result: object) -> Counts:
    return Counts(*(getattr(result, str(outcome)) for outcome in Outcome))


@given(st.lists(st.tuples(flat(), flat()), min_size=1, max_size=4))
def test_every_scheme_counts_as_nervaluate_does(documents: list[tuple[list[Entity], ...]]) -> None:
    theirs = Evaluator(
        [as_theirs(gold) for _, gold in documents],
        [as_theirs(predicted) for predicted, _ in documents],
        list(LABELS),
        "dict",
    ).evaluate()
    for scheme, name in THEIRS.items():
        whole = sum((counted(matched(*one, scheme)) for one in documents), Counts())
        result = theirs["overall"][name]
        assert whole == counts_of(result)
        # Where nothing can be divided, the library says 0 and we say so.
        assert (whole.precision or 0) == pytest.approx(result.precision)
        assert (whole.recall or 0) == pytest.approx(result.recall)
        assert (whole.f1 or 0) == pytest.approx(result.f1)
        for label, by_scheme in theirs["entities"].items():
            alone = [
                [[one for one in side if one.label == label] for side in document]
                for document in documents
            ]
            ours = sum((counted(matched(*one, scheme)) for one in alone), Counts())
            assert ours == counts_of(by_scheme[name])


@given(flat(), flat(), st.sampled_from(Scheme))
def test_each_entity_is_in_one_pair(
    predicted: list[Entity], gold: list[Entity], scheme: Scheme
) -> None:
    for pairs in (matched(predicted, gold, scheme), paired(predicted, gold)):
        assert sorted(one.predicted.id for one in pairs if one.predicted) == sorted(
            one.id for one in predicted
        )
        assert sorted(one.gold.id for one in pairs if one.gold) == sorted(one.id for one in gold)


@pytest.mark.parametrize("scheme", Scheme)
def test_nested_entities_take_nothing_from_each_other(scheme: Scheme) -> None:
    both = [entity(0, 20, "ORG"), entity(0, 5, "GPE"), entity(4, 9, "GPE")]
    assert counted(matched(both, list(reversed(both)), scheme)) == Counts(correct=3)


def test_undefined_figures_are_none() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1) == (None, None, None)
    missed = Counts(missed=2)
    assert (missed.precision, missed.recall, missed.f1) == (None, 0, 0)
    spurious = Counts(spurious=2)
    assert (spurious.precision, spurious.recall, spurious.f1) == (0, None, 0)


def test_pairs_by_span_take_the_greatest_overlap_first() -> None:
    wide, narrow = entity(0, 30), entity(10, 20)
    pairs = paired([entity(9, 20)], [wide, narrow])
    assert [(one.predicted and one.predicted.span, one.gold) for one in pairs] == [
        (Span(9, 20), narrow),
        (None, wide),
    ]


def test_an_entity_is_found_under_the_same_id_in_both_layers() -> None:
    suggested = entity(0, 5, key="s1")
    moved = entity(0, 9, key="s1")
    (pair,) = matched([suggested], [moved], Scheme.STRICT)
    assert (pair.predicted, pair.gold, pair.outcome) == (suggested, moved, Outcome.INCORRECT)
