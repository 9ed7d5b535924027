"""Search over all documents from a thread, so that the screen goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Final

from annotations.project import Project
from annotations.search import Hit, known, parse, search

MOST: Final = 500
"""Places that a list holds; more are found by saying more."""

_TURN: Final = 0.2
"""Seconds of bringing the index up to date, after which one looks whether to go on."""


class Corpus:
    """A project as the search sees it; any thread may ask, one at a time gets its answer.

    Args:
        root: the project's folder; it is opened anew, for the threads that ask.
        annotator: whose project it is.
    """

    def __init__(self, root: Path, annotator: str) -> None:
        self._root, self._annotator = root, annotator
        self._project: Project | None = None
        self._values: Mapping[str, Sequence[str]] = {}
        self._turn = Lock()

    def find(self, typed: str, is_cancelled: Callable[[], bool]) -> list[Hit] | None:
        """The first places that fit what was typed; None when nobody waits for them any more.

        Raises:
            PurportError: the project cannot be read.
        """
        with self._turn:
            if self._project is None:
                self._project = Project.open(self._root, annotator=self._annotator)
            catalogue = self._project.catalogue
            catalogue.refresh()
            while not catalogue.fill(_TURN):
                if is_cancelled():
                    return None
            if is_cancelled():
                return None
            query = parse(typed, known(self._project))
            return list(islice(search(self._project, query), MOST))

    def close(self) -> None:
        """Let go of the project."""
        with self._turn:
            if self._project is not None:
                self._project.close()
                self._project = None
