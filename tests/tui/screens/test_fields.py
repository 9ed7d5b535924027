"""All fields of a claim: what is shown, what is decided, and what is put right with it."""

from __future__ import annotations

import pytest
from screen_host import SIZES, Host

from annotations import changes, schema
from annotations.records import Claim, Status
from annotations.schema import Schema
from annotations.span import Span
from tui.screens.fields import FieldsScreen

WORDS = "[b]no formal agreements[/b] are expected to be signed at the meeting in the old town hall"


class Desk:
    """Stands for the project: decides on one claim, and keeps what it was asked."""

    def __init__(self, *, refuses: bool = False, **parts: str) -> None:
        self.schema: Schema = schema.default()
        made = self.schema.blank_claim(
            id="a1", span=Span(0, len(WORDS)), text=WORDS, status=Status.ADDED
        )
        self.claim: Claim = made
        for field, value in parts.items():
            self._take(field, value)
        self.asked: list[tuple[str, object]] = []
        self.refuses = refuses

    def _take(self, field: str, value: object) -> None:
        after = changes.tag(self.claim, field, value, self.schema).after
        assert isinstance(after, Claim)
        self.claim = after

    def set_field(self, field: str, value: object) -> Claim | None:
        self.asked.append((field, value))
        if self.refuses:
            return None
        self._take(field, value)
        return self.claim

    def app(self) -> Host:
        return Host(FieldsScreen(self.claim, self.schema, self.set_field))


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
@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (["right"], [("stance", "denies")]),
        (["left"], [("stance", "open")]),
        (["right", "right", "right"], [("stance", one) for one in ("denies", "open", "affirms")]),
        (["down", "right"], [("certainty", "probable")]),
        (["down", "down", "right"], [("frame", "question")]),
        (["down", "down", "down", "left"], [("time", "future")]),
        (["up", "end", "right", "right"], [("doubt", True), ("doubt", False)]),
        (["end", "up", "right"], [("quote", "direct")]),
        (["down", "up"], []),
        (["x", "tab", "a"], []),
    ],
)
async def test_each_change_is_decided_at_once(
    size: tuple[int, int], keys: list[str], asked: list[tuple[str, object]]
) -> None:
    desk = Desk()
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert desk.asked == asked
        assert app.leaked == []
        if asked:
            field, value = asked[-1]
            shown = {True: "yes", False: "no"}.get(value, value)  # type: ignore[call-overload]
            name = "quotation" if field == "quote" else field
            (row,) = [row for row in app.seen()[1:7] if row.startswith(f" ▸ {name}")]
            assert f"‹{shown}›" in row


@pytest.mark.parametrize("size", SIZES)
async def test_an_impossible_pair_is_put_right_and_said(size: tuple[int, int]) -> None:
    desk = Desk(certainty="probable")
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await pilot.press("left")
        await pilot.pause()
        seen = app.seen()
    assert (desk.claim.stance, desk.claim.certainty) == ("open", "uncommitted")
    assert " certainty → uncommitted, goes with open" in seen
    assert "‹open›" in seen[1]
    assert "‹uncommitted›" in seen[2]


async def test_a_change_that_needs_no_other_is_said_to_be_saved() -> None:
    app = Desk().app()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("down", "right")
        await pilot.pause()
        assert " certainty: probable, saved" in app.seen()


async def test_what_is_refused_is_said_and_nothing_changes() -> None:
    app = Desk(refuses=True).app()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("right")
        await pilot.pause()
        seen = app.seen()
    assert " not set: stance stays affirms" in seen
    assert "‹affirms›" in seen[1]


@pytest.mark.parametrize("key", ["escape", "enter", "w"])
async def test_it_closes(key: str) -> None:
    app = Desk().app()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert app.returned is None
        assert app.leaked == []
