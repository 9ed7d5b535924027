from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from annotations.records import Entity, Status, suggestion_id
from annotations.span import Span
from annotations.suggest import models
from annotations.suggest.entities import BATCH, suggest_all, suggest_entities
from annotations.text import Text

LAYER = "en_toy-1.0.0"
SENTENCE = "Orlen crossed the Arvel Strait; the Ministry of Tides’s clerks did not. "


@pytest.fixture(scope="session")
def nlp(toy: Path) -> Language:
    return models.load(models.find(str(toy)))


def found(nlp: Language, text: Text, *, tidy: bool = True) -> list[Entity]:
    batches = suggest_entities(nlp, text, layer=LAYER, tidy=tidy)
    return [entity for batch in batches for entity in batch.entities]


def test_a_suggestion_says_where_what_and_from_whom(nlp: Language) -> None:
    first, strait, ministry = found(nlp, Text(SENTENCE))
    assert (first.text, first.label, first.status) == ("Orlen", "PERSON", Status.SUGGESTED)
    assert (strait.text, strait.label) == ("Arvel Strait", "LOC")
    assert (ministry.text, ministry.label) == ("Ministry of Tides", "ORG")
    assert strait.id == suggestion_id(LAYER, "entity", Span(18, 30), "LOC")
    assert strait.origin is not None
    assert (strait.origin.layer, strait.origin.start, strait.origin.end) == (LAYER, 18, 30)
    assert strait.origin.values == {"label": "LOC"}


def test_untidied_the_spans_are_the_pipelines_own(nlp: Language) -> None:
    text = Text(SENTENCE)
    own = [(one.start_char, one.end_char, one.label_) for one in nlp(str(text)).ents]
    made = found(nlp, text, tidy=False)
    assert [(one.span.start, one.span.end, one.label) for one in made] == own
    assert "the Arvel Strait" in [one.text for one in made]


def test_a_paragraph_of_three_million_characters_is_read_to_its_end(nlp: Language) -> None:
    text = Text(SENTENCE * (3_000_000 // len(SENTENCE)))
    assert len(text.paragraphs) == 1
    times = len(text) // len(SENTENCE)
    entities = [
        entity
        for _, entities in suggest_all(nlp, [("a", text)], layer=LAYER)
        for entity in entities
    ]
    assert len(entities) == 3 * times
    assert all(text[one.span.start : one.span.end] == one.text for one in entities)
    assert entities[-3].span.start == (times - 1) * len(SENTENCE)


def test_the_visible_part_comes_first_and_the_whole_is_the_same(nlp: Language) -> None:
    text = Text("\n".join([SENTENCE * 3] * 300))
    visible = Span(40_000, 41_500)
    batches = list(suggest_entities(nlp, text, layer=LAYER, first=visible))
    assert batches[0].span.overlaps(visible)
    assert all(batches[0].span.covers(one.span) for one in batches[0].entities)
    assert sorted(one.id for batch in batches for one in batch.entities) == sorted(
        one.id for one in found(nlp, text)
    )
    covered = sorted(batch.span for batch in batches)
    assert covered[0].start == 0
    assert covered[-1].end == len(text)
    assert all(one.end == two.start for one, two in pairwise(covered))


# What shifts offsets elsewhere: astral and combining characters, joiners, odd line breaks.
pieces = st.sampled_from(
    [
        "Orlen",
        "the Arvel Strait",
        " ",
        "\r\n",
        "\n",
        "\u2028",
        "\x0c",
        "🧭",
        "e\u0301",
        "👩\u200d🚀",
        "שלום",
        "\x00",
        ", ",
    ]
)


@given(st.lists(pieces, max_size=40).map("".join).map(Text))
def test_offsets_are_exact_in_any_text(nlp: Language, text: Text) -> None:
    for one in found(nlp, text):
        assert one.span.of(text) == one.text
        assert one.text in ("Orlen", "Arvel Strait")


def test_many_texts_come_out_with_their_keys_in_their_order(nlp: Language) -> None:
    texts = [("long", Text(SENTENCE * 500)), ("none", Text("")), ("blank", Text(" \n"))]
    texts += [(f"short {number}", Text(SENTENCE)) for number in range(70)]
    made = list(suggest_all(nlp, texts, layer=LAYER))
    assert [key for key, _ in made] == [key for key, _ in texts]
    assert [len(entities) for _, entities in made] == [1500, 0, 0] + [3] * 70
    assert made[0][1] == found(nlp, texts[0][1])


def test_texts_are_taken_as_they_are_needed(nlp: Language) -> None:
    taken = []

    def texts() -> Iterator[tuple[str, Text]]:
        for number in range(100):
            taken.append(number)
            yield str(number), Text(SENTENCE * 300)

    next(suggest_all(nlp, texts(), layer=LAYER))
    assert len(taken) <= 1 + BATCH // len(SENTENCE * 300)


def test_the_default_pipeline_finds_what_it_finds_by_itself() -> None:
    text = Text("Angela Merkel flew from Berlin to the United Nations in New York on Monday.")
    trained = models.load(models.find())
    own = [(one.text, one.label_) for one in trained(str(text)).ents]
    assert own == [(one.text, one.label) for one in found(trained, text, tidy=False)]
    tidy = {one.text: one.label for one in found(trained, text)}
    assert tidy["Angela Merkel"] == "PERSON"
    assert tidy["United Nations"] == "ORG"
