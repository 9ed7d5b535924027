from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from spacy.training import Example

from annotations.changes import accept, add_entity, finish, reject
from annotations.cli import app
from annotations.cli.console import run
from annotations.errors import InputError, ModelError
from annotations.measure.evaluation import evaluate
from annotations.project import Project
from annotations.records import Action, Document, Entity
from annotations.span import Span
from annotations.suggest import models, training
from annotations.suggest.chunks import chunks
from annotations.suggest.run import fill
from annotations.suggest.training import Lesson, Training, check, lessons
from annotations.text import Text

NAMES = ("Orlen", "Vesna", "Tamsin", "Idris", "Marta", "Pell")
PLACES = ("Arvel", "Reefport", "Sunder", "Halm", "Kestrel", "Quay")


def sentence(number: int) -> str:
    return f"{NAMES[number % 6]} sailed to {PLACES[number * 5 % 6]} on day {number}."


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny recognizer that was shown two sentences, and so knows next to nothing."""
    spacy.util.fix_random_seed(1)
    nlp = spacy.blank("en")
    small = {"width": 32, "depth": 2, "embed_size": 200}
    tok2vec = nlp.config["components"].get("ner", {}).get("model", {}).get("tok2vec", {})
    nlp.add_pipe("ner", config={"model": {"tok2vec": tok2vec | {"@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "window_size": 1, "maxout_pieces": 2, "subword_features": True} | small}})  # fmt: skip
    shown = [
        Example.from_dict(nlp.make_doc(words), {"entities": [(0, len(words.split()[0]), "PERSON")]})
        for words in (sentence(0), sentence(1))
    ]
    nlp.initialize(lambda: shown)
    nlp.meta.update({"name": "tiny", "version": "1.0.0"})
    folder = tmp_path_factory.mktemp("base") / "tiny"
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Twenty finished documents of three sentences, all names and places marked."""
    made = Project.create(tmp_path / "reef", annotator="anna")
    for number in range(20):
        text = Text("\n".join(sentence(3 * number + line) for line in range(3)))
        made.add(Document(text, f"log {number}"))
        decide(made, text)
    yield made
    made.close()


def decide(project: Project, text: Text) -> None:
    marks = [(name, "PERSON") for name in NAMES] + [(name, "PORT") for name in PLACES]
    schema = project.schema
    added = [
        add_entity(span, "PERSON" if label == "PERSON" else "LOC", text, schema)
        for name, label in marks
        for span in text.occurrences(name)
    ]
    project.decide(text.id, Action.ADD, added)
    project.decide(text.id, Action.FINISH, [finish(project.layer(text.id).state)])


def test_a_pipeline_learns_what_a_person_decided_and_suggests_it(
    project: Project,
    base: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # It knows next to nothing, and there is little to learn from: it takes small steps.
    monkeypatch.setattr(training, "BATCH", 50)
    out = tmp_path / "taught"
    words = ["train", str(out), "--base", str(base), "--project", str(project.root)]
    assert run(app, [*words, "--annotator", "anna"]) == 0
    told = capsys.readouterr()
    assert "48 sentences of 16 documents to learn from, 4 documents held back" in told.err
    assert "epoch 10 of 10" in told.err
    assert "either way" not in told.err
    assert "no better" not in told.err
    rows = {line.split()[0]: line.split() for line in told.out.strip().split("\n")}
    assert float(rows["after"][3]) > 0.8 > float(rows["before"][3].replace("-", "0"))

    model = models.find(str(out))
    assert model.layer.startswith("en_tiny_anna-1.0.0+")
    text = Text("Vesna sailed to Halm in the rain.")
    project.add(Document(text, "new"))
    fill(project, model)
    found = {one.text: one.label for one in project.layer(text.id, model.layer).entities}
    assert found == {"Vesna": "PERSON", "Halm": "LOC"}
    # What it learned from says so, wherever it is measured.
    made = evaluate(project, model.layer)
    assert (len(made.documents), made.learned) == (20, 16)
    assert any("learned from 16" in note for note in made.notes)


def test_the_same_decisions_and_seed_make_the_same_pipeline(
    project: Project, base: Path, tmp_path: Path
) -> None:
    made = []
    for name in ("one", "two"):
        work = Training(models.find(str(base)), lessons(project))
        work.run()
        made.append(work.write(tmp_path / name))
    assert made[0].layer == made[1].layer
    weights = [(one.folder / "ner" / "model").read_bytes() for one in made]
    assert weights[0] == weights[1]
    project.undo()
    assert lessons(project).head != lessons(project, seed=1).head
    about = json.loads((made[0].folder / "meta.json").read_text())["purport"]
    assert len(about["documents"]) == 16
    assert set(about["documents"]).isdisjoint(about["held_back"])


def test_training_begins_with_the_base_of_a_pipeline_that_was_trained_here(
    project: Project, base: Path, tmp_path: Path
) -> None:
    taught = lessons(project)
    first = Training(models.find(str(base)), taught).write(tmp_path / "first")
    again = Training(first, taught)
    assert again.base == models.find(str(base))
    # One that was trained here may be replaced; nothing else may.
    assert again.write(tmp_path / "first").layer == first.layer
    (tmp_path / "other").mkdir()
    check(tmp_path / "other")
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="was not trained here"):
        check(tmp_path / "other")
    with pytest.raises(InputError, match="was not trained here"):
        again.write(base)


