from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import store

from annotations import changes
from annotations.cli import app
from annotations.cli.console import run
from annotations.errors import InputError, UnknownError
from annotations.layer import Layer
from annotations.measure.activity import activity
from annotations.measure.comparison import compare
from annotations.measure.evaluation import evaluate
from annotations.measure.matching import Counts, Scheme
from annotations.project import Project
from annotations.records import Action, Annotation, Claim, Entity, suggestion_id
from annotations.review import seeding

OTHER = "toy-2.0.0"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two documents of ten words; of each model's suggestions, a person decides as they see fit."""
    made = store.make(tmp_path / "project", documents=2, words=10)
    yield made
    made.close()


def decide(project: Project, document: str) -> None:
    """Of ten suggestions accept seven, relabel one, resize one, reject one; mark it done."""
    suggested = list(project.layer(document, store.MODEL).index)
    text = project.document(document).text
    words = text.words(0)
    project.decide(document, Action.ACCEPT, [changes.accept(one) for one in suggested[:7]])
    project.decide(document, Action.RELABEL, [changes.relabel(suggested[7], "ORG", project.schema)])  # type: ignore[arg-type]
    wide = replace(words[8], end=words[9].end)
    project.decide(
        document,
        Action.RESIZE,
        [changes.reject(suggested[9]), changes.resize(suggested[8], wide, text)],
    )
    project.decide(document, Action.FINISH, [changes.finish(project.layer(document).state)])


def add_other(project: Project, document: str) -> None:
    """A second model, that calls the eighth word an ORG and lacks the first."""
    first = project.layer(document, store.MODEL)
    made = {
        one.id: replace(one, label="ORG", score=None) if number == 7 else one
        for number, one in enumerate(first.entities)
        if number
    }
    layer = Layer(OTHER, document, dict[str, Entity](made), model={"package": "toy"})  # type: ignore[arg-type]
    project.replace_layer(document, layer)


def test_a_model_is_measured_by_what_stands(project: Project) -> None:
    for document in store.ids(project):
        decide(project, document)
    made = evaluate(project, store.MODEL)
    assert made.documents == store.ids(project)
    assert made.entities.counts(Scheme.STRICT) == Counts(14, incorrect=4, spurious=2)
    assert made.entities.counts(Scheme.EXACT) == Counts(16, incorrect=2, spurious=2)
    assert made.entities.counts(Scheme.PARTIAL) == Counts(16, partial=2, spurious=2)
    assert made.entities.counts(Scheme.TYPE) == Counts(16, incorrect=2, spurious=2)
    assert made.entities.counts(Scheme.STRICT, "ORG") == Counts(missed=2)
    assert made.entities.confusion == {
        ("PERSON", "PERSON"): 16,
        ("ORG", "PERSON"): 2,
        ("-", "PERSON"): 2,
    }
    (where, _) = made.entities.wrong["ORG", "PERSON"]
    assert where[0] == store.ids(project)[0]
    scores = made.scores["entities"]
    assert scores is not None
    assert scores.bins[5].right == 14 / 20


def test_the_json_has_the_shape_that_programs_rely_on(project: Project) -> None:
    for document in store.ids(project):
        decide(project, document)
    made = evaluate(project, store.MODEL).plain()
    assert list(made["entities"]) == ["strict", "exact", "partial", "type"]
    for figures in (*made["entities"].values(), *made["labels"]["PERSON"].values()):
        if isinstance(figures, dict) and "precision" in figures:
            assert {"precision", "recall", "f1"} <= figures.keys()
    strict = made["entities"]["strict"]
    assert (strict["precision"], strict["recall"]) == (14 / 20, 14 / 18)
    assert strict["interval"]["f1"] == [strict["f1"]] * 2
    assert list(made["labels"]) == ["PERSON", "ORG"]
    assert made["labels"]["ORG"]["precision"] is None
    assert made["labels"]["ORG"]["recall"] == 0
    for name in ("stance", "certainty", "holder"):
        assert {"accuracy", "kappa"} <= made["claims"][name].keys()
    assert made["claims"]["stance"]["accuracy"] is None
    assert made["claims"]["span"]["f1"] is None
    assert any(note.startswith("claims:") for note in made["notes"])
    json.dumps(made, allow_nan=False)


def test_claims_are_measured_where_both_have_some(project: Project) -> None:
    one, _ = store.ids(project)
    text = project.document(one).text
    words = text.words(0)
    for name in ("anna", "boris"):
        own = Project.open(project.root, annotator=name)
        claim = changes.add_claim(words[2], text, project.schema)
        more = changes.add_claim(words[4 if name == "anna" else 5], text, project.schema)
        own.decide(one, Action.ADD, [claim, more])
        if name == "boris":
            assert claim.after is not None
            kept = own.layer(one).get(claim.id)
            own.decide(one, Action.TAG, [changes.tag(kept, "stance", "denies", project.schema)])  # type: ignore[arg-type]
        own.decide(one, Action.FINISH, [changes.finish(own.layer(one).state)])
        own.close()
    made = evaluate(project, "boris")
    assert made.claims.exact == Counts(1, missed=1, spurious=1)
    assert made.claims.fields["stance"].accuracy == 0
    assert made.claims.fields["certainty"].accuracy == 1
    assert made.claims.fields["certainty"].kappa is None
    assert any("certainty" in note and "kappa" in note for note in made.notes)


