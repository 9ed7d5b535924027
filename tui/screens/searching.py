"""The reader's way into the search over all documents, and from there to a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotations.project import Project
from annotations.search import Hit
from tui.corpus import Corpus
from tui.reading import Reading
from tui.widgets.page import Page


class Searching:
    """The part of the reader that asks where to go, and goes there."""

    project: Project
    page: Page
    reading: Reading | None
    blind: bool
    corpus: Corpus | None = None
    _sought = ""

    if TYPE_CHECKING:
        app: Any

        def moved(self) -> None: ...
        def open(self, document_id: str, annotation: str = "") -> None: ...

    def search_all(self) -> None:
        """Open the search, with what was looked for the last time."""

        def chosen(answer: tuple[str, Hit | None] | None) -> None:
            if answer is not None:
                self._sought, hit = answer
                if hit is not None:
                    self.open_at(hit)

        if self.corpus is None:
            self.corpus = Corpus(self.project.root, self.project.annotator, blind=self.blind)
        from tui.screens.search import SearchScreen  # not before the first page

        self.app.push_screen(SearchScreen(self.corpus, self._sought), chosen)

    def open_at(self, hit: Hit) -> None:
        """Show the document of a place that was found, at the place."""
        self.open(hit.document, hit.mark.id if hit.mark else "")
        reading = self.reading
        if reading is None or reading.document.id != hit.document:
            return  # it could not be opened, which is said
        here = hit.mark and reading.overlay.index.get(hit.mark.id)
        if here:
            reading.go(here)
        else:
            reading.let_go()
            reading.point(hit.span.start)
            self.page.matches((hit.span,))
        self.moved()
