from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import InputError
from annotations.evidence import AUTHOR, GENERIC, UNNAMED, Cue, Link, Provenance
from annotations.formats import jsonl
from annotations.formats.documents import Labelled
from annotations.formats.reading.intake import Intake
from annotations.formats.writing.report import Report
from annotations.records import Claim, Document, Entity, Status
from annotations.span import Span
from annotations.text import Text

WORDS = [
    "Orlen",
    "naïve",
    "👩\u200d🚀",
    "e\u0301",
    "שלום",
    "東京",
    "\r\n",
    "\n",
    "\u2028",
    "\x85",
    "\x0c",
    "\\",
    '"',
    " ",
]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=20).map("".join)
short = st.text(st.sampled_from('aé🧭\u2028\n"\\'), max_size=6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | short,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(short, inner, max_size=3),
    max_leaves=6,
)
scores = st.none() | st.floats(0, 1)


@st.composite
def provenances(draw: st.DrawFn) -> Provenance | None:
    if draw(st.booleans()):
        return None
    start = draw(st.integers(0, 20))
    why = tuple(draw(st.lists(short, max_size=2)))
    return Provenance("en_toy-1.0.0", start, start + 3, {"label": draw(short)}, draw(scores), why)


@st.composite
def annotations_of(draw: st.DrawFn, text: Text, number: int) -> Entity | Claim:
    start = draw(st.integers(0, len(text) - 1))
    span = Span(start, draw(st.integers(start + 1, len(text))))
    common: dict[str, Any] = {
        "id": f"a{number}",
        "span": span,
        "text": span.of(text),
        "status": draw(st.sampled_from(list(Status))),
        "note": draw(short),
        "by": draw(short),
        "at": draw(short),
        "rev": draw(st.integers(0, 9)),
        "score": draw(scores),
        "origin": draw(provenances()),
    }
    if draw(st.booleans()):
        return Entity(label=draw(short), **common)
    link = draw(
        st.sampled_from([UNNAMED, GENERIC, Link("span", "Orlen", 3), Link("entity", "é", 0, "a1")])
    )
    return Claim(
        stance=draw(st.sampled_from(["affirms", "denies", "open"])),
        certainty=draw(st.sampled_from(["certain", "probable"])),
        holder=draw(st.sampled_from([(AUTHOR,), (link, AUTHOR)])),
        likelihood=draw(st.none() | st.just({"scale": "icd203", "band": "likely", "phrase": "é"})),
        cues=draw(st.sampled_from([(), (Cue(0, 1, "negation", "denies"), Cue(1, 2, "hedge"))])),
        target=draw(st.none() | st.just(Span(0, 1))),
        doubt=draw(st.booleans()),
        **common,
    )


@st.composite
def labelled(draw: st.DrawFn) -> Labelled:
    text = Text(draw(words))
    # Any spans: they overlap, nest and cross lines.
    found = [draw(annotations_of(text, number)) for number in range(draw(st.integers(0, 6)))]
    meta = draw(st.dictionaries(short, json_values, max_size=3))
    return Labelled(
        Document(text, draw(short), draw(short), draw(short), meta),
        draw(short),
        draw(st.booleans()),
        tuple(one for one in found if isinstance(one, Entity)),
        tuple(one for one in found if isinstance(one, Claim)),
        tuple(found[:2]),
    )


@settings(max_examples=60)
@given(st.lists(labelled(), max_size=4))
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Labelled]
) -> None:
    path = tmp_path_factory.mktemp("jsonl") / "out.jsonl"
    jsonl.write(documents, path, Report("jsonl"))
    assert list(jsonl.read(path)) == documents
    raw = path.read_bytes()
    assert raw.count(b"\n") == len(documents)
    assert len(raw.decode("utf-8").splitlines()) == len(documents)


