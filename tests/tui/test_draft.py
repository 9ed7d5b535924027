"""A claim with other values chosen for it: always one that may be kept, and always a way back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotations import changes
from annotations.records import Claim
from annotations.schema import default
from annotations.span import Span
from tui.draft import LIKELIHOOD, NONE, Draft

SCHEMA = default()
FIELDS = ("stance", "certainty", "frame", "time", "quote", "doubt", LIKELIHOOD)
LIKELY = {"scale": "icd203", "band": "likely", "phrase": "likely", "range": "55-80"}

pairs = st.sampled_from(SCHEMA.pairs)
turns = st.lists(st.tuples(st.sampled_from(FIELDS), st.integers(-1, 1)), max_size=12)


def draft_of(pair: tuple[str, str]) -> Draft:
    stance, certainty = pair
    likelihood = LIKELY if pair == ("affirms", "probable") else None
    blank = SCHEMA.blank_claim(id="m1", span=Span(0, 4), text="Rain")
    made = replace(blank, stance=stance, certainty=certainty, likelihood=likelihood)
    one = changes.suggested(made, "toy-1")
    assert isinstance(one, Claim)
    return Draft(one, SCHEMA)


def turn(draft: Draft, field: str, step: int) -> None:
    known = list(draft.values(field))
    now = draft.value(field)
    place = known.index(now) + step if now in known else 0
    draft.choose(field, known[place % len(known)])


@given(pairs, turns)
def test_whatever_is_chosen_may_be_kept_and_the_last_choice_holds(
    pair: tuple[str, str], chosen: list[tuple[str, int]]
) -> None:
    draft = draft_of(pair)
    for field, step in chosen:
        known = list(draft.values(field))
        wanted = known[(known.index(draft.value(field)) + step) % len(known)]
        turn(draft, field, step)
        assert draft.value(field) == wanted
        assert SCHEMA.problem(draft.claim) == ""
        assert draft.is_changed == (draft.claim.values() != draft.before.values())


@given(pairs, turns)
def test_choosing_what_was_brings_everything_back(
    pair: tuple[str, str], chosen: list[tuple[str, int]]
) -> None:
    draft = draft_of(pair)
    for field, step in chosen:
        turn(draft, field, step)
    for field in FIELDS:
        draft.choose(field, draft.was(field))
    for field in ("stance", "certainty", LIKELIHOOD):
        draft.choose(field, draft.was(field))
    assert not draft.is_changed
    assert draft.claim == draft.before


def test_a_likelihood_that_was_taken_out_stays_out_when_the_stance_is_turned_and_back() -> None:
    draft = draft_of(("affirms", "probable"))
    draft.choose(LIKELIHOOD, NONE)
    draft.choose("stance", "denies")
    draft.choose("stance", "affirms")
    assert draft.claim.likelihood is None
    assert (draft.claim.stance, draft.claim.certainty) == ("affirms", "probable")
