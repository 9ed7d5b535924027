"""The guide's texts: every value is defined, and every example holds a claim."""

from __future__ import annotations

from annotations import guide, schema

SCHEMA = schema.default()


def test_every_field_value_and_label_of_the_default_schema_is_defined() -> None:
    told = {
        (section.name, value.name): value
        for section in guide.sections(SCHEMA)
        for value in section.values
    }
    for field in SCHEMA.fields:
        for name in SCHEMA.names(field):
            assert told[field, name].definition
    for label in SCHEMA.labels:
        assert told["labels", label.name].definition == label.description


def test_every_example_has_a_claim_in_brackets() -> None:
    examples = [
        value.example
        for section in guide.sections(SCHEMA)
        for value in section.values
        if value.example
    ]
    assert len(examples) > 20
    for example in examples:
        assert any(is_claim for _, is_claim in guide.parts(example)), example


def test_an_example_in_parts_is_the_whole_example() -> None:
    example = "If [the senate agrees], [the fund opens in May]."
    assert list(guide.parts(example)) == [
        ("If ", False),
        ("[the senate agrees]", True),
        (", ", False),
        ("[the fund opens in May]", True),
        (".", False),
    ]


def test_the_first_section_is_the_one_asked_for_and_the_others_keep_their_order() -> None:
    plain = [section.name for section in guide.sections(SCHEMA)]
    asked = [section.name for section in guide.sections(SCHEMA, "time")]
    assert asked[0] == "time"
    assert asked[1:] == [name for name in plain if name != "time"]
    assert [section.name for section in guide.sections(SCHEMA, "nothing")] == plain


def test_the_pairs_are_those_of_the_project() -> None:
    table = {"claims": {"stance": ["for", "against"], "certainty": ["sure"]}}
    sections = guide.sections(schema.read(table, "purport.toml"))
    (pairs,) = [section for section in sections if section.name == "pairs"]
    assert [(value.name, value.definition) for value in pairs.values] == [
        ("for", "sure"),
        ("against", "sure"),
    ]


def test_no_such_field_has_no_values() -> None:
    assert guide.values(SCHEMA, "nothing") == ()
