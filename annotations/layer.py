"""The fold: decisions in, annotations out. Undo and redo are decisions like the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from annotations import decision_order, messages, record_parser
from annotations.errors import ConflictError, RefusedError, SpanError, UnknownError
from annotations.identity import said as said
from annotations.identity import unlike as unlike
from annotations.records import (
    Action,
    Annotation,
    Change,
    Claim,
    Decision,
    Entity,
    Record,
    State,
    Status,
)
from annotations.schema import Schema
from annotations.span import Span, SpanIndex
from annotations.spelling import composed
from annotations.text import Text
from annotations.undo_stack import UndoStack


@dataclass
class Layer:
    """One voice on one document: what its decisions, or its model, leave standing.

    Attributes:
        name: the annotator, the model, or `gold`.
        document: the document's id.
        annotations: by id, in the order in which they first appeared.
        state: what was decided of the document as a whole.
        seq: the number of the last decision; 0 before the first, and always in a model's layer.
        at: when that was; empty before the first.
        revisions: for each id ever touched, the `seq` that touched it last.
        undoable: the decisions that an undo would take back, the last one on top.
        redoable: the decisions that a redo would repeat, the next one on top.
        undone_at: when each of `redoable` was undone.
        made_at: when the last decision was made that is neither undo nor redo; empty before it.
        model: for a model's layer, what made it; empty otherwise.
        is_redacted: whether the last decision erased it.
    """

    name: str
    document: str
    annotations: dict[str, Annotation] = field(default_factory=dict)
    state: State = field(default_factory=State)
    seq: int = 0
    at: str = ""
    revisions: dict[str, int] = field(default_factory=dict)
    undoable: UndoStack = field(default_factory=UndoStack)
    redoable: UndoStack = field(default_factory=UndoStack)
    undone_at: list[str] = field(default_factory=list)
    made_at: str = ""
    model: dict[str, object] = field(default_factory=dict)
    is_redacted: bool = False
    _index: SpanIndex[Annotation] | None = field(default=None, repr=False, compare=False)

    def __iter__(self) -> Iterator[Annotation]:
        return iter(self.annotations.values())

    @property
    def is_model(self) -> bool:
        """Whether a model made it, and no decision."""
        return bool(self.model)

    @property
    def entities(self) -> list[Entity]:
        """The entities, in document order."""
        return [one for one in self.index if isinstance(one, Entity)]

    @property
    def claims(self) -> list[Claim]:
        """The claims, in document order."""
        return [one for one in self.index if isinstance(one, Claim)]

    @property
    def index(self) -> SpanIndex[Annotation]:
        """The annotations in document order, found by offset."""
        if self._index is None:
            self._index = SpanIndex(self)
        return self._index

    def get(self, annotation_id: str) -> Annotation:
        """The annotation of that id.

        Raises:
            UnknownError: there is none.
        """
        if annotation_id not in self.annotations:
            raise UnknownError(f"Layer {self.name} has no annotation {annotation_id!r}.")
        return self.annotations[annotation_id]

    def record(self, record_id: str) -> Record | None:
        """The annotation of that id, or the document's state; None where nothing was decided."""
        if record_id == State.id:
            return self.state if self.state.rev else None
        return self.annotations.get(record_id)

    def last_changes(self) -> dict[str, Change]:
        """By id, the change that left each record as it is; none where a decision was undone."""
        found: dict[str, Change] = {}
        for one in reversed(self.undoable):
            for change in reversed(one.changes):
                found.setdefault(change.id, change)
            if len(found) == len(self.revisions):
                break  # no other was ever changed
        return found

    def apply(self, decision: Decision, offset: int = -1) -> None:
        """Take one decision in; it must be the next.

        Args:
            offset: where its line begins in the journal; -1 where that is not known.

        Raises:
            CorruptError: it does not follow from the ones before; the layer is as it was.
        """
        decision_order.check(decision, self)
        self.is_redacted = decision.action is Action.REDACT
        if self.is_redacted:
            self._forget()
        for change in decision.changes:
            self._put(change.id, change.after)
            self.revisions[change.id] = decision.seq
        self.seq, self.at = decision.seq, decision.at
        if decision.action is Action.UNDO:
            self.undoable.move(self.redoable)
            self.undone_at.append(decision.at)
        elif decision.action is Action.REDO:
            self.redoable.move(self.undoable)
            self.undone_at.pop()
        elif decision.action is not Action.REDACT:
            self.undoable.push(decision, offset)
            self.redoable.clear()
            self.undone_at.clear()
            self.made_at = decision.at

    def _forget(self) -> None:
        """What a redaction leaves: nothing, and no way back."""
        self.annotations.clear()
        self.revisions.clear()
        self.undoable.clear()
        self.redoable.clear()
        self.undone_at.clear()
        self.state, self._index = State(), None

    def _put(self, record_id: str, record: Record | None) -> None:
        if record_id == State.id:
            self.state = record if isinstance(record, State) else State()
        elif isinstance(record, (Entity, Claim)):
            self.annotations[record_id] = record
            if self._index is not None:
                self._index.put(record)
        else:
            self.annotations.pop(record_id, None)
            if self._index is not None:
                self._index.discard(record_id)

    def check(self, changes: Iterable[Change], text: Text, schema: Schema) -> None:
        """See whether these changes may be made now.

        Raises:
            ConflictError: a record changed since it was seen.
            RefusedError: the schema or the layer does not allow it.
            SpanError: a span leaves the text.
        """
        changes = tuple(changes)
        touched = {change.id for change in changes}
        standing: SpanIndex[Entity] = SpanIndex()
        for change in changes:
            self._check_seen(change)
            after = change.after
            if after is None or isinstance(after, State):
                continue
            if after.span.of(text) != after.text:
                raise RefusedError(
                    "Not saved: the words at the span are not those of the document."
                )
            if problem := schema.problem(after) or record_parser.too_long(after):
                raise RefusedError(f"Not saved: {problem}.")
            if isinstance(after, Entity) and after.status.stands and not schema.nested:
                self._check_flat(after, touched, standing)
                standing.put(after)

    def check_words(self, text: Text) -> None:
        """See whether each annotation's words are those of the text.

        Raises:
            SpanError: one's are not.
        """
        check_words(self.name, self, text)

    def _check_seen(self, change: Change) -> None:
        seen = change.before.rev if change.before else 0
        now = self.revisions.get(change.id, 0)
        present = self.record(change.id)
        is_gone = present is None and change.before is None
        if seen != now and not is_gone:
            when = f"{present.at[:19].replace('T', ' ')} UTC" if present else ""
            who = f"{present.by} at {when}" if present else "another decision"
            raise ConflictError(messages.CONFLICT.format(who=who, now=now, seen=seen))

    def _check_flat(self, entity: Entity, touched: set[str], standing: SpanIndex[Entity]) -> None:
        start, end = entity.span.start, entity.span.end
        near = self.index.between(start, end)
        others = [one for one in near if one.status.stands and one.id not in touched]
        for other in (*others, *standing.between(start, end)):
            if isinstance(other, Entity):
                raise RefusedError(
                    f"Not saved: it would overlap {other.text!r} {other.label}. "
                    "Remove or resize that first, or set nested = true in purport.toml."
                )


