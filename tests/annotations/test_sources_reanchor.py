"""Decisions find their words again in a source that changed; none slides in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from annotations.changes import accept, add_claim, add_entity, reject, suggested
from annotations.evidence import AUTHOR, UNNAMED, Cue, Link
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Change, Claim, Document, Entity, Status, suggestion_id
from annotations.sources.reanchor import Moved, carry_over
from annotations.span import Span
from annotations.text import Text

BEFORE = Text("Orlen said that the pact will hold.\n\nMarsh said no. Orlen left Arvel.")
MODEL = "en_toy-1.0.0"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "reef", annotator="anna")
    yield project
    project.close()


def place(text: Text, words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def marked(project: Project, words: str, *names: tuple[str, int]) -> Document:
    """A document with entities at these words."""
    document = Document(Text(words), "pact", "pact.txt")
    project.add(document)
    spans = [place(document.text, name, nth) for name, nth in names]
    made = [add_entity(span, "PERSON", document.text, project.schema) for span in spans]
    project.decide(document.id, Action.ADD, made)
    return document


def changed(project: Project, earlier: Document, words: str) -> tuple[Layer, Moved]:
    document = Document(Text(words), "pact", "pact.txt")
    project.add(document)
    moved = carry_over(project, earlier, document)
    assert moved
    layer = project.layer(document.id)
    assert all(one.span.of(document.text) == one.text for one in layer)
    assert moved.kept == len(layer.annotations)
    return layer, moved


@pytest.fixture
def held(project: Project) -> Document:
    """A text with two entities named Orlen, one named Marsh, and a claim that Orlen holds."""
    document = marked(project, BEFORE, ("Orlen", 0), ("Marsh", 0), ("Orlen", 1))
    first = project.layer(document.id).entities[0]
    link = Link("entity", "Orlen", 0, first.id)
    span = place(BEFORE, "the pact will hold")
    claim = add_claim(span, BEFORE, project.schema, holder=(link, AUTHOR))
    project.decide(document.id, Action.ADD, [claim])
    return document


def test_what_stands_elsewhere_now_is_found_there(project: Project, held: Document) -> None:
    layer, moved = changed(project, held, f"👩‍🚀 A new head.\n\n{BEFORE}")
    assert (moved.kept, moved.by_words, moved.ambiguous, moved.lost) == (4, [], [], [])
    assert [one.text for one in layer.entities] == ["Orlen", "Marsh", "Orlen"]
    (claim,) = layer.claims
    assert claim.holder[0].entity == layer.entities[0].id
    assert claim.holder[0].start == layer.entities[0].span.start
    assert len(project.layer(BEFORE.id).annotations) == 4
    project.undo()
    assert len(project.layer(layer.document).annotations) == 0


def test_what_is_gone_is_listed(project: Project, held: Document) -> None:
    layer, moved = changed(project, held, BEFORE.replace("Marsh said no. ", ""))
    assert [one.text for one, _ in moved.lost] == ["Marsh"]
    assert next(moved.lines()) == (
        f"pact.txt: changed since {BEFORE.id}; 3 decisions moved, 0 ambiguous, 1 lost"
    )
    assert "  lost: 37-42 entity 'Marsh'" in list(moved.lines())
    assert len(layer.entities) == 2


def test_what_fits_in_two_places_is_left_to_the_person(project: Project, held: Document) -> None:
    _, moved = changed(project, held, "Marsh. Marsh. Marsh.")
    assert [one.text for one in moved.ambiguous] == ["Marsh"]
    assert moved.kept == 0


def test_two_do_not_fall_into_one_place(project: Project, held: Document) -> None:
    _, moved = changed(project, held, "Only Orlen was there.")
    assert (moved.kept, len(moved.ambiguous), len(moved.lost)) == (0, 2, 2)


def test_the_only_place_left_is_told_with_what_stands_there(project: Project) -> None:
    document = marked(project, "Chair: Jordan (Ms)\n", ("Jordan", 0))
    _, moved = changed(project, document, "The venue is in Jordan, by the sea.")
    assert list(moved.lines())[1:] == [
        "  moved by its words alone: 7-13 entity 'Jordan', now 16-22 in 'venue is in Jordan, by the'"
    ]


def test_other_letters_of_the_same_name_are_told(project: Project) -> None:
    document = marked(project, "Then José left the board.", ("José", 0))
    layer, moved = changed(project, document, "Then Jose\u0301 left the board.")
    assert [one.text for one in layer] == ["Jose\u0301"]
    assert list(moved.lines())[1:] == ["  moved, in other letters: 5-9 entity 'José', now 5-10"]


# Claims


def claim_by(project: Project, words: str, said: str, link: Link) -> Document:
    document = marked(project, words, ("minister", 0))
    link = replace(link, entity=project.layer(document.id).entities[0].id if link.entity else "")
    span = place(document.text, said)
    made = add_claim(span, document.text, project.schema, holder=(link, AUTHOR))
    project.decide(document.id, Action.ADD, [made])
    return document


@pytest.mark.parametrize("kind", ["entity", "span"])
def test_a_claim_whose_holder_is_gone_says_so_and_nobody_is_guessed(
    project: Project, kind: str
) -> None:
    before = "The minister spoke first.\nIt was said that the pact will hold for a year.\n"
    link = Link(kind, "minister", 4, "one" if kind == "entity" else "")
    document = claim_by(project, before, "the pact will hold for a year", link)
    after = "It was said that the pact will hold for a year.\nThe minister's wife left; a minister stayed.\n"
    layer, moved = changed(project, document, after)
    assert [one.holder for one in layer.claims] == [(UNNAMED, AUTHOR)]
    assert [line for line in moved.lines() if "holder" in line] == [
        "  holder lost: 43-72 claim 'the pact will hold for a year'; "
        "minister is not there, unnamed now"
    ]


def test_whoever_says_something_else_now_is_not_the_holder(project: Project) -> None:
    before = "The minister said that the pact will hold.\n"
    document = claim_by(project, before, "the pact will hold", Link("entity", "minister", 4, "one"))
    after = "The clerk said that the pact will hold. One minister was silent.\n"
    layer, moved = changed(project, document, after)
    assert [one.holder for one in layer.claims] == [(UNNAMED, AUTHOR)]
    assert [one.text for one, _ in moved.holders] == ["the pact will hold"]


def test_a_holder_that_is_only_words_moves_with_its_line(project: Project) -> None:
    before = "The minister spoke first.\nIt was said that the pact will hold.\n"
    document = claim_by(project, before, "the pact will hold", Link("span", "minister", 4))
    layer, moved = changed(project, document, f"A head.\n{before}")
    assert layer.claims[0].holder[0] == Link("span", "minister", 12)
    assert moved.holders == []


def test_what_a_claim_rests_on_moves_with_it(project: Project) -> None:
    text = Text("Orlen denied that the pact will hold.")
    span = place(text, "the pact will hold")
    claim = Claim(
        id=suggestion_id(MODEL, "claim", span, "14"),
        span=span,
        text=span.of(text),
        stance="denies",
        holder=(Link("span", "Orlen", 0), AUTHOR),
        cues=(Cue(6, 12, "denial", "denies"),),
        target=place(text, "hold"),
        likelihood={"scale": "icd203", "band": "likely", "phrase": "will"},
        doubt=True,
        score=0.5,
    )
    document = Document(text, "pact", "pact.txt")
    project.add(document)
    taken = accept(replace(suggested(claim, MODEL, ("denied",)), note="so"))
    project.decide(document.id, Action.ACCEPT, [taken])
    after = Text(f"A new head.\n{text}")
    layer, moved = changed(project, document, after)
    (made,) = layer.claims
    assert (made.status, made.note, made.doubt, made.score) == (Status.ACCEPTED, "so", True, 0.5)
    assert made.cues == (Cue(18, 24, "denial", "denies"),)
    assert made.target == place(after, "hold")
    assert made.likelihood == claim.likelihood
    assert made.origin and dict(made.origin.values) == made.values()
    assert (made.origin.start, made.origin.why) == (made.span.start, ("denied",))
    assert made.id == suggestion_id(MODEL, "claim", made.span, "14")
    assert list(moved.lines())[1:] == []
    layer, moved = changed(project, document, "He denied that the pact will hold.")
    (made,) = layer.claims
    assert (made.status, made.origin, made.holder) == (Status.ADDED, None, (UNNAMED, AUTHOR))
    assert "  not kept: which suggestion 1 annotation began as" in list(moved.lines())


# Suggestions


def test_what_was_rejected_stays_rejected_when_it_is_suggested_again(project: Project) -> None:
    def layer_on(text: Text) -> Layer:
        made = Layer(MODEL, text.id, model={"name": "en_toy"})
        for words in ("Orlen", "Marsh"):
            span = place(text, words)
            own = suggestion_id(MODEL, Entity.kind, span, "ORG")
            one = Entity(id=own, span=span, text=words, label="ORG", score=0.25)
            made.annotations[own] = suggested(one, MODEL)
        return made

    document = Document(BEFORE, "pact", "pact.txt")
    project.add(document)
    project.replace_layer(document.id, layer_on(BEFORE))
    first, second = project.overlay(document.id).index
    project.decide(document.id, Action.REJECT, [reject(first)])
    project.decide(document.id, Action.ACCEPT, [accept(second)])
    after = Text(f"A new head.\n{BEFORE}")
    layer, moved = changed(project, document, after)
    assert (moved.kept, moved.rejected) == (2, 1)
    assert [one.status for one in layer.index] == [Status.REJECTED, Status.ACCEPTED]
    assert [one.score for one in layer.index] == [0.25, 0.25]
    project.replace_layer(layer.document, layer_on(after))
    assert project.overlay(layer.document).open == 0
    assert {one.id for one in layer} == {one.id for one in project.layer(layer.document, MODEL)}


def test_what_the_schema_no_longer_has_is_listed(project: Project) -> None:
    text = Text("Orlen said that the pact will hold.")
    document = Document(text, "pact", "pact.txt")
    project.add(document)
    claim = add_claim(place(text, "the pact will hold"), text, project.schema)
    project.decide(document.id, Action.ADD, [claim])
    fields = {**project.schema.fields, "stance": project.schema.fields["stance"][1:]}
    project.schema = replace(project.schema, fields=fields)
    _, moved = changed(project, document, f"A head.\n{text}")
    assert moved.kept == 0
    assert "; 'affirms' is no stance; " in list(moved.lines())[1]


def test_that_it_was_done_is_not_taken_along_and_told(project: Project, held: Document) -> None:
    state = project.layer(held.id).state
    project.decide(
        held.id, Action.FINISH, [Change(None, replace(state, finished=True, flags=("s1",)))]
    )
    layer, moved = changed(project, held, f"A head.\n{BEFORE}")
    assert not layer.state.finished
    assert "  not kept: that it was done, 1 flag" in list(moved.lines())


def test_a_thousand_move_in_a_second_or_two(project: Project) -> None:
    lines = [f"In {year} Smith number {year} left the board for Jones.\n" for year in range(1500)]
    document = Document(Text("".join(lines)), "pact", "pact.txt")
    project.add(document)
    spans = [place(document.text, "Smith")]
    while len(spans) < 1000:
        start = document.text.index("Smith", spans[-1].end)
        spans.append(Span(start, start + 5))
    made = [add_entity(span, "PERSON", document.text, project.schema) for span in spans]
    project.decide(document.id, Action.ADD, made)
    began = perf_counter()
    _, moved = changed(project, document, "A head.\n" + document.text.replace("number 7 ", ""))
    assert moved.kept == 1000
    assert perf_counter() - began < 10  # about one, on a machine with nothing else to do
