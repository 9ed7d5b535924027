"""A run of a pipeline over a project: it fills the model's layers, and can be taken up again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from time import monotonic

from annotations.errors import ModelEndedError, ModelError
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Annotation, Claim, Entity, Plain
from annotations.span import Span
from annotations.suggest import models
from annotations.suggest.claims import own_weights
from annotations.suggest.entities import Batch
from annotations.suggest.model_info import ModelInfo
from annotations.suggest.trust import Ask
from annotations.suggest.worker_messages import Job, suggestions
from annotations.suggest.worker_pool import Failure, WorkerPool, most_rows
from annotations.suggest.worker_process import WorkerProcess
from annotations.text import Text


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        done: documents stored by this run.
        of: documents that it set out to do.
        skipped: documents that had the layer already.
        characters: the characters of those done.
        entities: the entities suggested in those done.
        claims: the claims suggested in those done.
        seconds: since the first document was begun.
    """

    done: int
    of: int
    skipped: int = 0
    characters: int = 0
    entities: int = 0
    claims: int = 0
    seconds: float = 0.0

    @property
    def speed(self) -> float:
        """Characters a second; 0 before the first document is done."""
        return self.characters / self.seconds if self.seconds else 0.0


def chosen(project: Project, name: str | None = None, ask: Ask | None = None) -> ModelInfo:
    """The pipeline of this name or path, else the one that the project's settings name.

    Args:
        project: whose settings count.
        name: what a person named; taken as it is.
        ask: how to ask whether a path in the settings is trusted; None where nobody can be asked.

    Raises:
        ModelError: there is none, or it is not trusted.
    """
    if name:
        return models.find(name)
    setting = project.schema.settings.get("model", models.DEFAULT)
    return models.of_project(project.root, setting, ask)


def is_filled(project: Project, document_id: str, model: ModelInfo) -> bool:
    """Whether the document has this model's layers, made by the rules that hold now."""
    return not _lacking(project, document_id, model)


def _lacking(project: Project, document_id: str, model: ModelInfo) -> list[str]:
    """The names of this model's layers that are not there, or are stale."""
    there = project.layers(document_id)
    lacking = []
    for name, recipe in _recipes(project, model).items():
        if name not in there or not _fits(project.layer(document_id, name).model, recipe):
            lacking.append(name)
    return lacking


def _fits(made_by: Mapping[str, object], recipe: Mapping[str, object]) -> bool:
    # The same pipeline makes the same layer by whatever name or path it was asked for.
    return all(made_by.get(key) == recipe[key] for key in recipe if key != "package")


def _recipes(project: Project, model: ModelInfo) -> dict[str, dict[str, object]]:
    """The layers that this model is to make here, each with how it is made."""
    recipe = model.recipe(**_settings(project))
    made = {model.layer: recipe}
    if suggests_claims(project, model):
        settings = project.schema.settings
        weights = own_weights.read(project.root / own_weights.NAME)
        made[model.claims_layer] = recipe | {
            "claims": models.CLAIM_RULES,
            "threshold": settings.get("claims_threshold"),
            "weights": sha256(weights).hexdigest()[:12] if weights is not None else "",
        }
    return made


def suggests_claims(project: Project, model: ModelInfo) -> bool:
    """Whether claims are suggested: the settings want them, and the pipeline can be read."""
    return bool(project.schema.settings.get("claims", True)) and model.reads_claims


def without_claims(project: Project, document_id: str, model: ModelInfo) -> str:
    """Why no claims are suggested for a document in another language, in words; empty if they are."""
    if not project.schema.settings.get("claims", True):
        return ""
    if model.lang != "en":
        return f"Claims are suggested for English only, and {model.layer} reads {model.lang}."
    if not model.reads_claims:
        return ""
    from annotations.suggest.claims.language import is_english

    document = project.document(document_id)
    if is_english(document.text):
        return ""
    return f"Claims are suggested for English only; {document.title!r} seems to be in another language."


def job(project: Project, model: ModelInfo) -> Job:
    """What a model's process is started for, to fill the layers of this project."""
    threshold = project.schema.settings.get("claims_threshold")
    return Job(
        model,
        project.root,
        **_settings(project),
        claims=suggests_claims(project, model),
        threshold=threshold if isinstance(threshold, (int, float)) else None,
    )


def unfilled(project: Project, model: ModelInfo) -> list[str]:
    """The documents with a text that lack one of this model's layers, in the order of adding."""
    lacking: set[str] = set()
    for name, recipe in _recipes(project, model).items():
        lacking.update(project.without(name, partial(_fits, recipe=recipe)))
    return [one for one in project.order() if one in lacking and not project.is_redacted(one)]