def check_words(name: str, annotations: Iterable[Annotation], text: Text) -> None:
    """See whether the words of each annotation of a layer are those of the text.

    Raises:
        SpanError: one's are not.
    """
    for one in annotations:
        if one.span.of(text) != one.text:
            raise SpanError(
                f"Layer {name}: the text has other words than {one.text!r} at "
                f"{one.span.start}-{one.span.end}. Nothing was kept; are the offsets code points?"
            )


def fold(name: str, document: str, decisions: Iterable[Decision]) -> Layer:
    """The layer that these decisions leave."""
    layer = Layer(name, document)
    for decision in decisions:
        layer.apply(decision)
    return layer


def take_back(decision: Decision) -> tuple[Change, ...]:
    """The changes that undo a decision: its own, inverted, last first."""
    return tuple(change.inverse for change in reversed(decision.changes))


class Overlay:
    """What a person sees on a document: their own layer, and what models suggest beside it.

    A suggestion shows while the person has not decided on it, has no annotation of the same kind
    on the same span, and, among entities of a flat schema, none that stands on part of it. What
    several models say shows once, as the first one's.

    Args:
        own: the person's layer.
        models: the layers beside it.
        nested: whether entities may stand on parts of each other.
        beside: ids of suggestions that show until they are decided on, whatever stands there.
    """

    def __init__(
        self,
        own: Layer,
        models: Iterable[Layer] = (),
        *,
        nested: bool = False,
        beside: Collection[str] = (),
    ) -> None:
        self._own = own
        self._beside = beside
        self._nested = nested
        self._decided: SpanIndex[Annotation] = SpanIndex(own)
        self._suggested: SpanIndex[Annotation] = SpanIndex(unlike(models))
        self._said: set[object] | None = None
        shown = list(self._suggested)
        if self._decided:
            shown = [one for one in shown if not self._is_settled(one)]
        self.index: SpanIndex[Annotation] = SpanIndex((*own, *shown))
        self._words = Counter(map(_kind_and_words, self.index))
        self.open = len(shown)

    def extend(self, suggestions: Iterable[Annotation]) -> None:
        """Take in suggestions that arrive while one reads."""
        if self._said is None:
            self._said = set(map(said, self._suggested))
        new = [one for one in suggestions if one.id not in self._suggested]
        new = [one for one in new if said(one) not in self._said]
        self._said.update(map(said, new))
        for one in new:
            self._suggested.put(one)
            self._show(one)

    def apply(self, decision: Decision) -> list[Span]:
        """Follow a decision of the person's layer; returns the spans whose look may change."""
        touched: list[Span] = []
        for change in decision.changes:
            if isinstance(change.before, State) or isinstance(change.after, State):
                continue
            touched += [one.span for one in (change.before, change.after) if one]
            self._decided.discard(change.id)
            self._hide(change.id)
            if isinstance(change.after, (Entity, Claim)):
                self._decided.put(change.after)
                self._put(change.after)
        for span in tuple(touched):
            for one in self._suggested.between(span.start, span.end):
                self._hide_suggestion(one)
                self._show(one)
                touched.append(one.span)
        # A suggestion that was moved far away, or came back, lies outside what was touched so far.
        for change in decision.changes:
            if own := self._suggested.get(change.id):
                self._hide_suggestion(own)
                self._show(own)
                touched.append(own.span)
        return touched

    def _hide(self, annotation_id: str) -> None:
        shown = self.index.get(annotation_id)
        if shown is not None:
            self.index.discard(annotation_id)
            self._words[_kind_and_words(shown)] -= 1
            self.open -= shown.status is Status.SUGGESTED

    def _hide_suggestion(self, one: Annotation) -> None:
        shown = self.index.get(one.id)
        if shown is not None and shown.status is Status.SUGGESTED:
            self._hide(one.id)

    def _show(self, suggestion: Annotation) -> None:
        if suggestion.id in self.index or self._is_settled(suggestion):
            return
        self._put(suggestion)
        self.open += 1

    def _put(self, annotation: Annotation) -> None:
        self.index.put(annotation)
        self._words[_kind_and_words(annotation)] += 1

    def _is_settled(self, one: Annotation) -> bool:
        if one.id in self._decided or one.id in self._beside:
            return one.id in self._decided
        for other in self._decided.between(one.span.start, one.span.end):
            if other.kind != one.kind:
                continue
            if other.span == one.span and (other.status.stands or other.values() == one.values()):
                return True
            if one.kind == Entity.kind and other.status.stands and not self._nested:
                return True
        return False

    def alike(self, annotation: Annotation) -> int:
        """How many other annotations of its kind have the same words."""
        return self._words[_kind_and_words(annotation)] - (annotation.id in self.index)

    def same(self, annotation: Annotation, text: Text, most: int) -> list[Annotation | Span] | None:
        """The other places with the same words: what is marked there of its kind, else the span.

        None where there are more than `most` places with these letters to look at.
        """
        found: list[Annotation | Span] = []
        for number, (span, is_whole) in enumerate(text.places(annotation.text)):
            if number == most:
                return None
            if not is_whole or span == annotation.span:
                continue
            marked = [
                one
                for one in self.index.between(span.start, span.end)
                if one.kind == annotation.kind and one.status is not Status.REJECTED
            ]
            exact = [one for one in marked if one.span == span]
            if exact or not marked or annotation.kind == Claim.kind:
                found.append(exact[0] if exact else span)
        return found


def _kind_and_words(one: Annotation) -> tuple[str, str]:
    return one.kind, composed(one.text)
