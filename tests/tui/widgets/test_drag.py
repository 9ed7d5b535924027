"""A click, or a drag over whole words."""

from __future__ import annotations

from annotations.span import Span
from annotations.text import Text
from tui.widgets.drag import Drag

TEXT = Text("Envoys told Arvel all.\nNothing was signed.")


def test_a_drag_takes_whole_words_in_either_direction() -> None:
    drag = Drag(TEXT, 9)
    assert drag.move(14) == Span(7, 17)
    assert drag.move(2) == Span(0, 11)


def test_a_drag_crosses_paragraphs() -> None:
    assert Drag(TEXT, 13).move(24) == Span(12, 30)


def test_moving_inside_the_word_is_no_drag() -> None:
    drag = Drag(TEXT, 7)
    assert drag.move(9) is None
    assert drag.span is None


def test_coming_back_to_the_word_selects_it() -> None:
    drag = Drag(TEXT, 7)
    drag.move(13)
    assert drag.move(8) == Span(7, 11)


def test_the_same_words_are_told_once() -> None:
    drag = Drag(TEXT, 7)
    assert drag.move(13) == Span(7, 17)
    assert drag.move(15) is None


def test_a_text_without_words_cannot_be_dragged_over() -> None:
    assert Drag(Text("   "), 1).move(2) is None
