"""Where one left: the document, the annotation and the line, kept for the next time."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import platformdirs

from annotations.errors import StorageError
from annotations.storage import disk, safe_open

_MOST: Final = 200
"""How many documents a person's places are kept for; the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one was in a document.

    Attributes:
        cursor: the offset of the word under the cursor, in code points.
        top: the offset of the first character on the page.
        annotation: the id of the current annotation; empty if none was.
    """

    cursor: int = 0
    top: int = 0
    annotation: str = ""


class Places:
    """One annotator's places in one project, in the folder that the system keeps for state.

    They are not part of the project: losing them loses nothing but the place.
    """

    def __init__(self, root: Path, annotator: str) -> None:
        name = sha256(os.fsencode(root.resolve())).hexdigest()[:16]
        folder = Path(platformdirs.user_state_dir("purport")) / name
        self._path = folder / f"{annotator}.places"
        self._places: dict[str, Place] = {}
        with suppress(OSError, ValueError, TypeError, AttributeError, RecursionError, StorageError):
            held = json.loads(safe_open.read(self._path))
            self._places = {str(one): Place(**place) for one, place in held.items()}

    @property
    def last(self) -> str | None:
        """The document that one was in last."""
        return next(reversed(self._places), None)

    def of(self, document_id: str) -> Place:
        """Where one was in a document; its start where one never was."""
        return self._places.get(document_id, Place())

    def keep(self, document_id: str, place: Place) -> None:
        """Keep a place; on the disk at once, though not forced there."""
        if self.last == document_id and self._places[document_id] == place:
            return
        self._places.pop(document_id, None)
        self._places[document_id] = place
        for old in list(self._places)[:-_MOST]:
            del self._places[old]
        made = {one: asdict(kept) for one, kept in self._places.items()}
        with suppress(OSError, StorageError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            disk.replace(self._path, json.dumps(made).encode(), durable=False)
