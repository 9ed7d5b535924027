"""The page in a small app: what it shows, when it turns, and what it sends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.message import Message
from textual.pilot import Pilot

from annotations.records import Annotation, Claim, Entity, Status
from annotations.schema import default
from annotations.span import Span, SpanIndex
from annotations.text import Text
from tui.theme import LIGHT, THEMES
from tui.widgets.page import Page

SCHEMA = default()
SENTENCE = "Envoys told Arvel that the port was shut and that no more ships would leave it."
TEXT = Text("\n".join(f"{number}. {SENTENCE}" for number in range(100)))
SIZES = [(80, 24), (40, 12), (120, 40)]


class Host(App[None]):
    """An app of one page, which keeps the page's messages."""

    CSS = "Screen { background: $background; }"

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield Page()

    def on_page_pointed(self, message: Page.Pointed) -> None:
        self.heard.append(message)

    def on_page_dragged(self, message: Page.Dragged) -> None:
        self.heard.append(message)


class Watched:
    """A page, the app around it, and the rows that it asked to be sent."""

    def __init__(self, pilot: Pilot[None], page: Page, index: SpanIndex[Annotation]) -> None:
        self.pilot, self.page, self.index = pilot, page, index
        self.sent: list[int] = []
        refresh = page.refresh

        def spy(*regions: Region, **options: bool) -> Page:
            for region in regions or (page.size.region,):
                self.sent += range(region.y, region.bottom)
            return refresh(*regions, **options)

        page.refresh = spy  # type: ignore[method-assign]

    @property
    def heard(self) -> list[Message]:
        app = self.pilot.app
        assert isinstance(app, Host)
        return app.heard

    def lines(self) -> list[str]:
        return [self.page.render_line(y).text.rstrip() for y in range(self.page.size.height)]

    def sees(self, span: Span) -> bool:
        seen = self.page.visible_span()
        return seen.start <= span.start and span.end <= seen.end

    def change(self, annotation_id: str, **parts: object) -> None:
        one = self.index.get(annotation_id)
        assert one is not None
        self.index.put(replace(one, **parts))  # type: ignore[arg-type]
        self.page.changed([one.span])


Opened = Callable[..., AbstractAsyncContextManager[Watched]]


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (80, 24),
    text: Text = TEXT,
    annotations: Iterable[Annotation] = (),
    top: int = 0,
) -> AsyncIterator[Watched]:
    async with Host().run_test(size=size) as pilot:
        page = pilot.app.query_one(Page)
        index: SpanIndex[Annotation] = SpanIndex(annotations)
        page.show(text, index, SCHEMA, top=top)
        await pilot.pause()
        yield Watched(pilot, page, index)


def entities(text: Text = TEXT, word: str = "Arvel") -> list[Annotation]:
    return [
        Entity(id=f"e{number}", span=span, text=word, label="ORG")
        for number, span in enumerate(text.occurrences(word))
    ]