def example() -> Labelled:
    text = Text("Orlen may go.")
    origin = Provenance("en_toy-1.0.0", 0, 5, {"label": "ORG"}, 0.6)
    entity = Entity(
        id="s1",
        span=Span(0, 5),
        text="Orlen",
        label="PERSON",
        status=Status.CORRECTED,
        by="anna",
        at="2026-01-01T00:00:00.000000+00:00",
        rev=3,
        origin=origin,
    )
    claim = Claim(
        id="a2", span=Span(0, 12), text="Orlen may go", certainty="possible", status=Status.ADDED
    )
    return Labelled(Document(text, "one"), "anna", True, (entity,), (claim,), ())


def test_a_line_says_what_was_suggested_by_whom_and_what_was_decided() -> None:
    plain = json.loads(jsonl.line(example()))
    assert list(plain) == [
        "id", "title", "source", "added_at", "text", "meta", "annotator", "finished",
        "entities", "claims", "rejected",
    ]  # fmt: skip
    assert plain["entities"] == [
        {
            "id": "s1",
            "kind": "entity",
            "start": 0,
            "end": 5,
            "text": "Orlen",
            "label": "PERSON",
            "status": "corrected",
            "note": "",
            "decided_by": "anna",
            "decided_at": "2026-01-01T00:00:00.000000+00:00",
            "rev": 3,
            "score": None,
            "suggested_by": {
                "layer": "en_toy-1.0.0",
                "start": 0,
                "end": 5,
                "values": {"label": "ORG"},
                "score": 0.6,
            },
        }
    ]
    (claim,) = plain["claims"]
    assert claim["suggested_by"] is None
    assert (claim["stance"], claim["certainty"]) == ("affirms", "possible")
    assert claim["holder"] == [{"kind": "author"}]
    assert {"frame", "time", "likelihood", "quote", "doubt", "cues", "target"} <= set(claim)


def break_id(plain: dict[str, Any]) -> None:
    plain["id"] = "0" * 12


def break_words(plain: dict[str, Any]) -> None:
    plain["entities"][0]["text"] = "Orlan"


def break_span(plain: dict[str, Any]) -> None:
    plain["entities"][0]["end"] = 500


def break_kind(plain: dict[str, Any]) -> None:
    plain["claims"][0]["kind"] = "tweet"


def break_status(plain: dict[str, Any]) -> None:
    plain["claims"][0]["status"] = "maybe"


def lose_text(plain: dict[str, Any]) -> None:
    del plain["text"]


def flatten(plain: dict[str, Any]) -> None:
    plain["entities"] = ["Orlen"]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (break_id, "is not the one"),
        (break_words, "other words than 'Orlan'"),
        (break_span, "should be 500 characters"),
        (break_kind, "tweet"),
        (break_status, "maybe"),
        (lose_text, "'text' is missing"),
        (flatten, "no document of this format"),
    ],
)
def test_a_broken_line_is_named_by_file_and_number(
    tmp_path: Path, damage: Callable[[dict[str, Any]], None], words: str
) -> None:
    good = jsonl.line(example())
    plain = json.loads(good)
    damage(plain)
    path = tmp_path / "in.jsonl"
    path.write_text(good + "\n" + json.dumps(plain) + "\n", encoding="utf-8")
    documents = jsonl.read(path)
    assert next(documents) == example()
    with pytest.raises(InputError, match=words) as caught:
        next(documents)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("row", [b"{", b"[]", b"7", b"\xff\xfe", b"[" * 100_000])
def test_a_line_that_is_no_json_object_is_named(tmp_path: Path, row: bytes) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(row)
    with pytest.raises(InputError, match=r"in\.jsonl:1: "):
        list(jsonl.read(path))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.jsonl: not readable"):
        list(jsonl.read(tmp_path / "nowhere.jsonl"))


def test_another_format_s_lists_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "Orlen left.", "label": [[0, 5, "ORG"]], "id": 7}\n')
    intake = Intake()
    (one,) = jsonl.read(path, intake)
    assert one.standing == ()
    (told,) = intake.omissions.lines()
    assert "1 lists called 'label' (another --format may read them)" in told
