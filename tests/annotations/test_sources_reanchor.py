"""Decisions find their words again in a source that changed; none slides in silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled import texts

from annotations.changes import add_claim, add_entity
from annotations.evidence import AUTHOR, Link
from annotations.project import Project
from annotations.records import Action, Document
from annotations.sources.reanchor import Moved, carry_over, places
from annotations.span import Span
from annotations.text import Text

BEFORE = Text("Orlen said that the pact will hold.\n\nMarsh said no. Orlen left Arvel.")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A text with two entities named Orlen, one named Marsh, and a claim that Orlen holds."""
    project = Project.create(tmp_path / "reef", annotator="anna")
    project.add(Document(BEFORE, "pact", "pact.txt"))
    made = []
    for words, start in (("Orlen", 0), ("Marsh", 37), ("Orlen", BEFORE.rindex("Orlen"))):
        span = Span(start, start + len(words))
        made.append(add_entity(span, "PERSON", BEFORE, project.schema))
    first = made[0].after
    assert first
    claim = BEFORE.index("the pact will hold")
    link = Link("entity", "Orlen", 0, first.id)
    made.append(add_claim(Span(claim, claim + 18), BEFORE, project.schema, holder=(link, AUTHOR)))
    project.decide(BEFORE.id, Action.ADD, made)
    yield project
    project.close()


def changed(project: Project, words: str, source: str = "pact.txt") -> tuple[Text, Moved | None]:
    document = Document(Text(words), "pact", source)
    project.add(document)
    return document.text, carry_over(project, document)


def test_what_stands_elsewhere_now_is_found_there(project: Project) -> None:
    text, moved = changed(project, f"👩‍🚀 A new head.\n\n{BEFORE}")
    assert moved
    assert (moved.kept, moved.by_words, moved.ambiguous, moved.lost) == (4, [], [], [])
    layer = project.layer(text.id)
    assert [one.text for one in layer.entities] == ["Orlen", "Marsh", "Orlen"]
    assert all(one.span.of(text) == one.text for one in layer)
    (claim,) = layer.claims
    assert claim.holder[0].entity == layer.entities[0].id
    assert claim.holder[0].start == layer.entities[0].span.start
    assert len(project.layer(BEFORE.id).annotations) == 4
    project.undo()
    assert len(project.layer(text.id).annotations) == 0


def test_what_is_gone_is_listed(project: Project) -> None:
    text, moved = changed(project, BEFORE.replace("Marsh said no. ", ""))
    assert moved
    assert [one.text for one in moved.lost] == ["Marsh"]
    assert next(moved.lines()) == (
        f"pact.txt: changed since {BEFORE.id}; 3 decisions moved, 0 ambiguous, 1 lost"
    )
    assert "  lost: 37-42 entity 'Marsh'" in list(moved.lines())
    assert len(project.layer(text.id).entities) == 2


def test_what_fits_in_two_places_is_left_to_the_person(project: Project) -> None:
    _, moved = changed(project, "Marsh. Marsh. Marsh.")
    assert moved
    assert [one.text for one in moved.ambiguous] == ["Marsh"]
    assert moved.kept == 0


def test_two_do_not_fall_into_one_place(project: Project) -> None:
    text, moved = changed(project, "Only Orlen was there.")
    assert moved
    assert (moved.kept, len(moved.ambiguous), len(moved.lost)) == (1, 1, 2)
    assert [one.text for one in moved.by_words] == ["Orlen"]
    assert len(project.layer(text.id).entities) == 1


def test_another_source_is_another_text(project: Project) -> None:
    assert changed(project, f"{BEFORE}!", "other.txt")[1] is None
    assert changed(project, f"{BEFORE}?", "-")[1] is None
    assert changed(project, f"{BEFORE}.", "pact.jsonl")[1] is None


@pytest.mark.parametrize("key", ["id", "title"])
def test_a_row_is_known_by_its_id_or_title_and_not_by_its_number(
    project: Project, key: str
) -> None:
    def row(words: str, number: int, name: object) -> Document:
        meta = {key: name} if name else {}
        return Document(Text(words), f"rows:{number}", "rows.csv", metadata=meta)

    first, other = row("Marsh came.", 1, 7), row("Marsh went.", 2, 8)
    for one in (first, other):
        project.add(one)
        change = add_entity(Span(0, 5), "PERSON", one.text, project.schema)
        project.decide(one.id, Action.ADD, [change])
    changed_row, nameless = row("So Marsh came.", 2, 7), row("Marsh came?", 1, None)
    for one in (changed_row, nameless):
        project.add(one)
    moved = carry_over(project, changed_row)
    assert moved
    assert (moved.earlier.id, moved.kept) == (first.id, 1)
    assert [one.span.start for one in project.layer(changed_row.id).entities] == [3]
    assert carry_over(project, nameless) is None


@given(texts, texts, st.data())
def test_what_is_put_ahead_moves_every_place_by_as_much(
    ahead: str, words: str, data: st.DataObject
) -> None:
    before, after = Text(words), Text(ahead + words)
    start = data.draw(st.integers(0, len(words) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(words))))
    spans, is_exact = places(before, span, after)
    assert all(one.of(after) == span.of(before) for one in spans)
    assert spans
    if is_exact:
        assert spans == [Span(span.start + len(ahead), span.end + len(ahead))]
