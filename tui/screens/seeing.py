"""What the reader sees of a document: as far as it is good, and not what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations import messages
from annotations.layer import Layer, Overlay
from annotations.project import Project
from annotations.storage.mount import network
from tui.describe import Piece


class Seeing:
    """The part of the reader that looks at the person's layer and what stands beside it."""

    project: Project
    blind: bool
    _layer: Layer | None
    _message: list[Piece]
    _seq: int

    if TYPE_CHECKING:

        def say(self, words: str, role: str = "plain") -> None: ...

    def overlay(self, document_id: str) -> Overlay:
        """What is seen of a document: while its suggestions are hidden, only what is the person's."""
        own = self.project.standing(document_id).layer
        if self.hides(document_id):
            return Overlay(own, nested=self.project.schema.nested)
        return self.project.overlay(document_id, own)

    def hides(self, document_id: str) -> bool:
        """Whether the suggestions of a document are hidden from the person."""
        state = self.project.standing(document_id).layer.state
        return self.blind and not state.finished and not state.revealed

    def look(self, document_id: str) -> None:
        """Look at the person's layer again."""
        self.project.blind = self.hides(document_id)
        self._layer = self.project.standing(document_id).layer
        self._seq = self._layer.seq

    def tell_disk(self) -> None:
        """Say so when the project is on a network disk, unless there is something worse to say."""
        kind = network(self.project.root)
        if kind and not self._message:
            self.say(messages.NETWORK.format(folder=self.project.root, kind=kind))
