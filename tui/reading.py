"""Where a person is in a document, and what a key would decide there. Knows no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotations import changes
from annotations.errors import RefusedError
from annotations.evidence import AUTHOR, GENERIC, UNNAMED, Holder, Link
from annotations.layer import Overlay
from annotations.records import (
    Action,
    Annotation,
    Change,
    Claim,
    Decision,
    Document,
    Entity,
    Status,
)
from annotations.schema import Schema
from annotations.span import Sieve, Span, SpanIndex
from tui import alike
from tui.alike import Plan
from tui.holders import near

_LONG = 300_000
"""Code points from which all the same words are looked for only when `=` asks."""


class Reading:
    """A person in one document: the cursor on a word, the current annotation, the selection."""

    def __init__(self, document: Document, overlay: Overlay, schema: Schema) -> None:
        self.document = document
        self.text = document.text
        self.overlay = overlay
        self.schema = schema
        self.cursor = self._word_from(0)
        self.current: str | None = None
        self._is_at_word = True
        self._anchor: Span | None = None
        self.selection: Span | None = None
        self.kind = ""
        self._unseen: str | None = None
        self._decisions = 0
        self._more: tuple[object, int | None] = (None, 0)

    # What is shown

    @property
    def index(self) -> SpanIndex[Annotation]:
        """The annotations that are shown: entities, claims, or both."""
        kind = self.kind
        if not kind:
            return self.overlay.index
        return Sieve(self.overlay.index, lambda one: one.kind == kind)

    def turn_kinds(self) -> str:
        """Show only entities, then only claims, then both again; returns what is shown, in words."""
        order = ("", Entity.kind, Claim.kind)
        self.kind = order[(order.index(self.kind) + 1) % len(order)]
        held = self.current or self._unseen
        is_seen = held is not None and held in self.index
        self.current, self._unseen = (held, None) if is_seen else (None, held)
        return {"": "entities and claims", Entity.kind: "entities", Claim.kind: "claims"}[self.kind]

    # Where one is

    @property
    def annotation(self) -> Annotation | None:
        """The current annotation."""
        return self.index.get(self.current) if self.current else None

    @property
    def claim(self) -> Claim | None:
        """The claim that a claim's key means: the current one, else the innermost here."""
        here = self.annotation
        if isinstance(here, Claim):
            return here
        if self.selection:
            return None
        claims = [
            one
            for one in self.index.at(self.cursor.start)
            if isinstance(one, Claim) and one.status is not Status.REJECTED
        ]
        return claims[-1] if claims else None

    def take_up_claim(self) -> bool:
        """Make the claim that a claim's key means the current annotation; False where it is."""
        claim = self.claim
        if claim is None or claim.id == self.current:
            return False
        self.current, self._is_at_word = claim.id, False
        return True

    @property
    def entity(self) -> Entity | None:
        """The current annotation, if it is an entity."""
        return self.annotation if isinstance(self.annotation, Entity) else None

    def _word_from(self, offset: int) -> Span:
        """The word at `offset` or behind it, else the last one; an empty span in a blank text."""
        length = len(self.text)
        word = self.text.word_at(min(offset, length)) if length else None
        if word is None:
            word = self.text.next_word(offset) or self.text.previous_word(offset)
        return word or Span(0, 0)

    def point(self, offset: int, annotation: str | None = None) -> None:
        """Put the cursor on the word at `offset`, and on the annotation there, or the one given."""
        self.cursor = self._word_from(offset)
        self._unseen = None
        self._is_at_word = annotation is None
        if self._anchor is not None:
            start = min(self._anchor.start, self.cursor.start)
            self.selection = Span(start, max(self._anchor.end, self.cursor.end))
            self.current = None
            return
        self.selection = None
        here = self.index.at(self.cursor.start)
        if annotation is None:
            entities = [one for one in here if isinstance(one, Entity)]
            annotation = entities[-1].id if entities else here[-1].id if here else None
        self.current = annotation

    def go(self, annotation: Annotation) -> None:
        """Make an annotation the current one, and put the cursor on its first word."""
        self.let_go()
        self.point(annotation.span.start, annotation.id)

    def move(self, offset: int) -> None:
        """Put the cursor elsewhere; an empty selection follows what is under it."""
        self.point(offset)

    def word_right(self) -> None:
        """One word to the right."""
        if word := self.text.next_word(self.cursor.start):
            self.point(word.start)

    def word_left(self) -> None:
        """One word to the left."""
        if word := self.text.previous_word(self.cursor.start):
            self.point(word.start)

    # Selecting

    def start_selection(self) -> None:
        """Select the word under the cursor; from now on moving extends the selection."""
        if self.cursor:
            self._anchor, self.selection, self.current = self.cursor, self.cursor, None

    def select(self, span: Span) -> None:
        """Select a span, as the mouse does."""
        self.let_go()
        self.cursor = self._word_from(span.start)
        self._anchor, self.selection, self.current = self.cursor, span, None

    def let_go(self) -> None:
        """Drop the selection, else the current annotation."""
        if self.selection is None:
            self.current = None
        self._anchor = self.selection = None

    # Going on

    def _from_here(self, forward: bool) -> Iterator[Annotation]:
        here, index = self.annotation, self.index
        if here is not None:
            return index.after(here) if forward else index.before(here)
        if forward:
            return index.from_offset(self.cursor.start)
        return index.before_offset(self.cursor.start)

    def next(self, *, forward: bool = True, only_open: bool = False) -> Annotation | None:
        """The next annotation, or open suggestion, in the document; None if there is no more."""
        for one in self._from_here(forward):
            if not only_open or one.status is Status.SUGGESTED:
                return one
        return None

    def nearest_open(self, *, forward: bool = True) -> Annotation | None:
        """The next open suggestion, or the one before, going round at the document's end."""
        found = self.next(forward=forward, only_open=True)
        return found or self.first_open(forward=forward)

    def first_open(self, *, forward: bool = True) -> Annotation | None:
        """The document's first open suggestion, or its last."""
        index = self.index
        every = index.from_offset(0) if forward else index.before_offset(len(self.text) + 1)
        return next((one for one in every if one.status is Status.SUGGESTED), None)

    # Deciding

    def _here(self) -> Annotation:
        here = self.annotation
        if here is None:
            raise RefusedError("There is no annotation under the cursor.")
        return here

    def accept(self) -> Plan:
        """The current annotation is right."""
        return Action.ACCEPT, (changes.accept(self._here()),)

    def reject(self) -> Plan:
        """The current annotation is wrong."""
        return Action.REJECT, (changes.reject(self._here()),)

    def remove(self) -> Plan:
        """The current annotation goes."""
        return Action.REMOVE, (changes.remove(self._here()),)

    def note(self, words: str) -> Plan:
        """The current annotation carries a note."""
        return Action.NOTE, (changes.note(self._here(), words),)

    def label(self, name: str) -> Plan:
        """The current entity has this label; else the selection, or the word here, becomes one.

        Raises:
            RefusedError: a claim is current that was gone to, not a word in it, or there are no
                words.
        """
        if isinstance(self.annotation, Claim) and not self._is_at_word:
            raise RefusedError("Labels are for words: move there or select them first.")
        entity = self.entity
        span = self.selection or self.cursor
        if entity is None and span:
            entity = next(
                (
                    one
                    for one in self.overlay.index.between(span.start, span.end)
                    if isinstance(one, Entity) and one.span == span
                ),
                None,
            )
        if entity is not None:
            return Action.RELABEL, (changes.relabel(entity, name, self.schema),)
        if not span:
            raise RefusedError("There is no word under the cursor to label.")
        return Action.ADD, (changes.add_entity(span, name, self.text, self.schema),)

    def add_claim(self) -> Plan:
        """The selection becomes a claim, else the clause under the cursor.

        Raises:
            RefusedError: there are no words, or the same words are a claim already.
        """
        span = self.selection or self.text.clause_at(self.cursor.start)
        if span is None:
            raise RefusedError("There is no clause under the cursor to claim.")
        for one in self.overlay.index.between(span.start, span.end):
            if isinstance(one, Claim) and one.span == span and one.status is not Status.REJECTED:
                self.go(one)
                raise RefusedError("These words are a claim already; select others with v first.")
        return Action.ADD, (changes.add_claim(span, self.text, self.schema),)

    def _claim_here(self) -> Claim:
        claim = self.claim
        if claim is None:
            raise RefusedError("There is no claim here; make one first.")
        return claim

    def tag(self, field: str, value: object) -> Plan:
        """The claim here has this value in a field; what does not go with it is put right."""
        return Action.TAG, (changes.tag(self._claim_here(), field, value, self.schema),)

    def rewrite(self, claim: Claim) -> Plan:
        """The claim here is as this copy of it, with all that was chosen for it."""
        here = self._claim_here()
        if here.id != claim.id:
            raise RefusedError("Not saved: the claim is no longer there.")
        before = None if here.status is Status.SUGGESTED else here
        return Action.TAG, (Change(before, claim),)

    def hold(self, holder: Holder) -> Plan:
        """The claim here is held by this chain."""
        return Action.TAG, (changes.hold(self._claim_here(), holder),)

    def resized(self, side: str, forward: bool) -> Span:
        """The selection or the current annotation's span, with one edge moved by a word.

        Raises:
            RefusedError: there is no word to move to.
        """
        here = self.annotation
        span = self.selection or (here.span if here else self.cursor)
        if side == "start":
            word = (self.text.next_word if forward else self.text.previous_word)(span.start)
            moved = (word.start, span.end) if word else None
        elif forward:
            word = self.text.word_at(span.end - 1)
            if word and word.end <= span.end:  # else the end cuts a word, which comes first
                word = self.text.next_word(span.end - 1)
            moved = (span.start, word.end) if word else None
        else:
            word = self.text.previous_word(span.end - 1)
            if word and word.end >= span.end:
                word = self.text.previous_word(word.start)
            moved = (span.start, word.end) if word else None
        if moved is None or moved[0] >= moved[1]:
            raise RefusedError("There is no word to move that edge to.")
        return Span(*moved)

    def resize(self, side: str, *, forward: bool) -> Plan | None:
        """Move one edge by a word: of the current annotation, which decides, else of the selection."""
        span = self.resized(side, forward)
        here = self.annotation
        if here is None:
            self._anchor = self._anchor or self.cursor
            self.selection = span
            return None
        return Action.RESIZE, (changes.resize(here, span, self.text),)

    # All the same

    def more_like(self) -> int | None:
        """How many other places `apply_same` would decide; None where that is long to find out."""
        here = self.annotation
        if here is None:
            return 0
        if len(self.text) > _LONG:
            return None
        key = (here, self.overlay.open, len(self.overlay.index), self._decisions)
        if self._more[0] != key:
            self._more = (key, alike.count(here, self.overlay, self.text))
        return self._more[1]

    def apply_same(self, label: str = "", *, rejecting: bool = False) -> Plan:
        """Decide all the same words as the current annotation was decided; see `alike.plan`.

        Raises:
            RefusedError: there is no annotation here, or no other that would be decided.
        """
        parts = (self._here(), self.overlay, self.text, self.schema)
        return alike.plan(*parts, label, rejecting=rejecting)

    # Holders

    def holders(self) -> list[Link]:
        """Who may hold the claim here: those named near, then nobody in person."""
        claim = self._claim_here()
        named = near(claim, self.text, self.overlay.index, self.schema)
        return [*named, AUTHOR, UNNAMED, GENERIC]

    def nearest_holder(self) -> Holder:
        """The chain of the nearest entity that can hold the claim here.

        Raises:
            RefusedError: there is no entity near.
        """
        first = self.holders()[0]
        if first.kind != "entity":
            raise RefusedError("There is no entity near that could hold it.")
        return chain(first)

    # Following what was decided

    def follow(self, decision: Decision) -> list[Span]:
        """Take a decision of the annotator's layer in; returns the spans whose look may change."""
        touched = self.overlay.apply(decision)
        self._decisions += 1
        if self.current and self.current not in self.overlay.index:
            self.current = None
        return touched

    def settle_on(self, found: Iterable[Change]) -> None:
        """Make what a decision left the current annotation; the one in hand where it is among it."""
        for change in sorted(found, key=lambda one: one.id != self.current):
            after = self.overlay.index.get(change.id)
            if after is not None:
                self.go(after)
                return


def chain(link: Link) -> Holder:
    """The holder's chain of one link: it always ends in the author."""
    return (AUTHOR,) if link == AUTHOR else (link, AUTHOR)
