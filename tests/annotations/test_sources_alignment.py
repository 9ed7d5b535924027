"""Two versions of a text: what of the one is what of the other, and what nobody can tell."""

from __future__ import annotations

import random
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from labelled import texts

from annotations.sources.alignment import Alignment, Fate
from annotations.sources.pairing import heaviest, paired
from annotations.span import Span
from annotations.spelling import composed
from annotations.text import Text

HEARD = (
    "The court heard the witness in person. "
    "Jordan gave evidence under oath for two hours that day.\n"
)


def every(text: str, words: str) -> list[Span]:
    found, start = [], text.find(words)
    while start >= 0:
        found.append(Span(start, start + len(words)))
        start = text.find(words, start + 1)
    return found


def fates(before: str, after: str, words: str, *which: int) -> list[tuple[Fate, int | None]]:
    """What became of these words, of each place or of some of them, with their new start."""
    alignment = Alignment(Text(before), Text(after))
    spans = every(before, words)
    found = [alignment.find(spans[one]) for one in which or range(len(spans))]
    return [(one.fate, one.span and one.span.start) for one in found]


def starts(before: str, after: str, words: str, *which: int) -> list[int | None]:
    return [start for _, start in fates(before, after, words, *which)]


@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_passage_does_not_slide_to_the_same_words_elsewhere(gap: str) -> None:
    before = f"JONES v. STATE\n{HEARD}{gap}BROWN v. STATE\n{HEARD}"
    after = f"BROWN v. STATE\n{HEARD}"
    place = after.index("Jordan")
    assert starts(before, after, "Jordan", 0) == [None]
    assert starts(before, after, "Jordan") == [None, place]
    assert starts(before, after, "Jordan", 1, 0) == [place, None]


def test_a_passage_does_not_slide_to_another_where_the_head_of_it_changed() -> None:
    before = f"JONES: {HEARD}BROWN: {HEARD}"
    assert starts(before, f"JONESY: {HEARD}", "Jordan") == [None, None]
    assert starts(before, f"BROWN: {HEARD}", "Jordan") == [None, HEARD.index("Jordan") + 7]


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("US, 1 May", "US", "BUS, 1 May 2024 AUS"),
        ("Orlen", "Orlen", "The Orlensk dam broke."),
        ("He met May", "May", "In town He met Mayor Jones"),
        ("May said yes to it.", "May", "The Mayor went home."),
        ("He saw New York there.", "New York", "He saw New Yorkshire there."),
        ("Jose left.", "Jose", "Jose\u0301 left."),
        ("\U0001f469 left.", "\U0001f469", "\U0001f469\u200d\U0001f680 left."),
        ("In New York now.", "New York", "In New-York now."),
    ],
)
def test_words_are_not_found_inside_others(before: str, words: str, after: str) -> None:
    assert fates(before, after, words) == [(Fate.LOST, None)]


def test_lines_and_paragraphs_take_theirs_along_wherever_they_go() -> None:
    lines = [
        "2019: Smith left the board.\n",
        "2020: Smith leads the fund.\n",
        "2021: Smith chairs the union.\n",
    ]
    before, after = "".join(lines), "".join(reversed(lines))
    assert fates(before, after, "Smith") == [(Fate.SAME, one) for one in (64, 36, 6)]
    one, other = "Para one about Smith the elder.", "Para two about Smith the younger."
    assert starts(f"{one}\n\n{other}\n", f"{other}\n\n{one}\n", "Smith") == [50, 15]


def test_what_is_left_of_two_is_not_taken_for_the_one_that_is_gone() -> None:
    before = "Chair: Jordan (Ms)\nVenue: Jordan (Amman)\n"
    assert fates(before, "Venue: Jordan (Amman)\n", "Jordan", 0) == [(Fate.LOST, None)]
    assert starts(before, "Venue: Jordan (Amman)\n", "Jordan") == [None, 7]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Peter Jordan was ill for years. King Jordan was rich.",
            "King Jordan was ill for years.",
        ),
        (
            "In 2019 the king of Jordan paid five million.\nIn 2020 nobody paid.\n",
            "In 2018 the king of Jordan paid five million.\n"
            "In 2019 the king of Jordan paid six million.\nIn 2020 nobody paid.\n",
        ),
        (
            "2019 | the Jordan project | Rome | open\n2021 | nothing | Lund | shut\n",
            "2018 | the Jordan project | Rome | open\n2019 | the Jordan project | Oslo | shut\n"
            "2021 | nothing | Lund | shut\n",
        ),
        ("The court met Jordan.", "The court met Jordan River officials."),
        ("We like the old Jordan.", "We are in the old Jordan army."),
    ],
)
def test_where_a_word_of_the_sentence_changed_nothing_moves_unsaid(before: str, after: str) -> None:
    found = fates(before, after, "Jordan")
    assert found and all(fate is not Fate.SAME for fate, _ in found)


