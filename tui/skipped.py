"""What was skipped in a review, kept for the next time: it comes last again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import platformdirs

from annotations.errors import StorageError
from annotations.storage import disk, safe_open

_MOST: Final = 10_000
"""How many are kept for a person and a project; the oldest are forgotten."""


class Skipped:
    """The ids that one annotator skipped in one project, in the folder that the system keeps.

    Skipping decides nothing, so it is no part of the project: losing it loses only the order.
    """

    def __init__(self, root: Path, annotator: str) -> None:
        name = sha256(os.fsencode(root.resolve())).hexdigest()[:16]
        folder = Path(platformdirs.user_state_dir("purport")) / name
        self._path = folder / f"{annotator}.skipped"
        self._ids: dict[str, None] = {}
        with suppress(OSError, ValueError, TypeError, RecursionError, StorageError):
            self._ids = dict.fromkeys(map(str, json.loads(safe_open.read(self._path))))

    def __contains__(self, annotation_id: object) -> bool:
        return annotation_id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, annotation_id: str) -> None:
        """Keep one more; on the disk at once, though not forced there."""
        self._ids.pop(annotation_id, None)
        self._ids[annotation_id] = None
        for old in list(self._ids)[:-_MOST]:
            del self._ids[old]
        with suppress(OSError, StorageError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            disk.replace(self._path, json.dumps(list(self._ids)).encode(), durable=False)
