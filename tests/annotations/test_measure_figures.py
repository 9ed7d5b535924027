from __future__ import annotations

from collections import Counter

import pytest

from annotations.evidence import AUTHOR, GENERIC, Link
from annotations.measure.bootstrap import difference, intervals, mcnemar
from annotations.measure.calibration import calibration
from annotations.measure.claims import Agreement, ClaimFigures, value
from annotations.measure.matching import Counts, paired
from annotations.records import Claim
from annotations.span import Span


def claim(start: int, end: int, **parts: object) -> Claim:
    return Claim(id=f"c{start}-{end}", span=Span(start, end), text="x" * (end - start), **parts)  # type: ignore[arg-type]


def test_an_interval_holds_the_figure_and_is_the_same_each_time() -> None:
    documents = [[Counts(correct=8 + n % 3, missed=n % 4, spurious=2)] for n in range(40)]
    (made,) = intervals(documents)
    whole = sum((row[0] for row in documents), Counts())
    for name in ("precision", "recall", "f1"):
        ends = made[name]
        assert ends is not None
        assert ends[0] < getattr(whole, name) < ends[1]
        assert ends[1] - ends[0] < 0.1
    assert intervals(documents) == [made]


def test_an_interval_of_one_document_or_of_nothing_is_undefined() -> None:
    nothing = dict.fromkeys(("precision", "recall", "f1"))
    assert intervals([]) == []
    assert intervals([[Counts(correct=3)]]) == [nothing]
    assert intervals([[Counts()], [Counts()]]) == [nothing]


def test_more_draws_than_fit_at_once_are_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [[Counts(correct=n % 5, missed=1)] for n in range(30)]
    whole = intervals(documents)
    monkeypatch.setattr("annotations.measure.bootstrap._AT_ONCE", 100)
    assert intervals(documents) == whole


def test_a_difference_is_clear_where_one_is_always_better() -> None:
    good = [Counts(correct=9, missed=1, spurious=n % 2) for n in range(20)]
    bad = [Counts(correct=5, missed=5, spurious=n % 3) for n in range(20)]
    made = difference(good, bad)
    assert made["f1"] > 0.25
    assert made["interval"][0] > 0.25
    assert 0 < made["p"] < 0.01
    back = difference(bad, good)
    assert back["f1"] == -made["f1"]
    assert difference(good, good) == {"f1": 0, "interval": [0, 0], "p": 1}
    assert difference([Counts()], [Counts()])["f1"] is None
    assert difference(good[:1], bad[:1])["interval"] is None


def test_mcnemar_is_the_exact_test() -> None:
    assert mcnemar(0, 0) is None
    assert mcnemar(5, 5) == 1
    assert mcnemar(0, 5) == mcnemar(5, 0) == pytest.approx(2 / 2**5)
    assert mcnemar(2, 8) == pytest.approx(2 * (1 + 10 + 45) / 2**10)
    assert mcnemar(3000, 3000) == 1


def test_kappa_is_agreement_beyond_chance() -> None:
    # The worked example of Cohen's kappa: 20 and 15 alike, 5 and 10 not.
    made = Agreement(Counter({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}))
    assert made.accuracy == 0.7
    assert made.kappa == pytest.approx(0.4)
    assert Agreement().accuracy is Agreement().kappa is None
    assert Agreement(Counter({("y", "y"): 3})).kappa is None
    assert Agreement(Counter({("y", "n"): 3})).kappa == 0


def test_fields_are_compared_on_claims_that_overlap() -> None:
    made = ClaimFigures()
    gold = [claim(0, 10), claim(20, 30, stance="denies"), claim(40, 50)]
    predicted = [claim(0, 10), claim(22, 30), claim(60, 70)]
    made.take(paired(predicted, gold))
    assert made.exact == Counts(correct=1, incorrect=1, missed=1, spurious=1)
    assert made.overlap == Counts(correct=2, missed=1, spurious=1)
    assert made.fields["stance"].accuracy == 0.5
    plain = made.plain()
    assert plain["stance"]["confusion"] == {"affirms": {"affirms": 1}, "denies": {"affirms": 1}}
    assert plain["span"]["overlap"]["f1"] == pytest.approx(2 / 3)
    assert plain["span"]["f1"] == plain["span"]["exact"]["f1"] == pytest.approx(1 / 3)
    assert plain["stance"]["interval"] is None  # of one document


def test_the_accuracy_of_a_field_has_an_interval_from_drawing_documents() -> None:
    made = ClaimFigures()
    for right in (True, True, False, True):
        stance = "affirms" if right else "denies"
        made.take(paired([claim(0, 10, stance=stance)], [claim(0, 10)]))
    plain = made.plain()
    assert plain["stance"]["accuracy"] == 0.75
    low, high = plain["stance"]["interval"]
    assert 0 <= low < 0.75 < high == 1
    assert plain["certainty"]["interval"] == [1, 1]
    assert made.by_document("stance")[2] == Counts(incorrect=1)


def test_holders_agree_where_they_mean_the_same_words() -> None:
    entity = claim(0, 5, holder=(Link("entity", "Ministry of Tides", 9, "e1"), AUTHOR))
    words = claim(0, 5, holder=(Link("span", "the Ministry of Tides", 5), AUTHOR))
    assert value(entity, "holder") == value(words, "holder")
    assert value(claim(0, 5), "holder") == "author"
    assert value(claim(0, 5, holder=(GENERIC, AUTHOR)), "holder") == "generic"


def test_scores_that_say_how_often_they_are_right_have_no_error() -> None:
    made = calibration([(0.75, True)] * 3 + [(0.75, False)] + [(0.5, True), (0.5, False)])
    assert made is not None
    assert made.ece == 0
    assert made.auc == pytest.approx((3 * 1 + 3 * 0.5 + 0.5 + 0) / 8)
    assert [one.count for one in made.bins] == [0, 0, 0, 0, 0, 2, 0, 4, 0, 0]
    assert (made.coverage, made.threshold) == (0, None)


def test_coverage_is_the_largest_part_that_is_right_often_enough() -> None:
    scored = [(0.99 - n / 100, True) for n in range(9)] + [(0.5, False)] + [(0.4, False)] * 5
    made = calibration(scored)
    assert made is not None
    assert (made.coverage, made.threshold) == (10 / 15, 0.5)
    assert made.auc == 1
    # Equal scores are taken together or not at all.
    tied = calibration([(0.9, True), (0.9, False)])
    assert tied is not None
    assert tied.coverage == 0


def test_the_ends_of_the_scale_have_bins_and_no_scores_have_no_figures() -> None:
    made = calibration([(1.0, True), (0.0, False)])
    assert made is not None
    assert (made.bins[0].count, made.bins[9].count) == (1, 1)
    assert made.plain()["ece"] == 0
    assert calibration([]) is None
