"""A run of a pipeline over a project: it fills the model's layers, and can be taken up again."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from annotations.errors import ModelError
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Annotation, Claim, Entity
from annotations.span import Span
from annotations.suggest import models
from annotations.suggest.entities import Batch, suggest_all, suggest_entities
from annotations.suggest.models import ModelInfo
from annotations.suggest.trust import Ask
from annotations.text import Text

if TYPE_CHECKING:
    from annotations.suggest.claims.reader import ClaimReader

_PORTION: Final = 30_000
"""The characters of documents that a worker takes at once; ctrl+c waits for as many."""

_Done: TypeAlias = tuple[str, list[Annotation]]


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
        weights = project.root / "claims-scorer.npz"
        made[model.claims_layer] = recipe | {
            "claims": models.CLAIM_RULES,
            "threshold": settings.get("claims_threshold"),
            "weights": sha256(weights.read_bytes()).hexdigest()[:12] if weights.is_file() else "",
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


def _reader(project: Project, model: ModelInfo) -> ClaimReader | None:
    if not suggests_claims(project, model):
        return None
    from annotations.suggest.claims.reader import ClaimReader

    return ClaimReader.of(model.claims_layer, project.schema.settings, project.root)


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
    settings = _settings(project)
    reader = _reader(project, model)
    sizes: dict[str, int] = {}

    def texts() -> Iterator[tuple[str, Text]]:
        for document_id in waiting:
            text = project.document(document_id).text
            sizes[document_id] = len(text)
            yield document_id, text

    if jobs > 1:
        done = _in_processes(texts(), model, settings=settings, jobs=jobs, reader=reader)
    else:
        nlp = models.load(model, parse=reader is not None)
        done = suggest_all(nlp, texts(), layer=model.layer, reader=reader, **settings)
    start = monotonic()
    for document_id, found in done:
        _store(project, document_id, found, model, force=force)
        now = Progress(
            done=now.done + 1,
            of=now.of,
            skipped=now.skipped,
            characters=now.characters + sizes.pop(document_id),
            entities=now.entities + sum(isinstance(one, Entity) for one in found),
            claims=now.claims + sum(isinstance(one, Claim) for one in found),
            seconds=monotonic() - start,
        )
        progress(now)
    return now


def iter_document(
    project: Project, document_id: str, model: ModelInfo, *, first: Span | None = None
) -> Iterator[Batch]:
    """Suggestions for one document as they come; its layer is stored behind the last of them.

    The first step loads the pipeline and the last one writes, so run it where nobody waits, with
    a `Project` of that thread's own. Who stops early leaves nothing behind. Nothing comes, and
    nothing is loaded, where the layer is there already.

    Args:
        project: where the document is.
        document_id: which one.
        model: the pipeline.
        first: what is visible; the parts that hold it come first.

    Raises:
        ModelError: the pipeline cannot be loaded.
    """
    if is_filled(project, document_id, model):
        return
    settings = _settings(project)
    text = project.document(document_id).text
    found: list[Annotation] = []
    reader = _reader(project, model)
    nlp = models.load(model, parse=reader is not None)
    for batch in suggest_entities(
        nlp, text, layer=model.layer, first=first, reader=reader, **settings
    ):
        found += (*batch.entities, *batch.claims)
        yield batch
    _store(project, document_id, found, model)


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


def _in_processes(
    texts: Iterable[tuple[str, Text]],
    model: ModelInfo,
    *,
    settings: dict[str, bool],
    jobs: int,
    reader: ClaimReader | None,
) -> Iterator[_Done]:
    """What `suggest_all` yields, from several processes, whichever document is done first."""
    work = partial(_portion, model, settings, reader)
    # Started afresh rather than forked: a fork beside threads may hang.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _deaf)
    running: set[Future[list[_Done]]] = set()
    try:
        for portion in _portions(texts):
            running.add(pool.submit(work, portion))
            # No more is read ahead than keeps the workers busy, so that memory stays flat.
            while len(running) > 2 * jobs:
                ready, running = wait(running, return_when=FIRST_COMPLETED)
                for one in ready:
                    yield from one.result()
        while running:
            ready, running = wait(running, return_when=FIRST_COMPLETED)
            for one in ready:
                yield from one.result()
    except BrokenProcessPool:
        raise ModelError(
            f"A process that ran {model.package} died; what was done is saved. "
            "Start again with fewer --jobs."
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _portions(texts: Iterable[tuple[str, Text]]) -> Iterator[list[tuple[str, str]]]:
    portion: list[tuple[str, str]] = []
    size = 0
    for key, text in texts:
        portion.append((key, str(text)))
        size += len(text)
        if size >= _PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _deaf() -> None:
    """Leave ctrl+c to the parent: a worker ends its portion, and the parent stops asking."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _portion(
    model: ModelInfo,
    settings: dict[str, bool],
    reader: ClaimReader | None,
    portion: list[tuple[str, str]],
) -> list[Any]:
    texts = ((key, Text(text)) for key, text in portion)
    nlp = models.load(model, parse=reader is not None)
    return list(suggest_all(nlp, texts, layer=model.layer, reader=reader, **settings))
