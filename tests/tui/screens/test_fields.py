"""All fields of a claim: what is shown, what is decided, and what is put right with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from screen_host import SIZES, Host

from annotations import schema
from annotations.records import Claim, Status
from annotations.schema import Schema
from annotations.span import Span
from tui.screens.fields import FieldsScreen

WORDS = "[b]no formal agreements[/b] are expected to be signed at the meeting in the old town hall"


class Desk:
    """Stands for the project: keeps what it is asked to, or says why not."""

    def __init__(self, *, refuses: str = "", **parts: Any) -> None:
        self.schema: Schema = schema.default()
        made = self.schema.blank_claim(
            id="a1", span=Span(0, len(WORDS)), text=WORDS, status=Status.ADDED
        )
        self.claim: Claim = replace(made, **parts)
        self.kept: list[Claim] = []
        self.refuses = refuses

    def keep(self, claim: Claim) -> str:
        self.kept.append(claim)
        return self.refuses

    def app(self) -> Host:
        return Host(FieldsScreen(self.claim, self.schema, self.keep))


@pytest.mark.parametrize("size", SIZES)
async def test_the_claim_and_all_six_fields_are_seen(size: tuple[int, int]) -> None:
    app = Desk(stance="denies", certainty="probable").app()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        seen = app.seen()
    assert seen[0].startswith(" Claim “[b]no formal")
    for row, field, value in zip(
        seen[1:7],
        ["▸ stance", "certainty", "frame", "time", "quotation", "doubt"],
        ["denies", "probable", "assertion", "unspecified", "none", "no"],
        strict=True,
    ):
        assert row.strip().startswith(field)
        assert f"‹{value}›" in row
    assert "denies: the holder says that it is not so" in " ".join(
        row.strip() for row in seen[8:10]
    )
    assert "esc back" in seen[-1]


async def test_every_value_stands_in_the_row_where_there_is_room() -> None:
    app = Desk().app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        frame = app.seen()[3]
    assert frame.split(maxsplit=1)[1] == "‹assertion› question  condition  wish or plan  directive"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["enter", "w"])
@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        (["right"], {"stance": "denies"}),
        (["left"], {"stance": "open", "certainty": "uncommitted"}),
        (["left", "left"], {"stance": "denies"}),
        (["down", "right"], {"certainty": "probable"}),
        (["down", "down", "right"], {"frame": "question"}),
        (["down", "down", "down", "left"], {"time": "future"}),
        (["up", "right"], {"doubt": True}),
        (["end", "up", "right"], {"quote": "direct"}),
        (["up", "right", "down", "right"], {"doubt": True, "stance": "denies"}),
        (["right", "down", "right"], {"stance": "denies", "certainty": "probable"}),
    ],
)
async def test_what_was_chosen_is_kept_as_one_decision(
    size: tuple[int, int], key: str, keys: list[str], kept: dict[str, object]
) -> None:
    desk = Desk()
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert desk.kept == [], "choosing keeps nothing"
        assert "not kept yet" in " ".join(app.seen())
        assert "enter keep" in app.seen()[-1]
        await pilot.press(key)
        await pilot.pause()
        (one,) = desk.kept
        assert one.values() == desk.claim.values() | kept
        assert app.returned is True
        assert app.leaked == []


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ([], "enter"),
        (["x", "tab", "a", "down", "up"], "w"),
        (["right", "left"], "enter"),
        (["right", "right", "right"], "w"),
        (["up", "right", "right"], "enter"),
        (["right", "down", "right"], "escape"),
        ([], "escape"),
    ],
)
async def test_nothing_is_kept_where_nothing_differs_or_one_leaves(
    keys: list[str], key: str
) -> None:
    desk = Desk()
    app = desk.app()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press(*keys, key)
        await pilot.pause()
        assert desk.kept == []
        assert app.returned is False
        assert app.leaked == []


@pytest.mark.parametrize("size", SIZES)
async def test_what_goes_with_a_value_is_shown_and_is_back_when_the_value_is(
    size: tuple[int, int],
) -> None:
    desk = Desk(certainty="possible")
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await pilot.press("left")
        await pilot.pause()
        seen = app.seen()
        assert "not kept yet: certainty → uncommitted" in " ".join(seen)
        assert "‹open›" in seen[1]
        assert "‹uncommitted›" in seen[2]
        await pilot.press("left")
        await pilot.pause()
        assert "‹denies›" in app.seen()[1]
        assert "‹possible›" in app.seen()[2]
        await pilot.press("left")
        await pilot.pause()
        assert " as it was" in app.seen()
        assert "esc back" in app.seen()[-1]


async def test_a_stance_that_a_certainty_brought_can_be_turned_back() -> None:
    desk = Desk(certainty="possible")
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "right")
        await pilot.pause()
        assert "‹open›" in app.seen()[1]
        await pilot.press("up", "right")
        await pilot.pause()
        assert " as it was" in app.seen()


async def test_up_from_the_first_row_goes_to_the_last_and_down_from_it_back() -> None:
    app = Desk().app()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("up")
        await pilot.pause()
        assert app.seen()[6].startswith(" ▸ doubt")
        await pilot.press("down")
        await pilot.pause()
        assert app.seen()[1].startswith(" ▸ stance")


LIKELY = {"scale": "icd203", "band": "likely", "phrase": "likely", "range": "55-80"}


@pytest.mark.parametrize("size", SIZES)
async def test_a_likelihood_has_a_row_and_can_be_taken_out(size: tuple[int, int]) -> None:
    desk = Desk(certainty="probable", likelihood=LIKELY)
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "‹likely [55-80 %]›" in app.seen()[7]
        await pilot.press("right")
        await pilot.pause()
        assert "‹none›" in app.seen()[7], "it does not go with what is denied"
        await pilot.press("up", "right")
        await pilot.pause()
        assert "‹none›" in app.seen()[7], "nor can it be made to"
        await pilot.press("down", "left", "up", "right", "enter")
        await pilot.pause()
    (kept,) = desk.kept
    assert kept.values() == desk.claim.values() | {"likelihood": None}


@pytest.mark.parametrize("size", SIZES)
async def test_what_cannot_be_kept_is_said_and_stays_chosen(size: tuple[int, int]) -> None:
    desk = Desk(refuses="Not saved: no space left.")
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await pilot.press("right", "enter")
        await pilot.pause()
        assert " Not saved: no space left." in app.seen()
        assert "‹denies›" in app.seen()[1]
        assert app.returned is Host.NOTHING
        desk.refuses = ""
        await pilot.press("enter")
        await pilot.pause()
        assert app.returned is True