def fill(
    project: Project,
    model: ModelInfo,
    documents: Iterable[str] | None = None,
    *,
    force: bool = False,
    jobs: int = 1,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Fill the model's layer of these documents, or of all that lack it.

    Every document is stored as soon as it is done and never in part: a run that is interrupted
    goes on where it stopped when it is started again.

    Args:
        project: where the documents are.
        model: the pipeline.
        documents: ids, in the order in which they are wanted; None for all.
        force: make the layers anew where they are there already.
        jobs: how many processes work; each holds the pipeline once.
        progress: called before the first document and after each.

    Returns:
        The last state of the progress.

    Raises:
        ModelError: the pipeline cannot be loaded.
    """
    wanted = project.order() if documents is None else list(documents)
    waiting = [one for one in wanted if not project.is_redacted(one)]
    if not force:
        lacking = set(unfilled(project, model))
        waiting = [one for one in waiting if one in lacking]
    now = Progress(0, len(waiting), len(wanted) - len(waiting))
    progress(now)
    if not waiting:
        return now
    sizes: dict[str, int] = {}
    failures: dict[str, Failure] = {}

    def texts() -> Iterator[tuple[str, Text]]:
        for document_id in waiting:
            text = project.document(document_id).text
            sizes[document_id] = len(text)
            yield document_id, text

    with closing(WorkerPool(job(project, model), jobs)) as pool:
        for document_id, found in pool.run(texts()):
            if isinstance(found, Failure):
                failures[document_id] = found
                continue
            _store(project, document_id, found, model, force=force)
            now = Progress(
                done=now.done + 1,
                of=now.of,
                skipped=now.skipped,
                characters=now.characters + sizes.pop(document_id),
                entities=now.entities + sum(isinstance(one, Entity) for one in found),
                claims=now.claims + sum(isinstance(one, Claim) for one in found),
                seconds=monotonic() - (pool.ready_at or 0.0),
            )
            progress(now)
    if failures:
        raise ModelEndedError(_failed(project, model, failures))
    return now


def _failed(project: Project, model: ModelInfo, failures: Mapping[str, Failure]) -> str:
    """Which documents ended the model's process, on one line."""
    named = "; ".join(
        f"{document_id} {project.document(document_id).title!r}: {failure.reason}"
        for document_id, failure in failures.items()
    )
    return (
        f"The process that runs {model.package} ended at {named}. No suggestions are stored there; "
        "those of all other documents are."
    )


def iter_document(
    project: Project,
    document_id: str,
    model: ModelInfo,
    *,
    first: Span | None = None,
    worker: WorkerProcess | None = None,
) -> Iterator[Batch]:
    """Suggestions for one document as they come; its layer is stored behind the last of them.

    The first step waits for the pipeline and the last one writes, so run it where nobody waits,
    with a `Project` of that thread's own. Who stops early leaves nothing behind. Nothing comes, and
    nothing is loaded, where the layer is there already.

    Args:
        project: where the document is.
        document_id: which one.
        model: the pipeline.
        first: what is visible; the parts that hold it come first.
        worker: a process that runs this model; without it, one for this document alone.

    Raises:
        ModelError: the pipeline cannot be loaded.
        ModelEndedError: its process ended.
    """
    if is_filled(project, document_id, model):
        return
    if worker is None:
        with closing(WorkerProcess(job(project, model))) as own:
            yield from iter_document(project, document_id, model, first=first, worker=own)
        return
    text = project.document(document_id).text
    found: list[Annotation] = []
    for batch in _batches(worker, document_id, text, model, first):
        found += (*batch.entities, *batch.claims)
        yield batch
    _store(project, document_id, found, model)


def _batches(
    worker: WorkerProcess, key: str, text: Text, model: ModelInfo, first: Span | None
) -> Iterator[Batch]:
    """What the model's process finds in a text, asked for a part at a time."""
    visible = None if first is None else [first.start, first.end]
    worker.send({"do": "open", "key": key, "text": str(text), "first": visible})
    count = 0
    while True:
        worker.send({"do": "next", "key": key})
        message = worker.receive()
        if message is None:
            raise ModelEndedError(f"The process that runs {model.package} ended: {worker.ending}.")
        if message.get("key") == key and message["say"] == "done":
            return
        batch = _batch(message, key, text, model)
        count += len(batch.entities) + len(batch.claims)
        if count > most_rows(text):
            raise ModelError("The model's process sent more suggestions than a text can have.")
        yield batch


def _batch(message: Plain, key: str, text: Text, model: ModelInfo) -> Batch:
    match message:
        case {"say": "batch", "key": str(name), "span": [int(start), int(end)], "rows": list(rows)}:
            if name == key and 0 <= start <= end <= len(text):
                found = suggestions(rows, text, model)
                entities = tuple(one for one in found if isinstance(one, Entity))
                claims = tuple(one for one in found if isinstance(one, Claim))
                return Batch(Span(start, end), entities, claims)
    raise ModelError("The model's process sent something that it was not asked for.")


def _store(
    project: Project,
    document_id: str,
    found: Iterable[Annotation],
    model: ModelInfo,
    *,
    force: bool = False,
) -> None:
    """Keep what was found in the layers that lack it; entities and claims are layers of their own."""
    recipes = _recipes(project, model)
    lacking = list(recipes) if force else _lacking(project, document_id, model)
    about = models.made_here(model.folder)
    if about and document_id in about.get("documents", ()):
        recipes[model.layer] = recipes[model.layer] | {"learned": True}
    # Claims first: a run that is interrupted between the two finds the entities lacking.
    for name in sorted(lacking, reverse=True):
        kind = Entity if name == model.layer else Claim
        own = [one for one in found if isinstance(one, kind)]
        project.replace_layer(document_id, made_layer(document_id, name, own, recipes[name]))


def made_layer(
    document_id: str, name: str, found: Iterable[Annotation], recipe: Mapping[str, object]
) -> Layer:
    """A model's layer, complete, its annotations in document order."""
    made = dict(recipe)
    made["made_at"] = datetime.now(UTC).isoformat(timespec="microseconds")
    in_order = sorted(found, key=lambda one: (one.span.start, -one.span.end))
    return Layer(name, document_id, {one.id: one for one in in_order}, model=made)


def _settings(project: Project) -> dict[str, bool]:
    """How the project wants its suggestions: `tidy` and `scores`."""
    return {name: bool(project.schema.settings.get(name, True)) for name in ("tidy", "scores")}
