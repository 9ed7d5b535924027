"""What is written in a format and read again is the same, as far as the format can hold it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from labelled import documents, example

from annotations.changes import suggested
from annotations.formats import FORMATS, huggingface, uima
from annotations.formats.documents import Labelled
from annotations.formats.reading.intake import Intake
from annotations.formats.spacy_docbin import BLANK
from annotations.formats.writing.facts import Fact, facts, held, known
from annotations.formats.writing.report import Report
from annotations.records import Document, Entity
from annotations.span import Span
from annotations.text import Text

# What holds everything that there is.
COMPLETE = ("jsonl", "prodigy", "doccano", "labelstudio", "webannotation", "uima", "huggingface")
PARTIAL = ("conll", "brat", "csv", "spacy")
OFTEN = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def there_and_back(
    name: str, given_documents: Sequence[Labelled], folder: Path
) -> tuple[list[Labelled], Report]:
    chosen = FORMATS[name]
    assert chosen.write
    assert chosen.read
    out = folder / f"out{chosen.suffix}"
    report = Report(name)
    chosen.write(given_documents, out, report)
    by_id: dict[str, Document] = {one.document.id: one.document for one in given_documents}
    intake = Intake(find=by_id.get)
    found = list(chosen.read(out, intake))
    assert intake.unplaced == []
    return found, report


@pytest.mark.parametrize("name", COMPLETE)
def test_everything_comes_back(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    @OFTEN
    @given(documents())
    def holds(many: list[Labelled]) -> None:
        if not many and FORMATS[name].is_folder:
            return
        found, report = there_and_back(name, many, tmp_path_factory.mktemp(name))
        assert found == many
        # What has no tags of its own is in the dataset all the same, and what XMI lacks in the JSON.
        named = {"huggingface": {huggingface.OVERLAPPING}, "uima": {uima.UNHELD}}
        assert {loss.reason for loss in report.losses} <= named.get(name, set())

    holds()


def test_an_origin_that_is_written_out_is_read_as_one_that_is_not(tmp_path: Path) -> None:
    one = example()
    entities, claims = (
        [suggested(each, "theirs") for each in kind] for kind in (one.entities, one.claims)
    )
    given_document = replace(one, entities=tuple(entities), claims=tuple(claims))
    brief, whole = tmp_path / "brief.jsonl", tmp_path / "whole.jsonl"
    FORMATS["prodigy"].write([given_document], brief, Report("prodigy"))
    task = json.loads(brief.read_text())
    for plain, each in zip(task["purport"]["annotations"], given_document.standing, strict=True):
        assert plain["origin"] == "theirs"
        plain["origin"] = each.origin.plain()
    whole.write_text(json.dumps(task))
    for path in (brief, whole):
        assert list(FORMATS["prodigy"].read(path, Intake())) == [given_document]


@pytest.mark.parametrize("name", PARTIAL)
def test_what_it_can_hold_comes_back_and_the_rest_is_named(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    @OFTEN
    @given(documents())
    def holds(many: list[Labelled]) -> None:
        many = [one for one in many if one.entities or one.claims]
        if not many:
            return
        found, report = there_and_back(name, many, tmp_path_factory.mktemp(name))
        expected: Counter[Fact] = Counter()
        for one in many:
            said = [loss for loss in report.losses if loss.document == one.document.id]
            expected += held(known(one), said, FORMATS[name])
        if name == "spacy":  # its own reader has what stands off the tokens, too
            blank = [loss for loss in report.losses if loss.reason == BLANK]
            gone = {(loss.document, loss.annotation) for loss in blank}
            kept = [
                replace(
                    one,
                    claims=tuple(
                        each for each in one.claims if (one.document.id, each.id) not in gone
                    ),
                )
                for one in many
            ]
            expected = sum((facts(one) for one in kept), Counter())
        assert sum((facts(one) for one in found), Counter()) == expected

    holds()


@pytest.mark.parametrize(
    "name", [name for name, one in FORMATS.items() if one.writes and one.reads]
)
def test_an_empty_text_and_ten_thousand_spans_come_back(name: str, tmp_path: Path) -> None:
    text = Text("ab " * 10_000)
    entities = tuple(
        Entity(id=f"a{n}", span=Span(3 * n, 3 * n + 2), text="ab", label="ORG")
        for n in range(10_000)
    )
    many = [
        Labelled(Document(Text(""), "nothing"), "anna", True),
        Labelled(Document(text, "much"), "anna", True, entities),
    ]
    many.sort(key=lambda one: one.document.id)
    found, _ = there_and_back(name, many, tmp_path)
    by_text = {one.document.text: facts(one) for one in found}
    assert by_text[text] == facts(many[0] if many[0].entities else many[1])
    assert not by_text.get(Text(""), Counter())


@pytest.mark.parametrize("name", ["prodigy", "doccano", "labelstudio", "webannotation", "uima"])
def test_a_change_in_the_other_program_wins_over_what_purport_wrote(
    name: str, tmp_path: Path
) -> None:
    chosen = FORMATS[name]
    assert chosen.write
    assert chosen.read
    out = tmp_path / f"out{chosen.suffix}"
    chosen.write([example()], out, Report(name))
    for path in [out] if out.is_file() else out.rglob("*"):
        if path.stem != "context" and path.suffix in (".jsonl", ".json", ".jsonld"):
            words = path.read_text(encoding="utf-8")
            # The format's own field comes first.
            first, found, rest = words.partition('"GPE"')
            assert found
            path.write_text(f'{first}"LOC"{rest}', encoding="utf-8")
    (found_document,) = chosen.read(out, Intake())
    assert sorted(one.label for one in found_document.entities) == ["LOC", "PERSON"]
    kept = next(one for one in found_document.entities if one.label == "PERSON")
    assert kept == example().entities[0]