def test_only_documents_that_both_cover_count(project: Project) -> None:
    one, two = store.ids(project)
    with pytest.raises(InputError, match="--all"):
        evaluate(project, store.MODEL)
    decide(project, one)
    store.accept(project, two, 0)
    made = evaluate(project, store.MODEL)
    assert made.documents == [one]
    assert made.left_out == {"not finished by anna": 1}
    assert any(note.startswith("intervals") for note in made.notes)
    assert evaluate(project, store.MODEL, everything=True).documents == [one, two]
    (project.root / "documents" / two[:2] / two / f"{store.MODEL}.json").unlink()
    made = evaluate(project, store.MODEL, everything=True)
    assert made.left_out == {f"without {store.MODEL}": 1}


def test_a_layer_that_nobody_has_is_named(project: Project) -> None:
    decide(project, store.ids(project)[0])
    with pytest.raises(UnknownError, match=f"did you mean '{store.MODEL}'"):
        evaluate(project, "toy-1.0.1")
    with pytest.raises(UnknownError, match="'carla'"):
        evaluate(project, store.MODEL, "carla")


def test_two_models_are_compared_mistake_by_mistake(project: Project) -> None:
    for document in store.ids(project):
        decide(project, document)
        add_other(project, document)
    one = evaluate(project, OTHER, also=[store.MODEL])
    two = evaluate(project, store.MODEL, also=[OTHER])
    made = compare(project, one, two)
    assert [(row.kind, row.entity.text) for row in made.new] == [
        ("missed", "word0"),
        ("missed", "other1x0"),
    ]
    assert [(row.kind, row.entity.label) for row in made.gone] == [
        ("missed", "ORG"),
        ("wrong", "PERSON"),
    ] * 2
    assert (made.only_one, made.only_two, made.mcnemar) == (2, 2, 1)
    assert made.shared == 6
    assert made.gain["f1"] > 0


def test_the_command_prints_the_same_figures(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    for document in store.ids(project):
        decide(project, document)
        add_other(project, document)
    words = ["evaluate", "--predicted", store.MODEL, "--gold", "anna", "--against", OTHER]
    words += ["--project", str(project.root), "--annotator", "boris"]
    assert run(app, [*words, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["entities"]["strict"]["f1"] == 28 / 38
    assert made["against"]["layer"] == OTHER
    assert len(made["against"]["new"]) == 4
    assert run(app, words) == 0
    told = capsys.readouterr().out
    assert "strict               0.700   0.778   0.737" in told
    assert "ORG → PERSON" in told
    assert "McNemar p 1" in told
    assert "missed " in told
    assert run(app, [*words, "--against", store.MODEL]) == 2
    assert "cannot differ from itself" in capsys.readouterr().err


def test_what_was_suggested_wrong_on_purpose_measures_the_person_alone(project: Project) -> None:
    document, _ = store.ids(project)
    first = project.layer(document, store.MODEL).entities[0]
    wrong = replace(first, id="s0", label="GPE")
    seeded = changes.accept(changes.suggested(wrong, seeding.NAME))
    project.decide(document, Action.ACCEPT, [seeded])
    project.decide(document, Action.FINISH, [changes.finish(project.layer(document).state)])
    assert evaluate(project, store.MODEL).entities.counts(Scheme.STRICT) == Counts(spurious=10)
    made = activity(project)
    assert (made.labels, made.models) == ({}, {})
    assert (made.caught, len(made.traps)) == (0, 1)


def claimed(project: Project, document: str, name: str, *stances: str) -> None:
    """A layer with a claim of each word in turn, of these stances; an empty one is left out."""
    text = project.document(document).text
    made = {}
    for word, stance in zip(text.words(0), stances, strict=False):
        if stance:
            one = project.schema.blank_claim(
                id=suggestion_id(name, Claim.kind, word),
                span=word,
                text=word.of(text),
                stance=stance,
            )
            made[one.id] = changes.suggested(one, name)
    layer = Layer(name, document, dict[str, Annotation](made), model={"package": "toy"})
    project.replace_layer(document, layer)


def test_two_models_claims_are_compared_in_pairs(project: Project) -> None:
    for document in store.ids(project):
        claimed(project, document, "gold-1", *["affirms"] * 4, *["denies"] * 4)
        claimed(project, document, "good", *["affirms"] * 4, *["denies"] * 3)
        claimed(project, document, "bad", *["affirms"] * 6, "", "")
    one, two = evaluate(project, "good", "gold-1"), evaluate(project, "bad", "gold-1")
    made = compare(project, one, two).plain()["claims"]
    assert made["overlap"]["f1"] == pytest.approx(14 / 15 - 12 / 14)
    assert made["overlap"]["mcnemar"] == {"only_predicted": 2, "only_against": 0, "p": 0.5}
    # Of the six that both have found in each document, one has all stances right, and one four.
    assert made["stance"]["f1"] == pytest.approx(1 - 4 / 6)
    assert made["stance"]["mcnemar"] == {"only_predicted": 4, "only_against": 0, "p": 0.125}
    assert made["stance"]["interval"] == pytest.approx([1 / 3, 1 / 3])
    assert made["certainty"]["f1"] == 0
    assert made["certainty"]["mcnemar"]["p"] is None
    assert made["exact"]["mcnemar"] is None


def test_a_layer_of_claims_alone_is_measured_without_tables_of_entities(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    for document in store.ids(project):
        claimed(project, document, "gold-1", *["affirms"] * 4)
        claimed(project, document, "good", *["affirms"] * 3)
        claimed(project, document, "bad", "denies", "affirms")
    words = ["evaluate", "--predicted", "good", "--gold", "gold-1", "--against", "bad"]
    assert run(app, [*words, "--project", str(project.root), "--annotator", "anna"]) == 0
    told = capsys.readouterr().out
    assert "label (strict)" not in told
    assert "accuracy, 95 %" in told
    assert [line.split()[0] for line in told.split("\n") if "+0." in line][:3] == [
        "exact",
        "overlap",
        "stance",
    ]
