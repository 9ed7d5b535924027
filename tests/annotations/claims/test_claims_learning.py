"""What a project's real decisions on suggested claims teach its scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from math import log
from pathlib import Path

import claims_gold
import pytest
from typer.testing import CliRunner

from annotations.changes import accept, reject, tag
from annotations.cli import app
from annotations.errors import UnsafeFileError
from annotations.project import Project
from annotations.records import Action, Change, Claim, Document, Status
from annotations.suggest import models, run
from annotations.suggest.claims import own_weights
from annotations.suggest.claims.scorer import load
from annotations.text import Text

DECIDED = 14
"""The documents that are decided on by hand."""


def texts() -> Iterator[str]:
    """The gold file's sentences, each once, nine a document, in a mixed order."""
    sentences = list(dict.fromkeys(one.text for one in claims_gold.examples()))
    sheets = len(sentences) // 9
    for number in range(sheets):
        yield "\n\n".join(islice(sentences, number, None, sheets))


def verdict(claim: Claim) -> Callable[..., Change]:
    """This annotator keeps what is stated flatly, doubts each modal, and wants no question."""
    kinds = {cue.kind for cue in claim.cues}
    if claim.frame in ("question", "condition"):
        return reject
    doubts = "modal" in kinds and claim.certainty != "possible" and claim.stance != "open"
    return tag if doubts else accept


def decide(project: Project, document: str, claim: Claim) -> None:
    """Decide on a claim as this annotator does."""
    said = verdict(claim)
    if said is reject:
        project.decide(document, Action.REJECT, [reject(claim)])
    elif said is tag:
        project.decide(document, Action.TAG, [tag(claim, "certainty", "possible", project.schema)])
    else:
        project.decide(document, Action.ACCEPT, [accept(claim)])


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project.create(tmp_path_factory.mktemp("taught") / "reef", annotator="anna")
    for number, text in enumerate(texts()):
        project.add(Document(Text(text), f"sheet {number}"))
    model = models.find()
    run.fill(project, model)
    for summary in project.documents()[:DECIDED]:
        for claim in project.layer(summary.id, model.claims_layer).claims:
            decide(project, summary.id, claim)
    return project


def train(project: Project) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["train", "--claims", "--project", str(project.root)])
    return ended.exit_code, ended.output


def test_decisions_change_the_scores_of_what_is_not_decided_and_say_how(taught: Project) -> None:
    model = models.find()
    people = [
        claim
        for summary in taught.documents()
        for name in taught.people(summary.id)
        for claim in taught.layer(summary.id, name).claims
    ]
    assert {claim.status for claim in people} == {
        Status.ACCEPTED,
        Status.CORRECTED,
        Status.REJECTED,
    }
    waiting = taught.documents()[DECIDED:]
    before = {
        claim.id: claim
        for summary in waiting
        for claim in taught.layer(summary.id, model.claims_layer).claims
    }
    code, said = train(taught)
    assert code == 0, said
    assert f"learnt from {len(people) - held(said)} decisions" in said
    first, second = loss(said)
    assert second < first
    assert "ECE" in said
    assert (taught.root / own_weights.NAME).is_file()
    again = Project.open(taught.root, annotator="anna")
    assert run.fill(again, model).done == len(taught.documents())
    after = {
        claim.id: claim
        for summary in waiting
        for claim in again.layer(summary.id, model.claims_layer).claims
    }
    shared = before.keys() & after.keys()
    assert len(shared) > 0.8 * len(before)
    assert all(
        (before[one].stance, before[one].certainty) == (after[one].stance, after[one].certainty)
        for one in shared
    )
    assert surprise(after, shared) < surprise(before, shared)


def held(said: str) -> int:
    """How many decisions the command says that it held back."""
    return int(said.split("tried on ")[1].split()[0])


def loss(said: str) -> tuple[float, float]:
    """The loss before and after, as the command says it."""
    words = said.split("loss: ")[1].split()
    return float(words[0]), float(words[2])


def surprise(claims: dict[str, Claim], ids: Iterable[str]) -> float:
    """The sum of the scores' surprise at what this annotator would say."""
    total = 0.0
    for one in ids:
        score = min(0.99, max(0.01, claims[one].score or 0))
        total -= log(score if verdict(claims[one]) is accept else 1 - score)
    return total


def test_own_weights_are_read_and_written_through_no_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("export PATH\n")
    link = tmp_path / own_weights.NAME
    assert own_weights.read(link) is None
    link.symlink_to(elsewhere)
    with pytest.raises(UnsafeFileError):
        own_weights.read(link)
    with pytest.raises(UnsafeFileError):
        load(link)
    own_weights.write(link, b"weights")
    assert elsewhere.read_text() == "export PATH\n"
    assert own_weights.read(link) == b"weights"
