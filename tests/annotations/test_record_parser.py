"""A record from a file is valid, or is refused with the field that is not."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import decision_parser, record_parser
from annotations.evidence import AUTHOR, Cue, Link, Provenance
from annotations.field_checks import LABEL_LIMIT, NAME_LIMIT, NOTE_LIMIT, RecordError, is_time
from annotations.records import Action, Change, Claim, Decision, Entity, State, Status
from annotations.span import Span

AT = "2026-03-09T14:30:05.000001Z"
ORIGIN = Provenance("toy-1", 0, 5, {"label": "ORG"}, 0.5, ("a name",))
ENTITY = Entity(
    id="a1", span=Span(0, 5), text="Orlen", label="ORG", status=Status.ACCEPTED,
    note="n", by="anna", at=AT, rev=1, score=0.5, origin=ORIGIN,
)  # fmt: skip
CLAIM = Claim(
    id="a2", span=Span(6, 11), text="falls", holder=(Link("entity", "Orlen", 0, "a1"), AUTHOR),
    likelihood={"scale": "icd", "band": "likely", "range": "55-80"}, cues=(Cue(0, 5, "report", "x"),),
    target=Span(6, 11), status=Status.ACCEPTED, by="anna", at=AT, rev=1,
    origin=Provenance("toy-1", 6, 11, {"stance": "affirms", "holder": [{"kind": "author"}]}),
)  # fmt: skip
STATE = State(True, "anna", AT, 1, ("a1",), True)
RECORDS: dict[str, dict[str, Any]] = {one.kind: one.plain() for one in (ENTITY, CLAIM, STATE)}
HUGE = 10**400
WRONG: list[tuple[str, str, Any]] = [
    *((kind, name, value) for kind in ("entity", "claim") for name, value in (
        ("id", 5), ("id", ""), ("id", ["q"]), ("id", None), ("id", "document"), ("id", "x" * (NAME_LIMIT + 1)),
        ("start", -1), ("start", "0"), ("start", 0.0), ("start", True), ("start", None), ("start", HUGE),
        ("end", 0), ("end", 2**63), ("end", {}), ("text", 5), ("text", "Orle"), ("text", None),
        ("status", "maybe"), ("status", 5), ("status", ["accepted"]), ("status", None),
        ("note", 5), ("note", None), ("note", "x" * (NOTE_LIMIT + 1)), ("by", []), ("by", None),
        ("at", "not a time"), ("at", 5), ("at", "9999-12-31T23:59:59.999999Z"), ("at", "2026-02-30T00:00:00.000000Z"),
        ("rev", "1"), ("rev", -1), ("rev", 1.5), ("rev", HUGE), ("rev", True),
        ("score", "x"), ("score", float("nan")), ("score", float("inf")), ("score", HUGE), ("score", True), ("score", []),
        ("origin", 5), ("origin", "toy"), ("origin", []), ("origin", {}),
    )),
    ("entity", "label", 5), ("entity", "label", None), ("entity", "label", "x" * (LABEL_LIMIT + 1)),
    ("claim", "stance", 5), ("claim", "certainty", None), ("claim", "frame", {}), ("claim", "time", []),
    ("claim", "quote", False), ("claim", "doubt", "no"), ("claim", "doubt", 1), ("claim", "doubt", None),
    ("claim", "holder", None), ("claim", "holder", []), ("claim", "holder", 5), ("claim", "holder", [5]),
    ("claim", "holder", [{"kind": "span", "text": 5, "start": 3}, {"kind": "author"}]),
    ("claim", "holder", [{"kind": ["x"]}, {"kind": "author"}]), ("claim", "holder", [{"kind": "entity"}]),
    ("claim", "holder", [{"kind": "entity", "start": "x"}, {"kind": "author"}]),
    ("claim", "holder", [{"kind": "author"}] * 1000), ("claim", "likelihood", [1]), ("claim", "likelihood", "x"),
    ("claim", "likelihood", {"range": {}}), ("claim", "likelihood", {"range": "5" * 5000}),
    ("claim", "cues", None), ("claim", "cues", [5]), ("claim", "cues", {"start": 0}),
    ("claim", "cues", [{"start": "0", "end": 1, "kind": "x"}]), ("claim", "cues", [{"start": 2, "end": 1, "kind": "x"}]),
    ("claim", "cues", [{"start": 0, "end": 1}]), ("claim", "target", ["a", "b"]), ("claim", "target", [1]),
    ("claim", "target", [2, 1]), ("claim", "target", 5), ("claim", "target", [-1, 2]),
    ("document", "finished", "yes"), ("document", "finished", None), ("document", "by", 5), ("document", "at", "soon"),
    ("document", "rev", None), ("document", "flags", 5), ("document", "flags", [5]), ("document", "flags", ""),
    ("document", "flags", [["a"]]), ("document", "revealed", 1), ("document", "revealed", None),
]  # fmt: skip
ORIGINS: list[tuple[str, Any]] = [
    ("layer", 5), ("layer", ""), ("layer", None), ("start", -1), ("start", "0"), ("end", HUGE), ("end", -1),
    ("values", 5), ("values", None), ("values", {"label": 5}), ("values", {"label": "x" * 2000}),
    ("values", {"stance": []}), ("values", {"doubt": "x"}), ("values", {"likelihood": 5}),
    ("values", {"holder": 5}), ("values", {"holder": [5]}), ("values", {"x": float("nan")}),
    ("values", {"x": HUGE}), ("score", "x"), ("score", float("inf")), ("why", 5), ("why", "x"), ("why", [5]),
]  # fmt: skip


@pytest.mark.parametrize("kind", RECORDS)
def test_a_valid_record_is_read_as_it_was(kind: str) -> None:
    plain = json.loads(json.dumps(RECORDS[kind]))
    assert record_parser.record(plain).plain() == RECORDS[kind]


@pytest.mark.parametrize(("kind", "name", "value"), WRONG, ids=lambda one: repr(one)[:30])
def test_a_wrong_value_is_refused_by_the_name_of_its_field(
    kind: str, name: str, value: Any
) -> None:
    with pytest.raises(RecordError) as caught:
        record_parser.record({**RECORDS[kind], name: value})
    words = str(caught.value)
    # Words and offsets are held to each other: the one that is named may be the other of the two.
    assert words.startswith(("text", "start", "end") if name in ("text", "start", "end") else name)
    assert len(words) < 400


@pytest.mark.parametrize(("name", "value"), ORIGINS, ids=lambda one: repr(one)[:30])
def test_so_is_one_in_what_it_began_as(name: str, value: Any) -> None:
    plain = RECORDS["entity"]
    with pytest.raises(
        RecordError, match=rf"^origin\.{'end|^origin.start' if name == 'end' else name}"
    ):
        record_parser.record({**plain, "origin": {**plain["origin"], name: value}})


@pytest.mark.parametrize("plain", [None, 5, "x", [], {}, {"kind": 5}, {"kind": ["entity"]}, {"kind": "relation"}])  # fmt: skip
def test_what_is_not_a_record_is_refused(plain: Any) -> None:
    with pytest.raises(RecordError):
        record_parser.record(plain)


def test_the_state_of_the_document_is_not_an_annotation() -> None:
    with pytest.raises(RecordError, match="entity or claim"):
        record_parser.annotation(RECORDS["document"])


@pytest.mark.parametrize(
    "changed",
    [
        {"before": None, "after": None},
        {"before": {**RECORDS["entity"], "id": "b"}},
        {"annotation": "b"},
        {"annotation": None},
        {"annotation": ["a1"]},
        {"before": {**RECORDS["claim"], "id": "a1"}},
        {"after": 5},
        {"before": "x"},
        {"after": {**RECORDS["entity"], "label": 5}},
    ],
)
def test_a_change_is_about_one_record(changed: dict[str, Any]) -> None:
    plain = Change(ENTITY, ENTITY).plain()
    assert decision_parser.change(plain) == Change(ENTITY, ENTITY)
    with pytest.raises(RecordError):
        decision_parser.change({**plain, **changed})


HEAD = {
    "seq": 1, "at": AT, "by": "anna", "layer": "anna", "document": "0123456789ab", "action": "accept",
}  # fmt: skip
BODY = {"changes": [Change(None, ENTITY).plain()], "session": "0a", "app": "purport 1"}


def test_a_decision_is_read_as_it_was() -> None:
    assert decision_parser.decision(HEAD, BODY) == Decision(
        1, AT, "anna", "anna", "0123456789ab", Action.ACCEPT, (Change(None, ENTITY),), 0, "0a", "purport 1"
    )  # fmt: skip
    assert decision_parser.decision(HEAD, {}, is_erased=True).changes == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seq", "1"), ("seq", HUGE), ("at", "x"), ("at", None), ("at", "1969-12-31T23:59:59.000000Z"),
        ("at", "3000-01-01T00:00:00.000000Z"), ("by", 5), ("by", "a b"), ("by", "x" * 65), ("layer", "../x"),
        ("layer", None), ("document", "x"), ("document", 5), ("action", "rename"), ("action", ["accept"]),
    ],
)  # fmt: skip
def test_the_head_of_a_decision_is_checked(name: str, value: Any) -> None:
    with pytest.raises(RecordError, match=f"^{name}: "):
        decision_parser.decision({**HEAD, name: value}, BODY)


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        ("changes", None, "changes"), ("changes", {}, "changes"), ("changes", [5], r"changes\[0\]"),
        ("changes", [{"annotation": "x", "before": None, "after": None}], r"changes\[0\]"),
        ("changes", [Change(None, ENTITY).plain() | {"after": RECORDS["entity"] | {"label": 5}}], r"changes\[0\]\.after\.label"),
        ("of", "1", "of"), ("of", -1, "of"), ("session", 5, "session"), ("app", [], "app"), ("reason", 5, "reason"),
        ("reason", "x" * (NOTE_LIMIT + 1), "reason"),
    ],
)  # fmt: skip
def test_the_body_of_a_decision_is_checked(name: str, value: Any, path: str) -> None:
    with pytest.raises(RecordError, match=f"^{path}: "):
        decision_parser.decision(HEAD, {**BODY, name: value})


@pytest.mark.parametrize(
    ("value", "is_valid"),
    [
        (AT, True), ("1970-01-01T00:00:00.000000Z", True), ("2999-12-31T23:59:59.999999Z", True),
        ("3000-01-01T00:00:00.000000Z", False), ("2026-03-09T14:30:05.000001+", False), ("2026-03-09", False),
        ("2026-13-09T14:30:05.000001Z", False), ("٢٠٢٦-03-09T14:30:05.000001Z", False),
        ("2026-03-09 14:30:05.000001Z", False), (5, False), (None, False), ("", False),
    ],
)  # fmt: skip
def test_a_time_is_as_journals_hold_it(value: Any, is_valid: bool) -> None:
    assert is_time(value) is is_valid


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(one for name, each in inner for one in places(each, (*path, name)))]


@given(st.data())
def test_any_value_anywhere_is_valid_or_refused_and_what_is_valid_can_be_written_again(
    data: st.DataObject,
) -> None:
    changes = [Change(ENTITY, ENTITY), Change(None, CLAIM), Change(STATE, STATE)]
    plain = copy.deepcopy([one.plain() for one in changes])
    path = data.draw(st.sampled_from(places(plain)[1:]))
    inner = plain
    for name in path[:-1]:
        inner = inner[name]
    if data.draw(st.booleans()) and isinstance(inner, dict):
        del inner[path[-1]]  # type: ignore[arg-type]
    else:
        inner[path[-1]] = data.draw(json_values)
    try:
        decision = decision_parser.decision(HEAD, {**BODY, "changes": plain})
    except RecordError:
        return
    again = json.loads(json.dumps(decision.plain(), allow_nan=False))
    assert decision_parser.decision(HEAD, again).changes == decision.changes
