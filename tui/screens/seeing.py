"""What the reader sees of a document: as far as it is good, and not what is hidden."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from annotations import messages
from annotations.errors import PurportError
from annotations.layer import Layer, Overlay, said
from annotations.project import Project
from annotations.records import Action, Annotation, Claim, Entity
from annotations.storage.mount import network
from annotations.storage.shelf import newest
from tui.commands import Needs
from tui.describe import Piece
from tui.reading import Reading


class Seeing:
    """The part of the reader that looks at the person's layer and what stands beside it."""

    project: Project
    blind: bool
    reading: Reading | None
    _layer: Layer | None
    _message: list[Piece]
    _seq: int
    _shown: set[str]
    _looked: set[str]

    if TYPE_CHECKING:

        def key(self, command_id: str) -> str: ...
        def say(self, words: str, role: str = "plain") -> None: ...

    def overlay(self, document_id: str) -> Overlay:
        """What is seen of a document: while its suggestions are hidden, only what is the person's."""
        own = self.project.standing(document_id).layer
        if self.hides(document_id):
            return Overlay(own, nested=self.project.schema.nested)
        return self.project.overlay(document_id, own)

    @property
    def offers(self) -> frozenset[Needs]:
        """What commands may need that not every document has."""
        is_done = self._layer is not None and self._layer.state.finished
        there = {Needs.DONE: is_done, Needs.HIDDEN: self.project.blind}
        return frozenset(one for one, is_there in there.items() if is_there)

    def hides(self, document_id: str) -> bool:
        """Whether the suggestions of a document are hidden from the person."""
        if not self.blind:
            return False
        if document_id not in self._looked:
            self._looked.add(document_id)
            if was_seen(self.project, document_id):
                self._shown.add(document_id)
        state = self.project.standing(document_id).layer.state
        return not (state.finished or state.revealed or document_id in self._shown)

    def who_else(self, here: Annotation) -> list[str]:
        """The other models that say the same of these words; none while suggestions are hidden."""
        assert self.reading is not None
        document, words = self.reading.document.id, said(here)
        first = here.origin.layer if here.origin else ""
        found = []
        for name in [] if self.project.blind else newest(self.project.models(document)):
            with suppress(PurportError):  # one that cannot be read is told where it is needed
                index = self.project.layer(document, name).index
                near = index.between(here.span.start, here.span.end)
                if name != first and any(said(one) == words for one in near):
                    found.append(name)
        return found

    def remember_shown(self) -> None:
        """Remember that suggestions were shown: what undoes that does not make them unseen."""
        if self.blind and self.reading is not None and not self.project.blind:
            self._shown.add(self.reading.document.id)

    def look(self, document_id: str) -> None:
        """Look at the person's layer again."""
        self.project.blind = self.hides(document_id)
        self._layer = self.project.standing(document_id).layer
        self._seq = self._layer.seq

    def empty(self) -> str:
        """Why there is no document to see, and what to do."""
        why = (
            "Every document was redacted."
            if self.project.catalogue.count()
            else "No documents yet."
        )
        return f"{why} Leave with {self.key('app.quit')}, then: purport add PATH"

    def tell_disk(self) -> None:
        """Say so when the disk or the clock is not to be relied on, unless there is worse to say."""
        kind = network(self.project.root)
        if kind and not self._message:
            self.say(messages.NETWORK.format(folder=self.project.root, kind=kind))
        if not self._message and (ahead := self.project.catalogue.ahead()):
            self.say(messages.AHEAD.format(at=ahead[:16].replace("T", " ")), "bad")


def was_seen(project: Project, document_id: str) -> bool:
    """Whether the annotator has had a document's suggestions in view, as the journal tells.

    They were when they were revealed or the document was done, even if that was taken back, and
    when a suggestion was decided on without their being hidden.
    """
    with suppress(PurportError):
        for one in project.log(document_id, project.annotator):
            if one.action in (Action.REVEAL, Action.FINISH):
                return True
            if not one.app.endswith(" blind") and any(
                isinstance(change.after, (Entity, Claim)) and change.after.origin is not None
                for change in one.changes
            ):
                return True
    return False
