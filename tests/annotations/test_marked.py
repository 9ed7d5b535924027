from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.evidence import AUTHOR, UNNAMED, Link
from annotations.marked import line, marked, pieces, visible
from annotations.records import Annotation, Claim, Entity, Status
from annotations.span import Span
from annotations.text import Text

TEXT = Text("No pact is expected, Ada Bly told Orlen.")


def entity(words: str, label: str, status: Status = Status.ACCEPTED, text: Text = TEXT) -> Entity:
    start = text.index(words)
    span = Span(start, start + len(words))
    return Entity(id=f"e{start}-{label}", span=span, text=words, label=label, status=status)


def claim(words: str, status: Status = Status.ADDED, **parts: object) -> Claim:
    start = TEXT.index(words)
    span = Span(start, start + len(words))
    return Claim(id=f"c{start}", span=span, text=words, status=status, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("annotations", "shown"),
    [
        ([], "No pact is expected, Ada Bly told Orlen."),
        ([entity("Orlen", "ORG")], "No pact is expected, Ada Bly told [Orlen ORG]."),
        (
            [entity("Orlen", "ORG", Status.SUGGESTED)],
            "No pact is expected, Ada Bly told [Orlen ORG?].",
        ),
        ([entity("Orlen", "ORG", Status.REJECTED)], "No pact is expected, Ada Bly told Orlen."),
        (
            [claim("pact is expected", holder=(UNNAMED, AUTHOR), stance="denies")],
            "No {pact is expected | denies certain unnamed}, Ada Bly told Orlen.",
        ),
        (  # one inside the other, to the same end
            [claim("Ada Bly told Orlen"), entity("Orlen", "ORG"), entity("Ada Bly", "PERSON")],
            "No pact is expected, {[Ada Bly PERSON] told [Orlen ORG] | affirms certain author}.",
        ),
        (  # the same span: the claim is the outer one
            [entity("Orlen", "ORG"), claim("Orlen")],
            "No pact is expected, Ada Bly told {[Orlen ORG] | affirms certain author}.",
        ),
        (  # next to one another
            [entity("Ada ", "A"), entity("Bly", "B")],
            "No pact is expected, [Ada  A][Bly B] told Orlen.",
        ),
        (  # crossing: each has a part of its own
            [claim("expected, Ada"), entity("Ada Bly", "PERSON")],
            "No pact is {1 expected, [2 Ada | affirms certain author 1} Bly PERSON 2] told Orlen.",
        ),
        (  # a third that crosses nothing has no number
            [claim("expected, Ada"), entity("Ada Bly", "PERSON"), entity("Orlen", "ORG")],
            "No pact is {1 expected, [2 Ada | affirms certain author 1} Bly PERSON 2] "
            "told [Orlen ORG].",
        ),
    ],
)
def test_what_is_marked_stands_in_brackets(annotations: list[Annotation], shown: str) -> None:
    assert marked(TEXT, annotations) == shown
    assert marked(TEXT, reversed(annotations)) == shown


def test_a_holder_is_named_innermost_first() -> None:
    held = claim("pact", holder=(Link("span", "the envoy", 0), Link("generic"), AUTHOR))
    assert "| affirms certain the envoy ← generic}" in marked(TEXT, [held])


def test_colours_change_nothing_but_colour() -> None:
    annotations = [claim("expected, Ada"), entity("Ada Bly", "PERSON")]
    parts = list(pieces(TEXT, annotations))
    assert "".join(words for words, _ in parts) == marked(TEXT, annotations)
    assert sum(colour != "" for _, colour in parts) == 4


def test_control_characters_are_symbols_and_line_breaks_are_kept() -> None:
    words = "a\r\nb\rc\x1b[31md\x00\x7f\x9b\u2028\u202e\u200e\te\x0c\n\ud800"
    assert visible(words) == "a\nb\nc␛[31md␀␡\ufffd␤⇄⇄\te␌\n\ufffd"


def test_words_for_a_line_hold_no_line_break() -> None:
    assert line(" a\r\n b\x1bc ") == "a b␛c"


def test_what_is_marked_is_no_way_past_the_symbols() -> None:
    text = Text("a \x1b]0;x\x07 b")
    mark = entity("\x1b]0;x\x07", "EVIL\x1b[2J", text=text)
    assert "\x1b" not in marked(text, [mark])


@st.composite
def layers(draw: st.DrawFn) -> list[Annotation]:
    found: list[Annotation] = []
    for number in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(TEXT) - 1))
        end = draw(st.integers(start + 1, len(TEXT)))
        kind = draw(st.sampled_from([Entity, Claim]))
        own = {"label": "L"} if kind is Entity else {}
        span = Span(start, end)
        found.append(
            kind(id=f"a{number}", span=span, text=span.of(TEXT), status=Status.ADDED, **own)  # type: ignore[arg-type]
        )
    return found


@given(layers())
def test_without_the_marks_it_is_the_text_and_every_bracket_is_closed(
    annotations: list[Annotation],
) -> None:
    shown = marked(TEXT, annotations)
    opening, closing = r"[\[{](?:\d+ )?", r" (?:\| affirms certain author|L)(?: \d+)?[\]}]"
    assert re.sub(f"{closing}|{opening}", "", shown) == TEXT
    open_ones: list[str] = []
    for match in re.finditer(f"({closing})|({opening})", shown):
        bracket = match[0].strip()
        if match[2]:
            open_ones.append(bracket[1:])
            continue
        number = re.search(r" (\d+)[\]}]$", match[0])
        if number:
            open_ones.remove(number[1])
        else:
            # One without a number closes the last that has none.
            place = max(place for place, one in enumerate(open_ones) if not one)
            del open_ones[place]
    assert open_ones == []
