"""Colours that can be read and told apart, and marks where there are none."""

from __future__ import annotations

from itertools import combinations

import pytest
from rich.style import Style
from textual.color import Color

from annotations.records import Status
from annotations.schema import default
from tui.layout.margin import MARKS
from tui.theme import ANSI, COLOURS, DARK, LIGHT, MONO, THEMES, choose, palette

LABELS = range(len(default().labels))
MODES = [(DARK, False), (LIGHT, False), (ANSI, False), (DARK, True), (ANSI, True)]


def contrast(one: str, two: str) -> float:
    """WCAG 2: (L1 + 0.05) / (L2 + 0.05), the lighter over the darker."""

    def luminance(colour: str) -> float:
        parts = (part / 255 for part in Color.parse(colour).rgb)
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_all_text_stands_out_from_its_background(theme: str) -> None:
    made = COLOURS[theme]
    inks = [made.text, made.muted, made.affirms, made.denies, *made.labels]
    assert {
        ink: contrast(ink, made.background) for ink in inks if contrast(ink, made.background) < 4.5
    } == {}


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_plain_text_stands_out_from_every_tint(theme: str) -> None:
    made = COLOURS[theme]
    for tint in (made.cursor, made.current, made.match, made.preview, made.selection):
        assert contrast(made.text, tint) >= 4.5, tint


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_every_tint_can_be_told_from_the_background(theme: str) -> None:
    made = COLOURS[theme]
    tints = [made.cursor, made.current, made.match, made.preview, made.selection]
    assert len({made.background, *tints}) == 6
    assert all(contrast(tint, made.background) >= 1.15 for tint in tints)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_eighteen_labels_look_different(theme: str) -> None:
    look = palette(theme)
    shorts = {label.short for label in default().labels}
    assert len(shorts) == len(LABELS) == 18
    styles = {str(look.entity(position, Status.SUGGESTED)) for position in LABELS}
    assert len(styles) == 2 * len(COLOURS[theme].labels)


@pytest.mark.parametrize(("theme", "no_color"), MODES)
def test_each_status_differs_by_mark_and_by_style(theme: str, no_color: bool) -> None:
    look = palette(theme, no_color=no_color)
    assert len(set(MARKS.values())) == len(Status)
    for one, two in combinations(Status, 2):
        assert (look.entity(0, one), look.tag(0, one)) != (look.entity(0, two), look.tag(0, two))


@pytest.mark.parametrize(("theme", "no_color"), MODES)
@pytest.mark.parametrize("status", Status)
def test_the_current_annotation_is_loud(theme: str, no_color: bool, status: Status) -> None:
    look = palette(theme, no_color=no_color)
    for style in (
        look.entity(3, status, current=True),
        look.tag(3, status, current=True),
        look.lane("affirms", status, current=True),
    ):
        assert style.reverse
        assert style.bold
    quiet, loud = look.claim(status), look.claim(status, current=True)
    assert loud.bold
    assert not quiet.bold


def test_without_colour_no_style_has_any() -> None:
    look = palette(DARK, no_color=True)
    styles: list[Style] = [look.base, look.muted, look.match, look.preview, look.selection]
    styles += [look.cursor, look.cursor_current]
    for status in Status:
        for current in (False, True):
            styles += [look.entity(place, status, current=current) for place in LABELS]
            styles += [look.tag(place, status, current=current) for place in LABELS]
            styles += [look.claim(status, current=current), look.lane("denies", status)]
    assert look.name == MONO
    assert all(style.color is None and style.bgcolor is None for style in styles)
    assert not any(style.italic or style.dim for style in styles)


def test_sixteen_colours_use_the_terminals_own_and_no_italics() -> None:
    look = palette(ANSI)
    for position in LABELS:
        style = look.entity(position, Status.SUGGESTED)
        assert style.color is not None
        assert style.color.number is not None
        assert style.color.number < 8
        assert not style.italic


def test_the_theme_follows_the_terminal() -> None:
    assert choose("truecolor") == DARK
    assert choose("256", dark=False) == LIGHT
    assert choose("standard") == ANSI
    assert choose("truecolor", no_color=True) == ANSI
    assert choose(None) == ANSI


def test_a_theme_of_others_gets_a_palette_too() -> None:
    assert palette("nord").name == DARK


def test_every_theme_that_is_registered_has_a_palette_of_its_own() -> None:
    assert [palette(theme.name).name for theme in THEMES] == [theme.name for theme in THEMES]


def test_without_colour_what_stands_and_what_is_suggested_differ_in_the_words_themselves() -> None:
    mono = palette(DARK, no_color=True)
    suggested, *standing = (
        mono.entity(0, status)
        for status in (Status.SUGGESTED, Status.ACCEPTED, Status.CORRECTED, Status.ADDED)
    )
    assert not suggested.bold
    assert mono.tag(0, Status.SUGGESTED).bold, "a suggestion is found by its tag"
    assert all(one.bold for one in standing)
    assert mono.entity(0, Status.SUGGESTED, current=True).reverse