def claims(text: Text = TEXT, words: str = "the port was shut") -> list[Annotation]:
    return [
        Claim(id=f"c{number}", span=span, text=words)
        for number, span in enumerate(text.occurrences(words))
    ]


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_shows_the_text_from_its_start(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        shown = " ".join(" ".join(seen.lines()).split())
        assert shown.startswith("0. Envoys told Arvel that")
        assert len(seen.lines()) == size[1]
        assert seen.page.visible_span().start == 0


@pytest.mark.parametrize("size", SIZES)
async def test_the_current_annotation_is_always_in_view(size: tuple[int, int]) -> None:
    made = entities()
    async with opened(size, annotations=made) as seen:
        for one in (*made[:30], made[99], made[50], *reversed(made[40:50]), made[0]):
            seen.page.point(one.span, one.id)
            assert seen.sees(one.span)
            await seen.pilot.pause()


async def test_a_page_turns_with_a_few_rows_of_context() -> None:
    made = entities()
    async with opened(annotations=made) as seen:
        ahead = next(one for one in made if not seen.sees(one.span))
        seen.page.point(ahead.span, ahead.id)
        rows = [y for y, line in enumerate(seen.lines()) if f"{ahead.id[1:]}. " in line]
        assert 1 <= rows[0] <= 4
        seen.page.point(made[0].span, made[0].id)
        assert seen.page.visible_span().start == 0


async def test_moving_on_the_page_sends_two_rows_and_no_more() -> None:
    made = entities()
    async with opened(annotations=made) as seen:
        seen.page.point(made[0].span, "e0")
        await seen.pilot.pause()
        seen.sent.clear()
        seen.page.point(made[1].span, "e1")
        assert len(set(seen.sent)) == 2


async def test_standing_still_sends_nothing() -> None:
    made = entities()
    async with opened(annotations=made) as seen:
        seen.page.point(made[0].span, "e0")
        await seen.pilot.pause()
        seen.sent.clear()
        seen.page.point(made[0].span, "e0")
        seen.page.changed([made[0].span])
        seen.page.matches([])
        await seen.pilot.pause()
        assert seen.sent == []


async def test_a_decision_sends_the_row_that_it_is_on() -> None:
    made = entities()
    async with opened(annotations=made) as seen:
        seen.sent.clear()
        seen.change("e1", status=Status.ACCEPTED)
        assert len(set(seen.sent)) == 1
        assert "Arvel ORG✓" in "\n".join(seen.lines())


async def test_a_new_tag_moves_the_text_below_it() -> None:
    async with opened() as seen:
        assert "ORG" not in "\n".join(seen.lines())
        one = entities()[0]
        seen.index.put(one)
        seen.page.changed([one.span])
        assert "Arvel ORG?" in seen.lines()[0]


async def test_a_claim_has_its_lane_and_keeps_it_while_it_is_current() -> None:
    made = claims()
    async with opened(annotations=made) as seen:
        assert seen.lines()[0].startswith("+!?")
        seen.page.point(made[0].span, "c0")
        assert seen.lines()[0].startswith("+!?")


async def test_a_page_that_a_person_turned_stays_turned() -> None:
    made = entities()
    async with opened(annotations=made) as seen:
        seen.page.point(made[0].span, "e0")
        offset = seen.page.page_down()
        before = seen.page.visible_span()
        seen.page.point(offset, "e0")
        assert seen.page.visible_span() == before
        assert seen.sees(Span(offset, offset + 1))


async def test_a_resized_annotation_is_shown_whole_again() -> None:
    made = entities()
    async with opened(annotations=made) as seen:
        seen.page.point(made[0].span, "e0")
        seen.page.page_down()
        longer = replace(made[0], span=Span(made[0].span.start, made[0].span.end + 5))
        seen.index.put(longer)
        seen.page.changed([longer.span])
        seen.page.point(longer.span, "e0")
        assert seen.sees(longer.span)


@pytest.mark.parametrize("size", [*SIZES, (9, 4), (30, 1), (30, 2)])
async def test_turning_pages_leaves_nothing_out(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        read = 0
        while read < len(TEXT):
            span = seen.page.visible_span()
            # A paragraph's line break is in no row.
            assert span.start <= read + 1
            assert span.end > read
            read = span.end
            seen.page.page_down()
        last = seen.page.page_down()
        assert seen.sees(Span(last, last + 1))
        for _ in range(2000):
            if seen.page.page_up() == 0:
                break
        assert seen.page.visible_span().start == 0


@pytest.mark.parametrize("size", SIZES)
async def test_the_cursor_goes_down_the_rows_and_up_again(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        offset, way = 5, [5]
        for _ in range(40):
            offset = seen.page.offset_below(offset)
            way.append(offset)
        assert way == sorted(set(way))
        for wanted in reversed(way[:-1]):
            offset = seen.page.offset_above(offset)
            assert offset == wanted


async def test_there_is_nothing_above_the_first_row_or_below_the_last() -> None:
    async with opened() as seen:
        assert seen.page.offset_above(3) == 3
        assert seen.page.offset_below(len(TEXT) - 3) == len(TEXT) - 3


@pytest.mark.parametrize("size", [*SIZES, (1, 1), (2, 30), (200, 2)])
async def test_after_a_resize_the_same_words_are_at_the_top(size: tuple[int, int]) -> None:
    async with opened(top=len(TEXT) // 2) as seen:
        before = seen.page.visible_span()
        await seen.pilot.resize_terminal(*size)
        first = seen.page.visible_span()
        assert first.start <= before.start <= max(first.end, before.start)
        await seen.pilot.resize_terminal(80, 24)
        assert seen.page.visible_span() == before


@pytest.mark.parametrize("size", [(1, 1), (1, 30), (3, 2), (200, 1)])
@pytest.mark.parametrize("text", [TEXT, Text(""), Text("\n\n"), Text("漢" * 500), Text("\x1b[2J")])
async def test_no_screen_is_too_small_and_no_text_too_odd(
    size: tuple[int, int], text: Text
) -> None:
    async with opened(size, text=text) as seen:
        page = seen.page
        page.point(0, "none", Span(0, len(text)))
        page.matches([Span(0, len(text))])
        page.preview([Span(0, len(text))])
        page.page_down()
        page.page_up()
        page.offset_above(page.offset_below(0))
        page.changed([Span(0, len(text))])
        await seen.pilot.pause()
        assert not any(character < " " for line in seen.lines() for character in line)


async def test_before_anything_is_shown_every_question_has_an_answer() -> None:
    async with Host().run_test() as pilot:
        page = pilot.app.query_one(Page)
        page.point(3, "e1", Span(0, 2))
        page.changed([Span(0, 2)])
        page.matches([Span(0, 2)])
        assert page.page_down() == page.page_up() == 0
        assert page.visible_span() == Span(0, 0)
        assert page.offset_at(0, 0) is None
        assert page.offset_below(4) == 4
        await pilot.click(Page)
        assert page.render_line(0).text.strip() == ""


async def test_another_document_takes_the_place_of_the_first() -> None:
    async with opened(annotations=entities()) as seen:
        seen.page.point(0, "e0")
        seen.page.show(Text("Nothing else."), SpanIndex(), SCHEMA)
        assert [line for line in seen.lines() if line] == [" " * 8 + "Nothing else."]
        assert seen.page.visible_span() == Span(0, 13)


async def test_a_click_points_at_the_character_under_the_mouse() -> None:
    async with opened() as seen:
        x = seen.lines()[0].index("Arvel")
        await seen.pilot.click(Page, offset=(x + 1, 0))
        (message,) = seen.heard
        assert isinstance(message, Page.Pointed)
        assert message.offset == TEXT.index("Arvel") + 1


async def test_a_click_on_a_tag_points_at_its_word() -> None:
    async with opened(annotations=entities()) as seen:
        x = seen.lines()[0].index("ORG")
        await seen.pilot.click(Page, offset=(x, 0))
        (message,) = seen.heard
        assert isinstance(message, Page.Pointed)
        assert TEXT.word_at(message.offset) == entities()[0].span


async def test_a_drag_selects_whole_words_and_is_no_click() -> None:
    async with opened() as seen:
        line = seen.lines()[0]
        await seen.pilot.mouse_down(Page, offset=(line.index("told") + 2, 0))
        await seen.pilot.hover(Page, offset=(line.index("Arvel") + 1, 0))
        await seen.pilot.mouse_up(Page, offset=(line.index("Arvel") + 1, 0))
        (message,) = seen.heard
        assert isinstance(message, Page.Dragged)
        assert message.span.of(TEXT) == "told Arvel"


async def test_another_theme_paints_the_page_anew() -> None:
    async with opened() as seen:
        before = seen.page.render_line(0)
        seen.pilot.app.theme = LIGHT
        await seen.pilot.pause()
        after = seen.page.render_line(0)
        assert after.text == before.text
        assert after != before


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_kept_looks_like_what_would_be_painted_anew(size: tuple[int, int]) -> None:
    made = [*entities(), *claims(words="the port was shut and that no more ships")]
    async with opened(size, annotations=made) as seen:
        for step, one in enumerate(made[:12] + made[100:112]):
            seen.page.point(one.span, one.id, one.span if step % 3 else None)
            seen.page.preview([one.span] if step % 4 == 0 else [])
            status = list(Status)[step % 5]
            seen.change(one.id, status=status)
            if step % 5 == 2:
                seen.index.discard(one.id)
                seen.page.changed([one.span])
            kept = [seen.page.render_line(y) for y in range(size[1])]
            seen.page.on_resize()
            assert kept == [seen.page.render_line(y) for y in range(size[1])]


async def test_a_key_before_the_page_hears_of_its_smaller_size_paints_what_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened() as watched:
        page = watched.page
        last = page.visible_span().end - 2
        monkeypatch.setattr(Page, "content_size", Size(80, 6))
        page.point(0)
        for offset in (last, 0, last):
            page._repaint(page._touched([Span(offset, offset + 1)]))
        assert len(page._strips) == 6