def test_documents_are_held_back_by_the_seed_alone(project: Project) -> None:
    made = {seed: lessons(project, seed=seed) for seed in range(8)}
    assert all(len(one.held) == 4 and len(one.learn) == 16 for one in made.values())
    assert len({one.held[0].document for one in made.values()}) > 1
    assert lessons(project, seed=3) == made[3]


def test_too_little_to_learn_from_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project.create(tmp_path / "small", annotator="anna")
    with pytest.raises(InputError, match="finished 0 documents, and training needs 2"):
        lessons(project)
    for number in range(2):
        text = Text(sentence(number))
        project.add(Document(text, f"log {number}"))
        project.decide(text.id, Action.FINISH, [finish(project.layer(text.id).state)])
    with pytest.raises(InputError, match="no entity of anna stands"):
        lessons(project)
    words = ["train", str(tmp_path / "out"), "--project", str(project.root)]
    assert run(app, [*words, "--annotator", "anna"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()
    project.close()


def test_what_was_rejected_is_outside_and_what_hangs_off_a_token_unknown(
    project: Project, base: Path
) -> None:
    text = Text("Orlen paid a lot in Halm.\nNobody else paid. The rest is for Dr. Vesna Pell.")
    project.add(Document(text, "bill"))
    schema = project.schema
    (first,) = [add_entity(Span(0, 5), "PERSON", text, schema)]
    project.decide(text.id, Action.ADD, [first, add_entity(Span(20, 23), "LOC", text, schema)])
    project.decide(text.id, Action.REJECT, [reject(project.layer(text.id).get(first.id))])
    project.decide(text.id, Action.FINISH, [finish(project.layer(text.id).state)])
    everything = lessons(project)
    work = Training(models.find(str(base)), everything)
    lesson = next(one for one in (*everything.learn, *everything.held) if one.document == text.id)
    doc = training._labelled(work._nlp.make_doc(str(text)), lesson.entities, 0)
    marks = {token.text: token.ent_iob_ for token in doc}
    assert (marks["Orlen"], marks["paid"], marks["Halm"]) == ("O", "O", "")


def test_texts_are_learned_as_they_are_suggested_on() -> None:
    text = Text("Orlen left. Vesna stayed. The rain fell.\n\nHalm slept.")
    lesson = Lesson("0" * 12, text, ())
    assert lesson.passages() == chunks(text) == [Span(0, len(text))]
    assert lesson.sentences == 4
    long = Text("Orlen left. " * 2000)
    first = chunks(long)[0]
    across = Entity(
        id="a", span=Span(first.end - 6, first.end + 5), text=long[first.end - 6 : first.end + 5],
        label="PERSON",
    )  # fmt: skip
    parts = Lesson("0" * 12, long, (across,)).passages()
    assert parts == [Span(0, chunks(long)[1].end), *chunks(long)[2:]]


def test_a_pipeline_without_a_recognizer_cannot_learn(project: Project, toy: Path) -> None:
    with pytest.raises(ModelError, match="no entity recognizer that learns"):
        Training(models.find(str(toy)), lessons(project))


def test_accepted_suggestions_teach_as_much_as_added_ones(project: Project, base: Path) -> None:
    model = models.find(str(base))
    text = Text("Orlen sailed to Halm in the rain. Then Orlen slept.")
    project.add(Document(text, "late"))
    fill(project, model, [text.id])
    layer = project.layer(text.id, model.layer)
    if layer.entities:
        project.decide(text.id, Action.ACCEPT, [accept(layer.entities[0])])
    project.decide(text.id, Action.FINISH, [finish(project.layer(text.id).state)])
    made = lessons(project)
    found = {one.document: one for one in (*made.learn, *made.held)}
    assert len(found[text.id].entities) == min(1, len(layer.entities))
