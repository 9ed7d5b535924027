"""What a person sees of a document, where suggestions may be hidden from them."""

from __future__ import annotations

from annotations.layer import Overlay
from annotations.project import Project


class Hiding:
    """The part of the reader that hides suggestions until a document is done or they are revealed."""

    project: Project
    blind: bool

    def overlay(self, document_id: str) -> Overlay:
        """What is seen of a document: while its suggestions are hidden, only what is the person's."""
        if self.hides(document_id):
            return Overlay(self.project.layer(document_id), nested=self.project.schema.nested)
        return self.project.overlay(document_id)

    def hides(self, document_id: str) -> bool:
        """Whether the suggestions of a document are hidden from the person."""
        state = self.project.layer(document_id).state
        return self.blind and not state.finished and not state.revealed
