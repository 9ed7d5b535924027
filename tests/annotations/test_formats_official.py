"""What an export has is what the format's own reader sees in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from labelled import documents, example

from annotations import formats
from annotations.errors import InputError
from annotations.formats import huggingface, labelstudio, official
from annotations.formats.documents import Labelled
from annotations.formats.export import export
from annotations.formats.verify import Verdict, Verifier
from annotations.formats.writing.report import Report
from annotations.records import Document, Entity
from annotations.schema import default
from annotations.span import Span
from annotations.text import Text

# Their imports warn of what is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")

WRITTEN = [name for name, one in formats.FORMATS.items() if one.writes]


def verified(name: str, many: list[Labelled], folder: Path) -> tuple[Verdict, Report]:
    chosen = formats.get(name)
    verifier = Verifier(chosen)
    out = folder / f"out{chosen.suffix}"
    report = export(many, out, name, everything=True, see=verifier.see)
    return verifier.verdict(report), report


def wanted(name: str) -> None:
    module = official.module(formats.get(name))
    if module:
        pytest.importorskip(module)


@pytest.mark.parametrize("name", WRITTEN)
def test_its_reader_sees_the_entities_and_the_claim(name: str, tmp_path: Path) -> None:
    wanted(name)
    verdict, _ = verified(
        name, [example(), example("Karin Keller: no deal is near in Geneva")], tmp_path
    )
    assert verdict.differences == []
    assert verdict.documents == 2
    assert verdict.annotations == (4 if name == "conll" else 6)
    assert list(verdict.lines())[-1].endswith("as written")


@pytest.mark.parametrize("name", WRITTEN)
def test_its_reader_sees_all_but_what_the_report_names(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    wanted(name)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(documents().filter(bool))
    def holds(many: list[Labelled]) -> None:
        verdict, _ = verified(name, many, tmp_path_factory.mktemp(name))
        assert verdict.differences == []

    holds()


def test_what_differs_is_named(tmp_path: Path) -> None:
    chosen = formats.get("doccano")
    verifier = Verifier(chosen)
    out = tmp_path / "x.jsonl"
    report = export([example()], out, "doccano", see=verifier.see)
    changed = replace(example(), entities=example().entities[:1])
    export([changed], out, "doccano")  # in the place of the other
    verdict = verifier.verdict(report)
    assert list(verdict.lines()) == [
        f"{example().document.id}: lacks entity 55-61 GPE",
        "purport's own reader: 1 document, 2 annotations, 1 difference from what was written",
    ]


def test_a_reader_that_is_not_installed_is_named_with_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(official, "find_spec", lambda name: None)
    with pytest.raises(
        InputError, match=r'needs bioc. Install it: pip install "purport\[verify\]"'
    ):
        Verifier(formats.get("brat"))


def entity(number: int, start: int, end: int, label: str, text: Text) -> Entity:
    return Entity(id=f"a{number}", span=Span(start, end), text=text[start:end], label=label)


def nested() -> Labelled:
    text = Text("University of Arvel Press")
    places = [(0, 19, "ORG"), (14, 19, "GPE"), (14, 25, "ORG")]
    many = [entity(n, *place, text) for n, place in enumerate(places)]
    return Labelled(Document(text, "a press"), "anna", True, tuple(many))


def test_entities_that_have_no_tags_are_named(tmp_path: Path) -> None:
    wanted("huggingface")
    verdict, report = verified("huggingface", [nested()], tmp_path)
    assert verdict.differences == []
    assert {loss.annotation for loss in report.losses} == {"a1", "a2"}
    assert {loss.reason for loss in report.losses} == {huggingface.OVERLAPPING}
    assert "in the column entities, not in ner_tags" in " ".join(report.lines())
    assert formats.get("huggingface").cannot_hold


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ([0, 0, 0, 0], "has no tags for ORG at 0-19"),
        ([1, 2, 2, 2], "say otherwise than its entities"),
        ([1, 0, 0, 0], "say otherwise than its entities"),
    ],
)
def test_tags_that_say_otherwise_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[int], said: str
) -> None:
    wanted("huggingface")

    def tags(words: object, one: object, names: dict[str, int], report: object) -> list[int]:
        names |= {"B-ORG": 1, "I-ORG": 2}
        return made

    monkeypatch.setattr(huggingface, "_tags", tags)
    one = replace(nested(), entities=nested().entities[:1])
    verdict, _ = verified("huggingface", [one], tmp_path)
    assert said in verdict.differences[0]


@pytest.mark.parametrize("name", ["labelstudio", "uima"])
@pytest.mark.parametrize("label", ["OR\x1bG", "A\ufffe", "A\nB\tC"])
def test_a_control_character_in_a_label_is_a_loss_that_is_named(
    name: str, label: str, tmp_path: Path
) -> None:
    wanted(name)
    text = Text("Arvel\x1b and Arvel")
    many = (entity(0, 0, 5, label, text), entity(1, 11, 16, "ORG", text))
    one = Labelled(Document(text, "a\x1btitle"), "anna", True, many)
    verdict, report = verified(name, [one], tmp_path)
    assert verdict.differences == []
    assert [loss.annotation for loss in report.losses] == ([] if "\n" in label else ["a0"])


def test_two_labels_that_xml_cannot_tell_apart_are_one_in_the_configuration() -> None:
    made = labelstudio.config(default(), ["A\x1b", "A\x1c"])
    assert made.count('<Label value="A\ufffd"/>') == 1