def test_where_all_around_is_other_the_words_alone_are_said_to_tell() -> None:
    alike = fates("Chair: Jordan (Ms)\n", "Venue: Jordan (Amman)\n", "Jordan")
    assert alike == [(Fate.BY_WORDS, 7)]
    assert fates("Jordan. Jordan.", "It is Jordan", "Jordan") == [(Fate.AMBIGUOUS, None)] * 2


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("The minister spoke first.", "minister", "The minister's wife spoke last."),
        ("We all know Smith here.", "Smith", "We all know Smith-Jones here."),
        ("The king of Jordan resigned.", "Jordan", "Sales of Jordan shoes rose."),
    ],
)
def test_a_short_word_beside_it_or_more_of_the_name_says_little(
    before: str, words: str, after: str
) -> None:
    assert fates(before, after, words) == [(Fate.BY_WORDS, after.index(words))]
    again = f"{before}\n{words}.\n"
    assert fates(again, f"{after}\n{words}.\n", words, 0) == [(Fate.AMBIGUOUS, None)]


def test_a_short_line_that_went_elsewhere_is_told() -> None:
    body = "The court heard the witness in person.\nThe rest was read out by the clerk.\n"
    assert fates(f"By Jordan\n{body}", f"{body}By Jordan\n", "Jordan") == [(Fate.BY_WORDS, 78)]


def test_of_many_that_are_the_same_the_place_tells_while_none_is_gone() -> None:
    line = "Jordan spoke.\n"
    same = [(Fate.SAME, one) for one in (0, 14, 28)]
    assert fates(line * 3, f"{line * 3}The end.\n", "Jordan") == same
    assert starts(line * 3, f"A head.\n{line * 3}", "Jordan") == [8, 22, 36]
    unknown = [(Fate.AMBIGUOUS, None)] * 3
    assert fates(line * 3, line * 2, "Jordan") == unknown
    assert fates(line * 3, f"{line * 2}The end.\n", "Jordan") == unknown
    assert fates(line * 3, line * 4, "Jordan") == unknown


def test_lines_may_be_broken_otherwise() -> None:
    before = "Smith met the old Jones today and left the house.\n"
    after = "Smith met\r\nthe  old\r\nJones today and\r\nleft the house.\r\n"
    (found,) = [
        Alignment(Text(before), Text(after)).find(one) for one in every(before, "old Jones")
    ]
    assert (found.fate, found.span and found.span.of(after)) == (Fate.SAME, "old\r\nJones")


def test_an_accent_may_be_a_character_of_its_own_now() -> None:
    assert fates("José left.", "Jose\u0301 left.", "José") == [(Fate.SAME, 0)]
    assert fates("José left.", "Jose\u0301 left.", "Jos") == [(Fate.LOST, None)]


def test_part_of_a_word_stays_that_part() -> None:
    assert fates("the unkind clerk", "then the unkind clerk", "kind") == [(Fate.CHANGED, 11)]


def test_a_moved_sentence_is_found_though_its_line_is_other() -> None:
    before = "He came at nine. Smith told the court so. All rose.\nIt was cold outside then.\n"
    after = (
        "He came at ten. All of them rose.\nIt was cold outside, then. Smith told the court so.\n"
    )
    assert starts(before, after, "Smith") == [after.index("Smith")]


def test_nothing_is_found_in_white_space() -> None:
    assert Alignment(Text("a  b"), Text("a  b")).find(Span(1, 3)).fate is Fate.LOST
    assert Alignment(Text("a b"), Text(" ")).find(Span(0, 1)).fate is Fate.LOST


# Whatever the texts


NAMES = ("Smith", "Jones", "Marsh")
line_words = st.lists(
    st.sampled_from([*NAMES, "left", "the", "board", "of", "court", "2019", "today"]),
    min_size=2,
    max_size=6,
)
lines = st.lists(line_words.map(lambda words: " ".join(words) + "."), min_size=1, max_size=10)


