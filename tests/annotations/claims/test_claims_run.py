"""Claims in a run: a layer of their own, resumed, and newer rules beside older ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from annotations.changes import accept, reject
from annotations.cli import app
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Claim, Document
from annotations.storage.shelf import newest
from annotations.suggest import models, run
from annotations.suggest.claims.learning import decided
from annotations.text import Text

WORDS = "Mara Oake said that the ferry may be late. No ship left the bay."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project.create(tmp_path / "reef", annotator="anna")
    project.add(Document(Text(WORDS), "bay"))
    return project


def test_entities_and_claims_are_layers_of_their_own(project: Project) -> None:
    model = models.find()
    last = run.fill(project, model)
    (one,) = project.documents()
    assert set(project.models(one.id)) == {model.layer, model.claims_layer}
    claims = project.layer(one.id, model.claims_layer).claims
    assert last.claims == len(claims) == 2
    assert not project.layer(one.id, model.layer).claims
    assert claims[0].holder_name == "Mara Oake"
    kinds = {annotation.kind for annotation in project.overlay(one.id).index}
    assert kinds == {"entity", "claim"}
    assert run.fill(project, model).done == 0


def test_only_what_lacks_is_made(project: Project) -> None:
    model = models.find()
    run.fill(project, model)
    (one,) = project.documents()
    before = project.layer(one.id, model.layer).model
    settings = project.root / "purport.toml"
    settings.write_text(
        settings.read_text().replace("claims_threshold = 0.15", "claims_threshold = 0.2")
    )
    again = Project.open(project.root, annotator="anna")
    assert run.fill(again, model).done == 1
    assert again.layer(one.id, model.layer).model == before


def test_a_project_can_do_without_claims(project: Project) -> None:
    settings = project.root / "purport.toml"
    settings.write_text(settings.read_text().replace("claims = true", "claims = false"))
    again = Project.open(project.root, annotator="anna")
    assert run.fill(again, models.find()).claims == 0
    assert again.models(again.documents()[0].id) == [models.find().layer]


def test_a_pipeline_without_a_parser_suggests_no_claims(project: Project, toy: Path) -> None:
    assert run.fill(project, models.find(str(toy))).claims == 0


def test_another_language_is_named(project: Project) -> None:
    german = "Der Rat hat am Montag beschlossen, dass die Brücke bis zum Herbst gesperrt bleibt."
    project.add(Document(Text(german), "Brücke"))
    first, second = project.documents()
    model = models.find()
    assert run.without_claims(project, first.id, model) == ""
    assert "another language" in run.without_claims(project, second.id, model)
    assert "English only" in run.without_claims(project, first.id, replace(model, lang="de"))
    run.fill(project, model)
    assert project.layer(second.id, model.claims_layer).claims == []


def test_newer_rules_make_a_layer_beside_the_older_one(project: Project) -> None:
    model = models.find()
    run.fill(project, model)
    (one,) = project.documents()
    newer = f"{model.layer}+claims-{models.CLAIM_RULES + 1}"
    project.replace_layer(one.id, Layer(newer, one.id, model={"claims": models.CLAIM_RULES + 1}))
    assert {model.claims_layer, newer} <= set(project.models(one.id))
    assert not [each for each in project.overlay(one.id).index if isinstance(each, Claim)]
    assert newest(["a+claims-2", "a", "a+claims-10", "b+claims-1"]) == [
        "a",
        "a+claims-10",
        "b+claims-1",
    ]


def test_decisions_are_found_again_with_their_features(project: Project) -> None:
    model = models.find()
    run.fill(project, model)
    (one,) = project.documents()
    first, second = project.layer(one.id, model.claims_layer).claims
    project.decide(one.id, Action.ACCEPT, [accept(first)])
    project.decide(one.id, Action.REJECT, [reject(second)])
    found = list(decided(project, model, models.load(model, parse=True)))
    assert [each.right for each in found] == [True, False]
    assert all(0 < each.score < 1 and each.named for each in found)


def test_train_says_what_it_lacks(project: Project) -> None:
    runner = CliRunner()
    ended = runner.invoke(app, ["train", "--claims", "--project", str(project.root)])
    assert ended.exit_code != 0
    assert not (project.root / "claims-scorer.npz").exists()


def test_decisions_on_claims_of_older_rules_still_teach(project: Project) -> None:
    model = models.find()
    run.fill(project, model)
    (one,) = project.documents()
    older = replace(model, version="0.0.0")
    claims = project.layer(one.id, model.claims_layer).claims
    name = f"{model.layer}+claims-0"
    layer = {
        claim.id: replace(claim, origin=replace(claim.origin, layer=name))
        for claim in claims
        if claim.origin is not None
    }
    for claim in layer.values():
        project.decide(one.id, Action.ACCEPT, [accept(claim)])
    nlp = models.load(model, parse=True)
    assert [each.right for each in decided(project, model, nlp)] == [True, True]
    assert not list(decided(project, older, nlp))
