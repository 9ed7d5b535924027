"""The review: a queue over all documents, decided one key at a time, left and come back to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import scenes
from driver import Reader

from annotations import changes
from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Annotation, Claim, Entity, Status, suggestion_id
from annotations.review.differences import Differences
from annotations.review.queue import Order, Review
from annotations.review.seeding import Seeded, is_seeded, traps
from annotations.review.suggestions import Marked, Suggestions
from annotations.span import Span
from tui.app import PurportApp
from tui.config import Settings
from tui.screens.review import ReviewScreen
from tui.skipped import Skipped

OTHER = "en_core_web_sm-3.8.0"


class Reviewer(Reader):
    """A running review."""

    @property
    def screen(self) -> ReviewScreen:
        found = super().screen
        assert isinstance(found, ReviewScreen)
        return found

    @property
    def in_hand(self) -> str:
        """The words of what the queue has in hand."""
        assert self.screen.is_on_item
        return self.current.text


@asynccontextmanager
async def reviewing(
    project: Project, make: Callable[[Skipped], Review], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Reviewer]:
    app = PurportApp(project, Settings(theme="dark"), review=make)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        reviewer = Reviewer(project, pilot)
        await reviewer.until(lambda: reviewer.screen.queue.is_full)
        yield reviewer


def scored(project: Project, *documents: str) -> None:
    """Give each suggestion a score, the last of the last document the lowest."""
    number = 0.0
    for document in reversed(project.order()):
        layer = project.layer(document, scenes.MODEL)
        made = {}
        for one in reversed(list(layer.index)):
            number += 0.001
            made[one.id] = replace(one, score=number)
        project.replace_layer(document, replace(layer, annotations=made, _index=None))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = scenes.bare(tmp_path / "project", scenes.SUMMIT, scenes.MINUTES)
    scored(made)
    return made


def suggestions(project: Project, order: Order = Order.TEXT) -> Callable[[Skipped], Review]:
    return lambda late: Suggestions(project, scenes.MODEL, order, late)


async def test_the_queue_begins_with_the_first_and_says_how_many(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        count = sum(len(project.layer(one, scenes.MODEL).annotations) for one in project.order())
        assert f"1 of {count} in the queue" in review.status
        assert review.reading.document.id == project.order()[0]
        assert review.current.status is Status.SUGGESTED
        assert "space skip" in review.foot
        assert "a accept" in review.foot


async def test_the_least_sure_comes_first(project: Project) -> None:
    async with reviewing(project, suggestions(project, Order.SCORE)) as review:
        last = project.order()[-1]
        assert review.reading.document.id == last
        assert review.current.score == pytest.approx(0.001)
        await review.press("a")
        assert review.current.score == pytest.approx(0.002)


async def test_labels_come_in_the_order_of_the_project(project: Project) -> None:
    async with reviewing(project, suggestions(project, Order.LABEL)) as review:
        labels = []
        for _ in range(len(review.screen.queue)):
            assert isinstance(review.current, Entity)
            labels.append(review.current.label)
            await review.press("n")
        order = [one.name for one in project.schema.labels]
        assert labels == sorted(labels, key=order.index)
        assert "The end of the queue" in review.said


async def test_the_same_words_of_all_documents_come_together(project: Project) -> None:
    async with reviewing(project, suggestions(project, Order.WORDS)) as review:
        queue = review.screen.queue
        words = []
        for _ in range(len(queue)):
            words.append(review.in_hand.casefold())
            await review.press("n")
    assert words == sorted(words)
    assert len(set(words)) < len(words)


async def test_what_the_layers_disagree_on_comes_first(project: Project) -> None:
    document = project.order()[0]
    layer = project.layer(document, scenes.MODEL)
    *agreed, alone = layer.index
    twin = {one.id: one for one in agreed}
    project.replace_layer(document, replace(layer, name=OTHER, annotations=twin, _index=None))
    async with reviewing(project, suggestions(project, Order.DISAGREEMENT)) as review:
        assert review.current.id == alone.id


@pytest.mark.parametrize(("key", "status"), [("a", Status.ACCEPTED), ("x", Status.REJECTED)])
async def test_one_key_decides_and_the_next_is_there(
    project: Project, key: str, status: Status
) -> None:
    async with reviewing(project, suggestions(project)) as review:
        first = review.current
        await review.press(key)
        assert review.keys == 1
        assert project.layer(project.order()[0]).get(first.id).status is status
        assert review.current.id != first.id
        assert review.current.status is Status.SUGGESTED
        assert review.status.startswith(scenes.SUMMIT[:10])
        assert "2 of" in review.status


async def test_a_label_decides_and_the_next_is_there(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        first = review.current
        await review.press("3")
        (decision,) = review.journal()
        assert decision.action is Action.RELABEL
        assert decision.annotation == first.id
        assert review.current.id != first.id


async def test_a_boundary_is_moved_by_as_many_keys_as_it_takes(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        first = review.current
        await review.press("}", "}")
        assert review.current.id == first.id
        assert review.current.status is Status.CORRECTED
        await review.press("n")
        assert review.current.id != first.id


async def test_the_queue_goes_from_document_to_document(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        before = len(review.reading.overlay.index)
        await review.press(*["a"] * before)
        assert review.reading.document.id == project.order()[1]
        assert f"{before + 1} of" in review.status


async def test_what_is_decided_is_gone_when_one_comes_back_and_what_was_skipped_is_last(
    project: Project,
) -> None:
    async with reviewing(project, suggestions(project)) as review:
        count = len(review.screen.queue)
        await review.press("a")
        skipped = review.current.id
        await review.press("space")
        third = review.current.id
        assert third != skipped
        assert len(review.journal()) == 1
    async with reviewing(project, suggestions(project)) as review:
        assert len(review.screen.queue) == count - 1
        assert review.current.id == third
        await review.press(*["n"] * (count - 2))
        assert review.current.id == skipped


async def test_a_flag_is_a_decision_that_leaves_the_suggestion_open(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        first = review.current
        document = project.order()[0]
        await review.press("!")
        (decision,) = review.journal()
        assert decision.action is Action.FLAG
        assert project.layer(document).state.flags == (first.id,)
        assert first.id not in project.layer(document).annotations
        assert review.current.id != first.id
    async with reviewing(project, suggestions(project)) as review:
        assert review.current.id != first.id
        count = len(review.screen.queue)
        await review.press(*["n"] * (count - 1))
        assert review.current.id == first.id
        assert review.said.endswith(" · flagged")
        await review.press("!")
        assert project.layer(document).state.flags == ()
        assert "No longer flagged" in review.said


async def test_undo_takes_the_decision_back_and_puts_it_in_hand(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        first = review.current.id
        count = len(review.reading.overlay.index)
        await review.press(*["a"] * count)
        assert review.reading.document.id == project.order()[1]
        await review.press("u")
        assert review.reading.document.id == project.order()[0]
        assert review.current.status is Status.SUGGESTED
        assert f"{count} of" in review.status
        await review.press(*["u"] * (count - 1))
        assert review.current.id == first
        await review.press("x")
        assert project.layer(project.order()[0]).get(first).status is Status.REJECTED
        assert "2 of" in review.status


async def test_one_goes_back_to_what_was_decided(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        first = review.current.id
        await review.press("a", "p")
        assert review.current.id == first
        assert review.current.status is Status.ACCEPTED
        await review.press("n")
        assert review.current.status is Status.SUGGESTED
        await review.press("p", "p")
        assert "first in the queue" in review.said


async def test_what_all_the_same_decides_leaves_the_queue(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        left = review.screen.queue.left
        await review.go("Putin")
        await review.press("=", "enter")
        assert review.screen.queue.left < left - 1
        await review.press("n")
        assert review.current.status is Status.SUGGESTED


async def test_all_the_same_goes_on_to_the_next_and_one_undo_brings_all_back(
    project: Project,
) -> None:
    async with reviewing(project, suggestions(project)) as review:
        queue = review.screen.queue
        for _ in range(queue.left):
            if review.current.text == "Trump":
                break
            await review.press("n")
        number, left, first = queue.number, queue.left, review.current.id
        await review.press("=")
        assert "Trump → ORG in" in review.foot
        assert len(review.journal()) == 0, "a look decides nothing"
        await review.press("1")
        decision = review.journal()[-1]
        assert decision.action is Action.RELABEL
        many = len(decision.changes)
        assert many > 3
        assert {getattr(one.after, "label", "") for one in decision.changes} == {"PERSON"}
        assert review.screen.is_on_item, "the next is there"
        assert review.current.status is Status.SUGGESTED
        await review.press("u")
        assert (queue.number, queue.left) == (number, left), "all of them are open again"
        assert review.current.id == first
        await review.press("=", "x")
        assert review.journal()[-1].action is Action.REJECT
        assert {one.after.status for one in review.journal()[-1].changes} == {Status.REJECTED}  # type: ignore[union-attr]


async def test_an_entity_that_was_missed_is_added_on_the_way(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        first = review.current.id
        await review.point("Bering Strait")
        await review.press("v", ".", "5")
        assert review.current.text == "Bering Strait"
        assert review.current.status is Status.ADDED
        await review.press("n")
        assert review.current.id == first


async def test_at_the_end_it_says_so(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        await review.press(*["x"] * len(review.screen.queue))
        assert "Nothing is left to review" in review.said
        assert "skip" not in review.foot, "there is nothing to put behind"
    async with reviewing(project, suggestions(project)) as review:
        assert "Nothing is left to review" in review.said
        await review.press("n", "a", "space", "!", "(", "u")


@pytest.mark.parametrize("size", [(40, 12), (120, 40)])
async def test_it_works_in_small_and_large_terminals(
    project: Project, size: tuple[int, int]
) -> None:
    async with reviewing(project, suggestions(project), size) as review:
        await review.press("a", "space", "x")
        assert f"of {len(review.screen.queue)}" in review.text
        assert len(review.journal()) == 2


@pytest.mark.parametrize("order", list(Order))
async def test_the_queue_holds_what_the_reader_calls_open(tmp_path: Path, order: Order) -> None:
    begun = scenes.build(tmp_path / "begun")
    found = [
        (one.document, one.annotation)
        for batch in Suggestions(begun, scenes.MODEL, order).batches()
        for one in batch
    ]
    wanted = [
        (document, one.id)
        for document in begun.order()
        for one in begun.overlay(document).index
        if one.status is Status.SUGGESTED
    ]
    assert sorted(found) == sorted(wanted)


# Two layers


def varied(project: Project) -> None:
    """Another model that says something else here and there on the first document."""
    document = project.document(project.order()[0])
    layer = project.layer(document.id, scenes.MODEL)
    made: dict[str, Annotation] = {}

    def put(start: int, end: int, label: str) -> None:
        span = Span(start, end)
        one = Entity(
            id=suggestion_id(OTHER, Entity.kind, span, label),
            span=span,
            text=span.of(document.text),
            label=label,
        )
        made[one.id] = changes.suggested(one, OTHER)

    first = True
    for one in layer.index:
        assert isinstance(one, Entity)
        label, end = one.label, one.span.end
        if one.text == "Moscow":
            continue
        if one.text == "Lend-Lease":
            label = "LAW"
        if one.text == "Friday" and first:
            first, end = False, document.text.next_word(one.span.start).end  # type: ignore[union-attr]
        put(one.span.start, end, label)
    start = document.text.index("Bering Strait")
    put(start, start + len("Bering Strait"), "LOC")
    project.replace_layer(
        document.id, Layer(OTHER, document.id, made, model={"package": "other", "version": "1"})
    )


@pytest.fixture
def two(project: Project) -> Project:
    varied(project)
    return project


def against(
    project: Project, left: str = scenes.MODEL, right: str = OTHER
) -> Callable[[Skipped], Review]:
    return lambda late: Differences(project, left, right, late)


async def seek(review: Reviewer, kind: str) -> None:
    for _ in range(len(review.screen.queue)):
        difference = review.screen.difference
        assert difference is not None
        if kind in difference.kinds:
            return
        await review.press("n")
    raise AssertionError(kind)


async def test_only_differences_are_in_the_queue_side_by_side(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        found = []
        for _ in range(len(review.screen.queue)):
            difference = review.screen.difference
            assert difference is not None
            found.append(difference.kinds)
            assert review.said.startswith("left ")
            assert " · right " in review.said
            await review.press("n")
        moscow = len(review.reading.text.occurrences("Moscow"))
        assert sorted(found) == sorted(
            [("boundary",), ("label",), ("missing",), *[("extra",)] * moscow]
        )


async def test_where_two_layers_agree_they_show_once(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        assert "to meet in Anchorage GPE?" in review.page
        assert "GPE? GPE?" not in review.page
        assert "Lend-Lease ORG? LAW?" in review.page


async def test_left_takes_the_left_and_rejects_the_right_in_one_decision(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        await seek(review, "label")
        difference = review.screen.difference
        assert difference is not None
        assert difference.left is not None
        assert difference.right is not None
        assert "Lend-Lease ORG · right Lend-Lease LAW · other label" in review.said
        await review.press("(")
        assert len(review.journal()) == 1
        own = two.layer(two.order()[0])
        assert own.get(difference.left.id).status is Status.ACCEPTED
        assert own.get(difference.right.id).status is Status.REJECTED
        await review.press("u")
        assert review.screen.difference == difference
        await review.press(")")
        own = two.layer(two.order()[0])
        assert own.get(difference.right.id).status is Status.ACCEPTED


async def test_neither_rejects_both_and_both_is_refused_where_they_overlap(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        await seek(review, "boundary")
        difference = review.screen.difference
        assert difference is not None
        await review.press("&")
        assert "both cannot stand" in review.said
        assert review.journal() == []
        await review.press("_")
        own = two.layer(two.order()[0])
        assert {own.get(one.id).status for one in difference.sides} == {Status.REJECTED}


async def test_accept_takes_the_side_in_hand_and_reject_takes_none(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        await seek(review, "label")
        difference = review.screen.difference
        assert difference is not None
        await review.press("x")
        rejected = review.journal()[-1]
        assert rejected.action is Action.REJECT
        assert {one.id for one in rejected.changes} == {one.id for one in difference.sides}
        await review.press("u")
        for _ in range(20):
            if review.current.id == difference.right.id:  # type: ignore[union-attr]
                break
            await review.press(
                "shift+tab" if review.current.span > difference.first.span else "tab"
            )
        await review.press("a")
        accepted = review.journal()[-1]
        stands = {one.id for one in accepted.changes if one.after.status.stands}  # type: ignore[union-attr]
        assert stands == {difference.right.id}  # type: ignore[union-attr]
        assert len(accepted.changes) == 2


async def test_all_differences_like_this_one_are_decided_at_once(two: Project) -> None:
    layer = two.layer(two.order()[0], OTHER)
    made = [
        replace(one, id=f"{one.id[:-1]}z", label="PERSON") if one.text == "Trump" else one
        for one in layer.entities
    ]
    two.replace_layer(layer.document, replace(layer, annotations={one.id: one for one in made}))
    many = sum(one.text == "Trump" for one in made)
    async with reviewing(two, against(two)) as review:
        queue = review.screen.queue
        await seek(review, "label")
        difference = review.screen.difference
        assert difference is not None
        number, left, marked = queue.number, queue.left, review.page
        await review.press("=")
        assert review.foot.startswith(f"all {many} like it: ( left  ) right  _ neither")
        await review.press("escape")
        assert review.page == marked, "both sides are marked again"
        await review.press("=", ")")
        decision = review.journal()[-1]
        assert len(decision.changes) == 2 * many
        taken = [one.after for one in decision.changes if one.after and one.after.status.stands]  # type: ignore[union-attr]
        assert {one.label for one in taken} == {difference.right.label}  # type: ignore[union-attr]
        assert queue.left == left - many
        await review.press("u")
        assert (queue.number, queue.left) == (number, left)
        assert review.screen.difference is not None


async def test_a_side_that_says_nothing_can_be_right(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        await seek(review, "missing")
        assert "left nothing" in review.said
        await review.press("(")
        (decision,) = review.journal()
        assert decision.action is Action.REJECT
        await seek(review, "extra")
        await review.press("(")
        assert review.journal()[-1].action is Action.ACCEPT
    async with reviewing(two, against(two)) as review:
        moscow = len(review.reading.text.occurrences("Moscow"))
        assert len(review.screen.queue) == 2 + moscow - 1


async def test_claims_may_both_stand(two: Project) -> None:
    document = two.document(two.order()[0])
    for name, stance in ((scenes.MODEL, "affirms"), (OTHER, "denies")):
        layer = two.layer(document.id, name)
        span = document.text.occurrences(scenes.CLAIM)[0]
        one = two.schema.blank_claim(
            id=suggestion_id(name, Claim.kind, span),
            span=span,
            text=span.of(document.text),
            stance=stance,
        )
        made = {**layer.annotations, one.id: changes.suggested(one, name)}
        two.replace_layer(document.id, replace(layer, annotations=made, _index=None))
    async with reviewing(two, against(two), (120, 40)) as review:
        await seek(review, "stance")
        assert "left affirms · right denies · other stance" in review.said
        assert "+!(" in review.page, "the margin shows the key of each side"
        assert "¬!)" in review.page
        assert scenes.MODEL in review.screen.inspector.words
        assert OTHER in review.screen.inspector.words
        await review.press("&")
        own = two.layer(document.id)
        assert [one.stance for one in own.claims] in (["affirms", "denies"], ["denies", "affirms"])
        assert all(one.status is Status.ACCEPTED for one in own.claims)


async def test_ones_own_layer_against_a_model(two: Project) -> None:
    document = two.order()[0]
    for one in list(two.layer(document, scenes.MODEL).index):
        two.decide(document, Action.ACCEPT, [changes.accept(one)])
    async with reviewing(two, against(two, "anna", OTHER)) as review:
        await seek(review, "label")
        difference = review.screen.difference
        assert difference is not None
        assert difference.left is not None
        assert difference.right is not None
        await review.press(")")
        own = two.layer(document)
        assert own.get(difference.left.id).status is Status.REJECTED
        assert own.get(difference.right.id).status is Status.ACCEPTED


def corrected(project: Project) -> tuple[str, Entity]:
    """Anna and bob decide on the same suggestion, bob with another label."""
    document = project.order()[0]
    first = next(
        one for one in project.layer(document, scenes.MODEL).entities if one.label != "ORG"
    )
    project.decide(document, Action.ACCEPT, [changes.accept(first)])
    bob = Project.open(project.root, annotator="bob")
    bob.decide(document, Action.RELABEL, [changes.relabel(first, "ORG", bob.schema)])
    return document, first


@pytest.mark.parametrize("is_swapped", [False, True])
async def test_two_corrections_of_one_suggestion_are_two_sides(
    project: Project, is_swapped: bool
) -> None:
    document, first = corrected(project)
    carl = Project.open(project.root, annotator="carl")
    names = ("bob", "anna") if is_swapped else ("anna", "bob")
    labels = ["ORG", first.label] if is_swapped else [first.label, "ORG"]
    async with reviewing(carl, against(carl, *names), (120, 40)) as review:
        short = [carl.schema.label(one).short for one in labels]
        assert f"left {first.text} {short[0]} · right {first.text} {short[1]}" in review.said
        await review.press("(")
        (one,) = [one for one in carl.layer(document).entities if one.status.stands]
        assert one.label == labels[0]
        assert one.origin is not None
        assert one.origin.layer == names[0]
        assert "Nothing is left" in review.said


@pytest.mark.parametrize("other", ["anna", scenes.MODEL])
async def test_taking_ones_own_side_of_one_suggestion_settles_it_and_can_be_undone(
    project: Project, other: str
) -> None:
    document, first = corrected(project)
    bob = Project.open(project.root, annotator="bob")
    async with reviewing(bob, against(bob, other, "bob"), (120, 40)) as review:
        assert review.screen.difference is not None
        assert review.screen.difference.kinds == ("label",)
        sides = review.screen.difference.sides
        assert all(one.id in review.reading.overlay.index for one in sides)
        await review.press(")")
        assert [one.label for one in bob.layer(document).entities if one.status.stands] == ["ORG"]
        assert review.screen.difference is None or review.screen.difference.kinds != ("label",)
        await review.press("u")
        assert review.screen.difference is not None
        assert review.screen.difference.kinds == ("label",)
        await review.press("(")
        stands = [one.label for one in bob.layer(document).entities if one.status.stands]
        assert stands == [first.label]


async def test_named_annotations_are_opened_whatever_became_of_them(project: Project) -> None:
    document = project.order()[0]
    first, second, *_ = project.layer(document, scenes.MODEL).index
    project.decide(document, Action.ACCEPT, [changes.accept(first)])
    places = [(document, second.id), (document, first.id)]
    async with reviewing(project, lambda _: Marked(project, "two", places)) as review:
        assert review.current.id == second.id
        await review.press("x")
        assert review.current.id == first.id
        assert "2 of 2 in the queue" in review.status


async def test_documents_that_only_one_layer_has_are_counted_and_named(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        assert "in the queue, 1 left out" in review.status
        for _ in range(len(review.screen.queue)):
            await review.press("_")
        assert "Nothing is left to review" in review.said
        assert f"1 document without {OTHER} ({scenes.MINUTES})" in review.said


async def test_differences_come_in_the_order_that_is_asked_for(two: Project) -> None:
    def labels(order: Order) -> list[str]:
        found = [
            one
            for batch in Differences(two, scenes.MODEL, OTHER, order=order).batches()
            for one in batch
        ]
        sides = [
            one.difference.first
            for one in sorted(found, key=lambda one: one.rank)
            if one.difference
        ]
        return [one.label for one in sides if isinstance(one, Entity)]

    by_label = labels(Order.LABEL)
    order = [one.name for one in two.schema.labels]
    assert by_label == sorted(by_label, key=order.index)
    assert by_label != labels(Order.TEXT)
    with pytest.raises(InputError, match="order by another"):
        Differences(two, scenes.MODEL, OTHER, order=Order.DISAGREEMENT)


async def test_the_tags_of_a_difference_show_the_key_of_their_side(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        await seek(review, "label")
        assert "Lend-Lease ORG( LAW)" in review.page or "Lend-Lease LAW) ORG(" in review.page
        await review.press("n")
        assert "ORG(" not in review.page


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
async def test_the_line_of_keys_has_every_side_and_nothing_that_a_claim_has_not(
    two: Project, size: tuple[int, int]
) -> None:
    async with reviewing(two, against(two), size) as review:
        assert review.foot.startswith("( left  ) right  _ neither  ")
        assert review.foot.endswith("? all keys")
        assert ("= all the same" in review.foot) == (size[0] >= 80)
    document = two.order()[0]
    layer = two.layer(document, scenes.MODEL)
    text = two.document(document).text
    span = text.occurrences(scenes.CLAIM)[0]
    blank = two.schema.blank_claim(id="c1", span=span, text=span.of(text))
    claims = replace(layer, name="claims", annotations={"c1": changes.suggested(blank, "claims")})
    two.replace_layer(document, claims)
    async with reviewing(two, lambda late: Suggestions(two, "claims"), size) as review:
        assert review.foot.startswith("a accept  x reject  ")
        assert "label" not in review.foot


async def test_a_side_that_was_moved_is_told_and_taken_as_it_is_now(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        await seek(review, "label")
        await review.press("}")
        moved = review.current
        assert moved.status is Status.CORRECTED
        assert f"left {moved.text}" in review.said
        await review.press("(")
        own = two.layer(two.order()[0])
        assert own.annotations[moved.id].span == moved.span, "what was corrected stays so"
        assert review.screen.is_on_item
        assert review.screen.queue.current.annotation != moved.id  # type: ignore[union-attr]


async def test_what_both_layers_say_is_accepted_at_once_and_undone_at_once(two: Project) -> None:
    async with reviewing(two, against(two)) as review:
        queue = len(review.screen.queue)
        here = review.current.id
        await review.press("|")
        (decision,) = review.journal()
        assert decision.action is Action.ACCEPT
        own = two.layer(two.order()[0])
        assert len(own.entities) == len(decision.changes) > 1
        assert review.current.id == here
        assert len(review.screen.queue) == queue
        await review.press("|")
        assert "Nothing that both layers say is open" in review.said
        await review.press("u")
        assert two.layer(two.order()[0]).entities == []


@pytest.mark.parametrize("finishing", [False, True])
async def test_a_document_with_nothing_open_is_done_where_that_is_wanted(
    two: Project, finishing: bool
) -> None:
    app = PurportApp(two, Settings(theme="dark"), review=against(two), finishing=finishing)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        review = Reviewer(two, pilot)
        await review.until(lambda: review.screen.queue.is_full)
        await review.press("|")
        for _ in range(len(review.screen.queue)):
            assert not two.layer(two.order()[0]).state.finished
            await review.press("_")
        assert two.layer(two.order()[0]).state.finished is finishing


async def test_undoing_a_flag_brings_it_back_to_where_one_is(project: Project) -> None:
    async with reviewing(project, suggestions(project)) as review:
        await review.press("n", "n")
        flagged = review.current
        await review.press("!", "u")
        assert review.current.id == flagged.id
        assert review.said == f"undone: flag “{flagged.text}”"
        assert "3 of" in review.status
        await review.press("a")
        assert "4 of" in review.status


# Wrong on purpose


def seeded(project: Project, share: float = 1.0) -> Callable[[Skipped], Review]:
    return lambda late: Seeded(project, scenes.MODEL, Order.TEXT, late, share)


async def test_a_seeded_suggestion_looks_like_any_other_and_never_stands(project: Project) -> None:
    async with reviewing(project, seeded(project)) as review:
        document = project.order()[0]
        true = next(iter(project.layer(document, scenes.MODEL).index))
        wrong = review.current
        assert isinstance(true, Entity)
        assert isinstance(wrong, Entity)
        assert (wrong.span, wrong.score) == (true.span, true.score)
        assert wrong.label != true.label
        assert scenes.MODEL in review.said
        await review.press("a")
        assert "wrong on purpose" in review.said
        assert review.current.id == true.id
        accepted, removed = review.journal()
        assert (accepted.action, removed.action) == (Action.ACCEPT, Action.REMOVE)
        assert is_seeded(accepted.changes[0].after)
        await review.press("a")
        own = project.layer(document)
        assert own.get(true.id).status is Status.ACCEPTED
        assert own.get(wrong.id).status is Status.REJECTED
        made = Labelled.of(project.document(document), own)
        assert [one.id for one in (*made.entities, *made.rejected)] == [true.id]
        await review.press("x")
        assert [one.is_caught for one in traps(review.journal())] == [False, True]
        assert review.current.status is Status.SUGGESTED
        assert "wrong on purpose" not in review.said


async def test_about_as_many_are_seeded_as_were_asked_for(project: Project) -> None:
    plain = sum(map(len, Suggestions(project, scenes.MODEL).batches()))
    all_of_them = sum(map(len, Seeded(project, scenes.MODEL, share=1.0).batches()))
    some = sum(map(len, Seeded(project, scenes.MODEL, share=0.3).batches()))
    none = sum(map(len, Seeded(project, scenes.MODEL, share=0.0).batches()))
    assert (none, all_of_them) == (plain, 2 * plain)
    assert 0.1 * plain < some - plain < 0.5 * plain