@given(lines, st.randoms(use_true_random=False))
def test_lines_in_any_order_keep_what_is_in_them(many: list[str], chance: random.Random) -> None:
    many = list(dict.fromkeys(many))
    mixed = chance.sample(many, len(many))
    before, after = Text("\n".join(many)), Text("\n".join(mixed))
    alignment = Alignment(before, after)
    for number, paragraph in enumerate(before.paragraphs):
        target = after.paragraphs[mixed.index(many[number])]
        for name in NAMES:
            for span in every(many[number], name):
                found = alignment.find(
                    Span(paragraph.start + span.start, paragraph.start + span.end)
                )
                assert found.span == Span(target.start + span.start, target.start + span.end)


def test_three_hundred_shuffles_put_nothing_on_a_wrong_line() -> None:
    chance = random.Random(7)
    many = [
        f"{2019 + one}: Smith {verb} the board."
        for one, verb in enumerate(("left", "led", "chaired", "joined", "sued", "sold"))
    ]
    for _ in range(300):
        mixed = chance.sample(many, len(many))
        found = starts("\n".join(many), "\n".join(mixed), "Smith")
        after = "\n".join(mixed)
        assert found == [after.index(one) + 6 for one in many]


@given(lines, st.data())
def test_a_line_that_nobody_touched_keeps_what_is_in_it(
    many: list[str], data: st.DataObject
) -> None:
    own = data.draw(st.sampled_from(many))
    assume(many.count(own) == 1)
    edited = list(many)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(edited)))
        new = data.draw(line_words.map(lambda words: " ".join(words) + "!"))
        do = data.draw(st.sampled_from(["insert", "delete", "replace"]))
        if do == "insert":
            edited.insert(at, new)
        elif at < len(edited) and edited[at] != own:
            edited[at : at + 1] = [new] if do == "replace" else []
    before, after = Text("\n".join(many)), Text("\n".join(edited))
    line = before.paragraphs[many.index(own)]
    target = after.paragraphs[edited.index(own)]
    alignment = Alignment(before, after)
    for name in NAMES:
        for span in every(own, name):
            found = alignment.find(Span(line.start + span.start, line.start + span.end))
            assert found.span == Span(target.start + span.start, target.start + span.end)


@given(texts, texts, st.data())
def test_what_moves_has_its_words_and_a_place_of_its_own(
    one: str, other: str, data: st.DataObject
) -> None:
    before = Text(one)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(one)), min_size=2, max_size=2)))
    after = Text(
        data.draw(
            st.sampled_from([other, one[: cuts[0]] + other + one[cuts[1] :], other + one, one])
        )
    )
    alignment = Alignment(before, after)
    words = [Span(start, end) for start, end in before.all_words()]
    bounds = {end for word in after.all_words() for end in word}
    taken: dict[Span, Span] = {}
    for start, end in data.draw(
        st.lists(st.tuples(st.integers(0, 99), st.integers(0, 2)), max_size=8, unique=True)
    ):
        if start + end < len(words):
            span = Span(words[start].start, words[start + end].end)
            found = alignment.find(span)
            assert (found.span is None) == (found.fate in (Fate.AMBIGUOUS, Fate.LOST))
            if found.span:
                assert composed(found.span.of(after)).split() == composed(span.of(before)).split()
                assert {found.span.start, found.span.end} <= bounds
                assert taken.setdefault(found.span, span) == span


@given(texts)
def test_the_same_text_keeps_everything(words: str) -> None:
    alignment = Alignment(Text(words), Text(words))
    for start, end in Text(words).all_words():
        assert alignment.find(Span(start, end)).span == Span(start, end)


small = st.lists(st.sampled_from("abc"), max_size=12)


@given(small, small, st.booleans())
def test_pairs_are_the_same_and_in_order(one: list[str], other: list[str], strict: bool) -> None:
    found = sorted(paired(one, other, is_strict=strict))
    assert all(one[mine] == other[theirs] for mine, theirs in found)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))


def test_the_longest_way_is_found_and_not_the_one_with_most_steps() -> None:
    assert heaviest([(0, 9, 1), (1, 0, 5), (6, 10, 1)]) == [(1, 0, 5), (6, 10, 1)]
    assert heaviest([(0, 8, 9), (9, 0, 1), (10, 1, 1)]) == [(0, 8, 9)]
    assert heaviest([]) == []


def test_long_and_repetitive_texts_take_seconds() -> None:
    line = "Jordan spoke in the hall.\n"
    count = 20_000
    before = Text(line * count)
    for after in (f"{before}End.\n", before[len(line) :], before.replace("hall", "room")):
        began = perf_counter()
        alignment = Alignment(before, Text(after))
        for number in range(0, count, 2):
            alignment.find(Span(number * len(line), number * len(line) + 6))
        assert perf_counter() - began < 20  # about one, on a machine with nothing else to do
