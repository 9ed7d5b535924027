"""What an export has is what the format's own reader sees in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from labelled import documents, example

from annotations import formats
from annotations.errors import InputError
from annotations.formats import official
from annotations.formats.documents import Labelled
from annotations.formats.export import export
from annotations.formats.verify import Verdict, Verifier

# Their imports warn of what is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")

WRITTEN = [name for name, one in formats.FORMATS.items() if one.writes]


def verified(name: str, many: list[Labelled], folder: Path) -> Verdict:
    chosen = formats.get(name)
    verifier = Verifier(chosen)
    out = folder / f"out{chosen.suffix}"
    report = export(many, out, name, everything=True, see=verifier.see)
    return verifier.verdict(report)


def wanted(name: str) -> None:
    module = official.module(formats.get(name))
    if module:
        pytest.importorskip(module)


@pytest.mark.parametrize("name", WRITTEN)
def test_its_reader_sees_the_entities_and_the_claim(name: str, tmp_path: Path) -> None:
    wanted(name)
    verdict = verified(
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
        verdict = verified(name, many, tmp_path_factory.mktemp(name))
        assert verdict.differences == []

    holds()


def test_what_differs_is_named(tmp_path: Path) -> None:
    chosen = formats.get("doccano")
    verifier = Verifier(chosen)
    out = tmp_path / "x.jsonl"
    report = export([example()], out, "doccano", see=verifier.see)
    changed = replace(example(), entities=example().entities[:1])
    export([changed], out, "doccano")
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
