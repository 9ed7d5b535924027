"""A person's decisions to a pipeline that has learned from them.

The recipe is the one that did best where several were tried: whole reviewed texts, in which every
token that stands in no entity is known to be outside; always from the base model, never from one
that was trained before; the entity recognizer alone, as it is, for ten rounds. A part of the
documents is held back, and what was learned is measured on it.

The texts are cut where suggestions cut them, and not into sentences, and the batches are large. On
web texts (60 documents to learn from; people, bodies and places of 64 others) strict F1 went from
0.635 to 0.694 so (0.703 with 254 documents); with single sentences, in batches half as large, to 0.645; in batches of 150
tokens it fell to 0.592. One set, one seed: they say which way to lean, not by how much.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Final

from annotations.errors import InputError, ModelError
from annotations.project import Project
from annotations.records import Entity
from annotations.review.seeding import is_seeded
from annotations.span import Span
from annotations.storage import disk
from annotations.suggest import models, packages
from annotations.suggest.chunks import chunks
from annotations.suggest.entities import suggest_all
from annotations.suggest.model_info import ModelInfo
from annotations.text import Text

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.training import Example

EPOCHS: Final = 10
BATCH: Final = 1000
"""Tokens that the model learns from at once; smaller steps forget more of what it knew."""
DROPOUT: Final = 0.2
LEARNING_RATE: Final = 0.001
HELD_BACK: Final = 0.2
"""The part of the documents that is kept for measuring; one at least."""

ENOUGH: Final = 25
"""Sentences with which a gain was seen; with fewer it may go either way."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A finished document: its text and the entities that stand in it."""

    document: str
    text: Text
    entities: tuple[Entity, ...]

    def passages(self) -> list[Span]:
        """The parts to learn from: those that the pipeline is given when it suggests.

        Two that an entity joins are one.
        """
        found: list[Span] = []
        for part in sorted([*chunks(self.text), *(one.span for one in self.entities)]):
            if found and part.start < found[-1].end:
                found[-1] = Span(found[-1].start, max(found[-1].end, part.end))
            else:
                found.append(part)
        return found

    @property
    def sentences(self) -> int:
        """How many sentences the text has, all of them reviewed."""
        return sum(1 for _ in _sentences(self.text))


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learned from, and what it is measured on.

    Attributes:
        layer: whose decisions they are.
        learn: the documents to learn from.
        held: those held back.
        head: a hash of the last decision on each of them: the same decisions, the same hash.
    """

    layer: str
    learn: tuple[Lesson, ...]
    held: tuple[Lesson, ...]
    head: str

    @property
    def sentences(self) -> int:
        """How many sentences there are to learn from."""
        return sum(one.sentences for one in self.learn)


def lessons(project: Project, layer: str | None = None, seed: int = 0) -> Lessons:
    """A person's finished documents, a part of them held back.

    Args:
        project: where they are.
        layer: the person; the annotator by default.
        seed: another one holds other documents back.

    Raises:
        InputError: there are too few of them to learn from and to measure on.
    """
    name = layer or project.annotator
    found = []
    heads = [name, str(seed)]
    for document in project.order():
        if name not in project.people(document):
            continue
        own = project.layer(document, name)
        if own.state.finished:
            text = project.document(document).text
            standing = tuple(
                one for one in own.entities if one.status.stands and not is_seeded(one)
            )
            found.append(Lesson(document, text, standing))
            heads.append(f"{document}:{own.seq}:{own.at}")
    if len(found) < 2:
        raise InputError(
            f"{name} has finished {len(found)} documents, and training needs 2 or more: one is "
            "held back to measure on. Mark documents as done in the reader."
        )
    found.sort(key=lambda one: sha256(f"{seed}:{one.document}".encode()).digest())
    held = max(1, round(HELD_BACK * len(found)))
    made = Lessons(
        name,
        tuple(found[held:]),
        tuple(found[:held]),
        sha256("\n".join(sorted(heads)).encode()).hexdigest()[:8],
    )
    if not any(one.entities for one in made.learn):
        raise InputError(
            f"In the {len(made.learn)} finished documents to learn from no entity of {name} "
            "stands. Accept or add some, or choose another --seed."
        )
    return made


class Training:
    """A pipeline that learns from a person's decisions; nothing is kept until `write`."""

    def __init__(
        self, base: ModelInfo, lessons: Lessons, *, seed: int = 0, named: bool = True
    ) -> None:
        self.base = _base_of(base, named=named)
        self._lessons = lessons
        self._seed = seed
        self._nlp, self._ner = _loaded(self.base)

    @property
    def name(self) -> str:
        """The name of the pipeline that comes out."""
        return f"{self.base.name}_{''.join(filter(str.isalnum, self._lessons.layer))}"

    @property
    def version(self) -> str:
        """Its version: the base model's, and the hash of the decisions."""
        return f"{self.base.version}+{self._lessons.head}"

    @property
    def layer(self) -> str:
        """The name of its layer."""
        return f"{self.base.lang}_{self.name}-{self.version}"

    def suggest(self, among: Sequence[Lesson], *, tidy: bool) -> Iterator[list[Entity]]:
        """What the pipeline, as it is now, finds in each of these documents."""
        texts = ((one.document, one.text) for one in among)
        with self._nlp.select_pipes(enable=[self._ner]):
            for _, found in suggest_all(
                self._nlp, texts, layer=self.layer, tidy=tidy, scores=False
            ):
                yield [one for one in found if isinstance(one, Entity)]

    def run(self, progress: Callable[[int, float], None] = lambda _epoch, _loss: None) -> None:
        """Learn; `progress` is called after each epoch with its number and its loss."""
        from thinc.api import Adam, fix_random_seed

        fix_random_seed(self._seed)
        order = random.Random(self._seed)  # noqa: S311 - an order, and no secret
        recognizer: Any = self._nlp.get_pipe(self._ner)
        for label in sorted({one.label for each in self._lessons.learn for one in each.entities}):
            recognizer.add_label(label)
        examples = list(self._examples())
        with self._nlp.select_pipes(enable=[self._ner]):
            optimizer = self._nlp.resume_training(sgd=Adam(LEARNING_RATE))
            for epoch in range(1, EPOCHS + 1):
                order.shuffle(examples)
                losses: dict[str, float] = {}
                for batch in _batches(examples):
                    self._nlp.update(batch, drop=DROPOUT, sgd=optimizer, losses=losses)
                progress(epoch, losses.get(self._ner, 0.0))

    def _examples(self) -> Iterator[Example]:
        from spacy.training import Example

        for lesson in self._lessons.learn:
            for part in lesson.passages():
                inside = [one for one in lesson.entities if part.covers(one.span)]
                words = lesson.text[part.start : part.end]
                doc = _labelled(self._nlp.make_doc(words), inside, part.start)
                yield Example(self._nlp.make_doc(words), doc)

    def write(self, out: Path) -> ModelInfo:
        """Write the pipeline to a folder, in the place of one that was trained here before.

        Raises:
            InputError: there is something else.
            StorageError: the disk said no; what was there is as it was.
        """
        check(out)
        self._nlp.meta.update(
            {
                "name": self.name,
                "version": self.version,
                "description": f"{self.base.layer}, trained on the decisions of "
                f"{self._lessons.layer}",
                models.MADE_HERE: {
                    "base": _absolute(self.base.package),
                    "base_layer": self.base.layer,
                    "annotator": self._lessons.layer,
                    "documents": [one.document for one in self._lessons.learn],
                    "held_back": [one.document for one in self._lessons.held],
                    "seed": self._seed,
                },
            }
        )
        # The scores that came with the base model are not those of this one.
        self._nlp.meta["performance"] = {}
        with disk.explained(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            beside = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
            try:
                self._nlp.to_disk(beside)
                beside.chmod(0o755)
                if out.exists():
                    shutil.rmtree(out)
                beside.rename(out)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
        return models.find(str(out.resolve()))


def check(out: Path) -> None:
    """See that a pipeline may be written there.

    Raises:
        InputError: something is there that was not trained here.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if models.made_here(out) is None:
        raise InputError(f"{out} is there already and was not trained here. Name another folder.")


def _base_of(model: ModelInfo, *, named: bool) -> ModelInfo:
    """The model itself, or what it was trained from: training always starts there."""
    about = models.made_here(model.folder)
    if not about or not about.get("base"):
        return model
    base = str(about["base"])
    if packages.package_name(base) is None and not (named and Path(base).is_absolute()):
        raise ModelError(
            f"{model.layer} was trained from a pipeline in a folder. Name that folder: --base PATH"
        )
    return models.find(base)


def _absolute(package: str) -> str:
    """A package's name, or the absolute form of a path: it is read from other folders."""
    return package if packages.package_name(package) else str(Path(package).absolute())


def _loaded(base: ModelInfo) -> tuple[Language, str]:
    """A copy of the pipeline of its own, and the name of what finds its entities."""
    nlp = models.opened(base)
    names = [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == "ner"]
    if not names:
        raise ModelError(f"{base.package} has no entity recognizer that learns. Name another.")
    for listened in nlp.pipe_names:
        part: Any = nlp.get_pipe(listened)
        # What it shares with others stays theirs: it learns in a copy of its own.
        if names[0] in getattr(part, "listening_components", ()):
            nlp.replace_listeners(listened, names[0], ["model.tok2vec"])
    return nlp, names[0]


def _batches(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """The examples in batches of `BATCH` tokens or a little more."""
    batch: list[Example] = []
    size = 0
    for one in examples:
        batch.append(one)
        size += len(one.reference)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _labelled(doc: Doc, entities: Iterable[Entity], shift: int) -> Doc:
    """A part of a text as the person left it: off token boundaries unknown, all else outside."""
    from spacy.util import filter_spans

    placed, unknown = [], []
    for one in entities:
        start, end = one.span.start - shift, one.span.end - shift
        span = doc.char_span(start, end, label=one.label)
        if span is not None:
            placed.append(span)
        elif (touched := doc.char_span(start, end, alignment_mode="expand")) is not None:
            unknown.append(touched)
    flat = filter_spans(placed)
    taken = {token.i for span in flat for token in span}
    free = sorted({token.i for span in unknown for token in span} - taken)
    doc.set_ents(flat, missing=[doc[one : one + 1] for one in free], default="outside")
    return doc


def _sentences(text: Text) -> Iterator[Span]:
    for paragraph in text.paragraphs:
        offset, before = paragraph.start, None
        while (sentence := text.sentence_at(offset)) is not None and sentence != before:
            yield sentence
            offset, before = sentence.end, sentence
