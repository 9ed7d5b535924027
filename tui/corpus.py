"""Search over all documents from a thread, so that the screen goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Final

from annotations.errors import RefusedError
from annotations.project import Project
from annotations.records import Status
from annotations.search import Hit, Query, known, parse, search

MOST: Final = 500
"""Places that a list holds; more are found by saying more."""

_TURN: Final = 0.2
"""Seconds of bringing the index up to date, after which one looks whether to go on."""


class Corpus:
    """A project as the search sees it; any thread may ask, one at a time gets its answer.

    Args:
        root: the project's folder; it is opened anew, for the threads that ask.
        annotator: whose project it is.
        blind: whether no suggestions are found, since one reads with these hidden.
    """

    def __init__(self, root: Path, annotator: str, *, blind: bool = False) -> None:
        self._root, self._annotator, self._blind = root, annotator, blind
        self._project: Project | None = None
        self._values: Mapping[str, Sequence[str]] = {}
        self._turn = Lock()

    def find(self, typed: str, is_cancelled: Callable[[], bool]) -> list[Hit] | None:
        """The first places that fit what was typed; None when nobody waits for them any more.

        Raises:
            PurportError: the project cannot be read, or there is no such value to look for.
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
            if self._blind and query.asks_for_marks:
                query = _decided(query, self._annotator)
            return list(islice(search(self._project, query), MOST))

    def close(self) -> None:
        """Let go of the project."""
        with self._turn:
            if self._project is not None:
                self._project.close()
                self._project = None


def _decided(query: Query, annotator: str) -> Query:
    """The query, without suggestions that are not decided on.

    Raises:
        RefusedError: it asks for nothing else.
    """
    wanted = query.fields.get("status") or list(map(str, Status))
    left = [one for one in wanted if one != Status.SUGGESTED]
    if not left or query.annotator not in ("", annotator):
        raise RefusedError("Suggestions, and what others say, are hidden while you read blind.")
    return replace(query, fields={**query.fields, "status": left})
