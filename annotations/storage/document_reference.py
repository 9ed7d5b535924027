"""Which document is meant: by an id, the beginning of one, a title, or a file's name."""

from __future__ import annotations

from collections.abc import Callable

from annotations.errors import UnknownError
from annotations.storage.catalogue import Catalogue
from annotations.storage.shelf import Shelf


def resolve(reference: str, shelf: Shelf, catalogue: Callable[[], Catalogue]) -> str:
    """The id of the document that is meant.

    Args:
        reference: an id, a unique beginning of it, a title, or the name of its file.
        shelf: the documents.
        catalogue: gives what is known of them; it is asked where the reference is not of an id.

    Raises:
        UnknownError: none or several match.
    """
    if shelf.has(reference):
        return reference
    found = [one for one in shelf.ids(reference) if reference and shelf.has(one)]
    if not found:
        catalogue().refresh()
        found = catalogue().called(reference)
    if not found:
        hint = catalogue().nearest(reference) or "purport status lists them."
        raise UnknownError(f"There is no document {reference!r}; {hint}")
    if len(found) > 1:
        raise UnknownError(
            f"{reference!r} fits {len(found)} documents: {', '.join(sorted(found)[:5])}. "
            "Give more of the id."
        )
    return found[0]
